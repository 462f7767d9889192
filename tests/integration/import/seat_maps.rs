//! Seat maps: versions, and all or nothing.

use frontrow::domain::ids::SeatMapId;
use frontrow::ledger::seat_maps;
use sqlx::PgPool;
use uuid::Uuid;

use super::fixture::{count, house, import, pool};

async fn newest(pool: &PgPool) -> SeatMapId {
    let query = "SELECT id FROM seat_maps ORDER BY version DESC LIMIT 1";
    let id: Uuid = sqlx::query_scalar(query).fetch_one(pool).await.unwrap();
    SeatMapId(id)
}

#[tokio::test]
async fn a_map_is_stored_whole_and_read_back_the_same() {
    let pool = pool().await;
    let report = import(&pool, &house("Hall", 3, 4)).await.unwrap();
    assert_eq!(report, "seat map \"Hall\" version 1: 12 seats in 3 sections, 2 categories");

    let map = seat_maps::load(&pool, newest(&pool).await).await.unwrap().unwrap();
    assert_eq!((map.name.as_str(), map.version, map.size), ("Hall", 1, (500.0, 500.0)));
    assert_eq!(map.categories[0].color, "#aa0000");
    let sections: Vec<_> = map.sections.iter().map(|one| (&*one.name, map.seats_of(one))).collect();
    assert_eq!(sections, [("Section 1", 0..4), ("Section 2", 4..8), ("Section 3", 8..12)]);
    let seat = map.seat(map.number_of("2-3").unwrap());
    assert_eq!((&*seat.label, seat.category, seat.x, seat.y), ("3", 1, 13.0, 60.0));
    assert!(map.seats.iter().all(|seat| !seat.accessible));
    assert_eq!(seat_maps::load(&pool, SeatMapId::new()).await.unwrap().map(|map| map.id), None);
}

#[tokio::test]
async fn accessible_seats_are_stored_and_make_another_version() {
    let pool = pool().await;
    let plain = house("Hall", 1, 4);
    import(&pool, &plain).await.unwrap();
    let accessible = plain.replace(r#""name":"Box""#, r#""accessible":true,"name":"Box""#);
    let report = import(&pool, &accessible).await.unwrap();
    assert_eq!(report, "seat map \"Hall\" version 2: 4 seats in 1 section, 2 categories");
    let map = seat_maps::load(&pool, newest(&pool).await).await.unwrap().unwrap();
    let accessible: Vec<_> = map.seats.iter().map(|seat| seat.accessible).collect();
    assert_eq!(accessible, [true, false, true, false]);
}

#[tokio::test]
async fn the_same_map_again_is_the_same_version_and_another_layout_the_next() {
    let pool = pool().await;
    import(&pool, &house("Hall", 1, 4)).await.unwrap();
    let first = newest(&pool).await;
    let again = import(&pool, &house("Hall", 1, 4)).await.unwrap();
    assert_eq!(again, "seat map \"Hall\" version 1 unchanged: 4 seats in 1 section, 2 categories");
    let other = import(&pool, &house("Hall", 2, 4)).await.unwrap();
    assert_eq!(other, "seat map \"Hall\" version 2: 8 seats in 2 sections, 2 categories");
    let back = import(&pool, &house("Hall", 1, 4)).await.unwrap();
    assert_eq!(back, "seat map \"Hall\" version 3: 4 seats in 1 section, 2 categories");
    let untouched = seat_maps::load(&pool, first).await.unwrap().unwrap();
    assert_eq!((untouched.version, untouched.capacity()), (1, 4));
}

#[tokio::test]
async fn a_map_imported_by_many_at_once_is_there_once() {
    let pool = pool().await;
    let import_it = || {
        let pool = pool.clone();
        tokio::spawn(async move { import(&pool, &house("Hall", 4, 50)).await.unwrap() })
    };
    let tasks: Vec<_> = (0..8).map(|_| import_it()).collect();
    let mut unchanged = 0;
    for task in tasks {
        unchanged += usize::from(task.await.unwrap().contains("version 1 unchanged"));
    }
    assert_eq!(unchanged, 7);
    assert_eq!(count(&pool, "SELECT count(*) FROM seat_maps").await, 1);
    assert_eq!(count(&pool, "SELECT count(*) FROM seats").await, 200);
}

#[tokio::test]
async fn different_layouts_imported_at_once_are_versions_without_a_gap() {
    let pool = pool().await;
    let import_it = |seats| {
        let pool = pool.clone();
        tokio::spawn(async move { import(&pool, &house("Hall", 1, seats)).await.unwrap() })
    };
    let tasks: Vec<_> = (1..=6).map(import_it).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let versions: Vec<i32> = sqlx::query_scalar("SELECT version FROM seat_maps ORDER BY version")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(versions, [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn a_refused_map_leaves_nothing_and_names_each_mistake_on_a_line() {
    let pool = pool().await;
    let text = house("Hall", 2, 2).replace("2-1", "1-1").replace("\"#aa0000\"", "\"#aa\"");
    assert_eq!(
        import(&pool, &text).await.unwrap_err(),
        "FILE: categories[0].color: \"#aa\" is not a colour: write it as #rrggbb\n\
         FILE: zones[1].rows[0].seats[0].seat_guid: duplicate \"1-1\", first in zones[0].rows[0].seats[0]"
    );
    assert_eq!(count(&pool, "SELECT count(*) FROM seat_maps").await, 0);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_named() {
    let pool = pool().await;
    let missing = std::path::Path::new("no/such/file.json");
    let error = frontrow::catalogue::import::import_file(&pool, missing).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no/such/file.json: cannot be read: No such file or directory (os error 2)"
    );
}
