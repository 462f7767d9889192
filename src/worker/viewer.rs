//! Keeps the view of the seats up to date.

use tokio_util::sync::CancellationToken;

use super::{REST_AFTER_FAILURE, rest};
use crate::inventory::view::READ_EVERY;
use crate::reservations::Reservations;

/// Reads the logs at a steady pace while anything is followed. What it cannot read for a while, the
/// view answers nobody from.
pub(super) async fn run(reservations: Reservations, stop: CancellationToken) {
    let mut reader = reservations.view().reader();
    while stop.run_until_cancelled(reader.until_asked()).await.is_some() {
        match stop.run_until_cancelled(reader.read()).await {
            Some(Ok(true)) => {}
            Some(Ok(false)) => rest(&stop, READ_EVERY).await,
            Some(Err(error)) => {
                tracing::debug!(%error, "the view of the seats could not be brought up to date");
                rest(&stop, REST_AFTER_FAILURE).await;
            }
            None => return,
        }
    }
}
