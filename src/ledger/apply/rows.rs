//! The statements that write rows, each for any number of reservations.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;

use super::fold::Outcome;
use super::referee::Losers;
use crate::domain::lines::SeatLine;
use crate::domain::reservation::{Cause, Reservation, State};
use crate::ledger::reservations::cause_name;

/// A reservation, and the state and cause that it is to be stored with.
pub(super) struct Row<'a> {
    /// The reservation.
    reservation: &'a Reservation,
    /// The state to store.
    state: State,
    /// The cause to store.
    cause: Cause,
}

impl<'a> Row<'a> {
    /// As Redis granted it, unless it lost.
    pub(super) fn new(outcome: &Outcome<'a>, losers: &Losers) -> Self {
        let reservation = outcome.reservation;
        let (state, cause) = match losers.get(&reservation.id) {
            Some(lost) => (State::Cancelled, lost.cause()),
            None => (reservation.state, reservation.cause),
        };
        Self { reservation, state, cause }
    }
}

/// Makes sure that the owners are there: for the whole batch at once and before its first
/// savepoint, so that every writer locks them in one order.
pub(super) async fn insert_users(
    connection: &mut PgConnection,
    outcomes: &[Outcome<'_>],
) -> Result<(), sqlx::Error> {
    let users = outcomes.iter().map(|outcome| outcome.reservation.user.0);
    let mut users: Vec<Uuid> = users.collect();
    users.sort_unstable();
    users.dedup();
    if users.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(include_str!("../sql/users_insert.sql"));
    query.bind(users).execute(connection).await?;
    Ok(())
}

/// Writes reservations; returns the ids of those that were news. Every array has an element a row,
/// being made from the rows: `UNNEST` would fill a shorter one with nulls.
pub(super) async fn upsert(
    connection: &mut PgConnection,
    rows: &[Row<'_>],
) -> Result<HashSet<Uuid>, sqlx::Error> {
    fn each<T>(rows: &[Row<'_>], value: impl Fn(&Reservation) -> T) -> Vec<T> {
        rows.iter().map(|row| value(row.reservation)).collect()
    }
    let states: Vec<_> = rows.iter().map(|row| row.state.name()).collect();
    let causes: Vec<_> = rows.iter().map(|row| cause_name(row.cause)).collect();
    let news = sqlx::query_scalar(include_str!("../sql/reservations_upsert.sql"))
        .bind(each(rows, |it| it.id.0))
        .bind(each(rows, |it| it.concert.0))
        .bind(each(rows, |it| it.user.0))
        .bind(states)
        .bind(causes)
        .bind(each(rows, |it| i64::from(it.version)))
        .bind(each(rows, |it| it.extended))
        .bind(each(rows, |it| it.fingerprint.to_vec()))
        .bind(each(rows, |it| it.lines.total_minor() as i64))
        .bind(each(rows, |it| it.held_at.to_sqlx()))
        .bind(each(rows, |it| it.deadline.to_sqlx()))
        .bind(each(rows, |it| it.confirmed_at.map(ToSqlx::to_sqlx)))
        .bind(each(rows, |it| it.changed_at.to_sqlx()))
        .bind(each(rows, |it| it.payment_reference.clone()))
        .fetch_all(connection)
        .await?;
    Ok(news.into_iter().collect())
}

/// Ends the live seats of cancelled reservations.
pub(super) async fn end_seats(
    connection: &mut PgConnection,
    cancelled: &[&Reservation],
) -> Result<(), sqlx::Error> {
    if cancelled.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = cancelled.iter().map(|it| it.id.0).collect();
    let ended: Vec<_> = cancelled.iter().map(|it| it.changed_at.to_sqlx()).collect();
    let query = sqlx::query(include_str!("../sql/reservation_seats_end.sql"));
    query.bind(ids).bind(ended).execute(connection).await?;
    Ok(())
}

/// Inserts the reservations' seats, ended at the time that `ended_at` says; returns how many were
/// not in the way of another row. Seat numbers go as eight bytes, so that PostgreSQL and not this
/// function refuses one that is too large.
pub(super) async fn insert_seats(
    connection: &mut PgConnection,
    reservations: &[&Reservation],
    ended_at: impl Fn(&Reservation) -> Option<Timestamp>,
) -> Result<u64, sqlx::Error> {
    let lines: Vec<(&Reservation, &SeatLine)> = reservations
        .iter()
        .flat_map(|&it| it.lines.seats.iter().map(move |line| (it, line)))
        .collect();
    if lines.is_empty() {
        return Ok(0);
    }
    let ids: Vec<_> = lines.iter().map(|(it, _)| it.id.0).collect();
    let concerts: Vec<_> = lines.iter().map(|(it, _)| it.concert.0).collect();
    let seats: Vec<_> = lines.iter().map(|(_, line)| i64::from(line.seat.0)).collect();
    let prices: Vec<_> = lines.iter().map(|(_, line)| i64::from(line.price_minor)).collect();
    let ended = |it: &Reservation| ended_at(it).map(ToSqlx::to_sqlx);
    let ended: Vec<_> = lines.iter().map(|(it, _)| ended(it)).collect();
    let inserted = sqlx::query(include_str!("../sql/reservation_seats_insert.sql"))
        .bind(ids)
        .bind(concerts)
        .bind(seats)
        .bind(prices)
        .bind(ended)
        .execute(connection)
        .await?;
    Ok(inserted.rows_affected())
}
