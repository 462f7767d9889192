use std::sync::Arc;
use std::time::Instant;

use frontrow::domain::ids::UserId;
use frontrow::domain::log_entry::{Blocking, LogEvent};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Cause, State};
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::organise::{BlockDone, BlockMode};
use tokio::task::JoinSet;

use crate::support::hot::Hot;

async fn send(hot: &Hot, mode: BlockMode, seats: &[u32]) -> Result<BlockDone, Refusal> {
    let seats: Vec<_> = seats.iter().copied().map(SeatNumber).collect();
    let told = hot.inventory.block(&hot.keys, hot.epoch, UserId::new(), mode, &seats).await;
    told.unwrap().outcome
}

fn done(changed: u32, left: &[u32]) -> Result<BlockDone, Refusal> {
    Ok(BlockDone { changed, left: left.iter().copied().map(SeatNumber).collect() })
}

fn unavailable(seats: &[u32]) -> Result<BlockDone, Refusal> {
    let seats = seats.iter().copied().map(SeatNumber).collect();
    Err(Refusal::Unavailable { seats, areas: Vec::new() })
}

/// What the log says of blocked seats.
async fn blockings(hot: &Hot) -> Vec<Blocking> {
    let blocking = |event| match event {
        LogEvent::Blocking(blocking) => Some(blocking),
        _ => None,
    };
    hot.log().await.into_iter().filter_map(|entry| blocking(entry.event)).collect()
}

#[tokio::test]
async fn a_blocked_seat_can_be_claimed_by_nobody_until_it_is_unblocked() {
    let hot = Hot::new(4).await;
    assert_eq!(send(&hot, BlockMode::AllOrNone, &[0, 2]).await, done(2, &[]));
    let refused = hot.reserve(UserId::new(), &[1, 2]).await;
    let seats = vec![SeatNumber(2)];
    assert_eq!(refused, Err(Refusal::Unavailable { seats, areas: Vec::new() }));
    assert_eq!(send(&hot, BlockMode::AllOrNone, &[0, 1, 2]).await, done(1, &[]), "once is enough");
    assert_eq!(send(&hot, BlockMode::Unblock, &[2, 3]).await, done(1, &[]));
    hot.hold(UserId::new(), &[2]).await;
    assert_eq!(send(&hot, BlockMode::Unblock, &[2]).await, done(0, &[]), "a hold is no block");
    let [blocked, held, free] = [SeatState::Blocked, SeatState::Held, SeatState::Available];
    assert_eq!(hot.states().await, [blocked, blocked, held, free]);
    let told = blockings(&hot).await.into_iter().map(|it| (it.blocked, it.seats));
    let told: Vec<_> = told.collect();
    let seats = |seats: &[u32]| seats.iter().copied().map(SeatNumber).collect::<Vec<_>>();
    assert_eq!(told, [(true, seats(&[0, 2])), (true, seats(&[1])), (false, seats(&[2]))]);
}

#[tokio::test]
async fn all_are_blocked_or_none_unless_others_are_to_be_skipped() {
    let hot = Hot::new(6).await;
    let sold = hot.hold(UserId::new(), &[1]).await;
    hot.confirm(sold).await.unwrap();
    hot.hold(UserId::new(), &[3]).await;
    let before = hot.states().await;
    assert_eq!(send(&hot, BlockMode::AllOrNone, &[0, 1, 2, 3]).await, unavailable(&[1, 3]));
    assert_eq!(hot.states().await, before);
    assert_eq!(send(&hot, BlockMode::AllOrNone, &[0, 6]).await, unavailable(&[6]), "no such seat");
    assert_eq!(send(&hot, BlockMode::WhatCanBe, &[0, 1, 2, 3]).await, done(2, &[1, 3]));
    let counts = hot.states().await.iter().filter(|it| **it == SeatState::Blocked).count();
    assert_eq!(counts, 2);
}

#[tokio::test]
async fn an_overdue_hold_is_ended_for_a_block_and_only_for_one_that_comes_about() {
    let hot = Hot::new(4).await;
    let overdue = hot.hold(UserId::new(), &[0, 1]).await;
    hot.run_out().await;
    hot.hold(UserId::new(), &[3]).await;
    assert_eq!(send(&hot, BlockMode::AllOrNone, &[0, 3]).await, unavailable(&[3]));
    let held = hot.inventory.find(&hot.keys, overdue.id).await.unwrap().unwrap();
    assert_eq!(held.state, State::Held, "nothing was done");
    assert_eq!(send(&hot, BlockMode::AllOrNone, &[0, 2]).await, done(2, &[]));
    let ended = hot.inventory.find(&hot.keys, overdue.id).await.unwrap().unwrap();
    assert_eq!((ended.state, ended.cause), (State::Expired, Cause::Displaced));
    let [blocked, free, held] = [SeatState::Blocked, SeatState::Available, SeatState::Held];
    assert_eq!(hot.states().await, [blocked, free, blocked, held]);
}

#[tokio::test]
async fn a_seat_is_never_both_blocked_and_somebodys_however_blocks_and_claims_cross() {
    let seats = 200;
    let hot = Arc::new(Hot::new(seats).await);
    let mut races = JoinSet::new();
    for seat in 0..seats {
        let hot = Arc::clone(&hot);
        races.spawn(async move {
            let claim = hot.command(UserId::new(), &[seat]);
            let block = [seat];
            let (claimed, blocked) =
                tokio::join!(hot.send(&claim), send(&hot, BlockMode::AllOrNone, &block));
            assert!(claimed.is_ok() != blocked.is_ok(), "seat {seat}: {claimed:?} {blocked:?}");
            (seat, blocked.is_ok())
        });
    }
    let states = {
        let outcomes = races.join_all().await;
        let states = hot.states().await;
        outcomes
            .into_iter()
            .map(|(seat, blocked)| (states[seat as usize], blocked))
            .collect::<Vec<_>>()
    };
    for (state, blocked) in states {
        assert_eq!(state, if blocked { SeatState::Blocked } else { SeatState::Held });
    }
}

#[tokio::test]
async fn ten_thousand_seats_are_blocked_in_one_call_and_told_in_entries_of_a_thousand() {
    let hot = Hot::new(12_000).await;
    let seats: Vec<u32> = (0..10_000).collect();
    let begun = Instant::now();
    assert_eq!(send(&hot, BlockMode::AllOrNone, &seats[..5_000]).await, done(5_000, &[]));
    println!("5,000 seats blocked in {:?}", begun.elapsed());
    let begun = Instant::now();
    assert_eq!(send(&hot, BlockMode::AllOrNone, &seats).await, done(5_000, &[]));
    println!("10,000 seats, of which 5,000 new, blocked in {:?}", begun.elapsed());
    let told = blockings(&hot).await;
    assert_eq!(told.iter().map(|it| it.seats.len()).collect::<Vec<_>>(), [1_000; 10]);
    let claims = (10_000..12_000).collect::<Vec<u32>>();
    for four in claims.chunks(4).take(50) {
        hot.hold(UserId::new(), four).await;
    }
    let all: Vec<u32> = (2_000..12_000).collect();
    let left: Vec<u32> = (10_000..10_200).collect();
    assert_eq!(send(&hot, BlockMode::AllOrNone, &all).await, unavailable(&left));
    assert_eq!(send(&hot, BlockMode::WhatCanBe, &all).await, done(1_800, &left));
    assert_eq!(send(&hot, BlockMode::Unblock, &all).await, done(9_800, &[]));
}
