//! Which part of a list is asked for: `?limit&cursor`.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;

use crate::domain::limits::PAGE_ITEMS_MAX;
use crate::http::page::{Cursor, Place};
use crate::http::problem::{Kind, Problem};

/// Items on a page when the caller does not say.
pub(super) const ITEMS_DEFAULT: u32 = 20;

/// Which part of a list is asked for.
pub struct Page<P = Cursor> {
    /// After which item it begins; from the start without one.
    pub after: Option<P>,
    /// How many items at most.
    pub limit: u32,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The last page's `next_cursor`
    cursor: Option<String>,
    /// Items on the page: 1 to 50, 20 if not said
    #[param(value_type = Option<u32>, minimum = 1, maximum = 50)]
    limit: Option<String>,
}

impl utoipa::IntoParams for Page {
    fn into_params(
        parameter_in_provider: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        Asked::into_params(parameter_in_provider)
    }
}

impl<S: Send + Sync, P: Place> FromRequestParts<S> for Page<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let asked = Query::<Asked>::from_request_parts(parts, state).await;
        let Query(asked) = asked.map_err(|error| {
            let detail = error.to_string();
            Problem::new(Kind::InvalidRequest).detail(detail)
        })?;
        let after = asked.cursor.as_deref().map(cursor).transpose()?;
        let limit = asked.limit.as_deref().map(limit).transpose()?;
        let limit = limit.unwrap_or(ITEMS_DEFAULT);
        Ok(Self { after, limit })
    }
}

pub(super) fn cursor<P: Place>(text: &str) -> Result<P, Problem> {
    let wrong = || invalid("cursor", format!("cursor: {text:?} is none of this list's"));
    P::parse(text).ok_or_else(wrong)
}

pub(super) fn limit(text: &str) -> Result<u32, Problem> {
    let limit = text.parse().ok();
    let limit = limit.filter(|limit| (1..=PAGE_ITEMS_MAX).contains(limit));
    let wrong = || invalid("limit", format!("limit: {text:?} is not 1 to {PAGE_ITEMS_MAX}"));
    limit.ok_or_else(wrong)
}

pub(super) fn invalid(parameter: &str, detail: String) -> Problem {
    Problem::new(Kind::InvalidRequest).error("parameter", parameter, &detail).detail(detail)
}
