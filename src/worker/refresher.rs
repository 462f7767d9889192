//! Follows changes that organisers make to concerts.

use tokio_util::sync::CancellationToken;

use super::{REST_AFTER_FAILURE, rest};
use crate::reservations::Reservations;

/// Reads each changed concert anew, here and in Redis. What fails is tried again until it is done:
/// a change that is missed would leave old terms in force.
pub(super) async fn run(reservations: Reservations, stop: CancellationToken) {
    let mut changes = reservations.changes();
    while let Some(Some(change)) = stop.run_until_cancelled(changes.next()).await {
        while let Err(error) = reservations.follow(change).await {
            tracing::debug!(%error, "a changed concert could not be read anew");
            rest(&stop, REST_AFTER_FAILURE).await;
            if stop.is_cancelled() {
                return;
            }
        }
    }
}
