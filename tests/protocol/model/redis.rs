//! Redis: seats, records and log, and what is left of them when a server process ends. What changes them
//! is in `scripts.rs`.

use super::setup::{Buyer, Clocks, Epoch, Node, Position, Process, Seat};

/// One server process and its data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Redis {
    /// Its run id, which the scripts name.
    pub process: Process,
    /// What is in memory.
    pub store: Store,
    /// All changes since the beginning, as the append-only file or the replicas have them: losing the
    /// end of the file, or the lag of a replica, is going back to an earlier one.
    pub changes: Vec<Change>,
    /// The highest position that this server's clock lets it remember.
    pub time: Position,
}

/// The keys of the partition.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Store {
    /// `{p}:epoch`; none in an empty Redis.
    pub epoch: Option<Epoch>,
    /// The concert's keys.
    pub concert: Concert,
}

/// How much of the concert is there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Concert {
    /// Nothing: claims are answered with *not loaded*.
    Missing,
    /// Some of it: claims are answered with *not loaded*. The token is that of the last to begin.
    Loading(Node, Seats),
    /// All of it.
    Loaded(Seats),
}

/// `seats` with `holders`, and `reservations`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seats {
    /// By seat.
    pub states: Vec<SeatState>,
    /// By buyer.
    pub records: Vec<Option<Record>>,
}

/// A seat and who has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SeatState {
    /// Nobody.
    Available,
    /// A hold.
    Held(Buyer),
    /// A sale.
    Sold(Buyer),
}

/// A reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Record {
    /// Where it is in its life.
    pub state: State,
    /// Rises with each transition.
    pub version: u8,
}

/// A reservation's state. That a hold is over is no transition: time does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    Held,
    /// Held, and past its deadline.
    Over,
    Confirmed,
    Expired,
    Cancelled,
}

/// What one script changed: it is in the append-only file as a whole, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Change {
    /// What it appended to the log.
    pub entries: Vec<Entry>,
    /// Whether it emptied the log first.
    pub emptied: bool,
    /// All keys afterwards.
    pub after: Store,
}

/// A log entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Entry {
    /// Its id in the stream.
    pub position: Position,
    /// A reservation as it stands from then on; none for a marker.
    pub event: Option<(Buyer, Record)>,
}

impl Store {
    /// That of a server without data.
    pub const EMPTY: Self = Self { epoch: None, concert: Concert::Missing };
}

impl Seats {
    /// All available, nothing reserved.
    pub fn new(seats: u8, buyers: usize) -> Self {
        let states = vec![SeatState::Available; usize::from(seats)];
        Self { states, records: vec![None; buyers] }
    }

    /// A buyer's record.
    pub fn record(&self, buyer: Buyer) -> Option<Record> {
        self.records[usize::from(buyer)]
    }

    /// Writes the states of seats.
    pub fn write_states(&mut self, seats: &[Seat], state: SeatState) {
        for &seat in seats {
            self.states[usize::from(seat)] = state;
        }
    }

    /// The next version of a record in another state; the caller writes the seats.
    pub fn transition(&mut self, buyer: Buyer, state: State) -> (Buyer, Record) {
        let version = self.record(buyer).map_or(0, |record| record.version) + 1;
        let record = Record { state, version };
        self.records[usize::from(buyer)] = Some(record);
        (buyer, record)
    }
}

impl Redis {
    /// A server with a concert that is loaded, in epoch 1, at position 1.
    pub fn loaded(seats: u8, buyers: usize) -> Self {
        let concert = Concert::Loaded(Seats::new(seats, buyers));
        let store = Store { epoch: Some(1), concert };
        let entries = vec![Entry { position: 1, event: None }];
        let changes = vec![Change { entries, emptied: true, after: store.clone() }];
        Self { process: 1, store, changes, time: 1 }
    }

    /// The seats, if claims can be made.
    pub fn seats(&self) -> Option<&Seats> {
        match &self.store.concert {
            Concert::Loaded(seats) => Some(seats),
            Concert::Missing | Concert::Loading(..) => None,
        }
    }

    /// The same, to be written.
    pub fn seats_mut(&mut self) -> &mut Seats {
        match &mut self.store.concert {
            Concert::Loaded(seats) => seats,
            Concert::Missing | Concert::Loading(..) => panic!("read_settings was asked before"),
        }
    }

    /// The entries that are in the log, oldest first. (Trimming only takes what was applied, and
    /// nobody reads that again.)
    pub fn log(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        let begin = self.changes.iter().rposition(|change| change.emptied).unwrap_or_default();
        self.changes[begin..].iter().flat_map(|change| &change.entries)
    }

    /// The last position that the log has reached.
    pub fn last(&self) -> Position {
        self.log().next_back().map_or(0, |entry| entry.position)
    }

    /// Whether the log has the entry at a position, or none so old any more (`log.rs`).
    pub fn holds(&self, position: Position) -> bool {
        let newest = self.log().rfind(|entry| entry.position <= position);
        newest.is_none_or(|entry| entry.position == position)
    }

    /// Appends entries, and remembers how all keys are now.
    pub fn commit(&mut self, events: &[Option<(Buyer, Record)>]) {
        let mut entries = Vec::with_capacity(events.len());
        for &event in events {
            self.time += 1;
            entries.push(Entry { position: self.time, event });
        }
        self.changes.push(Change { entries, emptied: false, after: self.store.clone() });
    }

    /// Another process takes over with the first `kept` changes; returns what it lost.
    pub fn replace(&mut self, kept: usize, clocks: Clocks) -> Vec<Change> {
        self.process += 1;
        if kept == self.changes.len() {
            return Vec::new();
        }
        let lost = self.changes.split_off(kept);
        self.store = self.changes.last().map_or(Store::EMPTY, |change| change.after.clone());
        if clocks == Clocks::Differ {
            self.time = self.last();
        }
        lost
    }

    /// `FLUSHALL`: the process goes on, without data; returns what was lost.
    pub fn flush(&mut self, clocks: Clocks) -> Vec<Change> {
        self.store = Store::EMPTY;
        if clocks == Clocks::Differ {
            self.time = 0;
        }
        std::mem::take(&mut self.changes)
    }

    /// A hold's deadline passes, wherever it is remembered.
    pub fn run_out(&mut self, buyer: Buyer) {
        let stores = self.changes.iter_mut().map(|change| &mut change.after);
        for store in stores.chain([&mut self.store]) {
            if let Concert::Loaded(seats) = &mut store.concert
                && let Some(record) = &mut seats.records[usize::from(buyer)]
                && record.state == State::Held
            {
                record.state = State::Over;
            }
        }
    }
}
