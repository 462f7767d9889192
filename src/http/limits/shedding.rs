//! Refusing some of what comes before all of it is late: the more there is to do, the fewer classes are
//! let in, and those last whose callers have most to lose.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::class::Class;

/// How many requests are at work.
pub(super) struct Shedding {
    at_work: AtomicUsize,
    most: usize,
}

/// A place among those that are at work.
pub(super) struct Place<'a>(&'a AtomicUsize);

impl Shedding {
    pub(super) fn new(requests_max: usize) -> Self {
        Self { at_work: AtomicUsize::new(0), most: requests_max }
    }

    /// A place for a request, unless there are as many at work as its class may find there.
    pub(super) fn enter(&self, class: Class) -> Option<Place<'_>> {
        let at_work = self.at_work.fetch_add(1, Ordering::Relaxed);
        let place = Place(&self.at_work);
        (at_work < self.most_for(class)).then_some(place)
    }

    /// At least one of each class, so that a small process serves all.
    fn most_for(&self, class: Class) -> usize {
        let tenths = match class {
            Class::Browse => 6,
            Class::SignIn | Class::Admin => 7,
            Class::Claim => 9,
            Class::Finish => 10,
        };
        (self.most * tenths / 10).max(1)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_begun_is_finished_longest() {
        let shedding = Shedding::new(10);
        let mut places = Vec::new();
        let mut last = Vec::new();
        for class in [Class::Browse, Class::SignIn, Class::Claim, Class::Finish] {
            while let Some(place) = shedding.enter(class) {
                places.push(place);
            }
            last.push(places.len());
        }
        assert_eq!(last, [6, 7, 9, 10]);
        drop(places);
        assert!(shedding.enter(Class::Browse).is_some());
    }
}
