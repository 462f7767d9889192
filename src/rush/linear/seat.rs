//! A seat, and what can be done with it.

use crate::domain::ids::ReservationId;
use crate::domain::reservation::State;
use crate::http::Kind;
use crate::rush::history::{Asked, Moment, Operation, Outcome, Refused};

/// Whose a seat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Seat {
    /// Nobody's.
    Free,
    /// Somebody's for the time being.
    Held {
        /// Whose.
        by: ReservationId,
        /// From when on it can be over.
        may_end: Moment,
    },
    /// Somebody's.
    Sold {
        /// Whose.
        to: ReservationId,
    },
}

/// What was done with a seat, or found out about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// It was given to a reservation, whose hold can be over from a moment on.
    Held(ReservationId, Moment),
    /// Its hold became a sale, or was one.
    Sold(ReservationId),
    /// Its hold was given back.
    Released(ReservationId),
    /// Its sale was given back.
    Cancelled(ReservationId),
    /// It was said to be somebody else's.
    FoundTaken(ReservationId),
    /// It was said to be this one's, as a hold.
    FoundHeld(ReservationId),
    /// It was said to be this one's, as a sale.
    FoundSold(ReservationId),
    /// It was said not to be this one's.
    FoundGone(ReservationId),
}

impl Deed {
    /// What an operation did with one of its seats, or told of it; none if it told nothing.
    pub fn of(seat: u32, operation: &Operation) -> Option<Self> {
        let id = operation.reservation;
        match (operation.asked, &operation.outcome) {
            (Asked::Claim, Outcome::Yes(stand)) => Some(Self::Held(id, stand.may_end)),
            // It can have been granted, and be over, at any time.
            (Asked::Claim, Outcome::Unknown) => Some(Self::Held(id, operation.begun)),
            (Asked::Claim, Outcome::No(refused)) => {
                refused.taken.contains(&seat).then_some(Self::FoundTaken(id))
            }
            (Asked::Confirm, Outcome::Yes(_) | Outcome::Unknown) => Some(Self::Sold(id)),
            // Whoever gives back what is overdue ends it as that.
            (Asked::Release, Outcome::Yes(stand)) if stand.state != State::Released => {
                Some(Self::FoundGone(id))
            }
            (Asked::Release, Outcome::Yes(_) | Outcome::Unknown) => Some(Self::Released(id)),
            (Asked::Cancel, Outcome::Yes(_) | Outcome::Unknown) => Some(Self::Cancelled(id)),
            (Asked::Look, Outcome::Yes(stand)) => Some(match stand.state {
                State::Held => Self::FoundHeld(id),
                State::Confirmed => Self::FoundSold(id),
                State::Cancelled | State::Released | State::Expired => Self::FoundGone(id),
            }),
            (Asked::Look, Outcome::Unknown) => None,
            (_, Outcome::No(refused)) => found(id, refused),
        }
    }

    /// The seat after this was done with it; none if it could not be.
    pub fn done_to(self, seat: Seat) -> Option<Seat> {
        match (self, seat) {
            (Self::Held(by, may_end), Seat::Free) => Some(Seat::Held { by, may_end }),
            (Self::Sold(to), Seat::Held { by, .. }) if by == to => Some(Seat::Sold { to }),
            (Self::Sold(id), Seat::Sold { to }) if id == to => Some(seat),
            (Self::Released(id), Seat::Held { by, .. }) if id == by => Some(Seat::Free),
            (Self::Cancelled(id), Seat::Sold { to }) if id == to => Some(Seat::Free),
            (Self::FoundTaken(id), Seat::Held { by: has, .. } | Seat::Sold { to: has }) => {
                (has != id).then_some(seat)
            }
            (Self::FoundHeld(id), Seat::Held { by, .. }) if id == by => Some(seat),
            (Self::FoundSold(id), Seat::Sold { to }) if id == to => Some(seat),
            (Self::FoundGone(id), seat) => (seat.holder() != Some(id)).then_some(seat),
            _ => None,
        }
    }

    /// Whose reservation it is about.
    pub fn reservation(self) -> ReservationId {
        match self {
            Self::Held(id, _)
            | Self::Sold(id)
            | Self::Released(id)
            | Self::Cancelled(id)
            | Self::FoundTaken(id)
            | Self::FoundHeld(id)
            | Self::FoundSold(id)
            | Self::FoundGone(id) => id,
        }
    }
}

impl Seat {
    /// Whose it is.
    pub fn holder(self) -> Option<ReservationId> {
        match self {
            Self::Free => None,
            Self::Held { by, .. } => Some(by),
            Self::Sold { to } => Some(to),
        }
    }

    /// The seat after its hold ran out, if that can be at this moment.
    pub fn overdue(self, now: Moment) -> Option<Self> {
        matches!(self, Self::Held { may_end, .. } if may_end <= now).then_some(Self::Free)
    }
}

/// What a refusal tells of the reservation that it is about.
fn found(id: ReservationId, refused: &Refused) -> Option<Deed> {
    match refused.reason.kind? {
        Kind::HoldExpired
        | Kind::NoSuchReservation
        | Kind::AlreadyReleased
        | Kind::AlreadyCancelled => Some(Deed::FoundGone(id)),
        Kind::AlreadyConfirmed => Some(Deed::FoundSold(id)),
        _ => None,
    }
}
