//! The search for an order.

use std::collections::HashSet;

use super::Step;
use super::seat::Seat;
use crate::rush::history::Moment;

/// Configurations of one seat at a time, beyond which it is not looked for an order any more. Grants
/// exclude each other, so that a seat of a service that is nearly right has a handful.
const CONFIGURATIONS_MAX: usize = 100_000;

/// One way in which it can have been so far.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Configuration {
    seat: Seat,
    /// The steps that have begun and not ended, and are thought to have happened; in rising order.
    happened: Vec<u32>,
}

/// The step at whose end no way was left.
pub(super) struct Wrong<'a> {
    pub step: &'a Step,
    /// Whether there were too many ways to try them all, so that nothing is known.
    pub gave_up: bool,
    /// Whose the seat can have been before.
    holders: Vec<Seat>,
}

impl Wrong<'_> {
    /// Whether a step can have to do with it.
    pub fn concerns(&self, step: &Step) -> bool {
        let id = step.deed.reservation();
        let of_holder = self.holders.iter().any(|seat| seat.holder() == Some(id));
        let granted = step.deed.done_to(Seat::Free).is_some_and(|seat| seat != Seat::Free);
        of_holder || granted || id == self.step.deed.reservation()
    }
}

/// Looks for an order of the steps in which each is right.
pub(super) fn search(steps: &[Step]) -> Result<(), Wrong<'_>> {
    let mut ways = vec![Configuration { seat: Seat::Free, happened: Vec::new() }];
    let mut pending: Vec<u32> = Vec::new();
    for Event { at, is_end, step } in events(steps) {
        if !is_end {
            pending.push(step);
            continue;
        }
        let holders: Vec<_> = ways.iter().map(|way| way.seat).collect();
        let (mut left, mut tried) = (Vec::with_capacity(ways.len()), 0);
        for way in ways {
            tried += happen(steps, &pending, way, step, at, &mut left);
        }
        if left.len() > 1 {
            left = HashSet::<_>::from_iter(left).into_iter().collect();
        }
        pending.retain(|&other| other != step);
        let gave_up = tried > CONFIGURATIONS_MAX;
        if left.is_empty() || gave_up {
            return Err(Wrong { step: &steps[step as usize], gave_up, holders });
        }
        ways = left;
    }
    Ok(())
}

struct Event {
    at: Moment,
    is_end: bool,
    step: u32,
}

/// Beginnings and ends in the order of time. Of one moment, beginnings come first: what touches may
/// have overlapped.
fn events(steps: &[Step]) -> Vec<Event> {
    let mut events = Vec::with_capacity(2 * steps.len());
    for (step, Step { begun, ended, .. }) in (0..).zip(steps) {
        events.push(Event { at: *begun, is_end: false, step });
        events.extend(ended.map(|at| Event { at, is_end: true, step }));
    }
    events.sort_by_key(|event| (event.at, event.is_end));
    events
}

/// Adds to `left` every way in which `wanted` can have happened by now, with no more than had to; how
/// many ways were tried.
fn happen(
    steps: &[Step],
    pending: &[u32],
    way: Configuration,
    wanted: u32,
    now: Moment,
    left: &mut Vec<Configuration>,
) -> usize {
    let mut met = HashSet::new();
    let mut open = vec![way];
    while let Some(mut way) = open.pop() {
        if let Ok(at) = way.happened.binary_search(&wanted) {
            way.happened.remove(at);
            left.push(way);
            continue;
        }
        way.look_around(steps, pending);
        if met.len() > CONFIGURATIONS_MAX {
            break;
        }
        if !met.insert(way.clone()) {
            continue;
        }
        if way.happened.binary_search(&wanted).is_ok() {
            open.push(way);
            continue;
        }
        for &step in pending {
            let Err(at) = way.happened.binary_search(&step) else { continue };
            if let Some(seat) = steps[step as usize].deed.done_to(way.seat) {
                let mut happened = way.happened.clone();
                happened.insert(at, step);
                open.push(Configuration { seat, happened });
            }
        }
        if let Some(seat) = way.seat.overdue(now) {
            open.push(Configuration { seat, happened: way.happened });
        }
    }
    met.len()
}

impl Configuration {
    /// Lets everything happen that is right as it is, and changes nothing.
    fn look_around(&mut self, steps: &[Step], pending: &[u32]) {
        let before = self.happened.len();
        for &step in pending {
            let is_right = steps[step as usize].deed.done_to(self.seat) == Some(self.seat);
            if is_right && self.happened[..before].binary_search(&step).is_err() {
                self.happened.push(step);
            }
        }
        if self.happened.len() > before {
            self.happened.sort_unstable();
        }
    }
}
