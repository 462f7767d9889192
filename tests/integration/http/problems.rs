//! Every mistake that a caller can make before a store is asked.

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::app::{App, problem};

const CONCERT: &str = "/v1/concerts/01937e5c-3f4b-7a60-9d2e-6a1b8c4d5e6f";

/// A claim that is right in everything but what a test then spoils.
fn claim(app: &App, token: &str) -> RequestBuilder {
    let path = format!("{CONCERT}/reservations");
    app.request(Method::POST, &path).bearer_auth(token)
}

async fn keyed(body: &'static str, status: u16, slug: &str) -> serde_json::Value {
    let app = App::with_sessions().await;
    let request = claim(&app, &app.token().await)
        .header("Idempotency-Key", "k")
        .header("Content-Type", "application/json")
        .body(body);
    problem(request.send().await.unwrap(), status, slug).await
}

#[tokio::test]
async fn malformed_json_is_told_with_its_place() {
    let body = keyed("{\"seats\": [\"A-1\",\n]}", 400, "malformed-json").await;
    assert!(body["detail"].as_str().unwrap().contains("line 2 column 1"));
    let body = keyed("", 400, "malformed-json").await;
    assert_eq!(body["detail"], "the body is empty");
    keyed("{\"seats\": []} {}", 400, "malformed-json").await;
}

#[tokio::test]
async fn a_body_of_another_shape_is_told_with_the_path() {
    let body = keyed("{\"seats\":[\"A-1\",7]}", 400, "invalid-request").await;
    assert_eq!(body["errors"][0]["pointer"], "#/seats/1");
    let body = keyed("{\"seats\":[\"A-1\"],\"row\":\"A\"}", 400, "invalid-request").await;
    let detail = body["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("unknown field `row`"), "{detail}");
    let body = keyed("{}", 400, "invalid-request").await;
    assert!(body["detail"].as_str().unwrap().contains("missing field `seats`"));
    let body = keyed("[[\"A-1\"]]", 400, "invalid-request").await;
    assert_eq!(body["detail"], "the body must be a JSON object");
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let app = App::with_sessions().await;
    let token = app.token().await;
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        let request = claim(&app, &token).header("Idempotency-Key", "k");
        let request = request.header("Content-Type", content_type).body("{}");
        problem(request.send().await.unwrap(), 415, "unsupported-media-type").await;
    }
    let request = claim(&app, &token).header("Idempotency-Key", "k").body("{}");
    problem(request.send().await.unwrap(), 415, "unsupported-media-type").await;
}

#[tokio::test]
async fn an_oversized_body_is_refused_with_the_limit() {
    let app = App::with_sessions().await;
    let seats: Vec<_> = (0..10_000).map(|seat| format!("A-{seat}")).collect();
    let request = claim(&app, &app.token().await).header("Idempotency-Key", "k");
    let request = request.json(&json!({ "seats": seats }));
    let body = problem(request.send().await.unwrap(), 413, "body-too-large").await;
    assert_eq!(body["limit"], 16_384);
}

#[tokio::test]
async fn a_claim_needs_one_valid_key() {
    let app = App::without_stores().await;
    let send = async |keys: &[&str], slug| {
        let mut request = claim(&app, "t").json(&json!({ "seats": ["A-1"] }));
        for key in keys {
            request = request.header("Idempotency-Key", *key);
        }
        problem(request.send().await.unwrap(), 400, slug).await
    };
    send(&[], "missing-idempotency-key").await;
    let body = send(&["a", "b"], "invalid-idempotency-key").await;
    assert_eq!(body["errors"][0]["header"], "Idempotency-Key");
    for key in ["", "two words", "\"open", &"k".repeat(256)] {
        send(&[key], "invalid-idempotency-key").await;
    }
}

#[tokio::test]
async fn an_id_of_another_shape_is_named() {
    let app = App::without_stores().await;
    let id = "01937e5c-3f4b-7a60-9d2e-6a1b8c4d5e6f";
    for path in ["1", "01937e5c3f4b7a609d2e6a1b8c4d5e6f", "%00", "%FF"] {
        let response = app.get(&format!("/v1/concerts/{path}")).await;
        problem(response, 400, "invalid-id").await;
    }
    let response = app.get(&format!("/v1/concerts/{id}/reservations/7")).await;
    let body = problem(response, 400, "invalid-id").await;
    assert_eq!(body["errors"][0]["parameter"], "reservation");
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let app = App::without_stores().await;
    problem(app.get("/v1/nothing").await, 404, "not-found").await;
    problem(app.get("/problems/nothing").await, 404, "not-found").await;
    let response = app.request(Method::PATCH, "/v1/sessions/current").send().await;
    let response = response.unwrap();
    let allow = response.headers()["allow"].to_str().unwrap().to_owned();
    assert!(allow.contains("GET") && allow.contains("DELETE"), "{allow}");
    problem(response, 405, "method-not-allowed").await;
}

#[tokio::test]
async fn a_page_of_another_shape_is_refused() {
    let app = App::without_stores().await;
    for query in ["limit=0", "limit=51", "limit=many", "cursor=abc", "limit=1&limit=2"] {
        let response = app.get(&format!("/v1/concerts?{query}")).await;
        problem(response, 400, "invalid-request").await;
    }
    problem(app.get("/v1/concerts?limit=50").await, 503, "unavailable").await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let (app, _backend) = App::start().await;
    let token = app.token().await;
    for path in ["", "/seat-map", "/availability"] {
        let response = app.get(&format!("{CONCERT}{path}")).await;
        problem(response, 404, "no-such-concert").await;
    }
    let id = "/reservations/01937e5c-3f4b-7a60-9d2e-6a1b8c4d5e6f";
    for (method, verb) in [
        (Method::GET, ""),
        (Method::DELETE, ""),
        (Method::POST, "/confirm"),
        (Method::POST, "/extend"),
        (Method::POST, "/cancel"),
    ] {
        let request = app.request(method, &format!("{CONCERT}{id}{verb}"));
        let response = request.bearer_auth(&token).send().await.unwrap();
        problem(response, 404, "no-such-concert").await;
    }
}

#[tokio::test]
async fn every_kind_is_documented_where_its_type_leads() {
    let app = App::without_stores().await;
    for kind in frontrow::http::Kind::ALL {
        let page = app.get(&kind.address()).await;
        assert_eq!(page.status(), 200);
        assert!(page.text().await.unwrap().contains(kind.title()));
    }
}

/// `FRONTROW_UPDATE=1` writes the page.
#[test]
fn the_page_of_problems_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/problems.md");
    let page = frontrow::http::problems_markdown();
    if std::env::var_os("FRONTROW_UPDATE").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page, "docs/problems.md is not what src/http/problem/kind.rs says");
}
