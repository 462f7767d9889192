//! One instance at a time writes and sweeps a partition.
//!
//! The lease saves work; it does not make anything safe. Two holders at once are harmless: the
//! writer is fenced by PostgreSQL's position, and the sweeper only ends what is overdue.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{rest, sweeper, write_behind};
use crate::inventory::keys;
use crate::inventory::locks::Held;
use crate::reservations::Reservations;

/// How long a partition stays without a worker at most after its holder has crashed.
const LEASE_TTL: Duration = Duration::from_secs(3);
/// How often the holder prolongs it. It stops working at the first failure: even one that took its
/// whole second to be noticed comes before the lease can be somebody else's.
const LEASE_EXTEND_EVERY: Duration = Duration::from_secs(1);
/// How often others try to take it.
const LEASE_RETRY_EVERY: Duration = Duration::from_millis(750);

/// Takes the partition's lease whenever it is free, and works while it lasts.
pub(super) async fn run(reservations: Reservations, partition: u16, stop: CancellationToken) {
    let name = keys::lock("worker", partition);
    while !stop.is_cancelled() {
        match reservations.locks().try_take(&name, LEASE_TTL).await {
            Some(held) => work(&reservations, partition, held, &stop).await,
            None => rest(&stop, LEASE_RETRY_EVERY).await,
        }
    }
}

async fn work(
    reservations: &Reservations,
    partition: u16,
    mut held: Held,
    stop: &CancellationToken,
) {
    let lost = stop.child_token();
    let keep = async {
        while lost.run_until_cancelled(sleep(LEASE_EXTEND_EVERY)).await.is_some() {
            if !held.extend().await {
                tracing::info!(partition, "the lease could not be prolonged");
                lost.cancel();
            }
        }
    };
    tokio::join!(
        keep,
        write_behind::run(reservations, partition, &lost),
        sweeper::run(reservations, partition, &lost),
    );
    held.release().await;
}
