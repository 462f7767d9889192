//! The service itself as a strategy uses it: stores, workers and use cases, with one concert on sale.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use uuid::Uuid;

use super::{Stage, Tally};
use crate::app::App;
use crate::catalogue::import::import_bytes;
use crate::config::{
    CacheConfig, Config, DatabaseConfig, HttpConfig, LimitsConfig, LogConfig, LogFormat,
    RedisConfig,
};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::limits::PARTITIONS;
use crate::domain::performance::Performance;
use crate::domain::seat::{PackedStates, SeatNumber};
use crate::inventory::Inventory;
use crate::ledger::{self, ConnectionOptions, PgPool};
use crate::reservations::{ReservationError, Reservations};

/// How long the service may take to verify Redis, and the writer to be done.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often to look whether it is.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// Seats in a row of the house.
const ROW_SEATS: u32 = 50;

/// A service with a concert of the lab's own.
pub struct Service {
    /// None once it was told to stop.
    app: Option<App>,
    reservations: Reservations,
    background: TaskTracker,
    _in_use: TaskTrackerToken,
    pool: PgPool,
    /// For reading the log, as any process can.
    inventory: Inventory,
    performance: Arc<Performance>,
    tally: Arc<Tally>,
    persisted_after: OnceLock<Duration>,
}

impl Service {
    /// Starts it on the stage's servers, and loads the concert as its first buyer would.
    pub(super) async fn start(stage: &Stage) -> Result<Self> {
        let pool = ledger::connect(&stage.database_url, &ConnectionOptions::default()).await?;
        ledger::migrate(&pool).await?;
        let concert = import(&pool, &stage.run, stage.seats).await?;
        let app = App::start(&config(stage)?).await?;
        until(|| async { Ok(app.reservations.gate().is_open()) }, "Redis was not verified").await?;
        let performance = app.catalogue.performance(concert).await?;
        let performance = performance.context("the lab's concert is gone")?;
        let inventory = Inventory::new(&stage.redis_url, PARTITIONS, 4)?;
        let tally = Arc::clone(&stage.tally);
        let persisted_after = OnceLock::new();
        let (reservations, background) = (app.reservations.clone(), stage.background.clone());
        let service = Self {
            app: Some(app),
            reservations,
            _in_use: background.token(),
            background,
            pool,
            inventory,
            performance,
            tally,
            persisted_after,
        };
        service.load().await?;
        Ok(service)
    }

    /// Holds a seat and gives it back: the first claim loads a concert into Redis, and sales are
    /// measured that have begun.
    async fn load(&self) -> Result<()> {
        let user = UserId::new();
        let held = self.reserve(user, "load", SeatNumber(0)).await?;
        let concert = self.performance.concert.id;
        self.reservations.release(user, concert, held).await?;
        Ok(())
    }

    /// How many seats the house has.
    pub fn seats(&self) -> u32 {
        self.performance.map.capacity()
    }

    /// The partition that the concert's log is in.
    pub fn partition(&self) -> u16 {
        self.performance.concert.partition
    }

    /// The concert.
    pub fn concert(&self) -> ConcertId {
        self.performance.concert.id
    }

    /// Redis, for whoever follows the log.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The state of every seat, as a buyer sees it.
    ///
    /// # Errors
    /// When a store cannot be used.
    pub async fn look(&self) -> Result<PackedStates, ReservationError> {
        self.tally.add_commands(1);
        Ok(self.reservations.availability(self.concert()).await?.states)
    }

    /// Holds a seat: one script.
    ///
    /// # Errors
    /// The refusal.
    pub async fn reserve(
        &self,
        user: UserId,
        key: &str,
        seat: SeatNumber,
    ) -> Result<ReservationId, ReservationError> {
        self.tally.add_commands(1);
        let seats = [self.performance.map.seat(seat).id.to_string()];
        let held = self.reservations.reserve(user, self.concert(), key, &seats).await?;
        Ok(held.reservation.id)
    }

    /// Turns a hold into a sale: one script.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm(&self, user: UserId, id: ReservationId) -> Result<(), ReservationError> {
        self.tally.add_commands(1);
        self.reservations.confirm(user, self.concert(), id, None).await?;
        Ok(())
    }

    /// Waits for the writer to have everything in PostgreSQL.
    ///
    /// # Errors
    /// When it does not get there.
    pub async fn until_persisted(&self) -> Result<()> {
        let began = Instant::now();
        let partition = self.partition();
        let last = self.inventory.last_position(partition).await?;
        let is_there = || async {
            Ok(ledger::partitions::read(&self.pool, partition).await?.position >= last)
        };
        until(is_there, "the log was not persisted").await?;
        self.persisted_after.get_or_init(|| began.elapsed());
        Ok(())
    }

    /// How long after the last answer PostgreSQL had everything.
    pub fn persisted_after(&self) -> Duration {
        self.persisted_after.get().copied().unwrap_or_default()
    }

    /// Who has a seat, once for each seat: as PostgreSQL has it, which has to be what Redis says.
    ///
    /// # Errors
    /// When the two do not agree.
    pub async fn owners(&self) -> Result<Vec<Uuid>> {
        let owners: Vec<Uuid> = sqlx::query_scalar(
            "SELECT user_id FROM reservation_seats
             JOIN reservations ON reservations.id = reservation_id
             WHERE reservation_seats.concert_id = $1 AND ended_at IS NULL",
        )
        .bind(self.concert().0)
        .fetch_all(&self.pool)
        .await?;
        let states = self.reservations.availability(self.concert()).await?.states;
        let sold = states.count(0..self.seats()).sold as usize;
        let there = owners.len();
        ensure!(sold == there, "Redis has {sold} seats sold, and PostgreSQL {there}");
        Ok(owners)
    }

    /// Stops it, workers included.
    pub async fn stop(mut self) {
        if let Some(app) = self.app.take() {
            app.stop(Instant::now() + PATIENCE).await;
        }
        self.pool.close().await;
    }
}

impl Drop for Service {
    /// A sale that is interrupted stops its service too, and whoever closes the servers waits for
    /// that: workers would go on taking their locks.
    fn drop(&mut self) {
        if let Some(app) = self.app.take() {
            self.background.spawn(app.stop(Instant::now() + PATIENCE));
        }
    }
}

async fn until<F>(mut holds: impl FnMut() -> F, otherwise: &str) -> Result<()>
where
    F: Future<Output = Result<bool>>,
{
    let give_up = Instant::now() + PATIENCE;
    while !holds().await? {
        ensure!(Instant::now() < give_up, "{otherwise} within {PATIENCE:?}");
        sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// A house of its own for every number of seats, and a concert in it for every run.
async fn import(pool: &PgPool, run: &str, seats: u32) -> Result<ConcertId> {
    let house = format!("Lab, {seats} seats");
    let plan = plan(&house, seats).to_string().into_bytes();
    import_bytes(pool, "lab.json", plan).await?;
    let now = Timestamp::from_second(Timestamp::now().as_second())?;
    // A run is called as its schema is, and a slug has no underscores.
    let slug = format!("lab-{}", run.replace('_', "-"));
    let concert = json!({ "concerts": [{
        "slug": slug, "title": "An evening in the lab", "artist": "Everybody",
        "venue": {"name": "The lab", "city": "Here", "time_zone": "Etc/UTC"},
        "seat_map": house,
        "starts_at": (now + 2_400.hours()).to_string(),
        "sale": {"opens_at": (now - 1.hour()).to_string()},
        "currency": "EUR", "prices": {"Seat": 5_000},
        "hold_seconds": 600, "max_seats_per_user": 1,
    }]});
    import_bytes(pool, "concert.json", concert.to_string().into_bytes()).await?;
    Ok(ConcertId::from_slug(&slug))
}

fn plan(name: &str, seats: u32) -> Value {
    let position = |x: u32, y: u32| json!({"x": x, "y": y});
    let seat = |number: u32| {
        json!({"seat_guid": number.to_string(), "seat_number": number.to_string(),
            "position": position(number % ROW_SEATS, 0), "category": "Seat"})
    };
    let row = |row: u32| {
        let first = row * ROW_SEATS + 1;
        let last = seats.min(first + ROW_SEATS - 1);
        json!({"row_number": (row + 1).to_string(), "position": position(0, row),
            "seats": (first..=last).map(seat).collect::<Vec<_>>()})
    };
    let rows: Vec<_> = (0..seats.div_ceil(ROW_SEATS)).map(row).collect();
    json!({"name": name, "size": {"width": 100, "height": 100},
        "categories": [{"name": "Seat", "color": "#446688"}],
        "zones": [{"name": "Floor", "position": position(0, 0), "rows": rows}]})
}

fn config(stage: &Stage) -> Result<Config> {
    let nowhere = "127.0.0.1:0".parse()?;
    Ok(Config {
        redis: RedisConfig::at(stage.redis_url.parse()?),
        database: DatabaseConfig::at(stage.database_url.parse()?),
        // Nobody listens: buyers call the use cases.
        cache: CacheConfig::default(),
        http: HttpConfig {
            listen: nowhere,
            metrics_listen: nowhere,
            connections_max: 1,
            requests_max: 1,
            unready_seconds: 0,
            drain_seconds: 20,
        },
        limits: LimitsConfig::default(),
        log: LogConfig { log_format: LogFormat::Human, log: "warn".into() },
    })
}
