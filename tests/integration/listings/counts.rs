//! What is left of a concert, as lists say it.

use frontrow::config::Config;
use frontrow::domain::ids::ConcertId;
use reqwest::Client;
use serde_json::{Value, json};

use super::get;
use crate::support::house;
use crate::support::service::{Person, Service};
use crate::support::{database, redis_db};

async fn left(service: &Service, concert: ConcertId) -> u64 {
    let detail = get(service, &format!("/v1/concerts/{concert}")).await;
    detail["left"].as_u64().unwrap()
}

async fn until_left(service: &Service, concert: ConcertId, expected: u64) {
    for _ in 0..600 {
        if left(service, concert).await == expected {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{} are left and not {expected}", left(service, concert).await);
}

async fn confirmed(person: &Person, concert: ConcertId, key: &str, seats: &[&str]) -> String {
    let concert = concert.to_string();
    let held: Value = person.reserve(&concert, key, seats).await.json().await.unwrap();
    let id = held["id"].as_str().unwrap().to_owned();
    assert_eq!(person.change(&concert, &id, "confirm").await.status(), 200);
    id
}

#[tokio::test]
async fn what_is_left_is_what_nobody_bought_or_keeps_back() {
    let (redis, database) = (redis_db().await, database().await);
    // What is left is looked at again and again.
    let kept_for_no_time = |config: &mut Config| config.cache.cache_selling_seconds = 0;
    let service = Service::with(&redis, &database, kept_for_no_time).await;
    let concert = house::import(&service.pool, 2, 3, &house::terms("one")).await;
    assert_eq!(left(&service, concert).await, 6);
    let person = service.person(&Client::new()).await;
    let two = confirmed(&person, concert, "two", &["1-1", "1-2"]).await;
    confirmed(&person, concert, "one", &["2-1"]).await;
    until_left(&service, concert, 3).await;
    let cancelled = person.change(&concert.to_string(), &two, "cancel").await;
    assert_eq!(cancelled.status(), 200);
    until_left(&service, concert, 5).await;
    let block = "INSERT INTO blocked_seats VALUES ($1, 4, true, 1, 0), ($1, 5, true, 1, 1)";
    sqlx::query(block).bind(concert.0).execute(&service.pool).await.unwrap();
    until_left(&service, concert, 3).await;
    let free = "UPDATE blocked_seats SET blocked = false WHERE concert_id = $1 AND seat = 4";
    sqlx::query(free).bind(concert.0).execute(&service.pool).await.unwrap();
    until_left(&service, concert, 4).await;
    let listed = get(&service, "/v1/concerts").await["items"][0].clone();
    assert_eq!((&listed["left"], &listed["capacity"]), (&json!(4), &json!(6)));
    let counted = "SELECT count(*) FROM reservation_seats WHERE ended_at IS NULL";
    let counted: i64 = sqlx::query_scalar(counted).fetch_one(&service.pool).await.unwrap();
    assert_eq!(counted, 1);
}
