//! A set of a map's seats, a bit each, so that a whole house is gone through in microseconds.

use std::ops::Range;

use super::seat::SeatNumber;

/// Some of the seats of a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeatSet {
    /// Seat `i` is bit `i % 64` of word `i / 64`; bits past the last seat are never set.
    words: Vec<u64>,
    /// How many seats the map has.
    seats: u32,
}

impl SeatSet {
    /// None of so many seats.
    pub fn none(seats: u32) -> Self {
        Self { words: vec![0; seats.div_ceil(64) as usize], seats }
    }

    /// All of so many seats.
    pub fn all(seats: u32) -> Self {
        let mut all = Self { words: vec![u64::MAX; seats.div_ceil(64) as usize], seats };
        if let (Some(last), 1..) = (all.words.last_mut(), seats % 64) {
            *last = (1 << (seats % 64)) - 1;
        }
        all
    }

    /// How many seats the map has, in the set or not.
    pub fn capacity(&self) -> u32 {
        self.seats
    }

    /// Whether a seat is in it.
    pub fn has(&self, seat: SeatNumber) -> bool {
        let word = self.words.get((seat.0 / 64) as usize);
        word.is_some_and(|word| word >> (seat.0 % 64) & 1 == 1)
    }

    /// Puts a seat in.
    ///
    /// # Panics
    /// When the map has no such seat.
    pub fn add(&mut self, seat: SeatNumber) {
        assert!(seat.0 < self.seats, "seat {} of {}", seat.0, self.seats);
        self.words[(seat.0 / 64) as usize] |= 1 << (seat.0 % 64);
    }

    /// Takes a seat out.
    pub fn remove(&mut self, seat: SeatNumber) {
        if let Some(word) = self.words.get_mut((seat.0 / 64) as usize) {
            *word &= !(1 << (seat.0 % 64));
        }
    }

    /// Takes out whatever is not in `other`.
    pub fn keep(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
    }

    /// Takes out whatever is in `other`.
    pub fn drop_all(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= !other);
    }

    /// How many seats are in it.
    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// The stretches of seats with consecutive numbers that are in it, within a range of numbers.
    pub fn stretches(&self, within: Range<u32>) -> impl Iterator<Item = Range<u32>> + '_ {
        let mut at = within.start;
        std::iter::from_fn(move || {
            let start = self.next(at, within.end, true)?;
            at = self.next(start, within.end, false).unwrap_or(within.end);
            Some(start..at)
        })
    }

    /// The first seat from `from` on and before `end` that is in the set, or is not.
    fn next(&self, from: u32, end: u32, wanted: bool) -> Option<u32> {
        let end = end.min(self.seats);
        let mut at = from;
        while at < end {
            let word = self.words[(at / 64) as usize];
            let word = if wanted { word } else { !word } >> (at % 64);
            if word != 0 {
                return Some(at + word.trailing_zeros()).filter(|&found| found < end);
            }
            at = (at / 64 + 1) * 64;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_set_it_was_made_of(
            seats in btree_set(0_u32..200, 0..200), capacity in 200_u32..260, from in 0_u32..200,
        ) {
            let mut set = SeatSet::none(capacity);
            seats.iter().for_each(|&seat| set.add(SeatNumber(seat)));
            prop_assert_eq!(set.count() as usize, seats.len());
            let read: Vec<_> = set.stretches(0..capacity).flatten().collect();
            prop_assert_eq!(read, seats.iter().copied().collect::<Vec<_>>());
            for stretch in set.stretches(from..200) {
                prop_assert!(stretch.start >= from && stretch.clone().all(|at| seats.contains(&at)));
                prop_assert!(stretch.start == from || !seats.contains(&(stretch.start - 1)));
                prop_assert!(stretch.end == 200 || !seats.contains(&stretch.end));
            }
            let mut rest = SeatSet::all(capacity);
            rest.drop_all(&set);
            prop_assert_eq!(rest.count() + set.count(), capacity);
            rest.keep(&set);
            prop_assert_eq!(rest.count(), 0);
        }
    }
}
