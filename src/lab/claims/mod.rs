//! What the deck says of indexes, joins, pools and caches, measured here, one claim a file.

mod cache;
mod composite;
mod index;
mod join;
mod pool;
mod report;
mod reservations;

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;

pub use report::{Finding, json, table};

use super::Servers;

/// Something that the deck says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// An index on what is asked for takes 80–90 % off a query
    Index,
    /// A composite index serves a query with two conditions
    Composite,
    /// A join instead of a query for each row
    Join,
    /// A connection pool serves 5–10 times as many requests
    Pool,
    /// A cache of listings takes 60–70 % off the database
    Cache,
}

/// Measures one claim.
///
/// # Errors
/// When a server refuses what the measurement needs.
pub async fn measure(claim: Claim, servers: &mut Servers, seed: u64) -> Result<Finding> {
    match claim {
        Claim::Index => index::measure(servers, seed).await,
        Claim::Composite => composite::measure(servers, seed).await,
        Claim::Join => join::measure(servers).await,
        Claim::Pool => pool::measure(servers).await,
        Claim::Cache => cache::measure(servers, seed).await,
    }
}
