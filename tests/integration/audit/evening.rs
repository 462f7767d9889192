//! A small house in two stores, into which things can be planted that no script would write.

use frontrow::audit::{Auditor, ConcertReport, Kind};
use frontrow::catalogue::import::import_bytes;
use frontrow::domain::ids::{ConcertId, ReservationId, UserId};
use frontrow::domain::selection::{Standing, Wanted};
use frontrow::inventory::commands::Own;
use frontrow::inventory::keys::ConcertKeys;
use frontrow::ledger;
use serde_json::json;

use crate::support::backend::Backend;
use crate::support::house;

/// Seats of the house.
pub const SEATS: u32 = 10;
/// Places on its floor.
pub const FLOOR: u32 = 12;

/// A concert of the house.
pub struct Evening<'a> {
    pub backend: &'a Backend,
    pub concert: ConcertId,
    pub partition: u16,
    pub keys: ConcertKeys,
    redis: redis::Client,
}

/// Two rows of five seats and a floor.
pub async fn import_house(backend: &Backend) {
    let seat = |row: u32, number: u32| {
        json!({"seat_guid": format!("{row}-{number}"), "seat_number": number.to_string(),
            "position": {"x": number, "y": 0}, "category": "Seat"})
    };
    let row = |row: u32| {
        let seats: Vec<_> = (1..=SEATS / 2).map(|number| seat(row, number)).collect();
        json!({"row_number": row.to_string(), "position": {"x": 0, "y": row}, "seats": seats})
    };
    let plan = json!({
        "name": "The House", "size": {"width": 100, "height": 100},
        "categories": [{"name": "Seat", "color": "#446688"}],
        "zones": [{"name": "Stalls", "position": {"x": 0, "y": 0}, "rows": [row(1), row(2)],
            "areas": [{"area_guid": "FLOOR", "capacity": FLOOR, "category": "Seat",
                "text": {"text": "Standing"}, "shape": "rectangle", "position": {"x": 0, "y": 0},
                "rectangle": {"width": 50, "height": 30}}]}],
    });
    import_bytes(&backend.pool, "house.json", plan.to_string().into_bytes()).await.unwrap();
}

pub fn auditor(backend: &Backend) -> Auditor {
    Auditor::new(backend.inventory.clone(), backend.pool.clone())
}

/// Applies all that the logs have.
pub async fn persist(backend: &Backend, partition: u16) {
    let mut writer = backend.reservations.start_writer(partition).await.unwrap();
    while backend.reservations.persist_batch(&mut writer).await.unwrap().entries > 0 {}
}

impl<'a> Evening<'a> {
    /// A concert that holds for as long as `hold_seconds`, in the house that is there already.
    pub async fn new(backend: &'a Backend, url: &str, slug: &str, hold_seconds: u32) -> Self {
        let mut terms = house::terms(slug);
        terms["hold_seconds"] = hold_seconds.into();
        let concert = house::import_concert(&backend.pool, &terms).await;
        let found = ledger::concerts::load(&backend.pool, concert).await.unwrap().unwrap();
        let keys = ConcertKeys::new(found.partition, concert);
        let redis = redis::Client::open(url).unwrap();
        Self { backend, concert, partition: found.partition, keys, redis }
    }

    /// A hold of seats, and of places on the floor.
    pub async fn hold(&self, seats: &[&str], floor: u32) -> Own {
        let user = UserId::new();
        let wanted = Wanted {
            seats: seats.iter().map(|seat| (*seat).to_owned()).collect(),
            areas: standing(floor),
        };
        let held = self.backend.reservations.reserve(user, self.concert, "a key", wanted).await;
        Own { id: held.unwrap().reservation.id, user }
    }

    /// A sale that PostgreSQL has.
    pub async fn sale(&self, seats: &[&str], floor: u32) -> Own {
        let own = self.hold(seats, floor).await;
        let reservations = &self.backend.reservations;
        reservations.confirm(own.user, self.concert, own.id, None).await.unwrap();
        persist(self.backend, self.partition).await;
        own
    }

    /// Does to Redis what no script would.
    pub async fn redis(&self, command: redis::Cmd) {
        let mut connection = self.redis.get_multiplexed_async_connection().await.unwrap();
        let _: redis::Value = command.query_async(&mut connection).await.unwrap();
    }

    /// Gives a seat a state.
    pub async fn set_state(&self, seat: u32, state: u8) {
        let mut command = redis::cmd("BITFIELD");
        command.arg(self.keys.seats()).arg("SET").arg("u2").arg(format!("#{seat}")).arg(state);
        self.redis(command).await;
    }

    /// Gives a seat a holder.
    pub async fn set_holder(&self, seat: u32, holder: ReservationId) {
        let mut command = redis::cmd("SETRANGE");
        command.arg(self.keys.holders()).arg(16 * seat).arg(holder.0.as_bytes());
        self.redis(command).await;
    }

    /// What `deadlines` calls a reservation.
    pub fn member(&self, own: Own) -> Vec<u8> {
        [*self.concert.0.as_bytes(), *own.id.0.as_bytes()].concat()
    }

    /// Does to PostgreSQL what no writer would. `$1` is the reservation.
    pub async fn postgres(&self, sql: &'static str, own: Own) {
        sqlx::query(sql).bind(own.id.0).execute(&self.backend.pool).await.unwrap();
    }

    pub async fn audit(&self) -> ConcertReport {
        let report = auditor(self.backend).audit(&[self.concert.to_string()]).await.unwrap();
        assert_eq!(report.ok, report.concerts[0].problems.is_empty());
        report.concerts.into_iter().next().unwrap()
    }

    /// Repairs what can be; how many repairs were made, and how many are on record as made.
    pub async fn repair(&self) -> (usize, usize) {
        let (pool, named) = (&self.backend.pool, [self.concert.to_string()]);
        let audited = ledger::audit::concerts(pool, None, Some(&named)).await.unwrap();
        let auditor = auditor(self.backend);
        let report = auditor.audit_concert(&audited[0]).await.unwrap();
        let made = auditor.repair(&audited[0], &report).await.unwrap();
        let count =
            "SELECT count(*) FROM repairs WHERE concert_id = $1 AND repaired_at IS NOT NULL";
        let recorded: i64 =
            sqlx::query_scalar(count).bind(self.concert.0).fetch_one(pool).await.unwrap();
        (made, recorded as usize)
    }

    /// The kinds of problems that an audit names, each once.
    pub async fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<_> = self.audit().await.problems.iter().map(|it| it.kind).collect();
        kinds.sort_unstable_by_key(|kind| kind.name());
        kinds.dedup();
        kinds
    }
}

pub fn standing(floor: u32) -> Vec<Standing> {
    let places = (floor > 0).then(|| Standing { area: "FLOOR".to_owned(), quantity: floor });
    places.into_iter().collect()
}
