//! What this process knows of changes: a number for each topic, raised with every change.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use super::Topic;

/// Numbers that concerts share: two that share one are made anew together, which is no harm.
const SHARED_BY_CONCERTS: usize = 4096;

/// The numbers.
pub(super) struct Stamps {
    all: AtomicU64,
    lists: AtomicU64,
    concerts: Box<[AtomicU64]>,
    hasher: RandomState,
}

/// What was known of a topic at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp(u64, u64);

impl Stamps {
    pub(super) fn new() -> Self {
        let concerts = (0..SHARED_BY_CONCERTS).map(|_| AtomicU64::new(0));
        Self {
            all: AtomicU64::new(0),
            lists: AtomicU64::new(0),
            concerts: concerts.collect(),
            hasher: RandomState::new(),
        }
    }

    pub(super) fn of(&self, topic: Topic) -> Stamp {
        let number = self.number(topic).load(Ordering::Acquire);
        Stamp(self.all.load(Ordering::Acquire), number)
    }

    pub(super) fn raise(&self, topic: Topic) {
        self.number(topic).fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn raise_all(&self) {
        self.all.fetch_add(1, Ordering::AcqRel);
    }

    fn number(&self, topic: Topic) -> &AtomicU64 {
        match topic {
            Topic::Lists => &self.lists,
            Topic::Concert(concert) => {
                let hash = self.hasher.hash_one(concert) as usize;
                &self.concerts[hash % self.concerts.len()]
            }
        }
    }
}
