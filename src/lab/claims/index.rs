//! "Index frequently queried fields … can reduce query time by 80–90 %."
//!
//! The reservations of one user among 200,000, with and without an index on the user. Without one,
//! PostgreSQL reads the whole table, so the gain is whatever the table's size makes it.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::report::{less, median_ms};
use super::{Claim, Finding};
use crate::lab::{Buyer, Database, Servers};

const TABLES: &str = "
    CREATE TABLE reservations (
        id          integer PRIMARY KEY,
        user_id     integer NOT NULL,
        concert_id  integer NOT NULL,
        created_at  timestamptz NOT NULL
    );
    INSERT INTO reservations
        SELECT id, 1 + hashint4(id) & 32767, 1 + hashint4(-id) & 127,
            timestamptz '2026-01-01' + id * interval '1 minute'
        FROM generate_series(1, 200000) AS id;
    ANALYZE reservations";

const OF_USER: &str =
    "SELECT id, concert_id, created_at::text FROM reservations WHERE user_id = $1";

const INDEX: &str = "
    CREATE INDEX ON reservations (user_id);
    ANALYZE reservations";

/// How many users are asked for.
const QUERIES: usize = 200;
/// Users are numbered from 1 to this.
const USERS: u32 = 32_768;

/// Measures it.
pub(super) async fn measure(servers: &mut Servers, seed: u64) -> Result<Finding> {
    let database = servers.bench("claim_index", 1).await?;
    sqlx::raw_sql(TABLES).execute(database.uncounted()).await?;
    let without = median_ms(ask(&database, seed).await?);
    sqlx::raw_sql(INDEX).execute(database.uncounted()).await?;
    let with = median_ms(ask(&database, seed).await?);
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

async fn ask(database: &Database, seed: u64) -> Result<Vec<Duration>> {
    let mut chance = Buyer::new(seed, 1);
    let mut times = Vec::with_capacity(QUERIES);
    for _ in 0..QUERIES {
        let user = 1 + chance.pick(USERS).cast_signed();
        let asked = Instant::now();
        let query = sqlx::query_as::<_, (i32, i32, String)>(OF_USER).bind(user);
        query.fetch_all(database.counted()).await?;
        times.push(asked.elapsed());
    }
    Ok(times)
}
