//! Who is asking.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::header;
use axum::http::request::Parts;
use axum_extra::TypedHeader;
use axum_extra::headers::Authorization;
use axum_extra::headers::authorization::Bearer;

use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::http::cookie::{self, Scheme};
use crate::http::origin;
use crate::http::problem::{Kind, Problem};
use crate::http::state::Shared;
use crate::identity::{Session, SessionToken};

/// The token that the request carries; whether its session lives was not asked.
pub struct Credential {
    /// The token.
    pub token: SessionToken,
    /// The cookie that it was in, if it was in one.
    pub cookie: Option<Scheme>,
}

/// Somebody with a session.
pub struct Caller {
    /// Who it is.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// Their session.
    pub session: Session,
    /// The cookie that it was in, if it was in one.
    pub cookie: Option<Scheme>,
}

/// Somebody with a session, or nobody. A session that has ended is a mistake all the same.
pub struct MaybeCaller(pub Option<Caller>);

impl FromRequestParts<Shared> for Credential {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        let found = find(parts, state).await?;
        found.ok_or_else(|| {
            let detail = "the request has no Authorization: Bearer header, and no session cookie";
            Problem::new(Kind::Unauthenticated).detail(detail)
        })
    }
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        let credential = Credential::from_request_parts(parts, state).await?;
        Self::of(credential, state).await
    }
}

impl Caller {
    async fn of(credential: Credential, state: &Shared) -> Result<Self, Problem> {
        let session = state.sessions.resolve(&credential.token).await?;
        let session = session.ok_or_else(no_session)?;
        let Session { user, role, .. } = session;
        Ok(Self { user, role, session, cookie: credential.cookie })
    }
}

impl FromRequestParts<Shared> for MaybeCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        match find(parts, state).await? {
            Some(credential) => Ok(Self(Some(Caller::of(credential, state).await?))),
            None => Ok(Self(None)),
        }
    }
}

/// The token of the `Authorization` header, or else of the cookie. Browsers send the cookie along
/// by themselves, so that by it only the site's own pages may change anything, over the scheme that
/// the cookie was given for.
async fn find(parts: &mut Parts, state: &Shared) -> Result<Option<Credential>, Problem> {
    if parts.headers.contains_key(header::AUTHORIZATION) {
        let token = SessionToken::parse(&bearer(parts, state).await?).ok_or_else(no_session)?;
        return Ok(Some(Credential { token, cookie: None }));
    }
    let Some((scheme, text)) = cookie::token(&parts.headers) else {
        return Ok(None);
    };
    let is_safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if !is_safe && origin::own(&parts.headers)? != scheme {
        let detail = "the session's cookie was given for https or for http, and this is the other";
        return Err(Problem::new(Kind::ForeignOrigin).detail(detail));
    }
    let token = SessionToken::parse(text).ok_or_else(no_session)?;
    Ok(Some(Credential { token, cookie: Some(scheme) }))
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
