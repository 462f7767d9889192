//! PostgreSQL: what was sold, and how far the log was applied. It loses nothing; its transactions are
//! the steps here.

use super::redis::{Entry, Record, State};
use super::setup::{Buyer, Epoch, Guards, Position, Seat};

/// The tables.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Postgres {
    /// `partitions`.
    pub partition: Partition,
    /// `reservations`, by buyer. One that is confirmed has live `reservation_seats`, no other has.
    pub rows: Vec<Option<Record>>,
    /// `seat_conflicts`.
    pub conflicts: Vec<Conflict>,
}

/// The row of the partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition {
    pub epoch: Epoch,
    pub position: Position,
}

/// A sale that PostgreSQL refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Conflict {
    pub loser: Buyer,
    /// Who has the seats that it lost.
    pub winners: Vec<(Seat, Buyer)>,
    /// Whether it was cancelled in Redis too.
    pub compensated: bool,
}

/// What a writer wants to apply.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Batch {
    /// Where PostgreSQL was when it was read.
    pub from: Partition,
    /// What follows there.
    pub entries: Vec<Entry>,
}

impl Postgres {
    /// Nothing sold, position 1.
    pub fn new(buyers: usize) -> Self {
        let partition = Partition { epoch: 1, position: 1 };
        Self { partition, rows: vec![None; buyers], conflicts: Vec::new() }
    }

    /// A buyer's row.
    pub fn row(&self, buyer: Buyer) -> Option<Record> {
        self.rows[usize::from(buyer)]
    }

    /// Whether a buyer's sale stands.
    pub fn is_sold_to(&self, buyer: Buyer) -> bool {
        self.row(buyer).is_some_and(|row| row.state == State::Confirmed)
    }

    /// Whether the fence lets a batch through (`partition_move.sql`).
    pub fn takes(&self, batch: &Batch, guards: &Guards) -> bool {
        let Partition { epoch, position } = self.partition;
        (!guards.epoch_fence || batch.from.epoch == epoch)
            && (!guards.position_fence || batch.from.position == position)
    }

    /// Applies a batch that the fence let through (`ledger/apply.rs`).
    pub fn apply(&mut self, batch: &Batch, wants: &[Vec<Seat>], guards: &Guards) {
        if let Some(last) = batch.entries.last() {
            self.partition.position = last.position;
        }
        let news: Vec<_> = fold(&batch.entries)
            .into_iter()
            .filter(|&(buyer, record)| {
                let row = self.row(buyer);
                !guards.version_guard || row.is_none_or(|row| row.version < record.version)
            })
            .collect();
        // First the ends of cancelled sales: the batch may have sold their seats again.
        let (confirmed, cancelled): (Vec<_>, Vec<_>) =
            news.into_iter().partition(|(_, record)| record.state == State::Confirmed);
        for (buyer, record) in cancelled {
            self.rows[usize::from(buyer)] = Some(record);
        }
        for (buyer, record) in confirmed {
            self.sell(buyer, record, wants, guards);
        }
    }

    /// Who has a seat keeps it; a loser is stored as cancelled, and recorded (`referee.rs`).
    fn sell(&mut self, buyer: Buyer, record: Record, wants: &[Vec<Seat>], guards: &Guards) {
        let winners = self.winners(buyer, wants);
        if winners.is_empty() || !guards.unique_index {
            self.rows[usize::from(buyer)] = Some(record);
            return;
        }
        self.rows[usize::from(buyer)] = Some(Record { state: State::Cancelled, ..record });
        if self.conflicts.iter().all(|conflict| conflict.loser != buyer) {
            self.conflicts.push(Conflict { loser: buyer, winners, compensated: false });
        }
    }

    /// The seats that a buyer wants and others have.
    fn winners(&self, buyer: Buyer, wants: &[Vec<Seat>]) -> Vec<(Seat, Buyer)> {
        let wanted = &wants[usize::from(buyer)];
        let others =
            (0_u8..).zip(wants).filter(|&(other, _)| other != buyer && self.is_sold_to(other));
        others
            .flat_map(|(other, seats)| seats.iter().map(move |&seat| (seat, other)))
            .filter(|(seat, _)| wanted.contains(seat))
            .collect()
    }

    /// The conflicts that wait for compensation.
    pub fn open_conflict(&self) -> Option<&Conflict> {
        self.conflicts.iter().find(|conflict| !conflict.compensated)
    }

    /// `conflicts_compensate.sql`.
    pub fn mark_compensated(&mut self, loser: Buyer) {
        for conflict in self.conflicts.iter_mut().filter(|conflict| conflict.loser == loser) {
            conflict.compensated = true;
        }
    }

    /// Begins an epoch, unless somebody else has (`partition_raise_epoch.sql`).
    pub fn raise_epoch(&mut self, from: Partition, to: Epoch) -> bool {
        let is_there = self.partition.epoch == from.epoch;
        if is_there {
            self.partition = Partition { epoch: to, position: from.position };
        }
        is_there
    }
}

/// The last that a batch says of each reservation that was ever sold, in the log's order (`fold.rs`).
fn fold(entries: &[Entry]) -> Vec<(Buyer, Record)> {
    let mut outcomes: Vec<(Buyer, Record)> = Vec::new();
    for (buyer, record) in entries.iter().filter_map(|entry| entry.event) {
        if matches!(record.state, State::Confirmed | State::Cancelled) {
            outcomes.retain(|(other, _)| *other != buyer);
            outcomes.push((buyer, record));
        }
    }
    outcomes
}
