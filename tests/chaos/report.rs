//! What a run came to.

use std::collections::BTreeMap;
use std::time::Duration;

use frontrow::rush::history::Totals;

use crate::fault::Fault;
use crate::verdict::Verdict;

/// A run so far.
#[derive(Default)]
pub struct Report {
    pub rounds: u32,
    faults: BTreeMap<Fault, (u32, Duration)>,
    totals: Totals,
    lost: usize,
    twice: usize,
    unasked: usize,
    stuck: u64,
    unexplained: usize,
    measured: Vec<String>,
    pub is_clean: bool,
}

impl Report {
    pub fn new() -> Self {
        Self { is_clean: true, ..Self::default() }
    }

    /// Takes note of a fault, after which everything was ready again within a time.
    pub fn struck(&mut self, fault: Fault, ready_after: Duration) {
        let (times, longest) = self.faults.entry(fault).or_default();
        *times += 1;
        *longest = ready_after.max(*longest);
    }

    pub fn judged(&mut self, verdict: &Verdict) {
        let Verdict { totals, lost, twice, unasked, stuck, unexplained, .. } = verdict;
        self.totals.requests += totals.requests;
        self.totals.operations += totals.operations;
        self.totals.yes += totals.yes;
        self.totals.resolved += totals.resolved;
        self.totals.unresolved += totals.unresolved;
        self.lost += lost;
        self.twice += twice;
        self.unasked += unasked;
        self.stuck += stuck;
        self.unexplained += unexplained;
        // Where nothing is sold, nothing can be lost.
        self.is_clean &= verdict.is_clean() && totals.yes > 0;
    }

    /// Takes note of what was measured, and whether it is what was promised.
    pub fn measured(&mut self, what: String, is_kept: bool) {
        let what = if is_kept { what } else { format!("NOT AS PROMISED: {what}") };
        println!("{what}");
        self.measured.push(what);
        self.is_clean &= is_kept;
    }

    pub fn print(&self) {
        println!("\n{:<55} {:>5} {:>12}", "fault", "times", "ready after");
        for (fault, (times, longest)) in &self.faults {
            println!("{:<55} {times:>5} {:>9} ms", fault.name(), longest.as_millis());
        }
        let left_out = Fault::ALL.iter().filter(|fault| !self.faults.contains_key(fault));
        for fault in left_out {
            println!("{:<55} {:>5}", fault.name(), 0);
        }
        let Totals { requests, operations, yes, resolved, unresolved } = self.totals;
        let faults: u32 = self.faults.values().map(|(times, _)| times).sum();
        println!(
            "\n{} rounds, {faults} faults: {requests} requests for {operations} things, of which \
             {yes} were done; {resolved} unknowns resolved, {unresolved} not",
            self.rounds
        );
        println!(
            "double sales {}, lost {}, sold unasked {}, stuck {}, unexplained {}",
            self.twice, self.lost, self.unasked, self.stuck, self.unexplained
        );
        for what in &self.measured {
            println!("{what}");
        }
    }
}
