use frontrow::catalogue::import::import_bytes;
use frontrow::domain::role::Role;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::fixture::{Organised, post, refused};
use crate::import::fixture::{house as plan_of, printed};
use crate::support::house::terms;
use crate::support::problem::problem;
use crate::support::service::Person;

const MAPS: &str = "/v1/admin/seat-maps";

async fn import(person: &Person, plan: impl Into<Vec<u8>>) -> Response {
    let request = person.request(Method::POST, MAPS).header("Content-Type", "application/json");
    request.body(plan.into()).send().await.unwrap()
}

#[tokio::test]
async fn a_stadium_comes_through_http_and_a_concert_is_sold_in_it() {
    let house = Organised::open().await;
    let plan = printed("make_seat_maps.py", "stadium");
    let begun = std::time::Instant::now();
    let made = import(&house.organiser, plan.clone()).await;
    assert_eq!(made.status(), 201);
    println!("{} bytes of stadium imported over HTTP in {:?}", plan.len(), begun.elapsed());
    let location = made.headers()["location"].to_str().unwrap().to_owned();
    let made: Value = made.json().await.unwrap();
    assert_eq!((&made["seats"], &made["version"]), (&json!(90_000), &json!(1)));
    let again = import(&house.organiser, plan).await;
    assert_eq!(again.status(), 200);
    let again: Value = again.json().await.unwrap();
    assert_eq!((&again["id"], &again["is_new"]), (&made["id"], &json!(false)));
    let map = house.organiser.get(&location).await;
    assert_eq!((&map["capacity"], &map["name"]), (&json!(90_000), &made["name"]));

    let mut final_ = terms("final");
    final_["seat_map"] = made["name"].clone();
    let categories = map["categories"].as_array().unwrap().iter();
    let prices = categories.map(|category| (category["name"].as_str().unwrap(), 5_000));
    final_["prices"] = json!(prices.collect::<std::collections::BTreeMap<_, _>>());
    let concert = post(&house.organiser, "/v1/admin/concerts", &final_).await;
    assert_eq!(concert.status(), 201);
    let concert: Value = concert.json().await.unwrap();
    let seat = map["sections"][0]["rows"][0]["ids"][0].as_str().unwrap();
    let buyer = house.buyer().await;
    let held = buyer.reserve(concert["id"].as_str().unwrap(), "k", &[seat]).await;
    assert_eq!(held.status(), 201);
}

#[tokio::test]
async fn the_errors_of_a_wrong_plan_point_into_it_as_those_of_the_command_do() {
    let house = Organised::open().await;
    let right = plan_of("A Hall", 2, 4);
    let wrong = right.replace("\"2-3\"", "\"1-1\"").replacen("\"Box\"", "\"Bax\"", 2);
    for plan in
        [wrong, right.replacen("\"seat_number\"", "\"number\"", 1), "{\"zones\": [".to_owned()]
    {
        let said = import_bytes(&house.one.pool, "FILE", plan.clone().into_bytes()).await;
        let said = said.unwrap_err().to_string();
        let problem = problem(import(&house.organiser, plan).await, 422, "invalid-import").await;
        let errors = problem["errors"].as_array().unwrap().iter();
        let lines = errors.map(|error| {
            let (path, what) = (error["path"].as_str().unwrap(), error["what"].as_str().unwrap());
            if path.is_empty() { format!("FILE: {what}") } else { format!("FILE: {path}: {what}") }
        });
        assert_eq!(lines.collect::<Vec<_>>().join("\n"), said);
        assert_eq!(problem["more"], 0);
    }
    let season = json!({ "concerts": [terms("x")] }).to_string();
    let problem = problem(import(&house.organiser, season).await, 422, "invalid-import").await;
    assert!(problem["detail"].as_str().unwrap().contains("not a seat map"), "{problem}");
}

#[tokio::test]
async fn a_name_is_its_organisers_and_nobody_elses_map_can_be_used() {
    let house = Organised::open().await;
    let other = house.one.person_with(&house.client, Role::Organiser).await;
    let admin = house.one.person_with(&house.client, Role::Admin).await;
    let made: Value = import(&house.organiser, plan_of("Mine", 1, 4)).await.json().await.unwrap();
    let id = made["id"].as_str().unwrap();
    problem(import(&other, plan_of("Mine", 2, 4)).await, 409, "seat-map-name-taken").await;
    problem(import(&other, plan_of("The House", 2, 4)).await, 409, "seat-map-name-taken").await;
    let hidden = other.request(Method::GET, &format!("{MAPS}/{id}")).send().await.unwrap();
    problem(hidden, 404, "no-such-seat-map").await;
    let mut concert = terms("on-mine");
    concert["seat_map"] = json!("Mine");
    concert["prices"] = json!({ "Stalls": 1, "Box": 2 });
    let refused = refused(&other, "/v1/admin/concerts", &concert, 422, "invalid-import").await;
    assert_eq!(refused["errors"][0]["path"], "seat_map");
    assert_eq!(post(&house.organiser, "/v1/admin/concerts", &concert).await.status(), 201);

    // An administrator goes on with anybody's, and makes what is everybody's.
    let next: Value = import(&admin, plan_of("Mine", 2, 4)).await.json().await.unwrap();
    assert_eq!(next["version"], 2);
    assert_eq!(import(&admin, plan_of("Everybody's", 1, 4)).await.status(), 201);
    let names = async |person: &Person| {
        let list = person.get(MAPS).await;
        let items = list["items"].as_array().unwrap().iter();
        let name = |item: &Value| format!("{} {}", item["name"].as_str().unwrap(), item["version"]);
        items.map(name).collect::<Vec<_>>()
    };
    assert_eq!(names(&other).await, ["Everybody's 1", "The House 1"]);
    let all = ["Everybody's 1", "Mine 2", "Mine 1", "The House 1"];
    assert_eq!(names(&house.organiser).await, all);
    assert_eq!(names(&admin).await, all);
    let page = admin.get(&format!("{MAPS}?limit=3")).await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let page = admin.get(&format!("{MAPS}?limit=3&cursor={cursor}")).await;
    assert_eq!(page["items"][0]["name"], "The House");
}

#[tokio::test]
async fn a_body_that_is_too_large_or_says_nothing_is_refused() {
    let house = Organised::open().await;
    let huge = vec![b' '; 33 * 1024 * 1024];
    // The service may hang up before it has taken all of it.
    let request = house.organiser.request(Method::POST, MAPS);
    let request = request.header("Content-Type", "application/json").body(huge);
    if let Ok(answer) = request.send().await {
        let refused = problem(answer, 413, "body-too-large").await;
        assert_eq!(refused["limit"], 32 * 1024 * 1024);
    }
    let unsaid = house.organiser.request(Method::POST, MAPS).body("{}").send().await.unwrap();
    problem(unsaid, 415, "unsupported-media-type").await;
    // The huge one may still have the turn that an import waits for.
    let nothing = loop {
        match import(&house.organiser, "").await {
            busy if busy.status() == StatusCode::SERVICE_UNAVAILABLE => {}
            answer => break answer,
        }
    };
    problem(nothing, 422, "invalid-import").await;
}
