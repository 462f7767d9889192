use frontrow::domain::ids::UserId;

use super::{hold, is_in_postgresql, until};
use crate::process::frontrow::{Frontrow, person};
use crate::support::backend::Backend;
use crate::support::house::{self, terms};
use crate::support::proxy::Proxy;
use crate::support::{database, redis_db, servers};

#[tokio::test]
async fn an_instance_cut_off_from_postgresql_leaves_the_writing_to_one_that_is_not() {
    let (redis, database) = (redis_db().await, database().await);
    let port = servers().await.postgres.port();
    let proxy = Proxy::before(port).await;
    let one = Backend::on(&redis, &proxy.on_the_way(&database, port)).await;
    let user = UserId::new();
    let concert = house::import(&one.pool, 1, 5, &terms("night")).await;
    let first = hold(&one, user, concert, "1-1").await;
    one.reservations.confirm(user, concert, first, None).await.unwrap();
    until("the first sale is persisted", async || is_in_postgresql(&one, first).await).await;

    // The first has the leases by now, and so the second has none.
    let other = Backend::on(&redis, &database).await;
    proxy.freeze(true);
    let second = hold(&other, user, concert, "1-2").await;
    other.reservations.confirm(user, concert, second, None).await.unwrap();
    until("the other persists", async || is_in_postgresql(&other, second).await).await;

    // And the first is of use again, when it is alone.
    proxy.freeze(false);
    let pool = other.pool.clone();
    other.stop().await;
    let third = hold(&one, user, concert, "1-3").await;
    one.reservations.confirm(user, concert, third, None).await.unwrap();
    until("the first persists again", async || {
        frontrow::ledger::reservations::find(&pool, third).await.unwrap().is_some()
    })
    .await;
}

#[tokio::test]
async fn a_process_whose_postgresql_hangs_ends_all_the_same() {
    let (redis, database) = (redis_db().await, database().await);
    let port = servers().await.postgres.port();
    let proxy = Proxy::before(port).await;
    let backend = Backend::idle(&redis, &database).await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await.to_string();
    let mut frontrow = Frontrow::serve(&redis, &proxy.on_the_way(&database, port));
    let url = frontrow.ready().await;
    let buyer = person(&url).await;
    let held = buyer.reserve(&concert, "k", &["1-1"]).await;
    assert_eq!(held.status(), 201);
    let held: serde_json::Value = held.json().await.unwrap();
    proxy.freeze(true);
    let sold = buyer.change(&concert, held["id"].as_str().unwrap(), "confirm").await;
    assert_eq!(sold.status(), 200);
    frontrow.signal("TERM");
    frontrow.end().await;
    assert!(frontrow.said().contains("left behind"), "{}", frontrow.said());
}
