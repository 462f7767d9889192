//! What is found by words, city and time, and in which order.

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::{get, slugs};
use crate::support::house;
use crate::support::service::Service;

fn terms(slug: &str, artist: &str, title: &str, venue: (&str, &str), days: i64) -> Value {
    let mut terms = house::terms(slug);
    let starts_at = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    terms["artist"] = json!(artist);
    terms["title"] = json!(title);
    terms["venue"] = json!({"name": venue.0, "city": venue.1, "time_zone": "Europe/Paris"});
    terms["starts_at"] = json!((starts_at + (days * 24).hours()).to_string());
    terms
}

async fn season() -> Service {
    let service = Service::start().await;
    house::import_map(&service.pool, 1, 2).await;
    let harpa = ("Harpa", "Reykjavík");
    let arena = ("Zénith", "Paris");
    for terms in [
        terms("ros", "Sigur Rós", "Ágætis byrjun", harpa, 10),
        terms("bjork", "Björk", "Début", arena, 20),
        terms("acdc", "AC/DC", "Power up", arena, 30),
        terms("weiss", "Weiße Rose", "Ein Abend", ("Große Halle", "Łódź"), 40),
    ] {
        house::import_concert(&service.pool, &terms).await;
    }
    service
}

async fn found(service: &Service, query: &str) -> Vec<String> {
    slugs(&get(service, &format!("/v1/concerts?{query}")).await)
}

#[tokio::test]
async fn words_are_found_whatever_their_case_and_accents() {
    let service = season().await;
    for (query, slugs) in [
        ("q=sigur%20ros", &["ros"][..]),
        ("q=SIGUR+R%C3%93S", &["ros"]),
        ("q=agaet", &["ros"]),
        ("q=bj", &["bjork"]),
        ("q=zenith", &["bjork", "acdc"]),
        ("q=ac%2Fdc", &["acdc"]),
        ("q=dc+paris", &["acdc"]),
        ("q=weisse", &["weiss"]),
        ("q=lodz", &["weiss"]),
        ("q=ros", &["ros", "weiss"]),
        ("q=igur", &[]),
        ("q=%21%3F", &[]),
        ("q=a%27%3A*%20%26", &["ros", "acdc", "weiss"]),
        ("city=PARIS", &["bjork", "acdc"]),
        ("city=reykjavik", &["ros"]),
        ("city=par", &[]),
        ("city=paris&q=bjork", &["bjork"]),
    ] {
        assert_eq!(found(&service, query).await, slugs, "{query}");
    }
}

#[tokio::test]
async fn lists_are_of_a_time_and_begin_today() {
    let service = season().await;
    let mut began = terms("began", "Yesterday", "Over", ("Zénith", "Paris"), -2);
    began["sale"] = json!({ "opens_at": "2020-01-01T00:00:00Z" });
    house::import_concert(&service.pool, &began).await;
    let day = |days: i64| (Timestamp::now() + (days * 24).hours()).to_string();
    assert_eq!(found(&service, "").await, ["ros", "bjork", "acdc", "weiss"]);
    let all = found(&service, "from=2020-01-01").await;
    assert_eq!(all, ["began", "ros", "bjork", "acdc", "weiss"]);
    let query = format!("from={}&to={}", day(15), day(35));
    assert_eq!(found(&service, &query).await, ["bjork", "acdc"]);
}

#[tokio::test]
async fn what_goes_on_sale_next_comes_first() {
    let service = Service::start().await;
    house::import_map(&service.pool, 1, 2).await;
    for (slug, minutes) in [("third", 300), ("open", -60), ("first", 100), ("second", 200)] {
        let mut terms = house::terms(slug);
        let opens_at = Timestamp::from_second(Timestamp::now().as_second() + minutes * 60);
        terms["sale"] = json!({ "opens_at": opens_at.unwrap().to_string() });
        house::import_concert(&service.pool, &terms).await;
    }
    let page = get(&service, "/v1/concerts?sort=opening&limit=2").await;
    assert_eq!(slugs(&page), ["first", "second"]);
    let next = page["next_cursor"].as_str().unwrap();
    let page = get(&service, &format!("/v1/concerts?sort=opening&limit=2&cursor={next}")).await;
    assert_eq!(slugs(&page), ["third"]);
    assert_eq!(page["next_cursor"], Value::Null);
    let other = format!("{}/v1/concerts?cursor={next}", service.url);
    assert_eq!(reqwest::get(other).await.unwrap().status(), 400, "a cursor of another list");
}
