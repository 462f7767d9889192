//! `/v1/admin/concerts/{concert}/seats`: keeping seats back from the sale.

use axum::extract::State;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use super::problems::{BlockProblems, UnblockProblems};
use crate::domain::limits::BLOCK_BODY_BYTES_MAX;
use crate::http::extract::{By, InConcert, JsonBody};
use crate::http::problem::Result;
use crate::http::respond::Personal;
use crate::http::state::Shared;
use crate::reservations::organising::Blocked;

/// Which seats to keep back.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatsToBlock {
    /// The ids of 1 to 10,000 seats.
    #[schema(min_items = 1, max_items = 10_000, example = json!(["A-1", "A-2"]))]
    seats: Vec<String>,
    /// Whether to block the others when some are somebody's; else none is blocked then.
    #[serde(default)]
    skip_unavailable: bool,
}

/// Which seats to give to the sale again.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatsToUnblock {
    /// The ids of 1 to 10,000 seats.
    #[schema(min_items = 1, max_items = 10_000, example = json!(["A-1", "A-2"]))]
    seats: Vec<String>,
}

/// What was done.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = BlockedSeats)]
pub struct BlockedBody {
    /// How many seats have another state now; those that were so already do not count.
    #[schema(example = 2)]
    changed: u32,
    /// The ids of the seats that are held or sold, and stay so.
    #[schema(example = json!([]))]
    unavailable: Vec<String>,
}

/// Keep seats back
///
/// All of them, or none and `conflicts` names those that are held or sold; with `skip_unavailable`, all
/// others. Possible before the sale begins, too.
#[utoipa::path(post, path = "/v1/admin/concerts/{concert}/seats/block", tag = "organisers", operation_id = "block_seats",
    security(("session" = [])), request_body = SeatsToBlock,
    params(InConcert),
    responses((status = 200, description = "They are blocked", body = BlockedBody), BlockProblems),
)]
pub async fn block(
    State(state): State<Shared>,
    By(by): By,
    InConcert(concert): InConcert,
    JsonBody(wanted): JsonBody<SeatsToBlock, BLOCK_BODY_BYTES_MAX>,
) -> Result<impl IntoResponse> {
    let use_case = state.reservations.clone();
    let work = async move {
        let SeatsToBlock { seats, skip_unavailable } = wanted;
        use_case.block_seats(&by, concert, &seats, skip_unavailable).await
    };
    let blocked = state.to_the_end(work).await?;
    state.was_changed(concert).await;
    Ok(Personal(BlockedBody::new(&blocked)))
}

/// Give seats to the sale again
///
/// Those that are not blocked are left as they are.
#[utoipa::path(post, path = "/v1/admin/concerts/{concert}/seats/unblock", tag = "organisers", operation_id = "unblock_seats",
    security(("session" = [])), request_body = SeatsToUnblock,
    params(InConcert),
    responses((status = 200, description = "None of them is blocked", body = BlockedBody), UnblockProblems),
)]
pub async fn unblock(
    State(state): State<Shared>,
    By(by): By,
    InConcert(concert): InConcert,
    JsonBody(wanted): JsonBody<SeatsToUnblock, BLOCK_BODY_BYTES_MAX>,
) -> Result<impl IntoResponse> {
    let use_case = state.reservations.clone();
    let work = async move { use_case.unblock_seats(&by, concert, &wanted.seats).await };
    let blocked = state.to_the_end(work).await?;
    state.was_changed(concert).await;
    Ok(Personal(BlockedBody::new(&blocked)))
}

impl BlockedBody {
    fn new(blocked: &Blocked) -> Self {
        let unavailable = blocked.left_ids().into_iter().map(str::to_owned).collect();
        Self { changed: blocked.changed, unavailable }
    }
}
