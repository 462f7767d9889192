//! A concert for each round.

use std::sync::Arc;

use frontrow::catalogue::import::import_bytes;
use frontrow::domain::ids::ConcertId;
use frontrow::ledger::PgPool;
use frontrow::rush::OnSale;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

const ROW_SEATS: u32 = 100;
/// The shortest hold that a concert may set.
pub const HOLD_SECONDS: u64 = 5;

/// Puts a concert on sale in a house of so many seats.
pub async fn put_on_sale(pool: &PgPool, slug: &str, seats: u32, hold_seconds: u64) -> Arc<OnSale> {
    let house = format!("House of {seats}");
    let ids: Vec<_> = (0..seats).map(|seat| format!("S-{seat}")).collect();
    let plan = plan(&house, &ids).to_string().into_bytes();
    import_bytes(pool, "house.json", plan).await.unwrap();
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    let concert = json!({ "concerts": [{
        "slug": slug, "title": "An evening that goes wrong", "artist": "Everybody",
        "venue": {"name": "The House", "city": "Here", "time_zone": "Etc/UTC"},
        "seat_map": house,
        "starts_at": (now + 2_400.hours()).to_string(),
        "sale": {"opens_at": (now - 1.hour()).to_string()},
        "currency": "EUR", "prices": {"Seat": 4_500},
        "hold_seconds": hold_seconds, "max_seats_per_user": 1_000,
    }]});
    import_bytes(pool, "concert.json", concert.to_string().into_bytes()).await.unwrap();
    Arc::new(OnSale::new(ConcertId::from_slug(slug), ids))
}

fn plan(name: &str, ids: &[String]) -> Value {
    let seat = |(number, id): (usize, &String)| {
        json!({"seat_guid": id, "seat_number": (number + 1).to_string(), "category": "Seat",
            "position": {"x": number, "y": 0}})
    };
    let row = |(number, ids): (usize, &[String])| {
        json!({"row_number": (number + 1).to_string(), "position": {"x": 0, "y": number},
            "seats": ids.iter().enumerate().map(seat).collect::<Vec<_>>()})
    };
    let rows: Vec<_> = ids.chunks(ROW_SEATS as usize).enumerate().map(row).collect();
    json!({"name": name, "size": {"width": 1_000, "height": 1_000},
        "categories": [{"name": "Seat", "color": "#446688"}],
        "zones": [{"name": "Stalls", "position": {"x": 0, "y": 0}, "rows": rows}]})
}
