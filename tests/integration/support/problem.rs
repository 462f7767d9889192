//! What every answer that reports a problem has to be.

use reqwest::Response;
use serde_json::Value;

/// A problem that was checked to be one, of a kind and status.
pub async fn problem(response: Response, status: u16, slug: &str) -> Value {
    let headers = response.headers().clone();
    let answered = response.status().as_u16();
    let body = response.text().await.unwrap();
    let body: Value = serde_json::from_str(&body)
        .unwrap_or_else(|_| panic!("{answered} {body:?} where {status} {slug} was expected"));
    assert_eq!(body["type"], format!("/problems/{slug}"), "{body}");
    assert_eq!((answered, &body["status"]), (status, &status.into()));
    assert_eq!(headers["content-type"], "application/problem+json");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers.contains_key("retry-after"), [429, 503].contains(&status));
    assert_eq!(headers.contains_key("www-authenticate"), status == 401);
    assert_eq!(body["request_id"], headers["x-request-id"].to_str().unwrap());
    assert!(!body["title"].as_str().unwrap().is_empty());
    assert!(!body["detail"].as_str().unwrap().is_empty());
    body
}
