//! What a stadium costs: importing it, loading it into Redis, looking at it, and 90,000 holds that
//! end in the same second. `cargo bench --bench scale` prints the figures.
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has nothing to print")]

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use frontrow::catalogue::Catalogue;
use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::limits::{COMMANDS_PER_BATCH_MAX, PARTITIONS};
use frontrow::domain::lines::SeatLine;
use frontrow::domain::performance::Performance;
use frontrow::domain::position::Epoch;
use frontrow::domain::seat::SeatNumber;
use frontrow::embedded::DevStack;
use frontrow::inventory::Inventory;
use frontrow::inventory::commands::{PackedCommand, Reserve};
use frontrow::inventory::keys::ConcertKeys;
use frontrow::inventory::locks::Locks;
use frontrow::ledger::PgPool;
use frontrow::ledger::notifications::Persisted;
use frontrow::reservations::Reservations;
use frontrow::worker;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use support::{HOLD_SECONDS, SEATS, import, print, print_rate, stores};

#[tokio::main]
async fn main() {
    let (_dir, stack, pool) = stores().await;
    let stop = CancellationToken::new();
    let evening = Evening::prepare(&stack, pool, &stop).await;
    evening.load().await;
    evening.look().await;
    evening.sweep(&stop).await;
    stop.cancel();
    stack.stop().await.unwrap();
}

struct Evening {
    reservations: Reservations,
    inventory: Inventory,
    performance: Arc<Performance>,
    keys: ConcertKeys,
}

impl Evening {
    async fn prepare(stack: &DevStack, pool: PgPool, stop: &CancellationToken) -> Self {
        let concert = import(&pool).await;
        let inventory = Inventory::new(&stack.redis_url(), PARTITIONS, 32).unwrap();
        let catalogue = Catalogue::new(pool.clone());
        let reservations = Reservations::new(
            inventory.clone(),
            Locks::new(vec![stack.redis_url()]).unwrap(),
            pool.clone(),
            catalogue.clone(),
            Persisted::start(pool, PARTITIONS, stop.clone()),
        );
        reservations.verify().await.unwrap();
        let started = Instant::now();
        let performance = catalogue.performance(concert).await.unwrap().unwrap();
        print("seat map from PostgreSQL", started.elapsed());
        let keys = ConcertKeys::new(performance.concert.partition, concert);
        Self { reservations, inventory, performance, keys }
    }

    /// Looking loads nothing: the first to claim does, and everybody after it finds it loaded.
    async fn load(&self) {
        let (concert, somebody) = (self.performance.concert.id, UserId::new());
        let seat = self.performance.map.seat(SeatNumber(0)).id.to_string();
        let started = Instant::now();
        let held = self.reservations.reserve(somebody, concert, "first", &[seat]).await.unwrap();
        print("first claim, which loads the concert into Redis", started.elapsed());
        let released = self.reservations.release(somebody, concert, held.reservation.id);
        released.await.unwrap();
    }

    async fn look(&self) {
        let concert = self.performance.concert.id;
        let mut times = Vec::new();
        for _ in 0..200 {
            let started = Instant::now();
            let seen = self.reservations.availability(concert).await.unwrap();
            let map = &self.performance.map;
            let counts =
                map.sections.iter().map(|section| seen.states.count(map.seats_of(section)));
            assert_eq!(counts.map(|counts| counts.available).sum::<u32>(), SEATS);
            times.push(started.elapsed());
        }
        times.sort_unstable();
        print("availability with counts, median of 200", times[100]);
        print("availability with counts, p99 of 200", times[198]);
    }

    /// Holds every seat for itself, lets them all run out, and times what frees them: first claims
    /// in their way, then the sweeper.
    async fn sweep(&self, stop: &CancellationToken) {
        let started = Instant::now();
        for batch in (0..SEATS).collect::<Vec<_>>().chunks(COMMANDS_PER_BATCH_MAX) {
            assert_eq!(self.claim(batch).await, batch.len());
        }
        print("90,000 holds, in batches of 32 over one connection", started.elapsed());
        let hold = Duration::from_secs(u64::from(HOLD_SECONDS));
        assert!(
            started.elapsed() < hold,
            "this machine is too busy to measure: the first of the holds had ended before the last \
             was made, {:?} later, and a hold lasts {hold:?}",
            started.elapsed()
        );
        tokio::time::sleep(Duration::from_secs(u64::from(HOLD_SECONDS) + 1)).await;

        let overdue = (0..320).map(|step| step * 281).collect::<Vec<_>>();
        let started = Instant::now();
        for batch in overdue.chunks(COMMANDS_PER_BATCH_MAX) {
            assert_eq!(self.claim(batch).await, batch.len(), "an overdue seat was refused");
        }
        print("320 claims of overdue seats, no sweeper alive", started.elapsed());

        let started = Instant::now();
        worker::start(&self.reservations, PARTITIONS, &TaskTracker::new(), stop);
        while self.held().await > overdue.len() as u32 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let took = started.elapsed();
        print("sweeper frees the others", took);
        print_rate("", SEATS as usize - overdue.len(), took);
    }

    async fn claim(&self, seats: &[u32]) -> usize {
        let command = |&seat: &u32| Reserve {
            id: ReservationId::new(),
            user: UserId::new(),
            concert_version: 1,
            fingerprint: [0; 8],
            lines: vec![SeatLine { seat: SeatNumber(seat), price_minor: 1 }].into(),
        };
        let commands: Vec<_> =
            seats.iter().map(|seat| PackedCommand::from(&command(seat))).collect();
        let reply = self.inventory.execute(&self.keys, Epoch::FIRST, &commands).await.unwrap();
        reply.outcomes.iter().filter(|outcome| outcome.is_ok()).count()
    }

    async fn held(&self) -> u32 {
        let states = self.inventory.states(&self.keys, SEATS).await.unwrap().unwrap();
        states.count(0..SEATS).held
    }
}
