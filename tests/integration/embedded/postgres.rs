//! A private PostgreSQL through its life.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command};
use std::time::Duration;

use frontrow::embedded::{PostgresOptions, PostgresServer};

use super::{fast, is_alive, is_root, postgres_connection, postgres_get, postgres_set, temp_dir};
use crate::support;

#[tokio::test]
async fn what_was_committed_survives_a_crash_and_a_restart() {
    let dir = temp_dir();
    let data_dir = dir.path().join("has a space");
    let mut server = PostgresServer::start(PostgresOptions::new(&data_dir)).await.unwrap();
    let url = server.url("postgres");
    postgres_set(&url, 1).await;
    // A session that is open when the server crashes leaves a backend, which has to go first.
    let _open = postgres_connection(&url).await;

    server.kill().await.unwrap();
    assert_eq!(server.pid(), None);
    server.restart().await.unwrap();
    assert_eq!(server.url("postgres"), url);
    assert_eq!(postgres_get(&url).await, 1);
    server.restart().await.unwrap();
    assert_eq!(postgres_get(&url).await, 1);
    let pid = server.pid().unwrap();
    server.stop().await.unwrap();
    assert!(!is_alive(pid));

    let server = PostgresServer::start(PostgresOptions::new(&data_dir)).await.unwrap();
    assert_eq!(postgres_get(&server.url("postgres")).await, 1);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn it_stops_although_a_session_is_in_the_middle_of_something() {
    let dir = temp_dir();
    let server = PostgresServer::start(fast(dir.path())).await.unwrap();
    let mut connection = postgres_connection(&server.url("postgres")).await;
    let sleeper = tokio::spawn(async move {
        sqlx::query("SELECT pg_sleep(600)").execute(&mut connection).await.map(|_| ())
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop().await.unwrap();
    assert!(sleeper.await.unwrap().is_err());
}

#[tokio::test]
async fn it_is_utf8_in_the_c_locale_and_listens_on_the_loopback_only() {
    let dir = temp_dir();
    let server = PostgresServer::start(PostgresOptions::new(dir.path())).await.unwrap();
    let mut connection = postgres_connection(&server.url("postgres")).await;
    for (name, expected) in [
        ("server_encoding", "UTF8"),
        ("lc_messages", "C"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
        ("max_connections", "200"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
    ] {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(name)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(value, expected, "{name}");
    }
    let collation: String =
        sqlx::query_scalar("SELECT datcollate FROM pg_database WHERE datname = 'postgres'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(collation, "C");
    drop(connection);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn databases_are_created_empty_or_as_copies() {
    let server = &support::servers().await.postgres;
    // A name that needs quoting, in both ways that SQL quotes.
    let odd = r#"it's "odd""#;
    assert!(!server.has_database(odd).await.unwrap());
    server.create_database(odd).await.unwrap();
    assert!(server.has_database(odd).await.unwrap());
    let again = server.create_database(odd).await.unwrap_err().to_string();
    assert!(again.contains("already exists"), "{again}");

    server.create_database("original").await.unwrap();
    postgres_set(&server.url("original"), 5).await;
    server.create_database_from("copy", "original").await.unwrap();
    assert_eq!(postgres_get(&server.url("copy")).await, 5);
}

#[tokio::test]
async fn tests_get_databases_of_their_own() {
    let urls = tokio::join!(support::database(), support::database(), support::database());
    for (url, value) in [(&urls.0, 0), (&urls.1, 1), (&urls.2, 2)] {
        postgres_set(url, value).await;
    }
    assert_eq!(postgres_get(&urls.1).await, 1);
}

#[tokio::test]
async fn an_unfinished_cluster_is_made_anew() {
    let dir = temp_dir();
    let unfinished = dir.path().join("cluster.unfinished-1");
    fs::create_dir(&unfinished).unwrap();
    fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    let server = PostgresServer::start(fast(dir.path())).await.unwrap();
    assert!(!unfinished.exists());
    server.stop().await.unwrap();
}

/// Ends a child of the test's even if the test fails.
struct Stranger(Child);

impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_pid_file_that_names_a_stranger_is_not_believed() {
    let dir = temp_dir();
    let server = PostgresServer::start(fast(dir.path())).await.unwrap();
    let pid_file = dir.path().join("cluster/postmaster.pid");
    let pids = fs::read_to_string(&pid_file).unwrap();
    server.stop().await.unwrap();

    // After a reboot, the number of the old postmaster may be anybody's.
    let stranger = Stranger(Command::new("sleep").arg("600").spawn().unwrap());
    let (_, rest) = pids.split_once('\n').unwrap();
    fs::write(&pid_file, format!("{}\n{rest}", stranger.0.id())).unwrap();
    let server = PostgresServer::start(fast(dir.path())).await.unwrap();
    assert!(is_alive(stranger.0.id()));
    server.stop().await.unwrap();
}

#[tokio::test]
async fn data_that_its_user_cannot_reach_is_linked_to_where_it_can() {
    if !is_root() {
        return; // Only root runs PostgreSQL as another user.
    }
    let closed = temp_dir();
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let asked = closed.path().join("postgres");
    let server = PostgresServer::start(fast(&asked)).await.unwrap();
    postgres_set(&server.url("postgres"), 6).await;
    server.stop().await.unwrap();
    let link = fs::read_link(&asked).unwrap();
    assert!(link.starts_with("/var/tmp"), "{}", link.display());

    let server = PostgresServer::start(fast(&asked)).await.unwrap();
    assert_eq!(postgres_get(&server.url("postgres")).await, 6, "found through the link");
    server.stop().await.unwrap();

    // Whoever deletes the place the data was asked for wants to start afresh.
    fs::remove_file(&asked).unwrap();
    let server = PostgresServer::start(fast(&asked)).await.unwrap();
    server.create_database("fresh").await.unwrap();
    let mut connection = postgres_connection(&server.url("postgres")).await;
    let query = sqlx::query("SELECT value FROM seat").fetch_one(&mut connection).await;
    assert!(query.is_err(), "the old table is still there");
    drop(connection);
    server.stop().await.unwrap();
    fs::remove_dir_all(&link).unwrap();
}
