//! What was asked and what was told, with the moments between which it must have happened.

use std::time::{Duration, Instant};

use super::answer::Reason;
use super::body::Seen;
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::reservation::State;

/// A moment of a run, by the monotonic clock of the machine that asks: nanoseconds since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub u64);

/// The clock of a run. All its copies tell the same time.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Seats to be held.
    Claim,
    /// A hold to become a sale.
    Confirm,
    /// A hold to be given back.
    Release,
    /// A sale to be given back.
    Cancel,
    /// How a reservation stands.
    Look,
}

/// What became of it, after as many attempts as it took to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Yes(Stand),
    /// It was not done.
    No(Refused),
    /// Nobody could be made to say.
    Unknown,
}

/// A reservation as the answer told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Where it was in its life.
    pub state: State,
    /// What it costs, in minor units.
    pub total_minor: u64,
    /// The first moment at which its hold can have been over.
    pub may_end: Moment,
    /// The moment at which its hold was over for sure.
    pub must_end: Moment,
    /// Whether PostgreSQL was said to have it.
    pub persisted: bool,
}

/// Why it was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The reason that was given.
    pub reason: Reason,
    /// The numbers of the seats that were said to be somebody else's.
    pub taken: Vec<u32>,
}

/// One thing that was asked for, however often it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Who asked.
    pub user: UserId,
    /// About which reservation. Of a claim, too, it is known beforehand: it follows from the request.
    pub reservation: ReservationId,
    /// What for.
    pub asked: Asked,
    /// The seats' numbers: those that were asked for, or that the reservation has.
    pub seats: Vec<u32>,
    /// When it was first sent.
    pub begun: Moment,
    /// When the outcome was known; if it is unknown, it may happen yet.
    pub ended: Moment,
    /// How often it was sent.
    pub sent: u32,
    /// What became of it.
    pub outcome: Outcome,
}

/// Everything that was asked in a run, in any order.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// What was asked.
    pub operations: Vec<Operation>,
}

/// How a run's requests ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Requests that were sent.
    pub requests: u64,
    /// Things that were asked for.
    pub operations: u64,
    /// Of these, done.
    pub yes: u64,
    /// Of these, those whose first answer was lost and whose outcome was found out.
    pub resolved: u64,
    /// Of these, those whose outcome could not be found out.
    pub unresolved: u64,
}

impl Clock {
    /// A clock that begins to tell the time.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The moment that it is now.
    pub fn now(self) -> Moment {
        Moment(self.0.elapsed().as_nanos() as u64)
    }
}

impl Moment {
    /// The moment so much later.
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.as_nanos() as u64))
    }
}

impl Stand {
    /// What an answer told, that was asked for at `begun` and was there at `ended`.
    ///
    /// The answer says how much was left of the hold at the time it was made, which lies between the two.
    /// It is rounded to milliseconds, and two clocks do not run at quite the same pace.
    pub fn new(seen: &Seen, begun: Moment, ended: Moment) -> Self {
        let left = seen.left.unsigned_abs();
        let slack = Duration::from_millis(2) + left / 1_000;
        let (may_end, must_end) = match seen.left.is_negative() {
            // It is over: since when is not told in this clock's time.
            true => (Moment::default(), ended),
            false => (begun.after(left.saturating_sub(slack)), ended.after(left + slack)),
        };
        let Seen { state, total_minor, persisted, .. } = *seen;
        Self { state, total_minor, may_end, must_end, persisted }
    }
}

impl Operation {
    /// The numbers of the seats that were said to be somebody else's.
    pub fn taken(&self) -> &[u32] {
        match &self.outcome {
            Outcome::No(refused) => &refused.taken,
            Outcome::Yes(_) | Outcome::Unknown => &[],
        }
    }
}

impl History {
    /// What another part of the run has asked, too.
    pub fn extend(&mut self, other: Self) {
        self.operations.extend(other.operations);
    }

    /// How it ended.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for operation in &self.operations {
            let unknown = operation.outcome == Outcome::Unknown;
            totals.requests += u64::from(operation.sent);
            totals.operations += 1;
            totals.yes += u64::from(matches!(operation.outcome, Outcome::Yes(_)));
            totals.resolved += u64::from(operation.sent > 1 && !unknown);
            totals.unresolved += u64::from(unknown);
        }
        totals
    }
}
