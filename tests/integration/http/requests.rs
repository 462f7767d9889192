//! What is true of every request: its id, its problems, its health.

use std::time::Duration;

use frontrow::http::server::ServerLimits;
use frontrow::http::{Readiness, router};
use frontrow::identity::IdentityError;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::app::{App, NO_REDIS, listen, state};

#[tokio::test]
async fn a_valid_request_id_comes_back_and_another_is_replaced() {
    let app = App::without_stores().await;
    let send = async |id: &str| {
        let request = app.request(reqwest::Method::GET, "/livez");
        let response = request.header("X-Request-Id", id).send().await.unwrap();
        response.headers()["x-request-id"].to_str().unwrap().to_owned()
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
    assert_eq!(report, json!({ "ready": false, "draining": true, "checks": {} }));
    assert_eq!(app.get("/livez").await.status(), 200);
}

#[tokio::test]
async fn readiness_says_which_store_is_wrong() {
    let readiness = Readiness::new(CancellationToken::new())
        .with("redis", async || Ok(()))
        .with("postgresql", async || Err("does not answer"));
    let router = router(state(NO_REDIS, readiness)).0;
    let (address, _stop) = listen(router, ServerLimits::default()).await;
    let response = reqwest::get(format!("http://{address}/readyz")).await.unwrap();
    assert_eq!(response.status(), 503);
    let report: Value = response.json().await.unwrap();
    let checks = json!({ "redis": "ok", "postgresql": "does not answer" });
    assert_eq!(report["checks"], checks);
}

#[tokio::test]
async fn work_goes_on_when_its_client_hangs_up_and_is_waited_for() {
    let state = state(NO_REDIS, Readiness::new(CancellationToken::new()));
    let tracker = state.work.clone();
    let (done, seen) = oneshot::channel();
    // The server drops a request together with its connection, as this task is dropped.
    let request = tokio::spawn(async move {
        let work = async move {
            sleep(Duration::from_millis(100)).await;
            done.send(()).unwrap();
            Ok::<_, IdentityError>(())
        };
        state.to_the_end(work).await.is_ok()
    });
    sleep(Duration::from_millis(30)).await;
    request.abort();
    assert!(request.await.unwrap_err().is_cancelled());
    tracker.close();
    timeout(Duration::from_secs(5), tracker.wait()).await.unwrap();
    assert_eq!(seen.await, Ok(()));
}
