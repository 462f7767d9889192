//! Seats that were kept back, or given to the sale again.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::log_entry::{LogEntry, LogEvent};
use crate::domain::position::Position;
use crate::ledger::{LedgerError, partitions};

/// Writes the last word of a batch about each seat.
///
/// A number that no column holds is left out: no map has such a seat, so that nobody misses it.
pub(super) async fn upsert(
    connection: &mut PgConnection,
    entries: &[LogEntry],
) -> Result<(), LedgerError> {
    let mut last: HashMap<(Uuid, i32), (bool, Position)> = HashMap::new();
    for entry in entries {
        let LogEvent::Blocking(blocking) = &entry.event else { continue };
        let seats = blocking.seats.iter().filter_map(|seat| i32::try_from(seat.0).ok());
        let word = (blocking.blocked, entry.position);
        last.extend(seats.map(|seat| ((blocking.concert.0, seat), word)));
    }
    if last.is_empty() {
        return Ok(());
    }
    let (mut concerts, mut seats, mut blocked) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ms, mut sequences) = (Vec::new(), Vec::new());
    for ((concert, seat), (is_blocked, position)) in last {
        let position = partitions::columns(position)?;
        concerts.push(concert);
        seats.push(seat);
        blocked.push(is_blocked);
        ms.push(position.0);
        sequences.push(position.1);
    }
    sqlx::query(include_str!("../sql/blocked_seats_upsert.sql"))
        .bind(concerts)
        .bind(seats)
        .bind(blocked)
        .bind(ms)
        .bind(sequences)
        .execute(connection)
        .await?;
    Ok(())
}
