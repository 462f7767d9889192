//! Bodies that are announced and do not come.

use reqwest::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::service::{Person, Service};

/// Sends the head of a claim and the beginning of its body, and reads the answer.
async fn begin(service: &Service, person: &Person, bytes: usize) -> String {
    let address = service.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let token = person.token();
    let request = format!(
        "POST /v1/concerts/2a2d9554-1111-4111-8111-111111111111/reservations HTTP/1.1\r\n\
         host: a\r\nauthorization: Bearer {token}\r\nidempotency-key: k\r\n\
         content-type: application/json\r\ncontent-length: {bytes}\r\n\r\n{{\"seats\":"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_body_that_is_too_large_or_too_slow_is_refused_before_anything_is_begun() {
    let service = Service::start().await;
    let person = service.person(&Client::new()).await;
    let large = begin(&service, &person, 99_999_999_999).await;
    assert!(large.starts_with("HTTP/1.1 413") && large.contains("body-too-large"), "{large}");
    let slow = begin(&service, &person, 50).await;
    assert!(slow.starts_with("HTTP/1.1 408") && slow.contains("body-too-slow"), "{slow}");
    assert!(slow.contains("nothing was begun"), "{slow}");
}
