//! Redlock, for what should not run twice at once. It never makes a seat safe by itself: whatever
//! it guards is also safe to run twice, because a lock can outlive its holder's attention.
//!
//! A Redis without memory refuses to write down locks. What they guard is what makes room there, so a
//! lock that nobody has counts as taken then, and is not written down anywhere.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use redis::Client;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use rslock::{Lock, LockManager};
use tokio::time::{Instant, sleep, timeout};

use super::{CONNECT_TIMEOUT, InventoryError, RESPONSE_TIMEOUT};
use crate::telemetry::Throttle;

/// How long an attempt to take, prolong or give back a lock may last at one node: rslock itself would wait
/// for ever when it is away. Nodes do not wait for each other, so that one that hangs costs this and no more.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long to wait between attempts.
const RETRY_DELAY: Duration = Duration::from_millis(25);

/// Locks over one or several independent Redis nodes. Cheap to clone.
#[derive(Clone)]
pub struct Locks {
    nodes: Arc<[Node]>,
}

/// A node. Each has a manager of its own: one for all would have all wait for whoever connects to a node
/// that hangs.
struct Node {
    manager: LockManager,
    /// To find out why a lock cannot be had, which rslock does not tell.
    connection: ConnectionManager,
}

/// A lock that is ours until its time to live is over, or until it is released.
pub struct Held {
    locks: Locks,
    name: String,
    /// What each node has written down, a majority of them. Empty when no node had the memory to.
    written: Vec<Option<Lock>>,
    ttl: Duration,
}

impl Locks {
    /// Locks over these nodes; a majority of them decides.
    ///
    /// # Errors
    /// When one of them is not a Redis URL.
    pub fn new(urls: Vec<String>) -> Result<Self, InventoryError> {
        let node = |url: String| {
            let client = Client::open(url)?;
            let config = ConnectionManagerConfig::new()
                .set_response_timeout(Some(RESPONSE_TIMEOUT))
                .set_connection_timeout(Some(CONNECT_TIMEOUT))
                .set_number_of_retries(1);
            let connection = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
            let mut manager = LockManager::from_clients(vec![client]);
            manager.set_retry(1, RETRY_DELAY);
            Ok(Node { manager, connection })
        };
        let nodes = urls.into_iter().map(node).collect::<Result<_, InventoryError>>()?;
        Ok(Self { nodes })
    }

    /// Takes a lock if nobody has it; none also when no majority answers in time.
    pub async fn try_take(&self, name: &str, ttl: Duration) -> Option<Held> {
        static SAID: Throttle = Throttle::new(1);
        let attempts = self.nodes.iter().map(|node| node.lock(name, ttl));
        let written: Vec<_> = join_all(attempts).await;
        let mut held = Held { locks: self.clone(), name: name.to_owned(), written, ttl };
        if held.is_ours() {
            return Some(held);
        }
        held.give_back().await;
        if !self.is_free_and_memory_full(name).await {
            return None;
        }
        if SAID.admits() {
            tracing::warn!("Redis has no memory for locks: the work goes on without them");
        }
        held.written.clear();
        Some(held)
    }

    /// Takes a lock, waiting for at most `within`.
    ///
    /// # Errors
    /// [`InventoryError::Locked`] when somebody else had it all the time, or no majority answered.
    pub async fn take(
        &self,
        name: &str,
        ttl: Duration,
        within: Duration,
    ) -> Result<Held, InventoryError> {
        let give_up = Instant::now() + within;
        loop {
            if let Some(held) = self.try_take(name, ttl).await {
                return Ok(held);
            }
            if Instant::now() >= give_up {
                return Err(InventoryError::Locked(name.to_owned()));
            }
            sleep(RETRY_DELAY).await;
        }
    }

    /// Whether a majority has no such lock, and no memory to write it down.
    async fn is_free_and_memory_full(&self, name: &str) -> bool {
        let nodes = self.nodes.iter().map(|node| is_free_and_full(node.connection.clone(), name));
        let full = join_all(nodes).await.into_iter().filter(|full| *full).count();
        full > self.nodes.len() / 2
    }
}

impl Node {
    /// Writes a lock down, unless there is one.
    async fn lock(&self, name: &str, ttl: Duration) -> Option<Lock> {
        timeout(ATTEMPT_TIMEOUT, self.manager.lock(name, ttl)).await.ok()?.ok()
    }

    /// Makes a lock last longer; one that the node has forgotten is written down again.
    async fn prolong(&self, name: &str, lock: Option<&Lock>, ttl: Duration) -> Option<Lock> {
        match lock {
            Some(lock) => timeout(ATTEMPT_TIMEOUT, self.manager.extend(lock, ttl)).await.ok()?.ok(),
            None => self.lock(name, ttl).await,
        }
    }

    async fn unlock(&self, lock: Option<&Lock>) {
        let Some(lock) = lock else { return };
        // A node that does not answer lets the lock end by itself.
        let _ = timeout(ATTEMPT_TIMEOUT, self.manager.unlock(lock)).await;
    }
}

async fn is_free_and_full(mut node: ConnectionManager, name: &str) -> bool {
    let taken = redis::cmd("EXISTS").arg(name).query_async(&mut node).await;
    if !matches!(taken, Ok(false)) {
        return false;
    }
    // A key that nobody reads, and that is gone at once where there is room for it.
    let mut command = redis::cmd("SET");
    command.arg(format!("{name}:room")).arg("").arg("PX").arg(1);
    let written: Result<(), _> = command.query_async(&mut node).await;
    written.is_err_and(|error| error.code() == Some("OOM"))
}

impl Held {
    /// Makes the lock last for its whole time to live again. False when it is no longer ours, or was
    /// not written down and could be now.
    pub async fn extend(&mut self) -> bool {
        if self.written.is_empty() {
            return self.locks.is_free_and_memory_full(&self.name).await;
        }
        let (name, ttl) = (self.name.as_str(), self.ttl);
        let nodes = self.locks.nodes.iter().zip(&self.written);
        let prolonged = nodes.map(|(node, lock)| node.prolong(name, lock.as_ref(), ttl));
        self.written = join_all(prolonged).await;
        self.is_ours()
    }

    /// Whether a majority has it.
    fn is_ours(&self) -> bool {
        self.written.iter().flatten().count() > self.locks.nodes.len() / 2
    }

    async fn give_back(&self) {
        let nodes = self.locks.nodes.iter().zip(&self.written);
        join_all(nodes.map(|(node, lock)| node.unlock(lock.as_ref()))).await;
    }

    /// Does the work, and gives the lock back. It is prolonged meanwhile for as long as that can be done,
    /// so that its time to live need be no longer than a crash may keep others waiting.
    pub async fn during<T>(mut self, work: impl Future<Output = T>) -> T {
        let keep = async {
            loop {
                sleep(self.ttl / 3).await;
                if !self.extend().await {
                    break;
                }
            }
            std::future::pending().await
        };
        let done = tokio::select! {
            done = work => done,
            never = keep => never,
        };
        self.release().await;
        done
    }

    /// Gives the lock back, so that the next holder need not wait for its time to live.
    pub async fn release(self) {
        self.give_back().await;
    }
}
