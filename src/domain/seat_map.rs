//! A seat map: sections, rows and seats, immutable once made.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use super::area::{Area, AreaNumber, Room};
use super::best_available::ranking::Ranking;
use super::ids::SeatMapId;
use super::runs::{self, Run};
use super::seat::SeatNumber;

/// One version of a seat map. Seats are numbered by section, row, seat, without gaps.
#[derive(Clone, Debug)]
pub struct SeatMap {
    /// Its id.
    pub id: SeatMapId,
    /// Its name, shared by its versions.
    pub name: String,
    /// Which version, from 1.
    pub version: u32,
    /// A digest of everything below, which is its `ETag`.
    pub checksum: [u8; 32],
    /// Width and height of the drawing, in the plan's own units.
    pub size: (f32, f32),
    /// Its price categories; seats refer to them by index.
    pub categories: Vec<Category>,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// Its rows, in order; sections refer to them by range.
    pub rows: Vec<Row>,
    /// Its seats, in order; rows refer to them by range, and a seat's index is its number.
    pub seats: Vec<Seat>,
    /// Its standing areas, in order; an area's index is its number.
    pub areas: Vec<Area>,
    numbers: HashMap<Box<str>, SeatNumber>,
    runs: Vec<Run>,
    pitch: f32,
    ranking: OnceLock<Ranking>,
}

/// A group of seats that cost the same at a concert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its name, unique in the map.
    pub name: String,
    /// Its colour on the drawing, `#rrggbb`.
    pub color: String,
}

/// A part of the house: what a seating plan calls a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// Its rows, as indices into [`SeatMap::rows`].
    pub rows: Range<u32>,
}

/// A row of seats, in the order people sit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What the sign says.
    pub label: String,
    /// Its seats, as numbers.
    pub seats: Range<u32>,
}

/// One seat.
#[derive(Clone, Debug, PartialEq)]
pub struct Seat {
    /// Its public id, unique in the map: what callers send.
    pub id: Box<str>,
    /// What the sign says.
    pub label: Box<str>,
    /// Its category, as an index into [`SeatMap::categories`].
    pub category: u16,
    /// Where it is on the drawing, from the left.
    pub x: f32,
    /// Where it is on the drawing, from the top.
    pub y: f32,
    /// Whether it is kept for people who need it, such as a place for a wheelchair.
    pub accessible: bool,
}

/// Everything of a seat map but its identity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Width and height of the drawing.
    pub size: (f32, f32),
    /// See [`SeatMap::categories`].
    pub categories: Vec<Category>,
    /// See [`SeatMap::sections`].
    pub sections: Vec<Section>,
    /// See [`SeatMap::rows`].
    pub rows: Vec<Row>,
    /// See [`SeatMap::seats`].
    pub seats: Vec<Seat>,
    /// See [`SeatMap::areas`].
    pub areas: Vec<Area>,
}

impl SeatMap {
    /// A map of a layout that was checked when it was imported.
    pub fn new(
        id: SeatMapId,
        name: String,
        version: u32,
        checksum: [u8; 32],
        layout: Layout,
    ) -> Self {
        let (runs, pitch) = (runs::runs(&layout), runs::pitch(&layout));
        let Layout { size, categories, sections, rows, seats, areas } = layout;
        let numbers = (0..).map(SeatNumber);
        let numbers = seats.iter().map(|seat| seat.id.clone()).zip(numbers).collect();
        Self {
            id,
            name,
            version,
            checksum,
            size,
            categories,
            sections,
            rows,
            seats,
            areas,
            numbers,
            runs,
            pitch,
            ranking: OnceLock::new(),
        }
    }

    /// Who sits beside whom, in the order of the seats.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Whether seats, in the order of their numbers, are side by side: in one row and with no aisle
    /// between them. Nobody is beside anybody they could be apart from, so one seat or none is, too.
    pub fn are_together(&self, seats: impl IntoIterator<Item = SeatNumber>) -> bool {
        runs::are_together(&self.runs, seats)
    }

    /// The usual distance between neighbours on the drawing.
    pub fn pitch(&self) -> f32 {
        self.pitch
    }

    /// Whether it was worked out how good each seat is.
    pub fn is_ranked(&self) -> bool {
        self.ranking.get().is_some()
    }

    /// How good each seat is. The first to ask works it out: tens of milliseconds for a stadium.
    pub fn ranking(&self) -> &Ranking {
        self.ranking.get_or_init(|| Ranking::new(self))
    }

    /// The number of the seat with a public id.
    pub fn number_of(&self, id: &str) -> Option<SeatNumber> {
        self.numbers.get(id).copied()
    }

    /// The seat with a number.
    ///
    /// # Panics
    /// When the map has no such seat.
    pub fn seat(&self, number: SeatNumber) -> &Seat {
        &self.seats[number.0 as usize]
    }

    /// The number of the area with a public id. There are few.
    pub fn area_number_of(&self, id: &str) -> Option<AreaNumber> {
        let index = self.areas.iter().position(|area| *area.id == *id)?;
        u16::try_from(index).ok().map(AreaNumber)
    }

    /// The area with a number.
    ///
    /// # Panics
    /// When the map has no such area.
    pub fn area(&self, number: AreaNumber) -> &Area {
        &self.areas[usize::from(number.0)]
    }

    /// How many numbered seats there are.
    pub fn capacity(&self) -> u32 {
        self.seats.len() as u32
    }

    /// How many people fit in.
    pub fn room(&self) -> Room {
        let areas = self.areas.iter().map(|area| area.capacity).collect();
        Room { seats: self.capacity(), areas }
    }

    /// The numbers of a section's seats.
    pub fn seats_of(&self, section: &Section) -> Range<u32> {
        let rows = &self.rows[section.rows.start as usize..section.rows.end as usize];
        match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => first.seats.start..last.seats.end,
            _ => 0..0,
        }
    }
}
