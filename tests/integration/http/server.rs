//! The accept loop: how it bounds connections, and how it stops.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use frontrow::http::server::ServerLimits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::app::listen;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/// Answers after a while.
fn slow(time: Duration) -> Router {
    let answer = move || async move {
        sleep(time).await;
        "done"
    };
    Router::new().route("/", get(answer))
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// What arrives until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let read = stream.read_to_string(&mut text);
    timeout(Duration::from_secs(10), read).await.unwrap().unwrap();
    text
}

#[tokio::test]
async fn stopping_lets_a_request_end_and_takes_no_other() {
    let router = slow(Duration::from_millis(300));
    let (address, stop) = listen(router, ServerLimits::default()).await;
    let (mut busy, mut idle) = (connect(address).await, connect(address).await);
    busy.write_all(REQUEST).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    stop.cancel();
    assert_eq!(rest(&mut idle).await, "");
    assert!(TcpStream::connect(address).await.is_err());
    let answer = rest(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
}

#[tokio::test]
async fn what_does_not_end_in_time_is_cut_off() {
    let limits =
        ServerLimits { drain_timeout: Duration::from_millis(200), ..ServerLimits::default() };
    let (address, stop) = listen(slow(Duration::from_secs(60)), limits).await;
    let mut busy = connect(address).await;
    busy.write_all(REQUEST).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    stop.cancel();
    assert_eq!(rest(&mut busy).await, "");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_head_that_does_not_come_and_an_idle_connection_are_closed() {
    let limits =
        ServerLimits { head_timeout: Duration::from_millis(200), ..ServerLimits::default() };
    let (address, _stop) = listen(slow(Duration::ZERO), limits).await;
    let mut dripping = connect(address).await;
    dripping.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
    let answer = rest(&mut dripping).await;
    assert!(!answer.contains("200 OK"), "{answer}");
    let mut idle = connect(address).await;
    idle.write_all(REQUEST).await.unwrap();
    assert!(rest(&mut idle).await.ends_with("done"));
}

#[tokio::test]
async fn one_connection_too_many_waits_for_its_place() {
    let limits = ServerLimits { connections_max: 1, ..ServerLimits::default() };
    let (address, _stop) = listen(slow(Duration::ZERO), limits).await;
    let mut first = connect(address).await;
    first.write_all(REQUEST).await.unwrap();
    first.read_u8().await.unwrap();
    let mut second = connect(address).await;
    second.write_all(REQUEST).await.unwrap();
    let early = timeout(Duration::from_millis(200), second.read_u8()).await;
    assert!(early.is_err(), "it was served while there was no place");
    drop(first);
    let answered = timeout(Duration::from_secs(5), second.read_u8()).await;
    assert_eq!(answered.unwrap().unwrap(), b'H');
}

/// More than what two ends of a connection keep for each other.
const LONG: usize = 32 * 1024 * 1024;

fn long() -> Router {
    Router::new().route("/", get(async || vec![b'x'; LONG]))
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_cut_off_and_a_slow_one_is_not() {
    let write_timeout = Duration::from_secs(1);
    let limits = ServerLimits { write_timeout, ..ServerLimits::default() };
    let (address, _stop) = listen(long(), limits).await;
    let (mut deaf, mut slow) = (connect(address).await, connect(address).await);
    deaf.write_all(REQUEST).await.unwrap();
    slow.write_all(REQUEST).await.unwrap();
    let (begun, mut taken, mut bytes) = (Instant::now(), 0, vec![0; 2 * 1024 * 1024]);
    // All in all this takes some times as long as may pass without anything taken.
    while let read @ 1.. = slow.read(&mut bytes).await.unwrap() {
        taken += read;
        if taken >= LONG {
            break;
        }
        sleep(Duration::from_millis(200).min(write_timeout / 4)).await;
    }
    assert!(taken >= LONG, "{taken}");
    assert!(begun.elapsed() > write_timeout * 2, "this says nothing");
    let (mut taken, limit) = (0, Duration::from_secs(10));
    while let Ok(read @ 1..) = timeout(limit, deaf.read(&mut bytes)).await.unwrap() {
        taken += read;
    }
    assert!(taken < LONG, "it was kept waiting for");
}
