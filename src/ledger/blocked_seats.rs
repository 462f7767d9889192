//! Seats that organisers keep back.

use sqlx::PgExecutor;

use super::LedgerError;
use crate::domain::ids::ConcertId;
use crate::domain::seat::SeatNumber;

/// The blocked seats of a concert, as far as its log was applied, in the order of their numbers.
///
/// # Errors
/// When PostgreSQL cannot be reached, or a row cannot be read.
pub async fn of_concert(
    executor: impl PgExecutor<'_>,
    concert: ConcertId,
) -> Result<Vec<SeatNumber>, LedgerError> {
    let query = sqlx::query_scalar::<_, i32>(include_str!("sql/blocked_seats_of_concert.sql"));
    let seats = query.bind(concert.0).fetch_all(executor).await?;
    let number = |seat: i32| {
        let reason = format!("seat {seat} of concert {concert}");
        let unreadable = |_| LedgerError::Unreadable { table: "blocked_seats", reason };
        u32::try_from(seat).map(SeatNumber).map_err(unreadable)
    };
    seats.into_iter().map(number).collect()
}
