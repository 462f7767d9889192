//! The ways to book a seat, one a file: what each needs, how it books, and who has a seat in the end.

mod lua;
mod naive;
mod optimistic;
mod optimistic_concert;
mod optimistic_retry;
mod pessimistic;
mod pessimistic_skip_locked;
mod policy;
mod realtime;
mod redlock;

pub use lua::Lua;
pub use naive::Naive;
pub use optimistic::Optimistic;
pub use optimistic_concert::OptimisticConcert;
pub use optimistic_retry::OptimisticRetry;
pub use pessimistic::Pessimistic;
pub use pessimistic_skip_locked::PessimisticSkipLocked;
pub use policy::Policy;
pub use realtime::Realtime;
pub use redlock::Redlock;

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;

use super::{Answer, Buyer, Stage};

/// A way to book a seat.
pub trait Strategy: Sized + Send + Sync + 'static {
    /// Makes what it needs, with every seat free.
    fn prepare(stage: &Stage) -> impl Future<Output = Result<Self>> + Send;

    /// Books one seat for a buyer, or tells them that there is none. An error ends the whole run: a
    /// strategy handles what it is meant to handle.
    fn book(&self, buyer: &mut Buyer) -> impl Future<Output = Result<Answer>> + Send;

    /// Waits for what still follows the last answer.
    fn settle(&self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// The buyers that have a seat in the end, once for each seat.
    fn owners(&self) -> impl Future<Output = Result<Vec<i32>>> + Send;

    /// What else is worth knowing of the run.
    fn remark(&self) -> String {
        String::new()
    }

    /// Ends what it has started.
    fn finish(self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// A strategy's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Name {
    /// Find the first free seat, then update it: the lost update
    Naive,
    /// A version on the seat, as in the Prisma text
    Optimistic,
    /// A version on the concert, as in the deck
    OptimisticConcert,
    /// A version on the seat, and bounded retries
    OptimisticRetry,
    /// A rule in the database, as ZenStack has it
    Policy,
    /// SELECT … FOR UPDATE
    Pessimistic,
    /// SELECT … FOR UPDATE SKIP LOCKED
    PessimisticSkipLocked,
    /// A lock per seat over independent Redis nodes, with a fence
    Redlock,
    /// One atomic script, written behind: the service itself
    Lua,
    /// The same, with 1,000 people watching
    Realtime,
}

impl Name {
    /// Whether two people may end up with one seat: true of the one that is there to show it.
    pub fn may_double_book(self) -> bool {
        self == Self::Naive
    }

    /// Whether it promises that nobody is turned away while a seat is left.
    pub fn leaves_none_unsold(self) -> bool {
        match self {
            Self::OptimisticRetry
            | Self::Pessimistic
            | Self::PessimisticSkipLocked
            | Self::Redlock
            | Self::Lua
            | Self::Realtime => true,
            Self::Naive | Self::Optimistic | Self::OptimisticConcert | Self::Policy => false,
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.to_possible_value();
        f.write_str(name.as_ref().map_or("", clap::builder::PossibleValue::get_name))
    }
}
