//! What an import says when it went well.

use std::fmt;

use crate::domain::ids::SeatMapId;
use crate::ledger::seat_maps::SeatMapImport;

use super::concert_file::Resolved;
use super::seating_plan::SeatingPlan;

/// A seat map that was imported, now or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedMap {
    /// Its id.
    pub id: SeatMapId,
    /// Its name.
    pub name: String,
    /// Its version, new or as it was.
    pub version: u32,
    /// Whether that version is new.
    pub is_new: bool,
    /// How many seats it has.
    pub seats: usize,
    /// How many people can stand in its areas.
    pub standing: u32,
    /// How many sections.
    pub sections: usize,
    /// How many categories.
    pub categories: usize,
}

/// What was imported. Its `Display` is one line in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportReport {
    /// A seat map.
    SeatMap(ImportedMap),
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
    /// The report on concerts.
    pub(super) fn concerts(resolved: &Resolved) -> Self {
        Self::Concerts {
            new: resolved.new,
            changed: resolved.changed,
            unchanged: resolved.unchanged,
        }
    }
}

impl ImportedMap {
    /// The map that a plan is; none if its name is another organiser's.
    pub(super) fn of(plan: &SeatingPlan, outcome: SeatMapImport) -> Option<Self> {
        let (id, version, is_new) = match outcome {
            SeatMapImport::Inserted(id, version) => (id, version, true),
            SeatMapImport::Unchanged(id, version) => (id, version, false),
            SeatMapImport::NameTaken => return None,
        };
        Some(Self {
            id,
            name: plan.name.clone(),
            version,
            is_new,
            seats: plan.layout.seats.len(),
            standing: plan.layout.areas.iter().map(|area| area.capacity).sum(),
            sections: plan.layout.sections.len(),
            categories: plan.layout.categories.len(),
        })
    }
}

impl ImportedMap {
    /// Who fits in, in words.
    fn room(&self) -> String {
        let seats = counted(self.seats, "seat", "seats");
        let people = match (self.seats, self.standing) {
            (_, 0) => seats,
            (0, standing) => format!("{standing} standing"),
            (_, standing) => format!("{seats} and {standing} standing"),
        };
        let sections = counted(self.sections, "section", "sections");
        let categories = counted(self.categories, "category", "categories");
        format!("{people} in {sections}, {categories}")
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SeatMap(map) => {
                let ImportedMap { name, version, is_new, .. } = map;
                let unchanged = if *is_new { "" } else { " unchanged" };
                write!(f, "seat map {name:?} version {version}{unchanged}: {}", map.room())
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
