//! Concerts: one by its id, and many as lists.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgExecutor, PgPool};

use super::LedgerError;
use super::concert_rows::{ConcertRow, DetailRow, SummaryRow};
use crate::domain::concert::Concert;
use crate::domain::ids::{ConcertId, UserId};
use crate::domain::limits::PAGE_ITEMS_MAX;
use crate::domain::listing::{ConcertDetail, ConcertSummary, Listing, Order};

/// Before all concerts, and a time that PostgreSQL knows.
const EARLIEST: Timestamp = Timestamp::UNIX_EPOCH;
/// After all concerts, and a time that PostgreSQL knows: the year 3000.
const LATEST: Timestamp = Timestamp::constant(32_503_680_000, 0);

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

/// A concert as its page shows it: one query, which reads no seat.
///
/// # Errors
/// When PostgreSQL cannot be reached, or has a concert that cannot be read.
pub async fn detail(pool: &PgPool, id: ConcertId) -> Result<Option<ConcertDetail>, LedgerError> {
    let row: Option<DetailRow> = sqlx::query_as(include_str!("sql/concert_listing.sql"))
        .bind(id.0)
        .fetch_optional(pool)
        .await?;
    row.map(ConcertDetail::try_from).transpose()
}

/// A part of a list: at most one more than a page, so that the caller can tell whether it goes on.
///
/// # Errors
/// When PostgreSQL cannot be reached, or has a concert that cannot be read.
pub async fn list(pool: &PgPool, listing: &Listing) -> Result<Vec<ConcertSummary>, LedgerError> {
    let query = match listing.order {
        Order::Start => include_str!("sql/concerts_by_start.sql"),
        Order::Opening => include_str!("sql/concerts_by_opening.sql"),
    };
    let rows: Vec<SummaryRow> = sqlx::query_as(query)
        // Planned for these words and this city each time: one plan for all would be a bad one for most.
        .persistent(false)
        .bind(listing.after.0.to_sqlx())
        .bind(listing.after.1.0)
        .bind(listing.from.max(EARLIEST).to_sqlx())
        .bind(listing.to.min(LATEST).to_sqlx())
        .bind(listing.words.as_deref())
        .bind(listing.city.as_deref())
        .bind(i64::from(listing.limit.min(PAGE_ITEMS_MAX + 1)))
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(ConcertSummary::try_from).collect()
}

/// The concerts of one organiser by when they begin, after a place in that order or from the first.
///
/// # Errors
/// As [`list`].
pub async fn list_of(
    pool: &PgPool,
    organiser: UserId,
    after: Option<(Timestamp, ConcertId)>,
    limit: u32,
) -> Result<Vec<ConcertSummary>, LedgerError> {
    let Listing { after: (starts_at, id), limit, .. } = Listing::all(after, limit);
    let rows: Vec<SummaryRow> = sqlx::query_as(include_str!("sql/concerts_of_organiser.sql"))
        .bind(starts_at.to_sqlx())
        .bind(id.0)
        .bind(i64::from(limit.min(PAGE_ITEMS_MAX + 1)))
        .bind(organiser.0)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(ConcertSummary::try_from).collect()
}
