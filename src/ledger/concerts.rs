//! Concerts: one by its id, and many in the order they begin.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::LedgerError;
use super::concert_rows::{ConcertRow, SummaryRow};
use crate::domain::concert::Concert;
use crate::domain::ids::{ConcertId, UserId};
use crate::domain::limits::PAGE_ITEMS_MAX;
use crate::domain::listing::ConcertSummary;

/// A concert with its venue and prices.
///
/// # Errors
/// When PostgreSQL cannot be reached, or has a concert that cannot be read.
pub async fn load(
    from: impl PgExecutor<'_>,
    id: ConcertId,
) -> Result<Option<Concert>, LedgerError> {
    let row: Option<ConcertRow> = sqlx::query_as(include_str!("sql/concert_by_id.sql"))
        .bind(id.0)
        .fetch_optional(from)
        .await?;
    row.map(Concert::try_from).transpose()
}

/// The concerts after a place in the order of (`starts_at`, id), from the first if there is none.
/// At most one more than a page, so that the caller can tell whether the list goes on.
///
/// # Errors
/// When PostgreSQL cannot be reached, or has a concert that cannot be read.
pub async fn list(
    pool: &PgPool,
    after: Option<(Timestamp, ConcertId)>,
    limit: u32,
) -> Result<Vec<ConcertSummary>, LedgerError> {
    // No concert is before the year 2000, so this place is before all of them, and the one query
    // needs no case for "from the start" that would cost it its index.
    let start = (Timestamp::UNIX_EPOCH, ConcertId(Uuid::nil()));
    let (starts_at, id) = after.unwrap_or(start);
    let rows: Vec<SummaryRow> = sqlx::query_as(include_str!("sql/concerts_after.sql"))
        .bind(starts_at.to_sqlx())
        .bind(id.0)
        .bind(i64::from(limit.min(PAGE_ITEMS_MAX + 1)))
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(ConcertSummary::try_from).collect()
}

/// The same for the concerts of one organiser.
///
/// # Errors
/// As [`list`].
pub async fn list_of(
    pool: &PgPool,
    organiser: UserId,
    after: Option<(Timestamp, ConcertId)>,
    limit: u32,
) -> Result<Vec<ConcertSummary>, LedgerError> {
    let start = (Timestamp::UNIX_EPOCH, ConcertId(Uuid::nil()));
    let (starts_at, id) = after.unwrap_or(start);
    let rows: Vec<SummaryRow> = sqlx::query_as(include_str!("sql/concerts_of_organiser.sql"))
        .bind(starts_at.to_sqlx())
        .bind(id.0)
        .bind(i64::from(limit.min(PAGE_ITEMS_MAX + 1)))
        .bind(organiser.0)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(ConcertSummary::try_from).collect()
}
