//! The use cases: what a person can do with seats.

mod error;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::performance::Performance;
use crate::domain::reservation::Reservation;
use crate::domain::seat::PackedStates;

pub use error::ReservationError;

/// The use cases, with the stores they work on. Cheap to clone.
#[derive(Clone)]
pub struct Reservations {}

/// What a use case answers: the reservation as it now stands.
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
}

impl Reservations {
    /// Holds seats by their public ids, all or none.
    ///
    /// # Errors
    /// [`ReservationError`] says which of the caller's mistakes or which refusal it was.
    pub async fn reserve(
        &self,
        _user: UserId,
        _concert: ConcertId,
        _key: &str,
        _seats: &[String],
    ) -> Result<Answer, ReservationError> {
        Err(ReservationError::NoSuchConcert)
    }

    /// Turns a hold into a sale. With `wait`, answers after PostgreSQL has it or the time is over.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn confirm(
        &self,
        _user: UserId,
        _concert: ConcertId,
        _id: ReservationId,
        _wait: Option<Duration>,
    ) -> Result<Confirmation, ReservationError> {
        Err(ReservationError::NoSuchConcert)
    }

    /// Gives a hold back.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn release(
        &self,
        _user: UserId,
        _concert: ConcertId,
        _id: ReservationId,
    ) -> Result<Answer, ReservationError> {
        Err(ReservationError::NoSuchConcert)
    }

    /// Prolongs a hold, once.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn extend(
        &self,
        _user: UserId,
        _concert: ConcertId,
        _id: ReservationId,
    ) -> Result<Answer, ReservationError> {
        Err(ReservationError::NoSuchConcert)
    }

    /// Gives a sale back.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn cancel(
        &self,
        _user: UserId,
        _concert: ConcertId,
        _id: ReservationId,
    ) -> Result<Answer, ReservationError> {
        Err(ReservationError::NoSuchConcert)
    }

    /// One reservation of the user's.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn find(
        &self,
        _user: UserId,
        _concert: ConcertId,
        _id: ReservationId,
    ) -> Result<Answer, ReservationError> {
        Err(ReservationError::NoSuchConcert)
    }

    /// The user's live reservations at a concert: held and confirmed.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn mine(
        &self,
        _user: UserId,
        _concert: ConcertId,
    ) -> Result<Vec<Answer>, ReservationError> {
        Err(ReservationError::NoSuchConcert)
    }

    /// The state of every seat.
    ///
    /// # Errors
    /// See [`ReservationError`].
    pub async fn availability(
        &self,
        _concert: ConcertId,
    ) -> Result<Availability, ReservationError> {
        Err(ReservationError::NoSuchConcert)
    }
}
