//! `/v1/admin/service-keys`: how organisers' servers say whose they are.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::extract::{By, JsonBody, Merchant, OfServiceKey};
use super::problem::{Kind, Result, problem_sets};
use super::respond::{NO_STORE, Personal};
use super::state::Shared;
use super::text;
use crate::domain::limits::NAME_CHARACTERS_MAX;
use crate::domain::service_key::ServiceKey;

/// What to call a new key.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewServiceKey {
    /// A name by which you know where it is used.
    #[schema(min_length = 1, max_length = 200, example = "web shop")]
    #[schema(
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    name: String,
}

/// A key of yours, without its secret.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ServiceKey)]
pub struct ServiceKeyBody {
    /// Its id, which is no secret.
    id: Uuid,
    /// What you call it.
    #[schema(example = "web shop")]
    name: String,
    /// When it was made.
    created_at: Timestamp,
}

/// A key that was just made.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NewServiceKeyBody {
    /// The key.
    #[serde(flatten)]
    key: ServiceKeyBody,
    /// The secret that your server sends as `Authorization: Bearer`. It is not shown again.
    #[schema(example = "frk_q4ZQ2cUuYb7k0m1oX8v3sN5tR6wE9hJLpA-dFgB_yCz")]
    secret: String,
}

/// Your keys.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ServiceKeyList {
    /// The keys that were not revoked, oldest first.
    items: Vec<ServiceKeyBody>,
}

/// Whose server is asking.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MerchantBody {
    /// The organiser's id.
    organiser: Uuid,
}

/// What every one of these can meet.
const ANY: &[Kind] = &[Kind::Unauthenticated, Kind::Forbidden, Kind::Unavailable];

problem_sets! {
    /// Making one.
    CreateProblems = ANY, &[
        Kind::MalformedJson, Kind::InvalidRequest, Kind::UnsupportedMediaType, Kind::BodyTooLarge, Kind::BodyTooSlow,
        Kind::TooManyServiceKeys,
    ];
    /// Listing one's own.
    ListProblems = ANY;
    /// Ending one.
    RevokeProblems = ANY, &[Kind::InvalidId, Kind::NoSuchServiceKey];
    /// Using one.
    MerchantProblems = &[Kind::Unauthenticated, Kind::Unavailable];
}

/// Make a service key
///
/// With it, your server says that it is yours: it confirms the reservations of your concerts whose
/// `confirmed_by` is `merchant`, once they have been paid. Give each server its own, so that one can
/// be revoked without the others.
#[utoipa::path(post, path = "/v1/admin/service-keys", tag = "organisers", operation_id = "create_service_key",
    security(("session" = [])), request_body = NewServiceKey,
    responses(
        (status = 201, description = "The key, with its secret", body = NewServiceKeyBody,
         headers(("Location" = String, description = "Where the key is"))),
        CreateProblems,
    ),
)]
pub async fn create(
    State(state): State<Shared>,
    By(by): By,
    JsonBody(NewServiceKey { name }): JsonBody<NewServiceKey>,
) -> Result<impl IntoResponse> {
    let name = text::checked("name", name, NAME_CHARACTERS_MAX)?;
    let (key, secret) = state.service_keys.create(&by, &name).await?;
    let location = format!("/v1/admin/service-keys/{}", key.id);
    let body = NewServiceKeyBody { key: ServiceKeyBody::new(key), secret: secret.expose() };
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Personal(body)))
}

/// Your service keys
///
/// Without their secrets, which nobody has but you.
#[utoipa::path(get, path = "/v1/admin/service-keys", tag = "organisers", operation_id = "list_service_keys",
    security(("session" = [])),
    responses((status = 200, description = "Your keys", body = ServiceKeyList), ListProblems),
)]
pub async fn list(State(state): State<Shared>, By(by): By) -> Result<impl IntoResponse> {
    let keys = state.service_keys.list(by.user).await?;
    Ok(Personal(ServiceKeyList { items: keys.into_iter().map(ServiceKeyBody::new).collect() }))
}

/// Revoke a service key
///
/// It counts from the answer on, on every instance. Revoking it again is the same answer again.
#[utoipa::path(delete, path = "/v1/admin/service-keys/{service_key}", tag = "organisers", operation_id = "revoke_service_key",
    security(("session" = [])), params(OfServiceKey),
    responses((status = 204, description = "It was revoked"), RevokeProblems),
)]
pub async fn revoke(
    State(state): State<Shared>,
    OfServiceKey(id): OfServiceKey,
    By(by): By,
) -> Result<impl IntoResponse> {
    // To its end: Redis has to forget what PostgreSQL has revoked.
    let keys = state.service_keys.clone();
    state.to_the_end(async move { keys.revoke(id, &by).await }).await?;
    Ok((StatusCode::NO_CONTENT, [NO_STORE]))
}

/// Whose server it is
///
/// For a server that wants to know whether its key is good.
#[utoipa::path(get, path = "/v1/service-keys/current", tag = "organisers", operation_id = "get_service_key",
    security(("service_key" = [])),
    responses((status = 200, description = "The key's organiser", body = MerchantBody), MerchantProblems),
)]
pub async fn current(Merchant { organiser }: Merchant) -> impl IntoResponse {
    Personal(MerchantBody { organiser: organiser.0 })
}

impl ServiceKeyBody {
    fn new(key: ServiceKey) -> Self {
        Self { id: key.id.0, name: key.name, created_at: key.created_at }
    }
}
