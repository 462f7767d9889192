//! What the use cases answer.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::area::AreaCounts;
use crate::domain::concert::ConfirmedBy;
use crate::domain::performance::Performance;
use crate::domain::reservation::{Reservation, State};
use crate::domain::seat::PackedStates;

/// The reservation as it now stands.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The reservation.
    pub reservation: Reservation,
    /// Its concert and seat map, which name its seats.
    pub performance: Arc<Performance>,
    /// Whether this is the answer to an earlier identical request, and nothing was changed now.
    pub replayed: bool,
    /// The time by Redis's clock when it was read.
    pub now: Timestamp,
}

impl Answer {
    /// Whether it may be about to become a sale, or is one, by the word of `who`.
    pub fn can_be_confirmed_by(&self, who: ConfirmedBy) -> bool {
        let state = match self.reservation.state {
            State::Held | State::Confirmed => true,
            // A payment that came too late can be honoured.
            State::Expired => who == ConfirmedBy::Merchant,
            State::Released | State::Cancelled => false,
        };
        state && self.performance.concert.confirmed_by == who
    }
}

/// The answer to a confirmation.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// The reservation.
    pub answer: Answer,
    /// Whether PostgreSQL is known to have it.
    pub persisted: bool,
}

/// Seat states at one moment.
#[derive(Clone, Debug)]
pub struct Availability {
    /// The concert and seat map, which give the sections.
    pub performance: Arc<Performance>,
    /// The state of every seat.
    pub states: PackedStates,
    /// The places of every area, in the order of their numbers.
    pub areas: Vec<AreaCounts>,
}
