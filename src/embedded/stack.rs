//! Both servers together, as `frontrow dev` needs them.

use std::fs;
use std::path::Path;

use super::error::EmbeddedError;
use super::lock::DirectoryLock;
use super::postgres::{PostgresOptions, PostgresServer};
use super::redis::{RedisOptions, RedisServer};

/// The database that the service uses.
const DATABASE: &str = "frontrow";

/// A durable Redis and a durable PostgreSQL whose data stays from run to run.
#[derive(Debug)]
pub struct DevStack {
    /// Redis, in `redis/`.
    redis: RedisServer,
    /// PostgreSQL, in `postgres/`.
    postgres: PostgresServer,
    /// Keeps a second `frontrow dev` off the directory. Last, so that it is given up last.
    _lock: DirectoryLock,
}

impl DevStack {
    /// Starts both under `dir` on free ports, and makes the database if it is not there yet.
    pub async fn start(dir: &Path) -> Result<Self, EmbeddedError> {
        fs::create_dir_all(dir).map_err(|source| EmbeddedError::directory(dir, source))?;
        let lock = DirectoryLock::acquire(dir, "another 'frontrow dev'")?;
        let (redis_dir, postgres_dir) = (dir.join("redis"), dir.join("postgres"));
        let (redis, postgres) = tokio::try_join!(
            RedisServer::start(RedisOptions::new(&redis_dir)),
            PostgresServer::start(PostgresOptions::new(&postgres_dir)),
        )?;
        if !postgres.has_database(DATABASE).await? {
            postgres.create_database(DATABASE).await?;
        }
        Ok(Self { redis, postgres, _lock: lock })
    }

    /// What `REDIS_URL` would be.
    pub fn redis_url(&self) -> String {
        self.redis.url(0)
    }

    /// What `DATABASE_URL` would be.
    pub fn database_url(&self) -> String {
        self.postgres.url(DATABASE)
    }

    /// Waits, however long, until one of them has ended although nobody told it to, and says which.
    pub async fn until_one_is_gone(&mut self) -> EmbeddedError {
        tokio::select! {
            gone = self.redis.until_gone() => gone,
            gone = self.postgres.until_gone() => gone,
        }
    }

    /// Stops both cleanly and waits until they are gone.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        // Both are told to stop even if one of them does not.
        let (redis, postgres) = tokio::join!(self.redis.stop(), self.postgres.stop());
        redis.and(postgres)
    }
}
