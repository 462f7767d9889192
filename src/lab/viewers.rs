//! People who are watching a sale: one reader of the log, and a picture of the house for each viewer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use super::service::Service;
use crate::domain::ids::ConcertId;
use crate::domain::log_entry::{self, LogEntry, LogEvent};
use crate::domain::position::Position;
use crate::domain::reservation::State;
use crate::domain::seat::{PackedStates, SeatNumber, SeatState};
use crate::inventory::Inventory;

/// Entries that the reader takes at once.
const ENTRIES_MAX: usize = 1_000;
/// How long the reader waits for an entry before it looks whether the sale is over.
const WAIT_FOR_ENTRY: Duration = Duration::from_millis(50);
/// How long entries gather before they are read: a waiting reader is woken by every claim, and claims
/// would pay for it.
const GATHER: Duration = Duration::from_millis(5);
/// Readings that may wait for a slow viewer before it is given a new picture.
const READINGS_WAITING_MAX: usize = 64;

/// What somebody sees: the state of every seat.
type Picture = Vec<SeatState>;

/// What one reading of the log says, in its order.
type Reading = Arc<Vec<Change>>;

/// Seats that are now in a state.
#[derive(Clone, Debug)]
struct Change {
    seats: Vec<SeatNumber>,
    state: SeatState,
}

/// The picture as far as the log was read, and the way to those who follow it.
struct Channel {
    picture: Picture,
    /// None when the sale is over.
    sender: Option<Sender<Reading>>,
}

/// Everybody who is watching a concert.
pub struct Viewers {
    reader: JoinHandle<Result<()>>,
    viewers: JoinSet<Watched>,
    last_wanted: CancellationToken,
}

/// What one viewer ends with.
struct Watched {
    picture: Picture,
    changes: u64,
    resynchronised: u64,
}

/// How the watching went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewed {
    /// Viewers that ended with another picture than Redis has.
    pub wrong: usize,
    /// The most changes that reached one viewer.
    pub changes: u64,
    /// How often a viewer fell behind and was given a new picture.
    pub resynchronised: u64,
    /// How long after the last answer the last viewer had the last change.
    pub after: Duration,
}

impl Viewers {
    /// Gives each of `count` viewers the present picture, and every change from here on.
    pub(super) async fn watch(service: &Service, count: usize) -> Result<Self> {
        // The position comes first: what changes between the two is told again, and does no harm.
        let position = service.inventory().last_position(service.partition()).await?;
        let picture = picture(&service.look().await?, service.seats());
        let (sender, receiver) = broadcast::channel(READINGS_WAITING_MAX);
        let channel = Channel { picture: picture.clone(), sender: Some(sender) };
        let channel = Arc::new(Mutex::new(channel));
        let mut viewers = JoinSet::new();
        for _ in 0..count {
            let (picture, receiver) = (picture.clone(), receiver.resubscribe());
            viewers.spawn(view(picture, receiver, Arc::clone(&channel)));
        }
        let last_wanted = CancellationToken::new();
        let reader = Reader {
            inventory: service.inventory().clone(),
            partition: service.partition(),
            concert: service.concert(),
            position,
            channel,
        };
        let reader = tokio::spawn(reader.run(last_wanted.clone()));
        Ok(Self { reader, viewers, last_wanted })
    }

    /// Waits until everything that is in the log by now has reached everybody, and holds what they
    /// see against the truth.
    pub(super) async fn finish(self, truth: &PackedStates) -> Result<Viewed> {
        let began = Instant::now();
        self.last_wanted.cancel();
        self.reader.await.context("the reader of the log has ended")??;
        let watched = self.viewers.join_all().await;
        let after = began.elapsed();
        let truth =
            picture(truth, u32::try_from(watched.first().map_or(0, |one| one.picture.len()))?);
        Ok(Viewed {
            wrong: watched.iter().filter(|viewer| viewer.picture != truth).count(),
            changes: watched.iter().map(|viewer| viewer.changes).max().unwrap_or_default(),
            resynchronised: watched.iter().map(|viewer| viewer.resynchronised).sum(),
            after,
        })
    }
}

/// Follows the log of a concert's partition.
struct Reader {
    inventory: Inventory,
    partition: u16,
    concert: ConcertId,
    position: Position,
    channel: Arc<Mutex<Channel>>,
}

impl Reader {
    /// Hands on what the log says, until nothing is left in it after `last_wanted`.
    async fn run(mut self, last_wanted: CancellationToken) -> Result<()> {
        loop {
            let is_last = last_wanted.is_cancelled();
            let entries = self.inventory.entries_after(self.partition, self.position, ENTRIES_MAX);
            let entries = entries.await?;
            match entries.last() {
                Some(last) => {
                    self.position = last.position;
                    self.hand_on(entries.iter().filter_map(|entry| change(entry, self.concert)));
                    tokio::time::sleep(GATHER).await;
                }
                None if is_last => break,
                None => {
                    let wait = self.inventory.wait_for_entry(
                        self.partition,
                        self.position,
                        WAIT_FOR_ENTRY,
                    );
                    wait.await?;
                }
            }
        }
        self.channel.lock().unwrap_or_else(PoisonError::into_inner).sender = None;
        Ok(())
    }

    fn hand_on(&self, changes: impl Iterator<Item = Change>) {
        let changes: Reading = Arc::new(changes.collect());
        let mut channel = self.channel.lock().unwrap_or_else(PoisonError::into_inner);
        for change in changes.iter() {
            apply(&mut channel.picture, change);
        }
        if let Some(sender) = &channel.sender {
            // With nobody watching there is nobody to tell.
            let _ = sender.send(changes);
        }
    }
}

async fn view(
    picture: Picture,
    mut readings: Receiver<Reading>,
    channel: Arc<Mutex<Channel>>,
) -> Watched {
    let mut watched = Watched { picture, changes: 0, resynchronised: 0 };
    loop {
        match readings.recv().await {
            Ok(changes) => {
                for change in changes.iter() {
                    apply(&mut watched.picture, change);
                }
                watched.changes += changes.len() as u64;
            }
            Err(RecvError::Lagged(_)) => {
                // Under the lock nothing is handed on: the new picture and what follows it meet.
                let channel = channel.lock().unwrap_or_else(PoisonError::into_inner);
                watched.picture.clone_from(&channel.picture);
                readings = readings.resubscribe();
                watched.resynchronised += 1;
            }
            Err(RecvError::Closed) => return watched,
        }
    }
}

fn apply(picture: &mut Picture, change: &Change) {
    for seat in &change.seats {
        picture[seat.0 as usize] = change.state;
    }
}

/// What an entry of the log changes in a concert's house.
fn change(entry: &LogEntry, concert: ConcertId) -> Option<Change> {
    // Nobody changes a hold in the lab, and no organiser keeps a seat back.
    let LogEvent::Changed(log_entry::Change { reservation, .. }) = &entry.event else {
        return None;
    };
    let state = match reservation.state {
        State::Held => SeatState::Held,
        State::Confirmed => SeatState::Sold,
        State::Released | State::Expired | State::Cancelled => SeatState::Available,
    };
    let seats = reservation.lines.seats.iter().map(|line| line.seat).collect();
    (reservation.concert == concert).then_some(Change { seats, state })
}

fn picture(states: &PackedStates, seats: u32) -> Picture {
    (0..seats).map(|seat| states.get(SeatNumber(seat))).collect()
}
