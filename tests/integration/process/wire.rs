//! HTTP by hand: whether an answer came whole is not for a client library to decide.

use std::io::ErrorKind;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection, and what arrived on it that belongs to no answer yet.
pub struct Connection {
    stream: TcpStream,
    arrived: Vec<u8>,
}

/// A whole answer.
pub struct Answer {
    pub status: u16,
    pub body: Value,
    /// Whether the server said that it takes no other request on this connection.
    pub is_last: bool,
}

impl Connection {
    pub async fn open(address: &str) -> Option<Self> {
        let stream = TcpStream::connect(address).await.ok()?;
        Some(Self { stream, arrived: Vec::new() })
    }

    /// Sends a request, and reads its whole answer or none at all. Panics at a part of one.
    pub async fn send(&mut self, head: &str, body: &str) -> Option<Answer> {
        let length = body.len();
        let request = format!("{head}\r\nhost: a\r\ncontent-length: {length}\r\n\r\n{body}");
        // A server that has closed lets the kernel refuse this, or take it and answer with a reset.
        let _ = self.stream.write_all(request.as_bytes()).await;
        loop {
            if let Some(answer) = self.whole() {
                return Some(answer);
            }
            let read = self.stream.read_buf(&mut self.arrived).await;
            let ended = match read {
                Ok(read) => read == 0,
                Err(error) if error.kind() == ErrorKind::ConnectionReset => true,
                Err(error) => panic!("{error}"),
            };
            if ended {
                let part = String::from_utf8_lossy(&self.arrived);
                assert!(part.is_empty(), "the connection ended in the middle of {part:?}");
                return None;
            }
        }
    }

    /// Takes a whole answer off what has arrived.
    fn whole(&mut self) -> Option<Answer> {
        let text = std::str::from_utf8(&self.arrived).ok()?;
        let (head, rest) = text.split_once("\r\n\r\n")?;
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        let length: usize = header("content-length").unwrap().parse().unwrap();
        let body = rest.get(..length)?;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = serde_json::from_str(body).unwrap();
        let is_last = header("connection").as_deref() == Some("close");
        let taken = head.len() + 4 + length;
        self.arrived.drain(..taken);
        Some(Answer { status, body, is_last })
    }
}
