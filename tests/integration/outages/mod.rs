//! Stores that are full, cut off, or not what they were: the service gets out of it by itself.

mod failover;
mod leases;
mod lock_nodes;
mod looking;
mod memory;
mod stopped;
mod verifying;
mod writers;

use std::time::Duration;

use frontrow::domain::ids::{ConcertId, ReservationId, UserId};
use frontrow::ledger;

use crate::support::backend::Backend;

/// Waits for what has to come by itself. The machine may be busy, so there is a lot of time.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not within a minute: {what}");
}

/// A hold that must succeed.
async fn hold(on: &Backend, user: UserId, concert: ConcertId, seat: &str) -> ReservationId {
    let seats = [seat.to_owned()];
    let held = on.reservations.reserve(user, concert, seat, &seats).await.unwrap();
    held.reservation.id
}

async fn is_in_postgresql(on: &Backend, id: ReservationId) -> bool {
    ledger::reservations::find(&on.pool, id).await.unwrap().is_some()
}
