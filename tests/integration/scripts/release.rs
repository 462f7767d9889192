use frontrow::domain::ids::UserId;
use frontrow::domain::reservation::State;
use frontrow::domain::seat::SeatState;

use crate::support::hot::Hot;

#[tokio::test]
async fn a_released_seat_can_be_claimed_at_once_and_releasing_twice_is_the_same_answer_twice() {
    let hot = Hot::new(4).await;
    let user = UserId::new();
    let own = hot.hold(user, &[0, 3]).await;
    let first = hot.release(own).await.unwrap();
    assert_eq!(first.reservation.state, State::Released);
    assert_eq!(hot.states().await, [SeatState::Available; 4]);
    hot.hold(UserId::new(), &[0]).await;
    let again = hot.release(own).await.unwrap();
    assert_eq!((again.replayed, again.reservation), (true, first.reservation));
    assert_eq!(hot.states().await[0], SeatState::Held, "the next holder keeps the seat");
    assert!(hot.inventory.owned_by(&hot.keys, user).await.unwrap().unwrap().is_empty());
}
