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
    let state = verification.state(0, &[]).await.unwrap();
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

    let state = verification.state(0, &[]).await.unwrap();
    assert_eq!((state.epoch, state.last), (Some(Epoch(2)), first));
    assert_eq!(hot.reserve(UserId::new(), &[0]).await, Err(Refusal::NotLoaded));
    let begun = hot
        .inventory
        .begin_load(&hot.keys, 0, Epoch(1), uuid::Uuid::now_v7(), &Room::of_seats(4))
        .await;
    assert_eq!(begun.unwrap(), frontrow::inventory::load::LoadStep::WrongEpoch);
}

#[tokio::test]
async fn a_log_that_lost_an_entry_and_went_on_is_told_from_one_that_has_it() {
    let hot = Hot::new(4).await;
    hot.hold(UserId::new(), &[0]).await;
    let kept = hot.log().await.last().unwrap().position;
    hot.hold(UserId::new(), &[1]).await;
    let lost = hot.log().await.last().unwrap().position;
    let mut connection = hot.redis.get_multiplexed_async_connection().await.unwrap();
    let mut delete = redis::cmd("XDEL");
    delete.arg("{0}:log").arg(lost.to_string());
    let _: u32 = delete.query_async(&mut connection).await.unwrap();
    hot.hold(UserId::new(), &[2]).await;

    let mut verification = hot.inventory.begin_verification().await.unwrap();
    assert!(verification.state(0, &[kept]).await.unwrap().holds_known);
    let state = verification.state(0, &[kept, lost]).await.unwrap();
    assert!(state.last > lost && !state.holds_known, "{state:?}");
    assert!(hot.inventory.log_holds(0, kept).await.unwrap());
    assert!(!hot.inventory.log_holds(0, lost).await.unwrap());
}

/// Taking a log for another one costs everybody's holds, so nothing that happens to a healthy log may do it.
#[tokio::test]
async fn a_log_that_is_new_or_trimmed_or_begun_again_is_not_taken_for_another() {
    let hot = Hot::new(400).await;
    assert!(hot.inventory.log_holds(1, Position::START).await.unwrap(), "never used");
    assert!(hot.inventory.log_holds(0, Position::START).await.unwrap(), "not applied yet");
    for seat in 0..300 {
        hot.hold(UserId::new(), &[seat]).await;
    }
    let entries = hot.log().await;
    let mut connection = hot.redis.get_multiplexed_async_connection().await.unwrap();
    for applied in entries.iter().step_by(60).map(|entry| entry.position) {
        hot.inventory.trim_log(0, applied).await.unwrap();
        for entry in &entries {
            assert!(hot.inventory.log_holds(0, entry.position).await.unwrap(), "{applied}");
        }
    }
    assert!(hot.log().await.len() < entries.len(), "something was trimmed");
    let last = entries.last().unwrap().position;
    let mut trim = redis::cmd("XTRIM");
    let _: u32 = trim.arg(&["{0}:log", "MAXLEN", "0"]).query_async(&mut connection).await.unwrap();
    assert!(hot.inventory.log_holds(0, last).await.unwrap(), "all was trimmed");
    let mut verification = hot.inventory.begin_verification().await.unwrap();
    assert!(verification.state(0, &[last]).await.unwrap().holds_known);
    let first = Position { ms: last.ms + 1, sequence: 0 };
    assert!(verification.reset(0, last, Epoch(2), first).await.unwrap());
    assert!(hot.inventory.log_holds(0, last).await.unwrap(), "begun again");
    assert!(verification.state(0, &[last, first]).await.unwrap().holds_known);
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
