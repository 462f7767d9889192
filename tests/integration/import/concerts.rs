//! Concerts: new, changed, unchanged and refused.

use std::time::Duration;

use frontrow::domain::ids::{ConcertId, UserId};
use frontrow::ledger::concerts;
use sqlx::PgPool;
use sqlx::postgres::PgListener;

use super::fixture::{count, house, import, pool, season};

/// A database with the house that seasons play in.
async fn hall() -> PgPool {
    let pool = pool().await;
    import(&pool, &house("Hall", 2, 4)).await.unwrap();
    pool
}

async fn version(pool: &PgPool, slug: &str) -> u32 {
    let concert = concerts::load(pool, ConcertId::from_slug(slug)).await;
    concert.unwrap().unwrap().version
}

#[tokio::test]
async fn a_concert_is_stored_with_its_venue_and_prices() {
    let pool = hall().await;
    let report = import(&pool, &season(&["one", "two"])).await.unwrap();
    assert_eq!(report, "2 concerts: 2 new");
    let id = ConcertId::from_slug("one");
    let concert = concerts::load(&pool, id).await.unwrap().unwrap();
    assert_eq!((concert.id, concert.version), (id, 1));
    assert_eq!(concert.partition, id.partition(16));
    assert_eq!(concert.starts_at.to_string(), "2028-03-05T19:00:00Z");
    assert_eq!(concert.sale.closes_at, concert.starts_at);
    assert_eq!(concert.price_minor_by_category, [4500, 9000]);
    assert_eq!(concert.venue.time_zone, "Europe/Paris");
    assert_eq!(count(&pool, "SELECT count(*) FROM venues").await, 1);
    assert_eq!(concerts::load(&pool, ConcertId::from_slug("none")).await.unwrap(), None);
}

#[tokio::test]
async fn the_same_season_again_changes_nothing() {
    let pool = hall().await;
    import(&pool, &season(&["one", "two"])).await.unwrap();
    let again = import(&pool, &season(&["one", "two", "three"])).await.unwrap();
    assert_eq!(again, "3 concerts: 1 new, 2 unchanged");
    assert_eq!(version(&pool, "one").await, 1);
}

#[tokio::test]
async fn a_change_raises_the_version_and_is_announced_with_the_commit() {
    let pool = hall().await;
    import(&pool, &season(&["one", "two"])).await.unwrap();
    let mut listener = PgListener::connect_with(&pool).await.unwrap();
    listener.listen("concert_changed").await.unwrap();
    let dearer = season(&["one", "two"]).replacen("4500", "5000", 1);
    assert_eq!(import(&pool, &dearer).await.unwrap(), "2 concerts: 1 changed, 1 unchanged");

    let heard = tokio::time::timeout(Duration::from_secs(5), listener.recv()).await;
    let id = ConcertId::from_slug("one");
    assert_eq!(heard.unwrap().unwrap().payload(), id.to_string());
    let concert = concerts::load(&pool, id).await.unwrap().unwrap();
    assert_eq!((concert.version, concert.price_minor_by_category), (2, vec![5000, 9000]));
    assert_eq!(version(&pool, "two").await, 1);
}

#[tokio::test]
async fn a_venue_in_another_time_zone_changes_every_concert_there() {
    let pool = hall().await;
    import(&pool, &season(&["one", "two"])).await.unwrap();
    let moved =
        season(&["one"]).replace("\"time_zone\":\"Europe/Paris\"", "\"time_zone\":\"Europe/Rome\"");
    assert_eq!(import(&pool, &moved).await.unwrap(), "1 concert: 1 changed");
    assert_eq!((version(&pool, "one").await, version(&pool, "two").await), (2, 2));
}

#[tokio::test]
async fn one_concert_that_does_not_fit_keeps_out_all() {
    let pool = hall().await;
    let text = season(&["one", "two"]);
    let at = text.rfind("\"Box\"").unwrap();
    let text = format!("{}\"Pit\"{}", &text[..at], &text[at + 5..]);
    assert_eq!(
        import(&pool, &text).await.unwrap_err(),
        "FILE: concerts[1].prices: no price for \"Box\", a category of \"Hall\" version 1\n\
         FILE: concerts[1].prices: \"Pit\" is not a category of \"Hall\" version 1"
    );
    assert_eq!(count(&pool, "SELECT count(*) FROM concerts").await, 0);
    assert_eq!(count(&pool, "SELECT count(*) FROM venues").await, 0);
}

#[tokio::test]
async fn a_concert_keeps_its_seat_map_version_for_life() {
    let pool = hall().await;
    import(&pool, &season(&["one"])).await.unwrap();
    let before = concerts::load(&pool, ConcertId::from_slug("one")).await.unwrap();
    import(&pool, &house("Hall", 3, 4)).await.unwrap();
    import(&pool, &house("Arena", 3, 4)).await.unwrap();
    let after = concerts::load(&pool, ConcertId::from_slug("one")).await.unwrap();
    assert_eq!(before, after, "a new version of a map touches no concert");
    assert_eq!(import(&pool, &season(&["one"])).await.unwrap(), "1 concert: 1 unchanged");

    let newer = season(&["one"]).replace("\"seat_map\"", "\"seat_map_version\":2,\"seat_map\"");
    assert_eq!(
        import(&pool, &newer).await.unwrap_err(),
        "FILE: concerts[0].seat_map_version: 2, but the concert is on 1: \
         a concert keeps its seat map version for life"
    );
    let other = season(&["one"]).replace("\"seat_map\":\"Hall\"", "\"seat_map\":\"Arena\"");
    assert_eq!(
        import(&pool, &other).await.unwrap_err(),
        "FILE: concerts[0].seat_map: \"Arena\", but the concert is on \"Hall\": \
         a concert keeps its seat map version for life"
    );
    let fresh = import(&pool, &season(&["two"])).await.unwrap();
    assert_eq!(fresh, "1 concert: 1 new");
    let fresh = concerts::load(&pool, ConcertId::from_slug("two")).await.unwrap().unwrap();
    assert_ne!(fresh.seat_map, after.unwrap().seat_map, "a new concert is on the newest version");
}

#[tokio::test]
async fn a_concert_keeps_its_currency_for_life() {
    let pool = hall().await;
    import(&pool, &season(&["one"])).await.unwrap();
    let other = season(&["one"]).replace("\"EUR\"", "\"JPY\"");
    assert_eq!(
        import(&pool, &other).await.unwrap_err(),
        "FILE: concerts[0].currency: JPY, but the concert sells in EUR, and keeps to it for life"
    );
}

#[tokio::test]
async fn a_season_imported_by_many_at_once_is_there_once() {
    let pool = hall().await;
    let import_it = || {
        let pool = pool.clone();
        tokio::spawn(async move { import(&pool, &season(&["one", "two"])).await.unwrap() })
    };
    let tasks: Vec<_> = (0..6).map(|_| import_it()).collect();
    let mut reports = Vec::new();
    for task in tasks {
        reports.push(task.await.unwrap());
    }
    reports.sort();
    assert_eq!(reports[0], "2 concerts: 2 new");
    assert!(reports[1..].iter().all(|report| report == "2 concerts: 2 unchanged"));
    assert_eq!(version(&pool, "one").await, 1);
}

#[tokio::test]
async fn a_concert_stays_its_organisers_until_another_is_named() {
    let pool = hall().await;
    let [one, other] = [UserId::new(), UserId::new()];
    sqlx::query("INSERT INTO users (id) SELECT * FROM UNNEST($1::uuid[])")
        .bind([one.0, other.0])
        .execute(&pool)
        .await
        .unwrap();
    let of = |organiser: UserId| {
        let named = format!("\"organiser_id\":\"{organiser}\",\"slug\"");
        season(&["one"]).replace("\"slug\"", &named)
    };
    for (file, expected) in [(of(one), one), (season(&["one"]), one), (of(other), other)] {
        import(&pool, &file).await.unwrap();
        let concert = concerts::load(&pool, ConcertId::from_slug("one")).await.unwrap();
        assert_eq!(concert.unwrap().organiser, Some(expected));
    }
    let refused = import(&pool, &of(UserId::new())).await.unwrap_err();
    assert!(refused.starts_with("FILE: concerts[0].organiser_id: no user has the id"), "{refused}");
}
