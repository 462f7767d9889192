//! Sales that Redis granted and PostgreSQL would not take, by their dead letters.

use sqlx::PgPool;
use uuid::Uuid;

use super::LedgerError;
use crate::domain::ids::{ConcertId, ReservationId};
use crate::domain::limits::CONFLICTS_PER_ROUND_MAX;

/// A sale that was refused in PostgreSQL and has to be cancelled in Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedSale {
    /// The concert.
    pub concert: ConcertId,
    /// The sale.
    pub id: ReservationId,
}

/// The refused sales of a partition that still stand in Redis, oldest first, at most
/// [`CONFLICTS_PER_ROUND_MAX`]; none that somebody has since put into PostgreSQL by hand.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn uncompensated(pool: &PgPool, partition: u16) -> Result<Vec<RefusedSale>, LedgerError> {
    let query = sqlx::query_as(include_str!("sql/refused_sales_uncompensated.sql"));
    let rows: Vec<(Uuid, Uuid)> = query
        .bind(i32::from(partition))
        .bind(i64::from(CONFLICTS_PER_ROUND_MAX))
        .fetch_all(pool)
        .await?;
    let sale = |(concert, id)| RefusedSale { concert: ConcertId(concert), id: ReservationId(id) };
    Ok(rows.into_iter().map(sale).collect())
}

/// Notes that a refused sale was cancelled in Redis. Noting it twice changes nothing.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn mark_compensated(
    pool: &PgPool,
    partition: u16,
    sale: ReservationId,
) -> Result<(), LedgerError> {
    let query = sqlx::query(include_str!("sql/refused_sales_compensate.sql"));
    query.bind(i32::from(partition)).bind(sale.0).execute(pool).await?;
    Ok(())
}

/// Whether a reservation is a sale that was refused.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn is_refused(
    pool: &PgPool,
    partition: u16,
    id: ReservationId,
) -> Result<bool, LedgerError> {
    let query = sqlx::query_scalar(include_str!("sql/refused_sale_exists.sql"));
    Ok(query.bind(i32::from(partition)).bind(id.0).fetch_one(pool).await?)
}
