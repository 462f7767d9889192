//! What was sold: read for its owner, and to rebuild what Redis lost.

use jiff_sqlx::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

use super::LedgerError;
use crate::domain::area::{AreaCounts, AreaNumber};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::limits::SEATS_PER_USER_MAX;
use crate::domain::lines::{AreaLine, Lines, SeatLine};
use crate::domain::reservation::{Cause, Reservation, State};
use crate::domain::seat::SeatNumber;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    concert_id: Uuid,
    user_id: Uuid,
    state: String,
    cause: String,
    version: i64,
    extended: bool,
    fingerprint: Vec<u8>,
    held_at: Timestamp,
    deadline: Timestamp,
    confirmed_at: Timestamp,
    changed_at: Timestamp,
    payment_reference: String,
    seats: Vec<i32>,
    prices: Vec<i64>,
    areas: Vec<i16>,
    quantities: Vec<i32>,
    area_prices: Vec<i64>,
}

/// A page of everything ever confirmed of a concert, in the order of the ids, from the first after
/// `after`: confirmed ones with their seats, cancelled ones with the seats that they had. A page
/// with fewer than `limit` is the last.
///
/// # Errors
/// When PostgreSQL cannot be reached, or a row cannot be read.
pub async fn for_concert(
    pool: &PgPool,
    concert: ConcertId,
    after: Option<ReservationId>,
    limit: u32,
) -> Result<Vec<Reservation>, LedgerError> {
    look_up(pool, concert, None, None, after, limit).await
}

/// A page of what was ever confirmed of a concert, in the order of the ids, from the first after
/// `after`; only of a state or of a user, if these are given.
///
/// # Errors
/// When PostgreSQL cannot be reached, or a row cannot be read.
pub async fn look_up(
    pool: &PgPool,
    concert: ConcertId,
    state: Option<State>,
    user: Option<UserId>,
    after: Option<ReservationId>,
    limit: u32,
) -> Result<Vec<Reservation>, LedgerError> {
    let rows = sqlx::query_as::<_, Row>(include_str!("sql/reservations_look_up.sql"))
        .bind(concert.0)
        .bind(after.map_or(Uuid::nil(), |id| id.0))
        .bind(state.map(State::name))
        .bind(user.map(|user| user.0))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// One reservation, if it was ever confirmed and has come this far.
///
/// # Errors
/// When PostgreSQL cannot be reached, or the row cannot be read.
pub async fn find(pool: &PgPool, id: ReservationId) -> Result<Option<Reservation>, LedgerError> {
    let query = sqlx::query_as::<_, Row>(include_str!("sql/reservation_find.sql"));
    let row = query.bind(id.0).fetch_optional(pool).await?;
    row.map(Row::read).transpose()
}

/// What a user has bought at a concert, in the order it was bought.
///
/// # Errors
/// When PostgreSQL cannot be reached, or a row cannot be read.
pub async fn of_user(
    pool: &PgPool,
    user: UserId,
    concert: ConcertId,
) -> Result<Vec<Reservation>, LedgerError> {
    // Each live reservation has a seat at least, so the limit on seats bounds reservations too.
    let rows = sqlx::query_as::<_, Row>(include_str!("sql/reservations_of_user.sql"))
        .bind(user.0)
        .bind(concert.0)
        .bind(i64::from(SEATS_PER_USER_MAX))
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The seats of a concert that are sold, in no order.
///
/// # Errors
/// When PostgreSQL cannot be reached, or a row cannot be read.
pub async fn sold_seats(pool: &PgPool, concert: ConcertId) -> Result<Vec<SeatNumber>, LedgerError> {
    let query = sqlx::query_scalar::<_, i32>(include_str!("sql/reservation_seats_live.sql"));
    let seats = query.bind(concert.0).fetch_all(pool).await?;
    let number = |seat: i32| {
        let reason = format!("seat {seat} of concert {concert}");
        let unreadable = |_| LedgerError::Unreadable { table: "reservation_seats", reason };
        u32::try_from(seat).map(SeatNumber).map_err(unreadable)
    };
    seats.into_iter().map(number).collect()
}

/// How many places of each area of a concert are sold, in the order of their numbers.
///
/// # Errors
/// When PostgreSQL cannot be reached, or a row cannot be read.
pub async fn area_counts(
    pool: &PgPool,
    concert: ConcertId,
) -> Result<Vec<AreaCounts>, LedgerError> {
    let query = sqlx::query_as::<_, (i32, i32)>(include_str!("sql/area_sales_of_concert.sql"));
    let rows = query.bind(concert.0).fetch_all(pool).await?;
    let counts = |(capacity, sold): (i32, i32)| AreaCounts {
        available: capacity.saturating_sub(sold).cast_unsigned(),
        held: 0,
        sold: sold.cast_unsigned(),
    };
    Ok(rows.into_iter().map(counts).collect())
}

impl Row {
    fn seat_lines(&self) -> Option<Vec<SeatLine>> {
        let line = |(&seat, &price): (&i32, &i64)| {
            Some(SeatLine {
                seat: SeatNumber(u32::try_from(seat).ok()?),
                price_minor: u32::try_from(price).ok()?,
            })
        };
        self.seats.iter().zip(&self.prices).map(line).collect()
    }

    fn area_lines(&self) -> Option<Vec<AreaLine>> {
        let line = |((&area, &quantity), &price): ((&i16, &i32), &i64)| {
            Some(AreaLine {
                area: AreaNumber(u16::try_from(area).ok()?),
                quantity: u16::try_from(quantity).ok()?,
                price_minor: u32::try_from(price).ok()?,
            })
        };
        self.areas.iter().zip(&self.quantities).zip(&self.area_prices).map(line).collect()
    }

    fn read(self) -> Result<Reservation, LedgerError> {
        let unreadable = |what: &str| LedgerError::Unreadable {
            table: "reservations",
            reason: format!("{what} of {}", self.id),
        };
        let fingerprint = self.fingerprint.as_slice().try_into();
        Ok(Reservation {
            id: ReservationId(self.id),
            concert: ConcertId(self.concert_id),
            user: UserId(self.user_id),
            state: state_of(&self.state).ok_or_else(|| unreadable("state"))?,
            cause: cause_of(&self.cause).ok_or_else(|| unreadable("cause"))?,
            extended: self.extended,
            version: u32::try_from(self.version).map_err(|_| unreadable("version"))?,
            fingerprint: fingerprint.map_err(|_| unreadable("fingerprint"))?,
            held_at: self.held_at.to_jiff(),
            deadline: self.deadline.to_jiff(),
            confirmed_at: Some(self.confirmed_at.to_jiff()),
            changed_at: self.changed_at.to_jiff(),
            lines: Lines {
                seats: self.seat_lines().ok_or_else(|| unreadable("seats"))?,
                areas: self.area_lines().ok_or_else(|| unreadable("areas"))?,
            },
            payment_reference: self.payment_reference.clone(),
        })
    }
}

/// The state that the `state` column names.
pub(super) fn state_of(name: &str) -> Option<State> {
    [State::Confirmed, State::Cancelled].into_iter().find(|state| state.name() == name)
}

/// What the `cause` column holds.
pub(super) fn cause_name(cause: Cause) -> &'static str {
    match cause {
        Cause::User => "user",
        Cause::Overdue => "overdue",
        Cause::Displaced => "displaced",
        Cause::Conflict => "conflict",
        Cause::Organiser => "organiser",
        Cause::Merchant => "merchant",
        Cause::Refused => "refused",
    }
}

/// The cause that an event has; of those, every one.
pub(super) fn cause_of_event(name: &str) -> Option<Cause> {
    let ends = [Cause::Overdue, Cause::Displaced];
    cause_of(name).or_else(|| ends.into_iter().find(|&cause| cause_name(cause) == name))
}

pub(super) fn cause_of(name: &str) -> Option<Cause> {
    let causes = [Cause::User, Cause::Conflict, Cause::Organiser, Cause::Merchant, Cause::Refused];
    causes.into_iter().find(|&cause| cause_name(cause) == name)
}
