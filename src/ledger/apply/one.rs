//! The slow path: one reservation that could not be written as it was granted.

use sqlx::PgConnection;
use uuid::Uuid;

use super::batch::Trouble;
use super::dead_letters::DeadLetter;
use super::fold::Outcome;
use super::rows::{Row, upsert};
use crate::domain::reservation::{Cause, Reservation, State};
use crate::ledger::LedgerError;
use crate::ledger::conflicts::{Conflict, LostSeat, lost_seat};
use crate::ledger::reservations::cause_name;

/// What became of the reservation.
pub(super) enum Settled {
    /// It lost seats to others and was stored as cancelled.
    Lost(Conflict),
    /// Its entry cannot be stored as what it says.
    Refused(DeadLetter),
}

/// Records why a reservation could not be written. It is alone in its part of the batch, everything
/// before it in the log was written, and nothing of its own is left.
pub(super) async fn settle(
    connection: &mut PgConnection,
    outcome: &Outcome<'_>,
    trouble: Trouble,
) -> Result<Settled, LedgerError> {
    if let Trouble::Refused(reason) = trouble {
        return Ok(Settled::Refused(DeadLetter::refused(outcome, reason)));
    }
    let reservation = outcome.reservation;
    let seats = winners(connection, reservation).await?;
    if seats.is_empty() {
        // Only its own rows can be in the way: it was confirmed, changed, and confirmed again,
        // which no version of Frontrow does.
        let reason = "its seats were written before".to_owned();
        return Ok(Settled::Refused(DeadLetter::refused(outcome, reason)));
    }
    let lost = Row {
        reservation,
        state: State::Cancelled,
        cause: cause_name(Cause::Conflict),
    };
    upsert(connection, &[lost]).await?;
    let conflict = Conflict {
        concert: reservation.concert,
        loser: reservation.id,
        user: reservation.user,
        seats,
    };
    record(connection, &conflict).await?;
    Ok(Settled::Lost(conflict))
}

/// Which of its seats others have.
async fn winners(
    connection: &mut PgConnection,
    reservation: &Reservation,
) -> Result<Vec<LostSeat>, LedgerError> {
    let seats = reservation.seats.iter().map(|line| i64::from(line.seat.0));
    let holders: Vec<(i32, Uuid)> = sqlx::query_as(include_str!("../sql/seats_holders.sql"))
        .bind(reservation.concert.0)
        .bind(seats.collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
    holders
        .into_iter()
        .filter(|&(_, holder)| holder != reservation.id.0)
        .map(|(seat, winner)| lost_seat(seat, winner))
        .collect()
}

async fn record(connection: &mut PgConnection, conflict: &Conflict) -> Result<(), LedgerError> {
    let seats = conflict.seats.iter().map(|lost| i64::from(lost.seat.0));
    let winners = conflict.seats.iter().map(|lost| lost.winner.0);
    sqlx::query(include_str!("../sql/conflicts_insert.sql"))
        .bind(conflict.concert.0)
        .bind(conflict.loser.0)
        .bind(seats.collect::<Vec<_>>())
        .bind(winners.collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}
