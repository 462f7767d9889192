//! Listings: what is found, in which order, and what is left.

mod caching;
mod counts;
mod instances;
mod keeping;
mod searching;
mod walking;

use reqwest::{Client, StatusCode};
use serde_json::Value;

use crate::support::service::Service;

/// What is at a path of an instance.
pub async fn get(service: &Service, path: &str) -> Value {
    let answer = Client::new().get(format!("{}{path}", service.url)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.unwrap()
}

/// The slugs on a page.
pub fn slugs(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
}
