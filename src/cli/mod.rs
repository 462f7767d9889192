//! The command line: one subcommand a file.

mod audit;
mod dev;
mod import;
mod lab;
mod migrate;
mod print;
mod rush;
mod serve;
mod user;

use std::process::ExitCode;

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
    /// Hold Redis against PostgreSQL, and name what is wrong
    Audit(audit::Audit),
    /// Sell one house in every way there is to book a seat, and show how each went
    Lab(lab::Lab),
    /// Let a crowd come to a concert, check every answer, and report how it went
    Rush(rush::Rush),
    /// Make accounts for people
    User(user::User),
}

/// Why nothing was done, and what to end with.
#[derive(Debug)]
pub struct Failure {
    /// What stood in the way, as a sentence.
    pub error: anyhow::Error,
    /// What the process ends with.
    pub code: u8,
}

/// What most commands end with that could not do what was asked.
const FAILED: u8 = 1;
/// What an audit ends with that could not look: 1 is what it ends with when something is wrong.
const COULD_NOT_LOOK: u8 = 2;

impl Cli {
    /// Does what was asked; says what to end with.
    ///
    /// # Errors
    /// What stood in the way.
    pub fn run(self) -> Result<ExitCode, Failure> {
        let code = match self.command {
            Command::Audit(_) => COULD_NOT_LOOK,
            _ => FAILED,
        };
        self.try_run().map_err(|error| Failure { error, code })
    }

    fn try_run(self) -> anyhow::Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.context("the async runtime cannot be started")?;
        runtime.block_on(async {
            match self.command {
                Command::Audit(audit) => return audit.run().await,
                Command::Rush(rush) => return rush.run().await,
                Command::Serve(serve) => serve.run().await,
                Command::Dev(dev) => dev.run().await,
                Command::Migrate(migrate) => migrate.run().await,
                Command::Import(import) => import.run().await,
                Command::Lab(lab) => lab.run().await,
                Command::User(user) => user.run().await,
            }?;
            Ok(ExitCode::SUCCESS)
        })
    }
}
