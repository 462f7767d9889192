//! Listings of whole instances: what an organiser changes, a Redis that is gone, and what may be kept
//! on the way.

use std::time::Duration;

use frontrow::config::{CacheConfig, Config};
use frontrow::domain::role::Role;
use frontrow::embedded::{RedisOptions, RedisServer};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::get;
use crate::support::house;
use crate::support::service::{Service, told};
use crate::support::{database, redis_db};

/// What a second is on a machine that may be busy.
const SOON: Duration = Duration::from_secs(6);

fn as_served(config: &mut Config) {
    config.cache = CacheConfig::default();
}

#[tokio::test]
async fn what_an_organiser_changes_is_seen_on_every_instance_soon() {
    let (redis, database) = (redis_db().await, database().await);
    let (one, other) = tokio::join!(
        Service::with(&redis, &database, as_served),
        Service::with(&redis, &database, as_served)
    );
    let client = Client::new();
    let organiser = one.person_with(&client, Role::Admin).await;
    let concert = house::import(&one.pool, 1, 3, &house::terms("night")).await;
    let paths = ["/v1/concerts".to_owned(), format!("/v1/concerts/{concert}")];
    let states = |pages: [Value; 2]| {
        let [list, detail] = pages;
        [list["items"][0]["sale"]["state"].clone(), detail["sale"]["state"].clone()]
    };
    let see = async |service: &Service| {
        states([get(service, &paths[0]).await, get(service, &paths[1]).await])
    };
    let open = async || {
        while see(&other).await != ["open", "open"] || see(&one).await != ["open", "open"] {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, open()).await.unwrap();
    let path = format!("/v1/admin/concerts/{concert}/sale");
    let pause = organiser.request(Method::PATCH, &path).json(&json!({ "switch": "paused" }));
    assert_eq!(told(pause).await.status(), StatusCode::OK);
    assert_eq!(see(&one).await, ["paused", "paused"], "where it was changed, at once");
    let paused = async {
        while see(&other).await != ["paused", "paused"] {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, paused).await.unwrap();
}

#[tokio::test]
async fn a_redis_that_is_killed_changes_no_listing_to_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("redis");
    let mut server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
    let database = database().await;
    let service = Service::with(&server.url(0), &database, as_served).await;
    let concert = house::import(&service.pool, 2, 3, &house::terms("night")).await;
    let cold = house::import_concert(&service.pool, &house::terms("cold")).await;
    let seen = [
        "/v1/concerts".to_owned(),
        format!("/v1/concerts/{concert}"),
        format!("/v1/concerts/{concert}/seat-map"),
        format!("/v1/concerts/{concert}/availability"),
    ];
    for path in &seen {
        get(&service, path).await;
    }
    server.kill().await.unwrap();
    let never_seen = [
        "/v1/concerts?q=evening".to_owned(),
        format!("/v1/concerts/{cold}"),
        format!("/v1/concerts/{cold}/seat-map"),
    ];
    for round in 0..3 {
        for path in seen.iter().chain(&never_seen) {
            let answer = reqwest::get(format!("{}{path}", service.url)).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{path} in round {round}");
        }
        sleep(Duration::from_millis(1_200)).await;
    }
}

#[tokio::test]
async fn an_answer_is_sent_in_the_encoding_that_is_asked_for_and_once() {
    let service = Service::start().await;
    let concert = house::import(&service.pool, 2, 3, &house::terms("night")).await;
    let client = Client::new();
    let paths = ["", "?q=evening", &format!("/{concert}"), &format!("/{concert}/seat-map")];
    for path in paths.iter().chain(&[&*format!("/{concert}/availability")]) {
        let ask = |encoding: &str, known: &str| {
            let request = client.get(format!("{}/v1/concerts{path}", service.url));
            request.header("Accept-Encoding", encoding).header("If-None-Match", known).send()
        };
        let mut tags = Vec::new();
        for encoding in ["identity", "br", "gzip"] {
            let answer = ask(encoding, "\"other\"").await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            let headers = answer.headers().clone();
            assert_eq!(headers["vary"], "accept-encoding");
            assert!(headers["cache-control"].to_str().unwrap().starts_with("public, "));
            assert!(headers["cache-control"].to_str().unwrap().contains("stale-if-error="));
            assert!(headers.contains_key("cdn-cache-control"));
            let sent = headers.get("content-encoding").map(|sent| sent.to_str().unwrap());
            assert_eq!(sent.unwrap_or("identity"), encoding, "{path}");
            let bytes = answer.bytes().await.unwrap();
            let json = match encoding {
                "br" => {
                    let mut json = Vec::new();
                    let mut reader = brotli::Decompressor::new(&bytes[..], 4096);
                    std::io::Read::read_to_end(&mut reader, &mut json).unwrap();
                    json
                }
                "gzip" => {
                    let mut json = Vec::new();
                    let mut reader = flate2::read::GzDecoder::new(&bytes[..]);
                    std::io::Read::read_to_end(&mut reader, &mut json).unwrap();
                    json
                }
                _ => bytes.to_vec(),
            };
            serde_json::from_slice::<Value>(&json).unwrap();
            tags.push(headers["etag"].to_str().unwrap().to_owned());
        }
        assert!(tags[0] != tags[1] && tags[1] != tags[2], "{tags:?}");
        for tag in &tags {
            let answer = ask("br", tag).await.unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{path}");
            assert_eq!(answer.headers()["etag"], tags[1]);
            assert!(answer.bytes().await.unwrap().is_empty());
        }
    }
}

/// Whatever somebody gets who shows who they are, in every route that takes a session: nobody keeps it.
#[tokio::test]
async fn nothing_personal_may_be_shared() {
    let service = Service::start().await;
    let concert = house::import(&service.pool, 2, 3, &house::terms("night")).await.to_string();
    let client = Client::new();
    let person = service.person_with(&client, Role::Admin).await;
    let held: Value = person.reserve(&concert, "k", &["1-1"]).await.json().await.unwrap();
    let reservation = held["id"].as_str().unwrap();
    let document = serde_json::to_value(frontrow::http::openapi()).unwrap();
    let mut looked_at = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let is_personal = item["get"]["security"].is_array();
        if !is_personal {
            continue;
        }
        let path = path.replace("{concert}", &concert).replace("{reservation}", reservation);
        let answer = person.request(Method::GET, &path).send().await.unwrap();
        let kept = answer.headers().get("cache-control");
        assert_eq!(kept.map(|kept| kept.to_str().unwrap()), Some("no-store"), "{path}");
        assert!(!answer.headers().contains_key("cdn-cache-control"), "{path}");
        looked_at += 1;
    }
    assert!(looked_at > 8, "only {looked_at} routes take a session");
}
