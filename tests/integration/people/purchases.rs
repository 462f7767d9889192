//! What somebody bought, at all concerts.

use reqwest::Method;
use serde_json::{Value, json};

use super::fixture::People;
use crate::support::house::{PRICE_MINOR, import_concert, terms};
use crate::support::problem::problem;

#[tokio::test]
async fn what_was_bought_is_listed_newest_first_page_by_page() {
    let mut people = People::meet().await;
    let guest = people.guest().await;
    assert_eq!(guest.get("/v1/me/reservations").await, json!({ "items": [], "next_cursor": null }));
    let mut bought = Vec::new();
    for seat in ["1-1", "1-2", "1-3"] {
        bought.push(people.buy(&guest, seat).await);
    }
    people.concert = import_concert(&people.one.pool, &terms("another")).await.to_string();
    bought.push(people.buy(&guest, "2-1").await);
    people.buy(&people.guest().await, "2-2").await;
    bought.reverse();

    let mut found = Vec::new();
    let mut path = "/v1/me/reservations?limit=3".to_owned();
    let mut pages = 0;
    loop {
        let answer = guest.request(Method::GET, &path).send().await.unwrap();
        let link = answer.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let page: Value = answer.json().await.unwrap();
        let items = page["items"].as_array().unwrap();
        found.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        pages += 1;
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert_eq!(link, None);
            break;
        };
        path = format!("/v1/me/reservations?limit=3&cursor={cursor}");
        assert_eq!(link.unwrap(), format!("<{path}>; rel=\"next\""));
    }
    assert_eq!((found, pages), (bought, 2));
}

#[tokio::test]
async fn a_purchase_says_what_it_is_for() {
    let people = People::meet().await;
    let guest = people.guest().await;
    let id = people.buy(&guest, "1-2").await;
    let list = guest.get("/v1/me/reservations").await;
    let item = &list["items"][0];
    assert_eq!(item["concert"]["id"], people.concert.as_str());
    assert_eq!(item["concert"]["title"], "An evening");
    assert_eq!(item["concert"]["venue"]["city"], "Paris");
    assert_eq!(item["total"], json!({ "amount": PRICE_MINOR, "currency": "EUR" }));
    assert_eq!(item["state"], "confirmed");
    // The same seat as the reservation itself tells.
    let path = format!("/v1/concerts/{}/reservations/{id}", people.concert);
    let reservation = guest.get(&path).await;
    assert_eq!(item["seats"], reservation["seats"]);
    assert_eq!(item["areas"], reservation["areas"]);

    let cancelled = guest.change(&people.concert, &id, "cancel").await;
    assert_eq!(cancelled.status(), 200);
    super::fixture::until("the cancellation is listed", async || {
        let list = guest.get("/v1/me/reservations").await;
        list["items"][0]["state"] == "cancelled" && list["items"][0]["seats"][0]["seat"] == "1-2"
    })
    .await;
}

#[tokio::test]
async fn a_page_that_cannot_be_is_told() {
    let people = People::meet().await;
    let guest = people.guest().await;
    for query in ["limit=0", "limit=51", "cursor=x", "cursor=AAAA"] {
        let path = format!("/v1/me/reservations?{query}");
        let answer = guest.request(Method::GET, &path).send().await.unwrap();
        problem(answer, 400, "invalid-request").await;
    }
}
