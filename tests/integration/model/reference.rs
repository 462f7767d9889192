//! The model: what the scripts should answer, in a few words and without any store.

use std::collections::{BTreeMap, BTreeSet};

use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::State;
use frontrow::domain::seat::SeatNumber;
use frontrow::inventory::organise::{BlockDone, BlockMode};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest_state_machine::ReferenceStateMachine;

use super::{Ask, Expected, KEYS, LIMIT, SEATS, USERS};

#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// What the key stands for.
    asked: Vec<u32>,
    seats: Vec<u32>,
    pub(super) state: State,
    extended: bool,
    /// Held for longer than its owner could prolong it to.
    prolonged: bool,
    /// Held, and past its deadline, and nobody has noticed.
    overdue: bool,
    version: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) reservations: BTreeMap<(usize, usize), Entry>,
    pub(super) blocked: BTreeSet<u32>,
    pub(super) expected: Option<Expected>,
}

impl Model {
    pub(super) fn holder(&self, seat: u32) -> Option<(usize, usize)> {
        let live = |entry: &Entry| {
            matches!(entry.state, State::Held | State::Confirmed) && entry.seats.contains(&seat)
        };
        self.reservations.iter().find(|(_, entry)| live(entry)).map(|(name, _)| *name)
    }

    fn reserve(&mut self, user: usize, key: usize, seats: &[u32]) -> Expected {
        if let Some(entry) = self.reservations.get(&(user, key)) {
            if entry.asked != seats {
                return Expected::Refused(Refusal::KeyReused);
            }
            return Expected::Done { state: entry.shown(), version: entry.version };
        }
        if let Some(refusal) = self.claim(user, seats, seats.len() as u32) {
            return Expected::Refused(refusal);
        }
        let entry = Entry {
            asked: seats.to_vec(),
            seats: seats.to_vec(),
            state: State::Held,
            extended: false,
            prolonged: false,
            overdue: false,
            version: 1,
        };
        self.reservations.insert((user, key), entry);
        Expected::Done { state: State::Held, version: 1 }
    }

    /// Takes seats for somebody who then has `more` places than before, ending overdue holds on them.
    fn claim(&mut self, user: usize, seats: &[u32], more: u32) -> Option<Refusal> {
        let own = self.reservations.iter().filter(|((owner, _), _)| *owner == user);
        let owned = own.map(|(_, entry)| entry.counted()).sum::<u32>();
        if owned + more > LIMIT {
            return Some(Refusal::UserLimit { owned, limit: LIMIT });
        }
        let taken = seats.iter().filter(|seat| self.blocked.contains(seat) || self.is_had(**seat));
        let taken: Vec<_> = taken.map(|&seat| SeatNumber(seat)).collect();
        if !taken.is_empty() {
            return Some(Refusal::Unavailable { seats: taken, areas: vec![] });
        }
        self.end_overdue(seats);
        None
    }

    /// Whether somebody has a seat, and not only in name.
    fn is_had(&self, seat: u32) -> bool {
        self.holder(seat).is_some_and(|holder| !self.reservations[&holder].overdue)
    }

    fn end_overdue(&mut self, seats: &[u32]) {
        for &seat in seats {
            if let Some(holder) = self.holder(seat).filter(|it| self.reservations[it].overdue) {
                self.end(holder);
            }
        }
    }

    fn block(&mut self, mode: BlockMode, seats: &[u32]) -> Expected {
        let before = self.blocked.len();
        if mode == BlockMode::Unblock {
            self.blocked.retain(|seat| !seats.contains(seat));
            let changed = (before - self.blocked.len()) as u32;
            return Expected::Blocked(BlockDone { changed, left: vec![] });
        }
        let (had, free): (Vec<u32>, Vec<u32>) =
            seats.iter().copied().partition(|&seat| self.is_had(seat));
        let left: Vec<_> = had.into_iter().map(SeatNumber).collect();
        if mode == BlockMode::AllOrNone && !left.is_empty() {
            return Expected::Refused(Refusal::Unavailable { seats: left, areas: vec![] });
        }
        self.end_overdue(&free);
        self.blocked.extend(free);
        let changed = (self.blocked.len() - before) as u32;
        Expected::Blocked(BlockDone { changed, left })
    }

    fn prolong(&mut self) -> Expected {
        let entries = self.reservations.values_mut();
        let held: Vec<_> = entries.filter(|entry| entry.shown() == State::Held).collect();
        let prolonged = Expected::Prolonged(held.len() as u32);
        for entry in held {
            (entry.prolonged, entry.version) = (true, entry.version + 1);
        }
        prolonged
    }

    /// Whoever it belongs to, an organiser ends it.
    fn revoke(&mut self, owner: usize, key: usize, to: State) -> Expected {
        let Some(entry) = self.reservations.get_mut(&(owner, key)) else {
            return Expected::Refused(Refusal::NotFound);
        };
        entry.state = match (to, entry.state) {
            (State::Released, State::Released | State::Expired) => return entry.again(),
            (State::Released, State::Held) if entry.overdue => State::Expired,
            (State::Released, State::Held) => State::Released,
            (State::Cancelled, State::Cancelled) => return entry.again(),
            (State::Cancelled, State::Confirmed) => State::Cancelled,
            (_, state) => return Expected::Refused(Refusal::WrongState { state }),
        };
        entry.overdue = false;
        entry.version += 1;
        entry.again()
    }

    fn exchange(&mut self, user: usize, owner: usize, key: usize, seats: &[u32]) -> Expected {
        let entry = self.reservations.get(&(owner, key)).filter(|_| owner == user);
        let Some(entry) = entry else {
            return Expected::Refused(Refusal::NotFound);
        };
        match entry.shown() {
            State::Held if entry.seats == seats => return entry.again(),
            State::Held => {}
            State::Expired => return Expected::Refused(Refusal::HoldExpired),
            state => return Expected::Refused(Refusal::WrongState { state }),
        }
        let added: Vec<_> =
            seats.iter().copied().filter(|seat| !entry.seats.contains(seat)).collect();
        let more = seats.len().saturating_sub(entry.seats.len()) as u32;
        let refusal = match added.is_empty() {
            true => None,
            false => self.claim(user, &added, more),
        };
        if let Some(refusal) = refusal {
            return Expected::Refused(refusal);
        }
        let entry = self.reservations.get_mut(&(owner, key)).unwrap();
        entry.seats = seats.to_vec();
        entry.version += 1;
        Expected::Done { state: State::Held, version: entry.version }
    }

    fn end(&mut self, name: (usize, usize)) {
        let entry = self.reservations.get_mut(&name).unwrap();
        if entry.state == State::Held {
            entry.state = State::Expired;
            entry.version += 1;
        }
        entry.overdue = false;
    }

    /// Confirm, release, extend and cancel: by the state that the reservation shows.
    fn change(&mut self, ask: &Ask, user: usize, owner: usize, key: usize) -> Expected {
        let entry = self.reservations.get_mut(&(owner, key)).filter(|_| owner == user);
        let Some(entry) = entry else {
            return Expected::Refused(Refusal::NotFound);
        };
        let shown = entry.shown();
        let to = match (ask, shown) {
            (Ask::Confirm { .. }, State::Held) => State::Confirmed,
            (Ask::Confirm { .. }, State::Confirmed) => return entry.again(),
            (Ask::Release { .. }, State::Held) => State::Released,
            (Ask::Release { .. }, State::Expired) if entry.overdue => State::Expired,
            (Ask::Release { .. }, State::Released | State::Expired) => return entry.again(),
            (Ask::Extend { .. }, State::Held) if entry.extended => {
                return Expected::AlreadyExtended;
            }
            (Ask::Extend { .. }, State::Held) if entry.prolonged => return entry.again(),
            (Ask::Extend { .. }, State::Held) => State::Held,
            (Ask::Cancel { .. }, State::Confirmed) => State::Cancelled,
            (Ask::Cancel { .. }, State::Cancelled) => return entry.again(),
            (Ask::Confirm { .. } | Ask::Extend { .. }, State::Expired) => {
                return Expected::Refused(Refusal::HoldExpired);
            }
            // What nobody has noticed to be overdue is still stored as held.
            (_, State::Expired) if entry.overdue => {
                return Expected::Refused(Refusal::WrongState { state: State::Held });
            }
            (_, state) => return Expected::Refused(Refusal::WrongState { state }),
        };
        entry.extended |= matches!(ask, Ask::Extend { .. });
        entry.state = to;
        entry.overdue = false;
        entry.version += 1;
        Expected::Done { state: to, version: entry.version }
    }
}

impl Entry {
    fn shown(&self) -> State {
        if self.overdue { State::Expired } else { self.state }
    }

    fn again(&self) -> Expected {
        Expected::Done { state: self.shown(), version: self.version }
    }

    fn counted(&self) -> u32 {
        let live = matches!(self.shown(), State::Held | State::Confirmed);
        if live { self.seats.len() as u32 } else { 0 }
    }
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Ask;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Ask> {
        let seats = || subsequence((0..SEATS).collect::<Vec<_>>(), 1..=3);
        let own = || {
            (0..USERS, 0..KEYS, prop::bool::weighted(0.1)).prop_map(|(owner, key, other)| {
                (if other { (owner + 1) % USERS } else { owner }, owner, key)
            })
        };
        prop_oneof![
            5 => (0..USERS, 0..KEYS, seats())
                .prop_map(|(user, key, seats)| Ask::Reserve { user, key, seats }),
            3 => (own(), seats())
                .prop_map(|((user, owner, key), seats)| Ask::Change { user, owner, key, seats }),
            3 => own().prop_map(|(user, owner, key)| Ask::Confirm { user, owner, key }),
            2 => own().prop_map(|(user, owner, key)| Ask::Release { user, owner, key }),
            3 => own().prop_map(|(user, owner, key)| Ask::Extend { user, owner, key }),
            2 => own().prop_map(|(user, owner, key)| Ask::Cancel { user, owner, key }),
            2 => (0..USERS, 0..KEYS, select(vec![State::Released, State::Cancelled]))
                .prop_map(|(owner, key, to)| Ask::Revoke { owner, key, to }),
            3 => (select(vec![BlockMode::AllOrNone, BlockMode::WhatCanBe, BlockMode::Unblock]), seats())
                .prop_map(|(mode, seats)| Ask::Block { mode, seats }),
            2 => Just(Ask::Prolong),
            1 => Just(Ask::RunOut),
        ]
        .boxed()
    }

    fn apply(mut model: Self, ask: &Ask) -> Self {
        let expected = match ask {
            Ask::Reserve { user, key, seats } => Some(model.reserve(*user, *key, seats)),
            Ask::Change { user, owner, key, seats } => {
                Some(model.exchange(*user, *owner, *key, seats))
            }
            Ask::Confirm { user, owner, key }
            | Ask::Release { user, owner, key }
            | Ask::Extend { user, owner, key }
            | Ask::Cancel { user, owner, key } => Some(model.change(ask, *user, *owner, *key)),
            Ask::Revoke { owner, key, to } => Some(model.revoke(*owner, *key, *to)),
            Ask::Block { mode, seats } => Some(model.block(*mode, seats)),
            Ask::Prolong => Some(model.prolong()),
            Ask::RunOut => {
                let entries = model.reservations.values_mut();
                entries.for_each(|entry| entry.overdue = entry.state == State::Held);
                None
            }
        };
        model.expected = expected;
        model
    }
}
