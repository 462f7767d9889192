//! What was measured: printed as it comes, held against what it is to be, and kept.

use std::fs::OpenOptions;
use std::io::Write as _;

use serde_json::{Map, Value, json};

use super::load::Outcome;

/// Where the figures of every run are kept, one line of JSON a run.
const HISTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/history.jsonl");

/// Named numbers, in the order in which they were measured.
#[derive(Default)]
pub struct Figures(Map<String, Value>);

impl Figures {
    pub fn add(&mut self, name: &str, value: f64) {
        println!("{name:44} {value:>12.2}");
        self.0.insert(name.to_owned(), json!((value * 1_000.0).round() / 1_000.0));
    }

    pub fn outcome(&mut self, name: &str, outcome: &Outcome) {
        println!("{name}: {:?}", outcome.statuses);
        self.add(&format!("{name}_per_second"), outcome.per_second());
        for (percentile, quantile) in [("p50", 0.5), ("p99", 0.99), ("p999", 0.999), ("max", 1.0)] {
            self.add(&format!("{name}_{percentile}_ms"), outcome.ms_at(quantile));
        }
    }

    /// What was measured under this name; none if that part was left out.
    pub fn find(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }

    /// The ratios of what was measured that we hold ourselves to, and what they are to be.
    pub fn print_ratios(&self) {
        println!("\n{:58} {:>8} {:>8}", "ratio", "is", "asked");
        for (what, above, below, asked) in [
            ("holds / redis-benchmark", "holds_per_second", "redis_benchmark_per_second", 1.25),
            ("refusals / holds", "refusals_per_second", "holds_per_second", 1.5),
            ("best available / holds", "best_available_per_second", "holds_per_second", 0.5),
            ("holds / row locks in PostgreSQL", "holds_per_second", "row_lock_per_second", 20.0),
            ("holds / upserts in PostgreSQL", "holds_per_second", "upsert_per_second", 3.0),
        ] {
            if let (Some(above), Some(below)) = (self.find(above), self.find(below)) {
                println!("{what:58} {:>8.2} {asked:>8.2}", above / below);
            }
        }
    }

    /// Appends the run to the history.
    pub fn append_to_history(&self) {
        let mut file = OpenOptions::new().create(true).append(true).open(HISTORY).unwrap();
        writeln!(file, "{}", Value::Object(self.0.clone())).unwrap();
    }
}
