//! History: what happened to reservations and to seats, read back.

use sqlx::PgPool;
use uuid::Uuid;

use super::{LedgerError, partitions};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::position::{Epoch, Position};
use crate::domain::reservation::Cause;
use crate::domain::seat::SeatNumber;
use crate::ledger::reservations::cause_of_event;

/// Something that happened, as an entry of the log told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where in the log, which also says when.
    pub position: Position,
    /// In which epoch.
    pub epoch: Epoch,
    /// What: `reserved`, `confirmed`, `released`, `cancelled`, `extended`, `expired`, `changed`,
    /// `blocked` or `unblocked`.
    pub verb: String,
    /// Why, where it was about a reservation.
    pub cause: Option<Cause>,
    /// The reservation, if it was about one.
    pub reservation: Option<ReservationId>,
    /// Whose reservation it is, or who blocked or unblocked.
    pub user: UserId,
    /// The reservation's version from then on.
    pub version: Option<u32>,
    /// Until when it was held from then on, if it was.
    pub deadline_ms: Option<i64>,
    /// The seats: those that the reservation has from then on, or those blocked or unblocked.
    pub seats: Vec<SeatNumber>,
    /// Areas by number, each with how many places the reservation has there from then on.
    pub areas: Vec<(u16, u16)>,
    /// The seats that it no longer has.
    pub seats_dropped: Vec<SeatNumber>,
    /// The places in areas that it no longer has.
    pub areas_dropped: Vec<(u16, u16)>,
    /// What the organiser's server called the payment, where it confirmed.
    pub payment_reference: Option<String>,
    /// The organiser who did it, if one did and that is on record.
    pub organiser: Option<UserId>,
    /// Why, in the organiser's words.
    pub reason: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    position_ms: i64,
    position_sequence: i64,
    epoch: i32,
    deadline_ms: Option<i64>,
    reservation_id: Option<Uuid>,
    user_id: Uuid,
    version: Option<i64>,
    verb: String,
    cause: Option<String>,
    seats: Vec<i32>,
    areas: Option<Vec<i32>>,
    seats_dropped: Option<Vec<i32>>,
    areas_dropped: Option<Vec<i32>>,
    payment_reference: Option<String>,
    actor_id: Option<Uuid>,
    reason: Option<String>,
}

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A reservation.
    Reservation(ReservationId),
    /// A seat.
    Seat(SeatNumber),
}

/// What the log told of a concert after a position and up to another, as far as it was applied, in order.
///
/// # Errors
/// When PostgreSQL cannot be reached, or a row cannot be read.
pub async fn between(
    pool: &PgPool,
    partition: u16,
    concert: ConcertId,
    after: Position,
    until: Position,
) -> Result<Vec<Event>, LedgerError> {
    let (after_ms, after_sequence) = partitions::columns(after)?;
    let (until_ms, until_sequence) = partitions::columns(until)?;
    let rows = sqlx::query_as(include_str!("sql/audit_events.sql"))
        .bind(i32::from(partition))
        .bind(concert.0)
        .bind(after_ms)
        .bind(after_sequence)
        .bind(until_ms)
        .bind(until_sequence)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// What happened to a reservation or a seat of a concert after a position, in order.
///
/// # Errors
/// When PostgreSQL cannot be reached, or a row cannot be read.
pub async fn of(
    pool: &PgPool,
    concert: ConcertId,
    subject: Subject,
    after: Position,
    limit: u32,
) -> Result<Vec<Event>, LedgerError> {
    let (ms, sequence) = partitions::columns(after)?;
    let (reservation, seat) = match subject {
        Subject::Reservation(id) => (Some(id.0), None),
        Subject::Seat(seat) => (None, Some(seat.0.cast_signed())),
    };
    let rows = sqlx::query_as(include_str!("sql/reservation_events_after.sql"))
        .bind(concert.0)
        .bind(reservation)
        .bind(seat)
        .bind(ms)
        .bind(sequence)
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

impl Row {
    fn read(self) -> Result<Event, LedgerError> {
        let position = partitions::position(self.position_ms, self.position_sequence)?;
        let cause = self.cause.as_deref().map(|name| {
            let reason = format!("cause {name:?} at {position}");
            let unreadable = LedgerError::Unreadable { table: "reservation_events", reason };
            cause_of_event(name).ok_or(unreadable)
        });
        Ok(Event {
            position,
            epoch: Epoch(self.epoch.cast_unsigned()),
            verb: self.verb,
            cause: cause.transpose()?,
            reservation: self.reservation_id.map(ReservationId),
            user: UserId(self.user_id),
            version: self.version.and_then(|version| u32::try_from(version).ok()),
            deadline_ms: self.deadline_ms,
            seats: seats(&self.seats),
            areas: areas(self.areas),
            seats_dropped: seats(&self.seats_dropped.unwrap_or_default()),
            areas_dropped: areas(self.areas_dropped),
            payment_reference: self.payment_reference,
            organiser: self.actor_id.map(UserId),
            reason: self.reason,
        })
    }
}

fn seats(numbers: &[i32]) -> Vec<SeatNumber> {
    numbers.iter().map(|number| SeatNumber(number.cast_unsigned())).collect()
}

fn areas(pairs: Option<Vec<i32>>) -> Vec<(u16, u16)> {
    let narrow = |number: i32| u16::try_from(number).unwrap_or(u16::MAX);
    let pairs = pairs.unwrap_or_default();
    pairs.chunks_exact(2).map(|pair| (narrow(pair[0]), narrow(pair[1]))).collect()
}
