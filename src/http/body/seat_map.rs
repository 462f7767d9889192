//! A seat map on the wire: by rows, each property of its seats an array of its own. Of 90,000
//! seats this takes a third of what an object for each seat would.

use serde::Serialize;
use uuid::Uuid;

use crate::domain::area::Area;
use crate::domain::seat_map::{Category, Row, Seat, SeatMap, Section};

/// One version of a seat map.
///
/// Seats are numbered as they stand here, from 0: section by section, row by row. That number is a
/// seat's place in the `states` of an availability.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SeatMap)]
pub struct SeatMapBody<'a> {
    /// Its id.
    id: Uuid,
    /// Its name, shared by its versions.
    name: &'a str,
    /// Which version, from 1.
    version: u32,
    /// How many seats there are.
    capacity: u32,
    /// The width of the drawing.
    width: f32,
    /// The height of the drawing.
    height: f32,
    /// Where everybody looks, from the left and from the top: where the best seats are near. Null if
    /// there are no seats.
    #[schema(required)]
    focus: Option<(f32, f32)>,
    /// Its categories.
    categories: Vec<MapCategory<'a>>,
    /// Its sections.
    sections: Vec<MapSection<'a>>,
    /// Its standing areas.
    areas: Vec<MapArea<'a>>,
    /// The numbers of its accessible seats, such as places for wheelchairs: anybody may claim them
    /// by their ids, and "best available" gives them only to those who ask for them.
    accessible: Vec<u32>,
}

/// A part of the house where people stand.
#[derive(Serialize, utoipa::ToSchema)]
struct MapArea<'a> {
    /// Its id: what a claim sends.
    #[schema(example = "FLOOR")]
    id: &'a str,
    /// Its name.
    name: &'a str,
    /// Its section, as an index.
    section: u32,
    /// Its category, as an index.
    category: u16,
    /// How many people fit in.
    capacity: u32,
    /// Its corners on the drawing, each from the left and from the top; none if it is not drawn.
    outline: &'a [(f32, f32)],
}

/// Seats that cost the same at a concert.
#[derive(Serialize, utoipa::ToSchema)]
struct MapCategory<'a> {
    /// Its name.
    name: &'a str,
    /// Its colour on the drawing.
    color: &'a str,
}

/// A part of the house.
#[derive(Serialize, utoipa::ToSchema)]
struct MapSection<'a> {
    /// Its name.
    name: &'a str,
    /// Its rows.
    rows: Vec<MapRow<'a>>,
}

/// A row of seats. All its arrays have one element a seat.
#[derive(Serialize, utoipa::ToSchema)]
struct MapRow<'a> {
    /// What the sign says.
    label: &'a str,
    /// Each seat's id: what a claim sends.
    ids: Vec<&'a str>,
    /// What each seat's sign says.
    labels: Vec<&'a str>,
    /// Each seat's category, as an index.
    categories: Vec<u16>,
    /// Where each seat is on the drawing, from the left.
    x: Vec<f32>,
    /// Where each seat is on the drawing, from the top.
    y: Vec<f32>,
}

impl<'a> SeatMapBody<'a> {
    /// All of a map.
    pub fn new(map: &'a SeatMap) -> Self {
        let (width, height) = map.size;
        Self {
            id: map.id.0,
            name: &map.name,
            version: map.version,
            capacity: map.capacity(),
            width,
            height,
            focus: focus(map),
            categories: map.categories.iter().map(category).collect(),
            sections: map.sections.iter().map(|part| section(map, part)).collect(),
            areas: map.areas.iter().map(area).collect(),
            accessible: (0..).zip(&map.seats).filter_map(accessible).collect(),
        }
    }
}

fn focus(map: &SeatMap) -> Option<(f32, f32)> {
    let focus = || map.ranking().focus;
    (map.capacity() > 0).then(focus).map(|focus| (focus.x as f32, focus.y as f32))
}

fn accessible((number, seat): (u32, &Seat)) -> Option<u32> {
    seat.accessible.then_some(number)
}

fn category(category: &Category) -> MapCategory<'_> {
    MapCategory { name: &category.name, color: &category.color }
}

fn area(area: &Area) -> MapArea<'_> {
    let Area { id, name, section, category, capacity, outline } = area;
    MapArea { id, name, section: *section, category: *category, capacity: *capacity, outline }
}

fn section<'a>(map: &'a SeatMap, section: &'a Section) -> MapSection<'a> {
    let rows = section.rows.start as usize..section.rows.end as usize;
    MapSection {
        name: &section.name,
        rows: map.rows[rows].iter().map(|part| row(map, part)).collect(),
    }
}

fn row<'a>(map: &'a SeatMap, row: &'a Row) -> MapRow<'a> {
    let seats: &[Seat] = &map.seats[row.seats.start as usize..row.seats.end as usize];
    MapRow {
        label: &row.label,
        ids: seats.iter().map(|seat| &*seat.id).collect(),
        labels: seats.iter().map(|seat| &*seat.label).collect(),
        categories: seats.iter().map(|seat| seat.category).collect(),
        x: seats.iter().map(|seat| seat.x).collect(),
        y: seats.iter().map(|seat| seat.y).collect(),
    }
}
