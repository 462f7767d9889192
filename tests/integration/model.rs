//! The scripts against a small model: whatever is asked in whatever order, Redis answers what the
//! model answers, and ends in the model's state.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Reservation, State};
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::commands::{Own, Reserve};
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use tokio::runtime::Runtime;

use crate::support::hot::{Hot, concert, lines};

const SEATS: u32 = 8;
const USERS: usize = 3;
const KEYS: usize = 4;
const LIMIT: u32 = 4;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// What can be asked. A reservation is named by its user and one of the user's few keys.
#[derive(Clone, Debug)]
enum Ask {
    Reserve {
        user: usize,
        key: usize,
        seats: Vec<u32>,
    },
    Change {
        user: usize,
        owner: usize,
        key: usize,
        seats: Vec<u32>,
    },
    Confirm {
        user: usize,
        owner: usize,
        key: usize,
    },
    Release {
        user: usize,
        owner: usize,
        key: usize,
    },
    Extend {
        user: usize,
        owner: usize,
        key: usize,
    },
    Cancel {
        user: usize,
        owner: usize,
        key: usize,
    },
    /// All holds run out: the model's only notion of time.
    RunOut,
}

#[derive(Clone, Debug)]
struct Entry {
    /// What the key stands for.
    asked: Vec<u32>,
    seats: Vec<u32>,
    state: State,
    extended: bool,
    /// Held, and past its deadline, and nobody has noticed.
    overdue: bool,
    version: u32,
}

/// What is to be expected of one request.
#[derive(Clone, Debug, PartialEq)]
enum Expected {
    Done {
        state: State,
        version: u32,
    },
    Refused(Refusal),
    /// Refused, at a deadline that the model knows nothing of.
    AlreadyExtended,
}

#[derive(Clone, Debug, Default)]
struct Model {
    reservations: BTreeMap<(usize, usize), Entry>,
    expected: Option<Expected>,
}

impl Model {
    fn holder(&self, seat: u32) -> Option<(usize, usize)> {
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
        let holders: Vec<_> =
            seats.iter().filter_map(|&seat| Some((seat, self.holder(seat)?))).collect();
        let taken = holders.iter().filter(|(_, holder)| !self.reservations[holder].overdue);
        let taken: Vec<_> = taken.map(|(seat, _)| SeatNumber(*seat)).collect();
        if !taken.is_empty() {
            return Some(Refusal::Unavailable { seats: taken, areas: vec![] });
        }
        for (_, holder) in holders {
            self.end(holder);
        }
        None
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
        let seats = || proptest::sample::subsequence((0..SEATS).collect::<Vec<_>>(), 1..=3);
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
            1 => own().prop_map(|(user, owner, key)| Ask::Extend { user, owner, key }),
            2 => own().prop_map(|(user, owner, key)| Ask::Cancel { user, owner, key }),
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

struct Scripts {
    hot: Hot,
    users: Vec<UserId>,
}

impl Scripts {
    fn id(&self, owner: usize, key: usize) -> ReservationId {
        ReservationId::from_key(self.users[owner], self.hot.concert.id, &key.to_string())
    }

    async fn ask(&self, ask: &Ask) -> Option<Expected> {
        let own = |user: &usize, owner: &usize, key: &usize| Own {
            id: self.id(*owner, *key),
            user: self.users[*user],
        };
        let hot = &self.hot;
        let outcome = match ask {
            Ask::Reserve { user, key, seats } => {
                let mut fingerprint = [0; 8];
                seats.iter().for_each(|&seat| fingerprint[seat as usize] = 1);
                let command = Reserve {
                    id: self.id(*user, *key),
                    user: self.users[*user],
                    concert_version: 1,
                    fingerprint,
                    lines: lines(seats),
                };
                hot.send(&command).await
            }
            Ask::Change { user, owner, key, seats } => {
                hot.change(own(user, owner, key), lines(seats)).await
            }
            Ask::Confirm { user, owner, key } => hot.confirm(own(user, owner, key)).await,
            Ask::Release { user, owner, key } => hot.release(own(user, owner, key)).await,
            Ask::Extend { user, owner, key } => hot.extend(own(user, owner, key)).await,
            Ask::Cancel { user, owner, key } => hot.cancel(own(user, owner, key)).await,
            Ask::RunOut => {
                self.hot.run_out().await;
                return None;
            }
        };
        Some(match outcome {
            Ok(done) => {
                let Reservation { state, version, .. } = done.reservation;
                Expected::Done { state, version }
            }
            Err(Refusal::AlreadyExtended { .. }) => Expected::AlreadyExtended,
            Err(refusal) => Expected::Refused(refusal),
        })
    }
}

impl StateMachineTest for Scripts {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Model) -> Self {
        let mut terms = concert();
        terms.max_seats_per_user = LIMIT;
        let hot = RUNTIME.block_on(Hot::with(SEATS, terms));
        Self { hot, users: (0..USERS).map(|_| UserId::new()).collect() }
    }

    fn apply(scripts: Self, model: &Model, ask: Ask) -> Self {
        let answered = RUNTIME.block_on(scripts.ask(&ask));
        assert_eq!(answered, model.expected, "{ask:?}");
        scripts
    }

    fn check_invariants(scripts: &Self, model: &Model) {
        let expected = (0..SEATS).map(|seat| {
            let state = model.holder(seat).map(|holder| model.reservations[&holder].state);
            match state {
                Some(State::Held) => SeatState::Held,
                Some(_) => SeatState::Sold,
                None => SeatState::Available,
            }
        });
        let states = RUNTIME.block_on(scripts.hot.states());
        assert_eq!(states, expected.collect::<Vec<_>>());
    }
}

prop_state_machine! {
    #![proptest_config(Config { cases: 32, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_scripts_do_what_the_model_does(sequential 1..40 => Scripts);
}
