//! What is wired to what.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::audit::Auditor;
use crate::cache::{Layers, Lifetimes, Settings};
use crate::catalogue::Catalogue;
use crate::config::{CacheConfig, CacheLayer, Config, DatabaseConfig, RedisConfig};
use crate::domain::limits::{PARTITIONS, SEAT_MAP_IMPORTS_MAX};
use crate::http::{HttpState, Limits, Readiness, SeatMapBodies, Wrong};
use crate::identity::{Accounts, ServiceKeys, Sessions};
use crate::inventory::Inventory;
use crate::inventory::locks::Locks;
use crate::ledger::notifications::Persisted;
use crate::ledger::{self, ConnectionOptions, PgPool};
use crate::reservations::Reservations;
use crate::telemetry::Throttle;
use crate::worker;

/// How long workers may take to end: a batch is written in much less, unless PostgreSQL hangs.
const WORKERS_END_WITHIN: Duration = Duration::from_secs(5);

/// A running service, without its listeners.
pub struct App {
    /// The use cases.
    pub reservations: Reservations,
    /// What is on.
    pub catalogue: Catalogue,
    /// Who is asking.
    pub sessions: Sessions,
    /// Who has an account.
    pub accounts: Accounts,
    /// Whose server is asking.
    pub service_keys: ServiceKeys,
    layers: Layers,
    ledger: PgPool,
    work: TaskTracker,
    workers: TaskTracker,
    stop: CancellationToken,
}

impl App {
    /// Connects to the stores and starts the workers. Redis may be away; claims are refused until
    /// it is there and was verified.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached or has another schema, or an address cannot be read.
    pub async fn start(config: &Config) -> anyhow::Result<Self> {
        let redis_url = config.redis.redis_url.expose();
        let ledger = connect(&config.database).await?;
        ledger::ensure_migrated(&ledger).await?;
        ledger::partitions::ensure(&ledger, PARTITIONS).await?;

        let stop = CancellationToken::new();
        let pool_size = config.redis.redis_pool_size as usize + usize::from(PARTITIONS);
        let inventory = Inventory::new(redis_url, PARTITIONS, pool_size)?;
        let inventory = inventory.with_budget(given_back_max(config));
        let locks = Locks::new(config.redis.lock_urls())?;
        let auditor = Auditor::new(inventory.clone(), ledger.clone());
        let layers = Layers::new(&cache_settings(&config.cache, &config.redis))?;
        let catalogue = Catalogue::with_replica(ledger.clone(), replica(&config.database)?);
        let persisted = Persisted::start(ledger.clone(), PARTITIONS, stop.clone());
        let reservations =
            Reservations::new(inventory, locks, ledger.clone(), catalogue.clone(), persisted);
        let workers = TaskTracker::new();
        worker::start(&reservations, PARTITIONS, &workers, &stop);
        worker::forget_changed(&layers, &catalogue, reservations.changes(), &workers, &stop);
        worker::audit(auditor, &reservations, &workers, &stop);
        let sessions = Sessions::open(redis_url, ledger.clone())?;
        let accounts = Accounts::new(ledger.clone(), sessions.clone());
        worker::keep_sessions(&sessions, &workers, &stop);
        let service_keys = ServiceKeys::open(redis_url, ledger.clone())?;
        let work = TaskTracker::new();
        Ok(Self {
            reservations,
            catalogue,
            sessions,
            accounts,
            service_keys,
            layers,
            ledger,
            work,
            workers,
            stop,
        })
    }

    /// What the routes need. Work that they begin is waited for by [`stop`](Self::stop).
    pub fn http_state(&self, draining: CancellationToken, config: &Config) -> HttpState {
        let (reservations, ledger) = (self.reservations.clone(), self.ledger.clone());
        let readiness =
            Readiness::new(draining)
                .with("redis", move || {
                    let reservations = reservations.clone();
                    async move { redis_is_ready(&reservations).await }
                })
                .with("postgres", move || {
                    let ledger = ledger.clone();
                    async move {
                        ledger::ping(&ledger).await.map_err(|error| no_answer("postgres", &error))
                    }
                });
        HttpState {
            reservations: self.reservations.clone(),
            catalogue: self.catalogue.clone(),
            layers: self.layers.clone(),
            sessions: self.sessions.clone(),
            accounts: self.accounts.clone(),
            service_keys: self.service_keys.clone(),
            readiness,
            work: self.work.clone(),
            seat_map_bodies: SeatMapBodies::default(),
            seat_map_imports: Arc::new(Semaphore::new(SEAT_MAP_IMPORTS_MAX)),
            limits: Limits::new(&config.limits, config.http.requests_max),
        }
    }

    /// Stops after the listeners: first what requests have begun, until `give_up` at most, then the
    /// workers, within some seconds. Whatever was confirmed is in the log, and is persisted by whoever
    /// holds the lease next; a store that hangs must not keep this process from ending.
    pub async fn stop(self, give_up: Instant) {
        self.work.close();
        if timeout_at(give_up, self.work.wait()).await.is_err() {
            let left = self.work.len();
            tracing::warn!(left, "what requests had begun was left behind: its outcome is unknown");
        }
        self.stop.cancel();
        self.workers.close();
        let workers = async {
            self.workers.wait().await;
            self.ledger.close().await;
        };
        if timeout(WORKERS_END_WITHIN, workers).await.is_err() {
            let left = self.workers.len();
            tracing::warn!(
                left,
                "workers were left behind: the log is persisted by another process"
            );
        }
    }
}

/// Where only this machine can ask, whoever asks is a tool of ours or somebody who tries.
fn given_back_max(config: &Config) -> u32 {
    let limits = &config.limits;
    let only_here = config.http.listen.ip().is_loopback() && limits.trusted_proxies.is_empty();
    if only_here && !limits.limit_loopback { 0 } else { limits.limit_given_back }
}

async fn connect(database: &DatabaseConfig) -> anyhow::Result<PgPool> {
    let options = ConnectionOptions {
        connections_max: database.database_pool_size,
        ..ConnectionOptions::default()
    };
    let url = &database.database_url;
    let ledger = ledger::connect(url.expose(), &options).await;
    ledger.with_context(|| format!("PostgreSQL at {url} cannot be reached"))
}

/// The replica, which may be away when the service starts.
fn replica(database: &DatabaseConfig) -> anyhow::Result<Option<PgPool>> {
    let Some(url) = &database.database_read_url else { return Ok(None) };
    let options = ConnectionOptions {
        connections_max: database.database_read_pool_size,
        ..ConnectionOptions::default()
    };
    Ok(Some(ledger::connect_lazily(url.expose(), &options)?))
}

fn cache_settings(cache: &CacheConfig, redis: &RedisConfig) -> Settings {
    let redis_url = cache.cache_redis_url.as_ref().unwrap_or(&redis.redis_url).expose();
    let seconds = Duration::from_secs;
    Settings {
        redis_url: cache.has(CacheLayer::Redis).then(|| redis_url.to_owned()),
        shared_max: cache.answers_max(),
        memory_bytes: if cache.has(CacheLayer::Memory) { cache.cache_memory_bytes } else { 0 },
        made_at_once: cache.cache_made_at_once,
        lifetimes: Lifetimes {
            settled: seconds(cache.cache_listing_seconds),
            selling: seconds(cache.cache_selling_seconds),
            quiet: seconds(cache.cache_quiet_seats_seconds),
            seats: Duration::from_millis(cache.cache_seats_ms),
            absent: seconds(cache.cache_absent_seconds),
        },
    }
}

async fn redis_is_ready(reservations: &Reservations) -> Result<(), Wrong> {
    reservations.ping().await.map_err(|error| no_answer("redis", &error))?;
    match reservations.gate().is_open() {
        true => Ok(()),
        false => Err("its state is being verified"),
    }
}

/// What a store's client says is for the log: it may hold addresses.
fn no_answer(store: &str, error: &dyn std::error::Error) -> Wrong {
    static SAID: Throttle = Throttle::new(2);
    if SAID.admits() {
        tracing::warn!(store, %error, "not ready");
    }
    "does not answer"
}
