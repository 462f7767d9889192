//! An instance of the service: its gate, what it has seen, its verification, and its loads.

use super::Model;
use super::postgres::{Batch, Partition};
use super::redis::Seats;
use super::scripts::LoadStep;
use super::setup::{Epoch, Guards, Locks, Node, Position, Process};
use super::world::World;

/// What an instance has in memory; a crash forgets all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instance {
    /// The process whose scripts it calls (`Inventory::scripts`).
    pub scripts: Option<Process>,
    /// The epoch that it states; none while the gate is closed.
    pub gate: Option<Epoch>,
    /// The highest position that it was ever told of (`Gate::highest_seen`).
    pub seen: Position,
    /// The epoch in which that was.
    pub seen_in: Epoch,
    /// How far it is with looking at Redis (`recovery.rs`).
    pub verification: Option<Verification>,
    /// How far it is with loading the concert (`opening.rs`).
    pub load: Option<Load>,
}

/// What Redis said of the partition.
#[derive(Clone, Copy, Debug)]
struct Look {
    process: Process,
    epoch: Option<Epoch>,
    last: Position,
    holds_seen: bool,
    holds_applied: bool,
}

/// A rebuild: what it goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rebuild {
    process: Process,
    /// The log's last position when it was looked at.
    pub last: Position,
    /// PostgreSQL's row.
    pub row: Partition,
    /// The epoch to begin in Redis.
    to: Epoch,
}

/// The next step of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verification {
    /// Load the scripts and open the gate.
    Open(Process, Epoch),
    /// Persist what survives.
    Persist(Rebuild),
    /// Empty the partition.
    Reset(Rebuild),
    /// Raise PostgreSQL's epoch, and look again.
    Raise(Partition, Epoch),
    /// Raise PostgreSQL's epoch, and rebuild.
    RaiseFirst(Rebuild),
}

/// The next step of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Load {
    /// Persist the log, and write what PostgreSQL has.
    Fill(Epoch),
    /// Let claims through.
    Finish(Epoch),
}

impl Instance {
    /// One that has just verified the first process.
    pub fn verified() -> Self {
        Self { scripts: Some(1), gate: Some(1), ..Self::default() }
    }

    /// Refuses claims until the next verification.
    pub fn close(&mut self) {
        self.gate = None;
    }

    /// Takes note of a reply.
    pub fn observe(&mut self, epoch: Epoch, position: Position) {
        if position > self.seen {
            (self.seen, self.seen_in) = (position, epoch);
        }
    }
}

impl World {
    /// Begins a verification: reads PostgreSQL's row, looks at Redis, and judges.
    pub fn look(&mut self, model: &Model, node: Node) {
        let (redis, row) = (&self.redis, self.postgres.partition);
        let seen = self.instances[usize::from(node)].seen;
        let look = Look {
            process: redis.process,
            epoch: redis.store.epoch,
            last: redis.last(),
            holds_seen: seen <= redis.last() && redis.holds(seen),
            holds_applied: row.position <= redis.last() && redis.holds(row.position),
        };
        let next = judge(look, row, &model.guards);
        self.instances[usize::from(node)].verification = Some(next);
        // With nobody else who verifies, all that can come between can as well come after.
        if model.locks == Locks::Hold && matches!(next, Verification::Open(..)) {
            self.verify(model, node);
        }
    }

    /// Takes the next step of a verification. What it did is looked at again, from the beginning.
    pub fn verify(&mut self, model: &Model, node: Node) {
        let step = self.instances[usize::from(node)].verification.take();
        let next = match step.expect("a verification is under way") {
            Verification::Open(process, epoch) => {
                self.open(node, process, epoch);
                None
            }
            Verification::RaiseFirst(rebuild) => {
                let was_raised = self.postgres.raise_epoch(rebuild.row, rebuild.to);
                was_raised.then_some(Verification::Persist(rebuild))
            }
            Verification::Persist(rebuild) => {
                self.persist_survivors(model);
                let persisted = self.postgres.partition.position.max(self.redis.last());
                (persisted >= rebuild.last).then_some(Verification::Reset(rebuild))
            }
            Verification::Reset(Rebuild { process, last, row, to }) => {
                if self.redis.process == process {
                    let seen = self.instances[usize::from(node)].seen;
                    let after = last.max(row.position).max(seen);
                    self.redis.reset(last, to, after, &model.guards);
                }
                None
            }
            Verification::Raise(row, epoch) => {
                self.postgres.raise_epoch(row, epoch);
                None
            }
        };
        self.instances[usize::from(node)].verification = next;
    }

    fn open(&mut self, node: Node, process: Process, epoch: Epoch) {
        if self.redis.process == process {
            let instance = &mut self.instances[usize::from(node)];
            instance.scripts = Some(process);
            instance.gate = Some(epoch);
        }
    }

    fn persist_survivors(&mut self, model: &Model) {
        if model.guards.persists_survivors {
            self.persist_all(model);
        }
    }

    /// `persist_all`, in one step: what a slower one can meet, the writers meet.
    pub fn persist_all(&mut self, model: &Model) {
        if let Some(batch) = self.read_batch() {
            self.apply_batch(model, &batch);
        }
    }

    /// What PostgreSQL has not got yet.
    pub fn read_batch(&self) -> Option<Batch> {
        let from = self.postgres.partition;
        let log = self.redis.log().filter(|entry| entry.position > from.position);
        let entries: Vec<_> = log.copied().collect();
        (!entries.is_empty()).then_some(Batch { from, entries })
    }

    /// Begins to load the concert.
    pub fn begin_load(&mut self, model: &Model, node: Node) {
        let instance = &mut self.instances[usize::from(node)];
        let epoch = instance.gate.expect("the gate is open");
        let empty = Seats::new(model.seats, model.wants.len());
        match self.redis.load_begin(node, epoch, empty) {
            LoadStep::Done => instance.load = Some(Load::Fill(epoch)),
            LoadStep::WrongEpoch => instance.close(),
            LoadStep::AlreadyLoaded | LoadStep::Overtaken => {}
        }
        // Nobody can claim meanwhile, and what is cut off is begun again.
        while model.locks == Locks::Hold && self.instances[usize::from(node)].load.is_some() {
            self.load(model, node);
        }
    }

    /// Takes the next step of a load.
    pub fn load(&mut self, model: &Model, node: Node) {
        let load = self.instances[usize::from(node)].load.take();
        let (step, next) = match load.expect("a load is under way") {
            Load::Fill(_) if !self.knows_log(model) => {
                self.instances[usize::from(node)].close();
                return;
            }
            Load::Fill(epoch) => {
                self.persist_all(model);
                let rows: Vec<_> = (0_u8..)
                    .zip(&self.postgres.rows)
                    .filter_map(|(buyer, row)| {
                        row.map(|row| (buyer, row, model.wants[usize::from(buyer)].clone()))
                    })
                    .collect();
                (self.redis.load_records(node, &rows, &model.guards), Some(Load::Finish(epoch)))
            }
            Load::Finish(epoch) => (self.redis.load_finish(node, epoch, &model.guards), None),
        };
        let instance = &mut self.instances[usize::from(node)];
        match step {
            LoadStep::Done => instance.load = next,
            LoadStep::WrongEpoch => instance.close(),
            LoadStep::AlreadyLoaded | LoadStep::Overtaken => {}
        }
    }
}

/// What a look at the partition tells (`judge` in `recovery.rs`).
fn judge(look: Look, row: Partition, guards: &Guards) -> Verification {
    let Look { process, last, .. } = look;
    let has_applied = look.holds_applied || !guards.verifies_applied;
    let has_seen = look.holds_seen || !guards.verifies_seen;
    let next = row.epoch.max(look.epoch.unwrap_or_default()) + 1;
    match look.epoch {
        Some(epoch) if epoch < row.epoch => {
            let to = if guards.raises_first { row.epoch } else { next };
            Verification::Persist(Rebuild { process, last, row, to })
        }
        Some(epoch) if has_applied && has_seen && epoch > row.epoch => {
            Verification::Raise(row, epoch)
        }
        Some(_) if has_applied && has_seen => Verification::Open(process, row.epoch),
        _ if guards.raises_first => {
            Verification::RaiseFirst(Rebuild { process, last, row, to: next })
        }
        _ => Verification::Persist(Rebuild { process, last, row, to: next }),
    }
}
