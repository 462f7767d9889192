//! The private servers: they start, keep their data, end with their owner, and say what is wrong.

mod errors;
mod lifeline;
mod postgres;
mod redis;
mod stack;

use std::fs;
use std::future::Future;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use ::redis::AsyncCommands;
use frontrow::embedded::{PostgresOptions, RedisServer};
use sqlx::{ConnectOptions, Connection, PgConnection};
use tempfile::TempDir;

/// A directory that the user PostgreSQL runs as may enter, unlike a usual temporary one.
fn temp_dir() -> TempDir {
    let dir = tempfile::Builder::new().prefix("frontrow-test-").tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

fn fast(data_dir: &Path) -> PostgresOptions<'_> {
    PostgresOptions { fast: true, ..PostgresOptions::new(data_dir) }
}

async fn redis_connection(server: &RedisServer) -> ::redis::aio::MultiplexedConnection {
    let client = ::redis::Client::open(server.url(0)).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

async fn redis_set(server: &RedisServer, value: u32) {
    let () = redis_connection(server).await.set("seat", value).await.unwrap();
}

async fn redis_get(server: &RedisServer) -> Option<u32> {
    redis_connection(server).await.get("seat").await.unwrap()
}

async fn postgres_connection(url: &str) -> PgConnection {
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    options.disable_statement_logging().connect().await.unwrap()
}

async fn postgres_set(url: &str, value: i32) {
    let mut connection = postgres_connection(url).await;
    sqlx::query("CREATE TABLE seat (value integer)").execute(&mut connection).await.unwrap();
    let insert = sqlx::query("INSERT INTO seat VALUES ($1)").bind(value);
    insert.execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn postgres_get(url: &str) -> i32 {
    let mut connection = postgres_connection(url).await;
    let value = sqlx::query_scalar("SELECT value FROM seat").fetch_one(&mut connection);
    let value = value.await.unwrap();
    connection.close().await.unwrap();
    value
}

fn is_alive(pid: u32) -> bool {
    // A zombie has a directory but no working directory.
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok()
}

/// The pid of a process's parent, or its process group.
fn stat(pid: u32, field: usize) -> u32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    // The name, in parentheses, may hold anything; the fields after it are plain.
    let after_name = stat.rsplit_once(')').unwrap().1;
    after_name.split_whitespace().nth(field).unwrap().parse().unwrap()
}

fn parent(pid: u32) -> u32 {
    stat(pid, 1)
}

fn process_group(pid: u32) -> u32 {
    stat(pid, 2)
}

pub fn signal(signal: &str, target: &str) {
    let command = r#"kill -s "$1" -- "$2""#;
    let status = Command::new("/bin/sh").args(["-c", command, "kill", signal, target]).status();
    assert!(status.unwrap().success(), "kill -s {signal} -- {target}");
}

async fn eventually<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds().await {
        assert!(Instant::now() < deadline, "still not so after 20 s: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn gone(pids: &[u32]) {
    eventually("the servers are gone", async || !pids.iter().any(|pid| is_alive(*pid))).await;
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// A program of a few lines of shell, for servers that cannot be had here.
fn fake_program(path: PathBuf, script: &str) -> PathBuf {
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}
