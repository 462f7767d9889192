//! `/v1/concerts`: what is on, where, and which seats are free.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::TypedHeader;
use axum_extra::headers::{ETag, IfNoneMatch};
use jiff::Timestamp;

use super::body::{AvailabilityBody, ConcertBody, ConcertItem, ConcertList, SeatMapBody};
use super::extract::{InConcert, Search, SearchAsked};
use super::page::{next_link, turn};
use super::problem::{Kind, Problem, Result, problem_sets};
use super::respond::Public;
use super::state::{HttpState, Shared};
use crate::domain::ids::ConcertId;
use crate::domain::performance::Performance;
use crate::domain::seat_map::SeatMap;

/// How long anybody may keep a listing: nothing in it changes from one second to the next.
const LISTING_SECONDS: u32 = 5;
/// How long anybody may keep what changes with the sale.
const SALE_SECONDS: u32 = 1;
/// A concert has one version of one map for life; a day bounds how long a change of the format
/// takes to reach everybody.
const SEAT_MAP_CACHE: &str = "public, max-age=86400, immutable";
/// The version of the seat map's format, a part of its `ETag`: raised with every change to it.
const SEAT_MAP_FORMAT: u32 = 2;

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
pub async fn list(State(state): State<Shared>, search: Search) -> Result<impl IntoResponse> {
    let now = Timestamp::now();
    let mut concerts = state.catalogue.list(&search.listing(now)).await?;
    let next = turn(&mut concerts, search.limit, |concert| search.place(concert));
    let items = concerts.iter().map(|concert| ConcertItem::new(concert, now));
    let body = ConcertList { items: items.collect(), next_cursor: next.clone() };
    let seconds = LISTING_SECONDS;
    let answer = Public { body, seconds }.into_response();
    Ok((next_link(&search.address(), next.as_deref(), search.limit), answer))
}

/// One concert
#[utoipa::path(get, path = "/v1/concerts/{concert}", tag = "concerts", operation_id = "get_concert",
    params(InConcert),
    responses((status = 200, description = "The concert", body = ConcertBody), ConcertProblems),
)]
pub async fn get(
    State(state): State<Shared>,
    InConcert(concert): InConcert,
) -> Result<impl IntoResponse> {
    let detail = state.catalogue.detail(concert).await?;
    let detail = detail.ok_or_else(|| Problem::new(Kind::NoSuchConcert))?;
    let body = ConcertBody::new(&detail, Timestamp::now());
    let seconds = SALE_SECONDS;
    Ok(Public { body, seconds }.into_response())
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
    known: Option<TypedHeader<IfNoneMatch>>,
) -> Result<Response> {
    let performance = performance(&state, concert).await?;
    let tag = entity_tag(&performance.map);
    let cache = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, SEAT_MAP_CACHE)];
    if known.is_some_and(|TypedHeader(known)| has(&known, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, cache).into_response());
    }
    let json = state.seat_map_bodies.json(&performance.map).await?;
    let json_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((cache, json_type, json).into_response())
}

fn has(known: &IfNoneMatch, tag: &str) -> bool {
    let tag = tag.parse::<ETag>();
    tag.is_ok_and(|tag| !known.precondition_passes(&tag))
}

fn entity_tag(map: &SeatMap) -> String {
    let [a, b, ..] = map.checksum.as_chunks::<8>().0 else {
        return format!("\"{SEAT_MAP_FORMAT}-{}\"", map.id);
    };
    let (a, b) = (u64::from_be_bytes(*a), u64::from_be_bytes(*b));
    // The id and the version are in the body, too: the same layout under two names is two bodies.
    format!("\"{SEAT_MAP_FORMAT}-{}-{a:016x}{b:016x}\"", map.id)
}

/// Which seats are free
#[utoipa::path(get, path = "/v1/concerts/{concert}/availability", tag = "concerts", operation_id = "get_availability",
    params(InConcert),
    responses((status = 200, description = "The state of every seat", body = AvailabilityBody), ConcertProblems),
)]
pub async fn availability(
    State(state): State<Shared>,
    InConcert(concert): InConcert,
) -> Result<impl IntoResponse> {
    let availability = state.reservations.availability(concert).await?;
    let body = AvailabilityBody::new(&availability, Timestamp::now());
    let seconds = SALE_SECONDS;
    Ok(Public { body, seconds }.into_response())
}

async fn performance(state: &HttpState, concert: ConcertId) -> Result<Arc<Performance>> {
    let performance = state.catalogue.performance(concert).await?;
    performance.ok_or_else(|| Problem::new(Kind::NoSuchConcert))
}
