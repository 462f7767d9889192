//! `frontrow lab`

mod claims;
mod sales;

use anyhow::bail;
use clap::{Args, Subcommand};

use super::serve::stop_on_signals;
use crate::config::SecretUrl;
use crate::lab::{Places, Servers};

/// Sell one house in every way there is to book a seat, and show how each went
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Lab {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    sales: sales::Sales,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure what is said of indexes, joins, connection pools and caches
    Claims(claims::Claims),
}

/// Where to measure, and how to tell.
#[derive(Args, Debug)]
struct Common {
    /// A Redis database with nothing in it; without it, a private server is started
    #[arg(long)]
    redis_url: Option<SecretUrl>,
    /// A PostgreSQL, in which a database is made and dropped; without it, a private server is started
    #[arg(long)]
    database_url: Option<SecretUrl>,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

impl Lab {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self.command {
            Some(Command::Claims(claims)) => claims.run().await,
            None => self.sales.run().await,
        }
    }
}

impl Common {
    /// Opens the servers, measures, and closes them again even if a signal cuts the measuring short.
    async fn measure<T>(
        &self,
        lock_nodes: u16,
        measure: impl AsyncFnOnce(&mut Servers) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let stop = stop_on_signals()?;
        let places = Places {
            redis_url: self.redis_url.clone(),
            database_url: self.database_url.clone(),
            lock_nodes,
        };
        // Starting is not cut short: a data directory that is only being made would stay behind.
        let mut servers = Servers::open(&places).await?;
        let measured = stop.run_until_cancelled(measure(&mut servers)).await;
        let closed = servers.close().await;
        let Some(measured) = measured else {
            bail!("interrupted");
        };
        let measured = measured?;
        closed?;
        Ok(measured)
    }
}
