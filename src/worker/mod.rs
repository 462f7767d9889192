//! What runs by itself, and who keeps it running.

mod auditor;
mod forgetter;
mod lease;
mod progress;
mod refresher;
mod session_keeper;
mod sweeper;
mod verifier;
mod viewer;
mod write_behind;

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::audit::Auditor;
use crate::cache::Layers;
use crate::catalogue::Catalogue;
use crate::identity::Sessions;
use crate::ledger::notifications::Changes;
use crate::reservations::Reservations;

/// How long a worker rests after a failure, so that a store that is away is not hammered.
const REST_AFTER_FAILURE: Duration = Duration::from_millis(200);

/// Starts all workers on `tracker`; they end soon after `stop` is cancelled.
pub fn start(
    reservations: &Reservations,
    partitions: u16,
    tracker: &TaskTracker,
    stop: &CancellationToken,
) {
    tracker.spawn(verifier::run(reservations.clone(), stop.clone()));
    tracker.spawn(refresher::run(reservations.clone(), stop.clone()));
    tracker.spawn(viewer::run(reservations.clone(), stop.clone()));
    for partition in 0..partitions {
        tracker.spawn(lease::run(reservations.clone(), partition, stop.clone()));
    }
}

/// Starts what holds the two stores against each other.
pub fn audit(
    auditor: Auditor,
    reservations: &Reservations,
    tracker: &TaskTracker,
    stop: &CancellationToken,
) {
    tracker.spawn(auditor::run(auditor, reservations.clone(), stop.clone()));
}

/// Starts what puts an end to answers about concerts that have changed.
pub fn forget_changed(
    layers: &Layers,
    catalogue: &Catalogue,
    changes: Changes,
    tracker: &TaskTracker,
    stop: &CancellationToken,
) {
    tracker.spawn(forgetter::run(layers.clone(), catalogue.clone(), changes, stop.clone()));
}

/// Starts what keeps guests' sessions where their tickets are.
pub fn keep_sessions(sessions: &Sessions, tracker: &TaskTracker, stop: &CancellationToken) {
    tracker.spawn(session_keeper::run(sessions.clone(), stop.clone()));
}

/// Rests, or returns early when it is time to stop.
async fn rest(stop: &CancellationToken, time: Duration) {
    let _ = stop.run_until_cancelled(tokio::time::sleep(time)).await;
}
