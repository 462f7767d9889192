//! `frontrow rush`, as people call it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tokio::process::Command;

/// `frontrow rush` with arguments, and with `temp` to put its servers into.
async fn rush(arguments: &[&str], temp: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontrow"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.arg("rush").args(arguments).env_clear().env("PATH", path).env("TMPDIR", temp);
    command.current_dir(temp).kill_on_drop(true).output().await.unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_crowd_buys_a_house_and_every_answer_was_true() {
    let temp = tempfile::tempdir().unwrap();
    // PostgreSQL runs as a user of its own when this one is root.
    fs::set_permissions(temp.path(), Permissions::from_mode(0o755)).unwrap();
    let arguments =
        ["--json", "--seats=120", "--people=150", "--seconds=1", "--seed=7", "--out=files"];
    let output = rush(&arguments, temp.path()).await;
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("seed 7"), "{}", said(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (key, value) in [("sold_twice", 0), ("lost", 0), ("unasked", 0), ("impossible", 0)] {
        assert_eq!(report[key], value, "{report}");
    }
    assert_eq!(report["offered_rps"], 150.0);
    assert!(report["achieved_rps"].as_f64().unwrap() > 0.0 && report["unknown_resolved"].is_u64());
    let outcomes = &report["outcomes"];
    assert_eq!(outcomes["look_answered"], 150);
    assert!(outcomes["claim_granted"].as_u64() >= outcomes["confirm_done"].as_u64(), "{report}");
    for outcome in ["claim_granted", "claim_refused", "confirm_done"] {
        let latency = &report["latency_ms"][outcome];
        assert!(latency["p50"].as_f64() <= latency["max"].as_f64(), "{report}");
    }
    let mut left: Vec<_> = fs::read_dir(temp.path()).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "its servers leave nothing behind: {left:?}");
    let files = left.remove(0).path();
    assert!(fs::read_to_string(files.join("rush.svg")).unwrap().starts_with("<svg"));
    let histograms = fs::read_to_string(files.join("rush.hlog")).unwrap();
    assert!(histograms.contains("Tag=claim_granted"), "{histograms}");
}

#[tokio::test]
async fn a_crowd_that_cannot_come_is_refused_before_anything_is_started() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("curve"), "10\nten\n").unwrap();
    for (arguments, reason) in [
        (vec!["--arrivals=recorded", "--curve=curve"], "curve: line 2: \"ten\" is not a number"),
        (vec!["--arrivals=recorded", "--curve=nowhere"], "nowhere cannot be read"),
        (vec!["--curve=curve"], "--curve needs --arrivals recorded"),
    ] {
        let output = rush(&arguments, temp.path()).await;
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains(reason), "{}", said(&output));
    }
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 1);
}
