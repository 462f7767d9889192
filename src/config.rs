//! What can be set from outside: flags and the environment, read once, at start.

mod cache;
mod limits;
mod secret;

use std::net::SocketAddr;

use clap::{Args, ValueEnum};

pub use cache::{CacheConfig, CacheLayer};
pub use limits::{LimitsConfig, Network};
pub use secret::SecretUrl;

const REDIS_POOL_SIZE: u32 = 24;
const DATABASE_POOL_SIZE: u32 = 16;
const DATABASE_READ_POOL_SIZE: u32 = 8;

/// Everything that `frontrow serve` can be told.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Where Redis is.
    #[command(flatten)]
    pub redis: RedisConfig,
    /// Where PostgreSQL is.
    #[command(flatten)]
    pub database: DatabaseConfig,
    /// How answers that many ask for are kept.
    #[command(flatten)]
    pub cache: CacheConfig,
    /// How requests are served.
    #[command(flatten)]
    pub http: HttpConfig,
    /// What one caller may ask for.
    #[command(flatten)]
    pub limits: LimitsConfig,
    /// How the service tells what it does.
    #[command(flatten)]
    pub log: LogConfig,
}

/// Where Redis is, and how it is used.
#[derive(Args, Clone, Debug)]
pub struct RedisConfig {
    /// Redis: redis://[user:password@]host:port/database
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    pub redis_url: SecretUrl,
    /// Independent Redis nodes for locks, separated by commas, of which a majority decides; best an odd
    /// number. Without them, the Redis above has the locks, too
    #[arg(long, env = "LOCK_REDIS_URLS", hide_env_values = true, value_delimiter = ',')]
    pub lock_redis_urls: Vec<SecretUrl>,
    /// Pooled connections for blocking reads and what is off the hot path
    #[arg(long, env = "REDIS_POOL_SIZE", default_value_t = REDIS_POOL_SIZE)]
    pub redis_pool_size: u32,
}

/// Where PostgreSQL is, and how it is used.
#[derive(Args, Clone, Debug)]
pub struct DatabaseConfig {
    /// PostgreSQL: postgres://user:password@host:port/database
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: SecretUrl,
    /// The most connections to PostgreSQL
    #[arg(long, env = "DATABASE_POOL_SIZE", default_value_t = DATABASE_POOL_SIZE)]
    pub database_pool_size: u32,
    /// A replica that lists of concerts are read from. It may be behind by seconds
    #[arg(long, env = "DATABASE_READ_URL", hide_env_values = true)]
    pub database_read_url: Option<SecretUrl>,
    /// The most connections to it
    #[arg(long, env = "DATABASE_READ_POOL_SIZE", default_value_t = DATABASE_READ_POOL_SIZE)]
    pub database_read_pool_size: u32,
}

/// How requests are served.
#[derive(Args, Clone, Debug)]
pub struct HttpConfig {
    /// The address of site and API
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The address of /metrics
    #[arg(long, env = "METRICS_LISTEN", default_value = "127.0.0.1:9464")]
    pub metrics_listen: SocketAddr,
    /// The most open connections; further ones wait to be accepted
    #[arg(long, env = "CONNECTIONS_MAX", default_value_t = 16_384)]
    pub connections_max: usize,
    /// The most requests at once; before that many are at work, those are answered 503 that only look
    #[arg(long, env = "REQUESTS_MAX", default_value_t = 8_192)]
    pub requests_max: usize,
    /// Seconds between saying on /readyz that the service goes, and going
    #[arg(long, env = "UNREADY_SECONDS", default_value_t = 0)]
    pub unready_seconds: u64,
    /// Seconds that requests under way have to end when the service stops
    #[arg(long, env = "DRAIN_SECONDS", default_value_t = 20)]
    pub drain_seconds: u64,
}

/// How the service tells what it does.
#[derive(Args, Clone, Debug)]
pub struct LogConfig {
    /// For people or for programs
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Human)]
    pub log_format: LogFormat,
    /// What to log: tracing directives, such as info,frontrow=debug
    #[arg(long, env = "LOG", default_value = "info,sqlx=warn")]
    pub log: String,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// A setting that cannot be, or does not go with another.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl Config {
    /// Holds the settings against each other, and against the longest time a request may take.
    ///
    /// # Errors
    /// The first thing that does not fit, with the numbers.
    pub fn check(&self, request_seconds_max: u64) -> Result<(), ConfigError> {
        self.redis.check()?;
        self.cache.check()?;
        self.http.check(request_seconds_max)?;
        let size = self.database.database_pool_size;
        // The writer holds one, its notifications another, and a request needs one, too.
        ensure(size >= 3, || format!("DATABASE_POOL_SIZE is {size}: at least 3 are needed"))
    }
}

impl RedisConfig {
    /// A Redis, and otherwise the defaults.
    pub fn at(redis_url: SecretUrl) -> Self {
        Self { redis_url, lock_redis_urls: Vec::new(), redis_pool_size: REDIS_POOL_SIZE }
    }

    /// Where locks are: on nodes of their own, or on the Redis that has the seats.
    pub fn lock_urls(&self) -> Vec<String> {
        match self.lock_redis_urls.as_slice() {
            [] => vec![self.redis_url.expose().to_owned()],
            nodes => nodes.iter().map(|node| node.expose().to_owned()).collect(),
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        let pool = self.redis_pool_size;
        ensure(pool >= 2, || format!("REDIS_POOL_SIZE is {pool}: at least 2 are needed"))
    }
}

impl DatabaseConfig {
    /// A PostgreSQL, and otherwise the defaults.
    pub fn at(database_url: SecretUrl) -> Self {
        Self {
            database_url,
            database_pool_size: DATABASE_POOL_SIZE,
            database_read_url: None,
            database_read_pool_size: DATABASE_READ_POOL_SIZE,
        }
    }
}

impl HttpConfig {
    fn check(&self, request_seconds_max: u64) -> Result<(), ConfigError> {
        let (listen, metrics) = (self.listen, self.metrics_listen);
        ensure(listen != metrics || listen.port() == 0, || {
            format!("LISTEN and METRICS_LISTEN are both {listen}")
        })?;
        let (connections, requests) = (self.connections_max, self.requests_max);
        ensure(requests >= 1, || "REQUESTS_MAX is 0".to_owned())?;
        ensure(requests <= connections, || {
            format!(
                "REQUESTS_MAX is {requests} and CONNECTIONS_MAX is {connections}: there is one \
                 request at a time on a connection, so that the limit would never be met"
            )
        })?;
        let drain = self.drain_seconds;
        ensure(drain >= request_seconds_max, || {
            format!(
                "DRAIN_SECONDS is {drain} and a request may take {request_seconds_max} s: stopping \
                 could cut it off"
            )
        })
    }
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), ConfigError> {
    if holds {
        return Ok(());
    }
    Err(ConfigError(otherwise()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        config: Config,
    }

    fn config(further: &[&str]) -> Config {
        let urls = [
            "serve",
            "--redis-url=redis://:hush@localhost:1/0",
            "--database-url=postgres://me:hush@localhost:2/frontrow",
        ];
        let arguments = urls.iter().chain(further);
        Command::try_parse_from(arguments).unwrap().config
    }

    #[test]
    fn what_does_not_fit_together_is_said_with_numbers() {
        assert_eq!(config(&[]).check(15), Ok(()));
        let said = |further: &str| config(&[further]).check(15).unwrap_err().to_string();
        assert!(
            said("--drain-seconds=5").contains("DRAIN_SECONDS is 5 and a request may take 15 s")
        );
        assert!(said("--requests-max=99999").contains("99999 and CONNECTIONS_MAX is 16384"));
        assert!(said("--metrics-listen=127.0.0.1:8080").contains("both 127.0.0.1:8080"));
        assert!(said("--database-pool-size=1").contains("at least 3"));
        assert!(said("--cache-selling-seconds=301").contains("is 301, more than CACHE_LISTING"));
    }

    #[test]
    fn locks_are_on_nodes_of_their_own_or_where_the_seats_are() {
        assert_eq!(config(&[]).redis.lock_urls(), ["redis://:hush@localhost:1/0"]);
        let nodes = "--lock-redis-urls=redis://a:1,redis://:hush@b:2";
        assert_eq!(config(&[nodes]).redis.lock_urls(), ["redis://a:1", "redis://:hush@b:2"]);
        assert!(!format!("{:?}", config(&[nodes])).contains("hush"));
    }

    #[test]
    fn passwords_are_not_printed() {
        let printed = format!("{:?}", config(&[]));
        assert!(!printed.contains("hush"), "{printed}");
        assert!(printed.contains("postgres://me:…@localhost:2/frontrow"));
    }
}
