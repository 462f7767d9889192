//! Every way a command can be refused, named by meaning.

use jiff::Timestamp;

use super::area::AreaLeft;
use super::reservation::State;
use super::seat::SeatNumber;

/// Why nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Redis does not have the concert; it is loaded on demand.
    #[error("the concert is not loaded")]
    NotLoaded,
    /// The caller's idea of the epoch is not Redis's.
    #[error("the partition has another epoch")]
    WrongEpoch,
    /// The concert changed since the claim was priced.
    #[error("the concert changed since the claim was priced")]
    StaleConcert,
    /// The key was used for another request.
    #[error("the key was used for another request")]
    KeyReused,
    /// Too many changes wait for PostgreSQL.
    #[error("too many changes wait to be persisted")]
    Backlogged,
    /// The organiser paused the sale.
    #[error("the sale is paused")]
    Paused,
    /// The sale has not begun.
    #[error("the sale opens at {opens_at}")]
    NotYetOpen {
        /// When it begins.
        opens_at: Timestamp,
    },
    /// The sale has ended.
    #[error("the sale is over")]
    SaleOver,
    /// The user would have more seats than the concert allows.
    #[error("the most that one person may have at this concert is {limit}, and you have {owned}")]
    UserLimit {
        /// Seats the user has, held or bought.
        owned: u32,
        /// The most one user may have.
        limit: u32,
    },
    /// Some of the seats are somebody's, or blocked; some of the areas have too few places left.
    #[error("{}", unavailable(.seats, .areas))]
    Unavailable {
        /// Which seats.
        seats: Vec<SeatNumber>,
        /// Which areas, and what they have left.
        areas: Vec<AreaLeft>,
    },
    /// The user took and gave back, or let go, too much of this concert.
    #[error(
        "too many of your holds at this concert came to nothing: you can hold more at {again_at}"
    )]
    BudgetSpent {
        /// From when on they may hold more.
        again_at: Timestamp,
    },
    /// There is no such reservation, or it is somebody else's.
    #[error("there is no such reservation")]
    NotFound,
    /// The hold's deadline has passed.
    #[error("the hold has expired")]
    HoldExpired,
    /// The reservation is in a state that the verb does not apply to.
    #[error("the reservation is {}", .state.name())]
    WrongState {
        /// The state it is in.
        state: State,
    },
    /// The hold's one extension was used.
    #[error("the hold was extended before")]
    AlreadyExtended {
        /// When it ends now.
        deadline: Timestamp,
    },
    /// The time for giving tickets back has passed.
    #[error("tickets can no longer be given back")]
    TooLateToCancel,
    /// Another amount was paid than the reservation costs.
    #[error("the reservation costs {total_minor} minor units")]
    AmountMismatch {
        /// What it costs, in minor units.
        total_minor: u64,
    },
    /// It was paid after the hold had ended.
    #[error("the hold had ended when it was paid")]
    PaymentLate {
        /// Whether it can be had again, by its buyer, so that the payment could be honoured.
        still_free: bool,
    },
}

fn unavailable(seats: &[SeatNumber], areas: &[AreaLeft]) -> &'static str {
    match (seats, areas) {
        ([_, ..], [_, ..]) => "seats are taken, and areas have too few places left",
        ([], _) => "areas have too few places left",
        (_, []) => "seats are taken",
    }
}
