//! Entries that could not be read, or that PostgreSQL refused: kept, so that nothing is lost.

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::fold::Outcome;
use crate::domain::lines::{AreaLine, SeatLine};
use crate::domain::position::Position;
use crate::ledger::reservations::cause_name;
use crate::ledger::{LedgerError, partitions};

/// An entry that was not applied.
pub(super) struct DeadLetter {
    /// Where it stands in its log.
    pub(super) position: Position,
    /// Why it was not applied.
    pub(super) reason: String,
    content: Content,
}

/// Either of two columns: bytes as they were, or words that a person can repair.
enum Content {
    Bytes(Vec<u8>),
    Event(Value),
}

impl DeadLetter {
    pub(super) fn unreadable(position: Position, bytes: &[u8], reason: &str) -> Self {
        Self {
            position,
            // It may quote the bytes.
            reason: without_nul(reason),
            content: Content::Bytes(bytes.to_vec()),
        }
    }

    pub(super) fn refused(outcome: &Outcome<'_>, reason: String) -> Self {
        Self { position: outcome.position, reason, content: Content::Event(event(outcome)) }
    }

    fn bytes(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes),
            Content::Event(_) => None,
        }
    }

    fn event(&self) -> Option<&Value> {
        match &self.content {
            Content::Bytes(_) => None,
            Content::Event(event) => Some(event),
        }
    }
}

/// A text as PostgreSQL can keep it, which has no room for a NUL.
pub(super) fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// All that the entry said, under the names of the columns that it should have gone to.
fn event(outcome: &Outcome<'_>) -> Value {
    let reservation = outcome.reservation;
    let seat = |line: &SeatLine| json!({ "seat": line.seat, "price_minor": line.price_minor });
    let area = |line: &AreaLine| {
        let AreaLine { area, quantity, price_minor } = line;
        json!({ "area": area.0, "quantity": quantity, "price_minor": price_minor })
    };
    json!({
        "verb": format!("{:?}", outcome.verb).to_lowercase(),
        "id": reservation.id,
        "concert_id": reservation.concert,
        "user_id": reservation.user,
        "state": reservation.state.name(),
        "cause": cause_name(reservation.cause),
        "version": reservation.version,
        "extended": reservation.extended,
        "fingerprint": reservation.fingerprint,
        "held_at": reservation.held_at,
        "deadline": reservation.deadline,
        "confirmed_at": reservation.confirmed_at,
        "changed_at": reservation.changed_at,
        "seats": reservation.lines.seats.iter().map(seat).collect::<Vec<_>>(),
        "areas": reservation.lines.areas.iter().map(area).collect::<Vec<_>>(),
        "payment_reference": without_nul(&reservation.payment_reference),
    })
}

/// Keeps the letters of a batch.
pub(super) async fn insert(
    connection: &mut PgConnection,
    partition: u16,
    letters: &[DeadLetter],
) -> Result<(), LedgerError> {
    if letters.is_empty() {
        return Ok(());
    }
    let positions = letters.iter().map(|letter| partitions::columns(letter.position));
    let (ms, sequences): (Vec<_>, Vec<_>) =
        positions.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    sqlx::query(include_str!("../sql/dead_letters_insert.sql"))
        .bind(i32::from(partition))
        .bind(ms)
        .bind(sequences)
        .bind(letters.iter().map(DeadLetter::bytes).collect::<Vec<_>>())
        .bind(letters.iter().map(DeadLetter::event).collect::<Vec<_>>())
        .bind(letters.iter().map(|letter| letter.reason.as_str()).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}
