use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::log_entry::LogEvent;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Cause, State};
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::commands::{Compensate, Own};
use jiff::{Timestamp, ToSpan};

use crate::support::hot::{Hot, concert, lines_with};

async fn sale(hot: &Hot, seats: &[u32]) -> Own {
    let own = hot.hold(UserId::new(), seats).await;
    hot.confirm(own).await.unwrap();
    own
}

#[tokio::test]
async fn a_cancelled_sale_frees_its_seats_and_is_remembered() {
    let hot = Hot::new(4).await;
    let own = sale(&hot, &[0, 1]).await;
    let first = hot.cancel(own).await.unwrap();
    assert_eq!(first.reservation.state, State::Cancelled);
    assert_eq!(hot.states().await, [SeatState::Available; 4]);
    hot.hold(UserId::new(), &[0]).await;
    let again = hot.cancel(own).await.unwrap();
    assert_eq!((again.replayed, again.reservation), (true, first.reservation));
    assert_eq!(hot.states().await[0], SeatState::Held);
    assert_eq!(hot.confirm(own).await, Err(Refusal::WrongState { state: State::Cancelled }));
}

#[tokio::test]
async fn a_hold_is_not_a_sale_and_there_is_a_time_after_which_tickets_are_kept() {
    let mut terms = concert();
    terms.cancel_until = Timestamp::now() - 1.second();
    let hot = Hot::with(4, terms).await;
    let held = hot.hold(UserId::new(), &[0]).await;
    assert_eq!(hot.cancel(held).await, Err(Refusal::WrongState { state: State::Held }));
    let sold = sale(&hot, &[1]).await;
    assert_eq!(hot.cancel(sold).await, Err(Refusal::TooLateToCancel));
    assert_eq!(hot.states().await[..2], [SeatState::Held, SeatState::Sold]);
}

#[tokio::test]
async fn a_sale_that_lost_a_conflict_gives_up_its_seats_but_not_the_winners() {
    let hot = Hot::new(4).await;
    let own = sale(&hot, &[0, 1, 2]).await;
    let winner = ReservationId::new();
    let command =
        Compensate { id: own.id, cause: Cause::Conflict, winners: vec![(SeatNumber(1), winner)] };
    let commands = [command];
    let reply = hot.inventory.compensate(&hot.keys, hot.epoch, &commands).await.unwrap();
    let done = reply.outcomes[0].clone().unwrap();
    let reservation = &done.reservation;
    assert_eq!((reservation.state, reservation.cause), (State::Cancelled, Cause::Conflict));
    let [free, sold] = [SeatState::Available, SeatState::Sold];
    assert_eq!(hot.states().await, [free, sold, free, free]);
    let reply = hot.inventory.compensate(&hot.keys, hot.epoch, &commands).await.unwrap();
    assert!(reply.outcomes[0].as_ref().unwrap().replayed);
}

#[tokio::test]
async fn a_sale_that_was_refused_gives_up_all_that_it_had() {
    let hot = Hot::standing(3, &[5], concert()).await;
    let user = UserId::new();
    let held = hot.send(&hot.claim(user, lines_with(&[0, 2], &[(0, 2)]))).await.unwrap();
    let own = Own { id: held.reservation.id, user };
    hot.confirm(own).await.unwrap();
    let commands = [Compensate { id: own.id, cause: Cause::Refused, winners: Vec::new() }];
    for replayed in [false, true] {
        let reply = hot.inventory.compensate(&hot.keys, hot.epoch, &commands).await.unwrap();
        let done = reply.outcomes[0].clone().unwrap();
        let told = (done.reservation.state, done.reservation.cause, done.replayed);
        assert_eq!(told, (State::Cancelled, Cause::Refused, replayed));
    }
    assert_eq!(hot.states().await, [SeatState::Available; 3]);
    assert_eq!(hot.area_counts().await[0].available, 5);
    let again = hot.confirm(own).await;
    assert_eq!(again, Err(Refusal::WrongState { state: State::Cancelled }));
}

#[tokio::test]
async fn a_loser_that_was_cancelled_before_leaves_the_winners_seat_sold_all_the_same() {
    let hot = Hot::new(4).await;
    let own = sale(&hot, &[0, 1, 2]).await;
    hot.cancel(own).await.unwrap();
    let claimed = hot.hold(UserId::new(), &[2]).await;
    let winner = ReservationId::new();
    let seats = [1, 2].map(|seat| (SeatNumber(seat), winner));
    let commands = [Compensate { id: own.id, cause: Cause::Conflict, winners: seats.to_vec() }];
    let entries = hot.log().await.len();
    let [free, held, sold] = [SeatState::Available, SeatState::Held, SeatState::Sold];
    for _ in 0..2 {
        let reply = hot.inventory.compensate(&hot.keys, hot.epoch, &commands).await.unwrap();
        assert!(reply.outcomes[0].as_ref().unwrap().replayed);
        assert_eq!(hot.states().await, [free, sold, held, free], "what is claimed is left alone");
    }
    let log = hot.log().await;
    assert_eq!(log.len(), entries + 1, "the log tells it, once");
    assert_eq!(log.last().unwrap().event, LogEvent::Marker);
    hot.release(claimed).await.unwrap();
    let taken = hot.reserve(UserId::new(), &[1]).await;
    assert!(matches!(taken, Err(Refusal::Unavailable { .. })), "{taken:?}");
}
