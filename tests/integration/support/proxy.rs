//! A network that can be cut without anybody being told, as when a switch dies.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Forwards to a server until it is frozen: from then on, bytes only vanish on their way.
pub struct Proxy {
    address: SocketAddr,
    frozen: watch::Sender<bool>,
    _end_with_this: DropGuard,
}

impl Proxy {
    /// In front of the server at this port.
    pub async fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (frozen, end) = (watch::Sender::new(false), CancellationToken::new());
        let (watched, ended) = (frozen.subscribe(), end.clone());
        tokio::spawn(end.clone().run_until_cancelled_owned(async move {
            while let Ok((near, _)) = listener.accept().await {
                let forwarding = forward(near, port, watched.clone());
                tokio::spawn(ended.clone().run_until_cancelled_owned(forwarding));
            }
        }));
        Self { address, frozen, _end_with_this: end.drop_guard() }
    }

    /// The same URL with this on the way.
    pub fn on_the_way(&self, url: &str, port: u16) -> String {
        let changed = url.replace(&format!(":{port}/"), &format!(":{}/", self.address.port()));
        assert_ne!(changed, url);
        changed
    }

    /// Cuts the network, or mends it.
    pub fn freeze(&self, frozen: bool) {
        self.frozen.send_replace(frozen);
    }
}

async fn forward(near: TcpStream, port: u16, frozen: watch::Receiver<bool>) {
    let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let ((near_reads, near_writes), (far_reads, far_writes)) =
        (near.into_split(), far.into_split());
    tokio::join!(
        pump(near_reads, far_writes, frozen.clone()),
        pump(far_reads, near_writes, frozen)
    );
}

async fn pump(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut frozen: watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let thawed = frozen.wait_for(|frozen| !frozen).await.is_ok();
        if !thawed || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
