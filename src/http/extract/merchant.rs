//! An organiser's server.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::caller::bearer;
use crate::domain::ids::UserId;
use crate::http::problem::{Kind, Problem};
use crate::http::state::Shared;
use crate::identity::ServiceSecret;

/// The server of an organiser, who is asked by nobody else's name.
pub struct Merchant {
    /// Whose server it is.
    pub organiser: UserId,
}

impl FromRequestParts<Shared> for Merchant {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        let secret = bearer(parts, state).await?;
        let secret = ServiceSecret::parse(&secret).ok_or_else(no_key)?;
        let organiser = state.service_keys.resolve(&secret).await?;
        Ok(Self { organiser: organiser.ok_or_else(no_key)? })
    }
}

fn no_key() -> Problem {
    let detail = "the token is not the secret of a service key that was not revoked";
    Problem::new(Kind::Unauthenticated).detail(detail)
}
