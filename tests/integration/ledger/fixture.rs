//! A migrated database with a concert, and the words to say what happened to its seats.

use frontrow::domain::ids::{ConcertId, ReservationId, UserId};
use frontrow::domain::lines::{Lines, SeatLine};
use frontrow::domain::log_entry::{Change, LogEntry, LogEvent, Verb};
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::reservation::{Cause, Reservation, State};
use frontrow::domain::seat::SeatNumber;
use frontrow::ledger::apply::{Applied, ApplyError, apply};
use frontrow::ledger::{ConnectionOptions, PgPool, connect, partitions};
use jiff::Timestamp;
use uuid::Uuid;

use crate::support;

/// A concert's log, and the database that it is applied to.
pub struct Log {
    pub pool: PgPool,
    pub concert: ConcertId,
    pub partition: u16,
    pub position: Position,
}

/// A live seat and whose it is.
pub type LiveSeat = (u32, ReservationId);

/// A pool on a database of the test's own.
pub async fn pool() -> PgPool {
    let url = support::database().await;
    let options = ConnectionOptions { connections_max: 4, ..ConnectionOptions::default() };
    connect(&url, &options).await.unwrap()
}

impl Log {
    pub async fn new() -> Self {
        Self::of(pool().await, 0).await
    }

    /// The log of another concert in a database.
    pub async fn of(pool: PgPool, partition: u16) -> Self {
        partitions::ensure(&pool, partition + 1).await.unwrap();
        let concert = ConcertId::new();
        insert_concert(&pool, concert, partition).await;
        Self { pool, concert, partition, position: Position::START }
    }

    /// What follows the log's position when these things happen.
    pub fn entries(&self, events: &[LogEvent]) -> Vec<LogEntry> {
        let number = |(index, event): (usize, &LogEvent)| LogEntry {
            position: Position {
                ms: self.position.ms + 1 + index as u64,
                sequence: index as u64 % 2,
            },
            event: event.clone(),
        };
        events.iter().enumerate().map(number).collect()
    }

    /// Appends to the log and applies it.
    pub async fn apply(&mut self, events: &[LogEvent]) -> Applied {
        let applied = self.try_apply(&self.entries(events)).await.unwrap();
        self.position = applied.position;
        applied
    }

    pub async fn try_apply(&self, entries: &[LogEntry]) -> Result<Applied, ApplyError> {
        apply(&self.pool, self.partition, Epoch::FIRST, self.position, entries).await
    }

    /// A hold of some seats, by a user of its own.
    pub fn hold(&self, seats: &[u32]) -> Reservation {
        let line = |&seat| SeatLine { seat: SeatNumber(seat), price_minor: 1_000 + seat % 1_000 };
        let user = UserId::new();
        Reservation {
            id: ReservationId::from_key(user, self.concert, "key"),
            concert: self.concert,
            user,
            state: State::Held,
            cause: Cause::User,
            extended: false,
            version: 1,
            fingerprint: *b"8 bytes.",
            held_at: at(0),
            deadline: at(600_000),
            confirmed_at: None,
            changed_at: at(0),
            lines: Lines { seats: seats.iter().map(line).collect(), areas: Vec::new() },
            payment_reference: String::new(),
        }
    }

    /// A sale of some seats.
    pub fn sale(&self, seats: &[u32]) -> Reservation {
        confirmed(&self.hold(seats))
    }

    /// The concert's live seats, by number.
    pub async fn live_seats(&self) -> Vec<LiveSeat> {
        let rows: Vec<(i32, Uuid)> = sqlx::query_as(
            "SELECT seat, reservation_id FROM reservation_seats
             WHERE concert_id = $1 AND ended_at IS NULL ORDER BY seat",
        )
        .bind(self.concert.0)
        .fetch_all(&self.pool)
        .await
        .unwrap();
        let live = |(seat, id): (i32, Uuid)| (seat as u32, ReservationId(id));
        rows.into_iter().map(live).collect()
    }

    /// A reservation as PostgreSQL has it.
    pub async fn stored(&self, id: ReservationId) -> Option<Reservation> {
        frontrow::ledger::reservations::find(&self.pool, id).await.unwrap()
    }

    /// Has a table refuse, from now on, all rows but those of which this is true.
    pub async fn refuse(&self, table: &str, unless: &str) {
        crate::support::refuse(&self.pool, table, unless).await;
    }

    /// The number in the one row and column that a query answers with.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }
}

/// A time by Redis's clock.
pub fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_800_000_000_000 + ms).unwrap()
}

/// The reservation after its owner confirmed it.
pub fn confirmed(hold: &Reservation) -> Reservation {
    let now = at(1_000 * i64::from(hold.version));
    Reservation {
        state: State::Confirmed,
        version: hold.version + 1,
        confirmed_at: Some(now),
        changed_at: now,
        ..hold.clone()
    }
}

/// The reservation after its owner gave it back.
pub fn cancelled(sale: &Reservation) -> Reservation {
    Reservation {
        state: State::Cancelled,
        version: sale.version + 1,
        changed_at: at(1_000 * i64::from(sale.version)),
        ..sale.clone()
    }
}

/// The log's word for what a reservation has just become.
pub fn event(reservation: &Reservation) -> LogEvent {
    let verb = match reservation.state {
        State::Held => Verb::Reserved,
        State::Confirmed => Verb::Confirmed,
        State::Cancelled => Verb::Cancelled,
        State::Released => Verb::Released,
        State::Expired => Verb::Expired,
    };
    LogEvent::Changed(Change { verb, reservation: reservation.clone(), dropped: Lines::default() })
}

async fn insert_concert(pool: &PgPool, concert: ConcertId, partition: u16) {
    let statement = sqlx::raw_sql(
        "INSERT INTO venues VALUES (gen_random_uuid(), 'Hall', 'Town', 'Europe/Berlin')
             ON CONFLICT DO NOTHING;
         INSERT INTO seat_maps
             SELECT gen_random_uuid(), 'Hall', 1, sha256('hall'), 1, 1, '[]', 90000
             ON CONFLICT DO NOTHING",
    );
    statement.execute(pool).await.unwrap();
    sqlx::query(
        "INSERT INTO concerts (id, slug, title, artist, venue_id, seat_map_id, partition, starts_at,
             opens_at, closes_at, cancel_until, currency, hold_seconds, max_seats_per_user,
             confirmed_by)
         SELECT $1, $1::text, 'Title', 'Artist', venues.id, seat_maps.id, $2, now(), now(),
             now() + interval '1 day', now(), 'EUR', 600, 10, 'buyer'
         FROM venues, seat_maps",
    )
    .bind(concert.0)
    .bind(i32::from(partition))
    .execute(pool)
    .await
    .unwrap();
}
