//! Holds Redis against PostgreSQL from time to time, one instance at a time.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::rest;
use crate::audit::Auditor;
use crate::inventory::keys;
use crate::reservations::Reservations;

/// The pause between two rounds. A round reads all that Redis has of the concerts that are loaded, page
/// by page.
const EVERY: Duration = Duration::from_secs(60);
/// How long others wait for an auditor whose process died in it. Two at once are harmless: each repair
/// looks again whether it is needed.
const LEASE_TTL: Duration = Duration::from_secs(5);

/// Audits and repairs until it is time to stop.
pub(super) async fn run(auditor: Auditor, reservations: Reservations, stop: CancellationToken) {
    let name = keys::lock("audit", "all");
    loop {
        rest(&stop, EVERY).await;
        if stop.is_cancelled() {
            return;
        }
        // Nothing is said of a Redis that nobody has verified: it sells nothing.
        if !reservations.gate().is_open() {
            continue;
        }
        let Some(held) = reservations.locks().try_take(&name, LEASE_TTL).await else { continue };
        let round = held.during(stop.run_until_cancelled(auditor.round())).await;
        match round {
            Some(Ok(round)) if round.problems > 0 => {
                tracing::error!(?round, "Redis and PostgreSQL disagreed: see the table of repairs");
            }
            Some(Ok(round)) => tracing::debug!(?round, "Redis and PostgreSQL agree"),
            Some(Err(error)) => tracing::warn!(%error, "the stores could not be audited"),
            None => return,
        }
    }
}
