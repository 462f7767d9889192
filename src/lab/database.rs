//! PostgreSQL as a strategy sees it: a schema of its own, and statements that are counted.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres};

/// Everybody may come at once, and whoever waits for a connection is not turned away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(300);

/// What the servers were asked on behalf of buyers.
#[derive(Debug, Default)]
pub struct Tally {
    statements: AtomicU64,
    commands: AtomicU64,
}

impl Tally {
    /// Takes note of statements sent to PostgreSQL.
    pub fn add_statements(&self, count: u64) {
        self.statements.fetch_add(count, Ordering::Relaxed);
    }

    /// Takes note of commands and scripts sent to Redis.
    pub fn add_commands(&self, count: u64) {
        self.commands.fetch_add(count, Ordering::Relaxed);
    }

    /// Statements so far.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Commands and scripts so far.
    pub fn commands(&self) -> u64 {
        self.commands.load(Ordering::Relaxed)
    }
}

/// A pool of connections that find their tables in one schema. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    pool: PgPool,
    tally: Arc<Tally>,
}

/// A transaction whose statements are counted, BEGIN and COMMIT among them.
pub struct Transaction {
    transaction: sqlx::Transaction<'static, Postgres>,
    tally: Arc<Tally>,
}

impl Database {
    /// Makes the schema and connects to it, with all connections before anybody needs one.
    ///
    /// # Errors
    /// When PostgreSQL refuses or cannot be reached.
    pub async fn open(
        url: &str,
        schema: &str,
        connections: u32,
        tally: Arc<Tally>,
    ) -> anyhow::Result<Self> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("frontrow lab")
            .options([("search_path", schema)]);
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // Else every statement would be two: the pool asks first whether the server is there.
            .test_before_acquire(false)
            .connect_with(options)
            .await
            .context("PostgreSQL cannot be reached")?;
        let create = format!("CREATE SCHEMA {schema}");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&pool).await?;
        let mut open = Vec::new();
        for _ in 0..connections {
            open.push(pool.acquire().await?);
        }
        drop(open);
        Ok(Self { pool, tally })
    }

    /// Makes a strategy's tables, and puts free seats with the ids from 1 into `seats`.
    ///
    /// # Errors
    /// When PostgreSQL refuses.
    pub async fn make_seats(&self, tables: &'static str, seats: u32) -> anyhow::Result<()> {
        sqlx::raw_sql(tables).execute(&self.pool).await?;
        sqlx::query("INSERT INTO seats (id) SELECT generate_series(1, $1)")
            .bind(i32::try_from(seats)?)
            .execute(&self.pool)
            .await?;
        sqlx::raw_sql("ANALYZE seats").execute(&self.pool).await?;
        Ok(())
    }

    /// The pool, for one statement that is counted.
    pub fn counted(&self) -> &PgPool {
        self.tally.add_statements(1);
        &self.pool
    }

    /// The pool, for what no buyer asked for.
    pub fn uncounted(&self) -> &PgPool {
        &self.pool
    }

    /// What was counted.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When PostgreSQL refuses.
    pub async fn begin(&self) -> sqlx::Result<Transaction> {
        let transaction = self.counted().begin().await?;
        Ok(Transaction { transaction, tally: Arc::clone(&self.tally) })
    }

    /// Who has a seat, once for each seat.
    ///
    /// # Errors
    /// When PostgreSQL refuses.
    pub async fn owners(&self) -> anyhow::Result<Vec<i32>> {
        let owners = sqlx::query_scalar("SELECT user_id FROM seats WHERE user_id IS NOT NULL");
        Ok(owners.fetch_all(&self.pool).await?)
    }

    /// Closes its connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl Transaction {
    /// The connection, for one statement that is counted.
    pub fn counted(&mut self) -> &mut PgConnection {
        self.tally.add_statements(1);
        &mut self.transaction
    }

    /// Makes what it did true.
    ///
    /// # Errors
    /// When PostgreSQL refuses.
    pub async fn commit(self) -> sqlx::Result<()> {
        self.tally.add_statements(1);
        self.transaction.commit().await
    }

    /// Undoes what it did.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn rollback(self) -> sqlx::Result<()> {
        self.tally.add_statements(1);
        self.transaction.rollback().await
    }
}
