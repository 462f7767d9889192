//! Which PostgreSQL listings are read from.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::ledger::{LedgerError, PgPool};

/// How far behind a replica may be: for so long after a change, listings are read where it was made.
const BEHIND_FOR: Duration = Duration::from_secs(30);

/// The primary, and perhaps a replica. Cheap to clone.
#[derive(Clone)]
pub(super) struct Reading {
    pub(super) primary: PgPool,
    replica: Option<PgPool>,
    changed_at: Arc<Mutex<Option<Instant>>>,
}

impl Reading {
    pub(super) fn new(primary: PgPool, replica: Option<PgPool>) -> Self {
        Self { primary, replica, changed_at: Arc::default() }
    }

    /// Something was changed just now.
    pub(super) fn was_changed(&self) {
        *self.changed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Reads from the replica, or from the primary where there is none, it fails, or it may not have
    /// heard of a change yet.
    pub(super) async fn read<T, F>(&self, read: impl Fn(PgPool) -> F) -> Result<T, LedgerError>
    where
        F: Future<Output = Result<T, LedgerError>>,
    {
        if let Some(replica) = self.replica.as_ref().filter(|_| !self.is_fresh_needed()) {
            match read(replica.clone()).await {
                Ok(found) => return Ok(found),
                Err(error) => tracing::debug!(%error, "the replica was not of use"),
            }
        }
        read(self.primary.clone()).await
    }

    fn is_fresh_needed(&self) -> bool {
        let changed_at = *self.changed_at.lock().unwrap_or_else(PoisonError::into_inner);
        changed_at.is_some_and(|changed_at| changed_at.elapsed() < BEHIND_FOR)
    }
}
