//! Why an organiser's request was not followed.

use jiff::Timestamp;

use crate::catalogue::import::{ImportCause, Mistakes};
use crate::ledger::LedgerError;
use crate::reservations::ReservationError;

/// Everything that can stand between an organiser and what they ask for.
#[derive(Debug, thiserror::Error)]
pub enum OrganisingError {
    /// What can stand in anybody's way.
    #[error(transparent)]
    Reservation(#[from] ReservationError),
    /// There is a concert of this slug.
    #[error("there is a concert of this slug already")]
    ConcertExists,
    /// No seat map has this id.
    #[error("there is no such seat map")]
    NoSuchSeatMap,
    /// The seat map's name is another organiser's, or everybody's.
    #[error("the name {0:?} is another's: give the seat map a name of its own")]
    NameTaken(String),
    /// The concert's seat map has no such seat.
    #[error("{0:?} is not a seat of this concert")]
    NoSuchSeat(String),
    /// More seats than can be named at once.
    #[error("seats: {given} are too many for one request, {most} is the most")]
    TooManySeats {
        /// How many there were.
        given: usize,
        /// How many there may be.
        most: usize,
    },
    /// What was sent is not what it should be.
    #[error("{} mistakes", .0.named().len() + .0.more())]
    Mistakes(Mistakes),
    /// A sale that would end before it begins.
    #[error("{opens_at} is not before the sale closes, {closes_at}")]
    Window {
        /// When it would begin.
        opens_at: Timestamp,
        /// When it would end.
        closes_at: Timestamp,
    },
}

impl OrganisingError {
    /// Why nothing was done, where that is known.
    pub(super) fn refusal(&self) -> Option<String> {
        match self {
            Self::Reservation(ReservationError::Unavailable { .. }) => None,
            error => Some(error.to_string()),
        }
    }
}

impl From<LedgerError> for OrganisingError {
    fn from(error: LedgerError) -> Self {
        Self::Reservation(ReservationError::unavailable(error))
    }
}

impl From<Mistakes> for OrganisingError {
    fn from(mistakes: Mistakes) -> Self {
        Self::Mistakes(mistakes)
    }
}

impl From<ImportCause> for OrganisingError {
    fn from(cause: ImportCause) -> Self {
        match cause {
            ImportCause::Mistakes(mistakes) => Self::Mistakes(mistakes),
            ImportCause::NameTaken(name) => Self::NameTaken(name),
            ImportCause::Ledger(error) => error.into(),
            ImportCause::Unreadable(error) => {
                Self::Reservation(ReservationError::unavailable(error))
            }
        }
    }
}
