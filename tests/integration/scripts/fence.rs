use frontrow::domain::area::Room;
use frontrow::domain::ids::UserId;
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::refusal::Refusal;
use frontrow::embedded::{RedisOptions, RedisServer};
use frontrow::inventory::InventoryError;
use frontrow::inventory::commands::PackedCommand;

use crate::support::hot::{Hot, concert};

async fn own_redis() -> (tempfile::TempDir, RedisServer) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("redis");
    let server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
    (dir, server)
}

#[tokio::test]
async fn a_restarted_redis_grants_nothing_until_somebody_has_looked_at_it() {
    let (_dir, mut server) = own_redis().await;
    let hot = Hot::at(&server.url(0), 4, concert()).await;
    let held = hot.hold(UserId::new(), &[0]).await;
    let last = hot.log().await.last().unwrap().position;

    server.restart().await.unwrap();
    let command = [PackedCommand::from(&hot.command(UserId::new(), &[1]))];
    let refused = loop {
        match hot.inventory.execute(&hot.keys, hot.epoch, &command).await {
            Err(InventoryError::Redis(_)) => {} // The connection has to be made again.
            refused => break refused,
        }
    };
    assert!(matches!(refused, Err(InventoryError::Unverified)), "{refused:?}");

    let mut verification = hot.inventory.begin_verification().await.unwrap();
    let state = verification.state(0, Position::START).await.unwrap();
    assert_eq!((state.epoch, state.last), (Some(Epoch::FIRST), last), "nothing was lost");
    verification.load_scripts().await.unwrap();
    assert!(hot.confirm(held).await.is_ok(), "the hold lives on");
}

#[tokio::test]
async fn emptying_a_partition_waits_for_its_log_and_begins_after_everything() {
    let hot = Hot::new(4).await;
    let persisted = hot.log().await.last().unwrap().position;
    hot.hold(UserId::new(), &[0]).await;
    let first = Position { ms: persisted.ms + 1_000_000, sequence: 0 };
    let mut verification = hot.inventory.begin_verification().await.unwrap();
    let emptied = verification.reset(0, persisted, Epoch(2), first).await.unwrap();
    assert!(!emptied, "the log went on");
    let last = hot.log().await.last().unwrap().position;
    assert!(verification.reset(0, last, Epoch(2), first).await.unwrap());

    let state = verification.state(0, Position::START).await.unwrap();
    assert_eq!((state.epoch, state.last), (Some(Epoch(2)), first));
    assert_eq!(hot.reserve(UserId::new(), &[0]).await, Err(Refusal::NotLoaded));
    let begun = hot
        .inventory
        .begin_load(&hot.keys, 0, Epoch(1), uuid::Uuid::now_v7(), &Room::of_seats(4))
        .await;
    assert_eq!(begun.unwrap(), frontrow::inventory::load::LoadStep::WrongEpoch);
}

#[tokio::test]
async fn settings_that_break_promises_are_complained_of() {
    let (_dir, server) = own_redis().await;
    let hot = Hot::at(&server.url(0), 4, concert()).await;
    let mut verification = hot.inventory.begin_verification().await.unwrap();
    assert!(verification.complaints().await.is_empty());
    let mut connection = hot.redis.get_multiplexed_async_connection().await.unwrap();
    let mut command = redis::cmd("CONFIG");
    command.arg("SET").arg("maxmemory-policy").arg("allkeys-lru");
    let () = command.query_async(&mut connection).await.unwrap();
    let complaints = verification.complaints().await;
    assert_eq!(complaints.len(), 1);
    assert!(complaints[0].contains("allkeys-lru"), "{complaints:?}");
}
