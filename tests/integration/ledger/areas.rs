//! Places in areas: counted with every sale, and never more than there are.

use frontrow::domain::area::AreaNumber;
use frontrow::domain::lines::AreaLine;
use frontrow::domain::reservation::{Cause, Reservation, State};

use super::fixture::{Log, cancelled, confirmed, event};

/// A sale of places in area 0, and of seats.
fn sale(log: &Log, seats: &[u32], quantity: u16) -> Reservation {
    let mut hold = log.hold(seats);
    hold.lines.areas.push(AreaLine { area: AreaNumber(0), quantity, price_minor: 2_000 });
    confirmed(&hold)
}

/// A log of a concert with one area.
async fn log(capacity: i32) -> Log {
    let log = Log::new().await;
    sqlx::query("INSERT INTO area_sales VALUES ($1, 0, $2)")
        .bind(log.concert.0)
        .bind(capacity)
        .execute(&log.pool)
        .await
        .unwrap();
    log
}

async fn sold(log: &Log) -> (i64, i64) {
    let counted = log.count("SELECT sum(sold) FROM area_sales").await;
    let rows = "SELECT coalesce(sum(quantity), 0) FROM reservation_areas WHERE ended_at IS NULL";
    (counted, log.count(rows).await)
}

#[tokio::test]
async fn sold_places_are_counted_and_read_back() {
    let mut log = log(10).await;
    let (first, second) = (sale(&log, &[1], 3), sale(&log, &[], 2));
    log.apply(&[event(&first), event(&second)]).await;
    assert_eq!(sold(&log).await, (5, 5));
    assert_eq!(log.stored(first.id).await.unwrap().lines, first.lines);
    log.apply(&[event(&cancelled(&first))]).await;
    assert_eq!(sold(&log).await, (2, 2));
    let stored = log.stored(first.id).await.unwrap();
    assert_eq!((stored.state, stored.lines), (State::Cancelled, first.lines));
}

#[tokio::test]
async fn what_is_applied_again_is_not_counted_again() {
    let mut log = log(10).await;
    let first = sale(&log, &[], 4);
    log.apply(&[event(&first)]).await;
    log.apply(&[event(&first), event(&cancelled(&first)), event(&first)]).await;
    log.apply(&[event(&cancelled(&first))]).await;
    assert_eq!(sold(&log).await, (0, 0));
}

#[tokio::test]
async fn places_that_a_batch_cancels_can_be_sold_in_it_again() {
    let mut log = log(4).await;
    let first = sale(&log, &[], 4);
    log.apply(&[event(&first)]).await;
    let next = sale(&log, &[], 4);
    let applied = log.apply(&[event(&cancelled(&first)), event(&next)]).await;
    assert_eq!(applied.conflicts, []);
    assert_eq!(sold(&log).await, (4, 4));
}

#[tokio::test]
async fn of_sales_that_are_more_than_there_is_room_for_the_later_ones_lose_whole() {
    let mut log = log(5).await;
    let batch = [sale(&log, &[1], 3), sale(&log, &[2], 3), sale(&log, &[3], 2)];
    let applied = log.apply(&batch.each_ref().map(event)).await;
    let [conflict] = &*applied.conflicts else { panic!("{:?}", applied.conflicts) };
    assert_eq!((conflict.loser, &conflict.areas), (batch[1].id, &vec![AreaNumber(0)]));
    assert!(conflict.seats.is_empty());
    assert_eq!(sold(&log).await, (5, 5));
    assert_eq!(log.live_seats().await, [(1, batch[0].id), (3, batch[2].id)]);
    let stored = log.stored(batch[1].id).await.unwrap();
    assert_eq!((stored.state, stored.cause), (State::Cancelled, Cause::Conflict));
    let open = frontrow::ledger::conflicts::uncompensated(&log.pool, 0).await.unwrap();
    assert_eq!(open, applied.conflicts);
}

#[tokio::test]
async fn a_sale_that_loses_a_seat_takes_no_place_from_others() {
    let mut log = log(3).await;
    log.apply(&[event(&log.sale(&[7]))]).await;
    let batch = [sale(&log, &[7], 3), sale(&log, &[8], 3)];
    let applied = log.apply(&batch.each_ref().map(event)).await;
    assert_eq!(applied.conflicts.len(), 1);
    assert_eq!(applied.conflicts[0].loser, batch[0].id);
    assert_eq!(sold(&log).await, (3, 3));
}

#[tokio::test]
async fn postgresql_itself_refuses_more_than_there_are() {
    let log = log(3).await;
    let over = sqlx::query("UPDATE area_sales SET sold = 4").execute(&log.pool).await.unwrap_err();
    let constraint = over.as_database_error().unwrap().constraint().unwrap().to_owned();
    assert_eq!(constraint, "area_sales_never_over");
}
