//! Whether the seats can have gone from hand to hand in one order that explains every answer.
//!
//! A history is *linearizable* when each operation can be thought to have happened at one moment between
//! its beginning and its end, so that all answers are right one after the other (Herlihy and Wing). That
//! may be asked of each seat by itself, because a history is linearizable when it is for each object: so
//! a stadium is as many small questions as it has seats. Each is answered by Wing and Gong's search, in
//! Lowe's form ("Testing for linearizability", 2017, just-in-time linearization): operations are taken
//! as late as can be, just before one of them ends, and configurations that were met are not met again.
//!
//! What a seat can do is in `seat.rs`. An operation that only looks is taken as soon as it is right:
//! it changes nothing, so that waiting can gain nothing. What is left to be tried is the order of
//! grants, and they exclude each other. That is why a seat that thousands asked for stays cheap.

mod search;
mod seat;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::history::{Asked, History, Moment, Operation, Outcome};
use crate::domain::ids::ReservationId;
use seat::Deed;

/// How many violations are told in full.
const VIOLATIONS_NAMED_MAX: usize = 20;

/// Why a history cannot be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The number of the seat.
    pub seat: u32,
    /// What cannot be.
    pub what: String,
}

/// What a look at a history came to.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Seats that somebody asked for.
    pub seats: usize,
    /// Seats whose history cannot be right.
    pub wrong: usize,
    /// The first of these.
    pub violations: Vec<Violation>,
}

/// One operation, as one of its seats sees it.
#[derive(Clone, Debug)]
struct Step {
    deed: Deed,
    begun: Moment,
    /// None when it may happen at any time after it was begun, or never.
    ended: Option<Moment>,
}

/// Looks at every seat of a history.
pub fn check(history: &History) -> Checked {
    let mut by_seat: HashMap<u32, Vec<&Operation>> = HashMap::new();
    for operation in &history.operations {
        for &seat in &operation.seats {
            by_seat.entry(seat).or_default().push(operation);
        }
    }
    let mut checked = Checked { seats: by_seat.len(), ..Checked::default() };
    for (seat, operations) in by_seat {
        let Err(what) = check_seat(seat, &operations) else { continue };
        checked.wrong += 1;
        if checked.violations.len() < VIOLATIONS_NAMED_MAX {
            checked.violations.push(Violation { seat, what });
        }
    }
    checked
}

fn check_seat(seat: u32, operations: &[&Operation]) -> Result<(), String> {
    confirmed_in_time(operations)?;
    let steps: Vec<_> = operations.iter().filter_map(|operation| step(seat, operation)).collect();
    search::search(&steps).map_err(|wrong| {
        let none = if wrong.gave_up { "there are too many orders to try" } else { "no order" };
        let mut what =
            format!("{none} explains {:?}; what may have to do with it", wrong.step.deed);
        let mut near: Vec<_> = steps.iter().filter(|step| wrong.concerns(step)).collect();
        near.sort_by_key(|step| step.begun);
        for Step { deed, begun, ended } in near {
            what += &format!("\n    {:>12} – {:>12?} {deed:?}", begun.0, ended.map(|at| at.0));
        }
        what
    })
}

/// What of an operation is about this seat; none when it says nothing of it.
fn step(seat: u32, operation: &Operation) -> Option<Step> {
    let deed = Deed::of(seat, operation)?;
    let ended = match operation.outcome {
        Outcome::Unknown => None,
        Outcome::Yes(_) | Outcome::No(_) => Some(operation.ended),
    };
    Some(Step { deed, begun: operation.begun, ended })
}

/// A hold that is over at its deadline is never confirmed. The search takes operations as late as can
/// be, and so cannot see that.
fn confirmed_in_time(operations: &[&Operation]) -> Result<(), String> {
    let mut must_end: HashMap<ReservationId, Moment> = HashMap::new();
    for operation in operations {
        if let (Asked::Claim, Outcome::Yes(stand)) = (operation.asked, &operation.outcome) {
            must_end.insert(operation.reservation, stand.must_end);
        }
    }
    for operation in operations {
        if let (Asked::Confirm, Outcome::Yes(_)) = (operation.asked, &operation.outcome)
            && let Some(&end) = must_end.get(&operation.reservation)
            && operation.begun > end
            && !is_confirmed_before(operations, operation)
        {
            return Err(format!("it was sold after its hold was over: {operation:?}"));
        }
    }
    Ok(())
}

/// Whether it was sold before, so that it was only told again.
fn is_confirmed_before(operations: &[&Operation], again: &Operation) -> bool {
    operations.iter().any(|other| {
        other.asked == Asked::Confirm
            && other.reservation == again.reservation
            && other.begun < again.begun
            && !matches!(other.outcome, Outcome::No(_))
    })
}
