use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const TIMEOUT: Duration = Duration::from_secs(5);
const LIVES: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// What an instance of these tests does with a request.
#[derive(Clone, Copy)]
enum Then {
    /// Writes this.
    Write(&'static str),
    /// Writes this, and ends the connection.
    WriteAndEnd(&'static str),
    /// Does not answer.
    Keep,
}

/// An instance that does this with one request after the other, whatever they ask for, and tells when
/// it was connected to.
async fn instance(then: &'static [Then]) -> (SocketAddr, tokio::sync::mpsc::UnboundedReceiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (connected, connections) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut then = then.iter();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = connected.send(());
            while read_request(&mut stream).await {
                match then.next() {
                    Some(Then::Write(text)) => stream.write_all(text.as_bytes()).await.unwrap(),
                    Some(Then::WriteAndEnd(text)) => {
                        stream.write_all(text.as_bytes()).await.unwrap();
                        break;
                    }
                    Some(Then::Keep) | None => {}
                }
            }
        }
    });
    (address, connections)
}

/// Reads up to the end of a request without a body.
async fn read_request(stream: &mut TcpStream) -> bool {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => read.push(byte),
            Err(_) => return false,
        }
    }
    true
}

fn client(address: SocketAddr, timeout: Duration) -> Client {
    Client::new(Arc::new([address]), 0, timeout)
}

#[tokio::test]
async fn one_connection_serves_one_request_after_the_other() {
    let (address, mut connections) = instance(&[
        Then::Write(LIVES),
        Then::Write(LIVES),
        Then::WriteAndEnd(LIVES),
        Then::Write(LIVES),
    ])
    .await;
    let mut client = client(address, TIMEOUT);
    for _ in 0..3 {
        assert_eq!(client.get("/livez").await, Answer::Yes(Bytes::from("ok")));
    }
    connections.recv().await.unwrap();
    assert!(connections.try_recv().is_err(), "there was another connection");
    // The instance has ended it meanwhile, as one that restarts does. Nothing was lost on it.
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(client.get("/livez").await, Answer::Yes(Bytes::from("ok")));
}

#[tokio::test]
async fn a_connection_that_ended_while_nobody_used_it_costs_nothing() {
    let (address, mut connections) = instance(&[Then::WriteAndEnd(LIVES); 20]).await;
    let mut client = client(address, TIMEOUT);
    for _ in 0..20 {
        assert_eq!(client.get("/livez").await, Answer::Yes(Bytes::from("ok")));
        // Its end arrives while nobody looks.
        std::thread::sleep(Duration::from_millis(1));
        tokio::time::sleep(Duration::from_millis(5)).await;
        connections.recv().await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_that_did_not_come_whole_tells_nothing() {
    const HALF: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no";
    let (address, _connections) = instance(&[Then::WriteAndEnd(HALF), Then::WriteAndEnd("")]).await;
    let mut client = client(address, TIMEOUT);
    assert_eq!(client.get("/").await, Answer::Unknown(Doubt::CutOff));
    assert_eq!(client.get("/").await, Answer::Unknown(Doubt::CutOff));
}

#[tokio::test]
async fn who_waits_no_longer_asks_the_next_instance() {
    let (silent, _silent) = instance(&[Then::Keep]).await;
    let (other, _other) = instance(&[Then::Write(LIVES)]).await;
    let mut client = Client::new(Arc::new([silent, other]), 0, TIMEOUT);
    client.hang_up_after(Duration::from_millis(50));
    assert_eq!(client.get("/").await, Answer::Unknown(Doubt::TimedOut));
    assert_eq!(client.get("/").await, Answer::Yes(Bytes::from("ok")));
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_asked() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let answer = client(nobody, TIMEOUT).get("/").await;
    assert_eq!(answer, Answer::No(Reason::unreachable()));
}
