//! The fast path: many reservations in a handful of statements, or none of them.

use std::collections::HashSet;

use sqlx::PgConnection;
use uuid::Uuid;

use super::area_rows::{count_sold, end_areas, insert_areas};
use super::fold::Outcome;
use super::referee::{self, Losers, Lost};
use super::rows::{Row, end_seats, insert_seats, upsert};
use crate::domain::reservation::{Reservation, State};
use crate::ledger::LedgerError;
use crate::ledger::conflicts::Conflict;

/// What was new in a part of a batch.
#[derive(Default)]
pub(super) struct Written {
    /// Reservations written as confirmed.
    pub(super) confirmed: usize,
    /// Reservations written as cancelled.
    pub(super) cancelled: usize,
    /// Reservations written as losers, in the log's order.
    pub(super) conflicts: Vec<Conflict>,
}

/// Why a part of a batch could not be written as it is.
pub(super) enum Trouble {
    /// A seat is live already, or an area has too few places left.
    SeatTaken {
        /// The reservations of the part that are news: the referee's business.
        news: HashSet<Uuid>,
    },
    /// PostgreSQL refused the data.
    Refused(String),
}

impl Trouble {
    /// What to say of the one reservation that it is about, once the referee has spoken.
    pub(super) fn reason(self) -> String {
        match self {
            // Only its own rows can be in the way still: it was confirmed, changed, and confirmed
            // again, or has a seat twice; no version of Frontrow does either.
            Self::SeatTaken { .. } => "its seats were written before".to_owned(),
            Self::Refused(reason) => reason,
        }
    }
}

/// Writes a part of a batch in a savepoint, losers as cancelled without their seats, and takes it
/// back if any of it met trouble with the data. The outer error is trouble of another kind, which
/// ends the batch.
pub(super) async fn attempt(
    connection: &mut PgConnection,
    part: &[Outcome<'_>],
    losers: &Losers,
) -> Result<Result<Written, Trouble>, LedgerError> {
    if part.is_empty() {
        return Ok(Ok(Written::default()));
    }
    step(connection, include_str!("../sql/part_begin.sql")).await?;
    let trouble = match write(connection, part, losers).await {
        Ok(Ok(written)) => {
            step(connection, include_str!("../sql/part_keep.sql")).await?;
            return Ok(Ok(written));
        }
        Ok(Err(trouble)) => trouble,
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

async fn write(
    connection: &mut PgConnection,
    part: &[Outcome<'_>],
    losers: &Losers,
) -> Result<Result<Written, Trouble>, sqlx::Error> {
    let row = |outcome| Row::new(outcome, losers);
    let news = upsert(connection, &part.iter().map(row).collect::<Vec<_>>()).await?;
    // Only the seats of what is news: an entry that is applied again, after its reservation went
    // on, must not bring its seats back to life.
    let is_news = |it: &&Reservation| news.contains(&it.id.0);
    let reservations = part.iter().map(|outcome| outcome.reservation);
    let (lost, granted): (Vec<_>, Vec<_>) =
        reservations.filter(is_news).partition(|it| losers.contains_key(&it.id));
    let (confirmed, cancelled): (Vec<_>, Vec<_>) =
        granted.into_iter().partition(|it| it.state == State::Confirmed);

    end_seats(connection, &cancelled).await?;
    end_areas(connection, &cancelled).await?;
    let seats = confirmed.iter().map(|it| it.lines.seats.len()).sum::<usize>();
    if insert_seats(connection, &confirmed, |_| None).await? != seats as u64 {
        return Ok(Err(Trouble::SeatTaken { news }));
    }
    if !insert_areas(connection, &confirmed, |_| None).await?
        || !count_sold(connection, &confirmed).await?
    {
        return Ok(Err(Trouble::SeatTaken { news }));
    }
    // Those cancelled before they were ever written: the record says what they had.
    insert_seats(connection, &cancelled, |ended| Some(ended.changed_at)).await?;
    insert_areas(connection, &cancelled, |ended| Some(ended.changed_at)).await?;
    let conflict = |it: &Reservation| {
        let Lost { seats, areas } = losers[&it.id].clone();
        Conflict { concert: it.concert, loser: it.id, user: it.user, seats, areas }
    };
    let conflicts: Vec<Conflict> = lost.into_iter().map(conflict).collect();
    referee::record(connection, &conflicts).await?;
    Ok(Ok(Written { confirmed: confirmed.len(), cancelled: cancelled.len(), conflicts }))
}
