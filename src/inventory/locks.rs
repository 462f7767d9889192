//! Redlock, for what should not run twice at once. It never makes a seat safe by itself: whatever
//! it guards is also safe to run twice, because a lock can outlive its holder's attention.

use std::time::Duration;

use rslock::{Lock, LockManager};
use tokio::time::{Instant, sleep, timeout};

use super::InventoryError;

/// How long one attempt to take or prolong a lock may last: rslock itself would wait for ever when
/// a node is away.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long to wait between attempts.
const RETRY_DELAY: Duration = Duration::from_millis(25);

/// Locks over one or several independent Redis nodes. Cheap to clone.
#[derive(Clone)]
pub struct Locks {
    manager: LockManager,
}

/// A lock that is ours until its time to live is over, or until it is released.
pub struct Held {
    manager: LockManager,
    lock: Lock,
    ttl: Duration,
}

impl Locks {
    /// Locks over these nodes; a majority of them decides.
    pub fn new(urls: Vec<String>) -> Self {
        let mut manager = LockManager::new(urls);
        manager.set_retry(1, RETRY_DELAY);
        Self { manager }
    }

    /// Takes a lock if nobody has it; none also when no majority answers within a second.
    pub async fn try_take(&self, name: &str, ttl: Duration) -> Option<Held> {
        let attempt = timeout(ATTEMPT_TIMEOUT, self.manager.lock(name, ttl)).await;
        let lock = attempt.ok()?.ok()?;
        Some(Held { manager: self.manager.clone(), lock, ttl })
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
}

impl Held {
    /// Makes the lock last for its whole time to live again. False when it is no longer ours.
    pub async fn extend(&mut self) -> bool {
        match timeout(ATTEMPT_TIMEOUT, self.manager.extend(&self.lock, self.ttl)).await {
            Ok(Ok(lock)) => {
                self.lock = lock;
                true
            }
            Ok(Err(_)) | Err(_) => false,
        }
    }

    /// Gives the lock back, so that the next holder need not wait for its time to live.
    pub async fn release(self) {
        // A node that does not answer lets the lock end by itself.
        let _ = timeout(ATTEMPT_TIMEOUT, self.manager.unlock(&self.lock)).await;
    }
}
