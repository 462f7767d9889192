//! Every way a start can fail is a sentence that says what to do.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use frontrow::embedded::{PostgresOptions, PostgresServer, RedisOptions, RedisServer};

use super::{fake_program, fast, temp_dir};

async fn redis_error(options: RedisOptions<'_>) -> String {
    RedisServer::start(options).await.unwrap_err().to_string()
}

async fn postgres_error(options: PostgresOptions<'_>) -> String {
    PostgresServer::start(options).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_missing_program() {
    let dir = temp_dir();
    let missing = dir.path().join("bin");
    let redis = RedisOptions { executable: Some(&missing), ..RedisOptions::new(dir.path()) };
    assert_eq!(
        redis_error(redis).await,
        "redis-server not found: install it with 'apt-get install redis-server', \
         or run 'frontrow serve' with REDIS_URL pointing at a server"
    );
    let postgres = PostgresOptions { bin_dir: Some(&missing), ..fast(dir.path()) };
    assert_eq!(
        postgres_error(postgres).await,
        "postgres not found: install it with 'apt-get install postgresql', \
         or run 'frontrow serve' with DATABASE_URL pointing at a server"
    );
}

#[tokio::test]
async fn a_program_that_is_too_old() {
    let dir = temp_dir();
    let redis = fake_program(
        dir.path().join("redis-server"),
        "echo 'Redis server v=6.2.7 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=1'",
    );
    let options = RedisOptions { executable: Some(&redis), ..RedisOptions::new(dir.path()) };
    assert_eq!(
        redis_error(options).await,
        format!(
            "{} is version 6.2.7, and Frontrow needs 7.0 or newer: upgrade it, \
             or run 'frontrow serve' with REDIS_URL pointing at a newer server",
            redis.display()
        )
    );
    let postgres = fake_postgres(dir.path(), "13.22 (Debian 13.22-0+deb11u1)", "");
    let options = PostgresOptions { bin_dir: Some(dir.path()), ..fast(dir.path()) };
    assert_eq!(
        postgres_error(options).await,
        format!(
            "{postgres} is version 13.22, and Frontrow needs 14 or newer: upgrade it, \
             or run 'frontrow serve' with DATABASE_URL pointing at a newer server"
        )
    );
}

#[tokio::test]
async fn a_program_that_does_not_work() {
    let dir = temp_dir();
    let broken = fake_program(dir.path().join("redis-server"), "exit 127");
    let options = RedisOptions { executable: Some(&broken), ..RedisOptions::new(dir.path()) };
    assert_eq!(
        redis_error(options).await,
        format!(
            "{} does not work: it does not say its version (exit status: 127); reinstall it",
            broken.display()
        )
    );
}

#[tokio::test]
async fn a_port_that_is_taken() {
    let dir = temp_dir();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let name = fs::read_to_string(format!("/proc/{}/comm", std::process::id())).unwrap();
    let expected = format!(
        "port {port} is taken by {} (pid {}): stop that program, or choose another port",
        name.trim(),
        std::process::id()
    );
    let redis = dir.path().join("redis");
    let options = RedisOptions { port: Some(port), ..RedisOptions::new(&redis) };
    assert_eq!(redis_error(options).await, expected);
    let postgres = dir.path().join("postgres");
    let options = PostgresOptions { port: Some(port), ..fast(&postgres) };
    assert_eq!(postgres_error(options).await, expected);
}

#[tokio::test]
async fn a_directory_that_cannot_be_made() {
    let dir = temp_dir();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let data_dir = file.join("redis");
    assert_eq!(
        redis_error(RedisOptions::new(&data_dir)).await,
        format!(
            "cannot use {}: Not a directory (os error 20); make it writable for this user \
             or choose another directory",
            data_dir.display()
        )
    );
}

#[tokio::test]
async fn a_directory_in_use() {
    let dir = temp_dir();
    let (redis_dir, postgres_dir) = (dir.path().join("redis"), dir.path().join("postgres"));
    let redis = RedisServer::start(RedisOptions::new(&redis_dir)).await.unwrap();
    let postgres = PostgresServer::start(fast(&postgres_dir)).await.unwrap();
    let in_use = |data_dir: &Path| {
        format!(
            "{} is in use by Frontrow (pid {}): stop that first, or choose another directory",
            data_dir.display(),
            std::process::id()
        )
    };
    assert_eq!(redis_error(RedisOptions::new(&redis_dir)).await, in_use(&redis_dir));
    assert_eq!(postgres_error(fast(&postgres_dir)).await, in_use(&postgres_dir));
    redis.stop().await.unwrap();
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_full_disk() {
    let dir = temp_dir();
    fake_postgres(
        dir.path(),
        "15.1",
        "echo 'initdb: error: could not write file: No space left on device' >&2; exit 1",
    );
    let data_dir = dir.path().join("postgres-data");
    let options = PostgresOptions { bin_dir: Some(dir.path()), ..fast(&data_dir) };
    assert_eq!(
        postgres_error(options).await,
        format!(
            "no space left on the disk that holds {}: free some and start again",
            data_dir.display()
        )
    );
}

#[tokio::test]
async fn data_of_another_major_version() {
    let dir = temp_dir();
    fake_postgres(dir.path(), "19beta1", "exit 1");
    let data_dir = dir.path().join("postgres-data");
    fs::create_dir_all(data_dir.join("cluster")).unwrap();
    fs::write(data_dir.join("cluster/PG_VERSION"), "12\n").unwrap();
    let options = PostgresOptions { bin_dir: Some(dir.path()), ..fast(&data_dir) };
    assert_eq!(
        postgres_error(options).await,
        format!(
            "{} holds data of PostgreSQL 12, but this machine has PostgreSQL 19: install it with \
             'apt-get install postgresql-12', or move the directory away to start empty",
            data_dir.join("cluster").display()
        )
    );
}

#[tokio::test]
async fn a_server_that_dies_at_start() {
    let dir = temp_dir();
    let data_dir = dir.path().join("redis");
    let options =
        RedisOptions { settings: &[("no-such-setting", "1")], ..RedisOptions::new(&data_dir) };
    let error = redis_error(options).await;
    let start = format!(
        "redis-server ended while starting; the last it said (in {}):\n",
        data_dir.join("server.log").display()
    );
    assert!(error.starts_with(&start), "{error}");
    assert!(error.contains("no-such-setting"), "{error}");

    let data_dir = dir.path().join("postgres");
    let options = PostgresOptions { settings: &[("no_such_setting", "1")], ..fast(&data_dir) };
    let error = postgres_error(options).await;
    assert!(error.contains("unrecognized configuration parameter"), "{error}");
}

/// A `postgres` that says this version, and an `initdb` that does this.
fn fake_postgres(bin_dir: &Path, version: &str, initdb: &str) -> String {
    fake_program(bin_dir.join("initdb"), initdb);
    let say = format!("echo 'postgres (PostgreSQL) {version}'");
    fake_program(bin_dir.join("postgres"), &say).display().to_string()
}
