//! "Composite indexes for complex queries."
//!
//! The newest twenty reservations of one concert among 200,000. Both sides have indexes: without the
//! composite one there is one on the concert and one on the time, of which neither gives the rows of
//! the concert in the order of time.

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
    CREATE INDEX ON reservations (concert_id);
    CREATE INDEX ON reservations (created_at);
    ANALYZE reservations";

// Without its table's name, `created_at` would be the text that is selected under that name.
const NEWEST: &str = "
    SELECT id, user_id, created_at::text FROM reservations
    WHERE concert_id = $1 ORDER BY reservations.created_at DESC LIMIT 20";

const INDEX: &str = "
    CREATE INDEX ON reservations (concert_id, created_at DESC);
    ANALYZE reservations";

/// How many concerts are asked for.
const QUERIES: usize = 200;
/// Concerts are numbered from 1 to this.
const CONCERTS: u32 = 128;

/// Measures it.
pub(super) async fn measure(servers: &mut Servers, seed: u64) -> Result<Finding> {
    let database = servers.bench("claim_composite", 1).await?;
    sqlx::raw_sql(TABLES).execute(database.uncounted()).await?;
    let without = median_ms(ask(&database, seed).await?);
    sqlx::raw_sql(INDEX).execute(database.uncounted()).await?;
    let with = median_ms(ask(&database, seed).await?);
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

async fn ask(database: &Database, seed: u64) -> Result<Vec<Duration>> {
    let mut chance = Buyer::new(seed, 1);
    let mut times = Vec::with_capacity(QUERIES);
    for _ in 0..QUERIES {
        let concert = 1 + chance.pick(CONCERTS).cast_signed();
        let asked = Instant::now();
        let query = sqlx::query_as::<_, (i32, i32, String)>(NEWEST).bind(concert);
        query.fetch_all(database.counted()).await?;
        times.push(asked.elapsed());
    }
    Ok(times)
}
