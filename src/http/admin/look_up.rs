//! `/v1/admin/concerts/{concert}/reservations`: everybody's, page by page.

use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::problems::LookUpProblems;
use super::reservations::OrganisedReservation;
use crate::domain::email::{Email, EmailError};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::organiser::Organiser;
use crate::domain::reservation::State as Life;
use crate::http::extract::{By, InConcert, Page};
use crate::http::page::{Place, escaped, next_page, turn};
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

/// Which reservations are wanted: `?state&user&email`.
#[derive(Clone)]
pub struct Wanted {
    state: Option<Life>,
    whose: Option<Whose>,
}

/// Whose reservations are wanted.
#[derive(Clone)]
enum Whose {
    /// This user's.
    User(UserId),
    /// Those of whoever has an account with this address.
    Email(Email),
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
    email: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let asked = Query::<Asked>::from_request_parts(parts, state).await;
        let Query(Asked { state, user, email }) = asked.map_err(|error| {
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
        let email = email.map(|text| Email::parse(&text).map_err(|error| no_address(&error)));
        let whose = match (user.transpose()?, email.transpose()?) {
            (None, None) => None,
            (Some(user), None) => Some(Whose::User(user)),
            (None, Some(email)) => Some(Whose::Email(email)),
            (Some(_), Some(_)) => {
                return Err(invalid("email", "email: there is a user as well".to_owned()));
            }
        };
        Ok(Self { state: state.transpose()?, whose })
    }
}

fn no_address(error: &EmailError) -> Problem {
    let detail = format!("email: {error}");
    Problem::new(Kind::InvalidEmail).error("parameter", "email", &detail).detail(detail)
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
        ("email" = Option<String>, Query, description = "Only those of whoever has an account with this address: none, if nobody has. Not with `user`", max_length = 254),
        Page,
    ),
    responses(
        (status = 200, description = "A page of reservations", body = List,
         headers(("Link" = String, description = "The next page, as `rel=\"next\"`"))),
        LookUpProblems,
    ),
)]
pub async fn list(
    State(state): State<Shared>,
    By(by): By,
    InConcert(concert): InConcert,
    wanted: Wanted,
    page: Page<Found>,
) -> Result<impl IntoResponse> {
    let user = match &wanted.whose {
        None => None,
        Some(Whose::User(user)) => Some(*user),
        // Nobody's id, if nobody has the address: whether somebody has is nobody's business.
        Some(Whose::Email(email)) => {
            let user = state.reservations.user_with(&by, concert, email).await?;
            Some(user.unwrap_or_else(UserId::new))
        }
    };
    let (found, next_cursor) = match wanted.state {
        Some(Life::Held) => held(&state, &by, concert, user, &page).await?,
        life => sold(&state, &by, concert, (life, user), &page).await?,
    };
    let link = next_page(&address(concert, &wanted), next_cursor.as_deref(), page.limit);
    let items = found.iter().map(OrganisedReservation::new).collect();
    Ok((link, Personal(List { items, next_cursor }).into_response()))
}

async fn held(
    state: &Shared,
    by: &Organiser,
    concert: ConcertId,
    user: Option<UserId>,
    page: &Page<Found>,
) -> Result<(Vec<Answer>, Option<String>)> {
    let from = match page.after {
        None => HoldsPlace::default(),
        Some(Found::Held(place)) => place,
        Some(Found::Sold(_)) => return Err(of_another_list()),
    };
    let holds = state.reservations.holds(by, concert, user, from, page.limit);
    let (found, next) = holds.await?;
    Ok((found, next.map(|place| Found::Held(place).text())))
}

async fn sold(
    state: &Shared,
    by: &Organiser,
    concert: ConcertId,
    (life, user): (Option<Life>, Option<UserId>),
    page: &Page<Found>,
) -> Result<(Vec<Answer>, Option<String>)> {
    let after = match page.after {
        None => None,
        Some(Found::Sold(id)) => Some(id),
        Some(Found::Held(_)) => return Err(of_another_list()),
    };
    let look_up = LookUp { state: life, user, after, limit: page.limit + 1 };
    let mut found = state.reservations.look_up(by, concert, look_up).await?;
    let next = turn(&mut found, page.limit, |answer| Found::Sold(answer.reservation.id));
    Ok((found, next))
}

fn of_another_list() -> Problem {
    invalid("cursor", "cursor: it is another list's".to_owned())
}

/// The list's own address, with what it was asked for.
fn address(concert: ConcertId, Wanted { state, whose }: &Wanted) -> String {
    let state = state.map(|state| format!("state={}", state.name()));
    let whose = whose.as_ref().map(|whose| match whose {
        Whose::User(user) => format!("user={user}"),
        Whose::Email(email) => format!("email={}", escaped(email.as_str())),
    });
    let query: Vec<String> = state.into_iter().chain(whose).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/v1/admin/concerts/{concert}/reservations{mark}{}", query.join("&"))
}
