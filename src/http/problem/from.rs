//! The one place where refusals and failures become problems.

use jiff::Timestamp;
use serde_json::json;

use crate::cache::CacheError;
use crate::domain::best_available::WishError;
use crate::domain::limits::{PLACES_PER_CLAIM_MAX, SERVICE_KEYS_PER_ORGANISER_MAX};
use crate::domain::refusal::Refusal;
use crate::domain::reservation::State;
use crate::domain::selection::SelectionError;
use crate::identity::IdentityError;
use crate::ledger::LedgerError;
use crate::reservations::{Conflicts, ReservationError};

use super::{Kind, Problem};

impl From<ReservationError> for Problem {
    fn from(error: ReservationError) -> Self {
        match error {
            ReservationError::NoSuchConcert => Self::new(Kind::NoSuchConcert),
            ReservationError::Selection(error) => error.into(),
            ReservationError::Wish(error) => error.into(),
            ReservationError::NoneAvailable { next_deadline, possible_if_split } => {
                none_available(next_deadline, possible_if_split)
            }
            ReservationError::Refused { refusal, conflicts } => refused(&refusal, conflicts),
            ReservationError::ConfirmedByMerchant => Self::new(Kind::ConfirmedByMerchant),
            ReservationError::ConfirmedByBuyer => Self::new(Kind::ConfirmedByBuyer),
            ReservationError::WrongCurrency { expected } => Self::new(Kind::AmountMismatch)
                .detail(error.to_string())
                .member("currency", expected),
            ReservationError::Overloaded => Self::new(Kind::Overloaded),
            ReservationError::Unavailable { reason } => {
                Self::new(Kind::Unavailable).because(reason)
            }
        }
    }
}

impl From<CacheError> for Problem {
    fn from(error: CacheError) -> Self {
        match error {
            CacheError::Busy => Self::new(Kind::Overloaded),
            CacheError::Failing => Self::new(Kind::Unavailable),
            CacheError::Lost(what) => Self::new(Kind::Internal).because(what),
        }
    }
}

impl From<SelectionError> for Problem {
    fn from(error: SelectionError) -> Self {
        let detail = error.to_string();
        let (kind, pointer) = match error {
            SelectionError::Empty => (Kind::NoSeats, "#/seats".to_owned()),
            SelectionError::TooMany { list, .. } => (Kind::TooManySeats, format!("#/{list}")),
            SelectionError::UnknownSeat { index, .. } => {
                (Kind::UnknownSeat, format!("#/seats/{index}"))
            }
            SelectionError::SeatTwice { index, .. } => {
                (Kind::DuplicateSeat, format!("#/seats/{index}"))
            }
            SelectionError::UnknownArea { index, .. } => {
                (Kind::UnknownArea, format!("#/areas/{index}/area"))
            }
            SelectionError::AreaTwice { index, .. } => {
                (Kind::DuplicateArea, format!("#/areas/{index}/area"))
            }
            SelectionError::NoQuantity { index } => {
                (Kind::NoSeats, format!("#/areas/{index}/quantity"))
            }
        };
        let mut problem = Self::new(kind);
        if kind == Kind::TooManySeats {
            problem = problem.member("limit", PLACES_PER_CLAIM_MAX);
        }
        problem.error("pointer", &pointer, &detail).detail(detail)
    }
}

impl From<WishError> for Problem {
    fn from(error: WishError) -> Self {
        let detail = error.to_string();
        let (problem, key) = match error {
            WishError::Empty => (Self::new(Kind::NoSeats), "quantity"),
            WishError::TooMany { .. } => {
                (Self::new(Kind::TooManySeats).member("limit", PLACES_PER_CLAIM_MAX), "quantity")
            }
            WishError::UnknownSection(_) => (Self::new(Kind::UnknownSection), "section"),
            WishError::UnknownCategory(_) => (Self::new(Kind::UnknownCategory), "category"),
        };
        problem.error("pointer", &format!("#/best_available/{key}"), &detail).detail(detail)
    }
}

fn none_available(next_deadline: Option<Timestamp>, possible_if_split: bool) -> Problem {
    let problem = Problem::new(Kind::NoneAvailable)
        .member("next_deadline", next_deadline.map(|deadline| deadline.to_string()))
        .member("possible_if_split", possible_if_split);
    problem.detail(match possible_if_split {
        true => "no seats for all of you are free side by side; there are some if you may be split",
        false => "no seats are free as you wish",
    })
}

fn refused(refusal: &Refusal, conflicts: Conflicts) -> Problem {
    let problem = match refusal {
        // The use cases load, verify and price again; that it still did not fit is our affair.
        Refusal::NotLoaded | Refusal::WrongEpoch | Refusal::StaleConcert => {
            let problem = Problem::new(Kind::Unavailable).because(refusal.to_string());
            return problem.detail("the concert is being made ready: send the same request again");
        }
        Refusal::Backlogged => Problem::new(Kind::Overloaded).because(refusal.to_string()),
        Refusal::KeyReused => Problem::new(Kind::IdempotencyKeyReused),
        Refusal::Paused => Problem::new(Kind::SalePaused),
        Refusal::NotYetOpen { opens_at } => {
            Problem::new(Kind::NotOnSale).member("opens_at", opens_at.to_string())
        }
        Refusal::SaleOver => Problem::new(Kind::SaleOver),
        Refusal::UserLimit { owned, limit } => {
            Problem::new(Kind::UserLimit).member("owned", *owned).member("limit", *limit)
        }
        Refusal::Unavailable { .. } => {
            let Conflicts { seats, areas } = conflicts;
            let area = |(area, left)| json!({ "area": area, "left": left });
            let areas: Vec<_> = areas.into_iter().map(area).collect();
            Problem::new(Kind::SeatsUnavailable).member("conflicts", seats).member("areas", areas)
        }
        Refusal::BudgetSpent { again_at } => {
            let wait = again_at.duration_since(Timestamp::now());
            Problem::new(Kind::RateLimited).retry_after(wait.try_into().unwrap_or_default())
        }
        Refusal::NotFound => Problem::new(Kind::NoSuchReservation),
        Refusal::HoldExpired => Problem::new(Kind::HoldExpired),
        Refusal::WrongState { state } => wrong_state(*state),
        Refusal::AlreadyExtended { deadline } => {
            Problem::new(Kind::AlreadyExtended).member("deadline", deadline.to_string())
        }
        Refusal::TooLateToCancel => Problem::new(Kind::TooLateToCancel),
        Refusal::AmountMismatch { total_minor } => {
            Problem::new(Kind::AmountMismatch).member("total", *total_minor)
        }
        Refusal::PaymentLate { still_free } => {
            Problem::new(Kind::PaymentLate).member("still_free", *still_free)
        }
    };
    problem.detail(refusal.to_string())
}

/// A state names its problem, whatever the verb was: only cancelling meets a held reservation that
/// it cannot work on.
fn wrong_state(state: State) -> Problem {
    let kind = match state {
        State::Held => Kind::NotConfirmed,
        State::Confirmed => Kind::AlreadyConfirmed,
        State::Cancelled => Kind::AlreadyCancelled,
        State::Released => Kind::AlreadyReleased,
        State::Expired => Kind::HoldExpired,
    };
    Problem::new(kind).member("state", state.name())
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        let kind = match &error {
            LedgerError::Database(_) | LedgerError::Shared(_) => Kind::Unavailable,
            LedgerError::Unreadable { .. } | LedgerError::NotMigrated { .. } => Kind::Internal,
        };
        Self::new(kind).because(error.to_string())
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Unavailable { reason } => Self::new(Kind::Unavailable)
                .detail("sessions cannot be looked up just now: ask again")
                .because(reason),
            IdentityError::Ledger(error) => error.into(),
            IdentityError::Hashing { reason } => Self::new(Kind::Internal).because(reason),
            IdentityError::WrongCredentials => Self::new(Kind::WrongCredentials),
            IdentityError::EmailTaken => Self::new(Kind::EmailTaken),
            IdentityError::HasAccount => Self::new(Kind::HasAccount),
            IdentityError::NoAccount => Self::new(Kind::NoAccount),
            IdentityError::Overloaded => {
                Self::new(Kind::Overloaded).detail("this request was not begun: ask again")
            }
            IdentityError::TooManyServiceKeys => {
                let detail = error.to_string();
                let limit = SERVICE_KEYS_PER_ORGANISER_MAX;
                Self::new(Kind::TooManyServiceKeys).member("limit", limit).detail(detail)
            }
            IdentityError::NoSuchServiceKey => Self::new(Kind::NoSuchServiceKey),
        }
    }
}
