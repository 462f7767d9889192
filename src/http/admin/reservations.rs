//! `/v1/admin/concerts/{concert}/reservations/{reservation}`: anybody's.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::problems::{CancelProblems, FindProblems, ReleaseProblems};
use crate::domain::limits::REASON_CHARACTERS_MAX;
use crate::domain::organiser::Organiser;
use crate::domain::reservation::Reservation;
use crate::http::body::ReservationBody;
use crate::http::extract::{By, JsonBody, OfReservation};
use crate::http::problem::Result;
use crate::http::respond::Personal;
use crate::http::state::Shared;
use crate::http::text;
use crate::reservations::Answer;
use crate::reservations::organising::Ending;

/// Somebody's reservation.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OrganisedReservation)]
pub struct OrganisedReservation<'a> {
    /// Whose it is.
    user: Uuid,
    /// What your server called the payment; empty if the buyer confirmed.
    payment_reference: &'a str,
    #[serde(flatten)]
    reservation: ReservationBody<'a>,
}

/// Why a reservation is ended.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// In your words, up to 500 characters. It is kept.
    #[schema(min_length = 1, max_length = 500, example = "Bought twice, called on Tuesday")]
    #[schema(
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    reason: String,
}

/// Somebody's reservation
#[utoipa::path(get, path = "/v1/admin/concerts/{concert}/reservations/{reservation}", tag = "organisers", operation_id = "look_up_reservation",
    security(("session" = [])),
    params(OfReservation),
    responses((status = 200, description = "The reservation", body = OrganisedReservation), FindProblems),
)]
pub async fn get(
    State(state): State<Shared>,
    By(by): By,
    of: OfReservation,
) -> Result<impl IntoResponse> {
    let found = state.reservations.find_for(&by, of.concert, of.reservation).await?;
    Ok(Personal(OrganisedReservation::new(&found)).into_response())
}

/// Give somebody's hold back
///
/// Its seats are free at once. A hold that has ended already is answered as it ended.
#[utoipa::path(post, path = "/v1/admin/concerts/{concert}/reservations/{reservation}/release", tag = "organisers", operation_id = "release_reservation_for",
    security(("session" = [])), request_body = Reason,
    params(OfReservation),
    responses((status = 200, description = "The reservation, released", body = OrganisedReservation), ReleaseProblems),
)]
pub async fn release(
    State(state): State<Shared>,
    By(by): By,
    of: OfReservation,
    JsonBody(reason): JsonBody<Reason>,
) -> Result<Response> {
    end(&state, by, of, Ending::Release, reason).await
}

/// Give somebody's tickets back
///
/// Also after the time in which they could do so themselves. Cancelling again is the same answer again.
#[utoipa::path(post, path = "/v1/admin/concerts/{concert}/reservations/{reservation}/cancel", tag = "organisers", operation_id = "cancel_reservation_for",
    security(("session" = [])), request_body = Reason,
    params(OfReservation),
    responses((status = 200, description = "The reservation, cancelled", body = OrganisedReservation), CancelProblems),
)]
pub async fn cancel(
    State(state): State<Shared>,
    By(by): By,
    of: OfReservation,
    JsonBody(reason): JsonBody<Reason>,
) -> Result<Response> {
    end(&state, by, of, Ending::Cancel, reason).await
}

async fn end(
    state: &Shared,
    by: Organiser,
    of: OfReservation,
    ending: Ending,
    Reason { reason }: Reason,
) -> Result<Response> {
    let reason = text::checked("reason", reason, REASON_CHARACTERS_MAX)?;
    let use_case = state.reservations.clone();
    let work =
        async move { use_case.end_for(&by, of.concert, of.reservation, ending, &reason).await };
    let answer = state.to_the_end(work).await?;
    state.was_changed(of.concert).await;
    Ok(Personal(OrganisedReservation::new(&answer)).into_response())
}

impl<'a> OrganisedReservation<'a> {
    /// What an answer says to an organiser.
    pub(super) fn new(answer: &'a Answer) -> Self {
        let Reservation { user, payment_reference, .. } = &answer.reservation;
        Self { user: user.0, payment_reference, reservation: ReservationBody::new(answer) }
    }
}
