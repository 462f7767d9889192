//! Errors on the wire: RFC 9457 problems.
//!
//! A handler returns a [`Problem`] and never picks a status. The problem travels to the outermost
//! layer in the response's extensions, because only that layer knows the request's id, which every
//! problem states.

mod documented;
mod from;
mod kind;
mod organising;
pub(super) mod pages;

use std::borrow::Cow;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::domain::shortened::shortened;
use crate::telemetry::Throttle;

pub use documented::{AreaShort, ProblemBody, ProblemError, responses};
pub use kind::Kind;
pub use pages::markdown;

pub(super) use documented::problem_sets;

/// Lines of the log about answers that only say "not now".
const LINES_PER_SECOND_MAX: u32 = 10;

/// An answer that says what was wrong.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: Option<Cow<'static, str>>,
    members: Vec<(&'static str, Value)>,
    reason: Option<String>,
    retry_after_seconds: Option<u32>,
}

/// What handlers return.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    /// A problem of which there is nothing more to say than its kind does.
    pub fn new(kind: Kind) -> Self {
        Self { kind, detail: None, members: Vec::new(), reason: None, retry_after_seconds: None }
    }

    /// Says what is wrong with this request in particular.
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(shortened(detail.into()));
        self
    }

    /// Adds something that programs can read.
    pub fn member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    /// Says which part of the request is wrong: `place` is `pointer` (into the body), `parameter`
    /// or `header`.
    pub fn error(self, place: &'static str, at: &str, detail: &str) -> Self {
        let detail = shortened(Cow::Owned(detail.to_owned()));
        self.member("errors", json!([{ place: at, "detail": detail }]))
    }

    /// Says how long to wait before asking again: whole seconds, none too few.
    pub fn retry_after(mut self, time: Duration) -> Self {
        let seconds = time.as_millis().div_ceil(1000).max(1);
        self.retry_after_seconds = Some(u32::try_from(seconds).unwrap_or(u32::MAX));
        self
    }

    /// Keeps what happened for the log; the caller is not told.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// What kind of problem it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The answer, for the request with a method and an id.
    pub(super) fn render(self, method: &Method, request_id: &str) -> Response {
        let mut body = Map::new();
        body.insert("type".to_owned(), self.kind.address().into());
        body.insert("title".to_owned(), self.kind.title().into());
        body.insert("status".to_owned(), self.kind.status().as_u16().into());
        let detail = self.detail.unwrap_or_else(|| Cow::Borrowed(self.kind.advice(method)));
        body.insert("detail".to_owned(), detail.into());
        body.insert("request_id".to_owned(), request_id.into());
        for (name, value) in self.members {
            body.insert(name.to_owned(), value);
        }
        let mut response = Response::new(Body::from(Value::Object(body).to_string()));
        *response.status_mut() = self.kind.status();
        let headers = response.headers_mut();
        let problem_json = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, problem_json);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_seconds.or(self.kind.retry_after_seconds()) {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.kind.status() == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer realm=\"frontrow\"");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }

    /// Tells the log of a problem that is ours and not the caller's. What broke is always told;
    /// that a store is away, or that there is too much to do, a few times a second.
    pub(super) fn log(&self) {
        static AWAY: Throttle = Throttle::new(LINES_PER_SECOND_MAX);
        let slug = self.kind.slug();
        match &self.reason {
            Some(reason) if self.kind == Kind::Internal => tracing::error!(slug, "{reason}"),
            Some(reason) if AWAY.admits() => tracing::warn!(slug, "{reason}"),
            Some(_) | None => {}
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.kind.status();
        response.extensions_mut().insert(self);
        response
    }
}
