//! What a sale is measured by, as a table for people and as JSON for programs.

use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use hdrhistogram::Histogram;
use serde::Serialize;

use super::Name;

/// How one sale went.
#[derive(Clone, Debug, Serialize)]
pub struct Measurement {
    /// The way in which it was sold.
    pub strategy: Name,
    /// Seats in the house.
    pub seats: u32,
    /// People who wanted one.
    pub users: u32,
    /// The time within which they came; 0: all at once.
    pub spread_ms: u64,
    /// People who were told that they have a seat.
    pub calls_ok: u32,
    /// Seats that somebody has in the end.
    pub seats_claimed: u32,
    /// People who were told so and have none.
    pub double_booked: i64,
    /// Seats left although somebody was turned away.
    pub unsold: u32,
    /// How long it took.
    #[serde(flatten)]
    pub latencies: Latencies,
    /// Statements sent to PostgreSQL for each booking.
    #[serde(skip)]
    pub statements: f64,
    /// Commands and scripts sent to Redis for each booking.
    #[serde(skip)]
    pub commands: f64,
    /// What else is worth knowing.
    #[serde(skip)]
    pub remark: String,
}

/// Times in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Latencies {
    /// From the opening to the last answer.
    pub wall_ms: f64,
    /// Half of the buyers were answered within this time.
    pub p50_ms: f64,
    /// Of a hundred buyers, ninety-nine were.
    pub p99_ms: f64,
    /// All were.
    pub max_ms: f64,
}

impl Latencies {
    /// Those of a sale, of which each buyer's is in microseconds.
    pub(super) fn new(wall: Duration, latencies: &Histogram<u64>) -> Self {
        let ms = |us: u64| us as f64 / 1e3;
        Self {
            wall_ms: ms(wall.as_micros() as u64),
            p50_ms: ms(latencies.value_at_quantile(0.5)),
            p99_ms: ms(latencies.value_at_quantile(0.99)),
            max_ms: ms(latencies.max()),
        }
    }
}

impl Measurement {
    /// What its strategy promises and did not keep, as a sentence.
    pub fn broken_promise(&self) -> Option<String> {
        let Self { strategy, double_booked, unsold, .. } = self;
        if *double_booked != 0 && !strategy.may_double_book() {
            return Some(format!(
                "{strategy} told {double_booked} people too many that they have a seat"
            ));
        }
        if *unsold != 0 && strategy.leaves_none_unsold() {
            return Some(format!("{strategy} left {unsold} seats and turned people away"));
        }
        None
    }
}

/// A table that can be read in a terminal and pasted into a document.
pub fn table(measurements: &[Measurement]) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header([
        "strategy",
        "told yes",
        "claimed",
        "double-booked",
        "unsold",
        "wall ms",
        "p50 ms",
        "p99 ms",
        "max ms",
        "SQL each",
        "Redis each",
        "",
    ]);
    for measured in measurements {
        let Latencies { wall_ms, p50_ms, p99_ms, max_ms } = measured.latencies;
        table.add_row([
            measured.strategy.to_string(),
            measured.calls_ok.to_string(),
            measured.seats_claimed.to_string(),
            measured.double_booked.to_string(),
            measured.unsold.to_string(),
            format!("{wall_ms:.0}"),
            format!("{p50_ms:.1}"),
            format!("{p99_ms:.1}"),
            format!("{max_ms:.1}"),
            format!("{:.1}", measured.statements),
            format!("{:.1}", measured.commands),
            measured.remark.clone(),
        ]);
    }
    for column in table.column_iter_mut().skip(1).take(10) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// An array with one object a sale.
///
/// # Errors
/// Never, as there is nothing in a measurement that JSON has not.
pub fn json(measurements: &[Measurement]) -> serde_json::Result<String> {
    serde_json::to_string_pretty(measurements)
}
