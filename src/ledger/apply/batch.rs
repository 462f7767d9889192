//! The fast path: many reservations in a handful of statements, or none of them.

use sqlx::PgConnection;

use super::fold::Outcome;
use super::rows::{Row, end_seats, insert_seats, upsert};
use crate::domain::reservation::State;
use crate::ledger::LedgerError;

/// What was new in a part of a batch.
pub(super) struct Written {
    /// Reservations written as confirmed.
    pub(super) confirmed: usize,
    /// Reservations written as cancelled.
    pub(super) cancelled: usize,
}

/// Why a part of a batch could not be written as it is.
pub(super) enum Trouble {
    /// A seat is live already.
    SeatTaken,
    /// PostgreSQL refused the data.
    Refused(String),
}

/// Writes a part of a batch in a savepoint, and takes it back if any of it met trouble with the
/// data. The outer error is trouble of another kind, which ends the batch.
pub(super) async fn attempt(
    connection: &mut PgConnection,
    part: &[Outcome<'_>],
) -> Result<Result<Written, Trouble>, LedgerError> {
    if part.is_empty() {
        let nothing = Written {
            confirmed: 0,
            cancelled: 0,
        };
        return Ok(Ok(nothing));
    }
    step(connection, include_str!("../sql/part_begin.sql")).await?;
    let trouble = match write(connection, part).await {
        Ok(Some(written)) => {
            step(connection, include_str!("../sql/part_keep.sql")).await?;
            return Ok(Ok(written));
        }
        Ok(None) => Trouble::SeatTaken,
        Err(error) => Trouble::Refused(refusal(&error).ok_or(error)?),
    };
    step(connection, include_str!("../sql/part_undo.sql")).await?;
    Ok(Err(trouble))
}

async fn step(connection: &mut PgConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await?;
    Ok(())
}

/// What PostgreSQL says of data that it will never take: SQLSTATE classes 22 (data exception) and 23
/// (integrity constraint violation). Everything else may pass, and the same batch is tried again.
fn refusal(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?;
    let code = error.code()?;
    let is_about_data = code.starts_with("22") || code.starts_with("23");
    is_about_data.then(|| format!("{code}: {}", error.message()))
}

/// `None` when a seat of a confirmed reservation is live already.
async fn write(
    connection: &mut PgConnection,
    part: &[Outcome<'_>],
) -> Result<Option<Written>, sqlx::Error> {
    let rows = part.iter().map(Row::as_granted).collect::<Vec<_>>();
    let news = upsert(connection, &rows).await?;
    // Only the seats of what is news: an entry that is applied again, after its reservation went
    // on, must not bring its seats back to life.
    let is_news = |row: &&Row<'_>| news.contains(&row.reservation.id.0);
    let (confirmed, cancelled): (Vec<_>, Vec<_>) = rows
        .iter()
        .filter(is_news)
        .map(|row| row.reservation)
        .partition(|reservation| reservation.state == State::Confirmed);

    end_seats(connection, &cancelled).await?;
    let seats = confirmed.iter().map(|reservation| reservation.seats.len());
    let seats = seats.sum::<usize>() as u64;
    if insert_seats(connection, &confirmed, |_| None).await? != seats {
        return Ok(None);
    }
    // Those cancelled before they were ever written: the record says which seats they had.
    insert_seats(connection, &cancelled, |ended| Some(ended.changed_at)).await?;
    Ok(Some(Written {
        confirmed: confirmed.len(),
        cancelled: cancelled.len(),
    }))
}
