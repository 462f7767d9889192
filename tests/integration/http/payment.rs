//! Concerts whose organiser's server confirms.

use frontrow::domain::role::Role;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::support::house;
use crate::support::problem::problem;
use crate::support::service::{Person, Service};

/// A concert of an organiser who has a server, and a buyer.
struct Shop {
    service: Service,
    client: Client,
    organiser: Person,
    buyer: Person,
    secret: String,
    concert: String,
}

async fn secret_of(organiser: &Person) -> String {
    let request = organiser.request(Method::POST, "/v1/admin/service-keys");
    let key: Value =
        request.json(&json!({"name": "shop"})).send().await.unwrap().json().await.unwrap();
    key["secret"].as_str().unwrap().to_owned()
}

impl Shop {
    async fn open(hold_seconds: u32, confirm: &str) -> Self {
        let (service, client) = (Service::start().await, Client::new());
        let organiser = service.person_with(&client, Role::Organiser).await;
        let buyer = service.person(&client).await;
        let secret = secret_of(&organiser).await;
        let mut terms = house::terms("one");
        terms["hold_seconds"] = json!(hold_seconds);
        terms["confirm"] = json!(confirm);
        let concert = house::import(&service.pool, 2, 3, &terms).await;
        let user = organiser.get("/v1/sessions/current").await["user"].clone();
        sqlx::query("UPDATE concerts SET organiser_id = $1::uuid")
            .bind(user.as_str().unwrap())
            .execute(&service.pool)
            .await
            .unwrap();
        Self { service, client, organiser, buyer, secret, concert: concert.to_string() }
    }

    async fn hold(&self, key: &str, seats: &[&str]) -> String {
        let held: Value = self.buyer.reserve(&self.concert, key, seats).await.json().await.unwrap();
        held["id"].as_str().unwrap().to_owned()
    }

    fn path(&self, id: &str) -> String {
        format!("{}/v1/concerts/{}/reservations/{id}/payment", self.service.url, self.concert)
    }

    async fn pay(&self, id: &str, body: &Value) -> Response {
        self.pay_as(&self.secret, id, body).await
    }

    async fn pay_as(&self, token: &str, id: &str, body: &Value) -> Response {
        self.client.post(self.path(id)).bearer_auth(token).json(body).send().await.unwrap()
    }
}

fn payment(reference: &str, amount: u32) -> Value {
    json!({"payment_reference": reference, "amount": {"amount": amount, "currency": "EUR"}})
}

#[tokio::test]
async fn a_merchants_concert_is_confirmed_by_its_server_and_by_nobody_else() {
    let shop = Shop::open(60, "merchant").await;
    let id = shop.hold("k", &["1-1", "1-2"]).await;
    let total = 2 * house::PRICE_MINOR;
    let refused = shop.buyer.change(&shop.concert, &id, "confirm").await;
    problem(refused, 403, "confirmed-by-merchant").await;
    for token in [shop.buyer.token(), shop.organiser.token()] {
        let refused = shop.pay_as(token, &id, &payment("p", total)).await;
        problem(refused, 401, "unauthenticated").await;
    }
    let stranger = shop.service.person_with(&shop.client, Role::Organiser).await;
    let other_secret = secret_of(&stranger).await;
    let refused = shop.pay_as(&other_secret, &id, &payment("p", total)).await;
    problem(refused, 404, "no-such-concert").await;

    let seen = shop.client.get(shop.path(&id)).bearer_auth(&shop.secret).send().await.unwrap();
    let seen: Value = seen.json().await.unwrap();
    assert_eq!((&seen["state"], &seen["total"]["amount"]), (&json!("held"), &json!(total)));

    let paid = shop.client.post(shop.path(&id)).bearer_auth(&shop.secret);
    let paid = paid.header("Prefer", "wait=10").json(&payment("p", total)).send().await.unwrap();
    assert_eq!(paid.status(), 200);
    let paid: Value = paid.json().await.unwrap();
    assert_eq!((&paid["state"], &paid["cause"]), (&json!("confirmed"), &json!("merchant")));
    assert_eq!(paid["persisted"], true);
    let stored = sqlx::query_scalar::<_, String>("SELECT payment_reference FROM reservations");
    assert_eq!(stored.fetch_one(&shop.service.pool).await.unwrap(), "p");
    assert_eq!(shop.pay(&id, &payment("p", total)).await.status(), 200);
    problem(shop.pay(&id, &payment("q", total)).await, 409, "already-confirmed").await;
    let mine = shop.buyer.get(&format!("/v1/concerts/{}/reservations/{id}", shop.concert)).await;
    assert_eq!(mine["state"], "confirmed");
}

#[tokio::test]
async fn another_amount_is_refused_and_the_hold_stays() {
    let shop = Shop::open(60, "merchant").await;
    let id = shop.hold("k", &["1-1"]).await;
    let body = problem(shop.pay(&id, &payment("p", 1)).await, 409, "amount-mismatch").await;
    assert_eq!(body["total"], house::PRICE_MINOR);
    let mut dollars = payment("p", house::PRICE_MINOR);
    dollars["amount"]["currency"] = json!("USD");
    let body = problem(shop.pay(&id, &dollars).await, 409, "amount-mismatch").await;
    assert_eq!(body["currency"], "EUR");
    let too_long = "a".repeat(256);
    for reference in ["", " ", &too_long, "é", "nul\0", "a\nb"] {
        let refused = shop.pay(&id, &payment(reference, house::PRICE_MINOR)).await;
        let body = problem(refused, 400, "invalid-request").await;
        assert_eq!(body["errors"][0]["pointer"], "#/payment_reference");
    }
    let paid = shop.pay(&id, &payment(&too_long[1..], house::PRICE_MINOR)).await;
    assert_eq!(paid.status(), 200);
}

#[tokio::test]
async fn a_late_payment_is_honoured_only_while_all_of_it_is_free() {
    let shop = Shop::open(5, "merchant").await;
    let (free, taken) = (shop.hold("a", &["1-1"]).await, shop.hold("b", &["1-2"]).await);
    let late = payment("p", house::PRICE_MINOR);
    let other = shop.service.person(&shop.client).await;
    loop {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        if other.reserve(&shop.concert, "k", &["1-2"]).await.status() == 201 {
            break;
        }
    }
    let body = problem(shop.pay(&free, &late).await, 410, "payment-late").await;
    assert_eq!(body["still_free"], true);
    let mut honour = late.clone();
    honour["honour_late"] = json!(true);
    let body = problem(shop.pay(&taken, &honour).await, 410, "payment-late").await;
    assert_eq!(body["still_free"], false);
    assert_eq!(shop.pay(&free, &honour).await.status(), 200);
    assert_eq!(shop.pay(&free, &late).await.status(), 200, "the same payment again");
}

#[tokio::test]
async fn what_buyers_confirm_is_not_the_servers_to_confirm() {
    let shop = Shop::open(60, "buyer").await;
    let id = shop.hold("k", &["1-1"]).await;
    let refused = shop.pay(&id, &payment("p", house::PRICE_MINOR)).await;
    problem(refused, 403, "confirmed-by-buyer").await;
    let confirmed = shop.buyer.change(&shop.concert, &id, "confirm").await;
    assert_eq!(confirmed.status(), 200);
}
