//! What this process believes of Redis: whether it is verified, each partition's epoch, and how far
//! each concert's log was seen to reach.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::domain::ids::ConcertId;
use crate::domain::position::{Epoch, Position};

/// Open while claims may be sent to Redis.
pub struct Gate {
    open: AtomicBool,
    closed: Notify,
    partitions: Vec<Partition>,
}

struct Partition {
    epoch: AtomicU32,
    seen: Mutex<Seen>,
}

/// Positions that replies told of.
#[derive(Default)]
struct Seen {
    highest: Position,
    by_concert: HashMap<ConcertId, Position>,
}

impl Gate {
    /// A closed gate: nothing was verified yet.
    pub fn new(partitions: u16) -> Self {
        let partition =
            |_| Partition { epoch: AtomicU32::new(0), seen: Mutex::new(Seen::default()) };
        Self {
            open: AtomicBool::new(false),
            closed: Notify::new(),
            partitions: (0..partitions).map(partition).collect(),
        }
    }

    /// The partition's epoch; none while the gate is closed.
    pub fn epoch(&self, partition: u16) -> Option<Epoch> {
        let open = self.open.load(Ordering::Acquire);
        open.then(|| Epoch(self.partitions[usize::from(partition)].epoch.load(Ordering::Acquire)))
    }

    /// Whether claims may be sent.
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    /// Refuses claims until the next verification, and calls for one.
    pub fn close(&self) {
        self.open.store(false, Ordering::Release);
        self.closed.notify_one();
    }

    /// Waits until the gate is closed; returns at once if it is.
    pub async fn wait_until_closed(&self) {
        while self.is_open() {
            self.closed.notified().await;
        }
    }

    /// Lets claims through, after every partition was verified to be in its epoch and to reach what
    /// was seen of it. A concert that has to be loaded again begins to be seen afresh.
    pub fn open(&self, epochs: &[Epoch]) {
        for (partition, epoch) in (0_u16..).zip(epochs) {
            self.partitions[usize::from(partition)].epoch.store(epoch.0, Ordering::Release);
            self.seen_of(partition).by_concert.clear();
        }
        self.open.store(true, Ordering::Release);
    }

    /// How far the concert's changes were seen to reach: to be asked before a command is sent.
    pub fn seen(&self, partition: u16, concert: ConcertId) -> Position {
        self.seen_of(partition).by_concert.get(&concert).copied().unwrap_or_default()
    }

    /// The highest position seen in a partition.
    pub fn highest_seen(&self, partition: u16) -> Position {
        self.seen_of(partition).highest
    }

    /// Takes note of a reply's position. False when it lies before `sent_after`, what was seen
    /// before the command was sent: then Redis has lost changes. (Two replies may well be *handled*
    /// in another order than they were sent in; only what was known before sending counts.)
    #[must_use]
    pub fn observe(
        &self,
        partition: u16,
        concert: ConcertId,
        sent_after: Position,
        position: Position,
    ) -> bool {
        let mut seen = self.seen_of(partition);
        seen.highest = position.max(seen.highest);
        let of_concert = seen.by_concert.entry(concert).or_default();
        *of_concert = position.max(*of_concert);
        position >= sent_after
    }

    fn seen_of(&self, partition: u16) -> MutexGuard<'_, Seen> {
        let seen = self.partitions[usize::from(partition)].seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_that_goes_backwards_is_noticed_and_replies_out_of_order_are_not() {
        let (gate, concert) = (Gate::new(1), ConcertId::new());
        let at = |ms| Position { ms, sequence: 0 };
        let before = gate.seen(0, concert);
        assert!(gate.observe(0, concert, before, at(11)));
        assert!(gate.observe(0, concert, before, at(10)), "sent before 11 was known");
        assert_eq!(gate.highest_seen(0), at(11));
        let before = gate.seen(0, concert);
        assert!(!gate.observe(0, concert, before, at(10)), "sent after 11 was known");
    }

    #[test]
    fn a_closed_gate_knows_no_epoch() {
        let gate = Gate::new(2);
        assert_eq!(gate.epoch(1), None);
        gate.open(&[Epoch(1), Epoch(4)]);
        assert_eq!(gate.epoch(1), Some(Epoch(4)));
        gate.close();
        assert_eq!(gate.epoch(1), None);
    }
}
