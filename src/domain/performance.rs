//! A concert together with the seat map it is played on.

use std::sync::Arc;

use super::concert::Concert;
use super::lines::{AreaLine, Lines, SeatLine};
use super::seat_map::SeatMap;
use super::selection::Selection;

/// Everything that is needed to price and to describe a claim.
#[derive(Clone, Debug)]
pub struct Performance {
    /// The concert.
    pub concert: Concert,
    /// Its seat map.
    pub map: Arc<SeatMap>,
}

impl Performance {
    /// The chosen seats and places, each with today's price.
    pub fn price(&self, selection: &Selection) -> Lines {
        let price = |category: u16| self.concert.price_minor_by_category[usize::from(category)];
        let standing = |&(area, quantity)| AreaLine {
            area,
            quantity,
            price_minor: price(self.map.area(area).category),
        };
        let line = |&seat| SeatLine { seat, price_minor: price(self.map.seat(seat).category) };
        Lines {
            seats: selection.seats().iter().map(line).collect(),
            areas: selection.areas().iter().map(standing).collect(),
        }
    }
}
