//! Who asks as an organiser.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::Caller;
use crate::domain::organiser::Organiser;
use crate::http::problem::{Kind, Problem};
use crate::http::request_id::{self, RequestId};
use crate::http::state::Shared;

/// Somebody who may organise: an organiser, whose own concerts they may change, or an administrator,
/// who may change all; with the id of this request.
pub struct By(pub Organiser);

impl FromRequestParts<Shared> for By {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        let Caller { user, role, .. } = Caller::from_request_parts(parts, state).await?;
        if !role.may_organise() {
            let detail = format!("the session is a {}'s: only organisers may do this", role.name());
            return Err(Problem::new(Kind::Forbidden).detail(detail));
        }
        let id = parts.extensions.get::<RequestId>();
        let request_id = id.map(|RequestId(id)| request_id::text(id).to_owned());
        let request_id = request_id.unwrap_or_default();
        Ok(Self(Organiser { user, role, request_id }))
    }
}
