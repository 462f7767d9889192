//! Why a use case did not do what was asked.

use std::fmt::Display;

use jiff::Timestamp;

use crate::domain::best_available::WishError;
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
    /// What is wished for cannot be had at this concert at any time.
    #[error(transparent)]
    Wish(#[from] WishError),
    /// No seats are free as they were wished for.
    #[error("no such seats are available")]
    NoneAvailable {
        /// When holds will have ended, if nothing else happens, that make room for the party.
        next_deadline: Option<Timestamp>,
        /// Whether the party would fit now if it could be split.
        possible_if_split: bool,
    },
    /// The claim is valid and was refused. Seats are named by their public ids.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// For [`Refusal::Unavailable`]: what cannot be had.
        conflicts: Conflicts,
    },
    /// The organiser's server confirms this concert's reservations, not its buyers.
    #[error("reservations of this concert are confirmed by its organiser")]
    ConfirmedByMerchant,
    /// This concert's reservations are confirmed by their buyers, not by the organiser's server.
    #[error("reservations of this concert are confirmed by their buyers")]
    ConfirmedByBuyer,
    /// A payment was in another currency than the concert's prices.
    #[error("the concert's prices are in {expected}")]
    WrongCurrency {
        /// The ISO 4217 code of the right one.
        expected: &'static str,
    },
    /// Redis has no memory left; nothing was done.
    #[error("there is no room for another claim")]
    Overloaded,
    /// A store cannot be used just now. Whether anything was done is *unknown*: the caller asks
    /// again with the same key, or for the same reservation.
    #[error("not just now: {reason}")]
    Unavailable {
        /// What for the log; callers are not told.
        reason: String,
    },
}

/// What cannot be had, by public ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// Seats that are somebody's, or blocked.
    pub seats: Vec<String>,
    /// Areas that have too few places left, each with how many it has.
    pub areas: Vec<(String, u32)>,
}

impl From<Refusal> for ReservationError {
    /// A refusal that is about nothing in particular.
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal, conflicts: Conflicts::default() }
    }
}

impl ReservationError {
    pub(super) fn unavailable(reason: impl Display) -> Self {
        Self::Unavailable { reason: reason.to_string() }
    }

    pub(super) fn unverified() -> Self {
        Self::unavailable("the state of Redis is being verified")
    }

    /// A name for metrics: one of a small, fixed set.
    pub(super) fn outcome(&self) -> &'static str {
        let refusal = match self {
            Self::Refused { refusal, .. } => refusal,
            Self::NoSuchConcert => return "no_such_concert",
            Self::Selection(_) | Self::Wish(_) => return "invalid",
            Self::NoneAvailable { .. } => return "none_available",
            Self::ConfirmedByMerchant => return "confirmed_by_merchant",
            Self::ConfirmedByBuyer => return "confirmed_by_buyer",
            Self::WrongCurrency { .. } => return "wrong_currency",
            Self::Overloaded => return "overloaded",
            Self::Unavailable { .. } => return "unavailable",
        };
        match refusal {
            Refusal::NotLoaded => "not_loaded",
            Refusal::WrongEpoch => "wrong_epoch",
            Refusal::StaleConcert => "stale_concert",
            Refusal::KeyReused => "key_reused",
            Refusal::Backlogged => "backlogged",
            Refusal::Paused => "paused",
            Refusal::NotYetOpen { .. } => "not_yet_open",
            Refusal::SaleOver => "sale_over",
            Refusal::UserLimit { .. } => "user_limit",
            Refusal::Unavailable { .. } => "seats_unavailable",
            Refusal::BudgetSpent { .. } => "budget_spent",
            Refusal::NotFound => "not_found",
            Refusal::HoldExpired => "hold_expired",
            Refusal::WrongState { .. } => "wrong_state",
            Refusal::AlreadyExtended { .. } => "already_extended",
            Refusal::TooLateToCancel => "too_late_to_cancel",
            Refusal::AmountMismatch { .. } => "amount_mismatch",
            Refusal::PaymentLate { .. } => "payment_late",
        }
    }
}
