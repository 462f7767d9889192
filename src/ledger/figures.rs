//! Sales figures of a concert.

use jiff_sqlx::Timestamp;
use sqlx::PgPool;

use super::LedgerError;
use crate::domain::ids::{ConcertId, SeatMapId};
use crate::domain::limits::SALES_PERIODS_MAX;

/// What was sold in a section and category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SoldInPlace {
    /// The section, as an index into the map's.
    pub section: i32,
    /// The category, as an index into the map's.
    pub category: i16,
    /// How many seats and places.
    pub tickets: i64,
    /// What they cost, in minor units.
    pub revenue_minor: i64,
}

/// What was sold in an hour or on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoldInTime {
    /// When it began.
    pub begins_at: jiff::Timestamp,
    /// How many seats and places were confirmed in it, of those that are still sold.
    pub tickets: i64,
    /// What they cost, in minor units.
    pub revenue_minor: i64,
}

/// How often something went wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Trouble {
    /// Seats that two reservations were granted.
    pub conflicts: i64,
    /// Those of them whose loser still stands in Redis.
    pub conflicts_open: i64,
    /// Log entries that were not applied, and wait for a person.
    pub dead_letters: i64,
}

/// What was sold of a concert and stands, by section and category.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn by_place(
    pool: &PgPool,
    concert: ConcertId,
    map: SeatMapId,
) -> Result<Vec<SoldInPlace>, LedgerError> {
    let query = sqlx::query_as(include_str!("sql/figures_by_place.sql"));
    Ok(query.bind(concert.0).bind(map.0).fetch_all(pool).await?)
}

/// What was sold of a concert and stands, by the `period` (`hour` or `day`) of a time zone; the last
/// [`SALES_PERIODS_MAX`].
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn over_time(
    pool: &PgPool,
    concert: ConcertId,
    period: &'static str,
    time_zone: &str,
) -> Result<Vec<SoldInTime>, LedgerError> {
    let rows: Vec<(Timestamp, i64, i64)> =
        sqlx::query_as(include_str!("sql/figures_over_time.sql"))
            .bind(concert.0)
            .bind(period)
            .bind(time_zone)
            .bind(i64::from(SALES_PERIODS_MAX))
            .fetch_all(pool)
            .await?;
    let row = |(begins_at, tickets, revenue_minor): (Timestamp, _, _)| SoldInTime {
        begins_at: begins_at.to_jiff(),
        tickets,
        revenue_minor,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// How often something went wrong at a concert.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn trouble(pool: &PgPool, concert: ConcertId) -> Result<Trouble, LedgerError> {
    let query = sqlx::query_as(include_str!("sql/figures_of_trouble.sql"));
    Ok(query.bind(concert.0).fetch_one(pool).await?)
}
