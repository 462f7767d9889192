//! Sales that Redis granted although PostgreSQL had the seat sold.

use sqlx::PgPool;
use uuid::Uuid;

use super::LedgerError;
use crate::domain::area::AreaNumber;
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::limits::CONFLICTS_PER_ROUND_MAX;
use crate::domain::seat::SeatNumber;

/// A reservation that was refused in PostgreSQL and has to be cancelled in Redis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The concert.
    pub concert: ConcertId,
    /// The reservation that was refused.
    pub loser: ReservationId,
    /// Whose it is.
    pub user: UserId,
    /// The seats in question, by number; the loser's other seats are nobody's.
    pub seats: Vec<LostSeat>,
    /// The areas in question: they had fewer places left than the loser was granted.
    pub areas: Vec<AreaNumber>,
}

/// A seat that two reservations were granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostSeat {
    /// The seat.
    pub seat: SeatNumber,
    /// The reservation that keeps it.
    pub winner: ReservationId,
}

#[derive(sqlx::FromRow)]
struct Row {
    concert_id: Uuid,
    loser_id: Uuid,
    user_id: Uuid,
    seats: Vec<i32>,
    winners: Vec<Uuid>,
    areas: Vec<i16>,
}

/// The conflicts of a partition's concerts whose losers still stand in Redis, oldest first, at most
/// [`CONFLICTS_PER_ROUND_MAX`].
///
/// # Errors
/// When PostgreSQL cannot be reached, or a row cannot be read.
pub async fn uncompensated(pool: &PgPool, partition: u16) -> Result<Vec<Conflict>, LedgerError> {
    let rows = sqlx::query_as::<_, Row>(include_str!("sql/conflicts_uncompensated.sql"))
        .bind(i32::from(partition))
        .bind(i64::from(CONFLICTS_PER_ROUND_MAX))
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Notes that a loser was cancelled in Redis too. Noting it twice changes nothing.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn mark_compensated(pool: &PgPool, loser: ReservationId) -> Result<(), LedgerError> {
    let query = sqlx::query(include_str!("sql/conflicts_compensate.sql"));
    query.bind(loser.0).execute(pool).await?;
    Ok(())
}

impl Row {
    fn read(self) -> Result<Conflict, LedgerError> {
        let seats = self.seats.into_iter().zip(self.winners);
        let seats = seats.map(|(seat, winner)| lost_seat(seat, winner));
        Ok(Conflict {
            concert: ConcertId(self.concert_id),
            loser: ReservationId(self.loser_id),
            user: UserId(self.user_id),
            seats: seats.collect::<Result<_, _>>()?,
            areas: self.areas.into_iter().map(|area| AreaNumber(area.cast_unsigned())).collect(),
        })
    }
}

/// A lost seat as two columns hold it.
pub(super) fn lost_seat(seat: i32, winner: Uuid) -> Result<LostSeat, LedgerError> {
    let unreadable =
        |_| LedgerError::Unreadable { table: "seat_conflicts", reason: format!("seat {seat}") };
    Ok(LostSeat {
        seat: SeatNumber(u32::try_from(seat).map_err(unreadable)?),
        winner: ReservationId(winner),
    })
}
