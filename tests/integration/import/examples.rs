//! The examples that come with the project.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use frontrow::catalogue::Catalogue;
use frontrow::catalogue::import::{Kind, import_bytes, seating_plan};
use frontrow::domain::best_available::{Wish, WishText, choose};
use frontrow::domain::concert::SaleState;
use frontrow::domain::ids::{ConcertId, SeatMapId};
use frontrow::domain::seat_map::SeatMap;
use frontrow::domain::seat_set::SeatSet;
use jiff::Timestamp;

use super::fixture::{count, import_example, pool, printed};

#[tokio::test]
async fn the_examples_are_a_season_in_five_houses() {
    let pool = pool().await;
    let cellar = import_example(&pool, "cellar.json").await;
    let room = "460 standing in 2 sections, 2 categories";
    assert_eq!(cellar, format!("seat map \"Copper Cellar\" version 1: {room}"));
    let club = import_example(&pool, "club.json").await;
    assert_eq!(club, "seat map \"Lantern Club\" version 1: 350 seats in 5 sections, 5 categories");
    let theatre = import_example(&pool, "theatre.json").await;
    assert_eq!(
        theatre,
        "seat map \"Meridian Theatre\" version 1: 2000 seats in 5 sections, 7 categories"
    );
    let arena = import_example(&pool, "arena.json").await;
    assert_eq!(
        arena,
        "seat map \"Northlight Arena\" version 1: 20000 seats in 65 sections, 6 categories"
    );

    let plan = printed("make_seat_maps.py", "stadium");
    let began = Instant::now();
    let stadium = import_bytes(&pool, "stadium", plan).await.unwrap().to_string();
    let took = began.elapsed();
    println!("the stadium's import took {took:?}");
    assert!(took < Duration::from_secs(20), "{took:?} even for an unoptimised build");
    assert_eq!(
        stadium,
        "seat map \"Harbour Stadium\" version 1: 90000 seats in 199 sections, 7 categories"
    );

    assert_eq!(import_example(&pool, "season.json").await, "250 concerts: 250 new");
    assert_eq!(import_example(&pool, "season.json").await, "250 concerts: 250 unchanged");
    assert!(count(&pool, "SELECT count(DISTINCT partition) FROM concerts").await == 16);

    let catalogue = Catalogue::new(pool.clone());
    let opening = catalogue.performance(ConcertId::from_slug("opening-night")).await;
    let opening = opening.unwrap().unwrap();
    assert_eq!(opening.map.capacity(), 2000);
    let day: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    assert_eq!(opening.concert.sale_state(day), SaleState::Open);

    let began = Instant::now();
    let query = "SELECT concert.id FROM concerts AS concert JOIN seat_maps AS map \
                 ON map.id = seat_map_id WHERE capacity = 90000 LIMIT 1";
    let id: uuid::Uuid = sqlx::query_scalar(query).fetch_one(&pool).await.unwrap();
    let stadium = catalogue.performance(ConcertId(id)).await.unwrap().unwrap();
    println!("the stadium's map took {:?} to load", began.elapsed());
    assert_eq!(stadium.map.capacity(), 90_000);
    assert!(stadium.map.seats.iter().all(|seat| stadium.map.number_of(&seat.id).is_some()));
}

#[test]
fn the_committed_houses_are_what_their_script_makes() {
    for name in ["cellar", "club", "theatre", "arena"] {
        let committed = std::fs::read(super::fixture::example(&format!("{name}.json"))).unwrap();
        assert!(printed("make_seat_maps.py", name) == committed, "{name}.json is out of date");
    }
}

/// The map of a house; it is made once, for all tests that ask.
fn map(house: &'static str) -> Arc<SeatMap> {
    static MAPS: Mutex<BTreeMap<&str, Arc<SeatMap>>> = Mutex::new(BTreeMap::new());
    let mut maps = MAPS.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || {
        let plan = printed("make_seat_maps.py", house);
        let plan = seating_plan::parse(&plan, Kind::SeatingPlan).unwrap();
        SeatMap::new(SeatMapId::new(), plan.name, 1, plan.checksum, plan.layout).into()
    };
    maps.entry(house).or_insert_with(make).clone()
}

#[test]
fn in_every_house_the_best_seats_are_before_the_middle_of_the_stage() {
    // The stage's left, right and front edge, and how far from it the best seats may be.
    for (house, (left, right), front, depth) in [
        ("club", (260.0, 660.0), 160.0, 250.0),
        ("theatre", (1_030.0, 1_470.0), 190.0, 250.0),
        ("arena", (1_850.0, 2_750.0), 630.0, 300.0),
        ("stadium", (3_900.0, 5_300.0), 3_820.0, 300.0),
    ] {
        let map = map(house);
        let free = SeatSet::all(map.capacity());
        for quantity in [1, 2, 4] {
            let text = WishText { quantity, ..WishText::default() };
            let wish = Wish::new(&map, &text).unwrap();
            for seed in 0..20 {
                let choice = choose(&map, &free, &wish, seed).unwrap();
                for seat in choice.seats.iter().map(|seat| map.seat(*seat)) {
                    let (x, y) = (seat.x, seat.y);
                    let good = (left..=right).contains(&x) && (front..=front + depth).contains(&y);
                    assert!(good, "{house}: {} at ({x}, {y})", seat.id);
                }
            }
        }
    }
}

#[test]
fn the_rows_of_the_houses_are_cut_by_their_aisles_and_by_nothing_else() {
    let runs = |house: &'static str, section: &str| -> Vec<Vec<usize>> {
        let map = map(house);
        let section = map.sections.iter().position(|one| one.name == section).unwrap();
        let rows = map.sections[section].rows.clone();
        let of_row = |row: u32| {
            let runs = map.runs().iter().filter(|run| run.row == row);
            runs.map(|run| run.seats.len()).collect()
        };
        rows.map(of_row).collect()
    };
    assert!(runs("theatre", "Stalls")[..20].iter().all(|row| row.len() == 3), "two aisles");
    assert!(runs("theatre", "Upper circle")[..5].iter().all(|row| row.len() == 4));
    assert!(runs("theatre", "Boxes left").iter().all(|row| row == &[4]), "a box is one party's");
    assert!(runs("club", "Tables").iter().all(|row| row == &[4]), "and so is a table");
    assert_eq!(runs("club", "Stalls")[0], [11, 11]);
    assert_eq!(runs("club", "Gallery")[1], [27], "wide places and narrow ones");
    assert!(runs("stadium", "Section 112").iter().all(|row| row.len() == 1));
    assert!(runs("arena", "Floor A2").iter().all(|row| row == &[16]));
}

#[tokio::test]
async fn the_examples_of_the_documentation_can_be_imported() {
    let pool = pool().await;
    let documentation = include_str!("../../../docs/import.md");
    let mut reports = Vec::new();
    for block in documentation.split("```json").skip(1) {
        let text = block.split("```").next().unwrap();
        reports.push(super::fixture::import(&pool, text).await.unwrap());
    }
    assert_eq!(
        reports,
        [
            "seat map \"Little House\" version 1: 2 seats and 120 standing in 1 section, 2 categories",
            "1 concert: 1 new",
        ]
    );
}
