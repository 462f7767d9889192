//! What PostgreSQL tells every process: how far logs were applied, and which concerts changed.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgListener, PgNotification};
use tokio::sync::{broadcast, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{LedgerError, partitions};
use crate::domain::ids::ConcertId;
use crate::domain::limits::CHANGES_WAITING_MAX;
use crate::domain::position::Position;

const PERSISTED: &str = "persisted";
const CONCERT_CHANGED: &str = "concert_changed";
const PAUSE_MIN: Duration = Duration::from_millis(50);
const PAUSE_MAX: Duration = Duration::from_secs(2);
/// How long silence is believed: a connection can die without either side being told.
const SILENCE_MAX: Duration = Duration::from_secs(5);

/// What this process knows of PostgreSQL's progress. Cheap to clone; one task listens for all.
#[derive(Clone)]
pub struct Persisted {
    known: Arc<Known>,
}

/// Something that a cache may have to forget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// This concert changed.
    Concert(ConcertId),
    /// Any concert may have changed: notifications were missed.
    Everything,
}

/// A subscription to changed concerts.
pub struct Changes(broadcast::Receiver<Change>);

struct Known {
    positions: Vec<watch::Sender<Position>>,
    changes: broadcast::Sender<Change>,
}

impl Persisted {
    /// Starts listening, on a connection of the pool that it keeps, until cancelled or the pool
    /// is closed. While PostgreSQL cannot be reached, it keeps trying.
    pub fn start(pool: PgPool, partitions: u16, cancel: CancellationToken) -> Self {
        let positions = (0..partitions).map(|_| watch::Sender::new(Position::START));
        let known = Arc::new(Known {
            positions: positions.collect(),
            changes: broadcast::Sender::new(CHANGES_WAITING_MAX),
        });
        let listening = Arc::clone(&known);
        tokio::spawn(async move {
            cancel.run_until_cancelled(listen(&pool, &listening)).await;
        });
        Self { known }
    }

    /// Waits until the partition's log was applied as far as `position`; `false` if it was not in
    /// time. What became of an entry says its row, not its position.
    pub async fn wait_for(&self, partition: u16, position: Position, within: Duration) -> bool {
        let Some(known) = self.known.positions.get(usize::from(partition)) else {
            return false;
        };
        let mut known = known.subscribe();
        let reached = known.wait_for(|&applied| applied >= position);
        matches!(timeout(within, reached).await, Ok(Ok(_)))
    }

    /// How far the partition's log is known to be applied.
    pub fn position(&self, partition: u16) -> Position {
        let known = self.known.positions.get(usize::from(partition));
        known.map_or(Position::START, |position| *position.borrow())
    }

    /// The concerts that change from now on. A subscriber that is too slow is told that all may
    /// have changed.
    pub fn changes(&self) -> Changes {
        Changes(self.known.changes.subscribe())
    }
}

impl Changes {
    /// The next change; `None` when nobody listens to PostgreSQL any more.
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Change::Everything),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

async fn listen(pool: &PgPool, known: &Known) {
    let mut pause = PAUSE_MIN;
    while !pool.is_closed() {
        match hear(pool, known, &mut pause).await {
            Ok(()) => tracing::warn!("the connection that listens to PostgreSQL was lost"),
            Err(error) => tracing::warn!(%error, "cannot listen to PostgreSQL"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// Listens on one connection until it is lost.
async fn hear(pool: &PgPool, known: &Known, pause: &mut Duration) -> Result<(), LedgerError> {
    let mut listener = PgListener::connect_with(pool).await?;
    // sqlx would reconnect by itself, but then nobody would read what was missed in between.
    listener.eager_reconnect(false);
    listener.listen_all([PERSISTED, CONCERT_CHANGED]).await?;
    // Listening comes before reading, so that whatever is applied after the reading is heard.
    known.catch_up(&mut listener).await?;
    // Nobody can be waiting for this who has nothing to forget.
    let _ = known.changes.send(Change::Everything);
    *pause = PAUSE_MIN;
    loop {
        match timeout(SILENCE_MAX, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => known.take(&notification),
            Ok(Ok(None)) => return Ok(()),
            Ok(Err(error)) => return Err(error.into()),
            Err(_silence) => match timeout(SILENCE_MAX, known.catch_up(&mut listener)).await {
                Ok(caught_up) => caught_up?,
                Err(_silence) => return Ok(()),
            },
        }
    }
}

impl Known {
    async fn catch_up(&self, listener: &mut PgListener) -> Result<(), LedgerError> {
        let query = sqlx::query_as(include_str!("sql/partitions_positions.sql"));
        let rows: Vec<(i32, i64, i64)> = query.fetch_all(listener).await?;
        for (partition, ms, sequence) in rows {
            let position = partitions::position(ms, sequence)?;
            self.reached(usize::try_from(partition).ok(), position);
        }
        Ok(())
    }

    fn take(&self, notification: &PgNotification) {
        let payload = notification.payload();
        let understood = match notification.channel() {
            PERSISTED => self.take_position(payload),
            CONCERT_CHANGED => self.take_change(payload),
            _ => None,
        };
        if understood.is_none() {
            let channel = notification.channel();
            tracing::warn!(channel, payload, "PostgreSQL told what cannot be read");
        }
    }

    fn take_position(&self, payload: &str) -> Option<()> {
        let (partition, position) = payload.split_once(':')?;
        let partition = usize::from_str(partition).ok()?;
        self.reached(Some(partition), Position::from_str(position).ok()?);
        Some(())
    }

    fn take_change(&self, payload: &str) -> Option<()> {
        let concert = ConcertId::from_str(payload).ok()?;
        // Nobody may be subscribed, which is no failure.
        let _ = self.changes.send(Change::Concert(concert));
        Some(())
    }

    /// Positions only rise here, because what was read while catching up can be newer than the
    /// notifications that wait behind it.
    fn reached(&self, partition: Option<usize>, position: Position) {
        let Some(known) = partition.and_then(|index| self.positions.get(index)) else {
            return;
        };
        known.send_if_modified(|known| {
            let rises = position > *known;
            *known = position.max(*known);
            rises
        });
    }
}
