//! The `Idempotency-Key` of claims.

use reqwest::Method;
use serde_json::json;

use super::house::House;
use super::mistake;

const INVALID: (u16, &str) = (400, "invalid-idempotency-key");

#[tokio::test]
async fn a_claim_needs_one_valid_key_that_was_not_used_for_another() {
    let house = House::open().await;
    house.hold(&house.concert, "1-1").await;
    let seats = json!({ "seats": ["1-2"] });
    let keyed = |key: &str| house.claim_at(&house.concert, key).json(&seats);
    let path = format!("/v1/concerts/{}/reservations", house.concert);
    let keyless = house.buyer.request(Method::POST, &path).json(&seats);
    let not_ascii = house.buyer.request(Method::POST, &path).json(&seats);
    let not_ascii = not_ascii.header("Idempotency-Key", &b"cl\xC3\xA9"[..]);
    let same_and_more = house.claim_at(&house.concert, "for-1-1");
    let same_and_more = same_and_more.json(&json!({ "seats": ["1-1", "1-2"] }));
    house
        .makes(vec![
            mistake("none", keyless, (400, "missing-idempotency-key"), "Idempotency-Key header"),
            mistake("empty", keyed(""), INVALID, "0 characters"),
            mistake("empty in quotes", keyed("\"\""), INVALID, "0 characters"),
            mistake("too long", keyed(&"k".repeat(256)), INVALID, "256 characters"),
            mistake("two words", keyed("two words"), INVALID, "not visible ASCII"),
            mistake("not ASCII", not_ascii, INVALID, "not visible ASCII"),
            mistake("an open quote", keyed("\"open"), INVALID, "never closed"),
            mistake(
                "two keys",
                keyed("a").header("Idempotency-Key", "b"),
                INVALID,
                "more than once",
            ),
            mistake(
                "one key twice",
                keyed("a").header("Idempotency-Key", "a"),
                INVALID,
                "more than once",
            ),
            mistake(
                "used for another seat",
                keyed("for-1-1"),
                (422, "idempotency-key-reused"),
                "another request",
            ),
            mistake(
                "used for fewer seats",
                same_and_more,
                (422, "idempotency-key-reused"),
                "another request",
            ),
        ])
        .await;
}
