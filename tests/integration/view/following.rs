//! Snapshots and entries together are what Redis has, wherever the view begins.

use frontrow::domain::ids::UserId;
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::reservation::{Cause, State};
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::commands::{Compensate, Own};
use frontrow::inventory::organise::BlockMode;
use frontrow::inventory::view::ViewChange;

use super::{Watcher, states_of};
use crate::support::hot::{Hot, concert, lines};
use crate::support::redis_db;

#[tokio::test]
async fn every_verb_reaches_the_view() {
    let hot = Hot::new(12).await;
    let mut early = Watcher::of(&hot);
    early.assert_right(&hot).await;
    let user = UserId::new();
    let (kept, given_back) = (hot.hold(user, &[0, 1]).await, hot.hold(user, &[2]).await);
    let sold = hot.hold(UserId::new(), &[3, 4, 5]).await;
    let seats = early.assert_right(&hot).await;
    assert_eq!(seats.holder(SeatNumber(1)), Some(kept.id));
    let deadline_ms = seats.deadline_ms(SeatNumber(1)).unwrap();
    hot.extend(kept).await.unwrap();
    hot.release(given_back).await.unwrap();
    hot.confirm(sold).await.unwrap();
    let seats = early.assert_right(&hot).await;
    assert!(seats.deadline_ms(SeatNumber(1)).unwrap() > deadline_ms);
    assert_eq!((seats.holder(SeatNumber(2)), seats.deadline_ms(SeatNumber(4))), (None, None));
    hot.cancel(sold).await.unwrap();
    hot.inventory.sweep(&hot.keys, &[kept.id]).await.unwrap();
    early.assert_right(&hot).await;
    // Whoever begins now has all of that from the snapshot.
    let seats = Watcher::of(&hot).assert_right(&hot).await;
    assert_eq!(seats.holder(SeatNumber(0)), Some(kept.id));
    assert!(seats.deadline_ms(SeatNumber(0)).unwrap() > deadline_ms);
}

#[tokio::test]
async fn a_hold_that_is_over_is_free_before_anybody_ends_it_and_its_next_holder_has_it() {
    let hot = Hot::new(4).await;
    let mut watcher = Watcher::of(&hot);
    hot.hold(UserId::new(), &[1, 2]).await;
    let (_, free) = watcher.look(&hot).await.unwrap();
    assert_eq!(free, [0, 3]);
    hot.run_out().await;
    let (seats, free) = watcher.look(&hot).await.unwrap();
    assert_eq!(seats.states().get(SeatNumber(1)), SeatState::Held);
    assert_eq!(free, [0, 1, 2, 3]);
    let next = hot.hold(UserId::new(), &[2]).await;
    let seats = watcher.assert_right(&hot).await;
    assert_eq!((seats.holder(SeatNumber(1)), seats.holder(SeatNumber(2))), (None, Some(next.id)));
}

#[tokio::test]
async fn entries_from_before_the_snapshot_change_nothing() {
    let redis = redis_db().await;
    let other = Hot::at(&redis, 4, concert()).await;
    let hot = Hot::at(&redis, 4, concert()).await;
    let mut watcher = Watcher::of(&other);
    // From here on the view reads the partition's log: all that follows is before the snapshot, and
    // yet to be read, in more than one reading.
    watcher.look(&other).await.unwrap();
    for _ in 0..600 {
        let own = hot.hold(UserId::new(), &[2]).await;
        hot.release(own).await.unwrap();
    }
    let kept = hot.hold(UserId::new(), &[2]).await;
    let place = (hot.concert.partition, hot.concert.id);
    let look = watcher.view.look(place, hot.capacity, |sight| sight.seats.clone());
    let (seen, read) = tokio::join!(look, async {
        tokio::task::yield_now().await;
        watcher.reader.read().await
    });
    assert!(read.unwrap(), "there is more to be read");
    let seats = seen.unwrap().unwrap();
    assert_eq!(seats.holder(SeatNumber(2)), Some(kept.id));
    hot.release(kept).await.unwrap();
    watcher.reader.read().await.unwrap();
    watcher.assert_right(&hot).await;
}

#[tokio::test]
async fn a_sale_that_lost_a_conflict_leaves_the_winners_their_seats() {
    let hot = Hot::new(4).await;
    let mut watcher = Watcher::of(&hot);
    let loser = hot.hold(UserId::new(), &[0, 1]).await;
    hot.confirm(loser).await.unwrap();
    watcher.assert_right(&hot).await;
    let winner = Own { user: UserId::new(), ..hot.hold(UserId::new(), &[3]).await };
    let compensate = Compensate {
        id: loser.id,
        cause: Cause::Conflict,
        winners: vec![(SeatNumber(0), winner.id)],
    };
    hot.inventory.compensate(&hot.keys, hot.epoch, &[compensate]).await.unwrap();
    let seats = watcher.assert_right(&hot).await;
    assert_eq!(seats.holder(SeatNumber(0)), Some(winner.id));
    assert_eq!(seats.holder(SeatNumber(1)), None);
}

#[tokio::test]
async fn a_log_that_was_trimmed_beyond_the_reader_is_not_a_gap() {
    let hot = Hot::new(4).await;
    let mut watcher = Watcher::of(&hot);
    watcher.assert_right(&hot).await;
    hot.hold(UserId::new(), &[0]).await;
    hot.hold(UserId::new(), &[1]).await;
    let mut connection = hot.redis.get_multiplexed_async_connection().await.unwrap();
    let mut trim = redis::cmd("XTRIM");
    trim.arg(hot.keys.log()).arg("MAXLEN").arg(1);
    let trimmed: u32 = trim.query_async(&mut connection).await.unwrap();
    assert!(trimmed > 1, "the entry that the view read last is gone, and the next one");
    watcher.reader.read().await.unwrap();
    watcher.assert_right(&hot).await;
}

#[tokio::test]
async fn a_rebuilt_partition_is_read_anew_in_its_epoch() {
    let hot = Hot::new(4).await;
    let mut watcher = Watcher::of(&hot);
    hot.hold(UserId::new(), &[0]).await;
    assert_eq!(watcher.assert_right(&hot).await.epoch(), Epoch::FIRST);
    let last = hot.inventory.last_position(0).await.unwrap();
    let first = Position { ms: last.ms + 1, sequence: 0 };
    let mut verification = hot.inventory.begin_verification().await.unwrap();
    assert!(verification.reset(0, last, Epoch::FIRST.next(), first).await.unwrap());
    watcher.reader.read().await.unwrap();
    assert!(watcher.look(&hot).await.is_none(), "it is not loaded any more");
    let token = uuid::Uuid::now_v7();
    let (inventory, epoch) = (&hot.inventory, Epoch::FIRST.next());
    let room = frontrow::domain::area::Room::of_seats(4);
    inventory.begin_load(&hot.keys, 0, epoch, token, &room).await.unwrap();
    assert!(watcher.look(&hot).await.is_none(), "it is being loaded");
    inventory.finish_load(&hot.keys, epoch, token, &hot.concert, 4).await.unwrap();
    let seats = watcher.assert_right(&hot).await;
    assert_eq!(seats.epoch(), epoch);
    assert_eq!(states_of(&seats, 4), [SeatState::Available; 4]);
}

#[tokio::test]
async fn other_terms_of_a_concert_change_no_seat() {
    let mut hot = Hot::new(4).await;
    let mut watcher = Watcher::of(&hot);
    hot.hold(UserId::new(), &[0]).await;
    watcher.assert_right(&hot).await;
    hot.reconfigure().await;
    watcher.reader.read().await.unwrap();
    watcher.assert_right(&hot).await;
}

#[tokio::test]
async fn whoever_subscribes_gets_every_change_in_order_from_there_on() {
    let mut hot = Hot::new(6).await;
    let mut watcher = Watcher::of(&hot);
    hot.hold(UserId::new(), &[0]).await;
    watcher.look(&hot).await;
    let place = (hot.concert.partition, hot.concert.id);
    let (begun, mut changes) = watcher.view.subscribe(place, 6).await.unwrap().unwrap();
    let mut states = states_of(&begun, 6);
    let mut last = begun.position();
    for seats in [&[1, 2][..], &[3], &[4, 5]] {
        let own = hot.hold(UserId::new(), seats).await;
        hot.confirm(own).await.unwrap();
    }
    watcher.reader.read().await.unwrap();
    for _ in 0..6 {
        let ViewChange::Seats { position, seats } = changes.try_recv().unwrap() else {
            panic!("nothing was lost")
        };
        assert!(position > last, "in order");
        last = position;
        seats.into_iter().for_each(|(seat, state)| states[seat.0 as usize] = state);
    }
    assert_eq!(states, hot.states().await);
    hot.reconfigure().await;
    watcher.reader.read().await.unwrap();
    assert_eq!(changes.try_recv(), Ok(ViewChange::Resynchronise));
}

/// A walk through all verbs in an order that is the same every time.
struct Walk {
    state: u64,
    owns: Vec<Own>,
}

impl Walk {
    fn below(&mut self, bound: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.state >> 33) % bound
    }

    async fn step(&mut self, hot: &Hot) {
        let capacity = u64::from(hot.capacity);
        let (kind, first) = (self.below(11), self.below(capacity) as u32);
        let own = self.below(self.owns.len().max(1) as u64) as usize;
        match (kind, self.owns.get(own).copied()) {
            (3, Some(own)) => drop(hot.confirm(own).await),
            (4, Some(own)) => drop(hot.release(own).await),
            (5, Some(own)) => drop(hot.extend(own).await),
            (6, Some(own)) => drop(hot.cancel(own).await),
            (7, Some(own)) => drop(hot.change(own, lines(&[first])).await),
            (8, Some(_)) => block(hot, BlockMode::WhatCanBe, first).await,
            (9, Some(_)) => block(hot, BlockMode::Unblock, first).await,
            (10, Some(_)) if self.below(4) == 0 => {
                hot.run_out().await;
                let ids: Vec<_> = self.owns.iter().map(|own| own.id).step_by(2).collect();
                hot.inventory.sweep(&hot.keys, &ids).await.unwrap();
            }
            _ => {
                let second = (first + 1 + self.below(capacity - 1) as u32) % hot.capacity;
                let user = UserId::new();
                if let Ok(done) = hot.reserve(user, &[first.min(second), first.max(second)]).await {
                    self.owns.push(Own { id: done.reservation.id, user });
                }
            }
        }
    }
}

/// Blocks, or unblocks, some seats in a row.
async fn block(hot: &Hot, mode: BlockMode, first: u32) {
    let seats: Vec<_> = (first..hot.capacity.min(first + 3)).map(SeatNumber).collect();
    let blocked = hot.inventory.block(&hot.keys, hot.epoch, UserId::new(), mode, &seats).await;
    blocked.unwrap().outcome.unwrap();
}

#[tokio::test]
async fn whatever_happens_in_whatever_order_the_view_is_what_redis_says() {
    let hot = Hot::new(16).await;
    let mut walk = Walk { state: 7, owns: Vec::new() };
    let mut watchers = vec![Watcher::of(&hot)];
    for round in 0..60 {
        for _ in 0..8 {
            walk.step(&hot).await;
        }
        if round % 20 == 10 {
            watchers.push(Watcher::of(&hot));
        }
        for watcher in &mut watchers {
            let seats = watcher.assert_right(&hot).await;
            for seat in (0..hot.capacity).map(SeatNumber) {
                let Some(holder) = seats.holder(seat) else { continue };
                let record = hot.inventory.find(&hot.keys, holder).await.unwrap().unwrap();
                let deadline = seats.deadline_ms(seat);
                let held = record.state == State::Held;
                let expected = held.then(|| record.deadline.as_millisecond());
                assert_eq!(deadline, expected, "{record:?}");
            }
        }
    }
}
