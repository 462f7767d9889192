//! Rows of PostgreSQL as concerts.

use iso_currency::Currency;
use jiff_sqlx::Timestamp;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::LedgerError;
use super::seat_map_rows::CategoryRow;
use crate::domain::concert::{Concert, ConfirmedBy, SaleSwitch, SaleWindow, Venue};
use crate::domain::ids::{ConcertId, SeatMapId, UserId};
use crate::domain::listing::{ConcertDetail, ConcertSummary};
use crate::domain::seat_map::Category;

/// A concert with its venue and prices.
#[derive(FromRow)]
pub(super) struct ConcertRow {
    id: Uuid,
    slug: String,
    organiser_id: Option<Uuid>,
    title: String,
    artist: String,
    venue_name: String,
    venue_city: String,
    venue_time_zone: String,
    seat_map_id: Uuid,
    partition: i16,
    starts_at: Timestamp,
    opens_at: Timestamp,
    closes_at: Timestamp,
    cancel_until: Timestamp,
    sale_switch: String,
    currency: String,
    hold_seconds: i32,
    max_seats_per_user: i32,
    confirmed_by: String,
    version: i32,
    prices_minor: Vec<i64>,
}

/// A concert as a list shows it.
#[derive(FromRow)]
pub(super) struct SummaryRow {
    id: Uuid,
    slug: String,
    title: String,
    artist: String,
    venue_name: String,
    venue_city: String,
    venue_time_zone: String,
    starts_at: Timestamp,
    opens_at: Timestamp,
    closes_at: Timestamp,
    sale_switch: String,
    currency: String,
    capacity: i32,
    lowest_price_minor: i64,
    highest_price_minor: i64,
    places_left: i32,
}

/// A concert as its page shows it.
#[derive(FromRow)]
pub(super) struct DetailRow {
    #[sqlx(flatten)]
    concert: ConcertRow,
    categories: Json<Vec<CategoryRow>>,
    capacity: i32,
    places_left: i32,
}

impl TryFrom<ConcertRow> for Concert {
    type Error = LedgerError;

    fn try_from(row: ConcertRow) -> Result<Self, LedgerError> {
        Ok(Self {
            id: ConcertId(row.id),
            slug: row.slug,
            organiser: row.organiser_id.map(UserId),
            title: row.title,
            artist: row.artist,
            venue: Venue {
                name: row.venue_name,
                city: row.venue_city,
                time_zone: row.venue_time_zone,
            },
            seat_map: SeatMapId(row.seat_map_id),
            partition: row.partition.cast_unsigned(),
            starts_at: row.starts_at.to_jiff(),
            sale: SaleWindow {
                opens_at: row.opens_at.to_jiff(),
                closes_at: row.closes_at.to_jiff(),
            },
            switch: switch(&row.sale_switch)?,
            cancel_until: row.cancel_until.to_jiff(),
            currency: currency(&row.currency)?,
            price_minor_by_category: row
                .prices_minor
                .into_iter()
                .map(price_minor)
                .collect::<Result<_, _>>()?,
            hold_seconds: row.hold_seconds.cast_unsigned(),
            max_seats_per_user: row.max_seats_per_user.cast_unsigned(),
            confirmed_by: confirmed_by(&row.confirmed_by)?,
            version: row.version.cast_unsigned(),
        })
    }
}

impl TryFrom<SummaryRow> for ConcertSummary {
    type Error = LedgerError;

    fn try_from(row: SummaryRow) -> Result<Self, LedgerError> {
        Ok(Self {
            id: ConcertId(row.id),
            slug: row.slug,
            title: row.title,
            artist: row.artist,
            venue: Venue {
                name: row.venue_name,
                city: row.venue_city,
                time_zone: row.venue_time_zone,
            },
            starts_at: row.starts_at.to_jiff(),
            sale: SaleWindow {
                opens_at: row.opens_at.to_jiff(),
                closes_at: row.closes_at.to_jiff(),
            },
            switch: switch(&row.sale_switch)?,
            currency: currency(&row.currency)?,
            lowest_price_minor: price_minor(row.lowest_price_minor)?,
            highest_price_minor: price_minor(row.highest_price_minor)?,
            capacity: row.capacity.cast_unsigned(),
            left: row.places_left.cast_unsigned(),
        })
    }
}

impl TryFrom<DetailRow> for ConcertDetail {
    type Error = LedgerError;

    fn try_from(row: DetailRow) -> Result<Self, LedgerError> {
        let category = |CategoryRow { name, color }| Category { name, color };
        Ok(Self {
            concert: row.concert.try_into()?,
            categories: row.categories.0.into_iter().map(category).collect(),
            capacity: row.capacity.cast_unsigned(),
            left: row.places_left.cast_unsigned(),
        })
    }
}

/// How PostgreSQL spells who confirms.
pub(super) fn confirmed_by_text(confirmed_by: ConfirmedBy) -> &'static str {
    match confirmed_by {
        ConfirmedBy::Buyer => "buyer",
        ConfirmedBy::Merchant => "merchant",
    }
}

fn confirmed_by(text: &str) -> Result<ConfirmedBy, LedgerError> {
    match text {
        "buyer" => Ok(ConfirmedBy::Buyer),
        "merchant" => Ok(ConfirmedBy::Merchant),
        other => Err(unreadable("confirmed_by", other)),
    }
}

/// How PostgreSQL spells a switch.
pub(super) fn switch_text(switch: SaleSwitch) -> &'static str {
    match switch {
        SaleSwitch::Open => "open",
        SaleSwitch::Paused => "paused",
        SaleSwitch::Closed => "closed",
    }
}

fn switch(text: &str) -> Result<SaleSwitch, LedgerError> {
    match text {
        "open" => Ok(SaleSwitch::Open),
        "paused" => Ok(SaleSwitch::Paused),
        "closed" => Ok(SaleSwitch::Closed),
        other => Err(unreadable("sale_switch", other)),
    }
}

pub(super) fn currency(text: &str) -> Result<Currency, LedgerError> {
    Currency::from_code(text).ok_or_else(|| unreadable("currency", text))
}

fn price_minor(price: i64) -> Result<u32, LedgerError> {
    u32::try_from(price).map_err(|_| unreadable("a price", &price.to_string()))
}

fn unreadable(what: &str, value: &str) -> LedgerError {
    LedgerError::Unreadable { table: "concerts", reason: format!("{what} is {value:?}") }
}
