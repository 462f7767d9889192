//! A network that can fail in every way that networks do, between an instance and a store.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// What the network does with what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Carries it.
    Open,
    /// Keeps it until it is open again.
    Frozen,
    /// Carries it so much later.
    Slow(Duration),
    /// Carries questions, and loses answers.
    Deaf,
    /// Loses questions: to whoever asks, the connection looks well.
    HalfOpen,
    /// Ends every connection.
    Cut,
}

/// One way from an instance to a store.
pub struct Proxy {
    pub port: u16,
    mode: watch::Sender<Mode>,
    _end_with_this: DropGuard,
}

impl Proxy {
    /// In front of the server at this port.
    pub async fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let (mode, end) = (watch::Sender::new(Mode::Open), CancellationToken::new());
        let (watched, ended) = (mode.clone(), end.clone());
        tokio::spawn(end.clone().run_until_cancelled_owned(async move {
            while let Ok((near, _)) = listener.accept().await {
                let forwarding = forward(near, port, watched.subscribe());
                tokio::spawn(ended.clone().run_until_cancelled_owned(forwarding));
            }
        }));
        Self { port: own, mode, _end_with_this: end.drop_guard() }
    }

    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    There,
    Back,
}

async fn forward(near: TcpStream, port: u16, mode: watch::Receiver<Mode>) {
    let mut cut = mode.clone();
    let carried = async {
        let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
        let _ = (near.set_nodelay(true), far.set_nodelay(true));
        let ((near_reads, near_writes), (far_reads, far_writes)) =
            (near.into_split(), far.into_split());
        // Whichever end closes, the other hears of it.
        tokio::select! {
            () = carry(Way::There, near_reads, far_writes, mode.clone()) => {}
            () = carry(Way::Back, far_reads, near_writes, mode) => {}
        }
    };
    tokio::select! {
        () = carried => {}
        _ = cut.wait_for(|mode| *mode == Mode::Cut) => {}
    }
}

async fn carry(
    way: Way,
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut mode: watch::Receiver<Mode>,
) {
    let mut bytes = vec![0; 64 * 1024];
    let mut has_lost = false;
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let now = wait_while_frozen(&mut mode).await;
        if let Mode::Slow(late) = now {
            tokio::time::sleep(late).await;
        }
        let loses = matches!((now, way), (Mode::Deaf, Way::Back) | (Mode::HalfOpen, Way::There));
        has_lost |= loses;
        if loses {
            continue;
        }
        // With a gap, the rest would be gibberish: a real connection ends there.
        if has_lost || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn wait_while_frozen(mode: &mut watch::Receiver<Mode>) -> Mode {
    let thawed = mode.wait_for(|mode| *mode != Mode::Frozen).await;
    thawed.map_or(Mode::Cut, |mode| *mode)
}
