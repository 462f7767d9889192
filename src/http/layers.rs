//! What surrounds every request.
//!
//! [`envelope`] is outermost and sees every request and every answer. [`guard`] surrounds what does
//! work: a process that answers 503 to work must still say on `/livez` that it lives.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::BoxError;
use axum::error_handling::HandleErrorLayer;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower::ServiceBuilder;
use tower::timeout::TimeoutLayer;
use tower::timeout::error::Elapsed;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use utoipa_axum::router::OpenApiRouter;

use super::problem::{Kind, Problem};
use super::request_id;
use super::state::Shared;
use crate::domain::limits::BODY_BYTES_MAX;
use crate::telemetry::{RequestInFlight, request_answered};

/// Gives a request its id and its span, measures it, and writes out the problem it ended in.
pub async fn envelope(mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let in_flight = RequestInFlight::begin();
    let id = request_id::of(request.headers());
    request.extensions_mut().insert(request_id::RequestId(id.clone()));
    let asked = request.method().clone();
    let method = known(&asked);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let span = tracing::info_span!("request", id = request_id::text(&id), method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        span.in_scope(|| problem.log());
        let mut rendered = problem.render(&asked, request_id::text(&id));
        for (name, value) in response.headers() {
            rendered.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        response = rendered;
    }
    let headers = response.headers_mut();
    headers.insert(request_id::X_REQUEST_ID, id);
    // Nothing here is to be taken for anything but what it says it is.
    let nosniff = header::HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    drop(in_flight);
    let seconds = begun.elapsed().as_secs_f64();
    request_answered(method, route, response.status().as_u16(), seconds);
    response
}

/// The methods that have a label of their own; callers can make up others.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}

/// Bounds how long a request may take and how much it may send, and keeps a panic in one from being more
/// than its own failure.
pub fn guard(routes: OpenApiRouter<Shared>, seconds_max: u64) -> OpenApiRouter<Shared> {
    let layers = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(move |error| refused(error, seconds_max)))
        .layer(TimeoutLayer::new(Duration::from_secs(seconds_max)))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    routes.layer(layers)
}

async fn refused(error: BoxError, seconds_max: u64) -> Problem {
    if error.is::<Elapsed>() {
        Problem::new(Kind::Timeout).because(format!("no answer in {seconds_max} s"))
    } else {
        Problem::new(Kind::Internal).because(error.to_string())
    }
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    let reason = format!("panic: {}", text.unwrap_or("of an unknown kind"));
    Problem::new(Kind::Internal).because(reason).into_response()
}
