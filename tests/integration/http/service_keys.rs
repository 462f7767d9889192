//! Service keys, by which organisers' servers say whose they are.

use frontrow::domain::limits::SERVICE_KEYS_PER_ORGANISER_MAX;
use frontrow::domain::role::Role;
use frontrow::identity::{ServiceKeys, ServiceSecret};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::support::problem::problem;
use crate::support::service::{Person, Service};
use crate::support::{database, redis_db};

const KEYS: &str = "/v1/admin/service-keys";

async fn create(person: &Person, name: &str) -> Response {
    let request = person.request(Method::POST, KEYS).json(&json!({ "name": name }));
    request.send().await.unwrap()
}

async fn created(person: &Person, name: &str) -> (String, ServiceSecret) {
    let response = create(person, name).await;
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let key: Value = response.json().await.unwrap();
    assert_eq!(location, format!("{KEYS}/{}", key["id"].as_str().unwrap()));
    (location, ServiceSecret::parse(key["secret"].as_str().unwrap()).unwrap())
}

async fn revoke(person: &Person, location: &str) -> Response {
    person.request(Method::DELETE, location).send().await.unwrap()
}

#[tokio::test]
async fn a_key_stands_for_its_organiser_until_it_is_revoked_on_every_instance() {
    let (redis, database) = (redis_db().await, database().await);
    let (service, client) = (Service::on(&redis, &database).await, Client::new());
    let organiser = service.person_with(&client, Role::Organiser).await;
    let user = organiser.get("/v1/sessions/current").await["user"].clone();
    let (location, secret) = created(&organiser, "shop").await;
    let (_, other_secret) = created(&organiser, "box office").await;

    let instances = [0, 1].map(|_| ServiceKeys::open(&redis, service.pool.clone()).unwrap());
    for instance in &instances {
        let found = instance.resolve(&secret).await.unwrap().unwrap();
        assert_eq!(json!(found), user);
    }
    let current = async |token: &str| {
        let request = client.get(format!("{}/v1/service-keys/current", service.url));
        request.bearer_auth(token).send().await.unwrap()
    };
    let answer: Value = current(&secret.expose()).await.json().await.unwrap();
    assert_eq!(answer, json!({ "organiser": user }));
    problem(current(organiser.token()).await, 401, "unauthenticated").await;
    let stranger = ServiceSecret::random().unwrap();
    assert_eq!(instances[0].resolve(&stranger).await.unwrap(), None);

    assert_eq!(revoke(&organiser, &location).await.status(), 204);
    assert_eq!(revoke(&organiser, &location).await.status(), 204);
    for instance in &instances {
        assert_eq!(instance.resolve(&secret).await.unwrap(), None);
        assert!(instance.resolve(&other_secret).await.unwrap().is_some());
    }
    let list = organiser.get(KEYS).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["name"], "box office");
}

#[tokio::test]
async fn no_store_has_the_secret_and_no_list_shows_it() {
    let (service, client) = (Service::start().await, Client::new());
    let organiser = service.person_with(&client, Role::Organiser).await;
    let (_, secret) = created(&organiser, "shop").await;
    let list = organiser.get(KEYS).await.to_string();
    let row = "SELECT k::text FROM service_keys AS k";
    let row: String = sqlx::query_scalar(row).fetch_one(&service.pool).await.unwrap();
    for text in [list, row, format!("{secret:?}")] {
        assert!(!text.contains(&secret.expose()), "{text}");
        assert!(!text.contains(&secret.expose()[4..]), "{text}");
    }
}

#[tokio::test]
async fn keys_are_an_organisers_own_affair() {
    let (service, client) = (Service::start().await, Client::new());
    let organiser = service.person_with(&client, Role::Organiser).await;
    let (location, _) = created(&organiser, "shop").await;
    let buyer = service.person(&client).await;
    problem(create(&buyer, "mine").await, 403, "forbidden").await;
    problem(revoke(&buyer, &location).await, 403, "forbidden").await;
    let list = buyer.request(Method::GET, KEYS).send().await.unwrap();
    problem(list, 403, "forbidden").await;

    let other = service.person_with(&client, Role::Organiser).await;
    assert_eq!(other.get(KEYS).await, json!({ "items": [] }));
    problem(revoke(&other, &location).await, 404, "no-such-service-key").await;
    assert_eq!(organiser.get(KEYS).await["items"].as_array().unwrap().len(), 1);

    let admin = service.person_with(&client, Role::Admin).await;
    assert_eq!(revoke(&admin, &location).await.status(), 204);
    assert_eq!(organiser.get(KEYS).await, json!({ "items": [] }));
}

#[tokio::test]
async fn an_organiser_has_no_more_keys_than_one_may_however_many_are_asked_for_at_once() {
    let (service, client) = (Service::start().await, Client::new());
    let organiser = service.person_with(&client, Role::Organiser).await;
    for _ in 3..SERVICE_KEYS_PER_ORGANISER_MAX {
        created(&organiser, "one of many").await;
    }
    let asked = futures_util::future::join_all((0..8).map(|_| create(&organiser, "more"))).await;
    let mut made = 0;
    for response in asked {
        match response.status().as_u16() {
            201 => made += 1,
            _ => {
                let body = problem(response, 409, "too-many-service-keys").await;
                assert_eq!(body["limit"], SERVICE_KEYS_PER_ORGANISER_MAX);
            }
        }
    }
    assert_eq!(made, 3);
}

#[tokio::test]
async fn a_key_needs_a_name() {
    let (service, client) = (Service::start().await, Client::new());
    let organiser = service.person_with(&client, Role::Organiser).await;
    let controls = ["a\u{7}b".to_owned(), "\u{0}".to_owned(), "two\nlines".to_owned()];
    let others = [String::new(), " ".to_owned(), "x".repeat(201), "a\u{85}b".to_owned()];
    for name in controls.into_iter().chain(others) {
        let body = problem(create(&organiser, &name).await, 400, "invalid-request").await;
        assert_eq!(body["errors"][0]["pointer"], "#/name");
    }
    assert_eq!(organiser.get(KEYS).await, json!({ "items": [] }));
}
