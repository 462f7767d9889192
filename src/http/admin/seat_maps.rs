//! `/v1/admin/seat-maps`

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use super::plan::PlanBody;
use super::problems::{ImportProblems, ListProblems, SeatMapProblems};
use crate::cache::Encoding;
use crate::catalogue::import::ImportedMap;
use crate::domain::ids::SeatMapId;
use crate::http::body::SeatMapBody;
use crate::http::extract::{By, OfSeatMap, Page};
use crate::http::page::{next_page, turn};
use crate::http::problem::Result;
use crate::http::respond::{NO_STORE, Personal};
use crate::http::state::Shared;
use crate::ledger::seat_maps::SeatMapSummary;

/// A house in pretix's open seating-plan format, as `docs/import.md` has it.
#[derive(utoipa::ToSchema)]
#[schema(value_type = Object, example = json!({
    "name": "Little House",
    "size": {"width": 120, "height": 80},
    "categories": [{"name": "Stalls", "color": "#3f6fb5"}],
    "zones": [{"name": "Floor", "position": {"x": 20, "y": 40}, "rows": [
        {"row_number": "A", "position": {"x": 0, "y": 0}, "seats": [
            {"seat_guid": "A-1", "seat_number": "1", "position": {"x": 0, "y": 0}, "category": "Stalls"},
        ]},
    ]}],
}))]
#[allow(dead_code, reason = "it describes what the import reads")]
pub struct SeatingPlan(serde_json::Value);

/// A seat map that was imported, now or before.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ImportedSeatMap)]
pub struct ImportedBody {
    /// Its id.
    id: Uuid,
    /// Its name, shared by its versions.
    #[schema(example = "Little House")]
    name: String,
    /// Which version, from 1.
    #[schema(example = 1)]
    version: u32,
    /// Whether this version is new; else the layout was imported before.
    is_new: bool,
    /// How many seats there are.
    #[schema(example = 1)]
    seats: usize,
    /// How many people can stand in its areas.
    #[schema(example = 0)]
    standing: u32,
    /// How many sections.
    #[schema(example = 1)]
    sections: usize,
    /// How many categories.
    #[schema(example = 1)]
    categories: usize,
}

/// A seat map in a list.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SeatMapItem)]
struct Item {
    /// Its id.
    id: Uuid,
    /// Its name, shared by its versions.
    name: String,
    /// Which version, from 1.
    version: u32,
    /// How many seats and places there are.
    capacity: u32,
    /// What a concert on it needs prices for.
    categories: Vec<String>,
    /// Whose it is; null if everybody's.
    #[schema(required)]
    organiser_id: Option<Uuid>,
}

/// A page of seat maps, newest first.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SeatMapList)]
pub struct List {
    /// The seat maps.
    items: Vec<Item>,
    /// What to send as `cursor` for the next page; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Import a seat map
///
/// All or nothing. A layout that is the newest of its name already changes nothing and is answered with
/// 200; another one becomes the next version. Up to 32 MiB; larger houses are imported with `frontrow import`.
#[utoipa::path(post, path = "/v1/admin/seat-maps", tag = "organisers", operation_id = "import_seat_map",
    security(("session" = [])), request_body = SeatingPlan,
    responses(
        (status = 201, description = "A new version", body = ImportedBody,
         headers(("Location" = String, description = "Where it is"))),
        (status = 200, description = "It was imported before", body = ImportedBody),
        ImportProblems,
    ),
)]
pub async fn import(State(state): State<Shared>, By(by): By, plan: PlanBody) -> Result<Response> {
    let use_case = state.reservations.clone();
    let work = async move {
        let PlanBody { bytes, place } = plan;
        let imported = use_case.import_seat_map(&by, bytes).await;
        drop(place);
        imported
    };
    let map = state.to_the_end(work).await?;
    let (is_new, location) = (map.is_new, format!("/v1/admin/seat-maps/{}", map.id));
    let body = Personal(ImportedBody::from(map));
    Ok(match is_new {
        true => (StatusCode::CREATED, [(header::LOCATION, location)], body).into_response(),
        false => body.into_response(),
    })
}

/// The seat maps that you may use
///
/// Yours and everybody's, newest first; for administrators all.
#[utoipa::path(get, path = "/v1/admin/seat-maps", tag = "organisers", operation_id = "list_seat_maps",
    security(("session" = [])),
    params(
        Page,
    ),
    responses(
        (status = 200, description = "A page of seat maps", body = List,
         headers(("Link" = String, description = "The next page, as `rel=\"next\"`"))),
        ListProblems,
    ),
)]
pub async fn list(
    State(state): State<Shared>,
    By(by): By,
    page: Page<Uuid>,
) -> Result<impl IntoResponse> {
    let before = page.after.map(SeatMapId);
    let mut maps = state.reservations.seat_maps_of(&by, before, page.limit + 1).await?;
    let next_cursor = turn(&mut maps, page.limit, |map| map.version.id.0);
    let link = next_page("/v1/admin/seat-maps", next_cursor.as_deref(), page.limit);
    let items = maps.into_iter().map(Item::from).collect();
    Ok((link, Personal(List { items, next_cursor })))
}

/// One seat map
#[utoipa::path(get, path = "/v1/admin/seat-maps/{seat_map}", tag = "organisers", operation_id = "get_seat_map_version",
    security(("session" = [])),
    params(OfSeatMap),
    responses((status = 200, description = "The seat map", body = SeatMapBody), SeatMapProblems),
)]
pub async fn get(
    State(state): State<Shared>,
    By(by): By,
    OfSeatMap(id): OfSeatMap,
) -> Result<impl IntoResponse> {
    let map = state.reservations.seat_map_for(&by, id).await?;
    let encoded = state.seat_map_bodies.encoded(&map).await?;
    let json = encoded.bytes(Encoding::Identity);
    Ok(([NO_STORE, (header::CONTENT_TYPE, "application/json")], json))
}

impl From<ImportedMap> for ImportedBody {
    fn from(map: ImportedMap) -> Self {
        let ImportedMap { id, name, version, is_new, seats, standing, sections, categories } = map;
        Self { id: id.0, name, version, is_new, seats, standing, sections, categories }
    }
}

impl From<SeatMapSummary> for Item {
    fn from(map: SeatMapSummary) -> Self {
        let SeatMapSummary { version, capacity, organiser } = map;
        Self {
            id: version.id.0,
            name: version.name,
            version: version.version,
            capacity,
            categories: version.categories,
            organiser_id: organiser.map(|organiser| organiser.0),
        }
    }
}
