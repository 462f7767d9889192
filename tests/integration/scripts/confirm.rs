use std::time::Duration;

use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::State;
use frontrow::domain::seat::SeatState;
use frontrow::inventory::commands::Own;

use crate::support::hot::{Hot, concert};

#[tokio::test]
async fn a_hold_becomes_a_sale_and_confirming_twice_is_the_same_answer_twice() {
    let hot = Hot::new(4).await;
    let own = hot.hold(UserId::new(), &[1, 2]).await;
    let first = hot.confirm(own).await.unwrap();
    assert_eq!((first.reservation.state, first.reservation.version), (State::Confirmed, 2));
    assert!(first.reservation.confirmed_at.is_some());
    assert_eq!(hot.states().await[1..3], [SeatState::Sold; 2]);
    let again = hot.confirm(own).await.unwrap();
    assert_eq!((again.replayed, again.reservation), (true, first.reservation));
    assert_eq!(hot.release(own).await, Err(Refusal::WrongState { state: State::Confirmed }));
}

#[tokio::test]
async fn anothers_reservation_does_not_exist() {
    let hot = Hot::new(4).await;
    let own = hot.hold(UserId::new(), &[1]).await;
    let stranger = Own { user: UserId::new(), ..own };
    assert_eq!(hot.confirm(stranger).await, Err(Refusal::NotFound));
    assert_eq!(hot.release(stranger).await, Err(Refusal::NotFound));
    assert_eq!(hot.extend(stranger).await, Err(Refusal::NotFound));
    assert_eq!(hot.cancel(stranger).await, Err(Refusal::NotFound));
    let unknown = Own { id: ReservationId::new(), ..own };
    assert_eq!(hot.confirm(unknown).await, Err(Refusal::NotFound));
    assert_eq!(hot.states().await[1], SeatState::Held);
}

#[tokio::test]
async fn past_its_deadline_a_hold_cannot_be_confirmed_although_nothing_has_ended_it() {
    let mut terms = concert();
    terms.hold_seconds = 1;
    let hot = Hot::with(4, terms).await;
    let own = hot.hold(UserId::new(), &[1]).await;
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert_eq!(hot.confirm(own).await, Err(Refusal::HoldExpired));
    assert_eq!(hot.extend(own).await, Err(Refusal::HoldExpired));
    assert_eq!(hot.release(own).await.unwrap().reservation.state, State::Expired);
    assert_eq!(hot.states().await[1], SeatState::Available);
}

#[tokio::test]
async fn what_was_given_back_cannot_be_confirmed() {
    let hot = Hot::new(4).await;
    let own = hot.hold(UserId::new(), &[1]).await;
    hot.release(own).await.unwrap();
    assert_eq!(hot.confirm(own).await, Err(Refusal::WrongState { state: State::Released }));
}
