//! Addresses, methods and ids.

use reqwest::Method;
use uuid::Uuid;

use super::house::House;
use super::{Mistake, mistake};

const INVALID_ID: (u16, &str) = (400, "invalid-id");
const NOT_FOUND: (u16, &str) = (404, "not-found");
const NO_CONCERT: (u16, &str) = (404, "no-such-concert");
const NO_RESERVATION: (u16, &str) = (404, "no-such-reservation");
const NOT_ALLOWED: (u16, &str) = (405, "method-not-allowed");

/// Everything that can be asked about one reservation.
pub const OF_RESERVATION: [(Method, &str); 5] = [
    (Method::GET, ""),
    (Method::DELETE, ""),
    (Method::POST, "/confirm"),
    (Method::POST, "/extend"),
    (Method::POST, "/cancel"),
];

impl House {
    /// The same mistake in every request that names a concert and a reservation.
    fn by_every_verb(
        &self,
        concert: &str,
        reservation: &str,
        problem: (u16, &'static str),
        says: &'static str,
    ) -> Vec<Mistake> {
        let of_reservation = OF_RESERVATION.iter().map(|(method, verb)| {
            let path = format!("/v1/concerts/{concert}/reservations/{reservation}{verb}");
            let request = self.buyer.request(method.clone(), &path);
            mistake(format!("{method} {path}"), request, problem, says)
        });
        of_reservation.collect()
    }

    /// The same mistake in every request that names a concert alone.
    fn at_every_address_of(
        &self,
        concert: &str,
        problem: (u16, &'static str),
        says: &'static str,
    ) -> Vec<Mistake> {
        let paths = ["", "/seat-map", "/availability", "/reservations"];
        let reads = paths.iter().map(|path| {
            let path = format!("/v1/concerts/{concert}{path}");
            mistake(path.clone(), self.buyer.request(Method::GET, &path), problem, says)
        });
        let claim = self.right_claim_at(concert);
        reads.chain([mistake(format!("a claim at {concert}"), claim, problem, says)]).collect()
    }
}

#[tokio::test]
async fn an_id_of_another_shape_is_named() {
    let house = House::open().await;
    let id = Uuid::now_v7();
    let mut mistakes = Vec::new();
    for wrong in ["1", "%00", "%FF", "..%2f..%2fadmin", &id.simple().to_string(), "{concert}"] {
        mistakes.extend(house.at_every_address_of(wrong, INVALID_ID, ""));
        mistakes.extend(house.by_every_verb(wrong, &id.to_string(), INVALID_ID, ""));
        mistakes.extend(house.by_every_verb(&house.concert, wrong, INVALID_ID, ""));
    }
    mistakes.extend(house.at_every_address_of("7", INVALID_ID, "concert: \\\"7\\\" is not a UUID"));
    mistakes.extend(house.by_every_verb(&house.concert, "7", INVALID_ID, "\"reservation\""));
    house.makes(mistakes).await;
}

#[tokio::test]
async fn a_concert_or_reservation_that_is_not_there_is_not_found() {
    let house = House::open().await;
    let id = Uuid::now_v7().to_string();
    let mut mistakes = house.at_every_address_of(&id, NO_CONCERT, "no such concert");
    mistakes.extend(house.by_every_verb(&id, &id, NO_CONCERT, "no such concert"));
    let says = "no such reservation";
    mistakes.extend(house.by_every_verb(&house.concert, &id, NO_RESERVATION, says));
    house.makes(mistakes).await;
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let house = House::open().await;
    let concert = format!("/v1/concerts/{}", house.concert);
    let mut mistakes = Vec::new();
    for path in [
        "/v1",
        "/v1/nothing",
        "/v2/concerts",
        "/problems/nothing",
        "/problems/%ff",
        "/docs/%ff",
        "/v1/concerts//",
    ] {
        let request = house.buyer.request(Method::GET, path);
        mistakes.push(mistake(path, request, NOT_FOUND, ""));
    }
    let id = Uuid::now_v7();
    for (method, path) in [
        (Method::PATCH, "/v1/sessions/current".to_owned()),
        (Method::POST, "/v1/concerts".to_owned()),
        (Method::DELETE, concert.clone()),
        (Method::POST, format!("{concert}/availability")),
        (Method::DELETE, format!("{concert}/reservations")),
        (Method::PUT, format!("{concert}/reservations/{id}")),
        (Method::POST, format!("{concert}/reservations/{id}")),
        (Method::GET, format!("{concert}/reservations/{id}/confirm")),
        (Method::DELETE, format!("{concert}/reservations/{id}/extend")),
        (Method::from_bytes(b"BREW").unwrap(), format!("{concert}/reservations")),
    ] {
        let request = house.buyer.request(method.clone(), &path);
        mistakes.push(mistake(format!("{method} {path}"), request, NOT_ALLOWED, "does not take"));
    }
    house.makes(mistakes).await;
    let wrong = house.anonymous(Method::PATCH, "/v1/sessions/current").send().await.unwrap();
    assert_eq!(wrong.headers()["allow"], "GET,HEAD,DELETE");
}

#[tokio::test]
async fn a_page_of_another_shape_is_refused() {
    let house = House::open().await;
    let queries =
        ["limit=0", "limit=51", "limit=many", "limit=-1", "cursor=abc", "limit=1&limit=2"];
    let page = |query: &str| {
        let request = house.anonymous(Method::GET, &format!("/v1/concerts?{query}"));
        mistake(query, request, (400, "invalid-request"), "")
    };
    house.makes(queries.iter().map(|query| page(query)).collect()).await;
}
