//! Buyers, what they ask, and what they were told: yes, no, or nothing.

use super::Model;
use super::redis::State;
use super::scripts::Outcome;
use super::setup::{Buyer, Epoch, Node, Process};
use super::world::World;

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    Reserve,
    Confirm,
    Cancel,
}

/// A command on its way to Redis while something goes wrong. It may arrive at any later time: after a
/// failover, after a rebuild, after its client has given up, or never. (One that meets no fault on its
/// way might as well have been sent when it arrived, and is.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Call {
    pub verb: Verb,
    /// The instance that sent it; none when that has crashed since.
    pub node: Option<Node>,
    /// The epoch that it states.
    pub epoch: Epoch,
    /// The process whose scripts it calls.
    pub process: Process,
    /// Whether something went wrong since.
    pub late: bool,
}

/// The best that a buyer was told, and has no reason to doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Told {
    /// Nothing, or that there is nothing.
    Nothing,
    /// 201: held.
    Held,
    /// 200 with `persisted: false`.
    Confirmed,
    /// 200 with `persisted: true`.
    Persisted,
    /// 409: it was confirmed and lost a conflict.
    LostConflict,
    /// It asked for a cancellation, and expects nothing more.
    GaveBack,
}

impl Told {
    /// What somebody asks next.
    pub fn next_verbs(self, cancels: bool) -> &'static [Verb] {
        match self {
            Self::Nothing => &[Verb::Reserve],
            Self::Held => &[Verb::Confirm],
            Self::Confirmed | Self::Persisted if cancels => &[Verb::Cancel],
            // Its confirmation may have been sent twice.
            Self::GaveBack => &[Verb::Confirm, Verb::Cancel],
            _ => &[],
        }
    }
}

impl World {
    /// An instance with an open gate sends a command.
    pub fn send(&mut self, model: &Model, buyer: Buyer, node: Node, verb: Verb) {
        let instance = &self.instances[usize::from(node)];
        let call = Call {
            verb,
            node: Some(node),
            epoch: instance.gate.expect("the gate is open"),
            process: instance.scripts.expect("whoever opened the gate loaded scripts"),
            late: false,
        };
        self.calls[usize::from(buyer)] = Some(call);
        match verb {
            Verb::Confirm if !model.guards.answers_after_append => {
                self.told[usize::from(buyer)] = Told::Confirmed;
            }
            Verb::Cancel => self.told[usize::from(buyer)] = Told::GaveBack,
            _ => {}
        }
    }

    /// A command reaches Redis; `heard` when its reply reaches the buyer too.
    pub fn arrive(&mut self, model: &Model, buyer: Buyer, heard: bool) {
        let call = self.calls[usize::from(buyer)].take().expect("a call is under way");
        if call.process != self.redis.process && model.guards.scripts_name_process {
            self.close_gate(call.node);
            return;
        }
        if let Some(refusal) = self.redis.refusal(call.epoch, &model.guards) {
            if refusal == Outcome::WrongEpoch {
                self.close_gate(call.node);
            }
            return;
        }
        let changes = self.redis.changes.len();
        let has_forgotten = self.has_forgotten(call);
        let wanted = &model.wants[usize::from(buyer)];
        let outcome = match call.verb {
            Verb::Reserve => self.redis.reserve(buyer, wanted, &model.guards),
            Verb::Confirm => self.redis.confirm(buyer, wanted),
            Verb::Cancel => self.redis.cancel(buyer, wanted),
        };
        if self.redis.changes.len() > changes {
            self.noticed.granted_after_loss |= has_forgotten;
        }
        if heard {
            self.hear(buyer, call, outcome);
        }
    }

    fn close_gate(&mut self, node: Option<Node>) {
        if let Some(node) = node {
            self.instances[usize::from(node)].close();
        }
    }

    /// Whether Redis has forgotten what the instance that calls was told in the epoch that it states.
    fn has_forgotten(&self, call: Call) -> bool {
        let Some(node) = call.node else { return false };
        let instance = &self.instances[usize::from(node)];
        instance.seen_in == call.epoch
            && self.redis.log().all(|entry| entry.position != instance.seen)
    }

    fn hear(&mut self, buyer: Buyer, call: Call, outcome: Outcome) {
        let Some(node) = call.node else { return };
        self.instances[usize::from(node)].observe(call.epoch, self.redis.last());
        let told = &mut self.told[usize::from(buyer)];
        match (call.verb, outcome) {
            (Verb::Cancel, _) => {}
            _ if *told == Told::GaveBack => {}
            (_, Outcome::Done(State::Held) | Outcome::Replayed(State::Held)) => *told = Told::Held,
            (_, Outcome::Done(State::Confirmed) | Outcome::Replayed(State::Confirmed)) => {
                *told = Told::Confirmed;
                self.noticed.lost[usize::from(buyer)] = false;
            }
            (Verb::Confirm, Outcome::NotFound | Outcome::HoldExpired) => *told = Told::Nothing,
            _ => {}
        }
    }

    /// Everybody who was told of a confirmation asks for PostgreSQL's word until it has one, with
    /// `Prefer: wait` or later; whether they ask a moment earlier makes no difference to anybody.
    pub fn hear_of_rows(&mut self) {
        for (told, row) in self.told.iter_mut().zip(&self.postgres.rows) {
            match row.map(|row| row.state) {
                Some(State::Confirmed) if *told == Told::Confirmed => *told = Told::Persisted,
                Some(State::Cancelled) if *told == Told::Confirmed => *told = Told::LostConflict,
                _ => {}
            }
        }
    }
}
