//! pretix's open seating-plan format, made into a layout. `docs/import.md` documents it.

mod area_file;
mod check;
mod checksum;
mod color;
mod file;
mod outline;
mod standing;
mod write;

#[cfg(test)]
mod tests;

use crate::domain::seat_map::Layout;

use super::error::Mistakes;
use super::json;

pub use write::write;

/// A seating plan that was read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct SeatingPlan {
    /// Its name, which its versions share.
    pub name: String,
    /// The seats and where they are.
    pub layout: Layout,
    /// A digest of the layout, by which a plan that was imported before is recognised.
    pub checksum: [u8; 32],
}

/// Reads a plan: bare, or as the `layout` of pretix's API.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(bytes: &[u8], kind: json::Kind) -> Result<SeatingPlan, Mistakes> {
    let (plan, prefix) = if kind == json::Kind::WrappedSeatingPlan {
        let wrapped: file::Wrapped = json::read(bytes)?;
        let mut plan = wrapped.layout;
        plan.name = wrapped.name.unwrap_or(plan.name);
        (plan, "layout.")
    } else {
        (json::read(bytes)?, "")
    };
    let layout = check::layout(&plan, prefix)?;
    let checksum = checksum::of(&layout);
    Ok(SeatingPlan { name: plan.name, layout, checksum })
}
