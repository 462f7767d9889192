//! However a history is cut into batches, the same rows come of it; and whatever Redis granted,
//! no seat is live twice.

use std::future::Future;

use frontrow::domain::ids::ReservationId;
use frontrow::domain::log_entry::{LogEntry, LogEvent};
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::reservation::{Cause, Reservation, State};
use frontrow::ledger::apply::apply;
use frontrow::ledger::reservations::for_concert;
use frontrow::ledger::{PgPool, partitions};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::fixture::{Log, pool};
use super::model::{Operation, history, number_of, operations};

/// A concert's rows, without what differs from concert to concert.
#[derive(Debug, PartialEq)]
struct Contents {
    reservations: Vec<(u128, Reservation)>,
    live: Vec<(u32, u128)>,
    letters: Vec<(i64, i64)>,
}

async fn contents(log: &Log) -> Contents {
    let all = for_concert(&log.pool, log.concert, None, 1_000).await.unwrap();
    let plain = |it: Reservation| {
        let number = number_of(log, it.id);
        let plain = Reservation {
            id: ReservationId(uuid::Uuid::nil()),
            concert: frontrow::domain::ids::ConcertId(uuid::Uuid::nil()),
            user: frontrow::domain::ids::UserId(uuid::Uuid::nil()),
            ..it
        };
        (number, plain)
    };
    let live = log.live_seats().await.into_iter();
    let letters = sqlx::query_as(
        "SELECT position_ms, position_sequence FROM dead_letters
         WHERE partition = $1 ORDER BY position_ms, position_sequence",
    );
    let letters = letters.bind(i32::from(log.partition)).fetch_all(&log.pool);
    Contents {
        reservations: all.into_iter().map(plain).collect(),
        live: live.map(|(seat, id)| (seat, number_of(log, id))).collect(),
        letters: letters.await.unwrap(),
    }
}

/// Applies entries in batches of the given sizes, over and over.
async fn apply_in(log: &Log, epoch: Epoch, entries: &[LogEntry], sizes: &[usize]) {
    let mut from = Position::START;
    let mut rest = entries;
    for size in sizes.iter().cycle() {
        let (batch, later) = rest.split_at((*size).min(rest.len()));
        let applied = apply(&log.pool, log.partition, epoch, from, batch).await;
        (from, rest) = (applied.unwrap().position, later);
        if rest.is_empty() {
            return;
        }
    }
}

async fn replay(log: &Log, entries: &[LogEntry], sizes: &[usize]) {
    let (from, to) = (Epoch::FIRST, Epoch::FIRST.next());
    let raised = partitions::raise_epoch(&log.pool, log.partition, from, to, Position::START);
    assert!(raised.await.unwrap());
    apply_in(log, to, entries, sizes).await;
}

/// Runs a property on random histories and batch sizes. All cases share a database: each has
/// concerts and partitions of its own.
fn check<F: Future<Output = ()>>(property: impl Fn(PgPool, u16, Vec<Operation>, Vec<usize>) -> F) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let pool = runtime.block_on(pool());
    let partition = std::cell::Cell::new(0);
    let config =
        Config { cases: 40, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    let strategy = (operations(), prop::collection::vec(1_usize..20, 1..5));
    let result = TestRunner::new(config).run(&strategy, |(operations, sizes)| {
        partition.set(partition.get() + 2);
        runtime.block_on(property(pool.clone(), partition.get(), operations, sizes));
        Ok(())
    });
    result.unwrap();
}

#[test]
fn batches_of_any_size_come_to_the_same_as_one_entry_at_a_time() {
    check(|pool, partition, operations, sizes| async move {
        let single = Log::of(pool.clone(), partition).await;
        let events: Vec<LogEvent> = history(&single, &operations, false);
        apply_in(&single, Epoch::FIRST, &single.entries(&events), &[1]).await;

        let batched = Log::of(pool, partition + 1).await;
        let entries = batched.entries(&history(&batched, &operations, false));
        apply_in(&batched, Epoch::FIRST, &entries, &sizes).await;
        assert_eq!(contents(&batched).await, contents(&single).await);

        replay(&batched, &entries, &[7]).await;
        assert_eq!(contents(&batched).await, contents(&single).await);
    });
}

#[test]
fn whatever_a_forgetful_redis_granted_every_sale_has_all_its_seats_alone_or_none() {
    check(|pool, partition, operations, sizes| async move {
        let log = Log::of(pool, partition).await;
        let entries = log.entries(&history(&log, &operations, true));
        apply_in(&log, Epoch::FIRST, &entries, &sizes).await;
        let settled = contents(&log).await;
        for (number, reservation) in &settled.reservations {
            let live = settled.live.iter().filter(|(_, owner)| owner == number);
            let live: Vec<u32> = live.map(|(seat, _)| *seat).collect();
            let seats: Vec<u32> = reservation.lines.seats.iter().map(|line| line.seat.0).collect();
            match (reservation.state, reservation.cause) {
                (State::Confirmed, _) => assert_eq!(live, seats),
                (_, Cause::Conflict) => assert_eq!((live, seats), (vec![], vec![])),
                _ => assert!(live.is_empty(), "{live:?}"),
            }
        }
        replay(&log, &entries, &[5]).await;
        assert_eq!(contents(&log).await, settled);
    });
}
