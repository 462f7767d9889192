//! Which concerts are followed, and for how long.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::time::Instant;

use super::seats::{Effect, Seats};
use super::{ViewChange, ViewError};
use crate::domain::ids::ConcertId;
use crate::domain::limits::{SEATS_IN_VIEW_MAX, VIEW_CHANGES_WAITING_MAX};
use crate::domain::log_entry::{LogEntry, LogEvent};
use crate::domain::position::Position;

/// A concert that nobody asked about for so long is dropped.
const DROP_AFTER: Duration = Duration::from_secs(60);

/// The concerts that are followed.
#[derive(Default)]
pub(super) struct Followed {
    concerts: HashMap<ConcertId, Concert>,
    /// How many seats they have together.
    seats: u64,
}

struct Concert {
    partition: u16,
    capacity: u32,
    asked_at: Instant,
    following: Following,
    changes: broadcast::Sender<ViewChange>,
}

/// What is known of a concert.
pub(super) enum Following {
    /// Its snapshot has to be read.
    Unread,
    /// Redis did not have it at that time.
    NotLoaded {
        /// When it was looked for.
        at: Instant,
        /// Whether to look again.
        again: bool,
    },
    /// Its seats.
    Seats(Box<Seats>),
}

impl Followed {
    /// What is known of a concert, which is followed from now on. If it was not loaded before `since`,
    /// it is looked for once more.
    pub(super) fn ask(
        &mut self,
        partition: u16,
        id: ConcertId,
        capacity: u32,
        since: Instant,
    ) -> Result<&Following, ViewError> {
        if !self.concerts.contains_key(&id) {
            self.make_room(capacity)?;
            self.seats += u64::from(capacity);
        }
        let concert = self.concerts.entry(id).or_insert_with(|| Concert {
            partition,
            capacity,
            asked_at: Instant::now(),
            following: Following::Unread,
            changes: broadcast::Sender::new(VIEW_CHANGES_WAITING_MAX),
        });
        concert.asked_at = Instant::now();
        if let Following::NotLoaded { at, again } = &mut concert.following {
            *again |= *at < since;
        }
        Ok(&concert.following)
    }

    /// A concert's seats and its changes from here on; none when its seats are not known.
    pub(super) fn subscribe(
        &self,
        id: ConcertId,
    ) -> Option<(Seats, broadcast::Receiver<ViewChange>)> {
        let concert = self.concerts.get(&id)?;
        let Following::Seats(seats) = &concert.following else { return None };
        Some((Seats::clone(seats), concert.changes.subscribe()))
    }

    /// Whether anything is followed.
    pub(super) fn is_empty(&self) -> bool {
        self.concerts.is_empty()
    }

    /// The concerts whose snapshots have to be read: partition, id and number of seats.
    pub(super) fn unread(&self) -> Vec<(u16, ConcertId, u32)> {
        let unread = |concert: &Concert| match concert.following {
            Following::Unread => true,
            Following::NotLoaded { again, .. } => again,
            Following::Seats(_) => false,
        };
        let concerts = self.concerts.iter().filter(|(_, concert)| unread(concert));
        concerts.map(|(id, concert)| (concert.partition, *id, concert.capacity)).collect()
    }

    /// Begins to follow a concert from its snapshot, which was read no earlier than `at`.
    pub(super) fn begin(&mut self, id: ConcertId, seats: Option<Seats>, at: Instant) {
        if let Some(concert) = self.concerts.get_mut(&id) {
            concert.following = match seats {
                Some(seats) => Following::Seats(Box::new(seats)),
                None => Following::NotLoaded { at, again: false },
            };
        }
    }

    /// Takes in what a partition's log says next, up to a position.
    pub(super) fn apply(&mut self, partition: u16, entries: &[LogEntry], until: Position) {
        for entry in entries {
            let about = match &entry.event {
                LogEvent::Changed(change) => Some(change.reservation.concert),
                LogEvent::Blocking(blocking) => Some(blocking.concert),
                // Markers do not say which concert they are about, and what cannot be read neither.
                LogEvent::Marker | LogEvent::Unreadable { .. } => None,
            };
            match about {
                Some(id) => self.concerts.get_mut(&id).into_iter().for_each(|c| c.apply(entry)),
                None => self.of_partition(partition).for_each(|concert| concert.apply(entry)),
            }
        }
        for concert in self.of_partition(partition) {
            if let Following::Seats(seats) = &mut concert.following {
                seats.reaches(until);
            }
        }
    }

    /// Has all concerts of a partition read anew.
    pub(super) fn lose(&mut self, partition: u16) {
        self.of_partition(partition).for_each(Concert::lose);
    }

    /// The partitions that have a concert whose seats are known.
    pub(super) fn partitions(&self) -> Vec<u16> {
        let known = |concert: &&Concert| matches!(concert.following, Following::Seats(_));
        let partitions = self.concerts.values().filter(known).map(|concert| concert.partition);
        let mut partitions: Vec<_> = partitions.collect();
        partitions.sort_unstable();
        partitions.dedup();
        partitions
    }

    /// Drops what nobody asked about for a while.
    pub(super) fn drop_unasked(&mut self) {
        let unasked: Vec<_> =
            self.unwatched().filter(|(since, _)| since.elapsed() > DROP_AFTER).collect();
        unasked.into_iter().for_each(|(_, id)| self.remove(id));
    }

    /// Makes room for so many seats, at the cost of whoever was asked about the longest ago.
    fn make_room(&mut self, seats: u32) -> Result<(), ViewError> {
        while self.seats + u64::from(seats) > SEATS_IN_VIEW_MAX {
            let (_, oldest) = self.unwatched().min().ok_or(ViewError::Full)?;
            self.remove(oldest);
        }
        Ok(())
    }

    fn remove(&mut self, id: ConcertId) {
        if let Some(concert) = self.concerts.remove(&id) {
            self.seats -= u64::from(concert.capacity);
        }
    }

    /// The concerts without subscribers, with the time when they were last asked about.
    fn unwatched(&self) -> impl Iterator<Item = (Instant, ConcertId)> {
        let concerts = self.concerts.iter();
        let unwatched = concerts.filter(|(_, concert)| concert.changes.receiver_count() == 0);
        unwatched.map(|(id, concert)| (concert.asked_at, *id))
    }

    fn of_partition(&mut self, partition: u16) -> impl Iterator<Item = &mut Concert> {
        let concerts = self.concerts.values_mut();
        concerts.filter(move |concert| concert.partition == partition)
    }
}

impl Concert {
    fn apply(&mut self, entry: &LogEntry) {
        let Following::Seats(seats) = &mut self.following else { return };
        match seats.apply(entry) {
            Effect::Nothing => {}
            Effect::Changed(seats) => {
                // Nobody may be listening.
                let position = entry.position;
                let _ = self.changes.send(ViewChange::Seats { position, seats });
            }
            Effect::Unclear => self.lose(),
        }
    }

    fn lose(&mut self) {
        self.following = Following::Unread;
        let _ = self.changes.send(ViewChange::Resynchronise);
    }
}
