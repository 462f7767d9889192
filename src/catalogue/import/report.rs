//! What an import says when it went well.

use std::fmt;

use crate::ledger::seat_maps::SeatMapImport;

use super::concert_file::Resolved;
use super::seating_plan::SeatingPlan;

/// What was imported. Its `Display` is one line in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportReport {
    /// A seat map.
    SeatMap {
        /// Its name.
        name: String,
        /// Its version, new or as it was.
        version: u32,
        /// Whether that version is new.
        is_new: bool,
        /// How many seats it has.
        seats: usize,
        /// How many sections.
        sections: usize,
        /// How many categories.
        categories: usize,
    },
    /// Concerts.
    Concerts {
        /// How many were not there.
        new: usize,
        /// How many were there, and other than the file says.
        changed: usize,
        /// How many were as the file says.
        unchanged: usize,
    },
}

impl ImportReport {
    /// The report on a seat map.
    pub(super) fn seat_map(plan: &SeatingPlan, outcome: SeatMapImport) -> Self {
        let (version, is_new) = match outcome {
            SeatMapImport::Inserted(version) => (version, true),
            SeatMapImport::Unchanged(version) => (version, false),
        };
        Self::SeatMap {
            name: plan.name.clone(),
            version,
            is_new,
            seats: plan.layout.seats.len(),
            sections: plan.layout.sections.len(),
            categories: plan.layout.categories.len(),
        }
    }

    /// The report on concerts.
    pub(super) fn concerts(resolved: &Resolved) -> Self {
        Self::Concerts {
            new: resolved.new,
            changed: resolved.changed,
            unchanged: resolved.unchanged,
        }
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SeatMap { name, version, is_new, seats, sections, categories } => {
                let seats = counted(*seats, "seat", "seats");
                let sections = counted(*sections, "section", "sections");
                let categories = counted(*categories, "category", "categories");
                let unchanged = if *is_new { "" } else { " unchanged" };
                write!(
                    f,
                    "seat map {name:?} version {version}{unchanged}: \
                     {seats} in {sections}, {categories}"
                )
            }
            Self::Concerts { new, changed, unchanged } => {
                let all = counted(new + changed + unchanged, "concert", "concerts");
                let parts = [(new, "new"), (changed, "changed"), (unchanged, "unchanged")];
                let parts = parts.iter().filter(|(count, _)| **count > 0);
                let parts: Vec<_> = parts.map(|(count, what)| format!("{count} {what}")).collect();
                write!(f, "{all}: {}", parts.join(", "))
            }
        }
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{count} {noun}")
}
