//! Side by side.

use std::ops::Range;

use super::{House, Window, pick};

/// The choice for a party that sits together, if there is one, and whether it strands a seat.
///
/// Runs are visited by their best seat. As soon as no seat of a run is good enough for a choice that
/// would be near-equal, none of a later run is either. Only while every choice strands a seat does it
/// look at all of them.
pub(super) fn choose(house: &House<'_>, seed: u64) -> Option<(Range<u32>, bool)> {
    let mut found = Found { band: house.band, best: None, near: Vec::new() };
    for &run in &house.ranking.order {
        let best_in_run = u64::from(house.ranking.best[run as usize]);
        if found.none_beyond(best_in_run * u64::from(house.wish.quantity)) {
            break;
        }
        if !house.wish.wants_section(house.map.runs()[run as usize].section) {
            continue;
        }
        for stretch in house.stretches(run) {
            if stretch.len() >= house.wish.quantity as usize {
                house.windows(&stretch, house.wish.quantity, |window| found.add(window));
            }
        }
    }
    found.pick(seed)
}

/// The best places so far.
struct Found {
    band: u64,
    /// The fewest stranded seats, and with them the lowest score.
    best: Option<(u32, u64)>,
    /// Those that were near-equal to the best at that time.
    near: Vec<Window>,
}

impl Found {
    /// Whether no place with at least this score can be near-equal to the best.
    fn none_beyond(&self, score: u64) -> bool {
        self.best.is_some_and(|(stranded, best)| stranded == 0 && score > best + self.band)
    }

    fn add(&mut self, window: Window) {
        let cost = (window.stranded, window.score);
        let best = self.best.unwrap_or(cost);
        if cost.0 < best.0 {
            self.near.clear();
        }
        if cost.0 < best.0 || (cost.0 == best.0 && cost.1 <= best.1 + self.band) {
            self.near.push(window);
        }
        self.best = Some(best.min(cost));
    }

    /// The seats, and whether they strand any.
    fn pick(mut self, seed: u64) -> Option<(Range<u32>, bool)> {
        let (stranded, score) = self.best?;
        self.near.retain(|window| window.score <= score + self.band);
        pick(self.near, seed).map(|window| (window.seats, stranded > 0))
    }
}
