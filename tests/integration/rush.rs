//! The client that the fault suite and the load generator share, against a service that is well.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use frontrow::domain::reservation::State;
use frontrow::rush::{
    Answer, Buyer, Client, Clock, Doubt, History, Inquiry, Manners, OnSale, linear, oracle,
};
use tokio::task::JoinSet;

use crate::support::house::{self, seat_ids, terms};
use crate::support::service::Service;

const ROWS: u32 = 2;
const ROW_SEATS: u32 = 10;
const BUYERS: u32 = 12;
const MANNERS: Manners =
    Manners { patience: Duration::from_secs(60), pause: Duration::from_millis(20) };

async fn on_sale(service: &Service) -> Arc<OnSale> {
    let mut terms = terms("rush");
    terms["max_seats_per_user"] = 1_000.into();
    let concert = house::import(&service.pool, ROWS, ROW_SEATS, &terms).await;
    Arc::new(OnSale::new(concert, seat_ids(ROWS, ROW_SEATS)))
}

fn client(service: &Service, timeout: Duration) -> Client {
    let address: SocketAddr = service.url.strip_prefix("http://").unwrap().parse().unwrap();
    Client::new(Arc::new([address]), 0, timeout)
}

/// Wants every seat in turn, and does with what was granted what its number says.
async fn buy(mut buyer: Buyer, number: u32) -> History {
    let seats = ROWS * ROW_SEATS;
    for attempt in 0..seats {
        let seat = (number * 7 + attempt) % seats;
        let Some(hold) = buyer.hold(&attempt.to_string(), &[seat]).await else { continue };
        match (number + attempt) % 4 {
            0 => assert!(buyer.release(&hold).await),
            1 => assert!(buyer.confirm(&hold, None).await && buyer.cancel(&hold).await),
            2 => assert_eq!(buyer.look_up(&hold).await.unwrap().state, State::Held),
            _ => assert!(buyer.confirm(&hold, Some(5)).await),
        }
    }
    buyer.into_history()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_crowd_is_told_can_be_true_and_is_what_is_there() {
    let service = Service::start().await;
    let (on_sale, clock) = (on_sale(&service).await, Clock::start());
    let mut buyers = JoinSet::new();
    for number in 0..BUYERS {
        let client = client(&service, Duration::from_secs(20));
        let buyer = Buyer::arrive(client, on_sale.clone(), MANNERS, clock).await.unwrap();
        buyers.spawn(buy(buyer, number));
    }
    let mut history = History::default();
    buyers.join_all().await.into_iter().for_each(|part| history.extend(part));
    let totals = history.totals();
    assert!(totals.yes > 40 && totals.unresolved == 0, "{totals:?}");
    let checked = linear::check(&history);
    assert_eq!((checked.seats, checked.violations), ((ROWS * ROW_SEATS) as usize, Vec::new()));

    let mut mistakes = oracle::Mistakes::default();
    for _ in 0..200 {
        let rows = oracle::sold(&service.pool, on_sale.concert).await.unwrap();
        mistakes = oracle::compare(&history, &rows);
        if mistakes.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{mistakes:?}");
}

#[tokio::test]
async fn whoever_hangs_up_finds_out_by_the_same_key_what_became_of_it() {
    let service = Service::start().await;
    let on_sale = on_sale(&service).await;
    let mut client = client(&service, Duration::from_secs(20));
    let Answer::Yes(guest) = client.session().await else { panic!("no session") };
    let (mut lost, mut granted) = (0, Vec::new());
    for seat in 0..10 {
        // Some of these arrive, and some of those that do are answered.
        client.hang_up_after(Duration::from_micros(300 * u64::from(seat)));
        let claim = on_sale.claim(&[seat]);
        let mut inquiry = Inquiry::new(MANNERS);
        let seen = loop {
            let told = client.hold(&guest, &on_sale, &seat.to_string(), claim.clone()).await;
            lost += u32::from(told == Answer::Unknown(Doubt::TimedOut));
            match inquiry.hear(told).await {
                Some(Answer::Yes(seen)) => break seen,
                Some(other) => panic!("{other:?}"),
                None => {}
            }
        };
        granted.push(seen);
    }
    assert!(lost > 0, "every answer came in less time than it takes");
    let path = format!("/v1/concerts/{}/availability", on_sale.concert);
    let Answer::Yes(body) = client.get(&path).await else { panic!("no availability") };
    let counts = &serde_json::from_slice::<serde_json::Value>(&body).unwrap()["counts"];
    assert_eq!(counts["held"], granted.len(), "some were granted twice");
}
