//! SIGTERM in the middle of a sale.

use std::time::{Duration, Instant};

use frontrow::ledger::{ConnectionOptions, PgPool, connect};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::frontrow::{Frontrow, person};
use super::wire::Connection;
use crate::support::house::{import_concert, import_map, terms};
use crate::support::service::Person;
use crate::support::{database, redis_db};

const BUYERS: u32 = 16;
const SEATS_EACH: u32 = 1_000;
/// How long they buy before the service is told to stop.
const SALE: Duration = Duration::from_millis(1_500);
/// What `--drain-seconds` is unless it is set.
const DRAIN: Duration = Duration::from_secs(20);

/// What somebody was told: the reservations that are held, and those that are sold.
struct Told {
    buyer: Person,
    held: Vec<String>,
    sold: Vec<String>,
}

/// Holds seat after seat of a row on one connection, and buys every other one, until the service
/// takes no more.
async fn buy(address: String, buyer: Person, concert: String, row: u32) -> Told {
    let mut told = Told { buyer, held: Vec::new(), sold: Vec::new() };
    let mut connection = Connection::open(&address).await.unwrap();
    let path = format!("/v1/concerts/{concert}/reservations");
    let authorization = format!("authorization: Bearer {}", told.buyer.token());
    for seat in 1..=SEATS_EACH {
        let head = format!(
            "POST {path} HTTP/1.1\r\n{authorization}\r\nidempotency-key: {seat}\r\n\
             content-type: application/json"
        );
        let body = format!("{{\"seats\":[\"{row}-{seat}\"]}}");
        let Some(held) = connection.send(&head, &body).await else { return told };
        assert_eq!(held.status, 201, "{}", held.body);
        let id = held.body["id"].as_str().unwrap().to_owned();
        told.held.push(id.clone());
        if held.is_last {
            return told;
        }
        if seat % 2 == 0 {
            continue;
        }
        let head = format!("POST {path}/{id}/confirm HTTP/1.1\r\n{authorization}");
        let Some(sold) = connection.send(&head, "").await else { return told };
        assert_eq!((sold.status, &sold.body["state"]), (200, &"confirmed".into()));
        told.sold.push(id);
        if sold.is_last {
            return told;
        }
    }
    panic!("{SEATS_EACH} seats were not enough for the time that a sale takes here");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_told_to_stop_keeps_every_promise_that_it_gave() {
    let (redis, database) = (redis_db().await, database().await);
    let pool = connect(&database, &ConnectionOptions::default()).await.unwrap();
    import_map(&pool, BUYERS, SEATS_EACH).await;
    let mut terms = terms("stopped");
    terms["max_seats_per_user"] = SEATS_EACH.into();
    terms["hold_seconds"] = 600.into();
    let concert = import_concert(&pool, &terms).await.to_string();

    let mut first = Frontrow::serve(&redis, &database);
    let url = first.ready().await;
    let address = first.address().await;
    let mut buyers = JoinSet::new();
    for row in 1..=BUYERS {
        let buyer = person(&url).await;
        buyers.spawn(buy(address.clone(), buyer, concert.clone(), row));
    }
    sleep(SALE).await;
    first.signal("TERM");
    let stopping = Instant::now();
    let told = buyers.join_all().await;
    assert_eq!(first.end().await.code(), Some(0), "{}", first.said());
    assert!(stopping.elapsed() < DRAIN, "it took {:?}", stopping.elapsed());
    assert!(!first.said().contains("cut off"), "{}", first.said());
    assert!(Connection::open(&address).await.is_none(), "somebody still listens");

    let mut second = Frontrow::serve(&redis, &database);
    let url = second.ready().await;
    let (mut held, mut sold) = (0, 0);
    for Told { buyer, held: ids, sold: confirmed } in told {
        let buyer = buyer.at(&url);
        for id in &ids {
            let found = buyer.get(&format!("/v1/concerts/{concert}/reservations/{id}")).await;
            let state = found["state"].as_str().unwrap();
            // A confirmation that got no answer may have been carried out.
            assert!(state == "confirmed" || state == "held" && !confirmed.contains(id), "{found}");
        }
        (held, sold) = (held + ids.len(), sold + confirmed.len());
        persisted(&pool, &confirmed).await;
    }
    assert!(sold > 10 && held > sold, "{held} held, {sold} sold: hardly a sale");
}

/// Waits until PostgreSQL has these as sold.
async fn persisted(pool: &PgPool, ids: &[String]) {
    let query =
        "SELECT count(*) FROM reservations WHERE state = 'confirmed' AND id = ANY($1::uuid[])";
    let mut found = 0_i64;
    for _ in 0..400 {
        found = sqlx::query_scalar(query).bind(ids).fetch_one(pool).await.unwrap();
        if found == ids.len() as i64 {
            return;
        }
        sleep(Duration::from_millis(25)).await;
    }
    panic!("PostgreSQL has {found} of {} sales", ids.len());
}
