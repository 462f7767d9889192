//! Redlock, for what should not run twice at once. It never makes a seat safe by itself: whatever
//! it guards is also safe to run twice, because a lock can outlive its holder's attention.
//!
//! A Redis without memory refuses to write down locks. What they guard is what makes room there, so a
//! lock that nobody has counts as taken then, and is not written down anywhere.

use std::time::Duration;

use futures_util::future::join_all;
use redis::Client;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use rslock::{Lock, LockManager};
use tokio::time::{Instant, sleep, timeout};

use super::{CONNECT_TIMEOUT, InventoryError, RESPONSE_TIMEOUT};
use crate::telemetry::Throttle;

/// How long one attempt to take or prolong a lock may last: rslock itself would wait for ever when
/// a node is away.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long to wait between attempts.
const RETRY_DELAY: Duration = Duration::from_millis(25);

/// Locks over one or several independent Redis nodes. Cheap to clone.
#[derive(Clone)]
pub struct Locks {
    manager: LockManager,
    /// To find out why a lock cannot be had, which rslock does not tell.
    nodes: Vec<ConnectionManager>,
}

/// A lock that is ours until its time to live is over, or until it is released.
pub struct Held {
    locks: Locks,
    name: String,
    /// None when no node had the memory to write it down.
    lock: Option<Lock>,
    ttl: Duration,
}

impl Locks {
    /// Locks over these nodes; a majority of them decides.
    ///
    /// # Errors
    /// When one of them is not a Redis URL.
    pub fn new(urls: Vec<String>) -> Result<Self, InventoryError> {
        let clients = urls.into_iter().map(Client::open).collect::<Result<Vec<_>, _>>()?;
        let node = |client: &Client| {
            let config = ConnectionManagerConfig::new()
                .set_response_timeout(Some(RESPONSE_TIMEOUT))
                .set_connection_timeout(Some(CONNECT_TIMEOUT))
                .set_number_of_retries(1);
            ConnectionManager::new_lazy_with_config(client.clone(), config)
        };
        let nodes = clients.iter().map(node).collect::<Result<_, _>>()?;
        let mut manager = LockManager::from_clients(clients);
        manager.set_retry(1, RETRY_DELAY);
        Ok(Self { manager, nodes })
    }

    /// Takes a lock if nobody has it; none also when no majority answers within a second.
    pub async fn try_take(&self, name: &str, ttl: Duration) -> Option<Held> {
        static SAID: Throttle = Throttle::new(1);
        let attempt = timeout(ATTEMPT_TIMEOUT, self.manager.lock(name, ttl)).await;
        let lock = attempt.ok().and_then(Result::ok);
        if lock.is_none() {
            if !self.is_free_and_memory_full(name).await {
                return None;
            }
            if SAID.admits() {
                tracing::warn!("Redis has no memory for locks: the work goes on without them");
            }
        }
        Some(Held { locks: self.clone(), name: name.to_owned(), lock, ttl })
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
        let nodes = self.nodes.iter().map(|node| is_free_and_full(node.clone(), name));
        let full = join_all(nodes).await.into_iter().filter(|full| *full).count();
        full > self.nodes.len() / 2
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
        let Some(lock) = &self.lock else {
            return self.locks.is_free_and_memory_full(&self.name).await;
        };
        match timeout(ATTEMPT_TIMEOUT, self.locks.manager.extend(lock, self.ttl)).await {
            Ok(Ok(lock)) => {
                self.lock = Some(lock);
                true
            }
            Ok(Err(_)) | Err(_) => false,
        }
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
        let Some(lock) = &self.lock else { return };
        // A node that does not answer lets the lock end by itself.
        let _ = timeout(ATTEMPT_TIMEOUT, self.locks.manager.unlock(lock)).await;
    }
}
