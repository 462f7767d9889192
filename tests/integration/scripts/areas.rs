use frontrow::domain::area::{AreaCounts, AreaLeft, AreaNumber};
use frontrow::domain::ids::UserId;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Cause, State};
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::commands::Own;

use crate::support::hot::{Hot, STANDING_MINOR, concert, lines_with};

fn counts(available: u32, held: u32, sold: u32) -> AreaCounts {
    AreaCounts { available, held, sold }
}

async fn hold(hot: &Hot, seats: &[u32], areas: &[(u16, u16)]) -> Result<Own, Refusal> {
    let user = UserId::new();
    let done = hot.send(&hot.claim(user, lines_with(seats, areas))).await?;
    Ok(Own { id: done.reservation.id, user })
}

#[tokio::test]
async fn places_are_held_sold_and_given_back_like_seats() {
    let hot = Hot::standing(0, &[10, 5], concert()).await;
    let bought = hold(&hot, &[], &[(0, 3), (1, 2)]).await.unwrap();
    assert_eq!(hot.area_counts().await, [counts(7, 3, 0), counts(3, 2, 0)]);
    let released = hold(&hot, &[], &[(0, 2)]).await.unwrap();
    let sold = hot.confirm(bought).await.unwrap().reservation;
    assert_eq!(sold.lines.total_minor(), 5 * u64::from(STANDING_MINOR));
    assert_eq!(hot.area_counts().await, [counts(5, 2, 3), counts(3, 0, 2)]);
    hot.release(released).await.unwrap();
    assert_eq!(hot.area_counts().await[0], counts(7, 0, 3));
    hot.cancel(bought).await.unwrap();
    assert_eq!(hot.area_counts().await, [counts(10, 0, 0), counts(5, 0, 0)]);
}

#[tokio::test]
async fn seats_and_places_are_had_together_or_not_at_all() {
    let hot = Hot::standing(4, &[3, 9], concert()).await;
    hold(&hot, &[1], &[(0, 2)]).await.unwrap();
    let refused = hold(&hot, &[0, 1], &[(0, 2), (1, 1)]).await.unwrap_err();
    let areas = vec![AreaLeft { area: AreaNumber(0), left: 1 }];
    assert_eq!(refused, Refusal::Unavailable { seats: vec![SeatNumber(1)], areas });
    assert_eq!(hot.states().await[0], SeatState::Available);
    assert_eq!(hot.area_counts().await, [counts(1, 2, 0), counts(9, 0, 0)]);
    hold(&hot, &[0], &[(0, 1), (1, 1)]).await.unwrap();
}

#[tokio::test]
async fn an_area_that_the_concert_does_not_have_has_nothing_left() {
    let hot = Hot::standing(1, &[3], concert()).await;
    let refused = hold(&hot, &[0], &[(7, 1)]).await.unwrap_err();
    let areas = vec![AreaLeft { area: AreaNumber(7), left: 0 }];
    assert_eq!(refused, Refusal::Unavailable { seats: vec![], areas });
}

#[tokio::test]
async fn places_count_against_the_users_limit() {
    let hot = Hot::standing(4, &[50], concert()).await;
    let user = UserId::new();
    hot.send(&hot.claim(user, lines_with(&[0], &[(0, 4)]))).await.unwrap();
    let refused = hot.send(&hot.claim(user, lines_with(&[], &[(0, 2)]))).await;
    assert_eq!(refused, Err(Refusal::UserLimit { owned: 5, limit: 6 }));
}

#[tokio::test]
async fn in_a_full_area_as_many_overdue_holds_end_as_have_to_and_no_more() {
    let hot = Hot::standing(2, &[5, 5], concert()).await;
    let first = hold(&hot, &[], &[(0, 2)]).await.unwrap();
    let elsewhere = hold(&hot, &[], &[(1, 5)]).await.unwrap();
    hot.advance(5).await;
    let second = hold(&hot, &[0], &[(0, 1)]).await.unwrap();
    hot.advance(5).await;
    let third = hold(&hot, &[], &[(0, 2)]).await.unwrap();
    assert!(hold(&hot, &[], &[(0, 1)]).await.is_err());
    hot.run_out().await;
    hold(&hot, &[], &[(0, 3)]).await.unwrap();

    let state = async |own: Own| {
        let found = hot.inventory.find(&hot.keys, own.id).await.unwrap().unwrap();
        (found.state, found.cause)
    };
    assert_eq!(state(first).await, (State::Expired, Cause::Displaced));
    assert_eq!(state(second).await, (State::Expired, Cause::Displaced));
    assert_eq!(hot.states().await[0], SeatState::Available, "all of a hold ends");
    assert_eq!(state(third).await.0, State::Held, "not in the way");
    assert_eq!(state(elsewhere).await.0, State::Held, "not in the way");
    assert_eq!(hot.area_counts().await, [counts(0, 5, 0), counts(0, 5, 0)]);
}

#[tokio::test]
async fn an_overdue_hold_makes_room_only_for_a_claim_that_is_granted() {
    let hot = Hot::standing(1, &[4], concert()).await;
    let overdue = hold(&hot, &[], &[(0, 4)]).await.unwrap();
    hot.run_out().await;
    hold(&hot, &[0], &[]).await.unwrap();
    assert!(hold(&hot, &[0], &[(0, 1)]).await.is_err(), "the seat is taken");
    let found = hot.inventory.find(&hot.keys, overdue.id).await.unwrap().unwrap();
    assert_eq!(found.state, State::Held);
}

#[tokio::test]
async fn an_extended_hold_is_not_taken_for_an_overdue_one() {
    let hot = Hot::standing(0, &[2], concert()).await;
    let prolonged = hold(&hot, &[], &[(0, 1)]).await.unwrap();
    let plain = hold(&hot, &[], &[(0, 1)]).await.unwrap();
    hot.advance(50_000).await;
    hot.extend(prolonged).await.unwrap();
    hot.advance(20_000).await;
    hold(&hot, &[], &[(0, 1)]).await.unwrap();
    assert!(hold(&hot, &[], &[(0, 1)]).await.is_err(), "nothing else is overdue");
    let state =
        async |own: Own| hot.inventory.find(&hot.keys, own.id).await.unwrap().unwrap().state;
    assert_eq!((state(plain).await, state(prolonged).await), (State::Expired, State::Held));
}

#[tokio::test]
async fn what_was_sold_of_an_area_is_sold_again_after_loading() {
    let hot = Hot::standing(2, &[8], concert()).await;
    let own = hold(&hot, &[1], &[(0, 3)]).await.unwrap();
    let sold = hot.confirm(own).await.unwrap().reservation;
    let next = Hot::standing(2, &[8], concert()).await;
    let token = uuid::Uuid::now_v7();
    let (keys, room) = (&next.keys, frontrow::domain::area::Room { seats: 2, areas: vec![8] });
    let mut connection = next.redis.get_multiplexed_async_connection().await.unwrap();
    let () = redis::cmd("HDEL")
        .arg(keys.meta())
        .arg("epoch")
        .query_async(&mut connection)
        .await
        .unwrap();
    next.inventory.begin_load(keys, 0, next.epoch, token, &room).await.unwrap();
    next.inventory.load_records(keys, 0, token, &[sold]).await.unwrap();
    next.inventory.finish_load(keys, next.epoch, token, &next.concert, 2).await.unwrap();
    assert_eq!(next.area_counts().await, [counts(5, 0, 3)]);
    assert_eq!(next.states().await, [SeatState::Available, SeatState::Sold]);
}
