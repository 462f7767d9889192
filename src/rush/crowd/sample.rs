//! What is noted of each request of a crowd.

use std::time::Duration;

use super::super::history::{Asked, Operation, Outcome};

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// Which seats are free.
    Look,
    /// Seats to be held.
    Claim,
    /// A hold to become a sale.
    Confirm,
    /// A hold to be given back.
    Release,
}

/// What was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Told {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Nothing that settles it.
    Unknown,
}

/// One thing that somebody asked for.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// What for.
    pub ask: Ask,
    /// What was told in the end.
    pub told: Told,
    /// When it was to be asked, since the sale began: by the schedule, and not when there was at last
    /// a connection free. Else a service that makes a crowd wait would be measured by those alone whom it
    /// did not keep from asking (coordinated omission, as Gil Tene calls it).
    pub due: Duration,
    /// When it was settled, since the sale began.
    pub answered: Duration,
}

impl Sample {
    /// How long whoever asked has waited.
    pub fn waited(&self) -> Duration {
        self.answered.saturating_sub(self.due)
    }

    /// `claim yes`, `look no` and so on.
    pub fn name(&self) -> &'static str {
        match (self.ask, self.told) {
            (Ask::Look, Told::Yes) => "look_answered",
            (Ask::Look, _) => "look_failed",
            (Ask::Claim, Told::Yes) => "claim_granted",
            (Ask::Claim, Told::No) => "claim_refused",
            (Ask::Claim, Told::Unknown) => "claim_unknown",
            (Ask::Confirm, Told::Yes) => "confirm_done",
            (Ask::Confirm, Told::No) => "confirm_refused",
            (Ask::Confirm, Told::Unknown) => "confirm_unknown",
            (Ask::Release, Told::Yes) => "release_done",
            (Ask::Release, Told::No) => "release_refused",
            (Ask::Release, Told::Unknown) => "release_unknown",
        }
    }
}

impl Told {
    /// What an operation came to.
    pub(super) fn of(operation: &Operation) -> Self {
        match operation.outcome {
            Outcome::Yes(_) => Self::Yes,
            Outcome::No(_) => Self::No,
            Outcome::Unknown => Self::Unknown,
        }
    }
}

impl Ask {
    /// What an operation asked for; none of what a crowd does not ask.
    pub(super) fn of(operation: &Operation) -> Option<Self> {
        match operation.asked {
            Asked::Claim => Some(Self::Claim),
            Asked::Confirm => Some(Self::Confirm),
            Asked::Release => Some(Self::Release),
            Asked::Cancel | Asked::Look => None,
        }
    }
}
