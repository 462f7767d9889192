//! Commands in one batch meet each other as if they had come one by one: each sees what those
//! before it changed, although nothing is written before the last.

use frontrow::domain::ids::UserId;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::State;
use frontrow::domain::seat::SeatState;
use frontrow::inventory::commands::{Done, PackedCommand, Reserve, Verb};

use crate::support::hot::{Hot, concert, lines_with};

async fn together(hot: &Hot, commands: &[&Reserve]) -> Vec<Result<Done, Refusal>> {
    let commands: Vec<_> = commands.iter().map(|command| PackedCommand::from(*command)).collect();
    hot.inventory.execute(&hot.keys, hot.epoch, &commands).await.unwrap().outcomes
}

#[tokio::test]
async fn a_users_claims_count_against_each_other() {
    let hot = Hot::new(20).await;
    let user = UserId::new();
    let (one, two) = (hot.command(user, &[0, 1, 2, 3]), hot.command(user, &[4, 5, 6]));
    let outcomes = together(&hot, &[&one, &two]).await;
    assert!(outcomes[0].is_ok());
    assert_eq!(outcomes[1], Err(Refusal::UserLimit { owned: 4, limit: 6 }));
}

#[tokio::test]
async fn the_same_request_twice_is_one_reservation() {
    let hot = Hot::new(2).await;
    let command = hot.command(UserId::new(), &[0]);
    let outcomes = together(&hot, &[&command, &command]).await;
    let replayed: Vec<_> = outcomes.iter().map(|done| done.as_ref().unwrap().replayed).collect();
    assert_eq!(replayed, [false, true]);
    assert_eq!(hot.states().await, [SeatState::Held, SeatState::Available]);
    assert_eq!(hot.log().await.len(), 2, "the marker of the load, and one change");
}

#[tokio::test]
async fn what_an_overdue_hold_leaves_is_there_for_the_next() {
    let hot = Hot::new(4).await;
    hot.hold(UserId::new(), &[0, 1, 2]).await;
    hot.run_out().await;
    let claims = [&[0][..], &[1], &[0, 3], &[2]].map(|seats| hot.command(UserId::new(), seats));
    let outcomes = together(&hot, &claims.each_ref()).await;
    let granted: Vec<_> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(granted, [true, true, false, true]);
    let held = SeatState::Held;
    assert_eq!(hot.states().await, [held, held, held, SeatState::Available]);
}

/// Holds that a batch has ended already make no room a second time, nor hide others that can end.
#[tokio::test]
async fn each_of_several_claims_of_a_full_area_ends_the_overdue_holds_that_it_needs() {
    let hot = Hot::standing(0, &[6], concert()).await;
    let mut overdue = Vec::new();
    for quantity in [1, 2, 3] {
        let done = hot.send(&hot.claim(UserId::new(), lines_with(&[], &[(0, quantity)]))).await;
        overdue.push(done.unwrap().reservation.id);
    }
    hot.run_out().await;
    let claim = |quantity| hot.claim(UserId::new(), lines_with(&[], &[(0, quantity)]));
    let claims = [1, 2, 1, 3, 2].map(claim);
    let outcomes = together(&hot, &claims.each_ref()).await;
    let granted: Vec<_> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(granted, [true, true, true, false, true]);
    let [counts] = hot.area_counts().await.try_into().unwrap();
    assert_eq!((counts.available, counts.held, counts.sold), (0, 6, 0));
    for id in overdue {
        let ended = hot.inventory.find(&hot.keys, id).await.unwrap().unwrap();
        assert_eq!(ended.state, State::Expired);
    }
}

#[tokio::test]
async fn a_hold_that_is_given_back_twice_is_given_back_once() {
    let hot = Hot::standing(2, &[4], concert()).await;
    let claim = hot.claim(UserId::new(), lines_with(&[0], &[(0, 2)]));
    let own = frontrow::inventory::commands::Own {
        id: hot.send(&claim).await.unwrap().reservation.id,
        user: claim.user,
    };
    let twice = [own.packed(Verb::Release), own.packed(Verb::Release)];
    let reply = hot.inventory.execute(&hot.keys, hot.epoch, &twice).await.unwrap();
    let replayed: Vec<_> =
        reply.outcomes.iter().map(|done| done.as_ref().unwrap().replayed).collect();
    assert_eq!(replayed, [false, true]);
    let [counts] = hot.area_counts().await.try_into().unwrap();
    assert_eq!((counts.available, counts.held), (4, 0));
}
