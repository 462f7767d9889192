//! "Cache concert lists … with a TTL: reduces database load by 60–70 %."
//!
//! People leaf through a list of 24 pages, the first of them far more often than the last, at 400
//! requests a second for four seconds. With the cache a page lies in Redis for half a second. What is
//! counted is the statements that reach PostgreSQL. The figure is one of this traffic: it rises with
//! the rate and with the TTL, and falls with the number of pages.

use std::time::Duration;

use anyhow::Result;
use redis::AsyncCommands as _;
use redis::aio::MultiplexedConnection;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::report::less;
use super::{Claim, Finding};
use crate::lab::{Buyer, Database, Servers};

const TABLES: &str = "
    CREATE TABLE concerts (id integer PRIMARY KEY, title text NOT NULL);
    INSERT INTO concerts SELECT id, 'Concert ' || id FROM generate_series(1, 240) AS id;
    ANALYZE concerts";

const PAGE: &str = "
    SELECT string_agg(title, ',') FROM
        (SELECT title FROM concerts WHERE id > $1 ORDER BY id LIMIT 10) AS page";

/// Pages of the list.
const PAGES: u32 = 24;
/// Concerts on a page.
const PAGE_ITEMS: u32 = 10;
/// Requests in all.
const REQUESTS: u32 = 1_600;
/// The time between two.
const EVERY: Duration = Duration::from_micros(2_500);
/// How long a page lies in the cache.
const TTL_MS: u64 = 500;

/// Measures it.
pub(super) async fn measure(servers: &mut Servers, seed: u64) -> Result<Finding> {
    let database = servers.bench("claim_cache", 8).await?;
    sqlx::raw_sql(TABLES).execute(database.uncounted()).await?;
    // Without a cache it does not matter how fast they come: each request is a statement.
    let without = leaf(&database, None, seed).await?;
    let with = leaf(&database, Some(servers.redis()), seed).await?;
    servers.clear_bench(database, "claim_cache").await?;
    Ok(Finding {
        claim: Claim::Cache,
        said: "60–70 % less database load",
        measured: "statements for 1,600 pages of a list at 400/s, TTL 0.5 s",
        unit: "statements",
        without,
        with,
        result: less(without, with),
    })
}

/// Statements that reach PostgreSQL while people leaf through the list.
async fn leaf(database: &Database, cache: Option<MultiplexedConnection>, seed: u64) -> Result<f64> {
    let before = database.tally().statements();
    let mut chance = Buyer::new(seed, 1);
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut requests = JoinSet::new();
    for _ in 0..REQUESTS {
        if cache.is_some() {
            ticks.tick().await;
        }
        // The lowest of three draws: few go beyond the first pages.
        let page = chance.pick(PAGES).min(chance.pick(PAGES)).min(chance.pick(PAGES));
        requests.spawn(read(database.clone(), cache.clone(), page));
    }
    while let Some(request) = requests.join_next().await {
        request??;
    }
    Ok((database.tally().statements() - before) as f64)
}

async fn read(
    database: Database,
    cache: Option<MultiplexedConnection>,
    page: u32,
) -> Result<String> {
    let key = format!("lab:claim:page:{page}");
    if let Some(mut cache) = cache.clone()
        && let Some(text) = cache.get(&key).await?
    {
        return Ok(text);
    }
    let query = sqlx::query_scalar(PAGE).bind((page * PAGE_ITEMS).cast_signed());
    let text: String = query.fetch_one(database.counted()).await?;
    if let Some(mut cache) = cache {
        let () = cache.pset_ex(&key, &text, TTL_MS).await?;
    }
    Ok(text)
}
