//! A private redis-server through its life.

use frontrow::embedded::{Persistence, RedisOptions, RedisServer};

use super::{gone, is_alive, redis_connection, redis_get, redis_set, temp_dir};
use crate::support;

#[tokio::test]
async fn what_was_answered_survives_a_crash_and_a_restart() {
    let dir = temp_dir();
    let mut server = RedisServer::start(RedisOptions::new(dir.path())).await.unwrap();
    let port = server.port();
    redis_set(&server, 1).await;

    server.kill().await.unwrap();
    assert_eq!(server.pid(), None);
    server.restart().await.unwrap();
    assert_eq!((server.port(), redis_get(&server).await), (port, Some(1)));

    server.restart().await.unwrap();
    assert_eq!((server.port(), redis_get(&server).await), (port, Some(1)));
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_stopped_server_is_gone_and_the_next_one_has_its_data() {
    let dir = temp_dir();
    // A name that an argument list could come apart at.
    let data_dir = dir.path().join("has a space");
    let server = RedisServer::start(RedisOptions::new(&data_dir)).await.unwrap();
    let pid = server.pid().unwrap();
    redis_set(&server, 2).await;
    server.stop().await.unwrap();
    assert!(!is_alive(pid));

    let server = RedisServer::start(RedisOptions::new(&data_dir)).await.unwrap();
    assert_eq!(redis_get(&server).await, Some(2));
    server.stop().await.unwrap();
}

#[tokio::test]
async fn it_syncs_every_write_and_never_evicts() {
    let dir = temp_dir();
    let server = RedisServer::start(RedisOptions::new(dir.path())).await.unwrap();
    let mut connection = redis_connection(&server).await;
    for (name, expected) in [
        ("appendonly", "yes"),
        ("appendfsync", "always"),
        ("maxmemory-policy", "noeviction"),
        ("save", ""),
        ("databases", "1024"),
        ("bind", "127.0.0.1"),
    ] {
        let (_, value): (String, String) =
            ::redis::cmd("CONFIG").arg("GET").arg(name).query_async(&mut connection).await.unwrap();
        assert_eq!(value, expected, "{name}");
    }
    server.stop().await.unwrap();
}

#[tokio::test]
async fn without_persistence_a_restart_is_empty_and_settings_of_the_caller_win() {
    let dir = temp_dir();
    let options = RedisOptions {
        persistence: Persistence::None,
        settings: &[("appendfsync", "no")],
        ..RedisOptions::new(dir.path())
    };
    let mut server = RedisServer::start(options).await.unwrap();
    redis_set(&server, 3).await;
    server.restart().await.unwrap();
    assert_eq!(redis_get(&server).await, None);
    let mut connection = redis_connection(&server).await;
    let (_, value): (String, String) = ::redis::cmd("CONFIG")
        .arg("GET")
        .arg("appendfsync")
        .query_async(&mut connection)
        .await
        .unwrap();
    assert_eq!(value, "no");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_dropped_server_stops_by_itself() {
    let dir = temp_dir();
    let server = RedisServer::start(RedisOptions::new(dir.path())).await.unwrap();
    let pid = server.pid().unwrap();
    drop(server);
    gone(&[pid]).await;
}

#[tokio::test]
async fn a_directory_made_for_it_is_removed_after_it_and_no_other() {
    let dir = temp_dir();
    let (made, found) = (dir.path().join("made"), dir.path().join("found"));
    std::fs::create_dir(&found).unwrap();
    std::fs::write(found.join("precious"), "").unwrap();
    for data_dir in [&made, &found] {
        let options = RedisOptions { remove_at_end: true, ..RedisOptions::new(data_dir) };
        let mut server = RedisServer::start(options).await.unwrap();
        redis_set(&server, 4).await;
        server.restart().await.unwrap();
        assert_eq!(redis_get(&server).await, Some(4), "a restart is not the end");
        server.stop().await.unwrap();
    }
    assert!(!made.exists());
    assert!(found.join("precious").exists());
}

#[tokio::test]
async fn tests_get_databases_of_their_own_in_one_server() {
    let (first, second) = (support::redis_db().await, support::redis_db().await);
    assert_ne!(first, second);
    let prefix = support::servers().await.redis.url(0);
    let prefix = prefix.trim_end_matches('0');
    assert!(first.starts_with(prefix) && second.starts_with(prefix));
}
