//! Where in the house a seat is.

use super::seat::SeatNumber;
use super::seat_map::{Row, Seat, SeatMap, Section};

/// A seat, with the row and the section that it is in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place<'map> {
    /// Its section.
    pub section: &'map Section,
    /// Its row.
    pub row: &'map Row,
    /// Itself.
    pub seat: &'map Seat,
}

impl SeatMap {
    /// Where the seat with a number is.
    ///
    /// # Panics
    /// When the map has no such seat.
    pub fn place(&self, number: SeatNumber) -> Place<'_> {
        // Rows and sections partition the numbers in order, so that the first to end after the
        // seat is the one that has it, even if empty ones stand before it.
        let row = self.rows.partition_point(|row| row.seats.end <= number.0);
        let ended = |section: &Section| section.rows.end as usize <= row;
        let section = self.sections.partition_point(ended);
        Place { section: &self.sections[section], row: &self.rows[row], seat: self.seat(number) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SeatMapId;
    use crate::domain::seat_map::Layout;

    fn house() -> SeatMap {
        let section = |name: &str, rows| Section { name: name.to_owned(), rows };
        let row = |label: &str, seats| Row { label: label.to_owned(), seats };
        let seat = |number: u32| Seat {
            id: number.to_string().into(),
            label: "1".into(),
            category: 0,
            x: 0.0,
            y: 0.0,
            accessible: false,
        };
        let layout = Layout {
            size: (1.0, 1.0),
            categories: Vec::new(),
            sections: vec![section("S", 0..2), section("none", 2..2), section("T", 2..4)],
            rows: vec![row("A", 0..2), row("B", 2..3), row("empty", 3..3), row("C", 3..5)],
            seats: (0..5).map(seat).collect(),
            areas: Vec::new(),
        };
        SeatMap::new(SeatMapId::new(), "house".to_owned(), 1, [0; 32], layout)
    }

    #[test]
    fn a_seat_is_found_past_empty_rows_and_sections() {
        let map = house();
        let place = |number| {
            let place = map.place(SeatNumber(number));
            format!("{}{}{}", place.section.name, place.row.label, place.seat.id)
        };
        let places: Vec<_> = (0..5).map(place).collect();
        assert_eq!(places, ["SA0", "SA1", "SB2", "TC3", "TC4"]);
    }
}
