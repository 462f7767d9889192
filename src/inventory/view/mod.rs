//! The view: the seats of concerts that somebody has asked about, in the memory of this process.
//!
//! One reader a process follows the logs of those concerts' partitions. It begins each concert with a
//! snapshot that Redis reads in one moment, together with the position of the log at that moment, and
//! takes in every later entry in order. An entry from which it cannot tell what happened (a marker,
//! one that cannot be read, a sale that lost a conflict), another epoch, or a log that no longer has
//! the entry it had read last, make it read the snapshot anew.
//!
//! **The view is a hint.** What it says was true a moment ago; only the scripts decide. It lags behind
//! Redis by one pause between reads (15 ms) and one round trip, and by the reading of snapshots when
//! concerts begin to be followed. [`look`](View::look) never answers from a view that was not brought
//! up to date within [`STALE_AFTER`]. Holds that are over count as free by Redis's clock, which is
//! known to be at least as late as the view takes it to be.
//!
//! The reader asks for what is new at a steady pace instead of waiting for it: Redis serves a client
//! that waits for a stream within the very command that appends to it, so claims would pay for it.

mod follow;
mod reader;
mod seats;
mod snapshot;

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{Instant, timeout_at};

use super::Inventory;
use super::keys::ConcertKeys;
use crate::domain::ids::ConcertId;
use crate::domain::position::Position;
use crate::domain::seat::{SeatNumber, SeatState};
use follow::{Followed, Following};

pub use reader::{READ_EVERY, Reader};
pub use seats::Seats;

/// How old the last reading of the log may be for anybody to be answered from it.
pub const STALE_AFTER: Duration = Duration::from_millis(250);
/// How long to wait for a reading before it is said that there is none.
const LOOK_WITHIN: Duration = Duration::from_secs(2);

/// What this process knows of the seats of concerts. Cheap to clone; clones share it.
#[derive(Clone)]
pub struct View {
    shared: Arc<Shared>,
}

struct Shared {
    inventory: Inventory,
    followed: Mutex<Followed>,
    /// Somebody waits for the next reading.
    asked: Notify,
    /// Readings that were begun.
    begun: AtomicU64,
    /// The last reading that was finished.
    finished: watch::Sender<Reading>,
}

/// One reading of the logs.
#[derive(Clone, Copy, Debug)]
struct Reading {
    /// Which, from 1.
    number: u64,
    /// When it was begun by this machine's clock: what it brought is no older.
    begun_at: Instant,
    /// The time by Redis's clock that it brought.
    redis_ms: i64,
    /// When it brought it.
    ended_at: Instant,
}

/// A concert as `look` shows it.
pub struct Sight<'a> {
    /// Its seats.
    pub seats: &'a Seats,
    /// The time by Redis's clock, in ms: it may be a round trip later already, never earlier.
    pub now_ms: i64,
}

/// A change to seats, in the order of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewChange {
    /// These seats have other states now.
    Seats {
        /// Where in the log.
        position: Position,
        /// The seats, each with its state.
        seats: Vec<(SeatNumber, SeatState)>,
    },
    /// What happened is not known: begin again with [`View::subscribe`].
    Resynchronise,
}

/// Why the view tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// Redis has not brought it up to date in time.
    #[error("the view of the seats was not brought up to date in time")]
    Behind,
    /// It has as many seats as it may, all of them of concerts that are watched.
    #[error("the view has no room for another concert")]
    Full,
}

impl View {
    /// A view that follows nothing yet. It needs one [`Reader`] at work.
    pub fn new(inventory: Inventory) -> Self {
        let now = Instant::now();
        let nothing = Reading { number: 0, begun_at: now, redis_ms: 0, ended_at: now };
        let shared = Shared {
            inventory,
            followed: Mutex::new(Followed::default()),
            asked: Notify::new(),
            begun: AtomicU64::new(0),
            finished: watch::Sender::new(nothing),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The reader. There is to be one at a time.
    pub fn reader(&self) -> Reader {
        Reader::new(self.clone())
    }

    /// Shows a concert's seats, which are followed from then on; none when the concert is not loaded.
    ///
    /// # Errors
    /// [`ViewError`].
    pub async fn look<T>(
        &self,
        (partition, concert): (u16, ConcertId),
        capacity: u32,
        show: impl FnOnce(Sight<'_>) -> T,
    ) -> Result<Option<T>, ViewError> {
        let began = Instant::now();
        let mut readings = self.shared.finished.subscribe();
        loop {
            let reading = *readings.borrow_and_update();
            let fresh = reading.number > 0 && reading.begun_at.elapsed() <= STALE_AFTER;
            match self.followed().ask(partition, concert, capacity, began)? {
                Following::Seats(seats) if fresh => {
                    let now_ms = reading.now_ms().max(seats.position().ms.cast_signed());
                    return Ok(Some(show(Sight { seats, now_ms })));
                }
                Following::NotLoaded { at, .. } if *at >= began => return Ok(None),
                Following::Seats(_) | Following::NotLoaded { .. } | Following::Unread => {}
            }
            self.shared.asked.notify_one();
            let next = timeout_at(began + LOOK_WITHIN, readings.changed()).await;
            next.map_err(|_| ViewError::Behind)?.map_err(|_| ViewError::Behind)?;
        }
    }

    /// Waits until the view has everything that was in the log when it was asked to.
    ///
    /// # Errors
    /// [`ViewError::Behind`] when Redis does not tell in time.
    pub async fn catch_up(&self) -> Result<(), ViewError> {
        let wanted = self.shared.begun.load(Ordering::SeqCst) + 1;
        self.shared.asked.notify_one();
        let mut readings = self.shared.finished.subscribe();
        let reading = readings.wait_for(|reading| reading.number >= wanted);
        let reading = timeout_at(Instant::now() + LOOK_WITHIN, reading).await;
        reading.map_err(|_| ViewError::Behind)?.map_err(|_| ViewError::Behind)?;
        Ok(())
    }

    /// A concert's seats as they are, and every change from then on, without a gap. Whoever is too
    /// slow for the changes learns it from the channel, and begins again. None when the concert is
    /// not loaded.
    ///
    /// # Errors
    /// [`ViewError`].
    pub async fn subscribe(
        &self,
        (partition, concert): (u16, ConcertId),
        capacity: u32,
    ) -> Result<Option<(Seats, broadcast::Receiver<ViewChange>)>, ViewError> {
        loop {
            let seen = self.look((partition, concert), capacity, |_| ()).await?;
            if seen.is_none() {
                return Ok(None);
            }
            // Between the look and now the concert may have to be read anew.
            if let Some(subscribed) = self.followed().subscribe(concert) {
                return Ok(Some(subscribed));
            }
        }
    }

    fn followed(&self) -> MutexGuard<'_, Followed> {
        self.shared.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    fn now_ms(&self) -> i64 {
        self.redis_ms + self.ended_at.elapsed().as_millis() as i64
    }
}

/// The keys by which the reader finds a concert.
fn keys_of(partition: u16, concert: ConcertId) -> ConcertKeys {
    ConcertKeys::new(partition, concert)
}
