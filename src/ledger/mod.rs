//! PostgreSQL, the durable truth: one file a table family, and all of the project's SQL in `sql/`.

pub mod concert_import;
pub mod concerts;
pub mod seat_maps;

mod concert_rows;
mod seat_map_rows;

use sqlx::migrate::MigrateError;

pub use sqlx::PgPool;

/// Brings the schema up to date; does nothing when it is. Safe to run from several processes.
///
/// # Errors
/// When PostgreSQL cannot be reached, or has migrations that this build does not know.
pub async fn migrate(pool: &PgPool) -> Result<(), MigrateError> {
    sqlx::migrate!("./migrations").run(pool).await
}

/// Why the ledger could not answer.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// PostgreSQL refused, or cannot be reached.
    #[error("PostgreSQL: {0}")]
    Database(#[from] sqlx::Error),
    /// What many waited for together failed for all of them.
    #[error("{0}")]
    Shared(std::sync::Arc<LedgerError>),
    /// A row holds something that no version of Frontrow writes.
    #[error("{table} has a row that cannot be read: {reason}")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// What is wrong with the row.
        reason: String,
    },
}
