//! What can be done with a reservation.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::claim::Selected;
use super::problems::{
    CancelProblems, ChangeProblems, ConfirmProblems, ExtendProblems, ReleaseProblems,
};
use crate::http::body::ReservationBody;
use crate::http::extract::{Caller, JsonBody, OfReservation, Wait};
use crate::http::problem::{Problem, Result};
use crate::http::respond::Personal;
use crate::http::state::Shared;
use crate::reservations::{Answer, Confirmation};

/// Says which of the caller's preferences were followed (RFC 7240).
const APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// Give a hold back
///
/// Its seats are free at once. Releasing it again is the same answer again.
#[utoipa::path(delete, path = "/v1/concerts/{concert}/reservations/{reservation}", tag = "reservations", operation_id = "release_reservation",
    security(("session" = [])),
    params(OfReservation),
    responses((status = 200, description = "The reservation, released", body = ReservationBody), ReleaseProblems),
)]
pub async fn release(
    State(state): State<Shared>,
    of: OfReservation,
    caller: Caller,
) -> Result<Response> {
    let use_case = state.reservations.clone();
    let work = async move { use_case.release(caller.user, of.concert, of.reservation).await };
    Ok(one(&state.to_the_end(work).await?))
}

/// Give a hold other seats
///
/// The body is all that the hold is to have: seats that it lacks are added, those that it names no
/// more are given up, in one step; if anything that is new cannot be had, it stays as it was. What is
/// kept keeps its price, what is added has today's; the deadline stays. Sending it again is the same
/// answer again.
#[utoipa::path(put, path = "/v1/concerts/{concert}/reservations/{reservation}/selection", tag = "reservations", operation_id = "change_reservation",
    security(("session" = [])), request_body = Selected,
    params(OfReservation),
    responses((status = 200, description = "The reservation, with these seats", body = ReservationBody), ChangeProblems),
)]
pub async fn change(
    State(state): State<Shared>,
    of: OfReservation,
    caller: Caller,
    JsonBody(selected): JsonBody<Selected>,
) -> Result<Response> {
    let use_case = state.reservations.clone();
    let work =
        async move { use_case.change(caller.user, of.concert, of.reservation, selected).await };
    Ok(one(&state.to_the_end(work).await?))
}

/// Turn a hold into a sale
///
/// It counts from the answer on. `Prefer: wait=N` asks to be answered when the durable store has it,
/// too: 200 when it does, 202 when it did not within N seconds. Confirming again is the same answer again.
#[utoipa::path(post, path = "/v1/concerts/{concert}/reservations/{reservation}/confirm", tag = "reservations", operation_id = "confirm_reservation",
    security(("session" = [])),
    params(
        OfReservation,
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
    let shared = state.clone();
    let work = async move {
        let OfReservation { concert, reservation } = of;
        let confirm = |left| shared.reservations.confirm(caller.user, concert, reservation, left);
        if caller.session.kept {
            return confirm(wait.left()).await.map_err(Problem::from);
        }
        // Nobody is told of a ticket whose session would not outlive Redis, as the ticket does.
        let confirmed = confirm(None).await?;
        shared.sessions.keep(&caller.session).await?;
        match wait.left() {
            // Confirming again is the same answer again, which can be waited for.
            Some(left) => confirm(Some(left)).await.map_err(Problem::from),
            None => Ok(confirmed),
        }
    };
    Ok(confirmed(&state.to_the_end(work).await?, wait))
}

/// The answer to a confirmation, whoever asked for it.
pub(super) fn confirmed(confirmation: &Confirmation, wait: Wait) -> Response {
    let status = match (wait.seconds(), confirmation.persisted) {
        (Some(_), false) => StatusCode::ACCEPTED,
        (Some(_), true) | (None, _) => StatusCode::OK,
    };
    let body = ReservationBody::new(&confirmation.answer).with_persisted(confirmation.persisted);
    (status, applied(wait), Personal(body)).into_response()
}

fn applied(wait: Wait) -> HeaderMap {
    let value = |seconds| HeaderValue::from_str(&format!("wait={seconds}")).ok();
    let value = wait.seconds().and_then(value).map(|value| (APPLIED, value));
    value.into_iter().collect()
}

/// Prolong a hold
///
/// Once, and never past twice the concert's `hold_seconds`. What lasts longer than that already is answered
/// as it is, and its one extension is not used up.
#[utoipa::path(post, path = "/v1/concerts/{concert}/reservations/{reservation}/extend", tag = "reservations", operation_id = "extend_reservation",
    security(("session" = [])),
    params(OfReservation),
    responses((status = 200, description = "The reservation, with a later deadline", body = ReservationBody), ExtendProblems),
)]
pub async fn extend(
    State(state): State<Shared>,
    of: OfReservation,
    caller: Caller,
) -> Result<Response> {
    let use_case = state.reservations.clone();
    let work = async move { use_case.extend(caller.user, of.concert, of.reservation).await };
    Ok(one(&state.to_the_end(work).await?))
}

/// Give a sale back
///
/// Until the concert's `cancel_until`. Cancelling again is the same answer again.
#[utoipa::path(post, path = "/v1/concerts/{concert}/reservations/{reservation}/cancel", tag = "reservations", operation_id = "cancel_reservation",
    security(("session" = [])),
    params(OfReservation),
    responses((status = 200, description = "The reservation, cancelled", body = ReservationBody), CancelProblems),
)]
pub async fn cancel(
    State(state): State<Shared>,
    of: OfReservation,
    caller: Caller,
) -> Result<Response> {
    let use_case = state.reservations.clone();
    let work = async move { use_case.cancel(caller.user, of.concert, of.reservation).await };
    Ok(one(&state.to_the_end(work).await?))
}

fn one(answer: &Answer) -> Response {
    Personal(ReservationBody::new(answer)).into_response()
}
