//! Concerts as listings show them, and what can be asked of a list.

use iso_currency::Currency;
use jiff::Timestamp;

use super::concert::{Concert, SaleSwitch, SaleWindow, Venue};
use super::ids::ConcertId;
use super::seat_map::Category;

/// In which order a list has its concerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// By when they begin.
    #[default]
    Start,
    /// By when their sale opens: those that open next.
    Opening,
}

/// Which concerts a list is of, and which part of it is wanted.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Words, each of which begins a word of the title, the artist, the venue or its city.
    pub words: Option<String>,
    /// The venue's city.
    pub city: Option<String>,
    /// Concerts that begin no earlier.
    pub from: Timestamp,
    /// Concerts that begin before.
    pub to: Timestamp,
    /// In which order.
    pub order: Order,
    /// What stands in that order before the first that is wanted.
    pub after: (Timestamp, ConcertId),
    /// How many at most.
    pub limit: u32,
}

impl Listing {
    /// All concerts by when they begin, after a place in that order or from the first.
    pub fn all(after: Option<(Timestamp, ConcertId)>, limit: u32) -> Self {
        // No concert is before the year 2000, so that this place is before all of them.
        let after = after.unwrap_or((Timestamp::UNIX_EPOCH, ConcertId(uuid::Uuid::nil())));
        let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        Self { words: None, city: None, from, to, order: Order::Start, after, limit }
    }
}

/// What a list tells of a concert.
#[derive(Clone, Debug, PartialEq)]
pub struct ConcertSummary {
    /// Its id.
    pub id: ConcertId,
    /// Its name in addresses.
    pub slug: String,
    /// What is played.
    pub title: String,
    /// Who plays.
    pub artist: String,
    /// Where.
    pub venue: Venue,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When seats can be claimed.
    pub sale: SaleWindow,
    /// The organiser's switch.
    pub switch: SaleSwitch,
    /// The currency of its prices.
    pub currency: Currency,
    /// The cheapest category's price, in minor units.
    pub lowest_price_minor: u32,
    /// The dearest category's price, in minor units.
    pub highest_price_minor: u32,
    /// How many seats and places there are.
    pub capacity: u32,
    /// How many of them are neither sold nor kept back. Somebody may hold them.
    pub left: u32,
}

impl ConcertSummary {
    /// Where a list in an order goes on after this concert.
    pub fn place(&self, order: Order) -> (Timestamp, ConcertId) {
        let time = match order {
            Order::Start => self.starts_at,
            Order::Opening => self.sale.opens_at,
        };
        (time, self.id)
    }
}

/// A concert as its page shows it: without the seats of its map.
#[derive(Clone, Debug, PartialEq)]
pub struct ConcertDetail {
    /// The concert.
    pub concert: Concert,
    /// The categories of its seat map, in the map's order.
    pub categories: Vec<Category>,
    /// How many seats and places there are.
    pub capacity: u32,
    /// How many of them are neither sold nor kept back. Somebody may hold them.
    pub left: u32,
}
