//! Who writes and sweeps: handed over after a crash and at a stop, and harmless when it is two.

use std::collections::HashSet;
use std::time::Duration;

use frontrow::audit::Auditor;
use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::reservation::State;
use frontrow::embedded::{Persistence, RedisOptions, RedisServer};
use frontrow::inventory::keys;
use frontrow::ledger;
use tokio::time::Instant;

use super::{hold, is_in_postgresql, until};
use crate::process::frontrow::{Frontrow, person};
use crate::support::backend::{Backend, PARTITIONS};
use crate::support::house::{self, terms};
use crate::support::{database, redis_db};

/// Who has each partition's lease, as the lock's value says; none where nobody has.
async fn holders(redis: &str) -> Vec<Option<Vec<u8>>> {
    let client = redis::Client::open(redis).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let names: Vec<_> = (0..PARTITIONS).map(|partition| keys::lock("worker", partition)).collect();
    redis::cmd("MGET").arg(names).query_async(&mut connection).await.unwrap()
}

/// An instance with every lease, and another that waits for them.
async fn two(redis: &str, database: &str) -> (Frontrow, Frontrow, String) {
    let mut one = Frontrow::serve(redis, database);
    one.ready().await;
    until("the first has all leases", async || holders(redis).await.iter().all(Option::is_some))
        .await;
    let mut other = Frontrow::serve(redis, database);
    let url = other.ready().await;
    (one, other, url)
}

#[tokio::test]
async fn leases_are_handed_over_within_seconds_of_a_crash_and_what_was_left_is_written() {
    let (redis, database) = (redis_db().await, database().await);
    let backend = Backend::idle(&redis, &database).await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await.to_string();
    let (one, _other, url) = two(&redis, &database).await;
    let before = holders(&redis).await;
    one.signal("KILL");
    let crashed_at = Instant::now();
    let buyer = person(&url).await;
    let held: serde_json::Value =
        buyer.reserve(&concert, "k", &["1-1"]).await.json().await.unwrap();
    let id = held["id"].as_str().unwrap();
    assert_eq!(buyer.change(&concert, id, "confirm").await.status(), 200);
    let id: ReservationId = id.parse().unwrap();
    until("the sale is written by the other", async || is_in_postgresql(&backend, id).await).await;
    until("all leases are the other's", async || {
        holders(&redis)
            .await
            .iter()
            .zip(&before)
            .all(|(now, before)| now.is_some() && now != before)
    })
    .await;
    // Three seconds of the lease, and one to try again; and a busy machine.
    assert!(crashed_at.elapsed() < Duration::from_secs(20), "{:?}", crashed_at.elapsed());
}

#[tokio::test]
async fn leases_are_given_back_at_once_at_a_stop() {
    let (redis, database) = (redis_db().await, database().await);
    drop(Backend::idle(&redis, &database).await);
    let (mut one, _other, _) = two(&redis, &database).await;
    let before = holders(&redis).await;
    one.signal("TERM");
    assert!(one.end().await.success());
    // No waiting here: what is left of a lease would last for seconds.
    let after = holders(&redis).await;
    let kept = after.iter().zip(&before).filter(|(now, before)| now.is_some() && now == before);
    assert_eq!(kept.count(), 0);
    until("all leases are the other's", async || holders(&redis).await.iter().all(Option::is_some))
        .await;
}

#[tokio::test]
async fn two_holders_of_every_lease_do_no_harm() {
    let (redis, database) = (redis_db().await, database().await);
    let dir = tempfile::tempdir().unwrap();
    let nodes = ["one", "other"].map(|name| dir.path().join(name));
    let node = async |data: &std::path::Path| {
        let options = RedisOptions { persistence: Persistence::None, ..RedisOptions::new(data) };
        RedisServer::start(options).await.unwrap()
    };
    let (first, second) = (node(&nodes[0]).await, node(&nodes[1]).await);
    // Each asks a lock node of its own, so that both have every lease.
    let one = Backend::locking(&redis, &database, vec![first.url(0)]).await;
    let other = Backend::locking(&redis, &database, vec![second.url(0)]).await;
    for node in [&first, &second] {
        until("both have all leases", async || {
            holders(&node.url(0)).await.iter().all(Option::is_some)
        })
        .await;
    }
    let mut short = terms("night");
    short["hold_seconds"] = 5.into();
    let concert = house::import(&one.pool, 10, 10, &short).await;
    let (mut sold, mut cancelled) = (Vec::new(), Vec::new());
    for (number, seat) in house::seat_ids(10, 10).iter().enumerate() {
        let (backend, user) = (if number % 2 == 0 { &one } else { &other }, UserId::new());
        let id = hold(backend, user, concert, seat).await;
        if number % 3 > 0 {
            backend.reservations.confirm(user, concert, id, None).await.unwrap();
            sold.push(id);
        }
        if number % 6 == 1 {
            backend.reservations.cancel(user, concert, id).await.unwrap();
            sold.pop();
            cancelled.push(id);
        }
    }
    let state = async |id| Some(ledger::reservations::find(&one.pool, id).await.unwrap()?.state);
    until("all of it is written, and the other holds have ended", async || {
        for (ids, wanted) in [(&sold, State::Confirmed), (&cancelled, State::Cancelled)] {
            for id in ids {
                if state(*id).await != Some(wanted) {
                    return false;
                }
            }
        }
        let counts = one.reservations.availability(concert).await.unwrap().states;
        counts.count(0..100).held == 0
    })
    .await;
    let report = Auditor::new(one.inventory.clone(), one.pool.clone()).audit(&[]).await.unwrap();
    assert!(report.ok && report.concerts[0].conflicts == 0, "{report:#?}");
    let events: Vec<(uuid::Uuid, i64)> = sqlx::query_as(
        "SELECT reservation_id, version FROM reservation_events WHERE concert_id = $1",
    )
    .bind(concert.0)
    .fetch_all(&one.pool)
    .await
    .unwrap();
    let distinct: HashSet<_> = events.iter().collect();
    assert_eq!(distinct.len(), events.len(), "something was written down twice");
    for node in [&first, &second] {
        assert!(holders(&node.url(0)).await.iter().all(Option::is_some), "one had lost its leases");
    }
}
