//! What somebody bought, as a list of theirs shows it.

use iso_currency::Currency;
use jiff::Timestamp;
use serde::Deserialize;

use super::concert::Venue;
use super::ids::{ConcertId, ReservationId};
use super::reservation::{Cause, State};

/// A reservation that was confirmed, with all there is to say about it without its seat map.
#[derive(Clone, Debug, PartialEq)]
pub struct Purchase {
    /// Its id.
    pub id: ReservationId,
    /// The concert.
    pub concert: ConcertId,
    /// The concert's name in addresses.
    pub slug: String,
    /// What is played.
    pub title: String,
    /// Who plays.
    pub artist: String,
    /// Where.
    pub venue: Venue,
    /// When it begins.
    pub starts_at: Timestamp,
    /// Until when tickets can be given back.
    pub cancel_until: Timestamp,
    /// The currency of all its prices.
    pub currency: Currency,
    /// Confirmed, or cancelled since.
    pub state: State,
    /// Why it last changed.
    pub cause: Cause,
    /// Raised by each change, from 1.
    pub version: u32,
    /// What it costs, in minor units.
    pub total_minor: u64,
    /// When it was held.
    pub held_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Its seats, in the order of the seat map.
    pub seats: Vec<PurchasedSeat>,
    /// Its places in standing areas, in the order of the seat map.
    pub areas: Vec<PurchasedArea>,
}

/// A seat of a purchase.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PurchasedSeat {
    /// Its id, unique in the seat map.
    pub seat: String,
    /// Its section's name.
    pub section: String,
    /// What the sign on its row says.
    pub row: String,
    /// What the sign on it says.
    pub label: String,
    /// Its category's name.
    pub category: String,
    /// Its price, as it was when it was held, in minor units.
    pub price_minor: u32,
}

/// Places of a purchase in a standing area.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PurchasedArea {
    /// The area's id, unique in the seat map.
    pub area: String,
    /// Its section's name.
    pub section: String,
    /// Its name.
    pub name: String,
    /// Its category's name.
    pub category: String,
    /// How many places.
    pub quantity: u16,
    /// The price of each, as it was when they were held, in minor units.
    pub price_minor: u32,
}
