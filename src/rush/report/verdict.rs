//! Whether what everybody was told can be true.

use serde::Serialize;

use crate::domain::reservation::Reservation;
use crate::rush::{History, linear, oracle};

/// What a look at all answers and at PostgreSQL says.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Seats that were sold to two.
    pub sold_twice: usize,
    /// Sales that somebody was told of and that PostgreSQL does not have as they were told.
    pub lost: usize,
    /// Sales that PostgreSQL has and that nobody asked for.
    pub unasked: usize,
    /// Seats whose answers no order of events explains.
    pub impossible: usize,
    /// Requests whose answer was lost and whose outcome was found out by asking again.
    pub unknown_resolved: u64,
    /// Requests whose outcome could not be found out.
    pub unknown_left: u64,
    /// The first mistakes, as sentences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mistakes: Vec<String>,
}

impl Verdict {
    /// Looks at a history and at what PostgreSQL has sold, once the log is persisted.
    pub fn of(history: &History, sold: &[Reservation]) -> Self {
        let (found, checked) = (oracle::compare(history, sold), linear::check(history));
        let totals = history.totals();
        let wrong = |it: linear::Violation| format!("seat {}: {}", it.seat, it.what);
        Self {
            sold_twice: found.twice,
            lost: found.lost,
            unasked: found.unasked,
            impossible: checked.wrong,
            unknown_resolved: totals.resolved,
            unknown_left: totals.unresolved,
            mistakes: found
                .named
                .into_iter()
                .chain(checked.violations.into_iter().map(wrong))
                .collect(),
        }
    }

    /// Whether all promises were kept, and all is known.
    pub fn is_clean(&self) -> bool {
        let Self { sold_twice, lost, unasked, impossible, unknown_left, .. } = *self;
        sold_twice + lost + unasked + impossible == 0 && unknown_left == 0
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sold_twice, lost, unasked, impossible, .. } = self;
        write!(f, "sold twice: {sold_twice}, lost: {lost}, unasked: {unasked}, ")?;
        write!(f, "seats with an impossible history: {impossible}; ")?;
        let Self { unknown_resolved, unknown_left, mistakes, .. } = self;
        write!(f, "answers lost: {unknown_resolved} found out, {unknown_left} left open")?;
        mistakes.iter().try_for_each(|mistake| write!(f, "\n  {mistake}"))
    }
}
