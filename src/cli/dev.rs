//! `frontrow dev`

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::import::import_files;
use super::serve::{Listeners, serve, start_log, stop_on_signals};
use crate::config::{
    CacheConfig, Config, DatabaseConfig, HttpConfig, LimitsConfig, LogConfig, RedisConfig,
};
use crate::embedded::DevStack;
use crate::ledger::{self, ConnectionOptions};

/// Serve with a private Redis and PostgreSQL and a demo season: all there is to try it
#[derive(Args, Debug)]
pub(super) struct Dev {
    /// Where the servers keep their data
    #[arg(long, default_value = ".frontrow")]
    data: PathBuf,
    /// Seat maps and concerts to begin with: every *.json in this directory, if it is there
    #[arg(long, default_value = "examples")]
    examples: PathBuf,
    #[command(flatten)]
    cache: CacheConfig,
    #[command(flatten)]
    http: HttpConfig,
    #[command(flatten)]
    limits: LimitsConfig,
    #[command(flatten)]
    log: LogConfig,
}

impl Dev {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        start_log(&self.log)?;
        let stop = stop_on_signals()?;
        let listeners = Listeners::bind(&self.http).await?;
        tracing::info!("starting Redis and PostgreSQL in {}", self.data.display());
        let mut stack = DevStack::start(&self.data).await?;
        self.tell_addresses(&stack)?;
        let config = self.config(&stack)?;
        let serving = self.serve_on(&config, listeners, stop.clone());
        tokio::pin!(serving);
        let served = tokio::select! {
            served = &mut serving => served,
            // It is not started again: what made it end would be met again, and hidden.
            gone = stack.until_one_is_gone() => {
                tracing::error!("a server has ended by itself: stopping");
                stop.cancel();
                // What that kept the service from is no news beside it.
                let _ = serving.await;
                Err(gone.into())
            }
        };
        stack.stop().await?;
        served
    }

    /// Says where the servers are, in the log and in a file that a shell can read: their ports
    /// change from run to run, and whoever tries the service wants to look into its stores.
    fn tell_addresses(&self, stack: &DevStack) -> anyhow::Result<()> {
        let (database_url, redis_url) = (stack.database_url(), stack.redis_url());
        let path = self.data.join("env");
        let lines = format!("export DATABASE_URL={database_url}\nexport REDIS_URL={redis_url}\n");
        std::fs::write(&path, lines)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        let env = path.display();
        tracing::info!("DATABASE_URL={database_url} REDIS_URL={redis_url}; '. {env}' sets both");
        Ok(())
    }

    async fn serve_on(
        &self,
        config: &Config,
        listeners: Listeners,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        let database_url = config.database.database_url.expose();
        let Some(prepared) = stop.run_until_cancelled(self.prepare(database_url)).await else {
            return Ok(());
        };
        prepared?;
        serve(config, listeners, stop).await
    }

    /// The schema and the demo season.
    async fn prepare(&self, database_url: &str) -> anyhow::Result<()> {
        let pool = ledger::connect(database_url, &ConnectionOptions::default()).await?;
        ledger::migrate(&pool).await?;
        let files = example_files(&self.examples)?;
        import_files(&pool, &files).await?;
        pool.close().await;
        Ok(())
    }

    fn config(&self, stack: &DevStack) -> anyhow::Result<Config> {
        Ok(Config {
            redis: RedisConfig::at(stack.redis_url().parse()?),
            database: DatabaseConfig::at(stack.database_url().parse()?),
            cache: self.cache.clone(),
            http: self.http.clone(),
            limits: self.limits.clone(),
            log: self.log.clone(),
        })
    }
}

/// The directory's JSON files: the concerts of `season.json` after the maps that they are on.
fn example_files(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !directory.is_dir() {
        tracing::warn!("there is no {}: nothing will be on sale", directory.display());
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(directory);
    let entries = entries.with_context(|| format!("{} cannot be read", directory.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort_by_key(|path| (path.ends_with("season.json"), path.clone()));
    Ok(files)
}
