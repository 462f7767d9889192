//! Verifies Redis whenever somebody has doubts about it.

use tokio_util::sync::CancellationToken;

use super::{REST_AFTER_FAILURE, rest};
use crate::reservations::Reservations;

/// Waits for the gate to be closed, and opens it again as soon as Redis is known to be good.
pub(super) async fn run(reservations: Reservations, stop: CancellationToken) {
    let gate = reservations.gate();
    while stop.run_until_cancelled(gate.wait_until_closed()).await.is_some() {
        if let Err(error) = reservations.verify().await {
            tracing::warn!(%error, "Redis could not be verified; claims are refused meanwhile");
            rest(&stop, REST_AFTER_FAILURE).await;
        }
    }
}
