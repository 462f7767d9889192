//! Why a use case did not do what was asked.

use crate::domain::refusal::Refusal;
use crate::domain::selection::SelectionError;

/// Everything that can stand between a request and its answer.
#[derive(Debug, thiserror::Error)]
pub enum ReservationError {
    /// No concert has this id.
    #[error("there is no such concert")]
    NoSuchConcert,
    /// The list of seats is not a valid claim.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// The claim is valid and was refused. Seats are named by their public ids.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// For [`Refusal::Unavailable`]: the public ids of the seats in question.
        conflicts: Vec<String>,
    },
    /// The organiser's server confirms this concert's reservations, not its buyers.
    #[error("reservations of this concert are confirmed by its organiser")]
    ConfirmedByMerchant,
    /// A store cannot be used just now. Whether anything was done is *unknown*: the caller asks
    /// again with the same key, or for the same reservation.
    #[error("not just now: {reason}")]
    Unavailable {
        /// What for the log; callers are not told.
        reason: String,
    },
}
