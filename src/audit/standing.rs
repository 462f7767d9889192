//! A reservation as far as an audit compares it, whichever store told of it.

use crate::domain::area::AreaNumber;
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::log_entry::{LogEntry, LogEvent};
use crate::domain::position::Position;
use crate::domain::reservation::{Reservation, State};
use crate::domain::seat::SeatNumber;
use crate::ledger::audit::SaleRow;
use crate::ledger::events::Event;

/// How a reservation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whose it is.
    pub user: UserId,
    /// Where it is in its life.
    pub state: State,
    /// As of which change.
    pub version: u32,
    /// When a hold ends, in ms; of no meaning otherwise.
    pub deadline_ms: i64,
    /// Its seats.
    pub seats: Vec<SeatNumber>,
    /// Its places in areas.
    pub areas: Vec<(AreaNumber, u16)>,
    /// What it costs; none when only the history tells of it, which has no prices.
    pub cost: Option<Cost>,
}

/// What a reservation costs, in minor units, each as its store has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// All of it.
    pub total_minor: i64,
    /// Its seats and places together.
    pub lines_minor: i64,
}

/// What an entry of the log said of a concert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Where it stands.
    pub position: Position,
    /// What it said.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A reservation stands like this now.
    Changed(ReservationId, Standing),
    /// Seats are kept back now, or no longer.
    Blocking(Vec<SeatNumber>, bool),
}

impl Standing {
    /// Whether it has its seats.
    pub fn lives(&self) -> bool {
        matches!(self.state, State::Held | State::Confirmed)
    }

    /// Whether it lives and has this seat.
    pub fn has(&self, seat: SeatNumber) -> bool {
        self.lives() && self.seats.contains(&seat)
    }

    /// How many people it lets in.
    pub fn places(&self) -> u32 {
        let standing: u32 = self.areas.iter().map(|(_, places)| u32::from(*places)).sum();
        self.seats.len() as u32 + standing
    }

    /// What its owner's list has to say of its end: 0 once it is confirmed.
    pub fn owned_deadline_ms(&self) -> i64 {
        if self.state == State::Held { self.deadline_ms } else { 0 }
    }
}

impl From<&Reservation> for Standing {
    fn from(reservation: &Reservation) -> Self {
        let lines = &reservation.lines;
        // The only sum that there is in Redis is that of the lines.
        let minor = i64::try_from(lines.total_minor()).unwrap_or(i64::MAX);
        Self {
            user: reservation.user,
            state: reservation.state,
            version: reservation.version,
            deadline_ms: reservation.deadline.as_millisecond(),
            seats: lines.seats.iter().map(|line| line.seat).collect(),
            areas: lines.areas.iter().map(|line| (line.area, line.quantity)).collect(),
            cost: Some(Cost { total_minor: minor, lines_minor: minor }),
        }
    }
}

impl From<&SaleRow> for Standing {
    fn from(row: &SaleRow) -> Self {
        Self {
            user: row.user,
            state: row.state,
            version: row.version,
            deadline_ms: 0,
            seats: row.seats.clone(),
            areas: row.areas.clone(),
            cost: Some(Cost { total_minor: row.total_minor, lines_minor: row.lines_minor }),
        }
    }
}

impl Told {
    /// What an entry of the log says, if that is of a reservation or of blocked seats.
    pub fn from_entry(entry: &LogEntry) -> Option<Self> {
        let what = match &entry.event {
            LogEvent::Changed(change) => {
                What::Changed(change.reservation.id, Standing::from(&change.reservation))
            }
            LogEvent::Blocking(blocking) => {
                What::Blocking(blocking.seats.clone(), blocking.blocked)
            }
            LogEvent::Marker | LogEvent::Unreadable { .. } => return None,
        };
        Some(Self { position: entry.position, what })
    }

    /// What an entry said that the log has forgotten, from the history.
    pub fn from_event(event: Event) -> Option<Self> {
        let state = match event.verb.as_str() {
            "reserved" | "extended" | "changed" => State::Held,
            "confirmed" => State::Confirmed,
            "released" => State::Released,
            "cancelled" => State::Cancelled,
            "expired" => State::Expired,
            "blocked" | "unblocked" => {
                let blocked = event.verb == "blocked";
                let what = What::Blocking(event.seats, blocked);
                return Some(Self { position: event.position, what });
            }
            _ => return None,
        };
        let standing = Standing {
            user: event.user,
            state,
            version: event.version?,
            deadline_ms: event.deadline_ms.unwrap_or_default(),
            seats: event.seats,
            areas: event
                .areas
                .into_iter()
                .map(|(area, places)| (AreaNumber(area), places))
                .collect(),
            cost: None,
        };
        let what = What::Changed(event.reservation?, standing);
        Some(Self { position: event.position, what })
    }
}
