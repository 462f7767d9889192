//! A whole instance behind no HTTP: use cases, workers, both stores.

use std::time::Duration;

use frontrow::catalogue::Catalogue;
use frontrow::inventory::Inventory;
use frontrow::inventory::locks::Locks;
use frontrow::ledger::notifications::Persisted;
use frontrow::ledger::{self, ConnectionOptions, PgPool};
use frontrow::reservations::Reservations;
use frontrow::worker;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// Partitions of these instances: enough that concerts spread, few enough to start fast.
pub const PARTITIONS: u16 = 16;

/// An instance. It stops when it is dropped.
pub struct Backend {
    pub reservations: Reservations,
    pub inventory: Inventory,
    pub pool: PgPool,
    workers: TaskTracker,
    stop: CancellationToken,
    _stop_at_end: DropGuard,
}

impl Backend {
    /// An instance on stores of the test's own, with its workers at work.
    pub async fn start() -> Self {
        let (redis, database) = (super::redis_db().await, super::database().await);
        Self::on(&redis, &database).await
    }

    /// An instance on these stores.
    pub async fn on(redis_url: &str, database_url: &str) -> Self {
        Self::locking(redis_url, database_url, vec![redis_url.to_owned()]).await
    }

    /// An instance on these stores, with its locks on nodes of their own.
    pub async fn locking(redis_url: &str, database_url: &str, nodes: Vec<String>) -> Self {
        let backend = Self::prepare(redis_url, database_url, nodes).await;
        let Self { reservations, workers, stop, .. } = &backend;
        worker::start(reservations, PARTITIONS, workers, stop);
        backend.until_open().await;
        backend
    }

    /// An instance whose workers do nothing by themselves.
    pub async fn idle(redis_url: &str, database_url: &str) -> Self {
        Self::prepare(redis_url, database_url, vec![redis_url.to_owned()]).await
    }

    async fn prepare(redis_url: &str, database_url: &str, nodes: Vec<String>) -> Self {
        let options = ConnectionOptions { connections_max: 12, ..ConnectionOptions::default() };
        let pool = ledger::connect(database_url, &options).await.unwrap();
        ledger::partitions::ensure(&pool, PARTITIONS).await.unwrap();
        let stop = CancellationToken::new();
        let inventory = Inventory::new(redis_url, PARTITIONS, 24).unwrap();
        let reservations = Reservations::new(
            inventory.clone(),
            Locks::new(nodes).unwrap(),
            pool.clone(),
            Catalogue::new(pool.clone()),
            Persisted::start(pool.clone(), PARTITIONS, stop.clone()),
        );
        let _stop_at_end = stop.clone().drop_guard();
        Self { reservations, inventory, pool, workers: TaskTracker::new(), stop, _stop_at_end }
    }

    /// Waits until claims go through.
    pub async fn until_open(&self) {
        for _ in 0..400 {
            if self.reservations.gate().is_open() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("Redis was not verified within ten seconds");
    }

    /// Stops the workers and waits for them.
    pub async fn stop(self) {
        self.stop.cancel();
        self.workers.close();
        self.workers.wait().await;
    }
}
