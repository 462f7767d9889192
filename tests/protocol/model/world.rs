//! The state of everything, and each step that somebody can take next.

use super::Model;
use super::client::{Call, Told, Verb};
use super::postgres::{Batch, Postgres};
use super::redis::{Change, Concert, Record, Redis, State};
use super::scripts::Outcome;
use super::service::Instance;
use super::setup::{Buyer, Faults, Fsync, Locks, Node};

/// The state of everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct World {
    pub redis: Redis,
    pub postgres: Postgres,
    pub instances: Vec<Instance>,
    /// What a slow writer is about to apply.
    pub batch: Option<Batch>,
    /// A command on its way, by buyer.
    pub calls: Vec<Option<Call>>,
    /// By buyer.
    pub told: Vec<Told>,
    /// Faults that are still to come.
    pub faults: Faults,
    /// What nobody in the world knows, and the promises are about.
    pub noticed: Noticed,
}

/// The checker's own notes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Noticed {
    /// Whether Redis has lost any change.
    pub lossy: bool,
    /// Whose confirmations were lost since they were told of them, before PostgreSQL had them.
    pub lost: Vec<bool>,
    /// An instance was granted something by a Redis that had forgotten what it had told that instance.
    pub granted_after_loss: bool,
    /// A batch was applied elsewhere than where it was read, or in another epoch.
    pub stale_batch_applied: bool,
    /// PostgreSQL's version of a reservation fell.
    pub version_fell: bool,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A buyer's command is sent, reaches Redis, and is answered.
    Send(Buyer, Node, Verb),
    /// The same, but nobody hears the answer: the outcome is unknown.
    SendUnheard(Buyer, Node, Verb),
    /// It is sent, and something goes wrong before it arrives.
    Delay(Buyer, Node, Verb),
    /// It arrives after that, and is answered.
    Arrive(Buyer),
    /// It arrives, and nobody hears the answer.
    ArriveUnheard(Buyer),
    /// A hold's deadline passes.
    RunOut(Buyer),
    /// The sweeper ends an overdue hold.
    Sweep(Buyer),
    /// A slow writer reads a batch.
    Read,
    /// It applies it, or leaves because it is stale.
    Apply,
    /// A quick writer reads a batch and applies it.
    Write,
    /// A writer cancels in Redis what lost in PostgreSQL.
    Compensate(Node),
    /// An instance looks from time to time whether Redis is what it verified.
    Doubt(Node),
    /// It begins a verification.
    Look(Node),
    /// It takes the next step of it.
    Verify(Node),
    /// It begins to load the concert.
    BeginLoad(Node),
    /// It takes the next step of that.
    Load(Node),
    /// Redis restarts with so many of its changes.
    Restart(usize),
    /// A replica with so many of its changes takes over.
    FailOver(usize),
    /// Redis is emptied.
    Flush,
    /// An instance is killed.
    Crash(Node),
}

impl World {
    /// Everything is well, and on sale.
    pub fn new(model: &Model) -> Self {
        let buyers = model.wants.len();
        Self {
            redis: Redis::loaded(model.seats, buyers),
            postgres: Postgres::new(buyers),
            instances: vec![Instance::verified(); usize::from(model.nodes)],
            batch: None,
            calls: vec![None; buyers],
            told: vec![Told::Nothing; buyers],
            faults: model.faults,
            noticed: Noticed {
                lossy: false,
                lost: vec![false; buyers],
                granted_after_loss: false,
                stale_batch_applied: false,
                version_fell: false,
            },
        }
    }

    /// All steps that can be taken.
    pub fn actions(&self, model: &Model, actions: &mut Vec<Action>) {
        // A call that is delayed over a fault might as well have been sent at the moment before it.
        if self.calls.iter().flatten().any(|call| !call.late) {
            let last = self.calls.iter().rposition(|call| call.is_some_and(|call| !call.late));
            for buyer in (0_u8..).take(model.wants.len()).skip(last.unwrap_or_default()) {
                self.actions_to_delay(model, buyer, actions);
            }
            return self.actions_of_fate(model, actions);
        }
        for buyer in (0_u8..).take(model.wants.len()) {
            self.actions_of_buyer(model, buyer, actions);
        }
        for node in 0..model.nodes {
            self.actions_of_instance(model, node, actions);
        }
        actions.extend([Action::Read, Action::Write]);
        actions.extend(self.batch.as_ref().map(|_| Action::Apply));
        self.actions_of_fate(model, actions);
    }

    fn actions_of_buyer(&self, model: &Model, buyer: Buyer, actions: &mut Vec<Action>) {
        match self.calls[usize::from(buyer)] {
            Some(call) if call.late => {
                actions.extend(call.node.map(|_| Action::Arrive(buyer)));
                actions.push(Action::ArriveUnheard(buyer));
            }
            Some(_) => {}
            None => {
                self.actions_to_send(model, buyer, actions);
                self.actions_to_delay(model, buyer, actions);
            }
        }
        let record = self.redis.seats().and_then(|seats| seats.record(buyer));
        match record.map(|record| record.state) {
            Some(State::Held) => actions.push(Action::RunOut(buyer)),
            Some(State::Over) if self.has_sweeper() => actions.push(Action::Sweep(buyer)),
            _ => {}
        }
    }

    fn actions_to_send(&self, model: &Model, buyer: Buyer, actions: &mut Vec<Action>) {
        let told = self.told[usize::from(buyer)];
        for (node, _) in (0_u8..).zip(&self.instances).filter(|(_, it)| it.gate.is_some()) {
            for &verb in told.next_verbs(model.cancels) {
                actions.push(Action::Send(buyer, node, verb));
                actions.push(Action::SendUnheard(buyer, node, verb));
            }
        }
    }

    fn actions_to_delay(&self, model: &Model, buyer: Buyer, actions: &mut Vec<Action>) {
        let Faults { restarts, failovers, flushes, .. } = self.faults;
        // Another process refuses it, which changes nothing but what its instance believes.
        let others = if model.guards.scripts_name_process { 0 } else { restarts + failovers };
        if self.calls[usize::from(buyer)].is_some() || others + flushes == 0 {
            return;
        }
        let told = self.told[usize::from(buyer)];
        for (node, _) in (0_u8..).zip(&self.instances).filter(|(_, it)| it.gate.is_some()) {
            let verbs = told.next_verbs(model.cancels).iter();
            actions.extend(verbs.map(|&verb| Action::Delay(buyer, node, verb)));
        }
    }

    fn has_sweeper(&self) -> bool {
        self.instances.iter().any(|it| it.scripts == Some(self.redis.process))
    }

    fn actions_of_instance(&self, model: &Model, node: Node, actions: &mut Vec<Action>) {
        let instance = &self.instances[usize::from(node)];
        let is_free = |taken: fn(&Instance) -> bool| {
            model.locks == Locks::Fail || !self.instances.iter().any(taken)
        };
        match (instance.verification, instance.gate) {
            (Some(_), _) => actions.push(Action::Verify(node)),
            (None, None) if is_free(|it| it.verification.is_some()) => {
                actions.push(Action::Look(node));
            }
            (None, None) => {}
            (None, Some(epoch)) => {
                let is_ours = instance.scripts == Some(self.redis.process);
                if !is_ours || self.redis.store.epoch != Some(epoch) {
                    actions.push(Action::Doubt(node));
                }
                if self.postgres.open_conflict().is_some() {
                    actions.push(Action::Compensate(node));
                }
                let is_loaded = matches!(self.redis.store.concert, Concert::Loaded(_));
                let can_load = instance.load.is_none() && is_free(|it| it.load.is_some());
                if can_load && is_ours && !is_loaded {
                    actions.push(Action::BeginLoad(node));
                }
            }
        }
        actions.extend(instance.load.map(|_| Action::Load(node)));
    }

    fn actions_of_fate(&self, model: &Model, actions: &mut Vec<Action>) {
        let all = self.redis.changes.len();
        // Whatever was lost of what PostgreSQL has, it is noticed in the same way: so much or all.
        let applied = self.postgres.partition.position;
        let holds = |change: &Change| change.entries.iter().any(|it| it.position == applied);
        let begin = self.redis.changes.iter().position(holds).map_or(1, |index| index + 1);
        let kept = || (begin.min(all)..=all).chain([0]);
        if self.faults.restarts > 0 {
            match model.fsync {
                Fsync::Always => actions.push(Action::Restart(all)),
                Fsync::EverySecond => actions.extend(kept().map(Action::Restart)),
            }
        }
        if self.faults.failovers > 0 {
            actions.extend(kept().map(Action::FailOver));
        }
        if self.faults.flushes > 0 {
            actions.push(Action::Flush);
        }
        let is_delayed = self.calls.iter().flatten().any(|call| !call.late);
        if self.faults.crashes > 0 && !is_delayed {
            actions.extend((0..model.nodes).map(Action::Crash));
        }
    }

    /// Takes a step.
    pub fn take(&mut self, model: &Model, action: Action) {
        match action {
            Action::Send(buyer, node, verb) => {
                self.send(model, buyer, node, verb);
                self.arrive(model, buyer, true);
            }
            Action::SendUnheard(buyer, node, verb) => {
                self.send(model, buyer, node, verb);
                self.arrive(model, buyer, false);
            }
            Action::Delay(buyer, node, verb) => self.send(model, buyer, node, verb),
            Action::Arrive(buyer) => self.arrive(model, buyer, true),
            Action::ArriveUnheard(buyer) => self.arrive(model, buyer, false),
            Action::RunOut(buyer) => self.redis.run_out(buyer),
            Action::Sweep(buyer) => self.redis.sweep(buyer),
            Action::Read => self.read(model),
            Action::Apply => self.apply(model),
            Action::Write => {
                let slow = self.batch.take();
                self.read(model);
                self.apply(model);
                self.batch = slow;
            }
            Action::Compensate(node) => self.compensate(model, node),
            Action::Doubt(node) => self.instances[usize::from(node)].close(),
            Action::Look(node) => self.look(model, node),
            Action::Verify(node) => self.verify(model, node),
            Action::BeginLoad(node) => self.begin_load(model, node),
            Action::Load(node) => self.load(model, node),
            Action::Restart(_) | Action::FailOver(_) | Action::Flush | Action::Crash(_) => {
                self.go_wrong(model, action);
            }
        }
        self.hear_of_rows();
    }

    fn go_wrong(&mut self, model: &Model, fault: Action) {
        let lost = match fault {
            Action::Restart(kept) => {
                self.faults.restarts -= 1;
                self.redis.replace(kept, model.clocks)
            }
            Action::FailOver(kept) => {
                self.faults.failovers -= 1;
                self.redis.replace(kept, model.clocks)
            }
            Action::Flush => {
                self.faults.flushes -= 1;
                self.redis.flush(model.clocks)
            }
            Action::Crash(node) => {
                self.crash(node);
                Vec::new()
            }
            _ => panic!("{fault:?} is no fault"),
        };
        self.lose(&lost);
        self.calls.iter_mut().flatten().for_each(|call| call.late = true);
    }

    /// Takes note of what Redis lost.
    fn lose(&mut self, lost: &[Change]) {
        self.noticed.lossy |= !lost.is_empty();
        for (buyer, record) in
            lost.iter().flat_map(|change| &change.entries).filter_map(|it| it.event)
        {
            if record.state == State::Confirmed && !self.postgres.is_sold_to(buyer) {
                self.noticed.lost[usize::from(buyer)] = true;
            }
        }
    }

    fn crash(&mut self, node: Node) {
        self.faults.crashes -= 1;
        self.instances[usize::from(node)] = Instance::default();
        for call in self.calls.iter_mut().flatten().filter(|call| call.node == Some(node)) {
            call.node = None;
        }
    }

    /// A writer reads what PostgreSQL has not got (`persist_batch`). Two are enough for any number: of
    /// those who have read, the fence lets one through.
    fn read(&mut self, model: &Model) {
        if self.knows_log(model) {
            self.batch = self.read_batch();
        } else {
            self.instances.iter_mut().for_each(Instance::close);
        }
    }

    /// Whether the log is the one that PostgreSQL's position is from.
    pub fn knows_log(&self, model: &Model) -> bool {
        !model.guards.writer_knows_its_log || self.redis.holds(self.postgres.partition.position)
    }

    /// One transaction of a writer.
    fn apply(&mut self, model: &Model) {
        let Some(batch) = self.batch.take() else { return };
        if self.postgres.takes(&batch, &model.guards) {
            self.noticed.stale_batch_applied |= batch.from != self.postgres.partition;
            self.apply_batch(model, &batch);
        }
    }

    /// What the transaction writes, whoever began it.
    pub fn apply_batch(&mut self, model: &Model, batch: &Batch) {
        let before = self.postgres.rows.clone();
        self.postgres.apply(batch, &model.wants, &model.guards);
        let fell = |(old, new): (&Option<Record>, &Option<Record>)| {
            old.map(|row| row.version) > new.map(|row| row.version)
        };
        self.noticed.version_fell |= before.iter().zip(&self.postgres.rows).any(fell);
    }

    /// Cancels in Redis what lost a conflict, on behalf of an instance (`compensating.rs`, which also waits
    /// until PostgreSQL has the cancellation: a sale that PostgreSQL refuses needs that, and there is none here).
    fn compensate(&mut self, model: &Model, node: Node) {
        let instance = &mut self.instances[usize::from(node)];
        let epoch = instance.gate.expect("the gate is open");
        if instance.scripts != Some(self.redis.process) {
            instance.close();
            return;
        }
        let conflict = self.postgres.open_conflict().expect("somebody lost").clone();
        let wanted = &model.wants[usize::from(conflict.loser)];
        match self.redis.refusal(epoch, &model.guards) {
            Some(Outcome::WrongEpoch) => return,
            // It will be loaded without the loser.
            Some(_) => {}
            None => {
                self.redis.compensate(conflict.loser, wanted, &conflict.winners);
            }
        }
        self.postgres.mark_compensated(conflict.loser);
    }
}
