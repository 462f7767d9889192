//! A layout as a seating plan again: for whoever takes a house to another system, and for the test
//! that what was read can be written and read back.

use std::ops::Range;

use crate::domain::area;
use crate::domain::seat_map::{self, Layout, Section};

use super::file::{Area, Category, Drawn, Label, Plan, Point, Polygon, Row, Seat, Size, Zone};

/// The plan as JSON. Zones and rows are at the origin, and seats where they are on the drawing.
///
/// # Errors
/// Never for a layout that was imported: only numbers that JSON has no form for.
pub fn write(name: &str, layout: &Layout) -> serde_json::Result<Vec<u8>> {
    let plan = Plan {
        name: name.to_owned(),
        size: Some(Size { width: f64::from(layout.size.0), height: f64::from(layout.size.1) }),
        categories: layout.categories.iter().map(category).collect(),
        zones: (0..).zip(&layout.sections).map(|(index, part)| zone(layout, index, part)).collect(),
    };
    serde_json::to_vec(&plan)
}

fn category(category: &seat_map::Category) -> Category {
    Category { name: category.name.clone(), color: Some(category.color.clone()), accessible: None }
}

fn zone(layout: &Layout, index: u32, section: &Section) -> Zone {
    let rows = &layout.rows[indices(&section.rows)];
    let areas = layout.areas.iter().filter(|area| area.section == index);
    Zone {
        name: Some(section.name.clone()),
        zone_id: None,
        position: Point::default(),
        rows: rows.iter().map(|line| row(layout, line)).collect(),
        areas: areas.map(|standing| Drawn(Some(area(layout, standing)))).collect(),
    }
}

/// Whatever shape it was drawn with, it is a polygon by now.
fn area(layout: &Layout, area: &area::Area) -> Area {
    let corner = |&(x, y): &(f32, f32)| Point { x: f64::from(x), y: f64::from(y) };
    let points: Vec<_> = area.outline.iter().map(corner).collect();
    Area {
        area_guid: Some(Label(area.id.clone())),
        name: Some(area.name.clone()),
        capacity: area.capacity,
        category: Some(layout.categories[usize::from(area.category)].name.as_str().into()),
        polygon: (!points.is_empty()).then_some(Polygon { points }),
        ..Area::default()
    }
}

fn row(layout: &Layout, row: &seat_map::Row) -> Row {
    let seats = &layout.seats[indices(&row.seats)];
    Row {
        row_number: Label(row.label.as_str().into()),
        position: Point::default(),
        seats: seats.iter().map(|one| seat(layout, one)).collect(),
    }
}

fn seat(layout: &Layout, seat: &seat_map::Seat) -> Seat {
    Seat {
        seat_guid: Label(seat.id.clone()),
        seat_number: Label(seat.label.clone()),
        position: Point { x: f64::from(seat.x), y: f64::from(seat.y) },
        category: layout.categories[usize::from(seat.category)].name.as_str().into(),
        accessible: seat.accessible.then_some(true),
    }
}

fn indices(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
