//! Who asks as an organiser.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::http::extract::Organiser;
use crate::http::problem::Problem;
use crate::http::request_id::{self, RequestId};
use crate::http::state::Shared;
use crate::reservations::organising;

/// An organiser or an administrator, with the id of this request.
pub struct By(pub organising::Organiser);

impl FromRequestParts<Shared> for By {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        let Organiser { user, role } = Organiser::from_request_parts(parts, state).await?;
        let id = parts.extensions.get::<RequestId>();
        let request_id = id.map(|RequestId(id)| request_id::text(id).to_owned());
        let request_id = request_id.unwrap_or_default();
        Ok(Self(organising::Organiser { user, role, request_id }))
    }
}
