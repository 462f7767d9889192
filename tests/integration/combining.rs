//! Commands that travel together: nobody is delayed, forgotten, answered twice or kept waiting by
//! another concert's crowd.

use std::collections::BTreeSet;
use std::sync::Arc;

use frontrow::domain::ids::{ConcertId, UserId};
use frontrow::domain::limits::{COMMANDS_PER_BATCH_MAX, COMMANDS_WAITING_MAX, PARTITIONS};
use frontrow::domain::position::Epoch;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::seat::SeatState;
use frontrow::inventory::combiner::{Combiner, Told, Untold};
use frontrow::inventory::gate::Gate;
use tokio::task::JoinSet;

use crate::support::hot::{Hot, concert};
use crate::support::proxy::Proxy;
use crate::support::redis_db;

fn combiner(hot: &Hot) -> Combiner {
    let gate = Gate::new(PARTITIONS);
    gate.open(&[Epoch::FIRST; PARTITIONS as usize]);
    Combiner::new(hot.inventory.clone(), Arc::new(gate))
}

fn submit(
    combiner: &Combiner,
    hot: &Hot,
    seat: u32,
) -> impl Future<Output = Result<Told, Untold>> + 'static {
    let command = (&hot.command(UserId::new(), &[seat])).into();
    let (combiner, concert) = (combiner.clone(), hot.concert.id);
    async move { combiner.submit(0, concert, command).await }
}

/// A call's commands share the reply, and so its position: there are as many positions as calls.
#[tokio::test]
async fn what_waits_travels_together_and_everybody_is_told_their_own_outcome() {
    const CLAIMS: u32 = 1_000;
    let hot = Hot::new(CLAIMS / 2).await;
    let combiner = combiner(&hot);
    let mut claims = JoinSet::new();
    for claim in 0..CLAIMS {
        let seat = claim / 2;
        let told = submit(&combiner, &hot, seat);
        claims.spawn(async move { (seat, told.await.unwrap()) });
    }
    let (mut calls, mut granted) = (BTreeSet::new(), BTreeSet::new());
    for (seat, told) in claims.join_all().await {
        calls.insert(told.position);
        match told.outcome {
            Ok(done) => {
                assert_eq!(done.reservation.lines.seats[0].seat.0, seat);
                assert!(granted.insert(seat), "seat {seat} was granted twice");
            }
            Err(refusal) => assert!(matches!(refusal, Refusal::Unavailable { .. })),
        }
    }
    assert_eq!(granted.len(), hot.capacity as usize);
    let calls = calls.len() as u32;
    assert!(calls >= CLAIMS / 2 / COMMANDS_PER_BATCH_MAX as u32, "{calls} calls");
    assert!(calls <= CLAIMS / 8, "{calls} calls for {CLAIMS} claims");
}

#[tokio::test]
async fn a_command_runs_although_nobody_waits_for_it_any_more() {
    let hot = Hot::new(400).await;
    let combiner = combiner(&hot);
    let mut waiting = JoinSet::new();
    for seat in 0..400 {
        let told = submit(&combiner, &hot, seat);
        let claim = waiting.spawn(async move { told.await.is_ok() });
        if seat % 2 == 0 {
            // It has begun to wait when it was polled once; then its caller hangs up.
            tokio::task::yield_now().await;
            claim.abort();
        }
    }
    while let Some(told) = waiting.join_next().await {
        assert!(told.unwrap_or(true), "whoever stayed was told");
    }
    // A later command of the line can only be answered after all that waited before it.
    submit(&combiner, &hot, 0).await.unwrap();
    let held = hot.states().await.iter().filter(|state| **state == SeatState::Held).count();
    assert_eq!(held, 400);
}

#[tokio::test]
async fn a_concert_with_a_crowd_keeps_no_other_concert_waiting() {
    let hot = Hot::new(5_000).await;
    let combiner = combiner(&hot);
    let mut crowd = JoinSet::new();
    for seat in 0..5_000 {
        crowd.spawn(submit(&combiner, &hot, seat));
    }
    // All of the crowd stand in line before the other concert's one command.
    tokio::task::yield_now().await;
    let elsewhere = (&hot.command(UserId::new(), &[0])).into();
    let told = combiner.submit(0, ConcertId::new(), elsewhere).await.unwrap();
    assert_eq!(told.outcome, Err(Refusal::NotLoaded), "nobody has loaded that one");
    let mut before = 0;
    while crowd.try_join_next().is_some() {
        before += 1;
    }
    assert!(before < 2_500, "{before} of the crowd were served first");
    assert!(crowd.join_all().await.iter().all(|told| told.as_ref().unwrap().outcome.is_ok()));
}

#[tokio::test]
async fn a_line_that_is_too_long_takes_nobody_more() {
    let url = redis_db().await;
    let port = url.parse::<redis::ConnectionInfo>().unwrap();
    let redis::ConnectionAddr::Tcp(_, port) = port.addr() else { unreachable!("it is on a port") };
    let proxy = Proxy::before(*port).await;
    let hot = Hot::at(&proxy.on_the_way(&url, *port), 1, concert()).await;
    let combiner = combiner(&hot);
    proxy.freeze(true);
    let mut waiting = JoinSet::new();
    for _ in 0..COMMANDS_WAITING_MAX + 2 * COMMANDS_PER_BATCH_MAX + 1 {
        waiting.spawn(submit(&combiner, &hot, 0));
    }
    let told = waiting.join_next().await.unwrap().unwrap();
    assert!(matches!(told, Err(Untold::Crowded)), "{told:?}");
}

#[tokio::test]
async fn whoever_waits_behind_a_call_that_gets_no_answer_gets_none_either_and_is_not_sent() {
    let url = redis_db().await;
    let port = url.parse::<redis::ConnectionInfo>().unwrap();
    let redis::ConnectionAddr::Tcp(_, port) = port.addr() else { unreachable!("it is on a port") };
    let proxy = Proxy::before(*port).await;
    let claims = 10 * COMMANDS_PER_BATCH_MAX as u32;
    let hot = Hot::at(&proxy.on_the_way(&url, *port), claims, concert()).await;
    let combiner = combiner(&hot);
    proxy.freeze(true);
    let mut waiting = JoinSet::new();
    for seat in 0..claims {
        waiting.spawn(submit(&combiner, &hot, seat));
    }
    assert!(waiting.join_all().await.iter().all(|told| matches!(told, Err(Untold::Failed(_)))));
    proxy.freeze(false);
    // A later command of the line is answered after all that was sent before it.
    submit(&combiner, &hot, 0).await.unwrap();
    let held = hot.states().await.iter().filter(|state| **state == SeatState::Held).count();
    assert!(held <= 2 * COMMANDS_PER_BATCH_MAX, "{held} were sent by more than two calls");
}
