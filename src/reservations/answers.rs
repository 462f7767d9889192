//! What the use cases answer.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::area::AreaCounts;
use crate::domain::performance::Performance;
use crate::domain::reservation::Reservation;
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
