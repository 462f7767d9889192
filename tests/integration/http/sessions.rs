//! Sessions: over HTTP, and in Redis.

use std::time::{Duration, Instant};

use frontrow::domain::role::Role;
use frontrow::identity::{IdentityError, SessionToken, Sessions};
use frontrow::ledger;
use redis::AsyncCommands;
use reqwest::{Client, Method};
use serde_json::Value;

use super::app::{App, NO_REDIS, problem};
use crate::support::service::Service;
use crate::support::{database, redis_db};

#[tokio::test]
async fn a_guest_has_a_session_until_it_ends() {
    let app = App::with_sessions().await;
    let response = app.request(Method::POST, "/v1/sessions").send().await.unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["location"], "/v1/sessions/current");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let new: Value = response.json().await.unwrap();
    let token = new["token"].as_str().unwrap();

    let current = async |method: Method| {
        let request = app.request(method, "/v1/sessions/current");
        request.bearer_auth(token).send().await.unwrap()
    };
    let session: Value = current(Method::GET).await.json().await.unwrap();
    assert_eq!(session["user"], new["user"]);
    assert_eq!(current(Method::DELETE).await.status(), 204);
    assert_eq!(current(Method::DELETE).await.status(), 204);
    problem(current(Method::GET).await, 401, "unauthenticated").await;
}

#[tokio::test]
async fn whoever_has_no_session_is_told_so() {
    let app = App::with_sessions().await;
    let send = async |authorization: Option<&str>| {
        let mut request = app.request(Method::GET, "/v1/sessions/current");
        if let Some(value) = authorization {
            request = request.header("Authorization", value);
        }
        problem(request.send().await.unwrap(), 401, "unauthenticated").await;
    };
    let unknown = format!("Bearer {}", SessionToken::random().unwrap().expose());
    for authorization in
        [None, Some("Basic YTpi"), Some("Bearer"), Some("Bearer abc"), Some(&unknown)]
    {
        send(authorization).await;
    }
}

#[tokio::test]
async fn without_redis_nobody_is_taken_for_a_stranger() {
    let app = App::without_stores().await;
    let token = SessionToken::random().unwrap().expose();
    let request = app.request(Method::GET, "/v1/sessions/current").bearer_auth(token);
    let body = problem(request.send().await.unwrap(), 503, "unavailable").await;
    let text = body.to_string();
    assert!(!text.contains("127.0.0.1") && !text.contains("refused"), "{text}");
    let response = app.request(Method::POST, "/v1/sessions").send().await.unwrap();
    problem(response, 503, "unavailable").await;
}

#[tokio::test]
async fn redis_knows_a_token_only_by_its_hash_and_prolongs_it_once_a_week() {
    let (url, database) = (redis_db().await, database().await);
    let client = redis::Client::open(url.as_str()).unwrap();
    let mut redis = client.get_multiplexed_async_connection().await.unwrap();
    let pool = ledger::connect(&database, &Default::default()).await.unwrap();
    let sessions = Sessions::open(&url, pool.clone()).unwrap();
    let new = sessions.create_guest().await.unwrap();
    let keys: Vec<String> = redis.keys("session:*").await.unwrap();
    let [key] = keys.as_slice() else {
        panic!("one key: {keys:?}");
    };
    assert_eq!(key.len(), "session:".len() + 64);
    let value: Vec<u8> = redis.get(key).await.unwrap();
    assert_eq!(value[..16], *new.session.user.0.as_bytes());

    const DAY: i64 = 24 * 60 * 60;
    for (left, after) in [(23 * DAY + 60, 23 * DAY + 60), (23 * DAY - 60, 30 * DAY), (60, 30 * DAY)]
    {
        let _: () = redis.expire(key, left).await.unwrap();
        // An instance that has not seen this session within the last second.
        let sessions = Sessions::open(&url, pool.clone()).unwrap();
        let session = sessions.resolve(&new.token).await.unwrap().unwrap();
        assert_eq!(session.user, new.session.user);
        // Whoever uses it does not wait for it.
        let mut ttl = 0;
        for _ in 0..200 {
            ttl = redis.ttl(key).await.unwrap();
            if (after - 5..=after).contains(&ttl) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        assert!((after - 5..=after).contains(&ttl), "{ttl} after {left}");
    }
}

#[tokio::test]
async fn a_session_that_was_ended_elsewhere_is_refused_within_two_seconds() {
    let (url, database) = (redis_db().await, database().await);
    let pool = ledger::connect(&database, &Default::default()).await.unwrap();
    let here = Sessions::open(&url, pool.clone()).unwrap();
    let there = Sessions::open(&url, pool).unwrap();
    let token = here.create_guest().await.unwrap().token;
    assert!(here.resolve(&token).await.unwrap().is_some());
    assert!(there.resolve(&token).await.unwrap().is_some());
    there.end(&token).await.unwrap();
    let ended = Instant::now();
    assert!(there.resolve(&token).await.unwrap().is_none(), "who ended it knows at once");
    while here.resolve(&token).await.unwrap().is_some() {
        assert!(ended.elapsed() < Duration::from_secs(2));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_redis_that_is_gone_is_an_error_and_not_an_ended_session() {
    let pool = ledger::connect(&database().await, &Default::default()).await.unwrap();
    let sessions = Sessions::open(NO_REDIS, pool).unwrap();
    let token = SessionToken::random().unwrap();
    let found = sessions.resolve(&token).await;
    assert!(matches!(found, Err(IdentityError::Unavailable { .. })));
}

#[tokio::test]
async fn a_session_says_what_its_user_may_do() {
    let (service, client) = (Service::start().await, Client::new());
    let guest = service.person(&client).await;
    assert_eq!(guest.get("/v1/sessions/current").await["role"], "buyer");
    for role in Role::ALL {
        let person = service.person_with(&client, role).await;
        assert_eq!(person.get("/v1/sessions/current").await["role"], role.name());
    }
}
