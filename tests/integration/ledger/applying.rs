//! A batch of the log becomes rows.

use frontrow::domain::ids::ReservationId;
use frontrow::domain::log_entry::LogEvent;
use frontrow::domain::position::Position;
use frontrow::domain::reservation::{Reservation, State};
use frontrow::ledger::apply::ApplyError;
use frontrow::ledger::partitions;

use super::fixture::{Log, cancelled, confirmed, event};

#[tokio::test]
async fn a_confirmed_reservation_is_stored_as_it_was_granted() {
    let mut log = Log::new().await;
    let hold = log.hold(&[7, 8, 9]);
    let sale = confirmed(&hold);
    let applied = log.apply(&[event(&hold), LogEvent::Marker, event(&sale)]).await;
    assert_eq!((applied.confirmed, applied.cancelled), (1, 0));
    assert_eq!(log.stored(sale.id).await, Some(sale.clone()));
    assert_eq!(log.live_seats().await, [(7, sale.id), (8, sale.id), (9, sale.id)]);
    assert_eq!(log.count("SELECT total_minor FROM reservations").await, 3_024);
}

#[tokio::test]
async fn holds_that_come_to_nothing_only_move_the_position() {
    let mut log = Log::new().await;
    let hold = log.hold(&[1]);
    let over = |state| Reservation { state, version: 2, ..hold.clone() };
    let (released, expired) = (over(State::Released), over(State::Expired));
    let applied = log.apply(&[event(&hold), event(&released), event(&expired)]).await;
    assert_eq!((applied.confirmed, applied.cancelled), (0, 0));
    let row = partitions::read(&log.pool, 0).await.unwrap();
    assert_eq!(row.position, Position { ms: 3, sequence: 0 });
    assert_eq!(log.count("SELECT count(*) FROM reservations").await, 0);
    assert_eq!(log.count("SELECT count(*) FROM users").await, 0);
}

#[tokio::test]
async fn confirmed_and_cancelled_in_one_batch_is_stored_as_cancelled_with_the_seats_it_had() {
    let mut log = Log::new().await;
    let sale = log.sale(&[1, 2]);
    let ended = cancelled(&sale);
    let applied = log.apply(&[event(&sale), event(&ended)]).await;
    assert_eq!((applied.confirmed, applied.cancelled), (0, 1));
    assert_eq!(log.stored(sale.id).await, Some(ended));
    assert_eq!(log.live_seats().await, []);
}

#[tokio::test]
async fn a_cancellation_ends_the_seats_of_an_earlier_batch() {
    let mut log = Log::new().await;
    let (sale, other) = (log.sale(&[1, 2]), log.sale(&[3]));
    log.apply(&[event(&sale), event(&other)]).await;
    let applied = log.apply(&[event(&cancelled(&sale))]).await;
    assert_eq!((applied.confirmed, applied.cancelled), (0, 1));
    assert_eq!(log.stored(sale.id).await, Some(cancelled(&sale)));
    assert_eq!(log.live_seats().await, [(3, other.id)]);
}

#[tokio::test]
async fn a_seat_that_is_cancelled_and_sold_again_in_one_batch_is_the_second_buyers() {
    let mut log = Log::new().await;
    let (first, second) = (log.sale(&[1, 2]), log.sale(&[2]));
    log.apply(&[event(&first)]).await;
    let applied = log.apply(&[event(&cancelled(&first)), event(&second)]).await;
    assert_eq!((applied.confirmed, applied.cancelled), (1, 1));
    assert_eq!(applied.conflicts, []);
    assert_eq!(log.live_seats().await, [(2, second.id)]);
}

#[tokio::test]
async fn a_whole_batch_of_a_thousand_is_one_batch_and_more_is_a_mistake() {
    let mut log = Log::new().await;
    let sales: Vec<LogEvent> = (0..1_001).map(|seat| event(&log.sale(&[seat]))).collect();
    let refused = log.try_apply(&log.entries(&sales)).await;
    assert!(matches!(refused, Err(ApplyError::Malformed { .. })), "{refused:?}");
    assert_eq!(log.apply(&sales[..1_000]).await.confirmed, 1_000);
}

#[tokio::test]
async fn nothing_to_apply_changes_nothing_and_entries_out_of_order_are_a_mistake() {
    let mut log = Log::new().await;
    let applied = log.apply(&[]).await;
    assert_eq!(applied.position, Position::START);
    let mut entries = log.entries(&[event(&log.sale(&[1])), event(&log.sale(&[2]))]);
    entries.reverse();
    let refused = log.try_apply(&entries).await;
    assert!(matches!(refused, Err(ApplyError::Malformed { .. })), "{refused:?}");
    let row = partitions::read(&log.pool, 0).await.unwrap();
    assert_eq!(row.position, Position::START);
}

#[tokio::test]
async fn trouble_that_is_not_about_data_applies_nothing_and_can_be_tried_again() {
    let mut log = Log::new().await;
    let sale = log.sale(&[1]);
    let away = sqlx::raw_sql("ALTER TABLE reservation_seats RENAME TO away");
    away.execute(&log.pool).await.unwrap();
    let failed = log.try_apply(&log.entries(&[event(&sale)])).await;
    assert!(matches!(failed, Err(ApplyError::Ledger(_))), "{failed:?}");
    let row = partitions::read(&log.pool, 0).await.unwrap();
    assert_eq!(row.position, Position::START);
    let back = sqlx::raw_sql("ALTER TABLE away RENAME TO reservation_seats");
    back.execute(&log.pool).await.unwrap();
    assert_eq!(log.stored(sale.id).await, None);
    assert_eq!(log.apply(&[event(&sale)]).await.confirmed, 1);
}

#[tokio::test]
async fn of_two_writers_with_the_same_batch_exactly_one_writes_it() {
    let log = Log::new().await;
    let ids: Vec<ReservationId> = (0..20).map(|_| ReservationId::new()).collect();
    // Each writer has read the log for itself, so that the versions cannot tell them apart: what
    // they disagree on is which batch follows.
    let batch = |from: usize| -> Vec<LogEvent> {
        let sale = |index: usize| Reservation { id: ids[index], ..log.sale(&[index as u32]) };
        (from..from + 10).map(|index| event(&sale(index))).collect()
    };
    let (left, right) = (log.entries(&batch(0)), log.entries(&batch(10)));
    let (left, right) = tokio::join!(log.try_apply(&left), log.try_apply(&right));
    let stale = [&left, &right]
        .into_iter()
        .filter(|result| matches!(result, Err(ApplyError::StaleWriter { .. })));
    assert_eq!(stale.count(), 1, "{left:?} {right:?}");
    assert!(left.is_ok() != right.is_ok());
    assert_eq!(log.count("SELECT count(*) FROM reservations").await, 10);
    assert_eq!(log.live_seats().await.len(), 10);
}
