//! "Use proper JOINs to avoid N+1 problems."
//!
//! A page of fifty concerts with their venues: one query for the page and one for each venue, or one
//! query that joins. The statements differ by a factor of 51; the time says what the round trips
//! cost, on a server in the same machine. Over a network it is many times that.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::report::{less, median_ms};
use super::{Claim, Finding};
use crate::lab::{Database, Servers};

const TABLES: &str = "
    CREATE TABLE venues (id integer PRIMARY KEY, name text NOT NULL);
    INSERT INTO venues SELECT id, 'Venue ' || id FROM generate_series(1, 200) AS id;
    CREATE TABLE concerts (
        id        integer PRIMARY KEY,
        title     text NOT NULL,
        venue_id  integer NOT NULL REFERENCES venues
    );
    INSERT INTO concerts
        SELECT id, 'Concert ' || id, 1 + id % 200 FROM generate_series(1, 1000) AS id;
    ANALYZE venues, concerts";

const PAGE: &str = "SELECT title, venue_id FROM concerts ORDER BY id LIMIT 50";

const VENUE: &str = "SELECT name FROM venues WHERE id = $1";

const PAGE_WITH_VENUES: &str = "
    SELECT title, name FROM concerts JOIN venues ON venues.id = venue_id
    ORDER BY concerts.id LIMIT 50";

/// How many pages are read.
const PAGES: usize = 100;

/// Measures it.
pub(super) async fn measure(servers: &mut Servers) -> Result<Finding> {
    let database = servers.bench("claim_join", 1).await?;
    sqlx::raw_sql(TABLES).execute(database.uncounted()).await?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..PAGES {
        without.push(one_by_one(&database).await?);
        with.push(joined(&database).await?);
    }
    let (without, with) = (median_ms(without), median_ms(with));
    servers.clear_bench(database, "claim_join").await?;
    Ok(Finding {
        claim: Claim::Join,
        said: "JOINs to avoid N+1",
        measured: "50 concerts with venues, 51 statements against 1, median",
        unit: "ms",
        without,
        with,
        result: less(without, with),
    })
}

async fn one_by_one(database: &Database) -> Result<Duration> {
    let asked = Instant::now();
    let page: Vec<(String, i32)> = sqlx::query_as(PAGE).fetch_all(database.counted()).await?;
    for (_, venue) in page {
        let venue = sqlx::query_scalar::<_, String>(VENUE).bind(venue);
        venue.fetch_one(database.counted()).await?;
    }
    Ok(asked.elapsed())
}

async fn joined(database: &Database) -> Result<Duration> {
    let asked = Instant::now();
    let page = sqlx::query_as::<_, (String, String)>(PAGE_WITH_VENUES);
    page.fetch_all(database.counted()).await?;
    Ok(asked.elapsed())
}
