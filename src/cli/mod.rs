//! The command line: one subcommand a file.

mod dev;
mod import;
mod lab;
mod migrate;
mod serve;
mod user;

use anyhow::Context;
use clap::{Parser, Subcommand};

/// Seat reservation for the minute a concert goes on sale
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, with Redis and PostgreSQL as given
    Serve(serve::Serve),
    /// Serve with a private Redis and PostgreSQL and a demo season: all there is to try it
    Dev(dev::Dev),
    /// Bring the database's schema up to date
    Migrate(migrate::Migrate),
    /// Import seat maps and concerts from files
    Import(import::Import),
    /// Sell one house in every way there is to book a seat, and show how each went
    Lab(lab::Lab),
    /// Make accounts for people
    User(user::User),
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// What stood in the way, as a sentence.
    pub fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.context("the async runtime cannot be started")?;
        runtime.block_on(async {
            match self.command {
                Command::Serve(serve) => serve.run().await,
                Command::Dev(dev) => dev.run().await,
                Command::Migrate(migrate) => migrate.run().await,
                Command::Import(import) => import.run().await,
                Command::Lab(lab) => lab.run().await,
                Command::User(user) => user.run().await,
            }
        })
    }
}
