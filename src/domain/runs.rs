//! Who sits beside whom: rows, cut where there is an aisle.
//!
//! The seats of a row are in the order people sit. An aisle is a gap between two of them that is
//! clearly wider than the row's usual spacing, which is the median of its gaps. Accessible seats are
//! wider than others, so that gaps between two of them are a spacing of their own.

use std::ops::Range;

use super::seat::SeatNumber;
use super::seat_map::{Layout, Seat};

/// A gap this many times as wide as the usual spacing is an aisle. Seats that are set apart in a
/// curve or around a table stay below it; people need more to walk through.
const AISLE: f32 = 1.6;
/// A row with fewer gaps than this does not know its usual spacing well enough: two seats with an
/// aisle between them would be neighbours. Then the section's counts, if it is narrower.
const GAPS_MIN: usize = 3;

/// Seats that people sit in side by side, with nothing between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its seats, as numbers.
    pub seats: Range<u32>,
    /// Its row, as an index into the map's rows.
    pub row: u32,
    /// Its section, as an index into the map's sections.
    pub section: u32,
}

/// The usual spacing between seats, where there are enough to tell.
#[derive(Clone, Copy, Debug, Default)]
struct Spacing {
    /// Between two seats of which none is accessible.
    general: Option<f32>,
    /// Between two accessible seats.
    accessible: Option<f32>,
}

/// The runs of a layout, in the order of their seats: together they are all seats.
pub(super) fn runs(layout: &Layout) -> Vec<Run> {
    let mut runs = Vec::with_capacity(layout.rows.len());
    for (section, part) in (0..).zip(&layout.sections) {
        let rows = || part.rows.clone().map(|row| (row, seats_of(layout, row)));
        let of_section = Spacing::of(rows().map(|(_, seats)| seats), 1);
        for (row, seats) in rows() {
            let spacing = Spacing::of([seats].into_iter(), GAPS_MIN).or_narrower(of_section, seats);
            let first = layout.rows[row as usize].seats.start;
            let mut start = first;
            for (next, pair) in (first + 1..).zip(seats.windows(2)) {
                if spacing.is_aisle(&pair[0], &pair[1]) {
                    runs.push(Run { seats: start..next, row, section });
                    start = next;
                }
            }
            let end = first + seats.len() as u32;
            if start < end {
                runs.push(Run { seats: start..end, row, section });
            }
        }
    }
    runs
}

/// Whether seats, in the order of their numbers, are side by side.
pub(super) fn are_together(runs: &[Run], seats: impl IntoIterator<Item = SeatNumber>) -> bool {
    let mut seats = seats.into_iter();
    let Some(first) = seats.next() else { return true };
    let run = &runs[runs.partition_point(|run| run.seats.end <= first.0)];
    (first.0 + 1..).zip(seats).all(|(next, seat)| seat.0 == next && run.seats.contains(&seat.0))
}

/// The usual gap between neighbours anywhere in the house; 1 where there are none.
pub(super) fn pitch(layout: &Layout) -> f32 {
    let rows = (0..layout.rows.len() as u32).map(|row| seats_of(layout, row));
    let gaps = rows.flat_map(|seats| seats.windows(2).map(|pair| gap(&pair[0], &pair[1])));
    median(gaps.filter(|gap| *gap > 0.0).collect()).unwrap_or(1.0)
}

fn seats_of(layout: &Layout, row: u32) -> &[Seat] {
    let Range { start, end } = layout.rows[row as usize].seats;
    &layout.seats[start as usize..end as usize]
}

impl Spacing {
    /// The medians of the gaps in rows, of a kind that has at least so many.
    fn of<'a>(rows: impl Iterator<Item = &'a [Seat]>, gaps_min: usize) -> Self {
        let (mut general, mut accessible) = (Vec::new(), Vec::new());
        for pair in rows.flat_map(|seats| seats.windows(2)) {
            match (pair[0].accessible, pair[1].accessible) {
                (false, false) => general.push(gap(&pair[0], &pair[1])),
                (true, true) => accessible.push(gap(&pair[0], &pair[1])),
                (false, true) | (true, false) => {}
            }
        }
        let usual = |gaps: Vec<f32>| if gaps.len() < gaps_min { None } else { median(gaps) };
        Self { general: usual(general), accessible: usual(accessible) }
    }

    /// This spacing of a row; where its own gaps are too few to tell, theirs or the section's,
    /// whichever is narrower.
    fn or_narrower(self, section: Self, seats: &[Seat]) -> Self {
        let few = Self::of([seats].into_iter(), 1);
        let narrower = |enough: Option<f32>, few: Option<f32>, section: Option<f32>| {
            enough.or_else(|| Some(few?.min(section?)))
        };
        Self {
            general: narrower(self.general, few.general, section.general),
            accessible: narrower(self.accessible, few.accessible, section.accessible),
        }
    }

    fn is_aisle(&self, left: &Seat, right: &Seat) -> bool {
        let usual = match (left.accessible, right.accessible) {
            (false, false) => self.general,
            (true, true) => self.accessible,
            // Between an accessible seat and another it is as wide as the wider of them needs.
            (false, true) | (true, false) => match (self.general, self.accessible) {
                (Some(general), Some(accessible)) => Some(general.max(accessible)),
                (general, accessible) => general.or(accessible),
            },
        };
        usual.is_some_and(|usual| gap(left, right) > AISLE * usual)
    }
}

fn gap(left: &Seat, right: &Seat) -> f32 {
    (left.x - right.x).hypot(left.y - right.y)
}

/// The lower median: of one gap that is usual and one that is an aisle, the usual.
fn median(mut gaps: Vec<f32>) -> Option<f32> {
    let middle = gaps.len().checked_sub(1)? / 2;
    let (_, median, _) = gaps.select_nth_unstable_by(middle, f32::total_cmp);
    Some(*median)
}
