//! `/v1/users` and `/v1/me`: accounts, and what is yours.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::body::{PurchaseBody, PurchaseList};
use super::extract::{Caller, JsonBody, MaybeCaller, Page};
use super::page::{Bought, next_page, turn};
use super::problem::{Kind, Problem, Result, problem_sets};
use super::respond::{NO_STORE, Personal};
use super::state::Shared;
use super::text;
use crate::domain::email::Email;
use crate::domain::limits::{NAME_CHARACTERS_MAX, PASSWORD_BYTES_MAX, PASSWORD_BYTES_MIN};
use crate::domain::role::Role;
use crate::domain::user::User;
use crate::identity::{Password, Registration};

/// An account that somebody wants.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The address to sign in with. Its spelling in upper or lower case does not matter.
    #[schema(max_length = 254, example = "ada@example.org")]
    email: String,
    /// The password: 12 to 1024 bytes.
    #[schema(min_length = 12, max_length = 1024, example = "correct horse battery")]
    password: String,
    /// What you want to be called.
    #[schema(min_length = 1, max_length = 200, example = "Ada")]
    #[schema(
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    name: Option<String>,
}

/// Another password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password until now.
    #[schema(max_length = 1024, example = "correct horse battery")]
    current_password: String,
    /// The password from now on: 12 to 1024 bytes.
    #[schema(min_length = 12, max_length = 1024, example = "incorrect donkey dynamo")]
    new_password: String,
}

/// Somebody.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = User)]
pub struct UserBody {
    /// Their id.
    id: Uuid,
    /// What they may do.
    role: Role,
    /// The address that they sign in with; null for a guest.
    #[schema(required, example = "ada@example.org")]
    email: Option<String>,
    /// What they want to be called; null if they did not say.
    #[schema(required, example = "Ada")]
    name: Option<String>,
    /// Since when they are kept; null for a guest who has bought nothing.
    #[schema(required)]
    created_at: Option<Timestamp>,
}

/// What anything with a session can meet.
const ANY: &[Kind] = &[Kind::Unauthenticated, Kind::Unavailable];
/// What anything with a body can meet.
const BODY: &[Kind] = &[
    Kind::MalformedJson,
    Kind::InvalidRequest,
    Kind::UnsupportedMediaType,
    Kind::BodyTooLarge,
    Kind::BodyTooSlow,
    Kind::ForeignOrigin,
];

problem_sets! {
    /// Making an account.
    RegisterProblems = ANY, BODY, &[
        Kind::InvalidEmail, Kind::UnsuitablePassword, Kind::EmailTaken, Kind::HasAccount,
    ];
    /// Looking at oneself.
    MeProblems = ANY;
    /// Changing one's password.
    PasswordProblems = ANY, BODY, &[
        Kind::WrongCredentials, Kind::UnsuitablePassword, Kind::NoAccount,
    ];
    /// Listing what one bought.
    PurchaseProblems = ANY, &[Kind::InvalidRequest];
}

/// Make an account
///
/// With a guest's session, the guest becomes the account's owner and keeps the session and the
/// reservations. Without one, the account is somebody new's, and `POST /v1/sessions` signs them in.
#[utoipa::path(post, path = "/v1/users", tag = "users", operation_id = "create_user",
    security((), ("session" = [])), request_body = NewUser,
    responses(
        (status = 201, description = "The account's owner", body = UserBody,
         headers(("Location" = String, description = "Where you are"))),
        RegisterProblems,
    ),
)]
pub async fn create(
    State(state): State<Shared>,
    MaybeCaller(guest): MaybeCaller,
    JsonBody(body): JsonBody<NewUser>,
) -> Result<impl IntoResponse> {
    let registration = body.check()?;
    let accounts = state.accounts.clone();
    let work = async move {
        accounts.register(guest.as_ref().map(|guest| &guest.session), registration).await
    };
    let user = state.to_the_end(work).await?;
    let location = [(header::LOCATION, "/v1/me")];
    Ok((StatusCode::CREATED, location, Personal(UserBody::new(user))))
}

/// Who you are
#[utoipa::path(get, path = "/v1/me", tag = "users", operation_id = "get_me", security(("session" = [])),
    responses((status = 200, description = "You", body = UserBody), MeProblems),
)]
pub async fn me(State(state): State<Shared>, caller: Caller) -> Result<impl IntoResponse> {
    let user = state.accounts.find(caller.user).await?;
    let guest = || UserBody {
        id: caller.user.0,
        role: caller.role,
        email: None,
        name: None,
        created_at: None,
    };
    Ok(Personal(user.map_or_else(guest, UserBody::new)))
}

/// Change your password
///
/// Your other sessions end, on every instance.
#[utoipa::path(put, path = "/v1/me/password", tag = "users", operation_id = "change_password",
    security(("session" = [])), request_body = PasswordChange,
    responses((status = 204, description = "It is another"), PasswordProblems),
)]
pub async fn change_password(
    State(state): State<Shared>,
    caller: Caller,
    JsonBody(PasswordChange { current_password, new_password }): JsonBody<PasswordChange>,
) -> Result<impl IntoResponse> {
    let new = password("#/new_password", new_password)?;
    let current = Password::parse(current_password).ok();
    let accounts = state.accounts.clone();
    let work = async move { accounts.change_password(&caller.session, current, new).await };
    state.to_the_end(work).await?;
    Ok((StatusCode::NO_CONTENT, [NO_STORE]))
}

/// What you bought
///
/// At all concerts, newest first: reservations that were confirmed, also if they were cancelled since.
/// What is held is at its concert, as is what was confirmed a moment ago and has not come here yet.
#[utoipa::path(get, path = "/v1/me/reservations", tag = "users", operation_id = "list_purchases",
    security(("session" = [])),
    params(
        ("limit" = Option<u32>, Query, description = "Items on the page: 1 to 50, 20 if not said"),
        ("cursor" = Option<String>, Query, description = "The last page's `next_cursor`"),
    ),
    responses(
        (status = 200, description = "A page of what you bought", body = PurchaseList,
         headers(("Link" = String, description = "The next page, as `rel=\"next\"`"))),
        PurchaseProblems,
    ),
)]
pub async fn purchases(
    State(state): State<Shared>,
    caller: Caller,
    page: Page<Bought>,
) -> Result<impl IntoResponse> {
    let after = page.after.map(|Bought(time, id)| (time, id));
    // One more than asked for tells whether there is a next page.
    let mut purchases = state.reservations.purchases(caller.user, after, page.limit + 1).await?;
    let next = turn(&mut purchases, page.limit, |it| Bought(it.confirmed_at, it.id));
    let link: HeaderMap = next_page("/v1/me/reservations", next.as_deref(), page.limit);
    let items: Vec<_> = purchases.iter().map(PurchaseBody::new).collect();
    Ok((link, Personal(PurchaseList { items, next_cursor: next })).into_response())
}

impl NewUser {
    fn check(self) -> Result<Registration> {
        let email = Email::parse(&self.email).map_err(|error| {
            let detail = format!("email: {error}");
            Problem::new(Kind::InvalidEmail).error("pointer", "#/email", &detail).detail(detail)
        })?;
        let checked = |name| text::checked("name", name, NAME_CHARACTERS_MAX);
        let name = self.name.map(checked).transpose()?;
        let password = password("#/password", self.password)?;
        Ok(Registration { email, password, name })
    }
}

fn password(pointer: &str, text: String) -> Result<Password> {
    Password::parse(text).map_err(|error| {
        let detail = error.to_string();
        Problem::new(Kind::UnsuitablePassword)
            .member("least", PASSWORD_BYTES_MIN)
            .member("most", PASSWORD_BYTES_MAX)
            .error("pointer", pointer, &detail)
            .detail(detail)
    })
}

impl UserBody {
    fn new(user: User) -> Self {
        Self {
            id: user.id.0,
            role: user.role,
            email: user.email.map(|email| email.as_str().to_owned()),
            name: user.name,
            created_at: Some(user.created_at),
        }
    }
}
