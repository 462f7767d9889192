use std::time::Duration;

use frontrow::domain::ids::UserId;
use frontrow::domain::position::Epoch;
use frontrow::embedded::{RedisOptions, RedisServer};
use frontrow::inventory::keys;
use frontrow::ledger;
use tokio::time::sleep;

use super::{hold, until};
use crate::support::backend::Backend;
use crate::support::house::{self, terms};
use crate::support::{database, redis_db};

/// Longer than a lock lasts that nobody prolongs.
const LONGER_THAN_THE_LOCK: Duration = Duration::from_secs(4);

#[tokio::test]
async fn a_verification_keeps_its_lock_and_one_that_dies_soon_leaves_it_to_others() {
    let (redis, database) = (redis_db().await, database().await);
    let one = Backend::idle(&redis, &database).await;
    let other = Backend::idle(&redis, &database).await;
    let client = redis::Client::open(redis).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let name = keys::lock("verify", "all");
    let mut is_held = async || {
        redis::cmd("EXISTS").arg(&name).query_async::<bool>(&mut connection).await.unwrap()
    };
    // What keeps it waiting in the middle.
    let mut transaction = other.pool.begin().await.unwrap();
    let lock = sqlx::query("LOCK TABLE partitions IN ACCESS EXCLUSIVE MODE");
    lock.execute(&mut *transaction).await.unwrap();
    let reservations = one.reservations.clone();
    let verification = tokio::spawn(async move { reservations.verify().await });
    until("the verification has begun", &mut is_held).await;
    sleep(LONGER_THAN_THE_LOCK).await;
    assert!(is_held().await, "it was not prolonged");

    verification.abort();
    transaction.rollback().await.unwrap();
    other.reservations.verify().await.unwrap();
    assert!(other.reservations.gate().is_open());
}

#[tokio::test]
async fn an_emptied_redis_is_rebuilt_although_nobody_asks_for_anything() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("redis");
    let server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
    let backend = Backend::on(&server.url(0), &database().await).await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    let user = UserId::new();
    let held = hold(&backend, user, concert, "1-1").await;
    let partition =
        ledger::concerts::load(&backend.pool, concert).await.unwrap().unwrap().partition;
    let client = redis::Client::open(server.url(0)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let () = redis::cmd("FLUSHALL").query_async(&mut connection).await.unwrap();
    until("the partition is rebuilt", async || {
        let row = ledger::partitions::read(&backend.pool, partition).await.unwrap();
        row.epoch == Epoch(2) && backend.reservations.gate().is_open()
    })
    .await;
    assert!(backend.reservations.find(user, concert, held).await.is_err());

    let () = redis::cmd("SCRIPT").arg("FLUSH").query_async(&mut connection).await.unwrap();
    until("the scripts are loaded anew", async || {
        let mut command = redis::cmd("INFO");
        let info: redis::InfoDict =
            command.arg("memory").query_async(&mut connection).await.unwrap();
        info.get::<u32>("number_of_cached_scripts").unwrap() > 10
    })
    .await;
}
