//! A concert as a file has it again: for whoever changes it and sends it back.

use serde_json::{Map, Value, json};

use crate::domain::concert::Concert;

/// The concert as one of a file's, on the version of a seat map that it is on. `categories` are that
/// version's, in order.
pub fn write<'a>(
    concert: &Concert,
    seat_map: (&str, u32),
    categories: impl Iterator<Item = &'a str>,
) -> Value {
    let prices = categories.zip(&concert.price_minor_by_category);
    let prices: Map<_, _> =
        prices.map(|(category, price)| (category.to_owned(), (*price).into())).collect();
    let (name, version) = seat_map;
    json!({
        "slug": concert.slug,
        "title": concert.title,
        "artist": concert.artist,
        "venue": concert.venue,
        "seat_map": name,
        "seat_map_version": version,
        "starts_at": concert.starts_at,
        "cancel_until": concert.cancel_until,
        "sale": {
            "opens_at": concert.sale.opens_at,
            "closes_at": concert.sale.closes_at,
        },
        "currency": concert.currency.code(),
        "prices": prices,
        "hold_seconds": concert.hold_seconds,
        "max_seats_per_user": concert.max_seats_per_user,
        "confirm": concert.confirmed_by,
        "organiser_id": concert.organiser,
    })
}
