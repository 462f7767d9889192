//! "Composite indexes for complex queries."
//!
//! The newest twenty reservations of one concert among 200,000. Both sides have indexes: without the
//! composite one there is one on the concert and one on the time, of which neither gives the rows of
//! the concert in the order of time.

use anyhow::Result;

use super::report::less;
use super::reservations::{CONCERTS, TABLE, time};
use super::{Claim, Finding};
use crate::lab::Servers;

const INDEXES: &str = "
    CREATE INDEX ON reservations (concert_id);
    CREATE INDEX ON reservations (created_at);
    ANALYZE reservations";

const NEWEST: &str = "
    SELECT id, user_id, created_at FROM reservations
    WHERE concert_id = $1 ORDER BY created_at DESC LIMIT 20";

const COMPOSITE_INDEX: &str = "
    CREATE INDEX ON reservations (concert_id, created_at DESC);
    ANALYZE reservations";

/// Measures it.
pub(super) async fn measure(servers: &mut Servers, seed: u64) -> Result<Finding> {
    let database = servers.bench("claim_composite", 1).await?;
    sqlx::raw_sql(TABLE).execute(database.uncounted()).await?;
    sqlx::raw_sql(INDEXES).execute(database.uncounted()).await?;
    let without = time(&database, NEWEST, CONCERTS, seed).await?;
    sqlx::raw_sql(COMPOSITE_INDEX).execute(database.uncounted()).await?;
    let with = time(&database, NEWEST, CONCERTS, seed).await?;
    servers.clear_bench(database, "claim_composite").await?;
    Ok(Finding {
        claim: Claim::Composite,
        said: "composite indexes for complex queries",
        measured: "a concert's newest 20 reservations of 200,000, median",
        unit: "ms",
        without,
        with,
        result: less(without, with),
    })
}
