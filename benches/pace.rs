//! How fast the ledger takes in what was sold, and gives it back. `cargo bench --bench pace` prints
//! the figures, on a PostgreSQL that is as durable as a real one.
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has nothing to print")]

mod support;

use std::time::Instant;

use frontrow::domain::ids::{ConcertId, ReservationId, UserId};
use frontrow::domain::limits::ENTRIES_PER_APPLY_MAX;
use frontrow::domain::lines::{Lines, SeatLine};
use frontrow::domain::log_entry::{Change, LogEntry, LogEvent, Verb};
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::reservation::{Cause, Reservation, State};
use frontrow::domain::seat::SeatNumber;
use frontrow::ledger::PgPool;
use frontrow::ledger::apply::apply;
use frontrow::ledger::reservations::for_concert;
use jiff::Timestamp;

use support::{SEATS, import, print, print_rate, stores};

const PARTITION: u16 = 0;
const SALES: usize = 30_000;
/// Reservations read back at a time, as loading a concert does.
const PAGE: u32 = 500;

#[tokio::main]
async fn main() {
    let (_dir, stack, pool) = stores().await;
    let concert = import(&pool).await;
    let mut log = Log { pool: pool.clone(), concert, position: Position::START };
    let sales = log.sales();
    log.measure("confirmed, 1 to 4 seats", &sales).await;
    log.read_back().await;
    let taken: Vec<_> = sales.iter().step_by(10).map(|sale| log.sale(&first_seat(sale))).collect();
    log.measure("conflicts and nothing else", &taken).await;
    let free = SEATS - 10_000..SEATS;
    let mut mixed: Vec<_> = free.map(|seat| log.sale(&[seat])).collect();
    for (again, sale) in mixed.iter_mut().skip(500).step_by(1_000).zip(&sales) {
        *again = log.sale(&first_seat(sale));
    }
    log.measure("confirmed, one conflict in a thousand", &mixed).await;
    let cancelled: Vec<_> = sales.iter().step_by(2).map(cancelled).collect();
    log.measure("cancelled", &cancelled).await;
    pool.close().await;
    stack.stop().await.unwrap();
}

/// A concert's log, and the database that it is applied to.
struct Log {
    pool: PgPool,
    concert: ConcertId,
    position: Position,
}

impl Log {
    /// Sales of one to four seats, of the stadium from one end on.
    fn sales(&self) -> Vec<Reservation> {
        let mut first = 0;
        let sale = |index: usize| {
            let seats: Vec<u32> = (first..).take(1 + index % 4).collect();
            first += seats.len() as u32;
            self.sale(&seats)
        };
        (0..SALES).map(sale).collect()
    }

    /// A sale to a user of its own.
    fn sale(&self, seats: &[u32]) -> Reservation {
        let line = |&seat| SeatLine { seat: SeatNumber(seat), price_minor: 5_000 };
        let now = Timestamp::UNIX_EPOCH;
        Reservation {
            id: ReservationId::new(),
            concert: self.concert,
            user: UserId::new(),
            state: State::Confirmed,
            cause: Cause::User,
            extended: false,
            version: 2,
            fingerprint: [0; 8],
            held_at: now,
            deadline: now,
            confirmed_at: Some(now),
            changed_at: now,
            lines: Lines { seats: seats.iter().map(line).collect(), areas: Vec::new() },
            payment_reference: String::new(),
        }
    }

    /// Appends changes to the log, and applies them in the largest batches there are.
    async fn measure(&mut self, what: &str, changes: &[Reservation]) {
        let started = Instant::now();
        for batch in changes.chunks(ENTRIES_PER_APPLY_MAX) {
            let entries: Vec<_> =
                (1..).zip(batch).map(|(ms, change)| self.entry(ms, change)).collect();
            let from = self.position;
            let applied = apply(&self.pool, PARTITION, Epoch::FIRST, from, &entries).await.unwrap();
            self.position = applied.position;
        }
        print_rate(what, changes.len(), started.elapsed());
    }

    fn entry(&self, ms: u64, change: &Reservation) -> LogEntry {
        let verb = match change.state {
            State::Cancelled => Verb::Cancelled,
            _ => Verb::Confirmed,
        };
        let position = Position { ms: self.position.ms + ms, sequence: 0 };
        LogEntry {
            position,
            event: LogEvent::Changed(Change {
                verb,
                reservation: change.clone(),
                dropped: Lines::default(),
            }),
        }
    }

    async fn read_back(&self) {
        let (started, mut after, mut read) = (Instant::now(), None, 0);
        loop {
            let page = for_concert(&self.pool, self.concert, after, PAGE).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            read += page.len();
        }
        print(&format!("{read} reservations read back"), started.elapsed());
    }
}

fn first_seat(sale: &Reservation) -> [u32; 1] {
    [sale.lines.seats[0].seat.0]
}

/// The same after its owner gave it back.
fn cancelled(sale: &Reservation) -> Reservation {
    Reservation { state: State::Cancelled, version: sale.version + 1, ..sale.clone() }
}
