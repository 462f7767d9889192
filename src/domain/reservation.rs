//! A reservation: one resource with one id, from hold to ticket or to its end.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{ConcertId, ReservationId, UserId};
use super::lines::Lines;

/// Where a reservation is in its life. The discriminants are those of the packed record.
///
/// `held → confirmed → cancelled`, or `held → released | expired`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum State {
    /// Its seats are kept until the deadline.
    Held = 1,
    /// Its seats are sold.
    Confirmed = 2,
    /// It was confirmed, and its seats were given back.
    Cancelled = 3,
    /// It was held, and its owner gave the seats back.
    Released = 4,
    /// It was held, and its deadline passed.
    Expired = 5,
}

impl State {
    /// What it is called, in every place that has a word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }
}

/// Why a reservation last changed. The discriminants are those of the packed record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Cause {
    /// Its owner asked for it.
    User = 1,
    /// Its deadline had passed when the sweeper, or its own owner, came to end it.
    Overdue = 2,
    /// Its deadline had passed and another claim wanted one of its seats.
    Displaced = 3,
    /// PostgreSQL already had some of it sold to somebody else.
    Conflict = 4,
    /// The concert's organiser did it.
    Organiser = 5,
    /// The organiser's server did it, having been paid.
    Merchant = 6,
    /// PostgreSQL would not take it as a sale.
    Refused = 7,
}

/// A digest of what a request asked for, so that another request under the same key is noticed.
pub type Fingerprint = [u8; 8];

/// A reservation as it stands after its last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Its id, which follows from user, concert and key.
    pub id: ReservationId,
    /// The concert.
    pub concert: ConcertId,
    /// Whose it is.
    pub user: UserId,
    /// Where it is in its life.
    pub state: State,
    /// Why it last changed.
    pub cause: Cause,
    /// Whether its one extension was used.
    pub extended: bool,
    /// Raised by each change, from 1.
    pub version: u32,
    /// What was asked for.
    pub fingerprint: Fingerprint,
    /// When its seats were held.
    pub held_at: Timestamp,
    /// When the hold ends, or ended.
    pub deadline: Timestamp,
    /// When it was confirmed, if it ever was.
    pub confirmed_at: Option<Timestamp>,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// What it is made of.
    pub lines: Lines,
    /// What the organiser's server calls the payment; empty when the buyer confirmed, or nobody has.
    pub payment_reference: String,
}

impl Reservation {
    /// The reservation as anyone should see it at `now`: a hold whose deadline has passed has
    /// expired, even while no process has come round to ending it.
    pub fn seen_at(mut self, now: Timestamp) -> Self {
        if self.is_overdue(now) {
            self.state = State::Expired;
            self.cause = Cause::Overdue;
        }
        self
    }

    /// Whether it is a hold whose deadline has passed.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.state == State::Held && self.deadline <= now
    }
}
