//! `/v1/sessions`: who is asking.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::extract::{BearerToken, Caller};
use super::problem::{Kind, Result, problem_sets};
use super::respond::{NO_STORE, Personal};
use super::state::Shared;
use crate::domain::role::Role;

/// A session that was just made.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NewSessionBody {
    /// The secret to send as `Authorization: Bearer`. It is not shown again.
    #[schema(example = "q4ZQ2cUuYb7k0m1oX8v3sN5tR6wE9hJLpA-dFgB_yCz")]
    token: String,
    /// Whose session it is.
    user: Uuid,
    /// What they may do.
    role: Role,
    /// When it ends, unless it is used before.
    expires_at: Timestamp,
}

/// A session.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SessionBody {
    /// Whose session it is.
    user: Uuid,
    /// What they may do.
    role: Role,
    /// When it ends, unless it is used before.
    expires_at: Timestamp,
}

problem_sets! {
    /// Starting a session.
    CreateProblems = &[Kind::Unavailable];
    /// Using one.
    SessionProblems = &[Kind::Unauthenticated, Kind::Unavailable];
}

/// Start a guest session
#[utoipa::path(post, path = "/v1/sessions", tag = "sessions", operation_id = "create_session", responses(
    (status = 201, description = "A session of somebody new", body = NewSessionBody,
     headers(("Location" = String, description = "Where the session is"))),
    CreateProblems,
))]
pub async fn create(State(state): State<Shared>) -> Result<impl IntoResponse> {
    let new = state.sessions.create_guest().await?;
    let body = NewSessionBody {
        token: new.token.expose(),
        user: new.session.user.0,
        role: new.session.role,
        expires_at: new.session.expires_at,
    };
    let location = [(header::LOCATION, "/v1/sessions/current")];
    Ok((StatusCode::CREATED, location, Personal(body)))
}

/// Whose session it is
#[utoipa::path(get, path = "/v1/sessions/current", tag = "sessions", operation_id = "get_session", security(("session" = [])), responses(
    (status = 200, description = "The session", body = SessionBody),
    SessionProblems,
))]
pub async fn current(caller: Caller) -> impl IntoResponse {
    let Caller { user, role, expires_at } = caller;
    Personal(SessionBody { user: user.0, role, expires_at })
}

/// End the session
///
/// Its reservations stay as they are. Ending it again is the same answer again.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "sessions", operation_id = "end_session", security(("session" = [])), responses(
    (status = 204, description = "It has ended"),
    SessionProblems,
))]
pub async fn end(
    State(state): State<Shared>,
    BearerToken(token): BearerToken,
) -> Result<impl IntoResponse> {
    state.sessions.end(&token).await?;
    Ok((StatusCode::NO_CONTENT, [NO_STORE]))
}
