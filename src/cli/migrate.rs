//! `frontrow migrate`

use anyhow::Context;
use clap::Args;

use crate::config::DatabaseConfig;
use crate::ledger::{self, ConnectionOptions};

/// Bring the database's schema up to date
#[derive(Args, Debug)]
pub(super) struct Migrate {
    #[command(flatten)]
    database: DatabaseConfig,
}

impl Migrate {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let url = &self.database.database_url;
        let pool = ledger::connect(url.expose(), &ConnectionOptions::for_migrations()).await;
        let pool = pool.with_context(|| format!("{url} cannot be reached"))?;
        ledger::migrate(&pool).await.context("the schema could not be brought up to date")?;
        println!("The schema is up to date.");
        Ok(())
    }
}
