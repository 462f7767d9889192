//! `/v1/admin/concerts/{concert}/reservations`: anybody's.

use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::by::By;
use super::problems::{CancelProblems, FindProblems, PageProblems, ReleaseProblems};
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::limits::REASON_CHARACTERS_MAX;
use crate::domain::reservation::{Reservation, State as ReservationState};
use crate::http::body::ReservationBody;
use crate::http::extract::{InConcert, JsonBody, OfReservation, Page};
use crate::http::page::{next_link, turn};
use crate::http::problem::{Kind, Problem, Result};
use crate::http::respond::Personal;
use crate::http::state::Shared;
use crate::reservations::Answer;
use crate::reservations::organising::LookUp;

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

/// A page of reservations, by their ids.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OrganisedReservationList)]
pub struct List<'a> {
    /// The reservations.
    items: Vec<OrganisedReservation<'a>>,
    /// What to send as `cursor` for the next page; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Why a reservation is ended.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// In your words, up to 500 characters. It is kept.
    #[schema(min_length = 1, max_length = 500, example = "Bought twice, called on Tuesday")]
    #[schema(pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    reason: String,
}

/// Which reservations are wanted: `?state&user`.
pub struct Wanted {
    state: Option<ReservationState>,
    user: Option<UserId>,
}

#[derive(Deserialize)]
struct Asked {
    state: Option<String>,
    user: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let asked = Query::<Asked>::from_request_parts(parts, state).await;
        let Query(Asked { state, user }) = asked.map_err(|error| {
            let detail = error.to_string();
            Problem::new(Kind::InvalidRequest).detail(detail)
        })?;
        let state = state.map(|text| match text.as_str() {
            "confirmed" => Ok(ReservationState::Confirmed),
            "cancelled" => Ok(ReservationState::Cancelled),
            _ => Err(invalid("state", format!("state: {text:?} is not confirmed or cancelled"))),
        });
        let user = user.map(|text| {
            let wrong = |_| invalid("user", format!("user: {text:?} is not a UUID"));
            text.parse::<UserId>().map_err(wrong)
        });
        Ok(Self { state: state.transpose()?, user: user.transpose()? })
    }
}

fn invalid(parameter: &str, detail: String) -> Problem {
    Problem::new(Kind::InvalidRequest).error("parameter", parameter, &detail).detail(detail)
}

/// Everybody's reservations at a concert
///
/// What was ever confirmed, as far as it is persisted, by id. Holds are not listed; each can be read by its id.
#[utoipa::path(get, path = "/v1/admin/concerts/{concert}/reservations", tag = "organisers", operation_id = "look_up_reservations",
    security(("session" = [])),
    params(
        InConcert,
        ("state" = Option<String>, Query, description = "Only those that are `confirmed` or `cancelled`", pattern = "^(confirmed|cancelled)$"),
        ("user" = Option<Uuid>, Query, description = "Only this user's"),
        Page,
    ),
    responses(
        (status = 200, description = "A page of reservations", body = List,
         headers(("Link" = String, description = "The next page, as `rel=\"next\"`"))),
        PageProblems,
    ),
)]
pub async fn list(
    State(state): State<Shared>,
    By(by): By,
    InConcert(concert): InConcert,
    Wanted { state: wanted, user }: Wanted,
    page: Page<Uuid>,
) -> Result<impl IntoResponse> {
    let after = page.after.map(ReservationId);
    let look_up = LookUp { state: wanted, user, after, limit: page.limit + 1 };
    let mut found = state.reservations.look_up(&by, concert, look_up).await?;
    let next_cursor = turn(&mut found, page.limit, |answer| answer.reservation.id.0);
    let mut path = format!("/v1/admin/concerts/{concert}/reservations?");
    if let Some(state) = wanted {
        let name = if state == ReservationState::Confirmed { "confirmed" } else { "cancelled" };
        path += &format!("state={name}&");
    }
    if let Some(user) = user {
        path += &format!("user={user}&");
    }
    let link = next_link(&path[..path.len() - 1], next_cursor.as_deref(), page.limit);
    let items = found.iter().map(OrganisedReservation::new).collect();
    Ok((link, Personal(List { items, next_cursor }).into_response()))
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
) -> Result<impl IntoResponse> {
    let (use_case, reason) = (state.reservations.clone(), checked(reason)?);
    let work = async move { use_case.release_for(&by, of.concert, of.reservation, &reason).await };
    let answer = state.to_the_end(work).await?;
    Ok(Personal(OrganisedReservation::new(&answer)).into_response())
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
) -> Result<impl IntoResponse> {
    let (use_case, reason) = (state.reservations.clone(), checked(reason)?);
    let work = async move { use_case.cancel_for(&by, of.concert, of.reservation, &reason).await };
    let answer = state.to_the_end(work).await?;
    Ok(Personal(OrganisedReservation::new(&answer)).into_response())
}

/// A reason that says something and can be kept.
fn checked(Reason { reason }: Reason) -> Result<String> {
    let characters = reason.chars().count();
    let detail = if reason.trim().is_empty() {
        "reason: is empty".to_owned()
    } else if characters > REASON_CHARACTERS_MAX {
        format!("reason: has {characters} characters, {REASON_CHARACTERS_MAX} is the most")
    } else if reason.chars().any(char::is_control) {
        "reason: has a control character in it".to_owned()
    } else {
        return Ok(reason);
    };
    Err(Problem::new(Kind::InvalidRequest).error("pointer", "#/reason", &detail).detail(detail))
}

impl<'a> OrganisedReservation<'a> {
    fn new(answer: &'a Answer) -> Self {
        let Reservation { user, payment_reference, .. } = &answer.reservation;
        Self { user: user.0, payment_reference, reservation: ReservationBody::new(answer) }
    }
}
