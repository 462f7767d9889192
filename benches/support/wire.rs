//! HTTP/1.1, as little of it as a load generator needs: what is measured is the service.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
    request: Vec<u8>,
}

/// An answer: what it says and what it is about.
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(8192), request: Vec::with_capacity(1024) })
    }

    /// Sends a request with a head of `METHOD path`, and reads its answer.
    pub async fn call(
        &mut self,
        head: &str,
        token: &str,
        key: &str,
        body: &str,
    ) -> io::Result<Answer<'_>> {
        use std::io::Write as _;
        self.request.clear();
        write!(
            self.request,
            "{head} HTTP/1.1\r\nhost: frontrow\r\nauthorization: Bearer {token}\r\n\
             idempotency-key: {key}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        self.stream.write_all(&self.request).await?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some((from, to)) = extent(&self.answer)
                && self.answer.len() >= to
            {
                let status = std::str::from_utf8(&self.answer[9..12]).ok();
                let status = status.and_then(|status| status.parse().ok());
                let status = status.ok_or(io::ErrorKind::InvalidData)?;
                return Ok(Answer { status, body: &self.answer[from..to] });
            }
        }
    }
}

/// Where the body begins and ends, once the head is there.
fn extent(answer: &[u8]) -> Option<(usize, usize)> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    Some((end, end + length.map_or(Some(0), |length| length.parse().ok())?))
}
