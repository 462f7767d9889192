//! General admission: a part of the house where people stand, sold by quantity.

use serde::Serialize;

use super::limits::{AREA_CAPACITY_MAX, AREAS_PER_MAP_MAX, PLACES_PER_CLAIM_MAX};

/// An area's place in its map, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AreaNumber(pub u16);

/// A part of the house where people stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Its public id, unique in the map: what callers send.
    pub id: Box<str>,
    /// What the sign says.
    pub name: String,
    /// Its section, as an index into [`SeatMap::sections`](super::seat_map::SeatMap::sections).
    pub section: u32,
    /// Its category, as an index into [`SeatMap::categories`](super::seat_map::SeatMap::categories).
    pub category: u16,
    /// How many people fit in.
    pub capacity: u32,
    /// Its corners on the drawing, from the left and from the top; none if it is not drawn.
    pub outline: Vec<(f32, f32)>,
}

/// How many people fit into a house.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Numbered seats.
    pub seats: u32,
    /// The capacity of each area, in the order of their numbers.
    pub areas: Vec<u32>,
}

impl Room {
    /// A house that has only seats.
    pub fn of_seats(seats: u32) -> Self {
        Self { seats, areas: Vec::new() }
    }

    /// Seats and places in areas together.
    pub fn places(&self) -> u32 {
        self.seats + self.areas.iter().sum::<u32>()
    }
}

/// Places of an area by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AreaCounts {
    /// Places anyone may claim.
    pub available: u32,
    /// Places in somebody's hold.
    pub held: u32,
    /// Places with a ticket.
    pub sold: u32,
}

/// What an area has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaLeft {
    /// Which area.
    pub area: AreaNumber,
    /// How many places can be had.
    pub left: u32,
}

const _: () = {
    // An area's number and a line's quantity are two bytes each where they are packed.
    assert!(AREAS_PER_MAP_MAX <= u16::MAX as usize && PLACES_PER_CLAIM_MAX <= u16::MAX as u32);
    // The score that orders an area's holds has its number above 42 bits, in a double's 53.
    assert!(AREAS_PER_MAP_MAX <= 1 << 11);
    assert!(AREA_CAPACITY_MAX <= u32::MAX / 2);
};
