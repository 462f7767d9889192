//! `/v1/admin/concerts/{concert}/changes` and `/v1/admin/changes`: what organisers changed.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::problems::{ListProblems, PageProblems};
use crate::http::extract::{By, InConcert, Page};
use crate::http::page::{next_page, turn};
use crate::http::problem::Result;
use crate::http::respond::Personal;
use crate::http::state::Shared;
use crate::ledger::changes::OrganiserChange;

/// Something an organiser asked for, and what came of it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OrganiserChange)]
struct ChangeBody {
    /// Its number; later changes have higher ones.
    id: i64,
    /// When it was asked for.
    at: Timestamp,
    /// Who asked; all zeros for whoever runs the service, by a command.
    by: Uuid,
    /// The `X-Request-Id` of the request.
    request_id: String,
    /// What was to be done: `create_concert`, `change_concert`, `change_sale`, `extend_holds`,
    /// `block_seats`, `unblock_seats`, `release_reservation` or `cancel_reservation`; or `import_seat_map`,
    /// `create_service_key`, `revoke_service_key` or `change_role`.
    #[schema(example = "change_sale")]
    action: String,
    /// The seat map that was imported, if one was.
    #[schema(required)]
    seat_map: Option<Uuid>,
    /// The reservation it is about, if it is about one.
    #[schema(required)]
    reservation: Option<Uuid>,
    /// Why, in the organiser's words.
    #[schema(required)]
    reason: Option<String>,
    /// How it was, of what was to be other.
    #[schema(required, value_type = Option<Object>, example = json!({"switch": "open"}))]
    from: Option<Value>,
    /// How it was to be.
    #[schema(value_type = Object, example = json!({"switch": "paused"}))]
    to: Value,
    /// What came of it; null if nobody came to write it down.
    #[schema(required, value_type = Option<Object>, example = json!({"version": 2}))]
    outcome: Option<Value>,
}

/// A page of changes, newest first.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OrganiserChangeList)]
pub struct List {
    /// The changes.
    items: Vec<ChangeBody>,
    /// What to send as `cursor` for the next page; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// What organisers changed about a concert
///
/// Newest first. What was refused is there, too, with its refusal as the outcome.
#[utoipa::path(get, path = "/v1/admin/concerts/{concert}/changes", tag = "organisers", operation_id = "list_changes",
    security(("session" = [])),
    params(
        InConcert,
        Page,
    ),
    responses(
        (status = 200, description = "A page of changes", body = List,
         headers(("Link" = String, description = "The next page, as `rel=\"next\"`"))),
        PageProblems,
    ),
)]
pub async fn list(
    State(state): State<Shared>,
    By(by): By,
    InConcert(concert): InConcert,
    page: Page<i64>,
) -> Result<impl IntoResponse> {
    let limit = page.limit + 1;
    let changes = state.reservations.changes_of(&by, concert, page.after, limit).await?;
    Ok(answer(changes, &format!("/v1/admin/concerts/{concert}/changes"), page.limit))
}

/// What was changed about your seat maps and service keys
///
/// Newest first; for administrators everybody's. Who imported which version, and who made and revoked
/// which key.
#[utoipa::path(get, path = "/v1/admin/changes", tag = "organisers", operation_id = "list_own_changes",
    security(("session" = [])),
    params(
        Page,
    ),
    responses(
        (status = 200, description = "A page of changes", body = List,
         headers(("Link" = String, description = "The next page, as `rel=\"next\"`"))),
        ListProblems,
    ),
)]
pub async fn list_own(
    State(state): State<Shared>,
    By(by): By,
    page: Page<i64>,
) -> Result<impl IntoResponse> {
    let changes = state.reservations.own_changes(&by, page.after, page.limit + 1).await?;
    Ok(answer(changes, "/v1/admin/changes", page.limit))
}

fn answer(
    mut changes: Vec<OrganiserChange>,
    path: &str,
    limit: u32,
) -> (HeaderMap, Personal<List>) {
    let next_cursor = turn(&mut changes, limit, |change| change.id);
    let link = next_page(path, next_cursor.as_deref(), limit);
    let items = changes.into_iter().map(ChangeBody::from).collect();
    (link, Personal(List { items, next_cursor }))
}

impl From<OrganiserChange> for ChangeBody {
    fn from(change: OrganiserChange) -> Self {
        Self {
            id: change.id,
            at: change.asked_at,
            by: change.actor.0,
            request_id: change.request_id,
            action: change.action,
            seat_map: change.seat_map.map(|id| id.0),
            reservation: change.reservation.map(|id| id.0),
            reason: change.reason,
            from: change.before,
            to: change.asked,
            outcome: change.outcome,
        }
    }
}
