//! Filling the caches to their limit changes no claim: in the Redis that has the seats, and in one of
//! their own.

use frontrow::config::{Config, SecretUrl};
use frontrow::embedded::{RedisOptions, RedisServer};
use reqwest::Client;

use super::get;
use crate::support::house;
use crate::support::service::Service;
use crate::support::{database, redis_db};

async fn redis_of(server: &RedisServer) -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(server.url(0)).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

async fn memory(server: &RedisServer, maxmemory: &str, policy: &str) {
    for (setting, value) in [("maxmemory", maxmemory), ("maxmemory-policy", policy)] {
        let mut command = redis::cmd("CONFIG");
        command.arg(&["SET", setting, value]);
        let () = command.query_async(&mut redis_of(server).await).await.unwrap();
    }
}

async fn answers(server: &RedisServer) -> usize {
    let mut command = redis::cmd("KEYS");
    command.arg("{cache}:answer:*");
    let keys: Vec<String> = command.query_async(&mut redis_of(server).await).await.unwrap();
    keys.len()
}

/// Asks for as many lists as there are cities, which nobody else asks for.
async fn fill(service: &Service, cities: usize) {
    for city in 0..cities {
        assert_eq!(
            get(service, &format!("/v1/concerts?city=c{city}")).await["items"][0],
            serde_json::Value::Null
        );
    }
}

async fn claim(service: &Service, seats: std::ops::Range<u32>) {
    let concert = house::import(&service.pool, 1, 40, &house::terms("night")).await.to_string();
    let client = Client::new();
    for seat in seats {
        let person = service.person(&client).await;
        let claimed = person.reserve(&concert, "k", &[&format!("1-{}", seat + 1)]).await;
        assert_eq!(claimed.status(), 201);
    }
}

#[tokio::test]
async fn among_the_seats_answers_take_no_more_room_than_they_were_given() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("redis");
    let server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
    let few = |config: &mut Config| config.cache.cache_redis_bytes = 20 * 16 * 1024;
    let service = Service::with(&server.url(0), &database().await, few).await;
    fill(&service, 100).await;
    assert_eq!(answers(&server).await, 20);
    claim(&service, 0..20).await;
    // Nor do they when there is no room at all.
    memory(&server, "1mb", "noeviction").await;
    fill(&service, 50).await;
    memory(&server, "0", "noeviction").await;
    claim(&service, 20..40).await;
}

#[tokio::test]
async fn in_a_redis_of_their_own_answers_push_each_other_out_and_touch_no_seat() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("redis");
    let server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
    memory(&server, "3mb", "allkeys-lru").await;
    let url: SecretUrl = server.url(0).parse().unwrap();
    let own = |config: &mut Config| config.cache.cache_redis_url = Some(url);
    let redis = redis_db().await;
    let service = Service::with(&redis, &database().await, own).await;
    // As much as fills it, as somebody else's answers would.
    for number in 0..40 {
        let mut set = redis::cmd("SET");
        set.arg(format!("{{cache}}:answer:{number}")).arg(vec![7_u8; 100_000]);
        let _: Result<(), _> = set.query_async(&mut redis_of(&server).await).await;
    }
    let mut evicted = redis::cmd("INFO");
    evicted.arg("stats");
    let stats: String = evicted.query_async(&mut redis_of(&server).await).await.unwrap();
    assert!(!stats.contains("evicted_keys:0\r"), "nothing was pushed out: {stats}");
    fill(&service, 50).await;
    claim(&service, 0..20).await;
    let client = redis::Client::open(redis).unwrap();
    let mut seats = client.get_multiplexed_async_connection().await.unwrap();
    let mut keys = redis::cmd("KEYS");
    keys.arg("{cache}*");
    let kept: Vec<String> = keys.query_async(&mut seats).await.unwrap();
    assert_eq!(kept, [""; 0], "beside the seats");
}
