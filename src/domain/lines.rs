//! What a reservation is made of: seats and places in areas, each at the price captured for it.

use super::area::AreaNumber;
use super::seat::SeatNumber;

/// One seat, with the price captured when it was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatLine {
    /// Which seat.
    pub seat: SeatNumber,
    /// Its price in minor units of the concert's currency.
    pub price_minor: u32,
}

/// Places in one area, with the price captured when they were held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaLine {
    /// Which area.
    pub area: AreaNumber,
    /// How many places.
    pub quantity: u16,
    /// The price of each in minor units of the concert's currency.
    pub price_minor: u32,
}

/// Seats in the order of their numbers, then areas in the order of theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Seats, each once.
    pub seats: Vec<SeatLine>,
    /// Areas, each once.
    pub areas: Vec<AreaLine>,
}

impl Lines {
    /// How many people they let in.
    pub fn places(&self) -> u32 {
        let standing: u32 = self.areas.iter().map(|line| u32::from(line.quantity)).sum();
        self.seats.len() as u32 + standing
    }

    /// What they cost together, in minor units.
    pub fn total_minor(&self) -> u64 {
        let seats = self.seats.iter().map(|line| u64::from(line.price_minor));
        let areas = self.areas.iter();
        let areas = areas.map(|line| u64::from(line.price_minor) * u64::from(line.quantity));
        seats.sum::<u64>() + areas.sum::<u64>()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.seats.is_empty() && self.areas.is_empty()
    }
}

impl From<Vec<SeatLine>> for Lines {
    fn from(seats: Vec<SeatLine>) -> Self {
        Self { seats, areas: Vec::new() }
    }
}
