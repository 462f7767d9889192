//! Making worlds the same that differ only in what can make no difference any more: each rule leaves
//! fewer to look at, and says why nothing is missed by it.

use std::cmp::Ordering;

use super::Model;
use super::redis::{Change, Concert, SeatState, Store};
use super::service::{Instance, Verification};
use super::setup::{Buyer, Faults, Fsync, Position};
use super::world::World;

impl World {
    /// Applies all rules.
    pub fn forget(&mut self, model: &Model) {
        self.forget_batch(model);
        self.forget_applied(model);
        self.forget_other_processes(model);
        self.forget_seen(model);
        self.number_positions_anew(model);
        self.name_instances_alike();
        self.name_buyers_alike(model);
    }

    /// The fence will refuse a batch that is stale, because an epoch's position only rises.
    fn forget_batch(&mut self, model: &Model) {
        if model.guards.position_fence && model.guards.epoch_fence {
            let at = self.postgres.partition;
            self.batch.take_if(|batch| batch.from != at);
        }
    }

    /// What PostgreSQL has is not read again, and what cannot be lost is not gone back to.
    fn forget_applied(&mut self, model: &Model) {
        let applied = self.postgres.partition.position;
        if model.guards.position_fence {
            for change in &mut self.redis.changes {
                if change.entries.last().is_some_and(|entry| entry.position < applied) {
                    change.after = Store::EMPTY;
                }
                for entry in change.entries.iter_mut().filter(|entry| entry.position <= applied) {
                    entry.event = None;
                }
            }
        }
        let Faults { restarts, failovers, .. } = self.faults;
        if failovers == 0 && (restarts == 0 || model.fsync == Fsync::Always) {
            for change in &mut self.redis.changes {
                change.after = Store::EMPTY;
            }
        }
    }

    /// Whoever has the scripts of another process is refused whatever it asks, and so are its calls.
    fn forget_other_processes(&mut self, model: &Model) {
        if !model.guards.scripts_name_process {
            return;
        }
        for it in &mut self.instances {
            if it.scripts != Some(self.redis.process) {
                (it.scripts, it.gate, it.load) = (None, None, None);
            }
        }
        for call in &mut self.calls {
            call.take_if(|call| call.process != self.redis.process);
        }
    }

    /// Whoever loses what is applied notices by that, whatever was seen before it; and nobody forgets
    /// anything when all is well and nothing can go wrong any more.
    fn forget_seen(&mut self, model: &Model) {
        let guards = model.guards;
        let applied = self.postgres.partition.position;
        let has = |at| self.redis.log().any(|entry| entry.position == at);
        let is_guarded = guards.verifies_applied
            && guards.verifies_seen
            && guards.scripts_name_process
            && guards.scripts_check_epoch;
        let is_well = |it: &Instance| {
            it.verification.is_none()
                && it.scripts == Some(self.redis.process)
                && it.gate.is_some()
                && it.gate == self.redis.store.epoch
        };
        let all_well = self.faults == Faults::default() && self.instances.iter().all(is_well);
        let is_applied = |seen| has(applied) && seen <= applied && has(seen);
        let is_idle = |seen| is_guarded && (all_well || is_applied(seen));
        for it in &mut self.instances {
            if is_idle(it.seen) {
                (it.seen, it.seen_in) = (0, 0);
            }
        }
    }

    /// Only the order of positions means anything.
    fn number_positions_anew(&mut self, model: &Model) {
        if !model.guards.position_fence {
            return;
        }
        let mut named = Vec::new();
        self.for_positions(|position| named.push(*position));
        named.retain(|position| *position > 0);
        let least = named.iter().min().copied().unwrap_or_default();
        let is_old = |change: &Change| change.entries.iter().all(|entry| entry.position < least);
        // The last old one tells a position that was lost from one that was trimmed away.
        while self.redis.changes.len() > 1 && self.redis.changes[..2].iter().all(is_old) {
            self.redis.changes.remove(0);
        }
        let entries = self.redis.changes.iter().flat_map(|change| &change.entries);
        named.extend(entries.map(|entry| entry.position));
        named.push(self.redis.time);
        named.sort_unstable();
        named.dedup();
        let anew = |position: &mut Position| {
            if *position > 0 {
                let rank = named.binary_search(position).expect("it was collected");
                *position = u8::try_from(rank).expect("there are few") + 1;
            }
        };
        self.for_positions(anew);
        let entries = self.redis.changes.iter_mut().flat_map(|change| &mut change.entries);
        entries.for_each(|entry| anew(&mut entry.position));
        anew(&mut self.redis.time);
    }

    /// All positions outside Redis.
    fn for_positions(&mut self, mut visit: impl FnMut(&mut Position)) {
        visit(&mut self.postgres.partition.position);
        if let Some(batch) = &mut self.batch {
            visit(&mut batch.from.position);
            batch.entries.iter_mut().for_each(|entry| visit(&mut entry.position));
        }
        for it in &mut self.instances {
            visit(&mut it.seen);
            match &mut it.verification {
                Some(
                    Verification::RaiseFirst(rebuild)
                    | Verification::Persist(rebuild)
                    | Verification::Reset(rebuild),
                ) => {
                    visit(&mut rebuild.last);
                    visit(&mut rebuild.row.position);
                }
                Some(Verification::Raise(row, _)) => visit(&mut row.position),
                Some(Verification::Open(..)) | None => {}
            }
        }
    }

    /// The order of instances means nothing, and no promise names one.
    fn name_instances_alike(&mut self) {
        let [first, second] = self.instances.as_slice() else { return };
        let called = |node| self.calls.iter().flatten().position(|call| call.node == Some(node));
        let other_way = match first.cmp(second) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => called(0) > called(1),
        };
        if other_way {
            self.instances.swap(0, 1);
            for node in self.calls.iter_mut().flatten().filter_map(|call| call.node.as_mut()) {
                *node = 1 - *node;
            }
            if let Concert::Loading(token, _) = &mut self.redis.store.concert {
                *token = 1 - *token;
            }
        }
    }

    /// Nor does the order of two buyers who want the same.
    fn name_buyers_alike(&mut self, model: &Model) {
        let [one, other] = model.wants.as_slice() else { return };
        if one != other {
            return;
        }
        let mut swapped = self.clone();
        swapped.swap_buyers();
        if swapped < *self {
            *self = swapped;
        }
    }

    fn swap_buyers(&mut self) {
        let swap = |buyer: &mut Buyer| *buyer = 1 - *buyer;
        self.calls.swap(0, 1);
        self.told.swap(0, 1);
        self.noticed.lost.swap(0, 1);
        self.postgres.rows.swap(0, 1);
        for conflict in &mut self.postgres.conflicts {
            swap(&mut conflict.loser);
            conflict.winners.iter_mut().for_each(|(_, winner)| swap(winner));
        }
        let changes = self.redis.changes.iter_mut();
        let afters = changes.map(|change| (&mut change.entries, &mut change.after));
        let (entries, stores): (Vec<_>, Vec<_>) = afters.unzip();
        let batch = self.batch.iter_mut().flat_map(|batch| &mut batch.entries);
        for entry in entries.into_iter().flatten().chain(batch) {
            entry.event.iter_mut().for_each(|(buyer, _)| swap(buyer));
        }
        for store in stores.into_iter().chain([&mut self.redis.store]) {
            let (Concert::Loading(_, seats) | Concert::Loaded(seats)) = &mut store.concert else {
                continue;
            };
            seats.records.swap(0, 1);
            for state in &mut seats.states {
                match state {
                    SeatState::Held(buyer) | SeatState::Sold(buyer) => swap(buyer),
                    SeatState::Available => {}
                }
            }
        }
    }
}
