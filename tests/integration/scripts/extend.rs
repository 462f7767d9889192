use frontrow::domain::ids::UserId;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::State;
use jiff::ToSpan;

use crate::support::hot::Hot;

#[tokio::test]
async fn a_hold_is_prolonged_once_and_never_past_twice_its_time() {
    let hot = Hot::new(4).await;
    let own = hot.hold(UserId::new(), &[0]).await;
    let held = hot.inventory.find(&hot.keys, own.id).await.unwrap().unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let extended = hot.extend(own).await.unwrap().reservation;
    assert!(extended.deadline > held.deadline);
    assert!(extended.deadline <= held.held_at + 120.seconds());
    assert_eq!((extended.state, extended.extended), (State::Held, true));
    let deadline = extended.deadline;
    assert_eq!(hot.extend(own).await, Err(Refusal::AlreadyExtended { deadline }));
    let found = hot.inventory.find(&hot.keys, own.id).await.unwrap();
    assert_eq!(found, Some(extended));
}

#[tokio::test]
async fn a_shorter_hold_time_set_meanwhile_takes_nothing_away() {
    let mut hot = Hot::new(4).await;
    let own = hot.hold(UserId::new(), &[0]).await;
    let held = hot.inventory.find(&hot.keys, own.id).await.unwrap().unwrap();
    hot.concert.hold_seconds = 5;
    hot.reconfigure().await;
    assert_eq!(hot.extend(own).await.unwrap().reservation.deadline, held.deadline);
}

#[tokio::test]
async fn only_a_hold_can_be_prolonged() {
    let hot = Hot::new(4).await;
    let own = hot.hold(UserId::new(), &[0]).await;
    hot.confirm(own).await.unwrap();
    assert_eq!(hot.extend(own).await, Err(Refusal::WrongState { state: State::Confirmed }));
}
