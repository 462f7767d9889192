//! `frontrow lab`, as people call it.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;
use tokio::time::sleep;

use crate::embedded::signal;
use crate::support;

const KEYS: [&str; 12] = [
    "strategy",
    "seats",
    "users",
    "spread_ms",
    "calls_ok",
    "seats_claimed",
    "double_booked",
    "unsold",
    "wall_ms",
    "p50_ms",
    "p99_ms",
    "max_ms",
];

/// `frontrow lab` with arguments, and with `temp` to put its servers into.
fn lab(arguments: &[&str], temp: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontrow"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.arg("lab").args(arguments).env_clear().env("PATH", path).env("TMPDIR", temp);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Flags that name the shared servers.
async fn given(redis_url: &str) -> [String; 2] {
    let database_url = support::servers().await.postgres.url("postgres");
    [format!("--redis-url={redis_url}"), format!("--database-url={database_url}")]
}

async fn connect(redis_url: &str) -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(redis_url).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

/// Databases of a lab with this pid.
async fn databases_of(pid: u32) -> i64 {
    let url = support::servers().await.postgres.url("postgres");
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    let count = sqlx::query_scalar("SELECT count(*) FROM pg_database WHERE datname LIKE $1");
    let count = count.bind(format!("frontrow\\_lab\\_{pid}\\_%")).fetch_one(&pool).await.unwrap();
    pool.close().await;
    count
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn json_is_an_array_with_the_agreed_keys_and_nothing_stays_behind() {
    let (redis_url, temp) = (support::redis_db().await, tempfile::tempdir().unwrap());
    let given = given(&redis_url).await;
    let arguments = [
        &given[0],
        &given[1],
        "--json",
        "--strategy",
        "naive",
        "lua",
        "--seats",
        "6",
        "--users",
        "9",
        "--repeat",
        "2",
    ];
    let process = lab(&arguments, temp.path()).spawn().unwrap();
    let pid = process.id().unwrap();
    let output = process.wait_with_output().await.unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(said(&output), "", "no progress where nobody sees it");
    let sales: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let strategies: Vec<_> = sales.iter().map(|sale| sale["strategy"].as_str().unwrap()).collect();
    assert_eq!(strategies, ["naive", "naive", "lua", "lua"]);
    for sale in &sales {
        let keys: BTreeSet<_> = sale.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, KEYS.into());
        assert_eq!((&sale["seats"], &sale["users"]), (&6.into(), &9.into()));
    }
    let left: u64 = redis::cmd("DBSIZE").query_async(&mut connect(&redis_url).await).await.unwrap();
    assert_eq!((left, databases_of(pid).await), (0, 0));
}

#[tokio::test]
async fn a_redis_that_is_not_empty_is_left_as_it_is() {
    let (redis_url, temp) = (support::redis_db().await, tempfile::tempdir().unwrap());
    let mut redis = connect(&redis_url).await;
    let () = redis::cmd("SET").arg("{0}:log").arg("mine").query_async(&mut redis).await.unwrap();
    let given = given(&redis_url).await;
    let output = lab(&[&given[0], &given[1]], temp.path()).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("is not empty"), "{}", said(&output));
    let mine: String = redis::cmd("GET").arg("{0}:log").query_async(&mut redis).await.unwrap();
    assert_eq!(mine, "mine");
}

/// Waits for a condition, and then for no longer.
async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    for _ in 0..3_000 {
        if holds().await {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("{what} does not come");
}

#[tokio::test]
async fn a_signal_while_servers_start_leaves_neither_servers_nor_files() {
    let temp = tempfile::Builder::new().prefix("frontrow-test-").tempdir().unwrap();
    // As in /tmp, whoever PostgreSQL runs as may make directories here, and remove them.
    fs::set_permissions(temp.path(), Permissions::from_mode(0o777)).unwrap();
    let process = lab(&["--strategy", "redlock"], temp.path()).spawn().unwrap();
    let homes = || fs::read_dir(temp.path()).unwrap().count();
    until("the first server", || async { homes() > 0 }).await;
    signal("INT", &process.id().unwrap().to_string());
    let output = process.wait_with_output().await.unwrap();
    assert_eq!((output.status.code(), said(&output)), (Some(1), "frontrow: interrupted\n".into()));
    assert_eq!(homes(), 0);
}

#[tokio::test]
async fn a_signal_in_the_middle_of_a_sale_leaves_nothing_behind() {
    let (redis_url, temp) = (support::redis_db().await, tempfile::tempdir().unwrap());
    let given = given(&redis_url).await;
    let arguments = [&given[0], &given[1], "--strategy", "lua", "redlock", "--spread-ms", "600000"];
    let process = lab(&arguments, temp.path()).spawn().unwrap();
    let pid = process.id().unwrap();
    let mut redis = connect(&redis_url).await;
    let mut log = redis::cmd("KEYS");
    log.arg("{*}:*:seats");
    until("the loaded concert", || {
        let (log, mut redis) = (log.clone(), redis.clone());
        async move { log.query_async::<Vec<String>>(&mut redis).await.unwrap().len() == 1 }
    })
    .await;
    signal("TERM", &pid.to_string());
    let output = process.wait_with_output().await.unwrap();
    assert_eq!((output.status.code(), said(&output)), (Some(1), "frontrow: interrupted\n".into()));
    let left: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut redis).await.unwrap();
    assert_eq!((left, databases_of(pid).await), (Vec::new(), 0));
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0, "lock nodes are gone, too");
}
