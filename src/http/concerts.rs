//! `/v1/concerts`: what is on, where, and which seats are free.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;

use super::body::{AvailabilityBody, ConcertBody, ConcertItem, ConcertList, SeatMapBody};
use super::extract::{InConcert, Search, SearchAsked};
use super::page::{next_link, turn};
use super::problem::{Kind, Problem, Result, problem_sets};
use super::shareable::{self, Asked, give};
use super::state::Shared;
use crate::cache::{Body, Key, Lifetime, Made, Topic};
use crate::catalogue::Catalogue;
use crate::domain::concert::SaleState;
use crate::domain::ids::ConcertId;
use crate::domain::seat_map::SeatMap;
use crate::reservations::{ReservationError, Reservations};

/// The version of the seat map's format, a part of its `ETag`: raised with every change to it.
const SEAT_MAP_FORMAT: u32 = 3;

problem_sets! {
    /// Listing concerts.
    ListProblems = &[Kind::InvalidRequest, Kind::Unavailable];
    /// Reading about one concert.
    ConcertProblems = &[Kind::InvalidId, Kind::NoSuchConcert, Kind::Unavailable];
}

/// What is on
///
/// From today on, by when concerts begin, or those whose sale opens next.
#[utoipa::path(get, path = "/v1/concerts", tag = "concerts", operation_id = "list_concerts",
    params(
        SearchAsked,
    ),
    responses(
        (status = 200, description = "A page of concerts", body = ConcertList,
         headers(("Link" = String, description = "The next page, as `rel=\"next\"`"))),
        ListProblems,
    ),
)]
pub async fn list(State(state): State<Shared>, search: Search, asked: Asked) -> Result<Response> {
    let key = Key { topic: Topic::Lists, name: format!("list {}", search.key()), shared: true };
    let catalogue = state.catalogue.clone();
    let body = state.layers.get(key, move || make_list(catalogue, search)).await?;
    give(&body, &asked, &shareable::LIST)
}

async fn make_list(catalogue: Catalogue, search: Search) -> Result<Made> {
    let now = Timestamp::now();
    let mut concerts = catalogue.list(&search.listing(now)).await?;
    let next = turn(&mut concerts, search.limit, |concert| search.place(concert));
    let link = next_link(&search.address(), next.as_deref(), search.limit);
    let sells = |sale: SaleState| sale == SaleState::Open;
    let selling = concerts.iter().any(|it| sells(it.sale.state(it.switch, now)));
    let until = concerts.iter().filter_map(|concert| concert.sale.changes_after(now)).min();
    let items = concerts.iter().map(|concert| ConcertItem::new(concert, now));
    let json = json(&ConcertList { items: items.collect(), next_cursor: next })?;
    Ok(Made { json, link, lifetime: lifetime(selling), until })
}

fn lifetime(selling: bool) -> Lifetime {
    if selling { Lifetime::Selling } else { Lifetime::Settled }
}

fn json(body: &impl Serialize) -> Result<Option<Vec<u8>>> {
    let internal =
        |error: serde_json::Error| Problem::new(Kind::Internal).because(error.to_string());
    serde_json::to_vec(body).map(Some).map_err(internal)
}

fn absent() -> Made {
    Made { json: None, link: None, lifetime: Lifetime::Absent, until: None }
}

/// One concert
#[utoipa::path(get, path = "/v1/concerts/{concert}", tag = "concerts", operation_id = "get_concert",
    params(InConcert),
    responses((status = 200, description = "The concert", body = ConcertBody), ConcertProblems),
)]
pub async fn get(
    State(state): State<Shared>,
    InConcert(concert): InConcert,
    asked: Asked,
) -> Result<Response> {
    give(&*detail(&state, concert).await?, &asked, &shareable::CONCERT)
}

/// What everybody is told of a concert, or that there is none.
async fn detail(state: &Shared, concert: ConcertId) -> Result<Arc<Body>> {
    let topic = Topic::Concert(concert);
    let key = Key { topic, name: format!("concert {concert}"), shared: true };
    let catalogue = state.catalogue.clone();
    state.layers.get(key, move || make_detail(catalogue, concert)).await
}

async fn make_detail(catalogue: Catalogue, concert: ConcertId) -> Result<Made> {
    let now = Timestamp::now();
    let Some(detail) = catalogue.detail(concert).await? else { return Ok(absent()) };
    let (concert, json) = (&detail.concert, json(&ConcertBody::new(&detail, now))?);
    let lifetime = lifetime(concert.sale_state(now) == SaleState::Open);
    Ok(Made { json, link: None, lifetime, until: concert.sale.changes_after(now) })
}

/// Where its seats are
///
/// It never changes: keep it for as long as you like.
#[utoipa::path(get, path = "/v1/concerts/{concert}/seat-map", tag = "concerts", operation_id = "get_seat_map",
    params(
        InConcert,
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the map you have"),
    ),
    responses(
        (status = 200, description = "The seat map", body = SeatMapBody,
         headers(("ETag" = String, description = "Which layout it is"))),
        (status = 304, description = "It is the map you have"),
        ConcertProblems,
    ),
)]
pub async fn seat_map(
    State(state): State<Shared>,
    InConcert(concert): InConcert,
    asked: Asked,
) -> Result<Response> {
    // That there is no such concert is known without asking again each time.
    if detail(&state, concert).await?.encoded.is_none() {
        return Err(Problem::new(Kind::NoSuchConcert));
    }
    let performance = state.catalogue.performance(concert).await?;
    let performance = performance.ok_or_else(|| Problem::new(Kind::NoSuchConcert))?;
    let encoded = state.seat_map_bodies.encoded(&performance.map).await?;
    Ok(asked.answer(&encoded, &entity_tag(&performance.map), &shareable::SEAT_MAP))
}

fn entity_tag(map: &SeatMap) -> String {
    let [a, b, ..] = map.checksum.as_chunks::<8>().0 else {
        return format!("{SEAT_MAP_FORMAT}-{}", map.id);
    };
    let (a, b) = (u64::from_be_bytes(*a), u64::from_be_bytes(*b));
    // The id and the version are in the body, too: the same layout under two names is two bodies.
    format!("{SEAT_MAP_FORMAT}-{}-{a:016x}{b:016x}", map.id)
}

/// Which seats are free
#[utoipa::path(get, path = "/v1/concerts/{concert}/availability", tag = "concerts", operation_id = "get_availability",
    params(InConcert),
    responses((status = 200, description = "The state of every seat", body = AvailabilityBody), ConcertProblems),
)]
pub async fn availability(
    State(state): State<Shared>,
    InConcert(concert): InConcert,
    asked: Asked,
) -> Result<Response> {
    // What is on sale is another in a second, and not worth sending to Redis, which has the seats.
    let known = state.catalogue.performance_at_hand(concert).await;
    let now = Timestamp::now();
    let selling = known.is_some_and(|it| it.concert.sale_state(now) == SaleState::Open);
    let name = format!("availability {concert}");
    let key = Key { topic: Topic::Concert(concert), name, shared: !selling };
    let reservations = state.reservations.clone();
    let body = state.layers.get(key, move || make_availability(reservations, concert)).await?;
    give(&body, &asked, &shareable::SEATS)
}

async fn make_availability(reservations: Reservations, concert: ConcertId) -> Result<Made> {
    let now = Timestamp::now();
    let availability = match reservations.availability(concert).await {
        Err(ReservationError::NoSuchConcert) => return Ok(absent()),
        availability => availability?,
    };
    let concert = &availability.performance.concert;
    let lifetime = match concert.sale_state(now) {
        SaleState::Open => Lifetime::Seats,
        SaleState::Scheduled | SaleState::Paused | SaleState::Closed => Lifetime::Quiet,
    };
    let json = json(&AvailabilityBody::new(&availability, now))?;
    Ok(Made { json, link: None, lifetime, until: concert.sale.changes_after(now) })
}
