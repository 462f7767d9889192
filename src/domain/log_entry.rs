//! One change to a seat, as the partition's log tells it.

use super::position::Position;
use super::reservation::Reservation;

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
}

/// What a log entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogEvent {
    /// A reservation changed; this is how it stands afterwards.
    Changed(Verb, Reservation),
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
