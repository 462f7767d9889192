//! Every way to book a seat, side by side, on real servers.
//!
//! Each file of `strategies/` is meant to be read: schema, SQL and booking of one way, with what it
//! gains and what it gives up. They share no more than how a buyer comes in, what is counted, and how
//! it is measured. `claims/` measures what the deck says of indexes, joins, pools and caches.
//! `docs/strategies.md` has the figures.

mod buyer;
pub mod claims;
mod database;
mod lock_nodes;
mod report;
mod sale;
mod servers;
mod service;
pub mod strategies;
mod viewers;

use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use tokio_util::task::TaskTracker;

pub use buyer::{Answer, Buyer};
pub use database::{Database, Tally};
pub use lock_nodes::Fault;
pub use report::{Measurement, json, table};
pub use servers::{Places, Servers};
pub use strategies::{Name, Strategy};

/// A sale: how many seats, and who comes when.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Seats in the house.
    pub seats: u32,
    /// People who want one each.
    pub users: u32,
    /// The time within which they come; zero: all at once.
    pub spread: Duration,
    /// What everything random follows from.
    pub seed: u64,
    /// Connections to PostgreSQL, which all buyers share.
    pub connections: u32,
    /// What happens to one lock node when a tenth of the buyers were answered.
    pub fault: Option<Fault>,
    /// How many holders of a lock are stopped until it is over.
    pub stalled_holders: u32,
}

/// What a strategy finds when it begins: servers, and names that no other run has.
pub struct Stage {
    /// Seats in the house.
    pub seats: u32,
    /// A name for keys and concerts of this run.
    pub run: String,
    /// PostgreSQL, in a schema of the run's own.
    pub database: Database,
    /// Redis.
    pub redis: MultiplexedConnection,
    /// Where that PostgreSQL is, for the service.
    pub database_url: String,
    /// Where that Redis is, for the service.
    pub redis_url: String,
    /// Where the independent lock nodes are.
    pub lock_nodes: Vec<String>,
    /// How many holders of a lock are to be stopped until it is over.
    pub stalled_holders: u64,
    /// What the servers are asked.
    pub tally: Arc<Tally>,
    /// What has to end before the servers are closed.
    pub background: TaskTracker,
}

impl Servers {
    /// Sells a house in one way, and says how it went. `answered` is called after each answer.
    ///
    /// # Errors
    /// When a server is away, or a strategy meets what it should not.
    pub async fn sell(
        &mut self,
        name: Name,
        workload: &Workload,
        answered: impl Fn(),
    ) -> anyhow::Result<Measurement> {
        use strategies::{
            Lua, Naive, Optimistic, OptimisticConcert, OptimisticRetry, Pessimistic,
            PessimisticSkipLocked, Policy, Realtime, Redlock,
        };
        match name {
            Name::Naive => self.run::<Naive>(name, workload, answered).await,
            Name::Optimistic => self.run::<Optimistic>(name, workload, answered).await,
            Name::OptimisticConcert => {
                self.run::<OptimisticConcert>(name, workload, answered).await
            }
            Name::OptimisticRetry => self.run::<OptimisticRetry>(name, workload, answered).await,
            Name::Policy => self.run::<Policy>(name, workload, answered).await,
            Name::Pessimistic => self.run::<Pessimistic>(name, workload, answered).await,
            Name::PessimisticSkipLocked => {
                self.run::<PessimisticSkipLocked>(name, workload, answered).await
            }
            Name::Redlock => self.run::<Redlock>(name, workload, answered).await,
            Name::Lua => self.run::<Lua>(name, workload, answered).await,
            Name::Realtime => self.run::<Realtime>(name, workload, answered).await,
        }
    }
}
