//! History: what each entry of a batch said, kept in the transaction that applies it, because the log
//! itself is forgotten from then on.

use sqlx::PgConnection;
use uuid::Uuid;

use super::dead_letters::without_nul;
use crate::domain::lines::{AreaLine, Lines};
use crate::domain::log_entry::{Blocking, Change, LogEntry, LogEvent, Verb};
use crate::domain::position::{Epoch, Position};
use crate::domain::reservation::State;
use crate::ledger::reservations::cause_name;
use crate::ledger::{LedgerError, partitions};

/// Rows as columns.
#[derive(Default)]
struct Columns {
    ms: Vec<i64>,
    sequences: Vec<i64>,
    deadlines: Vec<Option<i64>>,
    concerts: Vec<Uuid>,
    reservations: Vec<Option<Uuid>>,
    users: Vec<Uuid>,
    versions: Vec<Option<i64>>,
    verbs: Vec<&'static str>,
    causes: Vec<Option<&'static str>>,
    seats: Vec<String>,
    areas: Vec<Option<String>>,
    seats_dropped: Vec<Option<String>>,
    areas_dropped: Vec<Option<String>>,
    payments: Vec<Option<String>>,
}

/// Keeps what the entries say, markers and what cannot be read apart.
pub(super) async fn insert(
    connection: &mut PgConnection,
    partition: u16,
    epoch: Epoch,
    entries: &[LogEntry],
) -> Result<(), LedgerError> {
    let mut rows = Columns::default();
    for entry in entries {
        match &entry.event {
            LogEvent::Changed(change) => rows.push_change(entry.position, change)?,
            LogEvent::Blocking(blocking) => rows.push_blocking(entry.position, blocking)?,
            LogEvent::Marker | LogEvent::Unreadable { .. } => {}
        }
    }
    if rows.ms.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("../sql/reservation_events_insert.sql"))
        .bind(i32::from(partition))
        .bind(epoch.0.cast_signed())
        .bind(rows.ms)
        .bind(rows.sequences)
        .bind(rows.deadlines)
        .bind(rows.concerts)
        .bind(rows.reservations)
        .bind(rows.users)
        .bind(rows.versions)
        .bind(rows.verbs)
        .bind(rows.causes)
        .bind(rows.seats)
        .bind(rows.areas)
        .bind(rows.seats_dropped)
        .bind(rows.areas_dropped)
        .bind(rows.payments)
        .execute(connection)
        .await?;
    Ok(())
}

impl Columns {
    fn push_change(&mut self, position: Position, change: &Change) -> Result<(), LedgerError> {
        let Change { verb, reservation, dropped } = change;
        let (lines, is_held) = (&reservation.lines, reservation.state == State::Held);
        self.push_position(position)?;
        self.deadlines.push(is_held.then(|| reservation.deadline.as_millisecond()));
        self.concerts.push(reservation.concert.0);
        self.reservations.push(Some(reservation.id.0));
        self.users.push(reservation.user.0);
        self.versions.push(Some(i64::from(reservation.version)));
        self.verbs.push(verb_name(*verb));
        self.causes.push(Some(cause_name(reservation.cause)));
        self.seats.push(seats_of(lines));
        self.areas.push(areas_of(&lines.areas));
        self.seats_dropped.push((!dropped.seats.is_empty()).then(|| seats_of(dropped)));
        self.areas_dropped.push(areas_of(&dropped.areas));
        let is_paid = *verb == Verb::Confirmed && !reservation.payment_reference.is_empty();
        self.payments.push(is_paid.then(|| without_nul(&reservation.payment_reference)));
        Ok(())
    }

    fn push_blocking(&mut self, position: Position, event: &Blocking) -> Result<(), LedgerError> {
        self.push_position(position)?;
        self.deadlines.push(None);
        self.concerts.push(event.concert.0);
        self.reservations.push(None);
        self.users.push(event.actor.0);
        self.versions.push(None);
        self.verbs.push(if event.blocked { "blocked" } else { "unblocked" });
        self.causes.push(None);
        self.seats.push(array(event.seats.iter().map(|seat| seat.0)));
        self.areas.push(None);
        self.seats_dropped.push(None);
        self.areas_dropped.push(None);
        self.payments.push(None);
        Ok(())
    }

    fn push_position(&mut self, position: Position) -> Result<(), LedgerError> {
        let (ms, sequence) = partitions::columns(position)?;
        self.ms.push(ms);
        self.sequences.push(sequence);
        Ok(())
    }
}

/// What the `verb` column holds.
fn verb_name(verb: Verb) -> &'static str {
    match verb {
        Verb::Reserved => "reserved",
        Verb::Confirmed => "confirmed",
        Verb::Released => "released",
        Verb::Cancelled => "cancelled",
        Verb::Extended => "extended",
        Verb::Expired => "expired",
        Verb::Changed => "changed",
    }
}

fn seats_of(lines: &Lines) -> String {
    array(lines.seats.iter().map(|line| line.seat.0))
}

/// Numbers of areas, each followed by how many places.
fn areas_of(lines: &[AreaLine]) -> Option<String> {
    let pairs = lines.iter().flat_map(|line| [line.area.0, line.quantity]);
    (!lines.is_empty()).then(|| array(pairs.map(u32::from)))
}

/// An array as PostgreSQL reads it. A number that is too large for it becomes the largest: history must
/// not keep from being applied what a dead letter tells of anyway.
fn array(numbers: impl Iterator<Item = u32>) -> String {
    let numbers = numbers.map(|number| number.min(i32::MAX.cast_unsigned()).to_string());
    format!("{{{}}}", numbers.collect::<Vec<_>>().join(","))
}
