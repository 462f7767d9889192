//! Somebody who wants one seat, and what they are told.

use std::time::Duration;

/// What a booking is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// "You have a seat."
    Yes,
    /// "The ticket is gone."
    No,
}

/// Somebody who wants one seat. Whatever is random about them follows from the seed.
#[derive(Clone, Debug)]
pub struct Buyer {
    /// Their number, from 1: what the strategies write beside a seat.
    pub id: i32,
    chance: u64,
}

impl Buyer {
    /// The buyer with a number.
    pub fn new(seed: u64, id: i32) -> Self {
        let mut buyer = Self { id, chance: seed ^ u64::from(id.unsigned_abs()) << 32 };
        buyer.next();
        buyer
    }

    /// How long after the opening they come: anywhere within `spread`, as likely as anywhere else.
    pub fn delay(&mut self, spread: Duration) -> Duration {
        spread.mul_f64((self.next() >> 11) as f64 / (1_u64 << 53) as f64)
    }

    /// A number from 0 to just below `bound`.
    ///
    /// # Panics
    /// When there is no such number.
    pub fn pick(&mut self, bound: u32) -> u32 {
        (self.next() % u64::from(bound)) as u32
    }

    /// SplitMix64, the usual way to draw many numbers from one seed.
    fn next(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.chance ^ (self.chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_buyers_and_they_differ_from_each_other() {
        let picks = |seed, id| -> Vec<u32> {
            let mut buyer = Buyer::new(seed, id);
            (0..8).map(|_| buyer.pick(1_000)).collect()
        };
        assert_eq!(picks(7, 1), picks(7, 1));
        assert_ne!(picks(7, 1), picks(7, 2));
        assert_ne!(picks(7, 1), picks(8, 1));
    }

    #[test]
    fn buyers_come_within_the_spread_and_all_over_it() {
        let spread = Duration::from_secs(10);
        let delays: Vec<_> = (1..=1_200).map(|id| Buyer::new(1, id).delay(spread)).collect();
        assert!(delays.iter().all(|delay| *delay < spread));
        let early = delays.iter().filter(|delay| **delay < spread / 2).count();
        assert!((500..700).contains(&early), "{early} of 1200 in the first half");
        assert_eq!(Buyer::new(1, 1).delay(Duration::ZERO), Duration::ZERO);
    }
}
