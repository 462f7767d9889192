//! Auditing while everything moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use frontrow::domain::ids::{ConcertId, UserId};
use frontrow::domain::selection::Wanted;
use frontrow::reservations::Reservations;
use tokio::task::JoinSet;

use super::evening::{Evening, SEATS, auditor, import_house, standing};
use crate::support::backend::Backend;
use crate::support::{database, redis_db};

/// Buyers at once.
const BUYERS: u32 = 24;
/// Audits while they buy.
const AUDITS: u32 = 12;

/// Claims, and then confirms, changes, extends, gives back or forgets it.
async fn buy(reservations: &Reservations, concert: ConcertId, buyer: u32, round: u32) {
    let user = UserId::new();
    let seat = |at: u32| format!("{}-{}", at % 2 + 1, at / 2 % (SEATS / 2) + 1);
    let (first, second) = (seat(buyer + round), seat(buyer + 3 * round + 1));
    let wanted = |seat: String| Wanted { seats: vec![seat], areas: standing(round % 2) };
    let Ok(held) = reservations.reserve(user, concert, "a key", wanted(first)).await else {
        return;
    };
    let id = held.reservation.id;
    match (buyer + round) % 6 {
        0 => _ = reservations.release(user, concert, id).await,
        1 => _ = reservations.change(user, concert, id, wanted(second)).await,
        2 => _ = reservations.extend(user, concert, id).await,
        3 => {}
        _ => {
            // On a machine that is slow, its time may be over.
            if reservations.confirm(user, concert, id, None).await.is_ok() {
                reservations.cancel(user, concert, id).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn an_audit_of_what_moves_raises_no_false_alarm() {
    let (redis, database) = (redis_db().await, database().await);
    let backend = Backend::on(&redis, &database).await;
    import_house(&backend).await;
    let on = Evening::new(&backend, &redis, "busy", 5).await;
    let running = Arc::new(AtomicBool::new(true));
    let mut buyers = JoinSet::new();
    for buyer in 0..BUYERS {
        let (reservations, concert) = (backend.reservations.clone(), on.concert);
        let running = Arc::clone(&running);
        buyers.spawn(async move {
            let mut rounds = 0;
            while running.load(Ordering::Relaxed) {
                buy(&reservations, concert, buyer, rounds).await;
                rounds += 1;
            }
            rounds
        });
    }
    for audit in 0..AUDITS {
        let report = auditor(&backend).audit(&[]).await.unwrap();
        assert!(report.ok, "audit {audit}: {:#?}", report.concerts[0].problems);
    }
    running.store(false, Ordering::Relaxed);
    let rounds: u32 = buyers.join_all().await.into_iter().sum();
    assert!(rounds > 100, "{rounds} rounds say little");
    assert_eq!(on.audit().await.problems, []);
}
