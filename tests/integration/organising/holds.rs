use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use super::fixture::{Organised, done, refused, user_of};
use crate::support::problem::problem;

async fn reservation(house: &Organised, id: &str) -> Value {
    house.organiser.get(&house.at(&format!("reservations/{id}"))).await
}

#[tokio::test]
async fn all_holds_are_prolonged_and_the_answer_says_how_many() {
    let house = Organised::with(4, 10, |terms| terms["hold_seconds"] = json!(60)).await;
    let buyer = house.buyer().await;
    let mut held = Vec::new();
    for seat in ["1-1", "1-2", "1-3"] {
        held.push(house.hold(&buyer, &[seat]).await);
    }
    let sold = house.sell(&buyer, &["2-1"]).await;
    let (path, body) = (house.at("holds/extend"), json!({ "seconds": 1_800 }));
    assert_eq!(done(&house.organiser, &path, &body).await, json!({ "prolonged": 3 }));
    for id in &held {
        let hold = reservation(&house, id).await;
        let time = |field: &str| hold[field].as_str().unwrap().parse::<Timestamp>().unwrap();
        assert!(time("deadline").duration_since(time("now")).as_secs() > 1_700, "{hold}");
        assert_eq!((&hold["extended"], &hold["cause"]), (&json!(false), &json!("organiser")));
        assert_eq!(hold["user"], user_of(&buyer).await.to_string());
    }
    assert_eq!(reservation(&house, &sold).await["cause"], "user");
    let shorter = json!({ "seconds": 60 });
    assert_eq!(done(&house.organiser, &path, &shorter).await, json!({ "prolonged": 0 }));
    assert_eq!(buyer.change(&house.concert, &held[0], "extend").await.status(), 200);
    for seconds in [0, 3_601] {
        let body = json!({ "seconds": seconds });
        refused(&house.organiser, &path, &body, 400, "invalid-request").await;
    }
}

#[tokio::test]
async fn a_hold_is_released_and_a_sale_cancelled_for_a_reason_that_is_kept() {
    let house = Organised::with(4, 10, |terms| {
        terms["cancel_until"] = json!("2020-01-01T00:00:00Z");
    })
    .await;
    let buyer = house.buyer().await;
    let held = house.hold(&buyer, &["1-1"]).await;
    let sold = house.sell(&buyer, &["1-2"]).await;
    let reason = json!({ "reason": "called on Tuesday" });
    let verb = |id: &str, verb: &str| house.at(&format!("reservations/{id}/{verb}"));
    refused(&house.organiser, &verb(&held, "cancel"), &reason, 409, "not-confirmed").await;
    refused(&house.organiser, &verb(&sold, "release"), &reason, 409, "already-confirmed").await;
    let changes = house.organiser.get(&house.at("changes")).await;
    let outcomes = [0, 1].map(|index| &changes["items"][index]["outcome"]["refused"]);
    assert_eq!(outcomes, ["the reservation is confirmed", "the reservation is held"]);
    for reason in ["", "  ", "a\0b", &"x".repeat(501)] {
        let body = json!({ "reason": reason });
        let problem =
            refused(&house.organiser, &verb(&held, "release"), &body, 400, "invalid-request").await;
        assert_eq!(problem["errors"][0]["pointer"], "#/reason");
    }
    let released = done(&house.organiser, &verb(&held, "release"), &reason).await;
    assert_eq!((&released["state"], &released["cause"]), (&json!("released"), &json!("organiser")));
    let cancelled = done(&house.organiser, &verb(&sold, "cancel"), &reason).await;
    assert_eq!(cancelled["state"], "cancelled");
    let again = done(&house.organiser, &verb(&sold, "cancel"), &reason).await;
    assert_eq!(again["version"], cancelled["version"]);
    let path = format!("/v1/concerts/{}/reservations/{sold}", house.concert);
    let seen = buyer.request(Method::GET, &path).send().await.unwrap();
    let seen: Value = seen.json().await.unwrap();
    assert_eq!((&seen["state"], &seen["cause"]), (&json!("cancelled"), &json!("organiser")));

    let history = house.at(&format!("reservations/{sold}/history"));
    let told = house.until_items(&history, 3).await;
    assert_eq!(told[2]["what"], "cancelled");
    assert_eq!(told[2]["reason"], "called on Tuesday");
    assert_eq!(told[2]["organiser"], user_of(&house.organiser).await.to_string());
    // PostgreSQL has it so, too.
    let list = house.at("reservations?state=cancelled");
    let listed = house.until_items(&list, 1).await;
    assert_eq!((&listed[0]["id"], &listed[0]["cause"]), (&json!(sold), &json!("organiser")));
}

#[tokio::test]
async fn reservations_are_looked_up_page_by_page_by_state_and_by_user() {
    let house = Organised::open().await;
    let (one, other) = (house.buyer().await, house.buyer().await);
    let mut sold = Vec::new();
    for seat in ["1-1", "1-2", "1-3", "1-4"] {
        sold.push(house.sell(&one, &[seat]).await);
    }
    sold.push(house.sell(&other, &["2-1"]).await);
    sold.sort();
    let ids = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let (mut path, mut found) = (house.at("reservations?limit=2"), Vec::new());
    loop {
        let answer = house.organiser.request(Method::GET, &path).send().await.unwrap();
        let link = answer.headers().get("link").cloned();
        let page: Value = answer.json().await.unwrap();
        found.extend(ids(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = house.at(&format!("reservations?limit=2&cursor={cursor}"));
        assert_eq!(link.unwrap(), format!("<{path}>; rel=\"next\""));
    }
    assert_eq!(found, sold);
    let user = user_of(&other).await;
    let theirs = house.organiser.get(&house.at(&format!("reservations?user={user}"))).await;
    assert_eq!(theirs["items"].as_array().unwrap().len(), 1);
    assert_eq!(theirs["items"][0]["user"], user.to_string());
    assert_eq!(theirs["items"][0]["seats"][0]["seat"], "2-1");
    let none = house.organiser.get(&house.at("reservations?state=cancelled")).await;
    assert_eq!(none["items"], json!([]));
    let page = house.organiser.get(&house.at("reservations?limit=1")).await;
    let sold_on = format!("state=held&cursor={}", page["next_cursor"].as_str().unwrap());
    for wrong in ["state=lost", "user=me", "cursor=x", "limit=0", &sold_on] {
        let path = house.at(&format!("reservations?{wrong}"));
        let answer = house.organiser.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_held_is_listed_page_by_page() {
    let house = Organised::with(30, 10, |_| {}).await;
    let (one, other) = (house.buyer().await, house.buyer().await);
    let mut held = Vec::new();
    // More than Redis keeps in one piece.
    for row in 1..=20 {
        let buyer = house.buyer().await;
        for seat in 1..=8 {
            held.push(house.hold(&buyer, &[&format!("{row}-{seat}")]).await);
        }
    }
    held.push(house.hold(&one, &["30-1", "30-2"]).await);
    house.sell(&other, &["29-1"]).await;
    held.sort();
    let (mut path, mut found) = (house.at("reservations?state=held&limit=50"), Vec::new());
    loop {
        let page = house.organiser.get(&path).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 50);
        assert!(items.iter().all(|item| item["state"] == "held"));
        found.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = house.at(&format!("reservations?state=held&limit=50&cursor={cursor}"));
    }
    found.sort();
    assert_eq!(found, held);
    let user = user_of(&one).await;
    let theirs =
        house.organiser.get(&house.at(&format!("reservations?state=held&user={user}"))).await;
    assert_eq!(theirs["items"].as_array().unwrap().len(), 1);
    assert_eq!(theirs["items"][0]["seats"][1]["seat"], "30-2");
}

#[tokio::test]
async fn reservations_are_looked_up_by_the_email_address_of_their_buyers_account() {
    let house = Organised::open().await;
    let (ada, guest) = (house.buyer().await, house.buyer().await);
    let account = json!({ "email": "Ada+1@example.org", "password": "correct horse battery" });
    let made = ada.request(Method::POST, "/v1/users").json(&account).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let (sold, also) = (house.sell(&ada, &["1-1"]).await, house.sell(&ada, &["1-2"]).await);
    let held = house.hold(&ada, &["1-3"]).await;
    house.sell(&guest, &["2-1"]).await;
    let list =
        async |query: &str| house.organiser.get(&house.at(&format!("reservations?{query}"))).await;
    let page = list("email=ada%2B1@EXAMPLE.org&limit=1").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = list(&format!("email=ada%2B1@example.org&limit=1&cursor={cursor}")).await;
    let mut found = [&page, &rest].map(|page| page["items"][0]["id"].as_str().unwrap().to_owned());
    found.sort();
    let mut expected = [sold, also];
    expected.sort();
    assert_eq!((found, &rest["next_cursor"]), (expected, &Value::Null));
    let holds = list("state=held&email=ada%2B1@example.org").await;
    assert_eq!(
        (holds["items"].as_array().unwrap().len(), &holds["items"][0]["id"]),
        (1, &json!(held))
    );
    for nobodys in ["email=eve@example.org", "state=held&email=eve@example.org"] {
        assert_eq!(list(nobodys).await, json!({ "items": [], "next_cursor": null }));
    }
    let user = user_of(&ada).await;
    for (wrong, status, slug) in [
        ("email=ada".to_owned(), 422, "invalid-email"),
        (format!("email=ada@example.org&user={user}"), 400, "invalid-request"),
    ] {
        let path = house.at(&format!("reservations?{wrong}"));
        let answer = house.organiser.request(Method::GET, &path).send().await.unwrap();
        problem(answer, status, slug).await;
    }
}
