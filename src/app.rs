//! What is wired to what.

use std::time::Duration;

use anyhow::Context;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::audit::Auditor;
use crate::catalogue::Catalogue;
use crate::config::Config;
use crate::domain::limits::PARTITIONS;
use crate::http::{HttpState, Readiness, SeatMapBodies, Wrong};
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
        let database = &config.database;
        let options = ConnectionOptions {
            connections_max: database.database_pool_size,
            ..ConnectionOptions::default()
        };
        let ledger = ledger::connect(database.database_url.expose(), &options).await;
        let url = &database.database_url;
        let ledger = ledger.with_context(|| format!("PostgreSQL at {url} cannot be reached"))?;
        ledger::ensure_migrated(&ledger).await?;
        ledger::partitions::ensure(&ledger, PARTITIONS).await?;

        let stop = CancellationToken::new();
        let pool_size = config.redis.redis_pool_size as usize + usize::from(PARTITIONS);
        let inventory = Inventory::new(redis_url, PARTITIONS, pool_size)?;
        let locks = Locks::new(config.redis.lock_urls())?;
        let auditor = Auditor::new(inventory.clone(), ledger.clone());
        let catalogue = Catalogue::new(ledger.clone());
        let persisted = Persisted::start(ledger.clone(), PARTITIONS, stop.clone());
        let reservations =
            Reservations::new(inventory, locks, ledger.clone(), catalogue.clone(), persisted);
        let workers = TaskTracker::new();
        worker::start(&reservations, PARTITIONS, &workers, &stop);
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
            ledger,
            work,
            workers,
            stop,
        })
    }

    /// What the routes need. Work that they begin is waited for by [`stop`](Self::stop).
    pub fn http_state(&self, draining: CancellationToken, requests_max: usize) -> HttpState {
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
            sessions: self.sessions.clone(),
            accounts: self.accounts.clone(),
            service_keys: self.service_keys.clone(),
            readiness,
            work: self.work.clone(),
            seat_map_bodies: SeatMapBodies::default(),
            requests_max,
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
