//! What choosing the best seats of a stadium costs: in an empty house, and when it is nearly full.
//! `cargo bench --bench choose` prints the figures. It needs no store, only Python, which draws the
//! stadium.
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has nothing to print")]

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use frontrow::catalogue::import::{Kind, seating_plan};
use frontrow::domain::best_available::{Wish, WishText, choose};
use frontrow::domain::ids::SeatMapId;
use frontrow::domain::place::Place;
use frontrow::domain::seat::SeatNumber;
use frontrow::domain::seat_map::SeatMap;
use frontrow::domain::seat_set::SeatSet;

/// Choices of which the median and the slowest of a hundred are printed.
const CHOICES: u64 = 1_000;

fn main() {
    for house in ["club", "theatre", "arena", "stadium"] {
        let map = map(house);
        let started = Instant::now();
        let focus = map.ranking().focus;
        let took = started.elapsed();
        let capacity = map.capacity();
        println!(
            "{house}: {capacity} seats looking at ({:.0}, {:.0}), ranked in {took:?}",
            focus.x, focus.y
        );
        let free = SeatSet::all(capacity);
        print(&map, "empty, 2 seats", &free, &wish(2));
        if house == "stadium" {
            measure_states(&map);
        }
    }
}

fn measure_states(map: &SeatMap) {
    let free = SeatSet::all(map.capacity());
    let split = |quantity| WishText { may_split: true, ..wish(quantity) };
    let section = Some("Section 339".to_owned());
    print(map, "empty, 20 seats", &free, &wish(20));
    print(map, "empty, 2 seats of a section", &free, &WishText { section, ..wish(2) });
    let category = Some("Upper tier".to_owned());
    print(map, "empty, 2 seats of a category", &free, &WishText { category, ..wish(2) });
    let accessible = WishText { accessible: true, ..wish(2) };
    print(map, "empty, 2 accessible seats", &free, &accessible);
    print(map, "every second seat free, 1 seat", &every(map, 2), &wish(1));
    print(map, "every second seat free, 2 seats: none", &every(map, 2), &wish(2));
    print(map, "every second seat free, 4 split", &every(map, 2), &split(4));
    print(map, "every second seat free, 20 split", &every(map, 2), &split(20));
    let mut last = SeatSet::none(map.capacity());
    [89_500, 89_501].into_iter().for_each(|seat| last.add(SeatNumber(seat)));
    print(map, "two seats free, 2 seats", &last, &wish(2));
    print(map, "two seats free, 3 seats: none", &last, &wish(3));
    print(map, "no seat free", &SeatSet::none(map.capacity()), &split(2));
}

fn print(map: &SeatMap, what: &str, free: &SeatSet, text: &WishText) {
    let wish = Wish::new(map, text).unwrap();
    let mut times = Vec::new();
    for seed in 0..CHOICES {
        let started = Instant::now();
        black_box(choose(map, black_box(free), &wish, seed));
        times.push(started.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_unstable_by(f64::total_cmp);
    let (median, slow) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    let chosen = choose(map, free, &wish, 0);
    let seat = |seat: &SeatNumber| {
        let Place { section, row, seat } = map.place(*seat);
        format!("{} {}-{}", section.name, row.label, seat.label)
    };
    let chosen = chosen.and_then(|choice| choice.seats.first().map(seat)).unwrap_or("none".into());
    println!("  {what:40} median {median:8.1} µs   p99 {slow:8.1} µs   {chosen}");
}

fn every(map: &SeatMap, step: u32) -> SeatSet {
    let mut free = SeatSet::none(map.capacity());
    (0..map.capacity()).step_by(step as usize).for_each(|seat| free.add(SeatNumber(seat)));
    free
}

fn wish(quantity: u32) -> WishText {
    WishText { quantity, ..WishText::default() }
}

fn map(house: &str) -> SeatMap {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/make_seat_maps.py");
    let drawn = Command::new("python3").arg(script).arg(house).output().unwrap();
    let plan = seating_plan::parse(&drawn.stdout, Kind::SeatingPlan).unwrap();
    SeatMap::new(SeatMapId::new(), plan.name, 1, plan.checksum, plan.layout)
}
