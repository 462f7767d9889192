//! Entries as they come, without a Redis to write them.

use std::collections::HashMap;

use jiff::Timestamp;
use tokio::time::Instant;

use super::ViewError;
use super::follow::Followed;
use super::seats::{Effect, Seats};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::limits::{SEATS_IN_VIEW_MAX, SEATS_PER_MAP_MAX};
use crate::domain::lines::SeatLine;
use crate::domain::log_entry::{Blocking, Change, LogEntry, LogEvent, Verb};
use crate::domain::position::{Epoch, Position};
use crate::domain::reservation::{Cause, Reservation, State};
use crate::domain::seat::{PackedStates, SeatNumber, SeatState};

const CAPACITY: u32 = 6;

fn seats() -> Seats {
    let at = (Epoch::FIRST, position(10));
    Seats::new(at, PackedStates::new(Vec::new(), CAPACITY), &[], &HashMap::new())
}

fn position(ms: u64) -> Position {
    Position { ms, sequence: 0 }
}

fn lines(seats: &[u32]) -> Vec<SeatLine> {
    let line = |&seat| SeatLine { seat: SeatNumber(seat), price_minor: 1 };
    seats.iter().map(line).collect()
}

/// A change of a hold that ends at 100 ms.
fn changed(id: ReservationId, verb: Verb, state: State, has: &[u32], had: &[u32]) -> LogEvent {
    let at = Timestamp::from_millisecond(100).unwrap();
    let reservation = Reservation {
        id,
        concert: ConcertId::new(),
        user: UserId::new(),
        state,
        cause: Cause::User,
        extended: false,
        version: 1,
        fingerprint: [0; 8],
        held_at: at,
        deadline: at,
        confirmed_at: None,
        changed_at: at,
        lines: lines(has).into(),
        payment_reference: String::new(),
    };
    LogEvent::Changed(Change { verb, reservation, dropped: lines(had).into() })
}

fn blocking(blocked: bool, seats: &[u32]) -> LogEvent {
    LogEvent::Blocking(Blocking {
        concert: ConcertId::new(),
        seats: seats.iter().copied().map(SeatNumber).collect(),
        blocked,
        actor: UserId::new(),
        at: Timestamp::UNIX_EPOCH,
    })
}

fn states(seats: &Seats) -> String {
    let letter = |seat| match seats.states().get(SeatNumber(seat)) {
        SeatState::Available => '.',
        SeatState::Held => 'h',
        SeatState::Sold => 's',
        SeatState::Blocked => 'b',
    };
    (0..CAPACITY).map(letter).collect()
}

fn free(seats: &Seats, now_ms: i64) -> Vec<u32> {
    seats.free_at(now_ms).stretches(0..CAPACITY).flatten().collect()
}

#[test]
fn a_changed_hold_has_its_new_seats_and_gives_the_old_ones_back() {
    let (mut seats, id) = (seats(), ReservationId::new());
    let mut at = 10;
    let mut apply = |seats: &mut Seats, event| {
        at += 1;
        seats.apply(&LogEntry { position: position(at), event })
    };
    apply(&mut seats, changed(id, Verb::Reserved, State::Held, &[1, 2], &[]));
    assert_eq!(states(&seats), ".hh...");
    let effect = apply(&mut seats, changed(id, Verb::Changed, State::Held, &[2, 3], &[1]));
    assert_eq!(states(&seats), "..hh..");
    let moved = vec![(SeatNumber(3), SeatState::Held), (SeatNumber(1), SeatState::Available)];
    assert_eq!(effect, Effect::Changed(moved));
    assert_eq!(free(&seats, 99), [0, 1, 4, 5]);
    assert_eq!(free(&seats, 100), [0, 1, 2, 3, 4, 5], "a hold is over at its deadline");
    let holds: Vec<_> = seats.holds_after(99).map(|(at, seats)| (at, seats.len())).collect();
    assert_eq!(holds, [(100, 2)]);
    assert_eq!(seats.holds_after(100).count(), 0);
    // A seat that somebody else has by now is not given back with what it was dropped from.
    let other = ReservationId::new();
    apply(&mut seats, changed(other, Verb::Reserved, State::Held, &[1], &[]));
    apply(&mut seats, changed(id, Verb::Changed, State::Held, &[2], &[1, 3]));
    assert_eq!(states(&seats), ".hh...");
    assert_eq!(seats.holder(SeatNumber(1)), Some(other));
}

#[test]
fn blocked_seats_are_free_when_they_are_unblocked() {
    let mut seats = seats();
    let entry = |ms, event| LogEntry { position: position(ms), event };
    seats.apply(&entry(11, blocking(true, &[0, 5])));
    assert_eq!((states(&seats), free(&seats, 1_000)), ("b....b".into(), vec![1, 2, 3, 4]));
    assert_eq!((seats.holder(SeatNumber(0)), seats.deadline_ms(SeatNumber(0))), (None, None));
    seats.apply(&entry(12, blocking(false, &[5])));
    assert_eq!(states(&seats), "b.....");
}

#[test]
fn what_is_older_changes_nothing_and_what_is_unclear_is_said() {
    let (mut seats, id) = (seats(), ReservationId::new());
    let held = changed(id, Verb::Reserved, State::Held, &[1], &[]);
    let entry = |ms, event| LogEntry { position: position(ms), event };
    assert_eq!(seats.apply(&entry(10, held.clone())), Effect::Nothing);
    assert_eq!((states(&seats), seats.position()), ("......".into(), position(10)));
    assert_eq!(seats.apply(&entry(11, LogEvent::Marker)), Effect::Unclear);
    let beyond = changed(id, Verb::Reserved, State::Held, &[6], &[]);
    assert_eq!(seats.apply(&entry(12, beyond)), Effect::Unclear, "no such seat");
}

#[test]
fn there_is_room_for_so_many_seats_and_who_was_asked_about_longest_ago_makes_it() {
    let (mut followed, since) = (Followed::default(), Instant::now());
    let concerts = (SEATS_IN_VIEW_MAX / u64::from(SEATS_PER_MAP_MAX)) as usize;
    let ids: Vec<_> = (0..=concerts).map(|_| ConcertId::new()).collect();
    let stands = |seats| Seats::new((Epoch::FIRST, position(1)), seats, &[], &HashMap::new());
    let ask = |followed: &mut Followed, id| {
        followed.ask(0, id, SEATS_PER_MAP_MAX, since).map(|_| ())?;
        Ok(followed.unread().len())
    };
    for &id in &ids[..concerts] {
        ask(&mut followed, id).unwrap();
        followed.begin(id, Some(stands(PackedStates::new(Vec::new(), 4))), since);
    }
    // The first is watched, and stays; the second is the one that nobody has asked about since.
    let watched: Vec<_> = ids[..1].iter().map(|&id| followed.subscribe(id).unwrap()).collect();
    assert_eq!(ask(&mut followed, ids[concerts]), Ok(1));
    assert!(followed.subscribe(ids[0]).is_some() && followed.subscribe(ids[1]).is_none());
    let more: Vec<_> = ids[2..concerts].iter().map(|&id| followed.subscribe(id).unwrap()).collect();
    assert_eq!(ask(&mut followed, ids[1]), Ok(1), "only the newest made room");
    followed.begin(ids[1], Some(stands(PackedStates::new(Vec::new(), 4))), since);
    let last = followed.subscribe(ids[1]).unwrap();
    assert_eq!(ask(&mut followed, ids[concerts]), Err(ViewError::Full));
    drop((watched, more, last));
    assert_eq!(ask(&mut followed, ids[concerts]), Ok(1));
}
