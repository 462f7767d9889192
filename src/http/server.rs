//! The accept loop. `axum::serve` bounds neither connections nor the time a request's head may
//! take, and waits for ever for connections that do not end.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::util::MapRequest;

use super::limits::Peer;

/// Bytes of a request's head: more than any client sends, and little for each open connection.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// What to wait after the system refused a connection: most often, it is out of file descriptors.
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

/// What a server does not do more of, or for longer.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// The most open connections. Further ones wait in the system's queue.
    pub connections_max: usize,
    /// How long a connection may take from being free to having sent a whole request's head. Since
    /// it counts while nothing arrives, it is also how long an idle connection is kept.
    pub head_timeout: Duration,
    /// How long a client may take nothing of an answer that it was sent. A long answer that goes on
    /// arriving, however slowly, is not cut off.
    pub write_timeout: Duration,
    /// How long requests under way have to end when the server stops.
    pub drain_timeout: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            connections_max: 16_384,
            head_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(20),
        }
    }
}

/// Serves a router until `shutdown`, then closes idle connections, lets requests under way end,
/// and cuts off what has not ended when the time is over.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
    limits: ServerLimits,
) {
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let builder = builder(limits);
    loop {
        // What ended is forgotten here, so that the set is never longer than there are places.
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let (stream, peer, place) = accepted;
        let from = move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            request
        };
        let service = TowerToHyperService::new(MapRequest::new(router.clone(), from));
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write_timeout));
        let connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            // How a connection ends is its client's affair: it hung up, or it sent nonsense.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection");
            }
            drop(place);
        });
    }
    drop(listener);
    if timeout(limits.drain_timeout, graceful.shutdown()).await.is_err() {
        let open = connections.len();
        tracing::warn!(open, "connections were cut off after {:?}", limits.drain_timeout);
    }
    connections.shutdown().await;
}

fn builder(limits: ServerLimits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(HEAD_BYTES_MAX);
    builder
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, IpAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so that there is always a place in the end.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small and must not wait for more; a failure only makes them slower.
                let _ = stream.set_nodelay(true);
                return (stream, peer.ip(), place);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                sleep(REFUSED_PAUSE).await;
            }
        }
    }
}
