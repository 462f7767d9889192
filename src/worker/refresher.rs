//! Follows changes that organisers make to concerts.

use tokio_util::sync::CancellationToken;

use crate::reservations::Reservations;

/// Reads each changed concert anew, here and in Redis.
pub(super) async fn run(reservations: Reservations, stop: CancellationToken) {
    let mut changes = reservations.changes();
    while let Some(Some(change)) = stop.run_until_cancelled(changes.next()).await {
        if let Err(error) = reservations.follow(change).await {
            tracing::warn!(%error, "a changed concert could not be read anew");
        }
    }
}
