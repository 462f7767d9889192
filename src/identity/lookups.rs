//! Looking up in PostgreSQL what Redis does not know.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::IdentityError;
use crate::domain::limits::LOOKUPS_AT_ONCE_MAX;

/// How long a look-up waits for its turn.
const PATIENCE: Duration = Duration::from_secs(1);

/// Bounds how many look-ups there are at once. A secret that was made up is in neither store, so
/// that whoever sends many of them would otherwise use up the connections that sales need.
#[derive(Clone)]
pub(super) struct Lookups(Arc<Semaphore>);

impl Default for Lookups {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LOOKUPS_AT_ONCE_MAX)))
    }
}

impl Lookups {
    /// Does one when it is its turn.
    pub(super) async fn run<T, E: Into<IdentityError>>(
        &self,
        lookup: impl Future<Output = Result<T, E>>,
    ) -> Result<T, IdentityError> {
        let turn = timeout(PATIENCE, self.0.acquire()).await;
        // Nobody closes the semaphore.
        let Ok(Ok(_turn)) = turn else {
            return Err(IdentityError::Overloaded);
        };
        lookup.await.map_err(Into::into)
    }
}
