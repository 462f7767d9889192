//! Redis, the hot truth: who has which seat, decided by Lua scripts and by nothing else.

pub mod combiner;
pub mod commands;
pub mod fence;
pub mod gate;
pub mod keys;
pub mod load;
pub mod locks;
pub mod log;
pub mod look;
pub mod organise;
pub mod packed;
pub mod read;
pub mod repair;
mod reply;
pub mod scan;
pub mod scripts;
pub mod sweep;
pub mod view;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use deadpool_redis::Manager;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncConnectionConfig, Client, Value};

use crate::domain::limits::GIVEN_BACK_MS;

use scripts::{Script, Scripts};

/// How long a claim waits for Redis before its outcome is unknown.
const RESPONSE_TIMEOUT: Duration = Duration::from_millis(900);
/// How long anything off the hot path waits for Redis: longer than any read blocks.
const POOLED_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

/// Seats in Redis. Cheap to clone; all clones share their connections.
#[derive(Clone)]
pub struct Inventory {
    client: Client,
    /// For claims: one multiplexed connection that everyone shares.
    claims: ConnectionManager,
    /// For what is off the hot path, and for reads that block.
    pool: deadpool_redis::Pool,
    /// Those of the server process that this instance has verified; none before it has.
    scripts: Arc<RwLock<Option<Arc<Scripts>>>>,
    partitions: u16,
    /// What `lua/reserve.lua` takes as ARGV[4].
    budget: String,
}

/// Why Redis gave no outcome. After any but [`Unverified`](InventoryError::Unverified) and
/// [`Full`](InventoryError::Full) it is *unknown* whether the command ran.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// Redis does not know our scripts: it is another server process than the one we verified.
    #[error("Redis has restarted, failed over or lost its scripts: its state must be verified")]
    Unverified,
    /// Redis has no memory left; nothing was done.
    #[error("Redis is out of memory")]
    Full,
    /// Redis refused, failed, or cannot be reached.
    #[error("Redis: {0}")]
    Redis(#[from] redis::RedisError),
    /// No pooled connection could be had.
    #[error("no connection to Redis: {0}")]
    Pool(#[from] deadpool_redis::PoolError),
    /// A lock could not be taken in time.
    #[error("the lock {0:?} could not be taken in time")]
    Locked(String),
    /// A reply that no script of ours gives.
    #[error("Redis holds or answered what cannot be read: {0}")]
    Unreadable(String),
}

impl InventoryError {
    /// Whether Redis was asked and did not answer in time.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Redis(error) if error.is_timeout())
    }
}

impl Inventory {
    /// Prepares connections to Redis; they are made when first used.
    ///
    /// # Errors
    /// When `url` is not a Redis URL.
    pub fn new(url: &str, partitions: u16, pool_size: usize) -> Result<Self, InventoryError> {
        let client = Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(RESPONSE_TIMEOUT))
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_number_of_retries(1);
        let claims = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        let config = AsyncConnectionConfig::new()
            .set_response_timeout(Some(POOLED_TIMEOUT))
            .set_connection_timeout(Some(CONNECT_TIMEOUT));
        let manager = Manager::new_with_config(url, config)?;
        let pool = deadpool_redis::Pool::builder(manager)
            .max_size(pool_size)
            .runtime(deadpool_redis::Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(2)))
            .create_timeout(Some(CONNECT_TIMEOUT))
            .build()
            .map_err(|error| InventoryError::Unreadable(error.to_string()))?;
        let budget = String::new();
        Ok(Self { client, claims, pool, scripts: Arc::default(), partitions, budget })
    }

    /// Lets a user hold no more of a concert once so many holds of theirs came to nothing there: one
    /// more each [`GIVEN_BACK_MS`]. 0: any number.
    pub fn with_budget(mut self, given_back_max: u32) -> Self {
        let beyond = given_back_max.checked_sub(1);
        let longest = beyond.map(|beyond| u64::from(beyond) * GIVEN_BACK_MS);
        self.budget = longest.map_or_else(String::new, |longest| longest.to_string());
        self
    }

    /// How many partitions there are.
    pub fn partitions(&self) -> u16 {
        self.partitions
    }

    /// Whether Redis answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), InventoryError> {
        let mut connection = self.claims.clone();
        Ok(redis::cmd("PING").query_async(&mut connection).await?)
    }

    /// Runs a script on the connection that claims share. Never loads a script: that Redis does not
    /// know it is what tells us that this is not the process whose state we verified.
    async fn call<A: redis::ToRedisArgs>(
        &self,
        script: Select,
        keys: &[String],
        arguments: &[A],
    ) -> Result<Value, InventoryError> {
        let mut command = redis::cmd("EVALSHA");
        {
            let scripts = self.scripts().ok_or(InventoryError::Unverified)?;
            command.arg(&script(&scripts).sha).arg(keys.len()).arg(keys).arg(arguments);
        }
        let mut connection = self.claims.clone();
        command.query_async(&mut connection).await.map_err(explain)
    }

    /// Those of the server process that was verified.
    fn scripts(&self) -> Option<Arc<Scripts>> {
        self.scripts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on, calls are for the server process that these scripts were made for.
    fn trust(&self, scripts: Scripts) {
        *self.scripts.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(scripts));
    }
}

/// Which of the scripts.
type Select = fn(&Scripts) -> &Script;

fn explain(error: redis::RedisError) -> InventoryError {
    match error.code() {
        Some("NOSCRIPT") => InventoryError::Unverified,
        Some("OOM") => InventoryError::Full,
        _ => InventoryError::Redis(error),
    }
}
