//! `/v1/sessions`: who is asking.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::extract::{Caller, Credential, OptionalBody, there};
use super::problem::{Kind, Problem, Result, problem_sets};
use super::respond::{NO_STORE, Personal};
use super::state::Shared;
use super::{cookie, origin};
use crate::domain::email::Email;
use crate::domain::role::Role;
use crate::identity::{IdentityError, NewSession, Password, RecoveryCode};

/// Who somebody says they are, as it is read: one form with everything in it says better what is wrong
/// than a choice among three.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[serde(default, deserialize_with = "there")]
    email: Option<String>,
    #[serde(default, deserialize_with = "there")]
    password: Option<String>,
    #[serde(default, deserialize_with = "there")]
    recovery_code: Option<String>,
    #[serde(default)]
    cookie: bool,
}

/// Who somebody says they are: nobody (a guest), by email address and password, or by a recovery code.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = SignIn, example = json!({ "email": "ada@example.org", "password": "correct horse battery" }))]
#[serde(untagged)]
#[allow(dead_code, reason = "it describes what `SignIn` reads")]
pub enum SignInBody {
    /// Nobody in particular.
    Guest(GuestSignIn),
    /// An account's owner.
    Account(AccountSignIn),
    /// A guest who comes back.
    Recovery(RecoverySignIn),
}

/// A guest's first session.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it describes what `SignIn` reads")]
pub struct GuestSignIn {
    /// For the site: to get the token as a cookie that scripts cannot read, and not in the answer.
    #[serde(default)]
    cookie: bool,
}

/// Signing in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it describes what `SignIn` reads")]
pub struct AccountSignIn {
    /// The account's address.
    #[schema(max_length = 254, example = "ada@example.org")]
    email: String,
    /// The account's password.
    #[schema(max_length = 1024, example = "correct horse battery")]
    password: String,
    /// As for a guest.
    #[serde(default)]
    cookie: bool,
}

/// Coming back.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it describes what `SignIn` reads")]
pub struct RecoverySignIn {
    /// A guest's way back, from `POST /v1/sessions/recovery`.
    #[schema(example = "frr_q4ZQ2cUuYb7k0m1oX8v3sN5tR6wE9hJLpA-dFgB_yCz")]
    recovery_code: String,
    /// As for a guest.
    #[serde(default)]
    cookie: bool,
}

/// A session that was just made.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NewSessionBody {
    /// The secret to send as `Authorization: Bearer`. It is not shown again. Not there if it was asked
    /// for as a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "q4ZQ2cUuYb7k0m1oX8v3sN5tR6wE9hJLpA-dFgB_yCz")]
    token: Option<String>,
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

/// A guest's way back.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RecoveryBody {
    /// What to send to `POST /v1/sessions` as `recovery_code`. It is not shown again.
    #[schema(example = "frr_q4ZQ2cUuYb7k0m1oX8v3sN5tR6wE9hJLpA-dFgB_yCz")]
    recovery_code: String,
    /// When it ends.
    expires_at: Timestamp,
}

problem_sets! {
    /// Starting a session.
    CreateProblems = &[
        Kind::MalformedJson, Kind::InvalidRequest, Kind::WrongCredentials, Kind::ForeignOrigin,
        Kind::UnsupportedMediaType, Kind::BodyTooLarge, Kind::BodyTooSlow, Kind::Unavailable,
    ];
    /// Using one.
    SessionProblems = &[Kind::Unauthenticated, Kind::Unavailable];
    /// Changing something by one.
    ChangeProblems = &[Kind::Unauthenticated, Kind::ForeignOrigin, Kind::Unavailable];
    /// Asking for a way back.
    RecoveryProblems =
        &[Kind::Unauthenticated, Kind::ForeignOrigin, Kind::HasAccount, Kind::Unavailable];
}

/// Start a session
///
/// Without a body, of a guest. With `email` and `password`, of the account's owner; with a
/// `recovery_code`, of the guest who made it. `cookie` asks for the token as a cookie, which takes a
/// request from a page of the site.
#[utoipa::path(post, path = "/v1/sessions", tag = "sessions", operation_id = "create_session",
    request_body(content = Option<SignInBody>),
    responses(
        (status = 201, description = "A session", body = NewSessionBody,
         headers(
             ("Location" = String, description = "Where the session is"),
             ("Set-Cookie" = String, description = "The session, if it was asked for as a cookie"))),
        CreateProblems,
    ),
)]
pub async fn create(
    State(state): State<Shared>,
    headers: HeaderMap,
    OptionalBody(body): OptionalBody<SignIn>,
) -> Result<impl IntoResponse> {
    let body = body.unwrap_or_default();
    // Before anything is made that nobody would get.
    let scheme = body.cookie.then(|| origin::own(&headers)).transpose()?;
    let NewSession { token, session } = begin(&state, body).await?;
    let given = scheme.map(|scheme| cookie::give(scheme, &token));
    let body = NewSessionBody {
        token: given.is_none().then(|| token.expose()),
        user: session.user.0,
        role: session.role,
        expires_at: session.expires_at,
    };
    let location = [(header::LOCATION, "/v1/sessions/current")];
    let given: HeaderMap = given.into_iter().collect();
    Ok((StatusCode::CREATED, location, given, Personal(body)))
}

async fn begin(state: &Shared, asked: SignIn) -> Result<NewSession> {
    match (asked.email, asked.password, asked.recovery_code) {
        (None, None, None) => Ok(state.sessions.create_guest().await?),
        (Some(email), Some(password), None) => {
            // What cannot be an address or a password is nobody's, and that is all there is to say.
            let (email, password) = (Email::parse(&email).ok(), Password::parse(password).ok());
            Ok(state.accounts.sign_in(email.as_ref(), password).await?)
        }
        (None, None, Some(code)) => {
            let code = RecoveryCode::parse(code.trim()).ok_or(IdentityError::WrongCredentials)?;
            Ok(state.sessions.recover(&code).await?)
        }
        _ => {
            let detail = "email and password go together, and without a recovery_code";
            let problem = Problem::new(Kind::InvalidRequest).error("pointer", "#", detail);
            Err(problem.detail(detail))
        }
    }
}

/// Whose session it is
#[utoipa::path(get, path = "/v1/sessions/current", tag = "sessions", operation_id = "get_session", security(("session" = [])), responses(
    (status = 200, description = "The session", body = SessionBody),
    SessionProblems,
))]
pub async fn current(Caller { user, role, session, .. }: Caller) -> impl IntoResponse {
    Personal(SessionBody { user: user.0, role, expires_at: session.expires_at })
}

/// End the session
///
/// Its reservations stay as they are. Ending it again is the same answer again. A guest who ends their
/// last session has no way to their tickets but a recovery code.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "sessions", operation_id = "end_session", security(("session" = [])), responses(
    (status = 204, description = "It has ended"),
    ChangeProblems,
))]
pub async fn end(
    State(state): State<Shared>,
    Credential { token, cookie }: Credential,
) -> Result<impl IntoResponse> {
    let sessions = state.sessions.clone();
    state.to_the_end(async move { sessions.end(&token).await }).await?;
    let taken: HeaderMap = cookie.map(cookie::take).into_iter().collect();
    Ok((StatusCode::NO_CONTENT, [NO_STORE], taken))
}

/// Sign out everywhere
///
/// Ends all of your sessions, this one included, and withdraws your recovery code. It counts from the
/// answer on, on every instance.
#[utoipa::path(delete, path = "/v1/sessions", tag = "sessions", operation_id = "end_all_sessions", security(("session" = [])), responses(
    (status = 204, description = "All have ended"),
    ChangeProblems,
))]
pub async fn end_all(State(state): State<Shared>, caller: Caller) -> Result<impl IntoResponse> {
    let sessions = state.sessions.clone();
    state.to_the_end(async move { sessions.end_all(&caller.session).await }).await?;
    let taken: HeaderMap = caller.cookie.map(cookie::take).into_iter().collect();
    Ok((StatusCode::NO_CONTENT, [NO_STORE], taken))
}

/// Make a recovery code
///
/// For guests: with it, you come back to your reservations from another device, or after this session
/// was lost. It can be used more than once, until `expires_at`: an answer can get lost, and your
/// tickets must not be lost with it. So keep it as you would keep the tickets. There is one at a time:
/// another one, an account, and signing out everywhere each end it.
#[utoipa::path(post, path = "/v1/sessions/recovery", tag = "sessions", operation_id = "create_recovery_code", security(("session" = [])), responses(
    (status = 201, description = "The code", body = RecoveryBody),
    RecoveryProblems,
))]
pub async fn create_recovery(
    State(state): State<Shared>,
    caller: Caller,
) -> Result<impl IntoResponse> {
    // To its end: a session that is kept half-way would outlive its own sign-out.
    let sessions = state.sessions.clone();
    let work = async move { sessions.create_recovery(&caller.session).await };
    let (code, expires_at) = state.to_the_end(work).await?;
    let body = RecoveryBody { recovery_code: code.expose(), expires_at };
    Ok((StatusCode::CREATED, Personal(body)))
}

/// Withdraw the recovery code
///
/// Withdrawing it again is the same answer again.
#[utoipa::path(delete, path = "/v1/sessions/recovery", tag = "sessions", operation_id = "withdraw_recovery_code", security(("session" = [])), responses(
    (status = 204, description = "There is none any more"),
    ChangeProblems,
))]
pub async fn withdraw_recovery(
    State(state): State<Shared>,
    caller: Caller,
) -> Result<impl IntoResponse> {
    state.sessions.withdraw_recovery(&caller.session).await?;
    Ok((StatusCode::NO_CONTENT, [NO_STORE]))
}
