//! Going through a list while it changes.

use std::collections::{HashMap, HashSet};

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{get, slugs};
use crate::support::house;
use crate::support::service::Service;

/// Concerts that are there from the beginning.
const STANDING: i64 = 60;

fn terms(slug: &str, hours: i64) -> Value {
    let mut terms = house::terms(slug);
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    terms["starts_at"] = json!((now + (200 + hours).hours()).to_string());
    terms["sale"] = json!({ "opens_at": (now + (1 + hours).hours()).to_string() });
    terms
}

async fn remove(pool: &PgPool, slug: &str) {
    let prices = "DELETE FROM prices WHERE concert_id = (SELECT id FROM concerts WHERE slug = $1)";
    let concert = "WITH gone AS (DELETE FROM concerts WHERE slug = $1 RETURNING id)
                   SELECT pg_notify('concert_changed', id::text) FROM gone";
    for statement in [prices, concert] {
        sqlx::query(statement).bind(slug).execute(pool).await.unwrap();
    }
}

/// Walks a list to its end; between any two pages a concert is added and one is removed, before and
/// after the place where the walk is.
async fn walk(service: &Service, sort: &str) {
    let (mut seen, mut removed) = (HashMap::<String, u32>::new(), HashSet::new());
    let (mut cursor, mut step) = (String::new(), 0);
    loop {
        let page = get(service, &format!("/v1/concerts?sort={sort}&limit=7{cursor}")).await;
        for slug in slugs(&page) {
            *seen.entry(slug).or_default() += 1;
        }
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        step += 1;
        for (at, hours) in [("before", 7 * step - 5), ("after", 7 * step + 3)] {
            let new = terms(&format!("{sort}-{at}-{step}"), hours);
            house::import_concert(&service.pool, &new).await;
        }
        for number in [7 * step - 6, 7 * step + 4] {
            let slug = format!("c-{number}");
            remove(&service.pool, &slug).await;
            removed.insert(slug);
        }
    }
    assert!(step > 7, "there were only {step} pages");
    for (slug, times) in &seen {
        assert_eq!(*times, 1, "{slug} came {times} times");
    }
    let stood = (0..STANDING).map(|number| format!("c-{number}"));
    for slug in stood.filter(|slug| !removed.contains(slug)) {
        assert!(seen.contains_key(&slug), "{slug} stood throughout and was skipped");
    }
}

async fn house_with_concerts() -> Service {
    let service = Service::start().await;
    house::import_map(&service.pool, 1, 1).await;
    let concerts: Vec<_> = (0..STANDING).map(|n| terms(&format!("c-{n}"), n)).collect();
    let file = json!({ "concerts": concerts }).to_string().into_bytes();
    frontrow::catalogue::import::import_bytes(&service.pool, "c.json", file).await.unwrap();
    service
}

#[tokio::test]
async fn a_walk_by_start_repeats_none_and_skips_none_that_stood_throughout() {
    walk(&house_with_concerts().await, "start").await;
}

#[tokio::test]
async fn a_walk_by_opening_repeats_none_and_skips_none_that_stood_throughout() {
    walk(&house_with_concerts().await, "opening").await;
}
