//! What a batch comes to.

use std::collections::HashMap;

use super::dead_letters::DeadLetter;
use crate::domain::ids::ReservationId;
use crate::domain::log_entry::{Change, LogEntry, LogEvent, Verb};
use crate::domain::position::Position;
use crate::domain::reservation::{Reservation, State};

/// A batch, folded.
pub(super) struct Folded<'a> {
    /// How each reservation that was ever sold stands after the batch, in the log's order.
    pub(super) outcomes: Vec<Outcome<'a>>,
    /// The entries that cannot be read.
    pub(super) unreadable: Vec<DeadLetter>,
}

/// A reservation's last entry of a batch.
#[derive(Clone, Copy)]
pub(super) struct Outcome<'a> {
    /// Where the entry stands.
    pub(super) position: Position,
    /// What it said had happened.
    pub(super) verb: Verb,
    /// How the reservation stood afterwards.
    pub(super) reservation: &'a Reservation,
}

/// Keeps each reservation's last entry, of those that PostgreSQL is told of: holds that came to
/// nothing are Redis's alone. The log's order decides and not the version, because it is the order
/// in which Redis handed the seats on.
pub(super) fn fold(entries: &[LogEntry]) -> Folded<'_> {
    let mut outcomes = Vec::with_capacity(entries.len());
    let mut unreadable = Vec::new();
    for entry in entries {
        match &entry.event {
            LogEvent::Changed(change) if is_kept(change.reservation.state) => {
                let Change { verb, reservation, .. } = change;
                outcomes.push(Outcome { position: entry.position, verb: *verb, reservation });
            }
            LogEvent::Changed(_) | LogEvent::Blocking(_) | LogEvent::Marker => {}
            LogEvent::Unreadable { bytes, reason } => {
                unreadable.push(DeadLetter::unreadable(entry.position, bytes, reason));
            }
        }
    }
    let last: HashMap<ReservationId, Position> =
        outcomes.iter().map(|outcome| (outcome.reservation.id, outcome.position)).collect();
    outcomes.retain(|outcome| last[&outcome.reservation.id] == outcome.position);
    Folded { outcomes, unreadable }
}

fn is_kept(state: State) -> bool {
    match state {
        State::Confirmed | State::Cancelled => true,
        State::Held | State::Released | State::Expired => false,
    }
}
