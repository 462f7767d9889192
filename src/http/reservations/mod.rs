//! `/v1/concerts/{concert}/reservations`: holding seats, and looking at what one has.

mod claim;
pub(super) mod payment;
mod problems;
pub(super) mod verbs;

use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::body::{ReservationBody, ReservationList};
use super::extract::{Caller, IdempotencyKey, InConcert, JsonBody, OfReservation};
use super::problem::Result;
use super::respond::Personal;
use super::state::Shared;
use claim::{Asked, Claim, ClaimBody};
use problems::{FindProblems, MineProblems, ReserveProblems};

/// Says that an answer was given before, and that nothing was done now.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Hold seats
///
/// Seats and places in areas by their ids, or the best seats that are free. All or none. Sent again under the same key, it gives the same reservation again, as it stands by
/// then, with status 200 and `Idempotency-Replayed: true`.
#[utoipa::path(post, path = "/v1/concerts/{concert}/reservations", tag = "reservations", operation_id = "reserve_seats",
    security(("session" = [])),
    request_body(content = ClaimBody, examples(
        ("seats" = (summary = "Seats by their ids", value = json!({ "seats": ["A-1", "A-2"] }))),
        ("best" = (summary = "The best two there are", value = json!({ "best_available": { "quantity": 2 } }))),
        ("split" = (summary = "Five of a section, split if need be",
         value = json!({ "best_available": { "quantity": 5, "section": "Stalls", "may_split": true } }))),
    )),
    params(
        InConcert,
        ("Idempotency-Key" = String, Header, description = "A name of your own for this request, 1 to 255 visible ASCII characters, bare or quoted", pattern = r#"^([!#-~][!-~]{0,254}|"([!#-\[\]-~]|\\["\\]){1,255}")$"#),
    ),
    responses(
        (status = 201, description = "The seats are held", body = ReservationBody,
         headers(("Location" = String, description = "Where the reservation is"))),
        (status = 200, description = "The answer to the same request, sent before", body = ReservationBody,
         headers(("Idempotency-Replayed" = bool, description = "true"))),
        ReserveProblems,
    ),
)]
pub async fn reserve(
    State(state): State<Shared>,
    InConcert(concert): InConcert,
    IdempotencyKey(key): IdempotencyKey,
    caller: Caller,
    JsonBody(claim): JsonBody<Claim>,
) -> Result<Response> {
    let (use_case, user, asked) = (state.reservations.clone(), caller.user, claim.asked()?);
    let work = async move {
        match asked {
            Asked::These(wanted) => use_case.reserve(user, concert, &key, wanted).await,
            // Apart, because it is large, and claims of named seats would carry its room along.
            Asked::Best(wish) => Box::pin(use_case.reserve_best(user, concert, &key, &wish)).await,
        }
    };
    let answer = state.to_the_end(work).await?;
    let body = Personal(ReservationBody::new(&answer));
    if answer.replayed {
        return Ok(([(REPLAYED, "true")], body).into_response());
    }
    let id = answer.reservation.id;
    let location = format!("/v1/concerts/{concert}/reservations/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
}

/// Your reservations
///
/// Those that live: held and confirmed.
#[utoipa::path(get, path = "/v1/concerts/{concert}/reservations", tag = "reservations", operation_id = "list_reservations",
    security(("session" = [])),
    params(InConcert),
    responses((status = 200, description = "Your reservations", body = ReservationList), MineProblems),
)]
pub async fn mine(
    State(state): State<Shared>,
    InConcert(concert): InConcert,
    caller: Caller,
) -> Result<Response> {
    let answers = state.reservations.mine(caller.user, concert).await?;
    let items = answers.iter().map(ReservationBody::new).collect();
    Ok(Personal(ReservationList { items }).into_response())
}

/// One of your reservations
#[utoipa::path(get, path = "/v1/concerts/{concert}/reservations/{reservation}", tag = "reservations", operation_id = "get_reservation",
    security(("session" = [])),
    params(OfReservation),
    responses((status = 200, description = "The reservation", body = ReservationBody), FindProblems),
)]
pub async fn get(
    State(state): State<Shared>,
    of: OfReservation,
    caller: Caller,
) -> Result<Response> {
    let found = state.reservations.find(caller.user, of.concert, of.reservation);
    Ok(Personal(ReservationBody::new(&found.await?)).into_response())
}
