//! Bodies of claims.

use reqwest::RequestBuilder;
use serde_json::json;

use super::house::House;
use super::mistake;

const MALFORMED: (u16, &str) = (400, "malformed-json");
const INVALID: (u16, &str) = (400, "invalid-request");
const WRONG_TYPE: (u16, &str) = (415, "unsupported-media-type");
const TOO_LARGE: (u16, &str) = (413, "body-too-large");

impl House {
    /// A claim with this for a body.
    fn body(&self, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let claim = self.claim_at(&self.concert, "body");
        claim.header("Content-Type", "application/json").body(body)
    }

    fn seats(&self, seats: &[&str]) -> RequestBuilder {
        self.claim_at(&self.concert, "seats").json(&json!({ "seats": seats }))
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_is_told_where_it_stops_to_be() {
    let house = House::open().await;
    let body = |body: &'static str| house.body(body);
    house
        .makes(vec![
            mistake("nothing", body(""), MALFORMED, "the body is empty"),
            mistake("blanks", body(" \n "), MALFORMED, "EOF"),
            mistake("a word", body("seats"), MALFORMED, "line 1 column 1"),
            mistake("no end", body("{\"seats\": [\"1-1\""), MALFORMED, "line 1 column 16"),
            mistake("a comma", body("{\"seats\": [\"1-1\",\n]}"), MALFORMED, "line 2 column 1"),
            mistake("two", body("{\"seats\": [\"1-1\"]} {}"), MALFORMED, "trailing characters"),
            mistake("a comment", body("{/**/\"seats\": []}"), MALFORMED, "line 1 column 2"),
            mistake("half a pair", body(r#"{"seats": ["\ud800"]}"#), MALFORMED, "line 1"),
            mistake("Latin 1", house.body(&b"{\"seats\": [\"\xE9\"]}"[..]), MALFORMED, "unicode"),
        ])
        .await;
}

#[tokio::test]
async fn json_of_another_shape_is_told_where_it_differs() {
    let house = House::open().await;
    let body = |body: &'static str| house.body(body);
    let deep = format!("{{\"seats\": {}{}}}", "[".repeat(2_000), "]".repeat(2_000));
    house
        .makes(vec![
            mistake("a list", body("[[\"1-1\"]]"), INVALID, "must be a JSON object"),
            mistake("null", body("null"), INVALID, "must be a JSON object"),
            mistake("no seats", body("{}"), (422, "no-seats"), "at least one"),
            mistake("a number", body("{\"seats\": [\"1-1\", 7]}"), INVALID, "#/seats/1"),
            mistake("a null", body("{\"seats\": [null]}"), INVALID, "#/seats/0"),
            mistake("one seat", body("{\"seats\": \"1-1\"}"), INVALID, "expected a sequence"),
            mistake("an object", body("{\"seats\": {\"0\": \"1-1\"}}"), INVALID, "#/seats"),
            mistake(
                "another field",
                body("{\"seats\": [\"1-1\"], \"row\": \"A\"}"),
                INVALID,
                "unknown field `row`",
            ),
            mistake(
                "a field twice",
                body("{\"seats\": [\"1-1\"], \"seats\": [\"1-2\"]}"),
                INVALID,
                "duplicate field `seats`",
            ),
            mistake("lists in lists", house.body(deep), INVALID, "#/seats/0"),
        ])
        .await;
}

#[tokio::test]
async fn a_list_of_seats_that_is_no_claim_is_told_why() {
    let house = House::open().await;
    let long = "1".repeat(5_000);
    house
        .makes(vec![
            mistake("none", house.seats(&[]), (422, "no-seats"), "at least one"),
            mistake("unknown", house.seats(&["1-1", "9-9"]), (422, "unknown-seat"), "#/seats/1"),
            mistake("no name", house.seats(&[""]), (422, "unknown-seat"), "#/seats/0"),
            mistake("a long name", house.seats(&[&long]), (422, "unknown-seat"), "11…11"),
            mistake("NUL", house.seats(&["1-1\0"]), (422, "unknown-seat"), "#/seats/0"),
            mistake("twice", house.seats(&["1-1", "1-1"]), (422, "duplicate-seat"), "#/seats/1"),
            mistake("21", house.seats(&["1-1"; 21]), (422, "too-many-seats"), "\"limit\":20"),
            mistake("1,000", house.seats(&["1-1"; 1_000]), (422, "too-many-seats"), "1000 are"),
            mistake("10,000", house.seats(&["1-1"; 10_000]), TOO_LARGE, "\"limit\":16384"),
        ])
        .await;
}

#[tokio::test]
async fn a_body_that_is_too_large_or_of_another_type_is_not_read() {
    let house = House::open().await;
    let claim = |content_type: &'static str| {
        let claim = house.claim_at(&house.concert, "body").header("Content-Type", content_type);
        claim.body("{\"seats\": [\"1-1\"]}")
    };
    let says = "application/json";
    let untyped = house.claim_at(&house.concert, "body").body("{\"seats\": [\"1-1\"]}");
    let large = format!("{{\"seats\": [\"1-1\"]{}}}", " ".repeat(16_384));
    house
        .makes(vec![
            mistake("text", claim("text/plain"), WRONG_TYPE, says),
            mistake("a form", claim("application/x-www-form-urlencoded"), WRONG_TYPE, says),
            mistake("nearly", claim("application/jsonp"), WRONG_TYPE, says),
            mistake("no type", untyped, WRONG_TYPE, says),
            mistake("blanks", house.body(large), TOO_LARGE, "16384"),
            mistake("a megabyte", house.body("x".repeat(1 << 20)), TOO_LARGE, "16384"),
        ])
        .await;
}
