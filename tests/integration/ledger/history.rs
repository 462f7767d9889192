//! What the log said is kept as it was said, once.

use frontrow::domain::ids::{ConcertId, UserId};
use frontrow::domain::log_entry::{Blocking, LogEvent};
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::reservation::{Reservation, State};
use frontrow::domain::seat::SeatNumber;
use frontrow::ledger::apply::apply;
use frontrow::ledger::events::{self, Event, Subject};
use frontrow::ledger::{blocked_seats, partitions};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::fixture::{Log, at, cancelled, confirmed, event};

fn blocking(log: &Log, seats: &[u32], blocked: bool) -> LogEvent {
    let seats = seats.iter().copied().map(SeatNumber).collect();
    let (concert, actor) = (log.concert, UserId::new());
    LogEvent::Blocking(Blocking { concert, seats, blocked, actor, at: at(0) })
}

async fn blocked(log: &Log) -> Vec<u32> {
    let seats = blocked_seats::of_concert(&log.pool, log.concert).await.unwrap();
    seats.into_iter().map(|seat| seat.0).collect()
}

async fn of_seat(log: &Log, seat: u32) -> Vec<Event> {
    let seat = SeatNumber(seat);
    events::of(&log.pool, log.concert, Subject::Seat(seat), Position::START, 50).await.unwrap()
}

fn verbs(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.verb.as_str()).collect()
}

const EVENTS: &str = "SELECT count(*) FROM reservation_events";

#[tokio::test]
async fn every_entry_is_kept_also_of_holds_that_come_to_nothing() {
    let mut log = Log::new().await;
    let (hold, other) = (log.hold(&[1, 2]), log.hold(&[2, 3]));
    let released = Reservation { state: State::Released, version: 2, ..hold.clone() };
    let sale = confirmed(&other);
    let batch = [
        event(&hold),
        LogEvent::Marker,
        event(&released),
        event(&other),
        event(&sale),
        event(&cancelled(&sale)),
        blocking(&log, &[2], true),
    ];
    log.apply(&batch).await;
    assert_eq!(verbs(&of_seat(&log, 1).await), ["reserved", "released"]);
    let told = of_seat(&log, 2).await;
    let story = ["reserved", "released", "reserved", "confirmed", "cancelled", "blocked"];
    assert_eq!(verbs(&told), story);
    assert_eq!(told[2].seats, [SeatNumber(2), SeatNumber(3)]);
    assert_eq!((told[2].user, told[2].version), (other.user, Some(1)));
    let start = Position::START;
    let own =
        events::of(&log.pool, log.concert, Subject::Reservation(sale.id), start, 50).await.unwrap();
    assert_eq!(verbs(&own), ["reserved", "confirmed", "cancelled"]);
    let rest =
        events::of(&log.pool, log.concert, Subject::Reservation(sale.id), own[0].position, 1).await;
    assert_eq!(verbs(&rest.unwrap()), ["confirmed"]);
    assert_eq!(log.count(EVENTS).await, 6);
    assert_eq!(log.count("SELECT count(*) FROM reservations").await, 1);
}

#[tokio::test]
async fn what_is_not_applied_has_no_history_and_what_is_applied_again_has_one() {
    let mut log = Log::new().await;
    let batch = [event(&log.sale(&[1])), blocking(&log, &[7], true)];
    let away = sqlx::raw_sql("ALTER TABLE reservation_seats RENAME TO away");
    away.execute(&log.pool).await.unwrap();
    assert!(log.try_apply(&log.entries(&batch)).await.is_err());
    assert_eq!((log.count(EVENTS).await, blocked(&log).await), (0, vec![]));
    let back = sqlx::raw_sql("ALTER TABLE away RENAME TO reservation_seats");
    back.execute(&log.pool).await.unwrap();
    let entries = log.entries(&batch);
    log.apply(&batch).await;
    let stale = apply(&log.pool, 0, Epoch::FIRST, Position::START, &entries).await;
    assert!(stale.is_err());
    let raised = partitions::raise_epoch(&log.pool, 0, Epoch(1), Epoch(2), Position::START);
    assert!(raised.await.unwrap());
    apply(&log.pool, 0, Epoch(2), Position::START, &entries).await.unwrap();
    assert_eq!((log.count(EVENTS).await, blocked(&log).await), (2, vec![7]));
}

#[tokio::test]
async fn the_last_word_about_a_seat_counts_and_an_older_one_read_again_does_not() {
    let mut log = Log::new().await;
    let first = [
        blocking(&log, &[1, 2, 3], true),
        blocking(&log, &[2], false),
        blocking(&log, &[3], false),
        blocking(&log, &[3], true),
    ];
    let entries = log.entries(&first);
    log.apply(&first).await;
    assert_eq!(blocked(&log).await, [1, 3]);
    log.apply(&[blocking(&log, &[1], false)]).await;
    assert_eq!(blocked(&log).await, [3]);
    let raised = partitions::raise_epoch(&log.pool, 0, Epoch(1), Epoch(2), Position::START);
    assert!(raised.await.unwrap());
    apply(&log.pool, 0, Epoch(2), Position::START, &entries).await.unwrap();
    assert_eq!(blocked(&log).await, [3], "that 1 was blocked is an older word");
}

#[tokio::test]
async fn what_postgresql_refuses_as_a_sale_keeps_no_history_from_being_told() {
    let mut log = Log::new().await;
    let elsewhere = Reservation { concert: ConcertId::new(), ..log.sale(&[1]) };
    let too_high = log.sale(&[u32::MAX]);
    let batch = [
        event(&elsewhere),
        event(&too_high),
        blocking(&log, &[u32::MAX, 4], true),
        event(&log.sale(&[2])),
    ];
    let applied = log.apply(&batch).await;
    assert_eq!((applied.confirmed, applied.dead_letters), (1, 2));
    assert_eq!((log.count(EVENTS).await, blocked(&log).await), (4, vec![4]));
}

#[test]
fn blocked_seats_are_those_that_the_words_leave_blocked_however_they_are_batched() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let words =
        prop::collection::vec((prop::collection::btree_set(0_u32..6, 1..4), any::<bool>()), 1..30);
    let config =
        ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    let result = runner.run(&(words, 1_usize..9), |(words, size)| {
        runtime.block_on(async {
            let mut log = Log::new().await;
            let mut expected = std::collections::BTreeSet::new();
            let events: Vec<_> = words
                .iter()
                .map(|(seats, is_blocked)| {
                    for seat in seats {
                        if *is_blocked {
                            expected.insert(*seat)
                        } else {
                            expected.remove(seat)
                        };
                    }
                    blocking(&log, &seats.iter().copied().collect::<Vec<_>>(), *is_blocked)
                })
                .collect();
            for batch in events.chunks(size) {
                log.apply(batch).await;
            }
            let found = blocked(&log).await;
            log.pool.close().await;
            prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
            Ok(())
        })
    });
    result.unwrap();
}
