//! Problems and their documentation. What each mistake is told is in `mistakes`.

use reqwest::Method;

use super::app::{App, problem};

#[tokio::test]
async fn what_is_plainly_wrong_is_told_while_no_store_answers() {
    let app = App::without_stores().await;
    let concert = "/v1/concerts/01937e5c-3f4b-7a60-9d2e-6a1b8c4d5e6f";
    for (method, path, status, slug) in [
        (Method::GET, "/v1/nothing", 404, "not-found"),
        (Method::PATCH, "/v1/concerts", 405, "method-not-allowed"),
        (Method::GET, "/v1/concerts/7", 400, "invalid-id"),
        (Method::GET, "/v1/concerts?limit=0", 400, "invalid-request"),
        (Method::POST, &format!("{concert}/reservations"), 400, "missing-idempotency-key"),
        (Method::GET, &format!("{concert}/reservations"), 401, "unauthenticated"),
        (Method::GET, "/v1/concerts?limit=50", 503, "unavailable"),
        (Method::GET, concert, 503, "unavailable"),
    ] {
        let response = app.request(method, path).send().await.unwrap();
        problem(response, status, slug).await;
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
