use proptest::collection::vec;
use proptest::prelude::*;

use crate::domain::area::Area;
use crate::domain::limits::MISTAKES_NAMED_MAX;
use crate::domain::seat_map::{Category, Layout, Row, Seat, Section};

use super::super::json;
use super::*;

/// Two zones, two rows, three seats; with keys that editors add, numbers for labels, a stage.
const HOUSE: &str = r##"{
  "name": "Little House",
  "size": {"width": 200, "height": 100.5},
  "categories": [{"name": "Stalls", "color": "#ABCDEF"}, {"name": "Box"}],
  "zones": [
    {"name": "Floor", "zone_id": "f", "uuid": "1", "position": {"x": 10, "y": 20}, "rows": [
      {"row_number": "A", "row_label": "Row %s", "seat_label": null, "row_number_position": "both",
       "position": {"x": 5, "y": 5}, "seats": [
        {"seat_guid": "A-1", "seat_number": "1", "uuid": "2", "radius": 10,
         "start_direction": "<>", "position": {"x": 0.25, "y": 0}, "category": "Stalls"},
        {"seat_guid": "A-2", "seat_number": 2, "position": {"x": 20, "y": 1}, "category": "Box"}
      ]},
      {"row_number": "empty", "seats": []}
    ], "areas": [{"shape": "rectangle", "rectangle": {"width": 3, "height": 4}, "text": {}}]},
    {"position": {"x": 0, "y": 0}, "rows": [], "areas": [{"shape": "circle"}]},
    {"position": {"x": 0, "y": 0}, "rows": [
      {"row_number": 7, "seats": [
        {"seat_guid": "7-1", "seat_number": "1", "position": {"x": 1, "y": 90}, "category": "Box"}
      ]}
    ]}
  ]
}"##;

fn read(text: &str) -> Result<SeatingPlan, Vec<String>> {
    let parsed = json::kind(text.as_bytes()).and_then(|kind| parse(text.as_bytes(), kind));
    parsed.map_err(|mistakes| {
        let mut lines: Vec<_> = mistakes.named().iter().map(ToString::to_string).collect();
        if mistakes.more() > 0 {
            lines.push(format!("and {} more", mistakes.more()));
        }
        lines
    })
}

/// The mistakes of the house with one text of it replaced.
fn mistakes(from: &str, to: &str) -> Vec<String> {
    assert!(HOUSE.contains(from), "{from}");
    read(&HOUSE.replacen(from, to, 1)).expect_err("the plan should be refused")
}

#[test]
fn a_plan_with_an_editors_own_keys_becomes_a_layout() {
    let plan = read(HOUSE).unwrap();
    let layout = plan.layout;
    assert_eq!((plan.name.as_str(), layout.size), ("Little House", (200.0, 100.5)));
    assert_eq!(layout.categories[0].color, "#abcdef");
    let sections: Vec<_> =
        layout.sections.iter().map(|one| (&*one.name, one.rows.clone())).collect();
    assert_eq!(sections, [("Floor", 0..1), ("Zone 3", 1..2)]);
    let rows: Vec<_> = layout.rows.iter().map(|row| (&*row.label, row.seats.clone())).collect();
    assert_eq!(rows, [("A", 0..2), ("7", 2..3)]);
    let seats: Vec<_> =
        layout.seats.iter().map(|seat| (&*seat.id, &*seat.label, seat.category)).collect();
    assert_eq!(seats, [("A-1", "1", 0), ("A-2", "2", 1), ("7-1", "1", 1)]);
    assert_eq!((layout.seats[0].x, layout.seats[0].y), (15.25, 25.0));
}

#[test]
fn a_plan_as_the_api_answers_it_is_the_same_plan_and_its_paths_begin_with_layout() {
    let wrapped = format!(r#"{{"id": 4, "name": "Little House", "layout": {HOUSE}}}"#);
    assert_eq!(read(&wrapped).unwrap(), read(HOUSE).unwrap());
    let wrong = wrapped.replace("7-1", "A-1");
    assert_eq!(
        read(&wrong).unwrap_err(),
        [
            "layout.zones[2].rows[0].seats[0].seat_guid: duplicate \"A-1\", first in layout.zones[0].rows[0].seats[0]"
        ]
    );
}

#[test]
fn a_plan_without_a_size_is_as_large_as_its_seats_need() {
    let plan = read(&HOUSE.replace(r#""size": {"width": 200, "height": 100.5},"#, "")).unwrap();
    assert_eq!(plan.layout.size, (36.0, 115.0));
}

#[test]
fn each_mistake_is_named_where_it_is() {
    let cases: [(&str, &str, &str); 14] = [
        ("Little House", " ", "name: is empty"),
        ("Little House", "A\\u0007", "name: \"A\\u{7}\" has a control character in it"),
        ("200", "0", "size.width: 0 is not between 0 and 1000000"),
        (
            "\"Box\"}",
            "\"Stalls\"}",
            "categories[1].name: duplicate \"Stalls\", first in categories[0]",
        ),
        (
            "#ABCDEF",
            "#ABCDE",
            "categories[0].color: \"#ABCDE\" is not a colour: write it as #rrggbb",
        ),
        ("\"Floor\"", "\"\"", "zones[0].name: is empty"),
        (
            "{\"x\": 10,",
            "{\"x\": 1e300,",
            "zones[0].position: (1e300, 20.0) is more than 1000000 from the origin",
        ),
        ("\"row_number\": \"A\"", "\"row_number\": \"\"", "zones[0].rows[0].row_number: is empty"),
        (
            "7-1",
            "A-1",
            "zones[2].rows[0].seats[0].seat_guid: duplicate \"A-1\", first in zones[0].rows[0].seats[0]",
        ),
        (
            "\"A-1\"",
            "\"\\u0000\"",
            "zones[0].rows[0].seats[0].seat_guid: \"\\0\" has a control character in it",
        ),
        (
            "\"category\": \"Stalls\"",
            "\"category\": \"stalls\"",
            "zones[0].rows[0].seats[0].category: unknown category \"stalls\"",
        ),
        (
            "\"seat_number\": 2",
            "\"seat_number\": true",
            "zones[0].rows[0].seats[1].seat_number: invalid type: boolean `true`, expected a string or a whole number (line 11, column 48)",
        ),
        (
            "\"seat_guid\": \"A-2\", ",
            "",
            "zones[0].rows[0].seats[1].seat_guid: is missing (line 11, column 76)",
        ),
        (
            "{\"x\": 20,",
            "{\"x\": \"20\",",
            "zones[0].rows[0].seats[1].position.x: invalid type: string \"20\", expected a number (line 11, column 69)",
        ),
    ];
    for (from, to, expected) in cases {
        let found = mistakes(from, to);
        assert!(found.iter().any(|line| line == expected), "{expected}\n{found:#?}");
    }
}

#[test]
fn texts_that_are_too_long_say_by_how_much() {
    let long = "x".repeat(201);
    assert_eq!(
        mistakes("7-1", &long),
        ["zones[2].rows[0].seats[0].seat_guid: has 201 characters, 200 is the most"]
    );
}

#[test]
fn what_is_no_plan_says_what_it_is_instead() {
    let cases = [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("{\"zones\": [}", "not JSON: expected value at line 1 column 12"),
        ("{\"zones\": [1e999]}", "not JSON: number out of range at line 1 column 16"),
        ("[]", "not a JSON object"),
        ("{}", "neither a seat map, which has `zones`, nor concerts, which have `concerts`"),
        (
            "{\"zones\": [], \"concerts\": []}",
            "only one of `zones`, `layout` and `concerts` can be there: seat maps and concerts are files of their own",
        ),
        ("{\"zones\": []}", "name: is missing (line 1, column 13)"),
        (
            "{\"name\": \"N\", \"categories\": [], \"zones\": []}",
            "zones: has no seats and no areas with a capacity",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).unwrap_err(), [expected], "{text}");
    }
}

#[test]
fn a_mistake_made_everywhere_is_named_twenty_times_and_counted() {
    let seat = |n: usize| {
        format!(
            r#"{{"seat_guid": "S-{n}", "seat_number": 1, "position": {{"x": {n}, "y": 0}}, "category": "Lost"}}"#
        )
    };
    let seats: Vec<_> = (0..50).map(seat).collect();
    let plan = format!(
        r#"{{"name": "N", "categories": [], "zones": [{{"rows": [{{"row_number": 1, "seats": [{}]}}]}}]}}"#,
        seats.join(",")
    );
    let found = read(&plan).unwrap_err();
    assert_eq!(found.len(), MISTAKES_NAMED_MAX + 1);
    assert_eq!(found[19], "zones[0].rows[0].seats[19].category: unknown category \"Lost\"");
    assert_eq!(found[20], "and 30 more");
}

/// The house with a floor to stand on.
fn with_floor(floor: &str) -> String {
    HOUSE.replacen(r#"{"shape": "rectangle""#, &format!(r#"{floor}, {{"shape": "rectangle""#), 1)
}

const FLOOR: &str = r#"{"area_guid": "F", "capacity": 40, "category": "Box", "shape": "circle",
    "position": {"x": 1, "y": 2}, "circle": {"radius": 5}, "text": {"text": "Pit"}}"#;

#[test]
fn an_area_with_a_capacity_is_where_people_stand_and_any_other_is_scenery() {
    let layout = read(&with_floor(FLOOR)).unwrap().layout;
    let [area] = &*layout.areas else { panic!("{:?}", layout.areas) };
    assert_eq!((&*area.id, &*area.name, area.section), ("F", "Pit", 0));
    assert_eq!((area.category, area.capacity), (1, 40));
    assert_eq!((area.outline.len(), area.outline[0]), (32, (16.0, 22.0)));
}

#[test]
fn a_house_may_have_nothing_but_areas() {
    let plan = format!(
        r#"{{"name": "Cellar", "categories": [{{"name": "Box"}}],
            "zones": [{{"name": "Floor", "rows": [], "areas": [{FLOOR}]}}]}}"#
    );
    let layout = read(&plan).unwrap().layout;
    assert_eq!((layout.seats.len(), layout.areas.len(), layout.sections.len()), (0, 1, 1));
    assert_eq!(layout.size.1, 7.0, "as large as its areas need");
}

#[test]
fn what_is_wrong_with_an_area_is_told_where_it_stands() {
    let area = "zones[0].areas[0]";
    for (from, to, what) in [
        (r#""area_guid": "F", "#, "", "area_guid: is missing: an area with a capacity needs an id"),
        (r#""F""#, r#""""#, "area_guid: is empty"),
        ("40", "0", "capacity: is 0: an area for nobody"),
        (
            r#""category": "Box", "#,
            "",
            "category: is missing: an area with a capacity needs a category",
        ),
        (r#""Box""#, r#""Lost""#, "category: unknown category \"Lost\""),
    ] {
        let found = read(&with_floor(&FLOOR.replacen(from, to, 1))).unwrap_err();
        assert_eq!(found, [format!("{area}.{what}")]);
    }
    let twice = read(&with_floor(&format!("{FLOOR}, {FLOOR}"))).unwrap_err();
    assert_eq!(
        twice,
        [r#"zones[0].areas[1].area_guid: duplicate "F", first in zones[0].areas[0]"#]
    );
    let many = read(&with_floor(&FLOOR.replacen("40", "1000001", 1))).unwrap_err();
    assert_eq!(many, ["zones: 1000001 places in areas are too many, 1000000 is the most"]);
    let shape = read(&with_floor(&FLOOR.replacen("40", r#""many""#, 1))).unwrap_err();
    assert!(shape[0].starts_with("zones[0].areas[0]: capacity: invalid type"), "{shape:?}");
    let far = read(&with_floor(&FLOOR.replacen("5}", "1e9}", 1))).unwrap_err();
    assert!(far[0].starts_with("zones[0].areas[0]: ("), "{far:?}");
}

#[test]
fn the_checksum_follows_the_layout_and_nothing_else() {
    let same = HOUSE.replace("\"radius\": 10,", "").replace("Little House", "Other");
    let moved = HOUSE.replace("0.25", "0.5");
    let checksum = |text: &str| read(text).unwrap().checksum;
    assert_eq!(checksum(HOUSE), checksum(&same));
    assert_ne!(checksum(HOUSE), checksum(&moved));
    let accessible =
        HOUSE.replacen("{\"name\": \"Box\"}", "{\"name\": \"Box\", \"accessible\": true}", 1);
    assert_ne!(checksum(HOUSE), checksum(&accessible));
}

#[test]
fn a_seat_is_accessible_if_it_says_so_or_else_if_its_category_does() {
    let accessible = |text: &str| -> Vec<_> {
        read(text).unwrap().layout.seats.iter().map(|seat| seat.accessible).collect()
    };
    assert_eq!(accessible(HOUSE), [false, false, false]);
    let category =
        HOUSE.replacen("{\"name\": \"Box\"}", "{\"name\": \"Box\", \"accessible\": true}", 1);
    assert_eq!(accessible(&category), [false, true, true]);
    let stairs = category.replacen(
        "\"seat_guid\": \"A-2\"",
        "\"accessible\": false, \"seat_guid\": \"A-2\"",
        1,
    );
    let ramp = stairs.replacen(
        "\"seat_guid\": \"A-1\"",
        "\"accessible\": true, \"seat_guid\": \"A-1\"",
        1,
    );
    assert_eq!(accessible(&ramp), [true, false, true]);
}

/// A layout from sections of rows of seats, each seat a category and a place.
fn layout(sections: Vec<Vec<Vec<(u16, f32, f32)>>>) -> Layout {
    let category = |n| Category { name: format!("category {n}"), color: "#00ff00".to_owned() };
    let mut layout = Layout {
        size: (500.0, 400.25),
        categories: (0..3).map(category).collect(),
        ..Layout::default()
    };
    for (number, rows) in sections.into_iter().enumerate() {
        let first_row = layout.rows.len() as u32;
        for seats in rows {
            let first_seat = layout.seats.len() as u32;
            for (category, x, y) in seats {
                let id = format!("{}-é\"", layout.seats.len()).into();
                let label = layout.seats.len().to_string().into();
                let (x, y) = (x + 0.0, y + 0.0);
                let accessible = layout.seats.len().is_multiple_of(3);
                layout.seats.push(Seat { id, label, category, x, y, accessible });
            }
            let seats = first_seat..layout.seats.len() as u32;
            layout.rows.push(Row { label: "A".to_owned(), seats });
        }
        let rows = first_row..layout.rows.len() as u32;
        if number % 2 == 1 {
            layout.areas.push(Area {
                id: format!("area {number}").into(),
                name: "Pit".to_owned(),
                section: number as u32,
                category: 1,
                capacity: 300,
                outline: vec![(1.5, 2.0), (3.0, 2.0), (3.0, 4.25)],
            });
        }
        layout.sections.push(Section { name: format!("Section {number}"), rows });
    }
    layout
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_the_same(
        sections in vec(vec(vec((0_u16..3, -1e6_f32..1e6, -1e6_f32..1e6), 1..6), 1..5), 1..5)
    ) {
        let layout = layout(sections);
        let text = String::from_utf8(write("House", &layout).unwrap()).unwrap();
        let plan = read(&text).unwrap();
        prop_assert_eq!(plan.checksum, checksum::of(&layout));
        prop_assert_eq!(plan.layout, layout);
    }

    #[test]
    fn bytes_of_any_kind_are_refused_and_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        prop_assert!(json::kind(&bytes).and_then(|kind| parse(&bytes, kind)).is_err());
    }
}
