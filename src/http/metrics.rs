//! `/metrics`, for a listener of its own that callers cannot reach.

use axum::Router;
use axum::http::header;
use axum::routing::get;

use crate::telemetry::Metrics;

/// The routes of the metrics listener.
pub fn router(metrics: Metrics) -> Router {
    let render = async move || {
        let text = "text/plain; version=0.0.4; charset=utf-8";
        ([(header::CONTENT_TYPE, text)], metrics.render())
    };
    Router::new().route("/metrics", get(render))
}
