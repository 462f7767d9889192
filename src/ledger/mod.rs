//! PostgreSQL, the durable truth: one file a table family, and all of the project's SQL in `sql/`.

pub mod apply;
mod area_rows;
pub mod audit;
pub mod blocked_seats;
pub mod changes;
pub mod concert_import;
mod concert_rows;
pub mod concerts;
pub mod conflicts;
mod connect;
pub mod events;
pub mod figures;
pub mod notifications;
pub mod partitions;
pub mod purchases;
pub mod refused_sales;
pub mod repairs;
pub mod reservations;
pub mod sale;
mod seat_map_rows;
pub mod seat_maps;
pub mod service_keys;
pub mod sessions;
pub mod users;

use sqlx::Connection;
use sqlx::migrate::{Migrate, MigrateError, Migrator};

pub(crate) use connect::aside;
pub use connect::{ConnectionOptions, connect, connect_lazily};
pub use sqlx::PgPool;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Brings the schema up to date; does nothing when it is. Safe to run from several processes.
///
/// # Errors
/// When PostgreSQL cannot be reached, or has migrations that this build does not know.
pub async fn migrate(pool: &PgPool) -> Result<(), MigrateError> {
    MIGRATIONS.run(pool).await
}

/// Holds the schema against what this build was made for.
///
/// # Errors
/// When a migration is missing, or PostgreSQL cannot be reached.
pub async fn ensure_migrated(pool: &PgPool) -> Result<(), LedgerError> {
    let mut connection = pool.acquire().await?;
    let table = &MIGRATIONS.table_name;
    let applied = match connection.list_applied_migrations(table).await {
        Ok(applied) => applied,
        // The table is made by the first migration.
        Err(MigrateError::Execute(error)) if is_missing_table(&error) => Vec::new(),
        Err(MigrateError::Execute(error)) => return Err(error.into()),
        Err(error) => return Err(sqlx::Error::Migrate(Box::new(error)).into()),
    };
    let is_applied = |version| applied.iter().any(|migration| migration.version == version);
    match MIGRATIONS.iter().find(|migration| !is_applied(migration.version)) {
        Some(missing) => Err(LedgerError::NotMigrated { version: missing.version }),
        None => Ok(()),
    }
}

fn is_missing_table(error: &sqlx::Error) -> bool {
    const UNDEFINED_TABLE: &str = "42P01";
    has_code(error, UNDEFINED_TABLE)
}

fn has_code(error: &sqlx::Error, code: &str) -> bool {
    error.as_database_error().and_then(|error| error.code()).as_deref() == Some(code)
}

/// What PostgreSQL says, and what to do about it where that is plain.
fn in_words(error: &sqlx::Error) -> String {
    const DISK_FULL: &str = "53100";
    match has_code(error, DISK_FULL) {
        true => format!("its disk is full: free some of it and try again ({error})"),
        false => error.to_string(),
    }
}

/// Whether PostgreSQL answers.
///
/// # Errors
/// When it does not.
pub async fn ping(pool: &PgPool) -> Result<(), LedgerError> {
    Ok(pool.acquire().await?.ping().await?)
}

/// Why the ledger could not answer.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// PostgreSQL refused, or cannot be reached.
    #[error("PostgreSQL: {}", in_words(.0))]
    Database(#[from] sqlx::Error),
    /// What many waited for together failed for all of them.
    #[error("{0}")]
    Shared(std::sync::Arc<LedgerError>),
    /// The schema is older than this build.
    #[error("the schema lacks migration {version}: run 'frontrow migrate' first")]
    NotMigrated {
        /// The first migration that is missing.
        version: i64,
    },
    /// A row holds something that no version of Frontrow writes.
    #[error("{table} has a row that cannot be read: {reason}")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// What is wrong with the row.
        reason: String,
    },
}
