//! `/v1/admin/concerts/{concert}/reservations`: everybody's, page by page.

use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::problems::PageProblems;
use super::reservations::OrganisedReservation;
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::organiser::Organiser;
use crate::domain::reservation::State as Life;
use crate::http::extract::{By, InConcert, Page};
use crate::http::page::{Place, next_link, turn};
use crate::http::problem::{Kind, Problem, Result};
use crate::http::respond::Personal;
use crate::http::state::Shared;
use crate::reservations::Answer;
use crate::reservations::organising::{HoldsPlace, LookUp};

/// A page of reservations.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = OrganisedReservationList)]
pub struct List<'a> {
    /// The reservations.
    items: Vec<OrganisedReservation<'a>>,
    /// What to send as `cursor` for the next page; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Which reservations are wanted: `?state&user`.
#[derive(Clone, Copy)]
pub struct Wanted {
    state: Option<Life>,
    user: Option<UserId>,
}

/// Where a list goes on: among what was sold, or among the holds.
#[derive(Clone, Copy)]
pub enum Found {
    /// After a reservation that PostgreSQL has.
    Sold(ReservationId),
    /// After a hold that Redis has.
    Held(HoldsPlace),
}

impl Place for Found {
    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Sold(id) => id.0.as_bytes().to_vec(),
            Self::Held(HoldsPlace { heap, after }) => {
                let after = after.map_or(Uuid::nil(), |id| id.0);
                [&heap.to_be_bytes()[..], after.as_bytes()].concat()
            }
        }
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if let Ok(id) = Uuid::from_slice(bytes) {
            return Some(Self::Sold(ReservationId(id)));
        }
        let (heap, after) = bytes.split_first_chunk()?;
        let after = Uuid::from_slice(after).ok()?;
        let after = (!after.is_nil()).then_some(ReservationId(after));
        Some(Self::Held(HoldsPlace { heap: u64::from_be_bytes(*heap), after }))
    }
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
        let state = state.map(|text| {
            let listed = [Life::Held, Life::Confirmed, Life::Cancelled];
            let wrong = || format!("state: {text:?} is not held, confirmed or cancelled");
            let state = listed.into_iter().find(|state| state.name() == text);
            state.ok_or_else(|| invalid("state", wrong()))
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
/// What was ever confirmed, as far as it is persisted, by id; or, with `state=held`, what is held now.
#[utoipa::path(get, path = "/v1/admin/concerts/{concert}/reservations", tag = "organisers", operation_id = "look_up_reservations",
    security(("session" = [])),
    params(
        InConcert,
        ("state" = Option<String>, Query, description = "Only those that are `held`, `confirmed` or `cancelled`", pattern = "^(held|confirmed|cancelled)$"),
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
    wanted: Wanted,
    page: Page<Found>,
) -> Result<impl IntoResponse> {
    let (found, next_cursor) = match wanted.state {
        Some(Life::Held) => held(&state, &by, concert, wanted, &page).await?,
        _ => sold(&state, &by, concert, wanted, &page).await?,
    };
    let link = next_link(&address(concert, wanted), next_cursor.as_deref(), page.limit);
    let items = found.iter().map(OrganisedReservation::new).collect();
    Ok((link, Personal(List { items, next_cursor }).into_response()))
}

async fn held(
    state: &Shared,
    by: &Organiser,
    concert: ConcertId,
    wanted: Wanted,
    page: &Page<Found>,
) -> Result<(Vec<Answer>, Option<String>)> {
    let from = match page.after {
        None => HoldsPlace::default(),
        Some(Found::Held(place)) => place,
        Some(Found::Sold(_)) => return Err(of_another_list()),
    };
    let holds = state.reservations.holds(by, concert, wanted.user, from, page.limit);
    let (found, next) = holds.await?;
    Ok((found, next.map(|place| Found::Held(place).text())))
}

async fn sold(
    state: &Shared,
    by: &Organiser,
    concert: ConcertId,
    wanted: Wanted,
    page: &Page<Found>,
) -> Result<(Vec<Answer>, Option<String>)> {
    let after = match page.after {
        None => None,
        Some(Found::Sold(id)) => Some(id),
        Some(Found::Held(_)) => return Err(of_another_list()),
    };
    let Wanted { state: life, user } = wanted;
    let look_up = LookUp { state: life, user, after, limit: page.limit + 1 };
    let mut found = state.reservations.look_up(by, concert, look_up).await?;
    let next = turn(&mut found, page.limit, |answer| Found::Sold(answer.reservation.id));
    Ok((found, next))
}

fn of_another_list() -> Problem {
    invalid("cursor", "cursor: it is another list's".to_owned())
}

/// The list's own address, with what it was asked for.
fn address(concert: ConcertId, Wanted { state, user }: Wanted) -> String {
    let state = state.map(|state| format!("state={}", state.name()));
    let user = user.map(|user| format!("user={user}"));
    let query: Vec<String> = state.into_iter().chain(user).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/v1/admin/concerts/{concert}/reservations{mark}{}", query.join("&"))
}
