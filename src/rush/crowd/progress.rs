//! How far a crowd is, for whoever watches.

use std::sync::atomic::{AtomicU64, Ordering};

use super::sample::{Ask, Told};

/// Counts that grow while a sale goes on.
#[derive(Debug, Default)]
pub struct Progress {
    came: AtomicU64,
    held: AtomicU64,
    refused: AtomicU64,
    sold: AtomicU64,
    unknown: AtomicU64,
}

impl Progress {
    pub(super) fn came(&self) {
        self.came.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn told(&self, ask: Ask, told: Told) {
        let count = match (ask, told) {
            (Ask::Claim, Told::Yes) => &self.held,
            (Ask::Claim, Told::No) => &self.refused,
            (Ask::Confirm, Told::Yes) => &self.sold,
            (_, Told::Unknown) => &self.unknown,
            (Ask::Look | Ask::Confirm | Ask::Release, Told::Yes | Told::No) => return,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// How many people have come.
    pub fn people(&self) -> u64 {
        self.came.load(Ordering::Relaxed)
    }
}

impl std::fmt::Display for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let (held, sold) = (count(&self.held), count(&self.sold));
        write!(f, "{held} held, {sold} sold, {} refused", count(&self.refused))?;
        match count(&self.unknown) {
            0 => Ok(()),
            unknown => write!(f, ", {unknown} unknown"),
        }
    }
}
