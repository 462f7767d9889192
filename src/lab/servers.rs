//! Servers to measure on: private ones, or given ones on which nothing is touched that was there.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands, AsyncConnectionConfig};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use super::lock_nodes::LockNodes;
use super::{Database, Stage, Workload};
use crate::config::SecretUrl;
use crate::embedded::{PostgresOptions, PostgresServer, RedisOptions, RedisServer};

/// How long the workers of a sale that was interrupted may take to end.
const WORKERS_END_WITHIN: Duration = Duration::from_secs(10);
/// The key by which a lab says that a Redis database is its own.
const OWNER_KEY: &str = "lab:owner";
/// What the keys look like that a lab makes: its own, and those of the service that it runs.
const KEY_PATTERNS: [&str; 3] = ["lab:*", "lock:*", "{*}:*"];

/// Where to measure.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// A Redis database with nothing in it; a private server if none is given.
    pub redis_url: Option<SecretUrl>,
    /// A PostgreSQL on which a database can be made; a private server if none is given.
    pub database_url: Option<SecretUrl>,
    /// How many private lock nodes to start; none when nobody is going to lock anything.
    pub lock_nodes: u16,
}

/// What is measured on. To be closed, so that nothing stays behind on servers that were given.
pub struct Servers {
    redis_url: String,
    redis: MultiplexedConnection,
    database_url: String,
    database: String,
    /// The database that was given, from which the lab's own is made and dropped.
    maintenance: PgConnectOptions,
    private_redis: Option<RedisServer>,
    private_postgres: Option<PostgresServer>,
    pub(super) lock_nodes: LockNodes,
    background: TaskTracker,
    sales: u32,
}

impl Servers {
    /// Starts or finds the servers, and makes a database of the lab's own.
    ///
    /// # Errors
    /// When a server does not start or cannot be reached, the Redis database that was given is not
    /// empty, or PostgreSQL lets this user make no database.
    pub async fn open(places: &Places) -> Result<Self> {
        let name = format!("frontrow_lab_{}_{:08x}", std::process::id(), random()?);
        let prefix = std::env::temp_dir().join(&name);
        // Whichever fails, the others are not cut off while they make their files.
        let (private_redis, private_postgres, lock_nodes) = tokio::join!(
            start_redis(places, prefix.with_extension("redis")),
            start_postgres(places, prefix.with_extension("postgres")),
            LockNodes::start(places.lock_nodes, &prefix),
        );
        let (private_redis, private_postgres, lock_nodes) =
            (private_redis?, private_postgres?, lock_nodes?);
        let redis_url = match (&private_redis, &places.redis_url) {
            (Some(server), _) => server.url(0),
            (None, Some(url)) => url.expose().to_owned(),
            (None, None) => anyhow::bail!("there is no Redis"),
        };
        let maintenance = match (&private_postgres, &places.database_url) {
            (Some(server), _) => PgConnectOptions::from_str(&server.url("postgres"))?,
            (None, Some(url)) => PgConnectOptions::from_str(url.expose())
                .with_context(|| format!("{url} is not the address of a PostgreSQL"))?,
            (None, None) => anyhow::bail!("there is no PostgreSQL"),
        };
        let mut redis = own_redis(&redis_url, &name).await?;
        if let Err(error) = create_database(&maintenance, &name).await {
            delete_keys(&mut redis).await?;
            return Err(error);
        }
        let database_url = maintenance.clone().database(&name).to_url_lossy().to_string();
        Ok(Self {
            redis_url,
            redis,
            database_url,
            database: name,
            maintenance,
            private_redis,
            private_postgres,
            lock_nodes,
            background: TaskTracker::new(),
            sales: 0,
        })
    }

    /// Where the lab's own database is.
    pub(super) fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Redis.
    pub(super) fn redis(&self) -> MultiplexedConnection {
        self.redis.clone()
    }

    /// The place for the next sale.
    pub(super) async fn stage(&mut self, workload: &Workload) -> Result<Stage> {
        self.sales += 1;
        let run = format!("sale_{}", self.sales);
        let (tally, connections) = (Arc::default(), workload.connections);
        let database =
            Database::open(&self.database_url, &run, connections, Arc::clone(&tally)).await?;
        Ok(Stage {
            seats: workload.seats,
            run,
            database,
            redis: self.redis.clone(),
            database_url: self.database_url.clone(),
            redis_url: self.redis_url.clone(),
            lock_nodes: self.lock_nodes.urls(),
            stalled_holders: u64::from(workload.stalled_holders),
            tally,
            background: self.background.clone(),
        })
    }

    /// Clears a place away after its sale.
    pub(super) async fn clear(&self, stage: Stage) -> Result<()> {
        self.clear_bench(stage.database, &stage.run).await
    }

    /// A schema for something else to be measured.
    pub(super) async fn bench(&self, schema: &str, connections: u32) -> Result<Database> {
        Database::open(&self.database_url, schema, connections, Arc::default()).await
    }

    /// Drops a schema and closes the connections to it.
    pub(super) async fn clear_bench(&self, database: Database, schema: &str) -> Result<()> {
        let drop = format!("DROP SCHEMA {schema} CASCADE");
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(database.uncounted()).await?;
        database.close().await;
        Ok(())
    }

    /// Takes away what the lab has made and stops what it has started.
    ///
    /// # Errors
    /// The first thing that could not be taken away; everything else was.
    pub async fn close(mut self) -> Result<()> {
        self.background.close();
        // Should a worker hang on one of the servers, its end is theirs.
        let _ = timeout(WORKERS_END_WITHIN, self.background.wait()).await;
        let dropped = drop_database(&self.maintenance, &self.database).await;
        let deleted = delete_keys(&mut self.redis).await;
        let stopped = self.lock_nodes.stop().await;
        if let Some(postgres) = self.private_postgres {
            postgres.stop().await?;
        }
        if let Some(redis) = self.private_redis {
            redis.stop().await?;
        }
        dropped.and(deleted).and(stopped)
    }
}

/// A server that keeps what it is told as well as `frontrow dev`'s does: the figures are of sales that
/// survive a crash.
async fn start_redis(places: &Places, data_dir: PathBuf) -> Result<Option<RedisServer>> {
    if places.redis_url.is_some() {
        return Ok(None);
    }
    let options = RedisOptions { remove_at_end: true, ..RedisOptions::new(&data_dir) };
    Ok(Some(RedisServer::start(options).await?))
}

async fn start_postgres(places: &Places, data_dir: PathBuf) -> Result<Option<PostgresServer>> {
    if places.database_url.is_some() {
        return Ok(None);
    }
    let options = PostgresOptions { remove_at_end: true, ..PostgresOptions::new(&data_dir) };
    Ok(Some(PostgresServer::start(options).await?))
}

/// Connects to a Redis database with nothing in it, and says there that it is in use.
async fn own_redis(url: &str, name: &str) -> Result<MultiplexedConnection> {
    let shown = SecretUrl::from_str(url)?;
    // Whoever waits longest waits for a thousand others, each of whom waits for the disk.
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(Duration::from_secs(60)));
    let client = redis::Client::open(url)?;
    let connection = client.get_multiplexed_async_connection_with_config(&config).await;
    let mut connection =
        connection.with_context(|| format!("Redis at {shown} cannot be reached"))?;
    let keys: u64 = redis::cmd("DBSIZE").query_async(&mut connection).await?;
    let own = keys == 0 && connection.set_nx(OWNER_KEY, name).await?;
    ensure!(
        own,
        "{shown} is not empty, and the lab touches no data that it has not made: name another \
         database of that server, such as {shown} with 15 for its last number"
    );
    Ok(connection)
}

/// Deletes the lab's keys from a database that had none before it.
async fn delete_keys(redis: &mut MultiplexedConnection) -> Result<()> {
    for pattern in KEY_PATTERNS {
        let mut keys: Vec<Vec<u8>> = Vec::new();
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(1_000);
            let (next, page): (u64, Vec<Vec<u8>>) = scan.query_async(redis).await?;
            keys.extend(page);
            cursor = next;
            if cursor == 0 {
                break;
            }
        }
        if !keys.is_empty() {
            let () = redis.unlink(keys).await?;
        }
    }
    Ok(())
}

async fn create_database(maintenance: &PgConnectOptions, name: &str) -> Result<()> {
    let (host, port) = (maintenance.get_host(), maintenance.get_port());
    let away = || format!("PostgreSQL at {host}:{port} cannot be reached");
    let mut connection = maintenance.connect().await.with_context(away)?;
    let create = format!("CREATE DATABASE {name}");
    let created = sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await;
    created.context("the lab works in a database of its own, and this user may make none")?;
    connection.close().await?;
    Ok(())
}

async fn drop_database(maintenance: &PgConnectOptions, name: &str) -> Result<()> {
    let mut connection = maintenance.connect().await?;
    // An interrupted sale may still be connected.
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    let dropped = sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut connection).await;
    dropped.with_context(|| format!("the database {name} could not be dropped"))?;
    connection.close().await?;
    Ok(())
}

fn random() -> Result<u32> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).context("there are no random numbers")?;
    Ok(u32::from_ne_bytes(bytes))
}
