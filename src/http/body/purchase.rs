//! What somebody bought on the wire.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::money::Money;
use super::reservation::{ReservedArea, ReservedSeat};
use crate::domain::concert::Venue;
use crate::domain::purchase::Purchase;
use crate::domain::reservation::{Cause, State};

/// Something that was bought.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Purchase)]
pub struct PurchaseBody<'a> {
    /// The reservation's id.
    id: Uuid,
    /// What it is for.
    concert: PurchasedConcert<'a>,
    /// `confirmed`, or `cancelled` since.
    state: State,
    /// Why it last changed.
    cause: Cause,
    /// Raised by each change, from 1.
    version: u32,
    /// Its seats, in the order of the seat map.
    seats: Vec<ReservedSeat<'a>>,
    /// Its places in standing areas, in the order of the seat map.
    areas: Vec<ReservedArea<'a>>,
    /// What it costs altogether.
    total: Money,
    /// When it was held.
    held_at: Timestamp,
    /// When it was confirmed.
    confirmed_at: Timestamp,
    /// When it last changed.
    changed_at: Timestamp,
}

/// What something that was bought is for.
#[derive(Serialize, utoipa::ToSchema)]
struct PurchasedConcert<'a> {
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
    /// Until when tickets can be given back.
    cancel_until: Timestamp,
}

/// A page of what somebody bought, newest first.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PurchaseList<'a> {
    /// What was bought.
    pub items: Vec<PurchaseBody<'a>>,
    /// What to send as `cursor` for the next page; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl<'a> PurchaseBody<'a> {
    /// A purchase.
    pub fn new(purchase: &'a Purchase) -> Self {
        let money = |minor| Money::new(minor, purchase.currency);
        let seats = purchase.seats.iter().map(|seat| ReservedSeat {
            seat: &seat.seat,
            section: &seat.section,
            row: &seat.row,
            label: &seat.label,
            category: &seat.category,
            price: money(u64::from(seat.price_minor)),
        });
        let areas = purchase.areas.iter().map(|area| ReservedArea {
            area: &area.area,
            section: &area.section,
            name: &area.name,
            category: &area.category,
            quantity: area.quantity,
            price: money(u64::from(area.price_minor)),
        });
        Self {
            id: purchase.id.0,
            concert: PurchasedConcert::new(purchase),
            state: purchase.state,
            cause: purchase.cause,
            version: purchase.version,
            seats: seats.collect(),
            areas: areas.collect(),
            total: money(purchase.total_minor),
            held_at: purchase.held_at,
            confirmed_at: purchase.confirmed_at,
            changed_at: purchase.changed_at,
        }
    }
}

impl<'a> PurchasedConcert<'a> {
    fn new(purchase: &'a Purchase) -> Self {
        Self {
            id: purchase.concert.0,
            slug: &purchase.slug,
            title: &purchase.title,
            artist: &purchase.artist,
            venue: &purchase.venue,
            starts_at: purchase.starts_at,
            cancel_until: purchase.cancel_until,
        }
    }
}
