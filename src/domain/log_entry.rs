//! One change to a seat, as the partition's log tells it.

use jiff::Timestamp;

use super::ids::{ConcertId, UserId};
use super::lines::Lines;
use super::position::Position;
use super::reservation::Reservation;
use super::seat::SeatNumber;

/// What happened. The discriminants are those of the packed entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Verb {
    /// Seats were held.
    Reserved = 1,
    /// A hold became a sale.
    Confirmed = 2,
    /// A hold was given back.
    Released = 3,
    /// A sale was given back.
    Cancelled = 4,
    /// A hold was prolonged.
    Extended = 5,
    /// A hold's deadline passed.
    Expired = 6,
    /// A hold has other seats or places than before.
    Changed = 7,
}

/// A reservation changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How.
    pub verb: Verb,
    /// How it stands afterwards.
    pub reservation: Reservation,
    /// For [`Verb::Changed`]: what it no longer has.
    pub dropped: Lines,
}

/// An organiser kept seats back, or gave them to the sale again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocking {
    /// The concert.
    pub concert: ConcertId,
    /// Which seats.
    pub seats: Vec<SeatNumber>,
    /// Whether they are blocked now; else they are available.
    pub blocked: bool,
    /// Who did it.
    pub actor: UserId,
    /// When, by Redis's clock.
    pub at: Timestamp,
}

/// What a log entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogEvent {
    /// A reservation changed.
    Changed(Change),
    /// Seats were kept back or given to the sale again.
    Blocking(Blocking),
    /// A concert was loaded or got other settings, or the partition was rebuilt; nothing to persist.
    Marker,
    /// The entry cannot be read.
    Unreadable {
        /// Its bytes, as they were.
        bytes: Vec<u8>,
        /// What is wrong with them.
        reason: String,
    },
}

/// An entry and where it stands in its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its place.
    pub position: Position,
    /// What it says.
    pub event: LogEvent,
}

impl LogEntry {
    /// The concert that it is about, if it says so.
    pub fn concert(&self) -> Option<ConcertId> {
        match &self.event {
            LogEvent::Changed(change) => Some(change.reservation.concert),
            LogEvent::Blocking(blocking) => Some(blocking.concert),
            LogEvent::Marker | LogEvent::Unreadable { .. } => None,
        }
    }
}
