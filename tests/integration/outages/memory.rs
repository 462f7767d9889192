use std::time::Duration;

use frontrow::domain::best_available::WishText;
use frontrow::domain::ids::UserId;
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::embedded::{RedisOptions, RedisServer};
use frontrow::inventory::locks::Locks;
use frontrow::reservations::ReservationError;

use super::{hold, is_in_postgresql, until};
use crate::support::backend::Backend;
use crate::support::database;
use crate::support::house::{self, terms};

async fn set_memory(server: &RedisServer, maxmemory: &str) {
    let client = redis::Client::open(server.url(0)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut command = redis::cmd("CONFIG");
    command.arg(&["SET", "maxmemory", maxmemory]);
    let () = command.query_async(&mut connection).await.unwrap();
}

#[tokio::test]
async fn a_full_redis_is_read_persisted_swept_and_verified() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("redis");
    let server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
    let database = database().await;
    let backend = Backend::on(&server.url(0), &database).await;
    let mut terms = terms("night");
    terms["hold_seconds"] = 5.into();
    let concert = house::import(&backend.pool, 1, 5, &terms).await;
    let user = UserId::new();
    let sold = hold(&backend, user, concert, "1-1").await;
    let _overdue = hold(&backend, user, concert, "1-2").await;

    set_memory(&server, "1mb").await;
    backend.reservations.confirm(user, concert, sold, None).await.unwrap();
    let refused = backend.reservations.reserve(user, concert, "k", &["1-3".to_owned()]).await;
    assert!(refused.is_err(), "there is room after all, and this test says nothing");
    // Nobody asked for the best seats of this concert before, so that the view has to begin with it.
    let wish = WishText { quantity: 1, ..WishText::default() };
    let refused = backend.reservations.reserve_best(user, concert, "best", &wish).await;
    assert!(matches!(refused, Err(ReservationError::Overloaded)), "{refused:?}");
    until("what was confirmed is persisted", async || is_in_postgresql(&backend, sold).await).await;
    let [free, taken] = [SeatState::Available, SeatState::Sold];
    until("the overdue hold is swept", async || {
        let states = backend.reservations.availability(concert).await.unwrap().states;
        [0, 1].map(|seat| states.get(SeatNumber(seat))) == [taken, free]
    })
    .await;
    assert_eq!(backend.reservations.mine(user, concert).await.unwrap().len(), 1);
    // Another process can verify it, and has the writing too, for want of leases.
    let other = Backend::on(&server.url(0), &database).await;
    other.reservations.find(user, concert, sold).await.unwrap();

    set_memory(&server, "0").await;
    hold(&backend, user, concert, "1-3").await;
}

#[tokio::test]
async fn a_lock_that_somebody_has_is_nobody_elses_although_memory_is_full() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("redis");
    let server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
    let locks = || Locks::new(vec![server.url(0)]).unwrap();
    let (one, other) = (locks(), locks());
    let ttl = Duration::from_secs(60);
    let held = one.try_take("lock:a", ttl).await.unwrap();
    set_memory(&server, "1mb").await;
    assert!(other.try_take("lock:a", ttl).await.is_none());
    held.release().await;
    let mut without = other.try_take("lock:a", ttl).await.unwrap();
    assert!(without.extend().await);
    set_memory(&server, "0").await;
    assert!(!without.extend().await, "it can be had for good now, and has to be");
    let _held = one.try_take("lock:a", ttl).await.unwrap();
    assert!(other.try_take("lock:a", ttl).await.is_none());
}
