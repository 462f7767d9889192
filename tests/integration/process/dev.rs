//! `frontrow dev`: what was sold outlives whatever ends it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::frontrow::{Frontrow, get};
use crate::embedded::signal;
use crate::support::house;

/// An examples directory with a house of six seats and a concert, and a place for data beside it.
fn directories() -> TempDir {
    let dir = tempfile::Builder::new().prefix("frontrow-test-").tempdir().unwrap();
    // PostgreSQL runs as a user of its own when this one is root.
    fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    let examples = dir.path().join("examples");
    fs::create_dir(&examples).unwrap();
    fs::write(examples.join("house.json"), house::plan(2, 3)).unwrap();
    let season = json!({ "concerts": [house::terms("only")] });
    fs::write(examples.join("season.json"), season.to_string()).unwrap();
    dir
}

fn start(dir: &Path) -> Frontrow {
    let data = format!("--data={}", dir.join("data").display());
    let examples = format!("--examples={}", dir.join("examples").display());
    let ports = ["--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"];
    Frontrow::start(&["dev", &data, &examples, ports[0], ports[1]])
}

#[tokio::test]
async fn what_was_held_and_sold_is_there_after_a_kill() {
    let dir = directories();
    let mut dev = start(dir.path());
    let url = dev.ready().await;
    let list: Value = get(&format!("{url}/v1/concerts")).await.json().await.unwrap();
    let concert = list["items"][0]["id"].as_str().unwrap().to_owned();
    let buyer = super::frontrow::person(&url).await;
    let mut ids = Vec::new();
    for seat in ["1-1", "1-2"] {
        let held: Value = buyer.reserve(&concert, seat, &[seat]).await.json().await.unwrap();
        ids.push(held["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(buyer.change(&concert, &ids[0], "confirm").await.status(), 200);
    dev.signal("KILL");
    dev.end().await;

    let mut dev = start(dir.path());
    let url = dev.ready().await;
    // The session outlived it, too.
    let buyer = buyer.at(&url);
    for (id, state) in ids.iter().zip(["confirmed", "held"]) {
        let found = buyer.get(&format!("/v1/concerts/{concert}/reservations/{id}")).await;
        assert_eq!(found["state"], state);
    }
    let wait = format!("/v1/concerts/{concert}/reservations/{}/confirm", ids[0]);
    let wait = buyer.request(reqwest::Method::POST, &wait).header("Prefer", "wait=9");
    let confirmed: Value = wait.send().await.unwrap().json().await.unwrap();
    assert_eq!(confirmed["persisted"], true);
    let taken = super::frontrow::person(&url).await.reserve(&concert, "k", &["1-1", "1-2"]).await;
    let taken: Value = taken.json().await.unwrap();
    assert_eq!(taken["conflicts"], json!(["1-1", "1-2"]));
    dev.signal("INT");
    assert_eq!(dev.end().await.code(), Some(0), "{}", dev.said());
}

#[tokio::test]
async fn it_stops_and_says_so_when_one_of_its_servers_is_gone() {
    let dir = directories();
    let mut dev = start(dir.path());
    dev.ready().await;
    let pid = fs::read_to_string(dir.path().join("data/redis/redis.pid")).unwrap();
    signal("KILL", pid.trim());
    assert_eq!(dev.end().await.code(), Some(1), "{}", dev.said());
    assert!(dev.said().contains("frontrow: redis-server has ended by itself"), "{}", dev.said());
    let postgres = fs::canonicalize(dir.path().join("data/postgres")).unwrap();
    assert!(!postgres.join("cluster/postmaster.pid").exists(), "PostgreSQL was left behind");
}
