//! `/v1/admin/concerts`

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::problems::{ChangeProblems, ConcertProblems, CreateProblems, ListProblems};
use crate::catalogue::import::concert_file;
use crate::domain::concert::{SaleState, SaleSwitch};
use crate::domain::limits::CONCERT_BODY_BYTES_MAX;
use crate::domain::performance::Performance;
use crate::http::body::{ConcertItem, ConcertList};
use crate::http::extract::{By, InConcert, JsonBytes, Page};
use crate::http::page::{Cursor, next_page, turn};
use crate::http::problem::Result;
use crate::http::respond::Personal;
use crate::http::state::Shared;
use crate::reservations::organising::{Writing, WrittenConcert};

/// A concert as import files have it, which `docs/import.md` explains.
#[derive(utoipa::ToSchema)]
#[schema(value_type = Object, example = json!({
    "slug": "opening-night", "title": "Opening Night", "artist": "The Paper Lanterns",
    "venue": {"name": "Little House Paris", "city": "Paris", "time_zone": "Europe/Paris"},
    "seat_map": "Little House", "starts_at": "2028-11-18T20:00[Europe/Paris]",
    "sale": {"opens_at": "2026-11-02T10:00:00+01:00"},
    "currency": "EUR", "prices": {"Stalls": 7200, "Box": 11000},
    "hold_seconds": 420, "max_seats_per_user": 6, "confirm": "buyer",
}))]
#[allow(dead_code, reason = "it describes what the import reads")]
pub struct ConcertTerms(Value);

/// A concert with everything that its organiser sees.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OrganisedConcert)]
pub struct OrganisedBody {
    /// Its id, which follows from its slug.
    id: Uuid,
    /// Raised by any change that a claim depends on.
    version: u32,
    /// What a buyer sees of the sale.
    sale_state: SaleState,
    /// Your switch.
    switch: SaleSwitch,
    /// Its seat map, for life.
    seat_map: Uuid,
    /// How many seats and places there are.
    capacity: u32,
    /// Its terms, to be changed and sent back.
    #[schema(value_type = ConcertTerms)]
    concert: Value,
    /// In answers to changes: whether claims are decided by these terms now. If not, they will be as
    /// soon as the stores allow.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    in_force: Option<bool>,
}

/// Make a concert
///
/// Of the JSON that an import file has for one. It is yours, unless you are an administrator and name
/// somebody else as `organiser_id`. Sent again, it is answered with 200 and changes nothing.
#[utoipa::path(post, path = "/v1/admin/concerts", tag = "organisers", operation_id = "create_concert",
    security(("session" = [])), request_body = ConcertTerms,
    responses(
        (status = 201, description = "The concert is there", body = OrganisedBody,
         headers(("Location" = String, description = "Where it is"))),
        (status = 200, description = "It was there before, just so", body = OrganisedBody),
        CreateProblems,
    ),
)]
pub async fn create(
    State(state): State<Shared>,
    By(by): By,
    JsonBytes(json): JsonBytes<CONCERT_BODY_BYTES_MAX>,
) -> Result<Response> {
    let use_case = state.reservations.clone();
    let work = async move { use_case.create_concert(&by, &json).await };
    let written = state.to_the_end(work).await?;
    let id = written.performance.concert.id;
    state.was_changed(id).await;
    let body = Personal(OrganisedBody::written(&written));
    let location = [(header::LOCATION, format!("/v1/admin/concerts/{id}"))];
    Ok(match written.writing {
        Writing::New => (StatusCode::CREATED, location, body).into_response(),
        Writing::Changed | Writing::Unchanged => body.into_response(),
    })
}

/// Change a concert
///
/// To the JSON that an import file has for one. Slug, seat map and currency stay for life; what was held
/// keeps its price.
#[utoipa::path(put, path = "/v1/admin/concerts/{concert}", tag = "organisers", operation_id = "change_concert",
    security(("session" = [])), request_body = ConcertTerms,
    params(InConcert),
    responses(
        (status = 200, description = "The concert is so", body = OrganisedBody),
        (status = 202, description = "It will be so as soon as the stores allow", body = OrganisedBody),
        ChangeProblems,
    ),
)]
pub async fn change(
    State(state): State<Shared>,
    By(by): By,
    InConcert(concert): InConcert,
    JsonBytes(json): JsonBytes<CONCERT_BODY_BYTES_MAX>,
) -> Result<Response> {
    let use_case = state.reservations.clone();
    let work = async move { use_case.change_concert(&by, concert, &json).await };
    let written = state.to_the_end(work).await?;
    state.was_changed(concert).await;
    Ok(changed(&written))
}

/// Your concerts
///
/// By when they begin; for administrators everybody's.
#[utoipa::path(get, path = "/v1/admin/concerts", tag = "organisers", operation_id = "list_own_concerts",
    security(("session" = [])),
    params(
        Page,
    ),
    responses(
        (status = 200, description = "A page of concerts", body = ConcertList,
         headers(("Link" = String, description = "The next page, as `rel=\"next\"`"))),
        ListProblems,
    ),
)]
pub async fn list(
    State(state): State<Shared>,
    By(by): By,
    page: Page,
) -> Result<impl IntoResponse> {
    let after = page.after.map(|Cursor(time, id)| (time, id));
    let mut concerts = state.reservations.concerts_of(&by, after, page.limit + 1).await?;
    let next_cursor =
        turn(&mut concerts, page.limit, |concert| Cursor(concert.starts_at, concert.id));
    let link = next_page("/v1/admin/concerts", next_cursor.as_deref(), page.limit);
    let now = Timestamp::now();
    let items = concerts.iter().map(|concert| ConcertItem::new(concert, now)).collect();
    Ok((link, Personal(ConcertList { items, next_cursor }).into_response()))
}

/// One of your concerts
#[utoipa::path(get, path = "/v1/admin/concerts/{concert}", tag = "organisers", operation_id = "get_own_concert",
    security(("session" = [])),
    params(InConcert),
    responses((status = 200, description = "The concert", body = OrganisedBody), ConcertProblems),
)]
pub async fn get(
    State(state): State<Shared>,
    By(by): By,
    InConcert(concert): InConcert,
) -> Result<impl IntoResponse> {
    let performance = state.reservations.concert_for(&by, concert).await?;
    Ok(Personal(OrganisedBody::new(&performance)))
}

/// The answer to a change: 200 when it is in force.
pub(super) fn changed(written: &WrittenConcert) -> Response {
    let status = if written.in_force { StatusCode::OK } else { StatusCode::ACCEPTED };
    (status, Personal(OrganisedBody::written(written))).into_response()
}

impl OrganisedBody {
    fn new(performance: &Performance) -> Self {
        let Performance { concert, map } = performance;
        let categories = map.categories.iter().map(|category| &*category.name);
        Self {
            id: concert.id.0,
            version: concert.version,
            sale_state: concert.sale_state(Timestamp::now()),
            switch: concert.switch,
            seat_map: concert.seat_map.0,
            capacity: map.room().places(),
            concert: concert_file::write(concert, (&map.name, map.version), categories),
            in_force: None,
        }
    }

    fn written(written: &WrittenConcert) -> Self {
        Self { in_force: Some(written.in_force), ..Self::new(&written.performance) }
    }
}
