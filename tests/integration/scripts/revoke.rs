use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Cause, Reservation, State};
use frontrow::domain::seat::SeatState;
use frontrow::inventory::commands::Done;
use jiff::{Timestamp, ToSpan};

use crate::support::hot::{Hot, concert};

async fn revoke(hot: &Hot, id: ReservationId, to: State) -> Result<Done, Refusal> {
    let reply = hot.inventory.revoke(&hot.keys, hot.epoch, id, to).await.unwrap();
    reply.outcomes.into_iter().next().unwrap()
}

fn ended(done: &Result<Done, Refusal>) -> (State, Cause, bool) {
    let Done { reservation: Reservation { state, cause, .. }, replayed } = done.as_ref().unwrap();
    (*state, *cause, *replayed)
}

#[tokio::test]
async fn anybodys_hold_is_released_and_anybodys_sale_cancelled_also_late() {
    let mut terms = concert();
    terms.cancel_until = Timestamp::now() - 1.second();
    let hot = Hot::with(4, terms).await;
    let held = hot.hold(UserId::new(), &[0, 1]).await;
    let sold = hot.hold(UserId::new(), &[2]).await;
    hot.confirm(sold).await.unwrap();
    assert_eq!(hot.cancel(sold).await, Err(Refusal::TooLateToCancel), "its owner no longer can");
    for replayed in [false, true] {
        let released = revoke(&hot, held.id, State::Released).await;
        assert_eq!(ended(&released), (State::Released, Cause::Organiser, replayed));
        let cancelled = revoke(&hot, sold.id, State::Cancelled).await;
        assert_eq!(ended(&cancelled), (State::Cancelled, Cause::Organiser, replayed));
    }
    assert_eq!(hot.states().await, [SeatState::Available; 4]);
    let none = hot.inventory.owned_by(&hot.keys, sold.user).await.unwrap();
    assert_eq!(none, Some(Vec::new()));
}

#[tokio::test]
async fn each_ends_only_what_it_is_for() {
    let hot = Hot::new(4).await;
    let held = hot.hold(UserId::new(), &[0]).await;
    let sold = hot.hold(UserId::new(), &[1]).await;
    hot.confirm(sold).await.unwrap();
    let wrong = |state| Err(Refusal::WrongState { state });
    assert_eq!(revoke(&hot, held.id, State::Cancelled).await, wrong(State::Held));
    assert_eq!(revoke(&hot, sold.id, State::Released).await, wrong(State::Confirmed));
    let nobodys = revoke(&hot, ReservationId::new(), State::Released).await;
    assert_eq!(nobodys, Err(Refusal::NotFound));
    hot.run_out().await;
    let overdue = revoke(&hot, held.id, State::Released).await;
    assert_eq!(ended(&overdue), (State::Expired, Cause::Overdue, false));
    assert_eq!(hot.states().await[..2], [SeatState::Available, SeatState::Sold]);
}
