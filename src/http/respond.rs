//! Answers that nobody may keep.

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
