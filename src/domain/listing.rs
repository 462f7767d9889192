//! A concert as a list shows it.

use iso_currency::Currency;
use jiff::Timestamp;

use super::concert::{SaleSwitch, SaleWindow, Venue};
use super::ids::ConcertId;

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
    /// How many seats there are.
    pub capacity: u32,
}

impl ConcertSummary {
    /// Where a list goes on after this concert.
    pub fn cursor(&self) -> (Timestamp, ConcertId) {
        (self.starts_at, self.id)
    }
}
