//! What is done when there is too much, and what is counted.

use std::time::Duration;

use frontrow::config::LimitsConfig;
use frontrow::http::server::ServerLimits;
use frontrow::http::{Limits, Readiness, metrics, router};
use frontrow::telemetry::{self, Metrics};
use reqwest::Client;
use tokio::net::TcpListener;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::app::{listen, problem, state};

/// A Redis that accepts connections and never says a word.
async fn silent_redis() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}/0", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn more_requests_than_can_be_served_are_told_so_at_once() {
    let (_redis, url) = silent_redis().await;
    let mut state = state(&url, Readiness::new(CancellationToken::new()));
    state.limits = Limits::new(&LimitsConfig::default(), 1);
    let (address, _stop) = listen(router(state).0, ServerLimits::default()).await;
    let (client, url) = (Client::new(), format!("http://{address}"));
    let waiting = tokio::spawn(client.post(format!("{url}/v1/sessions")).send());
    sleep(Duration::from_millis(100)).await;
    let refused = client.get(format!("{url}/v1/concerts")).send().await.unwrap();
    problem(refused, 503, "overloaded").await;
    let alive = client.get(format!("{url}/livez")).send().await.unwrap();
    assert_eq!(alive.status(), 200);
    waiting.abort();
}

#[tokio::test]
async fn requests_and_claims_are_counted_by_words_of_which_there_are_few() {
    let metrics = Metrics::install().unwrap();
    let page = metrics::router(metrics);
    let (measured, _stop) = listen(page, ServerLimits::default()).await;
    let app = super::app::App::without_stores().await;
    app.get("/v1/concerts/7").await;
    app.get("/made/up/by/a/caller").await;
    telemetry::claim("reserve", "held");
    telemetry::script_call("reserve", 1, 0.000_2);
    let text = reqwest::get(format!("http://{measured}/metrics")).await.unwrap();
    assert_eq!(text.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = text.text().await.unwrap();
    for line in [
        "http_route=\"/v1/concerts/{concert}\",http_response_status_code=\"400\"",
        "http_route=\"unmatched\",http_response_status_code=\"404\"",
        "frontrow_claims_total{verb=\"reserve\",outcome=\"held\"} 1",
        "frontrow_script_duration_seconds_bucket{verb=\"reserve\",le=\"0.00025\"} 1",
        "http_server_active_requests",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("made/up"), "{text}");
}
