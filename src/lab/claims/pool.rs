//! "Connection pooling … prevents connection exhaustion, handles 5–10× more concurrent requests."
//!
//! Five hundred requests at once, each one query. Without a pool each makes a connection and closes it;
//! more at once than PostgreSQL takes would be refused, so that they come 50 at a time here. With a pool
//! all five hundred come together and share 16 connections.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::report::times;
use super::{Claim, Finding};
use crate::lab::Servers;

const QUERY: &str = "SELECT 1 + $1";

/// Requests.
const REQUESTS: i32 = 500;
/// Connections at once when each request makes its own: well below PostgreSQL's default of 100.
const AT_ONCE: usize = 50;
/// Connections that the pool has.
const POOLED: u32 = 16;

/// Measures it.
pub(super) async fn measure(servers: &mut Servers) -> Result<Finding> {
    let without = connecting(servers.database_url()).await?;
    let with = pooled(servers).await?;
    Ok(Finding {
        claim: Claim::Pool,
        said: "5–10 × more concurrent requests",
        measured: "500 requests at once, a connection each against 16 shared",
        unit: "requests/s",
        without,
        with,
        result: times(without, with),
    })
}

async fn connecting(url: &str) -> Result<f64> {
    let options = PgConnectOptions::from_str(url)?;
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut requests = JoinSet::new();
    let began = Instant::now();
    for number in 0..REQUESTS {
        let (options, room) = (options.clone(), Arc::clone(&room));
        requests.spawn(async move {
            let _room = room.acquire().await?;
            let mut connection = options.connect().await?;
            let query = sqlx::query_scalar::<_, i32>(QUERY).bind(number);
            query.fetch_one(&mut connection).await?;
            connection.close().await?;
            anyhow::Ok(())
        });
    }
    rate(requests, began).await
}

async fn pooled(servers: &mut Servers) -> Result<f64> {
    let database = servers.bench("claim_pool", POOLED).await?;
    let mut requests = JoinSet::new();
    let began = Instant::now();
    for number in 0..REQUESTS {
        let database = database.clone();
        requests.spawn(async move {
            let query = sqlx::query_scalar::<_, i32>(QUERY).bind(number);
            query.fetch_one(database.counted()).await?;
            anyhow::Ok(())
        });
    }
    let rate = rate(requests, began).await?;
    servers.clear_bench(database, "claim_pool").await?;
    Ok(rate)
}

async fn rate(mut requests: JoinSet<Result<()>>, began: Instant) -> Result<f64> {
    while let Some(request) = requests.join_next().await {
        request??;
    }
    Ok(f64::from(REQUESTS) / began.elapsed().as_secs_f64())
}
