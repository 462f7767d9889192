//! PostgreSQL has the last word when Redis sold a seat twice.

use frontrow::domain::reservation::{Cause, Reservation, State};
use frontrow::domain::seat::SeatNumber;
use frontrow::ledger::conflicts::{Conflict, LostSeat, mark_compensated, uncompensated};

use super::fixture::{Log, cancelled, event};

fn conflict(loser: &Reservation, winner: &Reservation, seats: &[u32]) -> Conflict {
    let lost = |&seat| LostSeat { seat: SeatNumber(seat), winner: winner.id };
    Conflict {
        concert: loser.concert,
        loser: loser.id,
        user: loser.user,
        seats: seats.iter().map(lost).collect(),
        areas: vec![],
    }
}

#[tokio::test]
async fn a_sale_of_a_sold_seat_is_stored_as_cancelled_and_recorded() {
    let mut log = Log::new().await;
    let (winner, loser) = (log.sale(&[1, 2]), log.sale(&[2, 3]));
    log.apply(&[event(&winner)]).await;
    let applied = log.apply(&[event(&loser)]).await;
    assert_eq!(applied.conflicts, [conflict(&loser, &winner, &[2])]);
    assert_eq!((applied.confirmed, applied.cancelled), (0, 0));
    assert_eq!(log.live_seats().await, [(1, winner.id), (2, winner.id)]);
    let stored = log.stored(loser.id).await.unwrap();
    assert_eq!((stored.state, stored.cause), (State::Cancelled, Cause::Conflict));
    assert_eq!((stored.version, stored.lines.seats), (loser.version, vec![]));
}

#[tokio::test]
async fn of_two_sales_of_a_seat_in_one_batch_the_earlier_wins() {
    let mut log = Log::new().await;
    let (winner, loser) = (log.sale(&[5]), log.sale(&[5]));
    let mut batch: Vec<_> = (10..110).map(|seat| event(&log.sale(&[seat]))).collect();
    batch.insert(30, event(&winner));
    batch.insert(80, event(&loser));
    let applied = log.apply(&batch).await;
    assert_eq!(applied.conflicts, [conflict(&loser, &winner, &[5])]);
    assert_eq!(applied.confirmed, 101);
}

#[tokio::test]
async fn the_other_seats_of_a_loser_are_free_for_a_third() {
    let mut log = Log::new().await;
    let (winner, loser, third) = (log.sale(&[1]), log.sale(&[1, 2, 3]), log.sale(&[2, 3]));
    let applied = log.apply(&[event(&winner), event(&loser), event(&third)]).await;
    assert_eq!(applied.conflicts, [conflict(&loser, &winner, &[1])]);
    let live = [(1, winner.id), (2, third.id), (3, third.id)];
    assert_eq!(log.live_seats().await, live);
}

#[tokio::test]
async fn a_loser_of_seats_to_two_others_names_both() {
    let mut log = Log::new().await;
    let (first, second, loser) = (log.sale(&[1]), log.sale(&[2]), log.sale(&[1, 2]));
    let applied = log.apply(&[event(&first), event(&second), event(&loser)]).await;
    let winners: Vec<_> = applied.conflicts[0].seats.iter().map(|lost| lost.winner).collect();
    assert_eq!(winners, [first.id, second.id]);
}

#[tokio::test]
async fn a_conflict_is_open_until_it_was_compensated() {
    let mut log = Log::new().await;
    let mut elsewhere = Log::of(log.pool.clone(), 1).await;
    for log in [&mut log, &mut elsewhere] {
        let (winner, loser) = (log.sale(&[1, 2]), log.sale(&[1, 2]));
        log.apply(&[event(&winner), event(&loser)]).await;
        let open = uncompensated(&log.pool, log.partition).await.unwrap();
        assert_eq!(open, [conflict(&loser, &winner, &[1, 2])]);
    }
    let open = uncompensated(&log.pool, 0).await.unwrap();
    mark_compensated(&log.pool, open[0].loser).await.unwrap();
    mark_compensated(&log.pool, open[0].loser).await.unwrap();
    assert_eq!(uncompensated(&log.pool, 0).await.unwrap(), []);
    assert_eq!(uncompensated(&log.pool, 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_cancellation_that_compensates_completes_the_record_and_frees_nothing() {
    let mut log = Log::new().await;
    let (winner, loser) = (log.sale(&[1]), log.sale(&[1, 2]));
    log.apply(&[event(&winner), event(&loser)]).await;
    let compensation = Reservation { cause: Cause::Conflict, ..cancelled(&loser) };
    let applied = log.apply(&[event(&compensation)]).await;
    assert_eq!((applied.cancelled, applied.conflicts.len()), (1, 0));
    assert_eq!(log.stored(loser.id).await, Some(compensation));
    assert_eq!(log.live_seats().await, [(1, winner.id)]);
}

#[tokio::test]
async fn a_conflict_elsewhere_in_the_batch_takes_nothing_from_whom_a_cancellation_made_room() {
    let mut log = Log::new().await;
    let (first, winner) = (log.sale(&[1]), log.sale(&[9]));
    log.apply(&[event(&first), event(&winner)]).await;
    let (second, loser) = (log.sale(&[1]), log.sale(&[9]));
    let batch = [event(&cancelled(&first)), event(&second), event(&loser)];
    let applied = log.apply(&batch).await;
    assert_eq!(applied.conflicts, [conflict(&loser, &winner, &[9])]);
    assert_eq!(log.live_seats().await, [(1, second.id), (9, winner.id)]);
}
