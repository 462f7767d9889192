//! Tells PostgreSQL of the sessions that it is owed, and has it forget those whose time is over.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::rest;
use crate::identity::Sessions;

/// How long a session may be owed once PostgreSQL can be told of it.
const ROUND: Duration = Duration::from_secs(2);

/// Does so until it is time to stop, on every instance: nothing is done twice that matters.
pub(super) async fn run(sessions: Sessions, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = sessions.pay().await {
            tracing::debug!(%error, "sessions are owed to PostgreSQL, or were not cleaned up");
        }
        rest(&stop, ROUND).await;
    }
}
