//! `frontrow import FILE…`

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use crate::catalogue::import::import_file;
use crate::config::DatabaseConfig;
use crate::ledger::{self, ConnectionOptions, PgPool};

/// Import seat maps and concerts from files
#[derive(Args, Debug)]
pub(super) struct Import {
    /// Seating plans and concert files, in this order: maps before the concerts on them
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    database: DatabaseConfig,
}

impl Import {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let url = &self.database.database_url;
        let pool = ledger::connect(url.expose(), &ConnectionOptions::default()).await;
        let pool = pool.with_context(|| format!("{url} cannot be reached"))?;
        ledger::ensure_migrated(&pool).await?;
        import_files(&pool, &self.files).await
    }
}

/// Imports each file, all or nothing; the files before one that fails stay imported.
pub(super) async fn import_files(pool: &PgPool, files: &[impl AsRef<Path>]) -> anyhow::Result<()> {
    for file in files {
        match import_file(pool, file.as_ref()).await {
            Ok(report) => println!("{}: {report}", file.as_ref().display()),
            Err(error) => bail!("nothing of this file was imported:\n{error}"),
        }
    }
    Ok(())
}
