//! The pool of connections, with the bounds that keep one slow statement from stopping a service.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgPool};
use tokio::time::timeout;

use super::LedgerError;

/// How long a connection may take to say that it is well before it is used by somebody else.
const RELEASE_WITHIN: Duration = Duration::from_secs(2);
/// How long the connection of [`aside`] stays without anything to do.
const ASIDE_IDLE_MAX: Duration = Duration::from_secs(30);

/// How a process uses PostgreSQL.
#[derive(Clone, Debug)]
pub struct ConnectionOptions {
    /// What `pg_stat_activity` calls the connections.
    pub application_name: String,
    /// The most connections at once; one of them is kept by [`super::notifications::Persisted`].
    pub connections_max: u32,
    /// How long a caller waits for a connection.
    pub acquire_timeout: Duration,
    /// How long a statement may run, and how long a transaction may stand idle with its locks.
    pub statement_timeout: Duration,
}

impl Default for ConnectionOptions {
    fn default() -> Self {
        Self {
            application_name: "frontrow".to_owned(),
            connections_max: 16,
            acquire_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(10),
        }
    }
}

impl ConnectionOptions {
    /// For migrations, which may have to build an index over everything that was ever sold.
    pub fn for_migrations() -> Self {
        Self {
            connections_max: 1,
            statement_timeout: Duration::from_secs(60 * 60),
            ..Self::default()
        }
    }
}

/// Connects to PostgreSQL, so that a wrong address is noticed at start and not by the first caller.
///
/// # Errors
/// When the address is not one, or nobody answers there within the time to acquire a connection.
pub async fn connect(url: &str, options: &ConnectionOptions) -> Result<PgPool, LedgerError> {
    let server = server(url, options)?;
    match pool(options).connect_with(server.clone()).await {
        // The pool tried again and again, and does not say what it met.
        Err(sqlx::Error::PoolTimedOut) => {
            Err(reason(&server, options.acquire_timeout).await.into())
        }
        pool => Ok(pool?),
    }
}

/// A pool that connects when it is first used, for what can be done without.
///
/// # Errors
/// When the address is not one.
pub fn connect_lazily(url: &str, options: &ConnectionOptions) -> Result<PgPool, LedgerError> {
    Ok(pool(options).connect_lazy_with(server(url, options)?))
}

fn server(url: &str, options: &ConnectionOptions) -> Result<PgConnectOptions, LedgerError> {
    let longest = options.statement_timeout.as_millis().to_string();
    let server = PgConnectOptions::from_str(url)?.application_name(&options.application_name);
    Ok(server.options([
        ("statement_timeout", longest.as_str()),
        // A writer that hangs between two statements would keep its partition's row locked.
        ("idle_in_transaction_session_timeout", longest.as_str()),
        // A plan for any parameters, made while a table was empty, would read all of it for ever.
        ("plan_cache_mode", "force_custom_plan"),
    ]))
}

fn pool(options: &ConnectionOptions) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(options.connections_max)
        .acquire_timeout(options.acquire_timeout)
        // Of one whose statement was given up, because nobody answered, nobody will answer: sqlx would
        // wait for it for as long as the system does, and its place in the pool with it.
        .after_release(|connection, _| {
            Box::pin(async {
                let well = timeout(RELEASE_WITHIN, connection.ping()).await;
                well.map_err(|_| sqlx::Error::PoolTimedOut)?.map(|()| true)
            })
        })
}

/// One more connection to where a pool leads, for whoever must not wait behind all who use that one. It is
/// made when it is first needed, and left when it is not for a while.
pub fn aside(pool: &PgPool) -> PgPool {
    let options = pool.options().clone().min_connections(0).max_connections(1);
    let server = PgConnectOptions::clone(&pool.connect_options());
    options.idle_timeout(ASIDE_IDLE_MAX).connect_lazy_with(server)
}

/// Why there is no connection, from one more attempt.
async fn reason(server: &PgConnectOptions, patience: Duration) -> sqlx::Error {
    match timeout(patience, server.connect()).await {
        Ok(Err(error)) => error,
        Ok(Ok(_)) | Err(_) => sqlx::Error::PoolTimedOut,
    }
}
