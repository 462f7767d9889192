//! The scripts against a small model: whatever is asked in whatever order, Redis answers what the
//! model answers, and ends in the model's state.

mod reference;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Reservation, State};
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::commands::{Own, Reserve};
use frontrow::inventory::organise::{BlockDone, BlockMode};
use jiff::Timestamp;
use proptest::test_runner::Config;
use proptest_state_machine::{StateMachineTest, prop_state_machine};
use tokio::runtime::Runtime;

use crate::support::hot::{Hot, concert, lines};
use reference::Model;

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
    /// The organiser ends somebody's reservation.
    Revoke {
        owner: usize,
        key: usize,
        to: State,
    },
    /// The organiser keeps seats back, or gives them to the sale again.
    Block {
        mode: BlockMode,
        seats: Vec<u32>,
    },
    /// The organiser gives all holds more time than anybody can give their own.
    Prolong,
    /// All holds run out: the model's only notion of time.
    RunOut,
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
    /// So many seats have another state now, and these are somebody's.
    Blocked(BlockDone),
    /// So many holds have a later deadline.
    Prolonged(u32),
}

struct Scripts {
    hot: Hot,
    users: Vec<UserId>,
    /// How often holds were prolonged: each time until a later moment, however fast it goes.
    prolonged: AtomicU64,
}

impl Scripts {
    fn id(&self, owner: usize, key: usize) -> ReservationId {
        ReservationId::from_key(self.users[owner], self.hot.concert.id, &key.to_string())
    }

    /// Prolongs every reservation that there may be, until a time beyond what extending reaches and before
    /// all holds run out.
    async fn prolong(&self) -> Expected {
        let hot = &self.hot;
        let last = hot.inventory.last_position(hot.concert.partition).await.unwrap();
        let now_ms = (Timestamp::now().as_millisecond() as u64).max(last.ms);
        let until_ms = now_ms + 100_000 + self.prolonged.fetch_add(1, Ordering::Relaxed);
        let until = Timestamp::from_millisecond(until_ms as i64).unwrap();
        let names = (0..USERS).flat_map(|user| (0..KEYS).map(move |key| (user, key)));
        let ids: Vec<_> = names.map(|(user, key)| self.id(user, key)).collect();
        let told = hot.inventory.prolong(&hot.keys, hot.epoch, until, &ids).await;
        Expected::Prolonged(told.unwrap().outcome.unwrap())
    }

    async fn block(&self, mode: BlockMode, seats: &[u32]) -> Expected {
        let (hot, actor) = (&self.hot, UserId::new());
        let seats: Vec<_> = seats.iter().copied().map(SeatNumber).collect();
        let told = hot.inventory.block(&hot.keys, hot.epoch, actor, mode, &seats).await;
        told.unwrap().outcome.map_or_else(Expected::Refused, Expected::Blocked)
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
            Ask::Revoke { owner, key, to } => hot.revoke(self.id(*owner, *key), *to).await,
            Ask::Block { mode, seats } => return Some(self.block(*mode, seats).await),
            Ask::Prolong => return Some(self.prolong().await),
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
        let users = (0..USERS).map(|_| UserId::new()).collect();
        Self { hot, users, prolonged: AtomicU64::new(0) }
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
                None if model.blocked.contains(&seat) => SeatState::Blocked,
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
