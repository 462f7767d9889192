//! Answers that say how they may be kept.

use axum::Json;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Whoever reads it next must ask again: it is one person's, or a secret.
pub const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// One person's answer: nobody keeps it on the way.
pub struct Personal<T>(pub T);

impl<T: Serialize> IntoResponse for Personal<T> {
    fn into_response(self) -> Response {
        ([NO_STORE], Json(self.0)).into_response()
    }
}

/// An answer that everybody may share for a few seconds.
pub struct Public<T> {
    /// The answer.
    pub body: T,
    /// For how long.
    pub seconds: u32,
}

impl<T: Serialize> IntoResponse for Public<T> {
    fn into_response(self) -> Response {
        let cache = format!("public, max-age={}", self.seconds);
        ([(header::CACHE_CONTROL, cache)], Json(self.body)).into_response()
    }
}
