//! What came of a rush: for people, for programs, and as files to look at afterwards.

mod files;
mod plot;
mod verdict;

use std::collections::BTreeMap;
use std::time::Duration;

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;
use hdrhistogram::Histogram;
use serde::Serialize;

use super::crowd::{Crowd, Sample, Seen};

pub use files::{FilesError, write};
pub use verdict::Verdict;

/// The longest time that a histogram tells apart from longer ones, in µs: longer than anybody asks.
const LATENCY_US_MAX: u64 = 120_000_000;

/// What came of a rush.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What everything random followed from.
    pub seed: u64,
    /// People who were to come a second, by the schedule.
    pub offered_rps: f64,
    /// People a second who had been answered all they asked for, until the last was.
    pub achieved_rps: f64,
    /// How many answers there were, by what was asked and what was told.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// How long they took, from when they were due by the schedule.
    pub latency_ms: BTreeMap<&'static str, Quantiles>,
    /// What a look at all of it says.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// How long answers took, in ms.
#[derive(Debug, Serialize)]
pub struct Quantiles {
    /// Half were there by then.
    pub p50: f64,
    /// All but one in a hundred.
    pub p99: f64,
    /// All but one in a thousand.
    pub p999: f64,
    /// All.
    pub max: f64,
}

impl Report {
    /// What a crowd has seen, and what is to be thought of it.
    pub fn new(crowd: &Crowd, seen: &Seen, verdict: Verdict) -> Self {
        let histograms = histograms(&seen.samples);
        let people = f64::from(crowd.people);
        let last = crowd.within.max(Duration::from_millis(1));
        Self {
            seed: crowd.seed,
            offered_rps: rounded(people / last.as_secs_f64()),
            achieved_rps: rounded(people / seen.took.max(last).as_secs_f64()),
            outcomes: histograms.iter().map(|(&name, latencies)| (name, latencies.len())).collect(),
            latency_ms: histograms
                .iter()
                .map(|(&name, latencies)| (name, quantiles(latencies)))
                .collect(),
            verdict,
        }
    }

    /// The report for people.
    pub fn table(&self) -> String {
        let mut table = Table::new();
        let head = ["outcome", "answers", "p50 ms", "p99 ms", "p99.9 ms", "max ms"];
        table.load_style(ASCII_MARKDOWN).set_header(head);
        for (name, Quantiles { p50, p99, p999, max }) in &self.latency_ms {
            let times = [p50, p99, p999, max].map(|ms| format!("{ms:.1}"));
            let row = [name.replace('_', " "), self.outcomes[name].to_string()];
            table.add_row(row.into_iter().chain(times));
        }
        let Self { offered_rps, achieved_rps, verdict, .. } = self;
        format!(
            "{table}\n\n{offered_rps} people a second came, {achieved_rps} were served\n{verdict}"
        )
    }
}

/// Latencies in µs, by what was asked and told.
fn histograms(samples: &[Sample]) -> BTreeMap<&'static str, Histogram<u64>> {
    let mut histograms: BTreeMap<_, Histogram<u64>> = BTreeMap::new();
    for sample in samples {
        let latencies = histograms.entry(sample.name()).or_insert_with(empty);
        latencies.saturating_record(sample.waited().as_micros().max(1) as u64);
    }
    histograms
}

fn empty() -> Histogram<u64> {
    // The bounds are constants that it takes.
    Histogram::new_with_bounds(1, LATENCY_US_MAX, 3).unwrap_or_else(|_| unreachable!())
}

fn quantiles(latencies: &Histogram<u64>) -> Quantiles {
    let ms = |quantile| latencies.value_at_quantile(quantile) as f64 / 1_000.0;
    Quantiles { p50: ms(0.5), p99: ms(0.99), p999: ms(0.999), max: ms(1.0) }
}

fn rounded(rate: f64) -> f64 {
    (rate * 10.0).round() / 10.0
}
