//! A bound on lines of the log: when a store is gone, every request has the same to say.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

/// Lets a few lines through each second.
pub struct Throttle {
    lines_per_second_max: u32,
    second: AtomicU64,
    lines: AtomicU32,
}

impl Throttle {
    /// At most so many lines a second.
    pub const fn new(lines_per_second_max: u32) -> Self {
        Self { lines_per_second_max, second: AtomicU64::new(0), lines: AtomicU32::new(0) }
    }

    /// Whether one more line may be written now.
    pub fn admits(&self) -> bool {
        static BEGAN: OnceLock<Instant> = OnceLock::new();
        self.admits_in(BEGAN.get_or_init(Instant::now).elapsed().as_secs())
    }

    /// Two threads that begin a second together may let a line more through, which is no harm.
    fn admits_in(&self, second: u64) -> bool {
        if self.second.swap(second, Ordering::Relaxed) != second {
            self.lines.store(0, Ordering::Relaxed);
        }
        self.lines.fetch_add(1, Ordering::Relaxed) < self.lines_per_second_max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_lines_a_second_go_through() {
        let throttle = Throttle::new(2);
        let seconds = [0, 0, 0, 0, 1, 1, 1, 7];
        let admitted = seconds.map(|second| throttle.admits_in(second));
        assert_eq!(admitted, [true, true, false, false, true, true, false, true]);
    }
}
