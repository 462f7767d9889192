//! What is true of every request: its id, its problems, its health.

use frontrow::http::server::ServerLimits;
use frontrow::http::{Readiness, router};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::app::{App, NO_REDIS, listen, state};

#[tokio::test]
async fn a_valid_request_id_comes_back_and_another_is_replaced() {
    let app = App::without_stores().await;
    let send = async |id: &str| {
        let request = app.request(reqwest::Method::GET, "/livez");
        let response = request.header("X-Request-Id", id).send().await.unwrap();
        response.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(send("order-7.retry_2").await, "order-7.retry_2");
    assert_eq!(send("two words").await.len(), 36);
    assert_eq!(send(&"x".repeat(200)).await.len(), 36);
}

#[tokio::test]
async fn a_process_lives_without_stores_and_is_ready_until_it_drains() {
    let app = App::without_stores().await;
    assert_eq!(app.get("/livez").await.text().await.unwrap(), "ok");
    assert_eq!(app.get("/readyz").await.status(), 200);
    app.draining.cancel();
    let response = app.get("/readyz").await;
    assert_eq!(response.status(), 503);
    let report: Value = response.json().await.unwrap();
    assert_eq!(
        report,
        json!({ "ready": false, "draining": true, "checks": {} })
    );
    assert_eq!(app.get("/livez").await.status(), 200);
}

#[tokio::test]
async fn readiness_says_which_store_is_wrong() {
    let readiness = Readiness::new(CancellationToken::new())
        .with("redis", async || Ok(()))
        .with("postgresql", async || Err("does not answer".to_owned()));
    let router = router(state(NO_REDIS, readiness)).0;
    let (address, _stop) = listen(router, ServerLimits::default()).await;
    let response = reqwest::get(format!("http://{address}/readyz"))
        .await
        .unwrap();
    assert_eq!(response.status(), 503);
    let report: Value = response.json().await.unwrap();
    let checks = json!({ "redis": "ok", "postgresql": "does not answer" });
    assert_eq!(report["checks"], checks);
}
