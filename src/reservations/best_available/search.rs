//! One request for the best seats, as it is tried.

use jiff::Timestamp;

use super::refusals::Nothing;
use crate::domain::best_available::{Wish, choose};
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::position::Position;
use crate::domain::seat::SeatNumber;
use crate::domain::seat_map::SeatMap;
use crate::domain::seat_set::SeatSet;

/// One request, as it is tried.
pub(super) struct Search {
    pub(super) id: ReservationId,
    pub(super) user: UserId,
    pub(super) wish: Wish,
    /// Seats that a script has refused this request, each as of a position.
    pub(super) refused: Vec<(SeatNumber, Position)>,
    /// How often seats were claimed for it.
    pub(super) attempt: u64,
}

/// A hold: when it ends, in ms, and its seats.
type Hold<'a> = (i64, &'a [SeatNumber]);

impl Search {
    /// Another for each request and attempt.
    pub(super) fn seed(&self) -> u64 {
        let (high, low) = self.id.0.as_u64_pair();
        high ^ low.rotate_left(32) ^ self.attempt
    }

    /// The seats that it was refused, of which a view that has come to `seen` does not know.
    pub(super) fn refused_after(&self, seen: Position) -> impl Iterator<Item = SeatNumber> {
        let unknown = self.refused.iter().filter(move |(_, until)| *until > seen);
        unknown.map(|(seat, _)| *seat)
    }

    /// What there is to say when the party does not fit into what is free, of which holds may end in
    /// the order that is given; nothing when it does fit.
    pub(super) fn nothing(
        &self,
        map: &SeatMap,
        free: &SeatSet,
        holds: &[Hold<'_>],
    ) -> Option<Nothing> {
        if fits(map, free, &self.wish) {
            return None;
        }
        let split = Wish { may_split: true, ..self.wish.clone() };
        Some(Nothing {
            next_deadline: self.next_deadline(map, free, holds),
            possible_if_split: !self.wish.may_split && fits(map, free, &split),
        })
    }

    /// When so many holds will be over, if nothing else happens, that the party fits.
    fn next_deadline(
        &self,
        map: &SeatMap,
        free: &SeatSet,
        holds: &[Hold<'_>],
    ) -> Option<Timestamp> {
        let fits_after = |ended: usize| {
            let mut free = free.clone();
            let seats = holds[..ended].iter().flat_map(|(_, seats)| seats.iter());
            seats.for_each(|&seat| free.add(seat));
            fits(map, &free, &self.wish)
        };
        if !fits_after(holds.len()) {
            return None;
        }
        // More free seats never make a party fit less. Most often few holds are enough, so twice as
        // many are tried each time, and then halves.
        let (mut too_few, mut enough) = (0, 1);
        while enough < holds.len() && !fits_after(enough) {
            (too_few, enough) = (enough, (2 * enough).min(holds.len()));
        }
        while enough - too_few > 1 {
            let middle = usize::midpoint(too_few, enough);
            if fits_after(middle) {
                enough = middle;
            } else {
                too_few = middle;
            }
        }
        // A deadline that is not known is none.
        let (deadline_ms, _) = holds.get(enough - 1)?;
        Timestamp::from_millisecond(*deadline_ms).ok()
    }
}

fn fits(map: &SeatMap, free: &SeatSet, wish: &Wish) -> bool {
    choose(map, free, wish, 0).is_some()
}
