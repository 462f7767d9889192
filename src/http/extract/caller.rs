//! Who is asking.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::TypedHeader;
use axum_extra::headers::Authorization;
use axum_extra::headers::authorization::Bearer;
use jiff::Timestamp;

use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::http::problem::{Kind, Problem};
use crate::http::state::Shared;
use crate::identity::{Session, SessionToken};

/// The token that the request carries; whether its session lives was not asked.
pub struct BearerToken(pub SessionToken);

/// Somebody with a session.
pub struct Caller {
    /// Who it is.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// When the session ends, unless it is used before.
    pub expires_at: Timestamp,
}

/// Somebody who may organise: an organiser, whose own concerts they may change, or an admin, who may
/// change all.
pub struct Organiser {
    /// Who it is.
    pub user: UserId,
    /// Which of the two.
    pub role: Role,
}

impl FromRequestParts<Shared> for BearerToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        let token = SessionToken::parse(&bearer(parts, state).await?);
        token.map(Self).ok_or_else(no_session)
    }
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        let BearerToken(token) = BearerToken::from_request_parts(parts, state).await?;
        let session = state.sessions.resolve(&token).await?;
        let session = session.ok_or_else(no_session)?;
        let Session { user, role, expires_at } = session;
        Ok(Self { user, role, expires_at })
    }
}

impl FromRequestParts<Shared> for Organiser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        let Caller { user, role, .. } = Caller::from_request_parts(parts, state).await?;
        if !role.may_organise() {
            let detail = format!("the session is a {}'s: only organisers may do this", role.name());
            return Err(Problem::new(Kind::Forbidden).detail(detail));
        }
        Ok(Self { user, role })
    }
}

/// What follows `Authorization: Bearer`.
pub(super) async fn bearer(parts: &mut Parts, state: &Shared) -> Result<String, Problem> {
    let header = TypedHeader::<Authorization<Bearer>>::from_request_parts(parts, state).await;
    let Ok(TypedHeader(Authorization(bearer))) = header else {
        let detail = "the request has no Authorization: Bearer header";
        return Err(Problem::new(Kind::Unauthenticated).detail(detail));
    };
    Ok(bearer.token().to_owned())
}

fn no_session() -> Problem {
    Problem::new(Kind::Unauthenticated).detail("the token is not one of a session that lives")
}
