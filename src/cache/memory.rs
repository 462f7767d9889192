//! Answers in this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use moka::sync::Cache;

use super::Body;
use super::stamps::Stamp;

/// How long an answer is given without asking Redis whether it is still the one: what bounds how long
/// a change that this process was not told of goes unnoticed.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Bytes that an entry takes beside its answer.
const ENTRY_BYTES: usize = 200;

/// An answer that is at hand.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) body: Arc<Body>,
    /// What was known of its topic before it was read.
    pub(super) stamp: Stamp,
    looked_at: Instant,
    /// Whether somebody has begun to make it anew.
    begun: Arc<AtomicBool>,
}

/// The answers.
pub(super) struct Memory(Cache<String, Entry>);

impl Memory {
    /// Room for so many bytes.
    pub(super) fn new(bytes_max: u64) -> Self {
        let weigh = |name: &String, entry: &Entry| {
            (ENTRY_BYTES + name.len() + entry.body.size()).try_into().unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(bytes_max).weigher(weigh).build())
    }

    pub(super) fn get(&self, name: &str) -> Option<Entry> {
        self.0.get(name)
    }

    pub(super) fn keep(&self, name: &str, body: Arc<Body>, stamp: Stamp) {
        let (looked_at, begun) = (Instant::now(), Arc::new(AtomicBool::new(false)));
        self.0.insert(name.to_owned(), Entry { body, stamp, looked_at, begun });
    }

    /// Makes room: for tests of what happens when it was lost.
    pub(super) fn forget(&self) {
        self.0.invalidate_all();
    }
}

impl Entry {
    /// Whether Redis need not be asked.
    pub(super) fn was_just_looked_at(&self) -> bool {
        self.looked_at.elapsed() < LOOK_AGAIN_AFTER
    }

    /// Whether the caller is the first who makes it anew.
    pub(super) fn begin(&self) -> bool {
        !self.begun.swap(true, Ordering::AcqRel)
    }
}
