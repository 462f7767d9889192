use frontrow::domain::role::Role;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use super::fixture::{Organised, done, post, user_of};
use crate::support::problem::problem;
use crate::support::refuse;
use crate::support::service::Person;

/// What happened, in words.
fn words(items: &[Value]) -> Vec<String> {
    let word = |item: &Value| match item["cause"].as_str() {
        Some(cause) => format!("{} ({cause})", item["what"].as_str().unwrap()),
        None => item["what"].as_str().unwrap().to_owned(),
    };
    items.iter().map(word).collect()
}

#[tokio::test]
async fn a_seat_tells_its_whole_story_in_order() {
    let house = Organised::open().await;
    let (one, other) = (house.buyer().await, house.buyer().await);
    let released = house.hold(&one, &["1-1", "1-2"]).await;
    let path = format!("/v1/concerts/{}/reservations/{released}", house.concert);
    assert_eq!(one.request(Method::DELETE, &path).send().await.unwrap().status(), 200);
    let sold = house.hold(&other, &["1-1"]).await;
    assert_eq!(other.change(&house.concert, &sold, "extend").await.status(), 200);
    done(&house.organiser, &house.at("holds/extend"), &json!({ "seconds": 900 })).await;
    assert_eq!(other.change(&house.concert, &sold, "confirm").await.status(), 200);
    let cancel = house.at(&format!("reservations/{sold}/cancel"));
    done(&house.organiser, &cancel, &json!({ "reason": "a broken chair" })).await;
    let seats = json!({ "seats": ["1-1", "1-3"] });
    done(&house.organiser, &house.at("seats/block"), &seats).await;
    done(&house.organiser, &house.at("seats/unblock"), &seats).await;

    let path = house.at("seats/1-1/history");
    let told = house.until_items(&path, 9).await;
    assert_eq!(
        words(&told),
        [
            "reserved (user)",
            "released (user)",
            "reserved (user)",
            "extended (user)",
            "extended (organiser)",
            "confirmed (user)",
            "cancelled (organiser)",
            "blocked",
            "unblocked",
        ]
    );
    let (owner, organiser) = (user_of(&other).await, user_of(&house.organiser).await);
    assert_eq!(told[0]["seats"], json!(["1-1", "1-2"]));
    assert_eq!(told[2]["user"], owner.to_string());
    assert_eq!((&told[4]["organiser"], &told[3]["organiser"]), (&json!(organiser), &Value::Null));
    assert_eq!(told[5]["reservation"], sold);
    assert_eq!(
        (&told[6]["organiser"], &told[6]["reason"]),
        (&json!(organiser), &json!("a broken chair"))
    );
    assert_eq!((&told[7]["organiser"], &told[7]["user"]), (&json!(organiser), &Value::Null));
    let at = |item: &Value| item["at"].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert!(told.is_sorted_by_key(at));

    // Page by page it is the same story.
    let (mut pages, mut path) = (Vec::new(), house.at("seats/1-1/history?limit=4"));
    loop {
        let page = house.organiser.get(&path).await;
        pages.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = house.at(&format!("seats/1-1/history?limit=4&cursor={cursor}"));
    }
    assert_eq!(pages, told);

    let of_sold = house.organiser.get(&house.at(&format!("reservations/{sold}/history"))).await;
    let versions: Vec<_> =
        of_sold["items"].as_array().unwrap().iter().map(|it| &it["version"]).collect();
    assert_eq!(json!(versions), json!([1, 2, 3, 4, 5]));
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM reservations")
        .fetch_one(&house.one.pool)
        .await
        .unwrap();
    assert_eq!(rows, 1, "a hold that came to nothing has a history and no row");
    let nowhere = house.organiser.request(Method::GET, &house.at("seats/9-9/history"));
    problem(nowhere.send().await.unwrap(), 404, "no-such-seat").await;
}

#[tokio::test]
async fn a_hold_that_lost_a_seat_by_a_change_tells_so() {
    let house = Organised::open().await;
    let buyer = house.buyer().await;
    let held = house.hold(&buyer, &["1-1", "1-2"]).await;
    let path = format!("/v1/concerts/{}/reservations/{held}/selection", house.concert);
    let request = buyer.request(Method::PUT, &path).json(&json!({ "seats": ["1-2", "1-3"] }));
    assert_eq!(request.send().await.unwrap().status(), 200);
    let told = house.until_items(&house.at("seats/1-1/history"), 2).await;
    assert_eq!(words(&told), ["reserved (user)", "changed (user)"]);
    assert_eq!(told[1]["seats_dropped"], json!(["1-1"]));
    assert_eq!(told[1]["seats"], json!(["1-2", "1-3"]));
    let told = house.until_items(&house.at("seats/1-3/history"), 1).await;
    assert_eq!(words(&told), ["changed (user)"]);
}

#[tokio::test]
async fn a_sale_that_postgresql_refused_is_told_to_its_buyer_and_shown_to_its_organiser() {
    let house = Organised::open().await;
    let buyer = house.buyer().await;
    refuse(&house.one.pool, "reservation_seats", "seat <> 1").await;
    let held = house.hold(&buyer, &["1-1", "1-2"]).await;
    let path = format!("/v1/concerts/{}/reservations/{held}/confirm", house.concert);
    let request = buyer.request(Method::POST, &path).header("Prefer", "wait=9");
    problem(request.send().await.unwrap(), 409, "already-cancelled").await;
    let told = house.until_items(&house.at(&format!("reservations/{held}/history")), 3).await;
    let expected = ["reserved (user)", "confirmed (user)", "cancelled (refused)"];
    assert_eq!(words(&told), expected);
    let listed = house.organiser.get(&house.at("reservations?state=cancelled")).await;
    let listed = &listed["items"][0];
    assert_eq!((&listed["id"], &listed["cause"]), (&json!(held), &json!("refused")));
    let figures = house.organiser.get(&house.at("figures")).await;
    assert_eq!((&figures["dead_letters"], &figures["conflicts"]), (&json!(1), &json!(0)));
    assert_eq!(figures["total"]["counts"]["available"], 40);
}

#[tokio::test]
async fn of_two_who_prolonged_history_names_the_one_whose_time_it_is() {
    let house = Organised::open().await;
    let admin = house.one.person_with(&house.client, Role::Admin).await;
    let held = house.hold(&house.buyer().await, &["1-1"]).await;
    done(&house.organiser, &house.at("holds/extend"), &json!({ "seconds": 900 })).await;
    done(&admin, &house.at("holds/extend"), &json!({ "seconds": 1_800 })).await;
    done(&house.organiser, &house.at("holds/extend"), &json!({ "seconds": 60 })).await;
    let told = house.until_items(&house.at(&format!("reservations/{held}/history")), 3).await;
    let by: Vec<_> = told.iter().map(|item| item["organiser"].clone()).collect();
    let (first, second) = (user_of(&house.organiser).await, user_of(&admin).await);
    assert_eq!(by, [Value::Null, json!(first), json!(second)]);
    assert_eq!(told.len(), 3, "what moved no deadline is no part of it");
}

#[tokio::test]
async fn a_sale_that_a_server_confirmed_tells_what_the_payment_was_called() {
    let house = Organised::with(1, 4, |terms| terms["confirm"] = json!("merchant")).await;
    let buyer = house.buyer().await;
    let held = house.hold(&buyer, &["1-1"]).await;
    let key = post(&house.organiser, "/v1/admin/service-keys", &json!({ "name": "a shop" })).await;
    let key: Value = key.json().await.unwrap();
    let shop = Person::new(house.client.clone(), &house.one.url, key["secret"].as_str().unwrap());
    let path = format!("/v1/concerts/{}/reservations/{held}/payment", house.concert);
    let total = shop.get(&path).await["total"].clone();
    done(&shop, &path, &json!({ "payment_reference": "pi_7", "amount": total })).await;
    let told = house.until_items(&house.at(&format!("reservations/{held}/history")), 2).await;
    assert_eq!(words(&told), ["reserved (user)", "confirmed (merchant)"]);
    let references: Vec<_> = told.iter().map(|item| item["payment_reference"].clone()).collect();
    assert_eq!(references, [Value::Null, json!("pi_7")]);
}
