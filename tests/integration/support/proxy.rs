//! A network that can be cut without anybody being told, as when a switch dies.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Forwards to a server until it is frozen: from then on, bytes only vanish on their way. It can be
/// pointed at another server, as an address that moves with a failover.
pub struct Proxy {
    address: SocketAddr,
    port: watch::Sender<u16>,
    frozen: watch::Sender<bool>,
    _end_with_this: DropGuard,
}

impl Proxy {
    /// In front of the server at this port.
    pub async fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (frozen, end) = (watch::Sender::new(false), CancellationToken::new());
        let port = watch::Sender::new(port);
        let (watched, ended, to) = (frozen.subscribe(), end.clone(), port.subscribe());
        tokio::spawn(end.clone().run_until_cancelled_owned(async move {
            while let Ok((near, _)) = listener.accept().await {
                let forwarding = forward(near, to.clone(), watched.clone());
                tokio::spawn(ended.clone().run_until_cancelled_owned(forwarding));
            }
        }));
        Self { address, port, frozen, _end_with_this: end.drop_guard() }
    }

    /// The same URL with this on the way.
    pub fn on_the_way(&self, url: &str, port: u16) -> String {
        let changed = url.replace(&format!(":{port}/"), &format!(":{}/", self.address.port()));
        assert_ne!(changed, url);
        changed
    }

    /// Cuts all connections, and makes new ones to the server at this port.
    pub fn point_at(&self, port: u16) {
        self.port.send_replace(port);
    }

    /// Cuts the network, or mends it.
    pub fn freeze(&self, frozen: bool) {
        self.frozen.send_replace(frozen);
    }
}

async fn forward(near: TcpStream, mut to: watch::Receiver<u16>, frozen: watch::Receiver<bool>) {
    let port = *to.borrow_and_update();
    let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let ((near_reads, near_writes), (far_reads, far_writes)) =
        (near.into_split(), far.into_split());
    let there = pump(near_reads, far_writes, frozen.clone());
    let back = pump(far_reads, near_writes, frozen);
    tokio::select! {
        _ = async { tokio::join!(there, back) } => {}
        _ = to.changed() => {}
    }
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
