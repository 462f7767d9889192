//! Houses for the tests of this folder.

use crate::domain::ids::SeatMapId;
use crate::domain::seat_map::{Category, Layout, Row, Seat, SeatMap, Section};

/// A seat by its place, category, and whether it is accessible.
pub type Spot = (f32, f32, u16, bool);

/// A house from sections of rows of seats, with three categories. Sections are called by a letter,
/// and the fourth as the first.
pub fn house(sections: &[Vec<Vec<Spot>>]) -> SeatMap {
    let category = |name: &str| Category { name: name.to_owned(), color: "#112233".to_owned() };
    let mut layout = Layout {
        size: (1_000.0, 1_000.0),
        categories: ["Plain", "Good", "Best"].map(category).to_vec(),
        sections: Vec::new(),
        rows: Vec::new(),
        seats: Vec::new(),
        areas: Vec::new(),
    };
    for (rows, name) in sections.iter().zip("ABCABC".chars()) {
        let first = layout.rows.len() as u32;
        for (label, spots) in (1..).zip(rows) {
            let start = layout.seats.len() as u32;
            for &(x, y, category, accessible) in spots {
                let id = layout.seats.len().to_string().into();
                layout.seats.push(Seat { id, label: "1".into(), category, x, y, accessible });
            }
            let seats = start..layout.seats.len() as u32;
            layout.rows.push(Row { label: label.to_string(), seats });
        }
        let rows = first..layout.rows.len() as u32;
        layout.sections.push(Section { name: name.to_string(), rows });
    }
    SeatMap::new(SeatMapId::new(), "House".to_owned(), 1, [0; 32], layout)
}

/// A straight row at `y`; every character is 20 wide: `#` a seat, `a` an accessible one, a digit one
/// of that category, a blank none.
pub fn row(plan: &str, y: f32) -> Vec<Spot> {
    let spot = |(index, character): (usize, char)| {
        let category = character.to_digit(10).unwrap_or_default() as u16;
        (character != ' ').then_some((20.0 * index as f32, y, category, character == 'a'))
    };
    plan.chars().enumerate().filter_map(spot).collect()
}

/// A section of straight rows, the first at `y`.
pub fn section(plans: &[&str], y: f32) -> Vec<Vec<Spot>> {
    (0..).zip(plans).map(|(index, plan)| row(plan, y + 25.0 * index as f32)).collect()
}
