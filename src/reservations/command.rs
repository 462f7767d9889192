//! What a person can ask for.

use crate::domain::ids::{ReservationId, UserId};
use crate::domain::performance::Performance;
use crate::domain::selection::Selection;
use crate::inventory::commands::{Own, Reserve};

/// One thing to be done with seats.
pub(super) enum Command {
    Reserve(Claim),
    Confirm(Own),
    Release(Own),
    Extend(Own),
    Cancel(Own),
}

/// Seats that somebody wants.
pub(super) struct Claim {
    pub id: ReservationId,
    pub user: UserId,
    pub selection: Selection,
}

impl Command {
    /// A name for metrics.
    pub(super) fn verb(&self) -> &'static str {
        match self {
            Self::Reserve(_) => "reserve",
            Self::Confirm(_) => "confirm",
            Self::Release(_) => "release",
            Self::Extend(_) => "extend",
            Self::Cancel(_) => "cancel",
        }
    }
}

impl Claim {
    /// The claim at the prices that the concert has now. They are captured with the hold, and the
    /// concert's version goes along so that prices which have changed meanwhile are noticed.
    pub(super) fn priced(&self, performance: &Performance) -> Reserve {
        Reserve {
            id: self.id,
            user: self.user,
            concert_version: performance.concert.version,
            fingerprint: self.selection.fingerprint(),
            lines: performance.price(&self.selection),
        }
    }
}
