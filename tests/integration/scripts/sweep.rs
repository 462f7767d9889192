use std::time::Duration;

use frontrow::domain::ids::UserId;
use frontrow::domain::reservation::{Cause, State};
use frontrow::domain::seat::SeatState;
use frontrow::inventory::sweep::{Due, Swept};

use crate::support::hot::{Hot, concert};

#[tokio::test]
async fn overdue_holds_are_found_and_ended_and_all_others_are_left_alone() {
    let mut terms = concert();
    terms.hold_seconds = 1;
    let hot = Hot::with(8, terms).await;
    let overdue = hot.hold(UserId::new(), &[0, 1]).await;
    let confirmed = hot.hold(UserId::new(), &[2]).await;
    hot.confirm(confirmed).await.unwrap();
    let next = hot.inventory.deadlines(0, 10).await.unwrap().next_in_ms.unwrap();
    assert!((1..=1_000).contains(&next), "{next}");
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    let fresh = hot.hold(UserId::new(), &[3]).await;

    let due = hot.inventory.deadlines(0, 10).await.unwrap().due;
    assert_eq!(due, [Due { concert: hot.concert.id, ids: vec![overdue.id] }]);
    let ids = [overdue.id, confirmed.id, fresh.id];
    let swept = hot.inventory.sweep(&hot.keys, &ids).await.unwrap();
    assert_eq!(swept, Swept { ended: 1, forgotten: 0 });
    let [free, held, sold] = [SeatState::Available, SeatState::Held, SeatState::Sold];
    assert_eq!(hot.states().await[..4], [free, free, sold, held]);
    let ended = hot.inventory.find(&hot.keys, overdue.id).await.unwrap().unwrap();
    assert_eq!((ended.state, ended.cause), (State::Expired, Cause::Overdue));
    assert!(hot.inventory.deadlines(0, 10).await.unwrap().due.is_empty());
    let again = hot.inventory.sweep(&hot.keys, &ids).await.unwrap();
    assert_eq!(again, Swept::default());
}
