//! One Redis and one PostgreSQL for the whole test process, and a database in each for every
//! test that asks. They are the project's own, never those of `REDIS_URL` or `DATABASE_URL`: a
//! test must not touch data it did not make.
//!
//! Nobody stops them. They stop, and remove their data, when this process ends.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, Ordering};

use frontrow::embedded::{Persistence, PostgresOptions, PostgresServer, RedisOptions, RedisServer};
use frontrow::ledger::{self, ConnectionOptions, PgPool};
use sqlx::AssertSqlSafe;
use tokio::sync::OnceCell;

/// The database that those of the tests are copies of.
const TEMPLATE: &str = "template_frontrow";

/// The servers that tests share. A test that stops, kills or flushes a server, or drops its
/// scripts, starts one of its own.
pub struct Servers {
    /// Keeps nothing on disk.
    pub redis: RedisServer,
    /// Fast instead of durable; has the template.
    pub postgres: PostgresServer,
}

/// The shared servers, started by the first test that asks.
pub async fn servers() -> &'static Servers {
    static SERVERS: OnceCell<Servers> = OnceCell::const_new();
    SERVERS.get_or_init(start).await
}

/// The URL of an empty Redis database that no other test has.
pub async fn redis_db() -> String {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    assert!(number < 1024, "the shared Redis has 1024 databases; this test process wants more");
    servers().await.redis.url(number)
}

/// The URL of a migrated PostgreSQL database that no other test has.
pub async fn database() -> String {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let postgres = &servers().await.postgres;
    postgres.create_database_from(&name, TEMPLATE).await.unwrap();
    postgres.url(&name)
}

/// Has a table refuse, from now on, all rows but those of which `unless` is true.
pub async fn refuse(pool: &PgPool, table: &str, unless: &str) {
    let add = format!("ALTER TABLE {table} ADD CONSTRAINT refused CHECK ({unless}) NOT VALID");
    sqlx::raw_sql(AssertSqlSafe(add)).execute(pool).await.unwrap();
}

async fn start() -> Servers {
    let (redis_dir, postgres_dir) = (new_dir("redis"), new_dir("postgres"));
    let redis = RedisOptions {
        persistence: Persistence::None,
        remove_at_end: true,
        ..RedisOptions::new(&redis_dir)
    };
    let postgres =
        PostgresOptions { fast: true, remove_at_end: true, ..PostgresOptions::new(&postgres_dir) };
    let (redis, postgres) =
        tokio::try_join!(RedisServer::start(redis), PostgresServer::start(postgres)).unwrap();
    postgres.create_database(TEMPLATE).await.unwrap();
    migrate(&postgres.url(TEMPLATE)).await;
    Servers { redis, postgres }
}

/// Brings the template up to date: the one place where tests run migrations. Every connection is
/// closed again, since PostgreSQL does not copy a database that somebody is connected to.
async fn migrate(url: &str) {
    let pool = connect(url).await;
    ledger::migrate(&pool).await.unwrap();
    pool.close().await;
}

async fn connect(url: &str) -> PgPool {
    let options = ConnectionOptions { connections_max: 8, ..ConnectionOptions::default() };
    ledger::connect(url, &options).await.unwrap()
}

/// A directory of this process's own, directly in the system's place for temporary files, which
/// the user that PostgreSQL runs as may enter.
fn new_dir(name: &str) -> PathBuf {
    let prefix = format!("frontrow-test-{name}-");
    tempfile::Builder::new().prefix(&prefix).tempdir().unwrap().keep()
}
