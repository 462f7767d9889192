//! General admission: a part of the house where people stand, sold by quantity.

use serde::Serialize;

/// An area's place in its map, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AreaNumber(pub u16);

/// How many people fit into a house.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// What an area has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaLeft {
    /// Which area.
    pub area: AreaNumber,
    /// How many places can be had.
    pub left: u32,
}
