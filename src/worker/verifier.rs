//! Verifies Redis whenever somebody has doubts about it, and has some itself from time to time.

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{REST_AFTER_FAILURE, rest};
use crate::reservations::Reservations;

/// How often to look whether Redis is still what was verified. Claims notice at once that it is not;
/// this is for those who only read, and for a night on which nobody comes.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long one attempt may take. A store that lost its power leaves connections behind that never
/// answer, and whoever waits on one keeps the lock that others need. What an attempt got done stays done.
const ATTEMPT_MAX: Duration = Duration::from_secs(30);

/// Waits for the gate to be closed, and opens it again as soon as Redis is known to be good.
pub(super) async fn run(reservations: Reservations, stop: CancellationToken) {
    let work = async {
        loop {
            wait_until_closed(&reservations).await;
            match timeout(ATTEMPT_MAX, reservations.verify()).await {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => {
                    tracing::warn!(%error, "Redis could not be verified; claims are refused meanwhile");
                }
                Err(_) => tracing::warn!("verifying Redis takes too long: it is begun again"),
            }
            rest(&stop, REST_AFTER_FAILURE).await;
        }
    };
    // A verification can be cut off anywhere: whoever comes next finds out how far it got.
    let _: Option<()> = stop.run_until_cancelled(work).await;
}

async fn wait_until_closed(reservations: &Reservations) {
    while timeout(LOOK_EVERY, reservations.gate().wait_until_closed()).await.is_err() {
        if let Err(error) = reservations.doubt().await {
            tracing::debug!(%error, "whether Redis is still what was verified cannot be told");
        }
    }
}
