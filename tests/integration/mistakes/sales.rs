//! Claims that the sale, its limits or other people stand against.

use jiff::{Timestamp, ToSpan};
use serde_json::json;

use super::house::House;
use super::mistake;

fn hours_from_now(hours: i64) -> String {
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    (now + hours.hours()).to_string()
}

/// What only an organiser can do, as long as there is no request for it.
async fn switch(house: &House, slug: &str, to: &str) -> String {
    let concert = house.concert_with(slug, |_| {}).await;
    let switch = "UPDATE concerts SET sale_switch = $1, version = version + 1 WHERE slug = $2";
    let switched = sqlx::query(switch).bind(to).bind(slug).execute(&house.service.pool).await;
    assert_eq!(switched.unwrap().rows_affected(), 1);
    let notify = sqlx::query("SELECT pg_notify('concert_changed', $1)").bind(&concert);
    notify.execute(&house.service.pool).await.unwrap();
    house.until_version(&concert, 2).await;
    concert
}

#[tokio::test]
async fn outside_its_sale_a_concert_has_no_seats_for_anybody() {
    let house = House::open().await;
    let before = house.concert_with("before", |terms| {
        terms["sale"]["opens_at"] = json!("2099-01-01T10:00:00Z");
        terms["starts_at"] = json!("2099-06-01T10:00:00Z");
    });
    let before = before.await;
    let after = house.concert_with("after", |terms| {
        terms["sale"]["opens_at"] = json!(hours_from_now(-2));
        terms["sale"]["closes_at"] = json!(hours_from_now(-1));
    });
    let after = after.await;
    let (paused, closed) =
        (switch(&house, "paused", "paused").await, switch(&house, "closed", "closed").await);
    let claim = |concert: &str| house.right_claim_at(concert);
    house
        .makes(vec![
            mistake("too early", claim(&before), (409, "not-on-sale"), "2099-01-01T10:00:00Z"),
            mistake("too late", claim(&after), (409, "sale-over"), "the sale is over"),
            mistake("paused", claim(&paused), (409, "sale-paused"), "the sale is paused"),
            mistake("closed", claim(&closed), (409, "sale-over"), "the sale is over"),
        ])
        .await;
}

#[tokio::test]
async fn a_claim_that_others_or_the_limit_stand_against_takes_none_of_its_seats() {
    let house = House::open().await;
    let few = house.concert_with("few", |terms| terms["max_seats_per_user"] = json!(2)).await;
    house.hold(&few, "1-1").await;
    house.hold_that_was(&house.concert, "1-2", &["confirm"]).await;
    house.hold(&house.concert, "1-3").await;
    let claim = |concert: &str, seats: &[&str]| {
        house.claim_at(concert, "another").json(&json!({ "seats": seats }))
    };
    let taken = claim(&house.concert, &["1-1", "1-2", "1-3", "1-4"]);
    house
        .makes(vec![
            mistake(
                "too many",
                claim(&few, &["1-2", "1-3"]),
                (409, "user-limit"),
                "is 2, and you have 1",
            ),
            mistake("21 of 2", claim(&few, &["1-2"; 21]), (422, "too-many-seats"), "20"),
            mistake("taken", taken, (409, "seats-unavailable"), "[\"1-2\",\"1-3\"]"),
        ])
        .await;
}
