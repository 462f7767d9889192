//! What was found, as a table for people and as JSON for programs.

use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use serde::Serialize;

use super::Claim;

/// One claim, with and without what it recommends.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Which.
    pub claim: Claim,
    /// What the deck says.
    pub said: &'static str,
    /// What was measured.
    pub measured: &'static str,
    /// In what.
    pub unit: &'static str,
    /// The figure without it.
    pub without: f64,
    /// The figure with it.
    pub with: f64,
    /// What that comes to.
    pub result: String,
}

/// By how much less, in words.
pub(super) fn less(without: f64, with: f64) -> String {
    format!("{:.1} % less", 100.0 * (1.0 - with / without))
}

/// How many times as much, in words.
pub(super) fn times(without: f64, with: f64) -> String {
    format!("{:.1} times as many", with / without)
}

/// The time that half of the measurements were within, in ms.
pub(super) fn median_ms(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

/// A table that can be read in a terminal and pasted into a document.
pub fn table(findings: &[Finding]) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header([
        "claim",
        "the deck says",
        "measured",
        "without",
        "with",
        "",
    ]);
    for found in findings {
        let figure = |figure: f64| match figure {
            100.0.. => format!("{figure:.0} {}", found.unit),
            figure => format!("{figure:.3} {}", found.unit),
        };
        table.add_row([
            found.claim.to_string(),
            found.said.to_owned(),
            found.measured.to_owned(),
            figure(found.without),
            figure(found.with),
            found.result.clone(),
        ]);
    }
    for column in table.column_iter_mut().skip(3).take(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// An array with one object a claim.
///
/// # Errors
/// Never, as there is nothing in a finding that JSON has not.
pub fn json(findings: &[Finding]) -> serde_json::Result<String> {
    serde_json::to_string_pretty(findings)
}

impl std::fmt::Display for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = clap::ValueEnum::to_possible_value(self);
        f.write_str(name.as_ref().map_or("", clap::builder::PossibleValue::get_name))
    }
}
