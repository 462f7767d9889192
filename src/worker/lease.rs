//! One instance at a time writes and sweeps a partition.
//!
//! The lease saves work; it does not make anything safe. Two holders at once are harmless: the
//! writer is fenced by PostgreSQL's position, and the sweeper only ends what is overdue.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::progress::Progress;
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

/// After how long without getting anything done the holder gives the lease up: PostgreSQL may be out of
/// its reach, and not of others'.
const GIVE_UP_AFTER: Duration = Duration::from_secs(5);
/// How long it then leaves the lease to others: some attempts of theirs, and no long time without
/// anybody when there are none.
const STAY_AWAY: Duration = Duration::from_secs(4);
/// How long what was begun may take after that. A batch that is slow and not cut off must come to its
/// end, or nobody would ever write it; one that is cut off never does.
const END_WITHIN: Duration = Duration::from_secs(25);

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
    let (lost, progress) = (stop.child_token(), Progress::new());
    let work = async {
        tokio::join!(
            write_behind::run(reservations, partition, &lost, &progress),
            sweeper::run(reservations, partition, &lost),
        )
    };
    tokio::pin!(work);
    let given_up = tokio::select! {
        _ = &mut work => return held.release().await,
        given_up = keep(&mut held, partition, &progress) => given_up,
    };
    held.release().await;
    lost.cancel();
    let stay_away = async {
        if given_up {
            rest(stop, STAY_AWAY).await;
        }
    };
    // Dropped, it is as if it had been killed there, which every step is made for.
    let (ended, ()) = tokio::join!(timeout(END_WITHIN, work), stay_away);
    if ended.is_err() {
        tracing::warn!(partition, "what was being written was left behind");
    }
}

/// Prolongs the lease for as long as it is of use here; true when it was given up, false when it was
/// lost.
async fn keep(held: &mut Held, partition: u16, progress: &Progress) -> bool {
    loop {
        sleep(LEASE_EXTEND_EVERY).await;
        if progress.age() > GIVE_UP_AFTER {
            tracing::warn!(partition, "nothing could be written: the lease is left to others");
            return true;
        }
        if !held.extend().await {
            tracing::info!(partition, "the lease could not be prolonged");
            return false;
        }
    }
}
