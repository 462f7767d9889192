//! What is changed about seat maps and service keys is on record, and can be read.

use frontrow::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::fixture::{Organised, post, user_of};
use crate::support::house::plan;
use crate::support::problem::problem;
use crate::support::service::Person;

const CHANGES: &str = "/v1/admin/changes";

async fn changes(person: &Person) -> Vec<Value> {
    person.get(CHANGES).await["items"].as_array().unwrap().clone()
}

async fn revoke(person: &Person, key: &str) -> u16 {
    let path = format!("/v1/admin/service-keys/{key}");
    person.request(Method::DELETE, &path).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn who_made_and_revoked_which_key_and_imported_which_map_can_be_read() {
    let house = Organised::open().await;
    let admin = house.one.person_with(&house.client, Role::Admin).await;
    let other = house.one.person_with(&house.client, Role::Organiser).await;
    let organiser = &house.organiser;
    let map = plan(2, 2).replace("The House", "Mine");
    let map: Value = serde_json::from_str(&map).unwrap();
    for status in [201, 200] {
        assert_eq!(post(organiser, "/v1/admin/seat-maps", &map).await.status(), status);
    }
    let key = post(organiser, "/v1/admin/service-keys", &json!({ "name": "a shop" })).await;
    let key: Value = key.json().await.unwrap();
    let id = key["id"].as_str().unwrap();
    assert_eq!(revoke(&other, id).await, 404, "another's key does not exist");
    for _ in 0..2 {
        assert_eq!(revoke(&admin, id).await, 204);
    }

    let told = changes(organiser).await;
    let actions: Vec<_> = told.iter().map(|change| change["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        ["revoke_service_key", "create_service_key", "import_seat_map"],
        "once each"
    );
    let [revoked, made, imported] = &told[..] else { unreachable!() };
    let (organiser_id, admin_id) = (user_of(organiser).await, user_of(&admin).await);
    assert_eq!((&revoked["by"], &made["by"]), (&json!(admin_id), &json!(organiser_id)));
    assert_eq!(made["to"], json!({ "service_key": id, "name": "a shop" }));
    assert_eq!(revoked["to"], json!({ "service_key": id }));
    assert_eq!(revoked["from"], json!({ "name": "a shop" }));
    assert!(revoked["request_id"].as_str().is_some_and(|request| !request.is_empty()));
    assert_eq!(imported["outcome"], json!({ "name": "Mine", "version": 1 }));
    assert!(imported["seat_map"].is_string());
    let secret = key["secret"].as_str().unwrap();
    assert!(!json!(told).to_string().contains(secret), "no secret is on record");

    assert_eq!(changes(&other).await, Vec::<Value>::new());
    assert_eq!(changes(&admin).await, told, "an administrator sees everybody's");
    let page = organiser.get(&format!("{CHANGES}?limit=2")).await;
    let rest = format!("{CHANGES}?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = organiser.get(&rest).await;
    assert_eq!((&rest["items"][0], &rest["next_cursor"]), (imported, &Value::Null));
    let buyer = house.buyer().await;
    let refused = buyer.request(Method::GET, CHANGES).send().await.unwrap();
    problem(refused, 403, "forbidden").await;
}
