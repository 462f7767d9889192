//! The OpenAPI document, which clients are made from.

use std::collections::HashSet;

use super::app::App;

#[test]
fn the_document_changes_only_on_purpose() {
    insta::assert_json_snapshot!("openapi", frontrow::http::openapi());
}

#[tokio::test]
async fn the_document_is_served() {
    let app = App::without_stores().await;
    let response = app.get("/openapi.json").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let served: serde_json::Value = response.json().await.unwrap();
    let expected = serde_json::to_value(frontrow::http::openapi()).unwrap();
    assert_eq!(served, expected);
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1"));
}

#[test]
fn every_operation_has_a_name_of_its_own_and_says_how_it_can_fail() {
    let document = serde_json::to_value(frontrow::http::openapi()).unwrap();
    let mut ids = HashSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id), "{id} is there twice");
            if !path.starts_with("/v1/") {
                continue;
            }
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("500"), "{method} {path}");
            assert!(responses.contains_key("503"), "{method} {path}");
        }
    }
}
