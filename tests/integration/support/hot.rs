//! Redis alone: a concert loaded into an inventory, for tests of the scripts.

use frontrow::domain::area::{AreaCounts, AreaNumber, Room};
use frontrow::domain::concert::{Concert, ConfirmedBy, SaleSwitch, SaleWindow, Venue};
use frontrow::domain::ids::{ConcertId, ReservationId, SeatMapId, UserId};
use frontrow::domain::lines::{AreaLine, Lines, SeatLine};
use frontrow::domain::log_entry::LogEntry;
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::State;
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::Inventory;
use frontrow::inventory::commands::{
    Change, Confirm, Done, Own, PackedCommand, Payment, Reply, Reserve, Verb,
};
use frontrow::inventory::keys::ConcertKeys;
use frontrow::inventory::load::LoadStep;
use iso_currency::Currency;
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

/// What every seat costs in these tests.
pub const PRICE_MINOR: u32 = 4_500;

/// What every place in an area costs.
pub const STANDING_MINOR: u32 = 2_000;

/// A loaded concert.
pub struct Hot {
    pub inventory: Inventory,
    pub redis: redis::Client,
    pub concert: Concert,
    pub capacity: u32,
    pub areas: u16,
    pub keys: ConcertKeys,
    pub epoch: Epoch,
}

/// A concert that is on sale, on no particular map.
pub fn concert() -> Concert {
    let now = Timestamp::now();
    Concert {
        id: ConcertId::new(),
        slug: "a-concert".into(),
        organiser: None,
        title: "A concert".into(),
        artist: "Somebody".into(),
        venue: Venue {
            name: "A house".into(),
            city: "Paris".into(),
            time_zone: "Europe/Paris".into(),
        },
        seat_map: SeatMapId::new(),
        partition: 0,
        starts_at: now + 240.hours(),
        sale: SaleWindow { opens_at: now - 1.hour(), closes_at: now + 200.hours() },
        switch: SaleSwitch::Open,
        cancel_until: now + 100.hours(),
        currency: Currency::EUR,
        price_minor_by_category: vec![PRICE_MINOR],
        hold_seconds: 60,
        max_seats_per_user: 6,
        confirmed_by: ConfirmedBy::Buyer,
        version: 1,
    }
}

impl Hot {
    /// A concert that is on sale, with `capacity` seats, in a Redis database of its own.
    pub async fn new(capacity: u32) -> Self {
        Self::with(capacity, concert()).await
    }

    /// The same with terms of the test's own.
    pub async fn with(capacity: u32, concert: Concert) -> Self {
        Self::at(&super::redis_db().await, capacity, concert).await
    }

    /// A concert in a house with areas of these capacities as well.
    pub async fn standing(capacity: u32, areas: &[u32], concert: Concert) -> Self {
        let room = Room { seats: capacity, areas: areas.to_vec() };
        Self::load(&super::redis_db().await, room, concert).await
    }

    /// The same in a Redis of the test's own.
    pub async fn at(url: &str, capacity: u32, concert: Concert) -> Self {
        Self::load(url, Room::of_seats(capacity), concert).await
    }

    async fn load(url: &str, room: Room, concert: Concert) -> Self {
        let redis = redis::Client::open(url).unwrap();
        let inventory = Inventory::new(url, 16, 8).unwrap();
        let mut verification = inventory.begin_verification().await.unwrap();
        let epoch = Epoch::FIRST;
        verification.start_epoch(concert.partition, epoch).await.unwrap();
        verification.load_scripts().await.unwrap();
        let keys = ConcertKeys::new(concert.partition, concert.id);
        let token = Uuid::now_v7();
        let begun = inventory.begin_load(&keys, concert.partition, epoch, token, &room).await;
        assert_eq!(begun.unwrap(), LoadStep::Done);
        let finished = inventory.finish_load(&keys, epoch, token, &concert, room.seats).await;
        assert_eq!(finished.unwrap(), LoadStep::Done);
        let (capacity, areas) = (room.seats, room.areas.len() as u16);
        Self { inventory, redis, concert, capacity, areas, keys, epoch }
    }

    /// A command for seats under an id of its own.
    pub fn command(&self, user: UserId, seats: &[u32]) -> Reserve {
        Reserve {
            id: ReservationId::new(),
            user,
            concert_version: self.concert.version,
            fingerprint: fingerprint(seats),
            lines: lines(seats),
        }
    }

    async fn execute(&self, command: PackedCommand) -> Result<Done, Refusal> {
        one(self.inventory.execute(&self.keys, self.epoch, &[command]).await.unwrap())
    }

    pub async fn send(&self, command: &Reserve) -> Result<Done, Refusal> {
        self.execute(command.into()).await
    }

    /// A command for seats and places in areas under an id of its own.
    pub fn claim(&self, user: UserId, lines: Lines) -> Reserve {
        Reserve { lines, ..self.command(user, &[]) }
    }

    pub async fn reserve(&self, user: UserId, seats: &[u32]) -> Result<Done, Refusal> {
        self.send(&self.command(user, seats)).await
    }

    /// A hold that must succeed.
    pub async fn hold(&self, user: UserId, seats: &[u32]) -> Own {
        let done = self.reserve(user, seats).await.unwrap();
        Own { id: done.reservation.id, user }
    }

    pub async fn confirm(&self, own: Own) -> Result<Done, Refusal> {
        self.execute((&Confirm { own, payment: None }).into()).await
    }

    /// Confirms for the organiser's server.
    pub async fn pay(&self, own: Own, payment: Payment) -> Result<Done, Refusal> {
        self.execute((&Confirm { own, payment: Some(payment) }).into()).await
    }

    pub async fn change(&self, own: Own, lines: Lines) -> Result<Done, Refusal> {
        let concert_version = self.concert.version;
        self.execute((&Change { own, concert_version, lines }).into()).await
    }

    pub async fn release(&self, own: Own) -> Result<Done, Refusal> {
        self.execute(own.packed(Verb::Release)).await
    }

    pub async fn extend(&self, own: Own) -> Result<Done, Refusal> {
        self.execute(own.packed(Verb::Extend)).await
    }

    pub async fn cancel(&self, own: Own) -> Result<Done, Refusal> {
        self.execute(own.packed(Verb::Cancel)).await
    }

    /// Ends somebody's reservation for the organiser.
    pub async fn revoke(&self, id: ReservationId, to: State) -> Result<Done, Refusal> {
        one(self.inventory.revoke(&self.keys, self.epoch, id, to).await.unwrap())
    }

    pub async fn states(&self) -> Vec<SeatState> {
        let states = self.inventory.states(&self.keys, self.capacity).await.unwrap().unwrap();
        (0..self.capacity).map(|seat| states.get(SeatNumber(seat))).collect()
    }

    /// What each area has available, held and sold.
    pub async fn area_counts(&self) -> Vec<AreaCounts> {
        self.inventory.area_counts(&self.keys, self.areas).await.unwrap().unwrap()
    }

    /// Brings the concert's terms in Redis to those in `self.concert`, as a new version.
    pub async fn reconfigure(&mut self) {
        self.concert.version += 1;
        let step = self.inventory.configure(&self.keys, self.epoch, &self.concert).await;
        assert_eq!(step.unwrap(), LoadStep::Done);
    }

    /// Lets every hold run out.
    pub async fn run_out(&self) {
        self.advance(2_000 * u64::from(self.concert.hold_seconds) + 1).await;
    }

    /// Moves the clock that the scripts go by: they never believe in a time before the concert's
    /// last change, and the log gives out no earlier position.
    pub async fn advance(&self, ms: u64) {
        let last = self.inventory.last_position(self.concert.partition).await.unwrap();
        let now_ms = (Timestamp::now().as_millisecond() as u64).max(last.ms);
        let later = format!("{}-0", now_ms + ms);
        let [meta, .., log] = self.keys.scripted();
        let mut connection = self.redis.get_multiplexed_async_connection().await.unwrap();
        let () = redis::pipe()
            .xadd(log, &later, &[("e", "\0")])
            .hset(meta, "position", &later)
            .query_async(&mut connection)
            .await
            .unwrap();
    }

    /// The whole log.
    pub async fn log(&self) -> Vec<LogEntry> {
        let partition = self.concert.partition;
        self.inventory.entries_after(partition, Position::START, 100_000).await.unwrap()
    }
}

pub fn lines(seats: &[u32]) -> Lines {
    let line = |&seat| SeatLine { seat: SeatNumber(seat), price_minor: PRICE_MINOR };
    Lines { seats: seats.iter().map(line).collect(), areas: Vec::new() }
}

/// Seats, and places in areas: (area, quantity).
pub fn lines_with(seats: &[u32], areas: &[(u16, u16)]) -> Lines {
    let line = |&(area, quantity)| AreaLine {
        area: AreaNumber(area),
        quantity,
        price_minor: STANDING_MINOR,
    };
    Lines { areas: areas.iter().map(line).collect(), ..lines(seats) }
}

fn fingerprint(seats: &[u32]) -> [u8; 8] {
    let digest = seats.iter().fold(17_u64, |digest, seat| digest * 31 + u64::from(*seat));
    digest.to_be_bytes()
}

/// The outcome of a batch of one, as anyone would see it at that moment.
fn one(reply: Reply) -> Result<Done, Refusal> {
    let [outcome] = <[_; 1]>::try_from(reply.outcomes).unwrap();
    outcome.map(|Done { reservation, replayed }| Done {
        reservation: reservation.seen_at(reply.now),
        replayed,
    })
}
