//! Metrics of requests, named after OpenTelemetry's conventions for HTTP.

use metrics::{describe_gauge, describe_histogram, gauge, histogram};

const DURATION: &str = "http_server_request_duration_seconds";
const ACTIVE: &str = "http_server_active_requests";

pub(super) fn describe() {
    describe_histogram!(DURATION, "Time from a request's head to its answer's head");
    describe_gauge!(ACTIVE, "Requests that have no answer yet");
}

/// A request that has no answer yet, for as long as this lives: also when its client hangs up.
pub struct RequestInFlight(());

impl RequestInFlight {
    /// Counts a request in.
    pub fn begin() -> Self {
        gauge!(ACTIVE).increment(1);
        Self(())
    }
}

impl Drop for RequestInFlight {
    fn drop(&mut self) {
        gauge!(ACTIVE).decrement(1);
    }
}

/// Records an answered request. The route is the matched pattern, never the path, because there
/// are as many paths as callers care to make up; the method is one of a fixed list for the same
/// reason.
pub fn request_answered(method: &'static str, route: &str, status: u16, seconds: f64) {
    histogram!(
        DURATION,
        "http_request_method" => method,
        "http_route" => route.to_owned(),
        "http_response_status_code" => status.to_string(),
    )
    .record(seconds);
}
