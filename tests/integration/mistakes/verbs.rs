//! Verbs that a reservation's state stands against.

use jiff::{Timestamp, ToSpan};
use reqwest::Method;
use serde_json::json;

use super::house::House;
use super::{Mistake, mistake};

const EXPIRED: (u16, &str) = (410, "hold-expired");
const CONFIRMED: (u16, &str) = (409, "already-confirmed");
const CANCELLED: (u16, &str) = (409, "already-cancelled");
const RELEASED: (u16, &str) = (409, "already-released");

impl House {
    /// A verb that comes at the wrong time.
    fn verb(
        &self,
        concert: &str,
        id: &str,
        verb: &str,
        problem: (u16, &'static str),
        says: &'static str,
    ) -> Mistake {
        let path = format!("/v1/concerts/{concert}/reservations/{id}");
        let request = match verb {
            "release" => self.buyer.request(Method::DELETE, &path),
            verb => self.buyer.request(Method::POST, &format!("{path}/{verb}")),
        };
        mistake(format!("{verb}, so that it is told {}", problem.1), request, problem, says)
    }
}

#[tokio::test]
async fn a_verb_that_a_state_does_not_allow_is_told_the_state() {
    let house = House::open().await;
    let concert = &house.concert;
    let held = house.hold(concert, "1-1").await;
    let extended = house.hold_that_was(concert, "1-2", &["extend"]).await;
    let confirmed = house.hold_that_was(concert, "1-3", &["confirm"]).await;
    let cancelled = house.hold_that_was(concert, "1-4", &["confirm", "cancel"]).await;
    let released = house.released(concert, "1-5").await;
    house
        .makes(vec![
            house.verb(concert, &held, "cancel", (409, "not-confirmed"), "is held"),
            house.verb(concert, &extended, "extend", (409, "already-extended"), "extended before"),
            house.verb(concert, &confirmed, "release", CONFIRMED, "is confirmed"),
            house.verb(concert, &confirmed, "extend", CONFIRMED, "is confirmed"),
            house.verb(concert, &cancelled, "confirm", CANCELLED, "is cancelled"),
            house.verb(concert, &cancelled, "release", CANCELLED, "is cancelled"),
            house.verb(concert, &cancelled, "extend", CANCELLED, "is cancelled"),
            house.verb(concert, &released, "confirm", RELEASED, "is released"),
            house.verb(concert, &released, "extend", RELEASED, "is released"),
            house.verb(concert, &released, "cancel", RELEASED, "is released"),
        ])
        .await;
}

#[tokio::test]
async fn what_comes_too_late_is_told_so() {
    let house = House::open().await;
    let brief = house.concert_with("brief", |terms| terms["hold_seconds"] = json!(5)).await;
    let expired = house.hold(&brief, "1-1").await;
    let final_sale = house.concert_with("final", |terms| {
        let past = Timestamp::from_second(Timestamp::now().as_second()).unwrap() - 1.minute();
        terms["cancel_until"] = json!(past.to_string());
    });
    let final_sale = final_sale.await;
    let sold = house.hold_that_was(&final_sale, "1-1", &["confirm"]).await;
    let merchants = house.concert_with("merchants", |terms| terms["confirm"] = json!("merchant"));
    let merchants = merchants.await;
    let unpaid = house.hold(&merchants, "1-1").await;
    house.until_swept(&brief).await;
    let by_merchant = (403, "confirmed-by-merchant");
    house
        .makes(vec![
            house.verb(&brief, &expired, "confirm", EXPIRED, "has expired"),
            house.verb(&brief, &expired, "extend", EXPIRED, "has expired"),
            house.verb(&brief, &expired, "cancel", EXPIRED, "is expired"),
            house.verb(&final_sale, &sold, "cancel", (409, "too-late-to-cancel"), "no longer"),
            house.verb(&merchants, &unpaid, "confirm", by_merchant, "rganiser"),
        ])
        .await;
}
