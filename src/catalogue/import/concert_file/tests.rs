use crate::domain::concert::{Concert, ConfirmedBy};
use crate::domain::ids::SeatMapId;
use crate::ledger::seat_maps::SeatMapVersion;

use super::super::error::Mistakes;
use super::*;

const SEASON: &str = r#"{"concerts": [
  {"slug": "first-night", "title": "First Night", "artist": "The Paper Lanterns",
   "venue": {"name": "Hall", "city": "Paris", "time_zone": "Europe/Paris"},
   "seat_map": "Hall", "starts_at": "2027-03-05T20:00[Europe/Paris]",
   "sale": {"opens_at": "2026-11-01T10:00:00+01:00"},
   "currency": "EUR", "prices": {"Stalls": 4500, "Box": 9000}},
  {"slug": "second-night", "title": "Second Night", "artist": "The Paper Lanterns",
   "venue": {"name": "Hall", "city": "Paris", "time_zone": "Europe/Paris"},
   "seat_map": "Hall", "seat_map_version": 1, "starts_at": "2027-03-06T20:00[Europe/Paris]",
   "cancel_until": "2027-03-01T00:00Z",
   "sale": {"opens_at": "2026-11-01T10:00:00+01:00", "closes_at": "2027-03-06T18:00+01:00"},
   "currency": "EUR", "prices": {"Stalls": 1, "Box": 0}, "hold_seconds": 60,
   "max_seats_per_user": 2, "confirm": "merchant"}
]}"#;

fn lines(mistakes: &Mistakes) -> Vec<String> {
    mistakes.named().iter().map(ToString::to_string).collect()
}

/// The mistakes of the season with one text of it replaced.
fn mistakes(from: &str, to: &str) -> Vec<String> {
    assert!(SEASON.contains(from), "{from}");
    let changed = SEASON.replacen(from, to, 1);
    lines(&parse(changed.as_bytes()).expect_err("the file should be refused"))
}

fn map(name: &str, version: u32) -> SeatMapVersion {
    SeatMapVersion {
        id: SeatMapId::new(),
        name: name.to_owned(),
        version,
        categories: vec!["Stalls".to_owned(), "Box".to_owned()],
    }
}

/// The concerts of the season on `maps`, as they would be stored.
fn stored(maps: &[SeatMapVersion]) -> Vec<Concert> {
    let entries = parse(SEASON.as_bytes()).unwrap();
    resolve(entries, maps, &[], &[]).unwrap().concerts
}

#[test]
fn what_a_concert_leaves_out_has_a_documented_default() {
    let entries = parse(SEASON.as_bytes()).unwrap();
    let (first, second) = (&entries[0], &entries[1]);
    assert_eq!(first.cancel_until, first.starts_at);
    assert_eq!(first.sale.closes_at, first.starts_at);
    assert_eq!((first.hold_seconds, first.max_seats_per_user), (420, 6));
    assert_eq!(first.confirmed_by, ConfirmedBy::Buyer);
    assert_eq!(second.cancel_until.to_string(), "2027-03-01T00:00:00Z");
    assert_eq!(second.sale.closes_at.to_string(), "2027-03-06T17:00:00Z");
    assert_eq!((second.hold_seconds, second.max_seats_per_user), (60, 2));
    assert_eq!(second.confirmed_by, ConfirmedBy::Merchant);
}

/// What is replaced, by what, and what is said of it before the line and column.
const MISTAKES: [(&str, &str, &str); 17] = [
    (
        "first-night",
        "First Night",
        "concerts[0].slug: \"First Night\" is not made of a-z, 0-9 and - only",
    ),
    (
        "second-night",
        "first-night",
        "concerts[1].slug: duplicate \"first-night\", first in concerts[0]",
    ),
    ("\"First Night\"", "\"\"", "concerts[0].title: is empty"),
    ("The Paper Lanterns", "A\\tB", "concerts[0].artist: \"A\\tB\" has a control character in it"),
    (
        "\"time_zone\": \"Europe/Paris\"",
        "\"time_zone\": \"Europe/Lutetia\"",
        "concerts[0].venue.time_zone: \"Europe/Lutetia\" is not an IANA time zone",
    ),
    (
        "\"time_zone\": \"Europe/Paris\"",
        "\"time_zone\": \"Europe/Rome\"",
        "concerts[1].venue.time_zone: \"Europe/Paris\", but \"Europe/Rome\" in concerts[0]",
    ),
    (
        "2026-11-01T10:00:00+01:00",
        "2027-04-01T10:00:00+01:00",
        "concerts[0].sale.opens_at: 2027-04-01T09:00:00Z is not before the sale closes, 2027-03-05T19:00:00Z",
    ),
    (
        "2027-03-01T00:00Z",
        "2027-03-06T19:00:01Z",
        "concerts[1].cancel_until: 2027-03-06T19:00:01Z is after the concert starts, 2027-03-06T19:00:00Z",
    ),
    ("EUR", "EURO", "concerts[0].currency: \"EURO\" is not an ISO 4217 currency code"),
    (
        "\"hold_seconds\": 60",
        "\"hold_seconds\": 4",
        "concerts[1].hold_seconds: 4 is not between 5 and 86400",
    ),
    (
        "\"max_seats_per_user\": 2",
        "\"max_seats_per_user\": 0",
        "concerts[1].max_seats_per_user: 0 is not between 1 and 1000",
    ),
    (
        "\"closes_at\"",
        "\"close_at\"",
        "concerts[1].sale.close_at: unknown field `close_at`, expected `opens_at` or `closes_at`",
    ),
    (
        "\"merchant\"",
        "\"nobody\"",
        "concerts[1].confirm: unknown variant `nobody`, expected `buyer` or `merchant`",
    ),
    (
        "4500",
        "45.5",
        "concerts[0].prices.Stalls: invalid type: floating point `45.5`, expected a whole number between 0 and 4294967295",
    ),
    (
        "4500",
        "-1",
        "concerts[0].prices.Stalls: invalid value: integer `-1`, expected a whole number between 0 and 4294967295",
    ),
    ("\"Box\": 9000", "\"Stalls\": 9000", "concerts[0].prices: duplicate \"Stalls\""),
    ("\"currency\": \"EUR\", ", "", "concerts[0].currency: is missing"),
];

#[test]
fn each_mistake_is_named_where_it_is() {
    for (from, to, expected) in MISTAKES {
        let found = mistakes(from, to);
        assert!(
            found.iter().any(|line| line.split(" (line ").next() == Some(expected)),
            "{expected}\n{found:#?}"
        );
    }
    let nothing = parse(br#"{"concerts": []}"#).unwrap_err();
    assert_eq!(lines(&nothing), ["concerts: is empty"]);
}

#[test]
fn a_wrong_time_shows_both_ways_of_writing_one() {
    let found = mistakes("2027-03-05T20:00[Europe/Paris]", "2027-03-05 20:00");
    let expected = "concerts[0].starts_at: \"2027-03-05 20:00\" is not a time: expected \
                    2027-03-05T20:00:00+01:00 or 2027-03-05T20:00[Europe/Paris]";
    assert!(found[0].starts_with(expected), "{found:#?}");
}

#[test]
fn a_new_concert_is_on_the_newest_version_unless_it_names_one() {
    let maps = [map("Hall", 1), map("Hall", 2)];
    let concerts = stored(&maps);
    assert_eq!(concerts[0].seat_map, maps[1].id);
    assert_eq!(concerts[1].seat_map, maps[0].id);
    assert_eq!(concerts[0].price_minor_by_category, [4500, 9000]);
}

#[test]
fn the_same_file_again_changes_nothing_even_when_the_map_has_a_new_version() {
    let mut maps = vec![map("Hall", 1)];
    let before = stored(&maps);
    maps.push(map("Hall", 2));
    let resolved = resolve(parse(SEASON.as_bytes()).unwrap(), &maps, &before, &[]).unwrap();
    assert_eq!((resolved.new, resolved.changed, resolved.unchanged), (0, 0, 2));
}

#[test]
fn another_title_is_a_change_and_keeps_who_the_concert_is() {
    let maps = [map("Hall", 1)];
    let before = stored(&maps);
    let text = SEASON.replace("First Night", "Another Night");
    let resolved = resolve(parse(text.as_bytes()).unwrap(), &maps, &before, &[]).unwrap();
    assert_eq!((resolved.new, resolved.changed, resolved.unchanged), (0, 1, 1));
    assert_eq!(resolved.concerts[0].id, before[0].id);
    assert_eq!(resolved.concerts[0].title, "Another Night");
}

#[test]
fn what_does_not_fit_the_seat_maps_is_named_where_it_is() {
    let (hall, newer, other) = (map("Hall", 1), map("Hall", 2), map("Arena", 1));
    let on_hall = stored(std::slice::from_ref(&hall));
    let maps = [other, hall, newer];
    let refusal = |from: &str, to: &str, before: &[Concert]| {
        let text = SEASON.replacen(from, to, 1);
        lines(&resolve(parse(text.as_bytes()).unwrap(), &maps, before, &[]).unwrap_err())
    };
    assert_eq!(
        refusal("\"seat_map\": \"Hall\"", "\"seat_map\": \"Barn\"", &[]),
        ["concerts[0].seat_map: there is no seat map \"Barn\": import it first"]
    );
    assert_eq!(
        refusal("\"seat_map_version\": 1", "\"seat_map_version\": 9", &[]),
        ["concerts[1].seat_map_version: \"Hall\" has no version 9"]
    );
    assert_eq!(
        refusal("\"seat_map_version\": 1", "\"seat_map_version\": 2", &on_hall),
        [
            "concerts[1].seat_map_version: 2, but the concert is on 1: a concert keeps its seat map version for life"
        ]
    );
    assert_eq!(
        refusal("\"seat_map\": \"Hall\"", "\"seat_map\": \"Arena\"", &on_hall),
        [
            "concerts[0].seat_map: \"Arena\", but the concert is on \"Hall\": a concert keeps its seat map version for life"
        ]
    );
    let nobody = "00000000-0000-7000-8000-000000000000";
    let named = format!("\"organiser_id\": \"{nobody}\", \"currency\"");
    let said = format!("concerts[0].organiser_id: no user has the id {nobody}");
    assert_eq!(refusal("\"currency\"", &named, &[]), [said]);
    assert_eq!(
        refusal("\"Box\": 0", "\"Pit\": 0", &[]),
        [
            "concerts[1].prices: no price for \"Box\", a category of \"Hall\" version 1",
            "concerts[1].prices: \"Pit\" is not a category of \"Hall\" version 1",
        ]
    );
}
