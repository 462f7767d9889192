//! What stands in its way is said in a sentence, or waited for.

use std::net::TcpListener;

use reqwest::Method;
use serde_json::{Value, json};

use super::frontrow::{Frontrow, get};
use crate::support::problem::problem;
use crate::support::service::Person;
use crate::support::{database, redis_db, servers};

/// The discard port, on which nothing listens.
const NO_REDIS: &str = "redis://:hush@127.0.0.1:9/0";
const NO_DATABASE: &str = "postgres://me:hush@127.0.0.1:9/nothing";

#[tokio::test]
async fn a_port_that_is_taken_is_said_before_anything_is_started() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap().to_string();
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let data_flag = format!("--data={}", data.display());
    let stores = [&*format!("--redis-url={NO_REDIS}"), &*format!("--database-url={NO_DATABASE}")];
    for (setting, listen, metrics) in [
        ("LISTEN or --listen", &*taken, "127.0.0.1:0"),
        ("METRICS_LISTEN or --metrics-listen", "127.0.0.1:0", &*taken),
    ] {
        let (listen, metrics) =
            (format!("--listen={listen}"), format!("--metrics-listen={metrics}"));
        let serve = Frontrow::start(&["serve", stores[0], stores[1], &listen, &metrics]);
        let dev = Frontrow::start(&["dev", &data_flag, &listen, &metrics]);
        for refusal in [serve.refusal().await, dev.refusal().await] {
            assert!(refusal.starts_with(&format!("{taken} is taken by ")), "{refusal}");
            let holder = format!("(pid {})", std::process::id());
            let ends =
                format!("{holder}: stop that program, or choose another address with {setting}");
            assert!(refusal.ends_with(&ends), "{refusal}");
        }
    }
    assert!(!data.exists(), "servers were started for nothing");
}

#[tokio::test]
async fn a_schema_that_is_not_migrated_names_the_command_that_does_it() {
    let postgres = &servers().await.postgres;
    postgres.create_database("not_migrated").await.unwrap();
    let serve = Frontrow::serve(&redis_db().await, &postgres.url("not_migrated"));
    let sentence = "the schema lacks migration 1: run 'frontrow migrate' first";
    assert_eq!(serve.refusal().await, sentence);
    let database = format!("--database-url={}", postgres.url("not_migrated"));
    let mut migrate = Frontrow::start(&["migrate", &database]);
    assert!(migrate.end().await.success(), "{}", migrate.said());
    Frontrow::serve(&redis_db().await, &postgres.url("not_migrated")).ready().await;
}

#[tokio::test]
async fn a_postgresql_that_is_away_is_said_without_its_password() {
    let refusal = Frontrow::serve(&redis_db().await, NO_DATABASE).refusal().await;
    assert!(refusal.starts_with("PostgreSQL at postgres://me:…@127.0.0.1:9/nothing"), "{refusal}");
    assert!(refusal.contains("cannot be reached") && refusal.contains("refused"), "{refusal}");
    assert_eq!(refusal.matches("refused").count(), 1, "{refusal}");
}

#[tokio::test]
async fn without_redis_it_starts_and_refuses_claims_until_there_is_one() {
    let mut serve = Frontrow::serve(NO_REDIS, &database().await);
    let url = format!("http://{}", serve.address().await);
    assert_eq!(get(&format!("{url}/livez")).await.status(), 200);
    let readiness = get(&format!("{url}/readyz")).await;
    assert_eq!(readiness.status(), 503);
    let readiness: Value = readiness.json().await.unwrap();
    assert_eq!(readiness["checks"], json!({ "redis": "does not answer", "postgres": "ok" }));
    assert_eq!(get(&format!("{url}/v1/concerts")).await.status(), 200);
    let somebody = Person::new(reqwest::Client::new(), &url, &"A".repeat(43));
    let concert = "01937e5c-3f4b-7a60-9d2e-6a1b8c4d5e6f";
    let claim = somebody.reserve(concert, "key", &["1-1"]).await;
    // `problem` also looks for Retry-After.
    problem(claim, 503, "unavailable").await;
    let session = somebody.request(Method::POST, "/v1/sessions").send().await.unwrap();
    problem(session, 503, "unavailable").await;
    assert!(!serve.said().contains("hush"), "{}", serve.said());
    serve.signal("TERM");
    assert_eq!(serve.end().await.code(), Some(0), "{}", serve.said());
}
