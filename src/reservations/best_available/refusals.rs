//! What was found not to fit, so that a house that is full is not searched for everybody anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::domain::best_available::Wish;
use crate::domain::ids::ConcertId;
use crate::domain::limits::WISHES_REMEMBERED_MAX;

/// What to tell a party that gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nothing {
    /// When holds will have ended, if nothing else happens, that make room for the party.
    pub(super) next_deadline: Option<Timestamp>,
    /// Whether the party would fit now if it could be split.
    pub(super) possible_if_split: bool,
}

/// Wishes that a concert's seats, as they are, cannot grant. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Refusals {
    concerts: Arc<Mutex<HashMap<ConcertId, OfConcert>>>,
}

#[derive(Default)]
struct OfConcert {
    /// Which seats these are about.
    revision: u64,
    /// When the next hold ends, and this may be wrong, in ms.
    until_ms: i64,
    wishes: HashMap<Wish, Nothing>,
}

impl Refusals {
    /// What was found for a wish, if the seats are still as they were then.
    pub(super) fn find(
        &self,
        concert: ConcertId,
        (revision, now_ms): (u64, i64),
        wish: &Wish,
    ) -> Option<Nothing> {
        let concerts = self.concerts.lock().unwrap_or_else(PoisonError::into_inner);
        let known = concerts.get(&concert)?;
        let holds = known.revision == revision && now_ms < known.until_ms;
        holds.then(|| known.wishes.get(wish).copied())?
    }

    /// Remembers what was found; of seats that are as they were until `until_ms`.
    pub(super) fn remember(
        &self,
        concert: ConcertId,
        (revision, until_ms): (u64, i64),
        wish: &Wish,
        nothing: Nothing,
    ) {
        let mut concerts = self.concerts.lock().unwrap_or_else(PoisonError::into_inner);
        if concerts.len() >= WISHES_REMEMBERED_MAX && !concerts.contains_key(&concert) {
            concerts.clear();
        }
        let known = concerts.entry(concert).or_default();
        if (known.revision, known.until_ms) != (revision, until_ms)
            || known.wishes.len() >= WISHES_REMEMBERED_MAX
        {
            *known = OfConcert { revision, until_ms, wishes: HashMap::new() };
        }
        known.wishes.insert(wish.clone(), nothing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_counts_until_seats_change_or_a_hold_ends() {
        let (refusals, concert) = (Refusals::default(), ConcertId::new());
        let wish = |quantity| Wish {
            quantity,
            sections: None,
            category: None,
            may_split: false,
            accessible: false,
        };
        let nothing = Nothing { next_deadline: None, possible_if_split: true };
        refusals.remember(concert, (7, 100), &wish(2), nothing);
        assert_eq!(refusals.find(concert, (7, 99), &wish(2)), Some(nothing));
        assert_eq!(refusals.find(concert, (7, 99), &wish(1)), None);
        assert_eq!(refusals.find(concert, (7, 100), &wish(2)), None, "a hold has ended");
        assert_eq!(refusals.find(concert, (8, 99), &wish(2)), None, "a seat has changed");
        assert_eq!(refusals.find(ConcertId::new(), (7, 99), &wish(2)), None);
        refusals.remember(concert, (8, 100), &wish(1), nothing);
        assert_eq!(refusals.find(concert, (7, 99), &wish(2)), None);
    }
}
