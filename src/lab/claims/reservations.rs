//! What indexes are measured on: 200,000 reservations, by 32,768 users of 128 concerts.

use std::time::Instant;

use anyhow::Result;

use super::report::median_ms;
use crate::lab::{Buyer, Database};

/// The table, with no index but that of its ids.
pub(super) const TABLE: &str = "
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

/// Users are numbered from 1 to this.
pub(super) const USERS: u32 = 32_768;
/// Concerts are numbered from 1 to this.
pub(super) const CONCERTS: u32 = 128;

/// How often a query is asked.
const QUERIES: usize = 200;

/// The median time of a query, in ms, asked each time of another number from 1 to `numbers`.
pub(super) async fn time(
    database: &Database,
    query: &'static str,
    numbers: u32,
    seed: u64,
) -> Result<f64> {
    let mut chance = Buyer::new(seed, 1);
    let mut times = Vec::with_capacity(QUERIES);
    for _ in 0..QUERIES {
        let number = 1 + chance.pick(numbers).cast_signed();
        let asked = Instant::now();
        sqlx::query(query).bind(number).fetch_all(database.counted()).await?;
        times.push(asked.elapsed());
    }
    Ok(median_ms(times))
}
