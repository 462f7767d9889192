//! Best available: which seats a party gets that does not name any.
//!
//! A choice is better than another when, in this order,
//! 1. the party sits together: in one row, with no aisle and nobody in between;
//! 2. (split parties) it is in fewer parts, then has fewer people who sit alone;
//! 3. it strands fewer seats: leaves fewer single free seats with no free neighbour;
//! 4. its seats have a lower score: see [`ranking`].
//!
//! Of choices that are equal in all but score, those are *near-equal* whose score lies within
//! [`NEAR_EQUAL`] a seat of the best: which of them it is, the seed decides. When thousands choose in
//! the same moment, they would otherwise all choose the same seats, and all but one be refused.
//!
//! A party that may be split is put into one row or two neighbouring rows of a section, at most one
//! part in each stretch of free seats. Only what is free is given, and accessible seats to those who
//! ask for them and nobody else.

pub mod ranking;
mod split;
mod together;
mod wish;

#[cfg(test)]
mod houses;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::seat::SeatNumber;
use super::seat_map::SeatMap;
use super::seat_set::SeatSet;
use ranking::Ranking;

pub use wish::{Wish, WishError, WishText};

/// How far apart the scores of near-equal choices can be, for each seat: three widths of a seat.
pub const NEAR_EQUAL: u32 = 3_000;

/// Seats for a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The seats, in the order of their numbers.
    pub seats: Vec<SeatNumber>,
    /// Whether they are side by side.
    pub together: bool,
    /// Whether they are split or strand a seat, because there was no other way: with more seats free
    /// there may be.
    pub is_makeshift: bool,
}

/// Seats side by side in a stretch of free ones.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Window {
    /// The seats.
    seats: Range<u32>,
    /// How many seats it leaves without a neighbour: 0 to 2.
    stranded: u32,
    /// The sum of its seats' scores.
    score: u64,
}

/// What every part of a choice looks at.
struct House<'a> {
    map: &'a SeatMap,
    ranking: &'a Ranking,
    wish: &'a Wish,
    /// How far above the best score near-equal choices are.
    band: u64,
    /// The free seats that the party may have, but for section and category.
    usable: SeatSet,
}

/// Chooses among the free seats of a map; none when the party does not fit. The same arguments give
/// the same choice.
pub fn choose(map: &SeatMap, free: &SeatSet, wish: &Wish, seed: u64) -> Option<Choice> {
    choose_within(NEAR_EQUAL, map, free, wish, seed)
}

/// The same with another idea of what is near-equal.
fn choose_within(
    near_equal: u32,
    map: &SeatMap,
    free: &SeatSet,
    wish: &Wish,
    seed: u64,
) -> Option<Choice> {
    let ranking = map.ranking();
    let mut usable = free.clone();
    if wish.accessible {
        usable.keep(&ranking.accessible);
    } else {
        usable.drop_all(&ranking.accessible);
    }
    let band = u64::from(near_equal) * u64::from(wish.quantity);
    let house = House { map, ranking, wish, band, usable };
    if let Some((seats, is_makeshift)) = together::choose(&house, seed) {
        let seats = seats.map(SeatNumber).collect();
        return Some(Choice { seats, together: true, is_makeshift });
    }
    if !wish.may_split {
        return None;
    }
    let seats = split::choose(&house, seed)?.into_iter().map(SeatNumber).collect();
    Some(Choice { seats, together: false, is_makeshift: true })
}

impl House<'_> {
    /// The stretches of usable seats in a run.
    fn stretches(&self, run: u32) -> impl Iterator<Item = Range<u32>> + '_ {
        self.usable.stretches(self.map.runs()[run as usize].seats.clone())
    }

    /// Every place for so many seats in a stretch.
    fn windows(&self, stretch: &Range<u32>, size: u32, mut visit: impl FnMut(Window)) {
        let score = |seat: u32| u64::from(self.ranking.scores[seat as usize]);
        let (mut sum, mut fitting) = (0, 0);
        for seat in stretch.clone() {
            sum += score(seat);
            if seat - stretch.start >= size {
                sum -= score(seat - size);
            }
            let category = self.map.seats[seat as usize].category;
            fitting = if self.wish.wants_category(category) { fitting + 1 } else { 0 };
            if fitting >= size {
                let seats = seat + 1 - size..seat + 1;
                let left_over = [seats.start - stretch.start, stretch.end - seats.end];
                let stranded = left_over.into_iter().filter(|&seats| seats == 1).count() as u32;
                visit(Window { seats, stranded, score: sum });
            }
        }
    }
}

/// One of several, as a seed has it.
fn pick<T>(mut among: Vec<T>, seed: u64) -> Option<T> {
    if among.is_empty() {
        return None;
    }
    let index = mixed(seed) % among.len() as u64;
    Some(among.swap_remove(index as usize))
}

/// Spreads seeds that are near each other over all numbers (the finaliser of SplitMix64).
fn mixed(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
