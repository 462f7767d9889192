//! The whole API against its own OpenAPI document: schemathesis makes up requests for every route,
//! right ones and wrong ones, and holds each answer to what the document says. No answer may be a 5xx,
//! none undocumented, none of another shape.
//!
//! `cargo test` leaves it out, because it needs schemathesis; `make test` installs that and runs it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, with the line it was on")]

#[allow(dead_code, unused_imports, reason = "this test needs little of what the others share")]
#[path = "../integration/support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};

use frontrow::domain::role::Role;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::process::Command;

use support::house;
use support::service::{Person, Service};

/// What the document cannot say.
const HOOKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/hooks.py");
/// Operations that give lists out page by page.
const LISTS: &str = "^list_|_history$|^look_up_reservations$";
/// What ends the session that all other requests are made with.
const ENDING: &[&str] = &["end_session", "end_all_sessions"];
/// How many requests are made up for each operation, besides those that its schema's edges call for.
const EXAMPLES: &str = "40";
/// What the requests are made up from, so that the verdict on a change depends on the change and not
/// on luck. API_SEED names another one: `make verify` takes a new one every time.
const SEED: &str = "20261124";

/// Where `make test` puts schemathesis; SCHEMATHESIS names another one.
fn schemathesis() -> PathBuf {
    let installed = concat!(env!("CARGO_MANIFEST_DIR"), "/target/schemathesis/bin/schemathesis");
    let command = std::env::var_os("SCHEMATHESIS").map_or_else(|| installed.into(), PathBuf::from);
    assert!(command.exists(), "{} is not there: run this by 'make api'", command.display());
    command
}

async fn secret_of(organiser: &Person) -> String {
    let request = organiser.request(Method::POST, "/v1/admin/service-keys");
    let key: Value =
        request.json(&json!({"name": "api test"})).send().await.unwrap().json().await.unwrap();
    key["secret"].as_str().unwrap().to_owned()
}

/// A concert of the organiser's and a hold of theirs, for addresses that lead somewhere.
async fn prepare(service: &Service, organiser: &Person) -> (String, String) {
    let concert = house::import(&service.pool, 4, 10, &house::terms("api")).await.to_string();
    let user = organiser.get("/v1/sessions/current").await["user"].clone();
    sqlx::query("UPDATE concerts SET organiser_id = $1::uuid")
        .bind(user.as_str().unwrap())
        .execute(&service.pool)
        .await
        .unwrap();
    let held = organiser.reserve(&concert, "api", &["1-1", "1-2"]).await;
    let held: Value = held.json().await.unwrap();
    (concert, held["id"].as_str().unwrap().to_owned())
}

fn settings(token: &str, secret: &str, concert: &str, reservation: &str) -> String {
    format!(
        r#"
hooks = "{HOOKS}"

[auth.openapi.session]
bearer = "{token}"

[auth.openapi.service_key]
bearer = "{secret}"

[parameters]
"path.concert" = "{concert}"
"path.reservation" = "{reservation}"

# A request that has the right shape can still be about seats that are not there, or come too late.
[checks.negative_data_rejection]
# What breaks a rule by being long may be too large to be read at all.
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "5xx"]

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "410", "422"]

# To the document a cursor is a string like any other.
[[operations]]
include-operation-id-regex = "{LISTS}"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "409", "410", "422"]
"#
    )
}

async fn run(directory: &Path, url: &str, selection: &[String]) {
    let seed = std::env::var("API_SEED").unwrap_or_else(|_| SEED.to_owned());
    let output = Command::new(schemathesis())
        .current_dir(directory)
        .args(["run", &format!("{url}/openapi.json"), "--no-color", "--continue-on-failure"])
        .args(["--phases", "examples,coverage,fuzzing", "-n", EXAMPLES, "--seed", &seed])
        .args(selection)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "schemathesis found something:\n{said}\n{complaints}");
    println!(
        "{}",
        said.lines()
            .rev()
            .take(12)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_as_documented_and_none_is_our_failure() {
    let (service, client) = (Service::start().await, Client::new());
    let organiser = service.person_with(&client, Role::Organiser).await;
    let (concert, reservation) = prepare(&service, &organiser).await;
    let secret = secret_of(&organiser).await;
    let directory = tempfile::tempdir().unwrap();
    let configuration = directory.path().join("schemathesis.toml");
    let write = |token: &str| {
        std::fs::write(&configuration, settings(token, &secret, &concert, &reservation)).unwrap();
    };
    write(organiser.token());
    let without = ENDING.iter().map(|id| format!("--exclude-operation-id={id}"));
    run(directory.path(), &service.url, &without.collect::<Vec<_>>()).await;
    write(service.person(&client).await.token());
    let only = ENDING.iter().map(|id| format!("--include-operation-id={id}"));
    run(directory.path(), &service.url, &only.collect::<Vec<_>>()).await;
}
