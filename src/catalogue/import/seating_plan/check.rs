//! From the plan in the file to a layout, or to the list of everything that is wrong with it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::catalogue::import::error::Mistakes;
use crate::catalogue::import::text;
use crate::domain::limits::{
    AREA_CAPACITY_MAX, AREAS_PER_MAP_MAX, CATEGORIES_PER_MAP_MAX, COORDINATE_MAX, ROWS_PER_MAP_MAX,
    SEATS_PER_MAP_MAX, SECTIONS_PER_MAP_MAX,
};
use crate::domain::seat_map::{Category, Layout, Row, Seat, Section};

use super::color;
use super::file::{self, Plan, Point};

/// The layout of a plan. Seats are numbered by zone, row, seat in the order of the file; rows and
/// zones without seats are scenery, and left out.
///
/// # Errors
/// Everything that is wrong, with paths that begin with `prefix`.
pub fn layout(plan: &Plan, prefix: &str) -> Result<Layout, Mistakes> {
    // A plan that is too large is not looked at seat by seat.
    counts(plan, prefix)?;
    let mut walk = Walk {
        prefix,
        mistakes: Mistakes::default(),
        categories: HashMap::new(),
        accessible: Vec::with_capacity(plan.categories.len()),
        first_places: HashMap::new(),
        first_areas: HashMap::new(),
        layout: Layout::default(),
    };
    walk.text("name", &plan.name);
    walk.categories(&plan.categories);
    for (index, zone) in plan.zones.iter().enumerate() {
        walk.zone(index, zone);
    }
    walk.size(plan.size.as_ref());
    if walk.layout.seats.is_empty() && walk.layout.areas.is_empty() {
        walk.add(|| "zones".to_owned(), "has no seats and no areas with a capacity");
    }
    walk.mistakes.unless_any(walk.layout)
}

/// Holds a plan against the limits.
fn counts(plan: &Plan, prefix: &str) -> Result<(), Mistakes> {
    let rows = plan.zones.iter().map(|zone| zone.rows.len()).sum();
    let all_rows = plan.zones.iter().flat_map(|zone| &zone.rows);
    let seats = all_rows.map(|row| row.seats.len()).sum();
    let areas = plan.zones.iter().flat_map(|zone| &zone.areas);
    let areas = areas.filter_map(|area| area.0.as_ref());
    let capacities: Vec<usize> = areas.map(|area| area.capacity as usize).collect();
    let bounds = [
        ("categories", "categories", plan.categories.len(), CATEGORIES_PER_MAP_MAX),
        ("zones", "zones", plan.zones.len(), SECTIONS_PER_MAP_MAX),
        ("zones", "rows", rows, ROWS_PER_MAP_MAX),
        ("zones", "seats", seats, SEATS_PER_MAP_MAX as usize),
        ("zones", "areas with a capacity", capacities.len(), AREAS_PER_MAP_MAX),
        ("zones", "places in areas", capacities.iter().sum(), AREA_CAPACITY_MAX as usize),
    ];
    let mut mistakes = Mistakes::default();
    for (key, what, count, most) in bounds {
        if count > most {
            let what = format!("{count} {what} are too many, {most} is the most");
            mistakes.add(|| format!("{prefix}{key}"), what);
        }
    }
    mistakes.unless_any(())
}

/// Where in the file a seat is.
#[derive(Clone, Copy)]
struct Place {
    zone: usize,
    row: usize,
    seat: usize,
}

impl Place {
    fn of(self, key: &str) -> String {
        let Self { zone, row, seat } = self;
        format!("zones[{zone}].rows[{row}].seats[{seat}].{key}")
    }
}

/// What is known so far on the way through a plan.
pub(super) struct Walk<'a> {
    /// What paths begin with.
    pub(super) prefix: &'a str,
    /// What is wrong so far.
    mistakes: Mistakes,
    /// The categories' indices by name.
    pub(super) categories: HashMap<&'a str, u16>,
    /// For each category, whether its seats are accessible.
    accessible: Vec<bool>,
    /// Where each seat id was first.
    first_places: HashMap<&'a str, Place>,
    /// Where each area id was first: the zone and the area in it.
    pub(super) first_areas: HashMap<&'a str, (usize, usize)>,
    /// What was read so far.
    pub(super) layout: Layout,
}

impl<'a> Walk<'a> {
    pub(super) fn add(&mut self, path: impl FnOnce() -> String, what: impl Into<String>) {
        let prefix = self.prefix;
        self.mistakes.add(|| format!("{prefix}{}", path()), what);
    }

    fn text(&mut self, path: &str, text: &str) {
        if let Some(what) = text::complaint(text) {
            self.add(|| path.to_owned(), what);
        }
    }

    fn categories(&mut self, categories: &'a [file::Category]) {
        for (index, category) in categories.iter().enumerate() {
            self.text(&format!("categories[{index}].name"), &category.name);
            let number = index as u16;
            let first = *self.categories.entry(&category.name).or_insert(number);
            if first != number {
                let what = format!("duplicate {:?}, first in categories[{first}]", category.name);
                self.add(|| format!("categories[{index}].name"), what);
            }
            self.accessible.push(category.accessible.unwrap_or_default());
            let color = match &category.color {
                None => Some(color::default_of(index).to_owned()),
                Some(color) => color::normalized(color),
            };
            if color.is_none() {
                let color = category.color.as_deref().unwrap_or_default();
                let what = format!("{color:?} is not a colour: write it as #rrggbb");
                self.add(|| format!("categories[{index}].color"), what);
            }
            self.layout
                .categories
                .push(Category { name: category.name.clone(), color: color.unwrap_or_default() });
        }
    }

    fn zone(&mut self, index: usize, zone: &'a file::Zone) {
        let first_row = self.layout.rows.len() as u32;
        let origin = self.point(|| format!("zones[{index}].position"), zone.position);
        for (row_index, row) in zone.rows.iter().enumerate() {
            self.row(index, row_index, row, origin);
        }
        let rows = first_row..self.layout.rows.len() as u32;
        let first_area = self.layout.areas.len();
        for (area_index, area) in zone.areas.iter().enumerate() {
            let file::Drawn(Some(area)) = area else { continue };
            self.area((index, area_index), area, origin);
        }
        if rows.is_empty() && self.layout.areas.len() == first_area {
            return;
        }
        let zone_id = zone.zone_id.as_ref().map(|id| id.0.to_string());
        let name = zone.name.clone().or(zone_id);
        let name = name.unwrap_or_else(|| format!("Zone {}", index + 1));
        self.text(&format!("zones[{index}].name"), &name);
        self.layout.sections.push(Section { name, rows });
    }

    fn row(&mut self, zone: usize, index: usize, row: &'a file::Row, origin: Point) {
        if row.seats.is_empty() {
            return;
        }
        let path = || format!("zones[{zone}].rows[{index}]");
        if let Some(what) = text::complaint(&row.row_number.0) {
            self.add(|| format!("{}.row_number", path()), what);
        }
        let position = self.point(|| format!("{}.position", path()), row.position);
        let origin = sum(origin, position);
        let first_seat = self.layout.seats.len() as u32;
        for (seat_index, seat) in row.seats.iter().enumerate() {
            let place = Place { zone, row: index, seat: seat_index };
            self.seat(place, seat, origin);
        }
        self.layout.rows.push(Row {
            label: row.row_number.0.to_string(),
            seats: first_seat..self.layout.seats.len() as u32,
        });
    }

    fn seat(&mut self, place: Place, seat: &'a file::Seat, origin: Point) {
        if let Some(what) = text::complaint(&seat.seat_guid.0) {
            self.add(|| place.of("seat_guid"), what);
        } else {
            self.unique(place, &seat.seat_guid.0);
        }
        if let Some(what) = text::complaint(&seat.seat_number.0) {
            self.add(|| place.of("seat_number"), what);
        }
        let category = self.categories.get(&*seat.category).copied();
        if category.is_none() {
            let what = format!("unknown category {:?}", seat.category);
            self.add(|| place.of("category"), what);
        }
        let category = category.unwrap_or_default();
        let point = self.point(|| place.of("position"), sum(origin, seat.position));
        let of_category = self.accessible.get(usize::from(category)).copied();
        self.layout.seats.push(Seat {
            id: seat.seat_guid.0.clone(),
            label: seat.seat_number.0.clone(),
            category,
            x: narrow(point.x),
            y: narrow(point.y),
            accessible: seat.accessible.or(of_category).unwrap_or_default(),
        });
    }

    fn unique(&mut self, place: Place, id: &'a str) {
        match self.first_places.entry(id) {
            Entry::Vacant(vacant) => {
                vacant.insert(place);
            }
            Entry::Occupied(first) => {
                let Place { zone, row, seat } = *first.get();
                let prefix = self.prefix;
                let first = format!("{prefix}zones[{zone}].rows[{row}].seats[{seat}]");
                self.add(|| place.of("seat_guid"), format!("duplicate {id:?}, first in {first}"));
            }
        }
    }

    /// A point, after noting if it is off any drawing; the origin then, so that one zone that is
    /// off makes one mistake and not one per seat.
    pub(super) fn point(&mut self, path: impl FnOnce() -> String, point: Point) -> Point {
        let fits = |number: f64| number.abs() <= COORDINATE_MAX;
        if fits(point.x) && fits(point.y) {
            return point;
        }
        let Point { x, y } = point;
        let what = format!("({x:?}, {y:?}) is more than {COORDINATE_MAX} from the origin");
        self.add(path, what);
        Point::default()
    }

    /// The drawing's size: as the plan says, or what the seats need with a margin around them that
    /// is as wide as the first seat is far from the edge.
    fn size(&mut self, size: Option<&file::Size>) {
        let Some(file::Size { width, height }) = size else {
            let far = |seat: fn(&Seat) -> f32, axis: fn((f32, f32)) -> f32| {
                let values =
                    self.layout.seats.iter().map(seat).chain(corners(&self.layout).map(axis));
                let (low, high) = values.fold((f32::MAX, 1.0_f32), |(low, high), value| {
                    (low.min(value), high.max(value))
                });
                high + low.clamp(0.0, high)
            };
            let width = far(|seat| seat.x, |(x, _)| x);
            self.layout.size = (width, far(|seat| seat.y, |(_, y)| y));
            return;
        };
        for (key, length) in [("width", *width), ("height", *height)] {
            let fits = length > 0.0 && length <= COORDINATE_MAX;
            if !fits {
                let what = format!("{length} is not between 0 and {COORDINATE_MAX}");
                self.add(|| format!("size.{key}"), what);
            }
        }
        self.layout.size = (narrow(*width), narrow(*height));
    }
}

/// The corners of all areas.
fn corners(layout: &Layout) -> impl Iterator<Item = (f32, f32)> {
    layout.areas.iter().flat_map(|area| area.outline.iter().copied())
}

fn sum(origin: Point, offset: Point) -> Point {
    Point { x: origin.x + offset.x, y: origin.y + offset.y }
}

/// As stored: single precision holds a hundredth of a unit on the widest drawing that is usual.
/// Adding zero turns a negative zero, which no database index likes, into the other one.
pub(super) fn narrow(number: f64) -> f32 {
    number as f32 + 0.0
}
