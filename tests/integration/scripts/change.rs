use frontrow::domain::area::AreaCounts;
use frontrow::domain::ids::UserId;
use frontrow::domain::log_entry::{Change, LogEvent, Verb};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::State;
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::commands::Own;

use crate::support::hot::{Hot, concert, lines, lines_with};

use SeatState::{Available, Held};

#[tokio::test]
async fn a_hold_drops_seats_and_takes_others_in_one_step() {
    let hot = Hot::new(6).await;
    let own = hot.hold(UserId::new(), &[0, 1]).await;
    let before = hot.inventory.find(&hot.keys, own.id).await.unwrap().unwrap();
    let changed = hot.change(own, lines(&[1, 4, 5])).await.unwrap().reservation;
    assert_eq!((changed.state, changed.version), (State::Held, 2));
    assert_eq!(changed.lines, lines(&[1, 4, 5]));
    assert_eq!(changed.deadline, before.deadline, "changing wins no time");
    assert_eq!(hot.states().await, [Available, Held, Available, Available, Held, Held]);
    assert_eq!(hot.inventory.owned_by(&hot.keys, own.user).await.unwrap().unwrap(), [changed]);
    hot.hold(UserId::new(), &[0]).await;
    hot.release(own).await.unwrap();
    assert_eq!(hot.states().await, [Held, Available, Available, Available, Available, Available]);
}

#[tokio::test]
async fn the_old_seats_are_kept_if_a_new_one_is_gone() {
    let hot = Hot::new(6).await;
    let own = hot.hold(UserId::new(), &[0, 1]).await;
    hot.hold(UserId::new(), &[4]).await;
    let (states, log) = (hot.states().await, hot.log().await);
    let refused = hot.change(own, lines(&[3, 4])).await;
    let expected = Refusal::Unavailable { seats: vec![SeatNumber(4)], areas: vec![] };
    assert_eq!(refused, Err(expected));
    assert_eq!((hot.states().await, hot.log().await), (states, log));
    let found = hot.inventory.find(&hot.keys, own.id).await.unwrap().unwrap();
    assert_eq!((found.version, found.lines), (1, lines(&[0, 1])));
}

#[tokio::test]
async fn asking_for_what_is_there_changes_nothing() {
    let hot = Hot::new(6).await;
    let own = hot.hold(UserId::new(), &[0, 1]).await;
    let changed = hot.change(own, lines(&[1, 2])).await.unwrap();
    let again = hot.change(own, lines(&[1, 2])).await.unwrap();
    assert_eq!((changed.replayed, again.replayed), (false, true));
    assert_eq!(again.reservation, changed.reservation);
}

#[tokio::test]
async fn the_log_tells_what_a_hold_no_longer_has() {
    let hot = Hot::standing(6, &[9], concert()).await;
    let user = UserId::new();
    let held = hot.send(&hot.claim(user, lines_with(&[0, 1], &[(0, 3)]))).await.unwrap();
    let own = Own { id: held.reservation.id, user };
    let now = hot.change(own, lines_with(&[1, 2], &[(0, 1)])).await.unwrap().reservation;
    let last = hot.log().await.pop().unwrap();
    let dropped = lines_with(&[0], &[(0, 2)]);
    let expected = Change { verb: Verb::Changed, reservation: now, dropped };
    assert_eq!(last.event, LogEvent::Changed(expected));
    assert_eq!(hot.area_counts().await, [AreaCounts { available: 8, held: 1, sold: 0 }]);
}

#[tokio::test]
async fn what_is_kept_keeps_its_price_and_an_area_that_grows_has_a_new_one() {
    let hot = Hot::standing(6, &[9, 9], concert()).await;
    let user = UserId::new();
    let held = hot.send(&hot.claim(user, lines_with(&[0, 1], &[(0, 2), (1, 1)]))).await.unwrap();
    let own = Own { id: held.reservation.id, user };
    let mut dearer = lines_with(&[1, 2], &[(0, 1), (1, 2)]);
    dearer.seats.iter_mut().for_each(|line| line.price_minor = 9_000);
    dearer.areas.iter_mut().for_each(|line| line.price_minor = 3_000);
    let changed = hot.change(own, dearer).await.unwrap().reservation.lines;
    let seats: Vec<_> = changed.seats.iter().map(|line| line.price_minor).collect();
    let areas: Vec<_> = changed.areas.iter().map(|line| line.price_minor).collect();
    assert_eq!((seats, areas), (vec![4_500, 9_000], vec![2_000, 3_000]));
}

#[tokio::test]
async fn while_a_sale_is_paused_a_hold_can_shrink_but_not_grow() {
    let mut hot = Hot::new(6).await;
    let own = hot.hold(UserId::new(), &[0, 1]).await;
    hot.concert.switch = frontrow::domain::concert::SaleSwitch::Paused;
    hot.reconfigure().await;
    assert_eq!(hot.change(own, lines(&[0, 2])).await, Err(Refusal::Paused));
    hot.change(own, lines(&[0])).await.unwrap();
    assert_eq!(hot.states().await[..2], [Held, Available]);
}

#[tokio::test]
async fn a_hold_grows_to_the_users_limit_and_no_further() {
    let hot = Hot::new(20).await;
    let user = UserId::new();
    hot.hold(user, &[9]).await;
    let own = hot.hold(user, &[0, 1, 2]).await;
    let refused = hot.change(own, lines(&[0, 1, 2, 3, 4, 5])).await;
    assert_eq!(refused, Err(Refusal::UserLimit { owned: 4, limit: 6 }));
    hot.change(own, lines(&[3, 4, 5, 6, 7])).await.unwrap();
}

#[tokio::test]
async fn a_hold_beyond_a_limit_that_was_lowered_can_be_swapped_and_shrink_but_not_grow() {
    let mut hot = Hot::new(20).await;
    let user = UserId::new();
    let own = hot.hold(user, &[0, 1, 2, 3]).await;
    hot.concert.max_seats_per_user = 2;
    hot.reconfigure().await;
    let swapped = hot.change(own, lines(&[0, 1, 2, 9])).await.unwrap().reservation;
    assert_eq!(swapped.lines, lines(&[0, 1, 2, 9]));
    let refused = hot.change(own, lines(&[0, 1, 2, 3, 9])).await;
    assert_eq!(refused, Err(Refusal::UserLimit { owned: 4, limit: 2 }));
    hot.change(own, lines(&[5, 6, 7])).await.unwrap();
    let refused = hot.change(own, lines(&[4, 5, 6, 7])).await;
    assert_eq!(refused, Err(Refusal::UserLimit { owned: 3, limit: 2 }));
}

#[tokio::test]
async fn an_overdue_hold_is_displaced_by_a_change_and_cannot_be_changed_itself() {
    let hot = Hot::new(6).await;
    let overdue = hot.hold(UserId::new(), &[3]).await;
    hot.run_out().await;
    assert_eq!(hot.change(overdue, lines(&[4])).await, Err(Refusal::HoldExpired));
    let own = hot.hold(UserId::new(), &[0]).await;
    hot.change(own, lines(&[0, 3])).await.unwrap();
    let found = hot.inventory.find(&hot.keys, overdue.id).await.unwrap().unwrap();
    assert_eq!(found.state, State::Expired);
}

#[tokio::test]
async fn only_a_hold_of_ones_own_can_be_changed() {
    let hot = Hot::new(6).await;
    let own = hot.hold(UserId::new(), &[0]).await;
    let stranger = Own { user: UserId::new(), ..own };
    assert_eq!(hot.change(stranger, lines(&[1])).await, Err(Refusal::NotFound));
    hot.confirm(own).await.unwrap();
    let refused = hot.change(own, lines(&[1])).await;
    assert_eq!(refused, Err(Refusal::WrongState { state: State::Confirmed }));
}
