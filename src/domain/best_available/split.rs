//! Over a row and its neighbour, for a party that would rather be split than go home.

use std::ops::Range;

use super::{House, Window, pick};

/// What makes one split better than another with as many parts, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    /// How many sit alone.
    alone: u32,
    /// How many seats are stranded.
    stranded: u32,
    /// The sum of the scores.
    score: u64,
}

impl Cost {
    fn plus(self, part: &Window) -> Self {
        Self {
            alone: self.alone + u32::from(part.seats.len() == 1),
            stranded: self.stranded + part.stranded,
            score: self.score + part.score,
        }
    }

    /// Whether no choice with at least this many alone and this score can be near-equal to it.
    fn is_out_of_reach_of(self, alone: u32, score: u64, band: u64) -> bool {
        (self.alone, self.stranded) == (alone, 0) && score > self.score + band
    }

    fn is_near(self, lowest: Self, band: u64) -> bool {
        (self.alone, self.stranded) == (lowest.alone, lowest.stranded)
            && self.score <= lowest.score + band
    }
}

/// A stretch of free seats: the best place in it for a part of one seat, of two, and so on.
type Stretch = Vec<Window>;

/// The choice for a party that is split, if there is one: the seats, in the order of their numbers.
///
/// First it finds how few parts will do anywhere, which takes no more than the lengths of the
/// stretches, and then divides the party only where that many do.
pub(super) fn choose(house: &House<'_>, seed: u64) -> Option<Vec<u32>> {
    let quantity = house.wish.quantity as usize;
    let (mut fewest, mut places) = (usize::MAX / 2, Vec::new());
    for runs in neighbours(house) {
        let lengths = runs.clone().flat_map(|run| lengths(house, run));
        let Some(parts) = parts_needed(lengths.collect(), quantity) else { continue };
        if parts < fewest {
            places.clear();
        }
        fewest = fewest.min(parts);
        if parts == fewest {
            let best = runs.clone().map(|run| house.ranking.best[run as usize]).min();
            places.push((u64::from(best.unwrap_or_default()) * quantity as u64, runs));
        }
    }
    places.sort_by_key(|(at_least, _)| *at_least);
    let (band, mut lowest, mut found) = (house.band, None, Vec::new());
    // With two in every part there would have to be more people than there are.
    let alone = (2 * fewest).saturating_sub(quantity) as u32;
    for (at_least, runs) in places {
        if lowest.is_some_and(|lowest: Cost| lowest.is_out_of_reach_of(alone, at_least, band)) {
            break;
        }
        let stretches: Vec<_> = runs.flat_map(|run| stretches(house, run)).collect();
        let Some((cost, seats)) = divide(&stretches, quantity, fewest) else { continue };
        lowest = Some(lowest.map_or(cost, |lowest| lowest.min(cost)));
        found.push((cost, seats));
    }
    let lowest = lowest?;
    found.retain(|(cost, _)| cost.is_near(lowest, band));
    pick(found, seed).map(|(_, seats)| seats)
}

/// The runs of each two neighbouring rows of the sections that are wanted, and of the only row of a
/// section that has one.
fn neighbours(house: &House<'_>) -> Vec<Range<u32>> {
    let mut rows: Vec<(u32, u32, Range<u32>)> = Vec::new();
    for (index, run) in (0..).zip(house.map.runs()) {
        match rows.last_mut() {
            Some((_, row, runs)) if *row == run.row => runs.end = index + 1,
            _ => rows.push((run.section, run.row, index..index + 1)),
        }
    }
    let mut pairs = Vec::with_capacity(rows.len());
    for of_section in rows.chunk_by(|(a, ..), (b, ..)| a == b) {
        if !house.wish.wants_section(of_section[0].0) {
            continue;
        }
        if let [(_, _, only)] = of_section {
            pairs.push(only.clone());
        }
        let both = of_section.windows(2).map(|pair| pair[0].2.start..pair[1].2.end);
        pairs.extend(both);
    }
    pairs
}

/// How large a part fits into each stretch of a run.
fn lengths<'a>(house: &'a House<'_>, run: u32) -> impl Iterator<Item = usize> + 'a {
    let category = |seat: u32| house.map.seats[seat as usize].category;
    house.stretches(run).map(move |stretch| {
        let (mut longest, mut length) = (0, 0);
        for seat in stretch {
            length = if house.wish.wants_category(category(seat)) { length + 1 } else { 0 };
            longest = longest.max(length);
        }
        longest
    })
}

/// How few of these stretches have room for everybody.
fn parts_needed(mut lengths: Vec<usize>, quantity: usize) -> Option<usize> {
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    let mut room = 0;
    let enough = lengths.into_iter().position(|length| {
        room += length;
        room >= quantity
    });
    enough.map(|last| last + 1)
}

fn stretches<'a>(house: &'a House<'_>, run: u32) -> impl Iterator<Item = Stretch> + 'a {
    house.stretches(run).map(|stretch| {
        let best_of = |size| {
            let mut best: Option<Window> = None;
            house.windows(&stretch, size, |window| {
                let cost = |window: &Window| (window.stranded, window.score);
                if best.as_ref().is_none_or(|best| cost(&window) < cost(best)) {
                    best = Some(window);
                }
            });
            best
        };
        (1..=house.wish.quantity.min(stretch.len() as u32)).map_while(best_of).collect()
    })
}

/// Divides a party into so many parts, at most one in each stretch, at the lowest cost: for each
/// number of parts and people, the cheapest way to seat them in the stretches so far.
fn divide(stretches: &[Stretch], quantity: usize, parts: usize) -> Option<(Cost, Vec<u32>)> {
    let at = |part: usize, people: usize| part * (quantity + 1) + people;
    let mut costs: Vec<Option<Cost>> = vec![None; at(parts, quantity) + 1];
    costs[0] = Some(Cost::default());
    let mut taken = vec![vec![0; costs.len()]; stretches.len()];
    for (stretch, taken) in stretches.iter().zip(&mut taken) {
        for part in (1..=parts).rev() {
            for people in 1..=quantity {
                for (size, window) in (1..=people).zip(stretch) {
                    let Some(before) = costs[at(part - 1, people - size)] else { continue };
                    let cost = before.plus(window);
                    if costs[at(part, people)].is_none_or(|lowest| cost < lowest) {
                        costs[at(part, people)] = Some(cost);
                        taken[at(part, people)] = size;
                    }
                }
            }
        }
    }
    let cost = costs[at(parts, quantity)]?;
    let (mut part, mut people, mut seats) = (parts, quantity, Vec::with_capacity(quantity));
    for (stretch, taken) in stretches.iter().zip(&taken).rev() {
        // The last stretch that lowered the cost is the one that is in it.
        let size = taken[at(part, people)];
        if let Some(window) = size.checked_sub(1).map(|index| &stretch[index]) {
            seats.extend(window.seats.clone());
            (part, people) = (part - 1, people - size);
        }
    }
    seats.sort_unstable();
    Some((cost, seats))
}
