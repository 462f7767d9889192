//! What an audit repaired: written down before, and finished after.

use sqlx::PgPool;

use super::LedgerError;
use crate::domain::ids::ConcertId;

/// A repair that is about to be made.
#[derive(Clone, Debug)]
pub struct NewRepair {
    /// At which concert.
    pub concert: ConcertId,
    /// The kind of problem.
    pub kind: &'static str,
    /// What it is about.
    pub subject: String,
    /// What was there and what should be.
    pub says: String,
}

/// Writes down what is about to be repaired; returns a number for each, in their order.
///
/// # Errors
/// When PostgreSQL does not take it.
pub async fn begin(pool: &PgPool, repairs: &[NewRepair]) -> Result<Vec<i64>, LedgerError> {
    // A text has no room for a NUL.
    let clean = |text: &str| text.replace('\0', "\u{fffd}");
    let query = sqlx::query_scalar(include_str!("sql/repairs_insert.sql"))
        .bind(repairs.iter().map(|repair| repair.concert.0).collect::<Vec<_>>())
        .bind(repairs.iter().map(|repair| repair.kind).collect::<Vec<_>>())
        .bind(repairs.iter().map(|repair| clean(&repair.subject)).collect::<Vec<_>>())
        .bind(repairs.iter().map(|repair| clean(&repair.says)).collect::<Vec<_>>());
    Ok(query.fetch_all(pool).await?)
}

/// Adds that repairs were made. Those that turned out not to be needed stay without it.
///
/// # Errors
/// When PostgreSQL does not take it.
pub async fn finish(pool: &PgPool, ids: &[i64]) -> Result<(), LedgerError> {
    let query = sqlx::query(include_str!("sql/repairs_finish.sql"));
    query.bind(ids).execute(pool).await?;
    Ok(())
}
