//! Seats that requests of this process are claiming, and those of which a script said something that
//! the view does not know yet. Two requests choose different seats with its help, and none chooses
//! what is known to be gone. It makes nothing safe: other processes have their own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::ids::ConcertId;
use crate::domain::position::Position;
use crate::domain::seat::SeatNumber;
use crate::domain::seat_set::SeatSet;

/// The seats, by concert. Clones share them.
#[derive(Clone, Default)]
pub(super) struct BeingClaimed {
    concerts: Arc<Mutex<HashMap<ConcertId, Marks>>>,
}

#[derive(Default)]
struct Marks {
    next: u64,
    marks: HashMap<u64, Mark>,
}

struct Mark {
    seats: Vec<SeatNumber>,
    /// How far the view has to come to know about them; none while their claim is on its way.
    until: Option<Position>,
}

/// Seats that one request is claiming; they are nobody's any more when it is dropped.
pub(super) struct Claiming {
    all: BeingClaimed,
    concert: ConcertId,
    mark: u64,
}

impl BeingClaimed {
    /// Marks the seats that `choose` picks, given those that are marked. A view that has come to
    /// `seen` knows about all that was said of earlier ones.
    pub(super) fn claim<T>(
        &self,
        concert: ConcertId,
        seen: Position,
        capacity: u32,
        choose: impl FnOnce(&SeatSet) -> Option<(Vec<SeatNumber>, T)>,
    ) -> Option<(Claiming, T)> {
        let mut concerts = self.lock();
        let marks = concerts.entry(concert).or_default();
        marks.marks.retain(|_, mark| mark.until.is_none_or(|until| until > seen));
        let mut taken = SeatSet::none(capacity);
        marks.marks.values().flat_map(|mark| &mark.seats).for_each(|&seat| taken.add(seat));
        let chosen = choose(&taken);
        if let Some((seats, _)) = &chosen {
            marks.next += 1;
            marks.marks.insert(marks.next, Mark { seats: seats.clone(), until: None });
        }
        let mark = marks.next;
        if marks.marks.is_empty() {
            concerts.remove(&concert);
        }
        chosen.map(|(_, chosen)| (Claiming { all: self.clone(), concert, mark }, chosen))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConcertId, Marks>> {
        self.concerts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claiming {
    /// These seats are taken as of `position`, and no others of the claim: until the view has come
    /// there, nobody is to choose them.
    pub(super) fn end_at(self, position: Position, seats: Vec<SeatNumber>) {
        let mut concerts = self.all.lock();
        let mark = concerts.get_mut(&self.concert).and_then(|c| c.marks.get_mut(&self.mark));
        if let Some(mark) = mark {
            *mark = Mark { seats, until: Some(position) };
        }
    }
}

impl Drop for Claiming {
    fn drop(&mut self) {
        let mut concerts = self.all.lock();
        if let Some(marks) = concerts.get_mut(&self.concert) {
            // One that was given a position stays until the view has come there.
            marks.marks.retain(|number, mark| *number != self.mark || mark.until.is_some());
            if marks.marks.is_empty() {
                concerts.remove(&self.concert);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPACITY: u32 = 10;

    fn taken(being_claimed: &BeingClaimed, concert: ConcertId, seen: u64) -> u32 {
        let mut count = 0;
        let seen = Position { ms: seen, sequence: 0 };
        let nothing = being_claimed.claim(concert, seen, CAPACITY, |taken| {
            count = taken.count();
            None::<(Vec<SeatNumber>, ())>
        });
        assert!(nothing.is_none());
        count
    }

    #[test]
    fn seats_stay_marked_until_the_claim_ends_or_the_view_knows() {
        let (being_claimed, concert) = (BeingClaimed::default(), ConcertId::new());
        let claim = |seats: &[u32]| {
            let seats: Vec<_> = seats.iter().copied().map(SeatNumber).collect();
            let claimed =
                being_claimed.claim(concert, Position::START, CAPACITY, |_| Some((seats, ())));
            claimed.unwrap().0
        };
        let (given_up, granted) = (claim(&[1, 2]), claim(&[3, 4, 5]));
        assert_eq!(taken(&being_claimed, concert, 0), 5);
        assert_eq!(taken(&being_claimed, ConcertId::new(), 0), 0);
        drop(given_up);
        granted.end_at(Position { ms: 7, sequence: 0 }, vec![SeatNumber(3)]);
        assert_eq!(taken(&being_claimed, concert, 6), 1);
        assert_eq!(taken(&being_claimed, concert, 7), 0);
        assert!(being_claimed.lock().is_empty(), "nothing is kept for ever");
    }
}
