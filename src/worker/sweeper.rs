//! Frees the seats of overdue holds for people who are looking, for as long as the lease lasts.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{REST_AFTER_FAILURE, rest};
use crate::reservations::Reservations;

/// The longest sleep: another concert may hold for a shorter time than the next deadline is away.
const SLEEP_MAX: Duration = Duration::from_millis(250);

/// Sweeps, and sleeps until the next deadline.
pub(super) async fn run(reservations: &Reservations, partition: u16, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        match reservations.sweep(partition).await {
            Ok(step) => {
                let sleep = step.next_in_ms.map_or(SLEEP_MAX, Duration::from_millis);
                rest(stop, sleep.min(SLEEP_MAX)).await;
            }
            Err(error) => {
                tracing::debug!(partition, %error, "nothing was swept");
                rest(stop, REST_AFTER_FAILURE).await;
            }
        }
    }
}
