use frontrow::domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::fixture::{Organised, post, refused, user_of};
use crate::support::house::terms;
use crate::support::problem::problem;
use crate::support::service::Person;

async fn put(person: &Person, path: &str, body: &Value) -> reqwest::Response {
    person.request(Method::PUT, path).json(body).send().await.unwrap()
}

#[tokio::test]
async fn a_concert_is_its_makers_and_is_read_as_it_can_be_sent_back() {
    let house = Organised::open().await;
    let path = format!("/v1/admin/concerts/{}", house.concert);
    let concert = house.organiser.get(&path).await;
    let organiser = user_of(&house.organiser).await.to_string();
    assert_eq!(concert["concert"]["organiser_id"], organiser);
    assert_eq!((&concert["version"], &concert["capacity"]), (&json!(1), &json!(40)));
    assert_eq!(concert["concert"]["prices"], json!({ "Seat": 4_500 }));
    let back = put(&house.organiser, &path, &concert["concert"]).await;
    assert_eq!(back.status(), 200);
    let back: Value = back.json().await.unwrap();
    assert_eq!((&back["version"], &back["in_force"]), (&json!(1), &json!(true)));

    let again = post(&house.organiser, "/v1/admin/concerts", &concert["concert"]).await;
    assert_eq!(again.status(), 200, "its answer may have been lost");
    let mut other = concert["concert"].clone();
    other["title"] = json!("Another evening");
    let admin = house.one.person_with(&house.client, Role::Admin).await;
    let stranger = house.one.person_with(&house.client, Role::Organiser).await;
    for person in [&house.organiser, &admin, &stranger] {
        let mut other = other.clone();
        other["organiser_id"] = Value::Null;
        refused(person, "/v1/admin/concerts", &other, 409, "concert-exists").await;
    }
}

#[tokio::test]
async fn a_change_counts_for_the_next_claim_and_goes_on_record() {
    let house = Organised::open().await;
    let buyer = house.buyer().await.at(&house.other.url);
    house.hold(&buyer, &["1-1"]).await;
    let path = format!("/v1/admin/concerts/{}", house.concert);
    let mut terms = house.organiser.get(&path).await["concert"].clone();
    terms["prices"] = json!({ "Seat": 9_900 });
    let request = house.organiser.request(Method::PUT, &path).header("X-Request-Id", "dearer-1");
    let changed: Value = request.json(&terms).send().await.unwrap().json().await.unwrap();
    assert_eq!((&changed["version"], &changed["in_force"]), (&json!(2), &json!(true)));
    let held = buyer.reserve(&house.concert, "k", &["1-2"]).await;
    let held: Value = held.json().await.unwrap();
    assert_eq!(held["total"]["amount"], 9_900);

    house.change_sale(json!({ "switch": "paused" })).await;
    let changes = house.organiser.get(&house.at("changes")).await;
    let [pause, dearer, made] = &changes["items"].as_array().unwrap()[..] else {
        panic!("{changes:#}");
    };
    assert_eq!(pause["action"], "change_sale");
    assert_eq!(
        (&pause["from"]["switch"], &pause["to"]["switch"]),
        (&json!("open"), &json!("paused"))
    );
    assert_eq!(pause["outcome"], json!({ "version": 3 }));
    assert_eq!(
        (&dearer["action"], &dearer["request_id"]),
        (&json!("change_concert"), &json!("dearer-1"))
    );
    assert_eq!(dearer["from"], json!({ "prices": { "Seat": 4_500 } }));
    assert_eq!(dearer["to"], json!({ "prices": { "Seat": 9_900 } }));
    assert_eq!(dearer["by"], user_of(&house.organiser).await.to_string());
    assert_eq!((&made["action"], &made["from"]), (&json!("create_concert"), &Value::Null));
    let page = house.organiser.get(&house.at("changes?limit=1")).await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let page = house.organiser.get(&house.at(&format!("changes?limit=1&cursor={cursor}"))).await;
    assert_eq!(page["items"][0], *dearer);

    for forged in ["UPDATE organiser_changes SET asked = '{}'", "DELETE FROM organiser_changes"] {
        let refused = sqlx::raw_sql(forged).execute(&house.one.pool).await.unwrap_err();
        assert!(refused.to_string().contains("stays there"), "{refused}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_concert_is_named_where_it_is() {
    let house = Organised::open().await;
    let path = format!("/v1/admin/concerts/{}", house.concert);
    let right = house.organiser.get(&path).await["concert"].clone();
    let with = |key: &str, value: Value| {
        let mut terms = right.clone();
        terms[key] = value;
        terms
    };
    let somebody = user_of(&house.buyer().await).await;
    for (body, at) in [
        (with("prices", json!({ "Box": 1 })), "prices"),
        (with("prices", json!({ "Seat": -1 })), "prices.Seat"),
        (with("starts_at", json!("tomorrow")), "starts_at"),
        (with("sale", json!({ "opens_at": "2999-01-01T00:00:00Z" })), "sale.opens_at"),
        (with("seat_map", json!("Barn")), "seat_map"),
        (with("currency", json!("JPY")), "currency"),
        (with("hold_seconds", json!(1)), "hold_seconds"),
        (with("organiser_id", json!(somebody)), "organiser_id"),
        (with("slug", json!("another-night")), "slug"),
        (with("colour", json!("blue")), "colour"),
        (json!([right]), ""),
    ] {
        let refused =
            problem(put(&house.organiser, &path, &body).await, 422, "invalid-import").await;
        assert_eq!(refused["errors"][0]["path"], at, "{refused}");
        assert!(!refused["errors"][0]["what"].as_str().unwrap().is_empty());
    }
    assert_eq!(house.organiser.get(&path).await["version"], 1);
}

#[tokio::test]
async fn organisers_list_their_own_and_administrators_all_and_these_name_anybody() {
    let house = Organised::open().await;
    let admin = house.one.person_with(&house.client, Role::Admin).await;
    let other = house.one.person_with(&house.client, Role::Organiser).await;
    for number in 0..3 {
        let mut theirs = terms(&format!("theirs-{number}"));
        theirs["organiser_id"] = json!(user_of(&other).await);
        let made = post(&admin, "/v1/admin/concerts", &theirs).await;
        assert_eq!(made.status(), 201);
        let location = made.headers()["location"].to_str().unwrap().to_owned();
        assert_eq!(other.get(&location).await["concert"]["slug"], format!("theirs-{number}"));
    }
    let slugs = async |person: &Person| {
        let (mut path, mut slugs) = ("/v1/admin/concerts?limit=2".to_owned(), Vec::new());
        loop {
            let page = person.get(&path).await;
            let items = page["items"].as_array().unwrap();
            slugs.extend(items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/admin/concerts?limit=2&cursor={cursor}");
        }
        slugs.sort();
        slugs
    };
    assert_eq!(slugs(&house.organiser).await, ["night"]);
    assert_eq!(slugs(&other).await, ["theirs-0", "theirs-1", "theirs-2"]);
    assert_eq!(slugs(&admin).await, ["night", "theirs-0", "theirs-1", "theirs-2"]);
}

/// A venue is shared: an organiser who could move it would change the times of everybody's concerts.
#[tokio::test]
async fn a_venue_keeps_its_time_zone_whatever_an_organiser_says() {
    let house = Organised::open().await;
    let path = format!("/v1/admin/concerts/{}", house.concert);
    let mut concert = house.organiser.get(&path).await["concert"].clone();
    concert["venue"]["time_zone"] = json!("Asia/Tokyo");
    problem(put(&house.organiser, &path, &concert).await, 422, "invalid-import").await;
    let unmoved = house.organiser.get(&path).await;
    assert_eq!(unmoved["concert"]["venue"]["time_zone"], "Europe/Paris");
    assert_eq!(unmoved["version"], 1);
    let admin = house.one.person_with(&house.client, Role::Admin).await;
    assert_eq!(put(&admin, &path, &concert).await.status(), 200);
}
