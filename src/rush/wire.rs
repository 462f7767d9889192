//! One connection to an instance, with one request at a time on it.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::Poll;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, Connection, SendRequest};
use hyper::http::response::Parts;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What is sent.
pub(super) type Asked = Request<Full<Bytes>>;

/// Why there is no answer.
pub(super) enum Broken {
    /// The request was not sent; here it is again.
    Unsent(Box<Asked>),
    /// It was sent, wholly or in part.
    CutOff,
}

/// An open connection.
///
/// Whoever waits for the answer also drives the connection: another task would have to be woken, and to
/// wake, for every request, which costs a load generator as much as the request itself.
pub(super) struct Wire {
    sender: SendRequest<Full<Bytes>>,
    /// None once it has ended.
    connection: Option<Pin<Box<Driven>>>,
}

/// What reads and writes, for as long as it is polled.
type Driven = Connection<TokioIo<TcpStream>, Full<Bytes>>;

impl Wire {
    /// Connects.
    pub async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let handshake = http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) = handshake.map_err(std::io::Error::other)?;
        Ok(Self { sender, connection: Some(Box::pin(connection)) })
    }

    /// Sends a request and waits for its whole answer. After an error, or when this is dropped before it
    /// has ended, the connection is of no use any more.
    pub async fn exchange(&mut self, request: Asked) -> Result<(Parts, Bytes), Broken> {
        let Self { sender, connection } = self;
        let sent = sender.try_send_request(request);
        let answer = async {
            let response: Response<_> = match sent.await {
                Ok(response) => response,
                Err(mut error) => {
                    return Err(match error.take_message() {
                        Some(request) => Broken::Unsent(Box::new(request)),
                        None => Broken::CutOff,
                    });
                }
            };
            let (parts, body) = response.into_parts();
            let body = body.collect().await.map_err(|_| Broken::CutOff)?;
            Ok((parts, body.to_bytes()))
        };
        let mut answer = pin!(answer);
        poll_fn(|context| {
            if let Poll::Ready(answer) = answer.as_mut().poll(context) {
                return Poll::Ready(answer);
            }
            let driven = connection.as_mut().map(|connection| connection.as_mut().poll(context));
            if driven.is_some_and(|driven| driven.is_ready()) {
                // What it had not begun to send is given back only when it is gone.
                *connection = None;
            }
            // What the connection has just read, or why it ended.
            answer.as_mut().poll(context)
        })
        .await
    }

    /// Whether another request can be sent.
    pub fn is_usable(&self) -> bool {
        self.connection.is_some() && !self.sender.is_closed()
    }
}
