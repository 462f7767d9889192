//! "Index frequently queried fields … can reduce query time by 80–90 %."
//!
//! The reservations of one user among 200,000, with and without an index on the user. Without one,
//! PostgreSQL reads the whole table, so the gain is whatever the table's size makes it.

use anyhow::Result;

use super::report::less;
use super::reservations::{TABLE, USERS, time};
use super::{Claim, Finding};
use crate::lab::Servers;

const OF_USER: &str = "SELECT id, concert_id, created_at FROM reservations WHERE user_id = $1";

const INDEX: &str = "
    CREATE INDEX ON reservations (user_id);
    ANALYZE reservations";

/// Measures it.
pub(super) async fn measure(servers: &mut Servers, seed: u64) -> Result<Finding> {
    let database = servers.bench("claim_index", 1).await?;
    sqlx::raw_sql(TABLE).execute(database.uncounted()).await?;
    let without = time(&database, OF_USER, USERS, seed).await?;
    sqlx::raw_sql(INDEX).execute(database.uncounted()).await?;
    let with = time(&database, OF_USER, USERS, seed).await?;
    servers.clear_bench(database, "claim_index").await?;
    Ok(Finding {
        claim: Claim::Index,
        said: "80–90 % less query time",
        measured: "one user's reservations of 200,000, median",
        unit: "ms",
        without,
        with,
        result: less(without, with),
    })
}
