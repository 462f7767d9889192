//! A concert on the wire, alone and in lists.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::money::Money;
use crate::domain::concert::{ConfirmedBy, SaleState, SaleSwitch, SaleWindow, Venue};
use crate::domain::limits::PLACES_PER_CLAIM_MAX;
use crate::domain::listing::{ConcertDetail, ConcertSummary};
use crate::domain::seat_map::Category;

/// A concert.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Concert)]
pub struct ConcertBody<'a> {
    /// Its id.
    id: Uuid,
    /// Its name in addresses of the site.
    slug: &'a str,
    /// What is played.
    title: &'a str,
    /// Who plays.
    artist: &'a str,
    /// Where.
    venue: &'a Venue,
    /// When it begins; people read it in the venue's time zone.
    starts_at: Timestamp,
    /// When seats can be claimed, and whether now.
    sale: Sale,
    /// Until when tickets can be given back.
    cancel_until: Timestamp,
    /// Its price categories, in the order in which the seat map counts them.
    categories: Vec<CategoryBody<'a>>,
    /// Its seat map, for life.
    seat_map: Uuid,
    /// How many seats and places there are.
    capacity: u32,
    /// How many of them nobody bought and nobody keeps back. Somebody may hold them just now; which
    /// seats are free says the availability.
    left: u32,
    /// How long a hold lasts.
    hold_seconds: u32,
    /// The most seats of one reservation.
    max_seats_per_reservation: u32,
    /// The most seats that one user may have.
    max_seats_per_user: u32,
    /// Who confirms.
    confirmed_by: ConfirmedBy,
    /// Raised by any change that a claim depends on.
    version: u32,
}

/// When seats can be claimed, and whether now.
#[derive(Serialize, utoipa::ToSchema)]
struct Sale {
    /// Whether now.
    state: SaleState,
    /// From when.
    opens_at: Timestamp,
    /// Until just before when.
    closes_at: Timestamp,
}

/// Seats that cost the same.
#[derive(Serialize, utoipa::ToSchema)]
struct CategoryBody<'a> {
    /// Its name.
    name: &'a str,
    /// Its colour on the drawing.
    #[schema(example = "#7f4a91")]
    color: &'a str,
    /// What a seat costs.
    price: Money,
}

/// A concert in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ConcertItem<'a> {
    /// Its id.
    id: Uuid,
    /// Its name in addresses of the site.
    slug: &'a str,
    /// What is played.
    title: &'a str,
    /// Who plays.
    artist: &'a str,
    /// Where.
    venue: &'a Venue,
    /// When it begins.
    starts_at: Timestamp,
    /// When seats can be claimed, and whether now.
    sale: Sale,
    /// The price of the cheapest seats.
    price_from: Money,
    /// The price of the dearest seats.
    price_to: Money,
    /// How many seats and places there are.
    capacity: u32,
    /// How many of them nobody bought and nobody keeps back. Somebody may hold them just now.
    left: u32,
}

/// A page of concerts.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ConcertList<'a> {
    /// The concerts.
    pub items: Vec<ConcertItem<'a>>,
    /// What to send as `cursor` for the next page; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl<'a> ConcertBody<'a> {
    /// A concert as it is at `now`.
    pub fn new(detail: &'a ConcertDetail, now: Timestamp) -> Self {
        let concert = &detail.concert;
        let prices = detail.categories.iter().zip(&concert.price_minor_by_category);
        let category = |(category, price): (&'a Category, &u32)| CategoryBody {
            name: &category.name,
            color: &category.color,
            price: Money::new(*price, concert.currency),
        };
        Self {
            id: concert.id.0,
            slug: &concert.slug,
            title: &concert.title,
            artist: &concert.artist,
            venue: &concert.venue,
            starts_at: concert.starts_at,
            sale: Sale::new(concert.sale, concert.switch, now),
            cancel_until: concert.cancel_until,
            categories: prices.map(category).collect(),
            seat_map: concert.seat_map.0,
            capacity: detail.capacity,
            left: detail.left,
            hold_seconds: concert.hold_seconds,
            max_seats_per_reservation: PLACES_PER_CLAIM_MAX,
            max_seats_per_user: concert.max_seats_per_user,
            confirmed_by: concert.confirmed_by,
            version: concert.version,
        }
    }
}

impl<'a> ConcertItem<'a> {
    /// A concert as it is at `now`.
    pub fn new(summary: &'a ConcertSummary, now: Timestamp) -> Self {
        Self {
            id: summary.id.0,
            slug: &summary.slug,
            title: &summary.title,
            artist: &summary.artist,
            venue: &summary.venue,
            starts_at: summary.starts_at,
            sale: Sale::new(summary.sale, summary.switch, now),
            price_from: Money::new(summary.lowest_price_minor, summary.currency),
            price_to: Money::new(summary.highest_price_minor, summary.currency),
            capacity: summary.capacity,
            left: summary.left,
        }
    }
}

impl Sale {
    fn new(window: SaleWindow, switch: SaleSwitch, now: Timestamp) -> Self {
        Self {
            state: window.state(switch, now),
            opens_at: window.opens_at,
            closes_at: window.closes_at,
        }
    }
}
