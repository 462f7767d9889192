//! How long answers are kept, by how soon they may be another.

use std::time::Duration;

/// By how much of a lifetime answers made together live for different times, so that they do not end
/// together: at most a tenth less.
const JITTER_PARTS: u64 = 10;

/// How soon an answer may be another without anybody saying so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Only an organiser changes it.
    Settled,
    /// It says how much is left of what is on sale.
    Selling,
    /// It says which seats are free of what is not on sale.
    Quiet,
    /// It says which seats are free of what is on sale.
    Seats,
    /// There is no such thing.
    Absent,
}

/// How long answers are fresh.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// What only an organiser changes.
    pub settled: Duration,
    /// What says how much is left.
    pub selling: Duration,
    /// Seats of what is not on sale.
    pub quiet: Duration,
    /// Seats of what is on sale.
    pub seats: Duration,
    /// That there is no such thing.
    pub absent: Duration,
}

/// The times of one answer's life, from when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Life {
    /// Until when it is given, and no thought is given to making it anew.
    pub early: Duration,
    /// Until when it is as good as new.
    pub fresh: Duration,
    /// Until when it is given while it is being made anew.
    pub stale: Duration,
    /// Until when it is given when it cannot be made anew.
    pub last: Duration,
}

impl Lifetimes {
    /// The life of an answer. `chance` tells apart what is made at the same time.
    pub(super) fn life(&self, lifetime: Lifetime, chance: u64) -> Life {
        let (fresh, stale, last) = match lifetime {
            Lifetime::Settled => (self.settled, self.settled, self.settled * 2),
            Lifetime::Selling => (self.selling, self.selling, Duration::from_secs(600)),
            Lifetime::Quiet => (self.quiet, Duration::from_secs(5), Duration::from_secs(60)),
            Lifetime::Seats => (self.seats, self.seats, Duration::from_secs(60)),
            Lifetime::Absent => (self.absent, Duration::ZERO, Duration::from_secs(60)),
        };
        let fresh = fresh - fresh * (chance % 100) as u32 / (100 * JITTER_PARTS as u32);
        let early = fresh * 8 / 10;
        Life { early, fresh, stale: fresh + stale, last: fresh + stale.max(last) }
    }
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            settled: Duration::from_secs(300),
            selling: Duration::from_secs(60),
            quiet: Duration::from_secs(30),
            seats: Duration::from_secs(1),
            absent: Duration::from_secs(10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_together_ends_apart_and_never_late() {
        let times = Lifetimes::default();
        let fresh = |chance| times.life(Lifetime::Settled, chance).fresh;
        assert_eq!(fresh(0), times.settled);
        assert!(fresh(99) < times.settled && fresh(99) > times.settled * 9 / 10);
        for lifetime in [Lifetime::Settled, Lifetime::Selling, Lifetime::Seats, Lifetime::Absent] {
            let Life { early, fresh, stale, last } = times.life(lifetime, 50);
            assert!(early <= fresh && fresh <= stale && stale <= last, "{lifetime:?}");
        }
    }
}
