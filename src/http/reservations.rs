//! `/v1/concerts/{concert}/reservations`: from hold to ticket.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::body::{ReservationBody, ReservationList};
use super::extract::{Caller, IdempotencyKey, InConcert, JsonBody, OfReservation, Wait};
use super::problem::{Kind, Result, problem_sets};
use super::respond::Personal;
use super::state::Shared;
use crate::reservations::Answer;

/// Says that an answer was given before, and that nothing was done now.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Says which of the caller's preferences were followed (RFC 7240).
const APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// Which seats to hold.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The ids of 1 to 20 seats: all are held, or none.
    #[schema(min_items = 1, max_items = 20, example = json!(["A-1", "A-2"]))]
    seats: Vec<String>,
}

/// What anything about reservations can meet.
const ANY: &[Kind] = &[
    Kind::InvalidId,
    Kind::Unauthenticated,
    Kind::NoSuchConcert,
    Kind::Unavailable,
];

problem_sets! {
    /// Holding seats.
    ReserveProblems = ANY, &[
        Kind::MalformedJson, Kind::InvalidRequest, Kind::MissingIdempotencyKey,
        Kind::InvalidIdempotencyKey, Kind::UnsupportedMediaType, Kind::BodyTooLarge, Kind::NoSeats,
        Kind::TooManySeats, Kind::UnknownSeat, Kind::DuplicateSeat, Kind::IdempotencyKeyReused,
        Kind::SeatsUnavailable, Kind::UserLimit, Kind::NotOnSale, Kind::SalePaused, Kind::SaleOver,
    ];
    /// Listing one's reservations.
    MineProblems = ANY;
    /// Reading a reservation.
    FindProblems = ANY, &[Kind::NoSuchReservation];
    /// Turning a hold into a sale.
    ConfirmProblems = ANY, &[
        Kind::NoSuchReservation, Kind::ConfirmedByMerchant, Kind::HoldExpired,
        Kind::AlreadyReleased, Kind::AlreadyCancelled,
    ];
    /// Giving a hold back.
    ReleaseProblems = ANY, &[
        Kind::NoSuchReservation, Kind::AlreadyConfirmed, Kind::AlreadyCancelled, Kind::HoldExpired,
    ];
    /// Prolonging a hold.
    ExtendProblems = ANY, &[
        Kind::NoSuchReservation, Kind::AlreadyExtended, Kind::AlreadyConfirmed,
        Kind::AlreadyReleased, Kind::AlreadyCancelled, Kind::HoldExpired,
    ];
    /// Giving a sale back.
    CancelProblems = ANY, &[
        Kind::NoSuchReservation, Kind::NotConfirmed, Kind::AlreadyReleased, Kind::HoldExpired,
        Kind::TooLateToCancel,
    ];
}

/// Hold seats
///
/// All or none. Sent again under the same key, it gives the same reservation again, as it stands by
/// then, with status 200 and `Idempotency-Replayed: true`.
#[utoipa::path(post, path = "/v1/concerts/{concert}/reservations", tag = "reservations",
    security(("session" = [])), request_body = Claim,
    params(
        ("concert" = uuid::Uuid, Path, description = "The concert's id"),
        ("Idempotency-Key" = String, Header, description = "A name of your own for this request, 1 to 255 visible ASCII characters"),
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
    let use_case = state.reservations.clone();
    let work = async move {
        use_case
            .reserve(caller.user, concert, &key, &claim.seats)
            .await
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
#[utoipa::path(get, path = "/v1/concerts/{concert}/reservations", tag = "reservations",
    security(("session" = [])),
    params(("concert" = uuid::Uuid, Path, description = "The concert's id")),
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
#[utoipa::path(get, path = "/v1/concerts/{concert}/reservations/{reservation}", tag = "reservations",
    security(("session" = [])),
    params(
        ("concert" = uuid::Uuid, Path, description = "The concert's id"),
        ("reservation" = uuid::Uuid, Path, description = "The reservation's id"),
    ),
    responses((status = 200, description = "The reservation", body = ReservationBody), FindProblems),
)]
pub async fn get(
    State(state): State<Shared>,
    of: OfReservation,
    caller: Caller,
) -> Result<Response> {
    let found = state
        .reservations
        .find(caller.user, of.concert, of.reservation);
    Ok(one(&found.await?))
}

/// Give a hold back
///
/// Its seats are free at once. Releasing it again is the same answer again.
#[utoipa::path(delete, path = "/v1/concerts/{concert}/reservations/{reservation}", tag = "reservations",
    security(("session" = [])),
    params(
        ("concert" = uuid::Uuid, Path, description = "The concert's id"),
        ("reservation" = uuid::Uuid, Path, description = "The reservation's id"),
    ),
    responses((status = 200, description = "The reservation, released", body = ReservationBody), ReleaseProblems),
)]
pub async fn release(
    State(state): State<Shared>,
    of: OfReservation,
    caller: Caller,
) -> Result<Response> {
    let use_case = state.reservations.clone();
    let work = async move {
        use_case
            .release(caller.user, of.concert, of.reservation)
            .await
    };
    Ok(one(&state.to_the_end(work).await?))
}

/// Turn a hold into a sale
///
/// It counts from the answer on. `Prefer: wait=N` asks to be answered when the durable store has it,
/// too: 200 when it does, 202 when it did not within N seconds. Confirming again is the same answer again.
#[utoipa::path(post, path = "/v1/concerts/{concert}/reservations/{reservation}/confirm", tag = "reservations",
    security(("session" = [])),
    params(
        ("concert" = uuid::Uuid, Path, description = "The concert's id"),
        ("reservation" = uuid::Uuid, Path, description = "The reservation's id"),
        ("Prefer" = Option<String>, Header, description = "`wait=N`: up to 10 seconds", example = "wait=5"),
    ),
    responses(
        (status = 200, description = "The reservation, confirmed", body = ReservationBody,
         headers(("Preference-Applied" = String, description = "`wait=N`, as it was followed"))),
        (status = 202, description = "It is confirmed; the durable store does not have it yet", body = ReservationBody,
         headers(("Preference-Applied" = String, description = "`wait=N`, as it was followed"))),
        ConfirmProblems,
    ),
)]
pub async fn confirm(
    State(state): State<Shared>,
    of: OfReservation,
    wait: Wait,
    caller: Caller,
) -> Result<Response> {
    let (use_case, time) = (state.reservations.clone(), wait.duration());
    let work = async move {
        let confirmed = use_case.confirm(caller.user, of.concert, of.reservation, time);
        confirmed.await
    };
    let confirmation = state.to_the_end(work).await?;
    let status = match (time, confirmation.persisted) {
        (Some(_), false) => StatusCode::ACCEPTED,
        (Some(_), true) | (None, _) => StatusCode::OK,
    };
    let body = ReservationBody::new(&confirmation.answer).with_persisted(confirmation.persisted);
    Ok((status, applied(wait), Personal(body)).into_response())
}

fn applied(Wait(seconds): Wait) -> HeaderMap {
    let value = |seconds| HeaderValue::from_str(&format!("wait={seconds}")).ok();
    let value = seconds.and_then(value).map(|value| (APPLIED, value));
    value.into_iter().collect()
}

/// Prolong a hold
///
/// Once, and never past twice the concert's `hold_seconds`.
#[utoipa::path(post, path = "/v1/concerts/{concert}/reservations/{reservation}/extend", tag = "reservations",
    security(("session" = [])),
    params(
        ("concert" = uuid::Uuid, Path, description = "The concert's id"),
        ("reservation" = uuid::Uuid, Path, description = "The reservation's id"),
    ),
    responses((status = 200, description = "The reservation, with a later deadline", body = ReservationBody), ExtendProblems),
)]
pub async fn extend(
    State(state): State<Shared>,
    of: OfReservation,
    caller: Caller,
) -> Result<Response> {
    let use_case = state.reservations.clone();
    let work = async move {
        use_case
            .extend(caller.user, of.concert, of.reservation)
            .await
    };
    Ok(one(&state.to_the_end(work).await?))
}

/// Give a sale back
///
/// Until the concert's `cancel_until`. Cancelling again is the same answer again.
#[utoipa::path(post, path = "/v1/concerts/{concert}/reservations/{reservation}/cancel", tag = "reservations",
    security(("session" = [])),
    params(
        ("concert" = uuid::Uuid, Path, description = "The concert's id"),
        ("reservation" = uuid::Uuid, Path, description = "The reservation's id"),
    ),
    responses((status = 200, description = "The reservation, cancelled", body = ReservationBody), CancelProblems),
)]
pub async fn cancel(
    State(state): State<Shared>,
    of: OfReservation,
    caller: Caller,
) -> Result<Response> {
    let use_case = state.reservations.clone();
    let work = async move {
        use_case
            .cancel(caller.user, of.concert, of.reservation)
            .await
    };
    Ok(one(&state.to_the_end(work).await?))
}

fn one(answer: &Answer) -> Response {
    Personal(ReservationBody::new(answer)).into_response()
}
