//! What is kept at hand, and lists.

use std::sync::Arc;

use frontrow::catalogue::Catalogue;
use frontrow::domain::ids::ConcertId;
use frontrow::domain::listing::{ConcertSummary, Listing, Order};

use super::fixture::{house, import, pool, season};

#[tokio::test]
async fn a_performance_is_loaded_once_and_maps_are_shared() {
    let pool = pool().await;
    import(&pool, &house("Hall", 2, 4)).await.unwrap();
    import(&pool, &season(&["one", "two"])).await.unwrap();
    let catalogue = Catalogue::new(pool);
    let find = |slug| {
        let catalogue = catalogue.clone();
        tokio::spawn(async move { catalogue.performance(ConcertId::from_slug(slug)).await })
    };
    let tasks: Vec<_> = (0..20).map(|_| find("one")).collect();
    let first = find("one").await.unwrap().unwrap().unwrap();
    for task in tasks {
        let other = task.await.unwrap().unwrap().unwrap();
        assert!(Arc::ptr_eq(&first, &other));
    }
    let second = find("two").await.unwrap().unwrap().unwrap();
    assert!(Arc::ptr_eq(&first.map, &second.map));
    assert!(find("none").await.unwrap().unwrap().is_none());
}

#[tokio::test]
async fn a_concert_that_came_or_changed_is_seen_once_it_is_asked_for_anew() {
    let pool = pool().await;
    import(&pool, &house("Hall", 2, 4)).await.unwrap();
    let catalogue = Catalogue::new(pool.clone());
    let id = ConcertId::from_slug("one");
    assert!(catalogue.performance(id).await.unwrap().is_none());
    import(&pool, &season(&["one"])).await.unwrap();
    let first = catalogue.performance(id).await.unwrap().unwrap();

    let title = |title: &str| season(&["one"]).replace("A Night", title);
    import(&pool, &title("Another Night")).await.unwrap();
    assert_eq!(catalogue.performance(id).await.unwrap().unwrap().concert.title, "A Night");
    let second = catalogue.refresh(id).await.unwrap().unwrap();
    assert_eq!((&*second.concert.title, second.concert.version), ("Another Night", 2));
    assert!(Arc::ptr_eq(&first.map, &second.map));

    import(&pool, &title("A Third Night")).await.unwrap();
    catalogue.forget(id).await;
    assert_eq!(catalogue.performance(id).await.unwrap().unwrap().concert.title, "A Third Night");
    import(&pool, &title("A Fourth Night")).await.unwrap();
    catalogue.forget_all();
    assert_eq!(catalogue.performance(id).await.unwrap().unwrap().concert.title, "A Fourth Night");
}

#[tokio::test]
async fn when_postgresql_is_away_what_is_at_hand_stays_and_the_rest_fails_for_all() {
    let pool = pool().await;
    import(&pool, &house("Hall", 2, 4)).await.unwrap();
    import(&pool, &season(&["one", "two"])).await.unwrap();
    let catalogue = Catalogue::new(pool.clone());
    let (one, two) = (ConcertId::from_slug("one"), ConcertId::from_slug("two"));
    catalogue.performance(one).await.unwrap();
    pool.close().await;
    assert!(catalogue.performance(one).await.unwrap().is_some());
    let (first, second) = tokio::join!(catalogue.performance(two), catalogue.performance(two));
    assert!(first.is_err() && second.is_err());
    assert!(catalogue.refresh(one).await.is_err());
    assert!(catalogue.performance(one).await.unwrap().is_some());
}

#[tokio::test]
async fn a_list_goes_on_where_it_stopped() {
    let pool = pool().await;
    import(&pool, &house("Hall", 2, 4)).await.unwrap();
    let slugs = ["one", "two", "three", "four", "five", "six", "seven"];
    import(&pool, &season(&slugs)).await.unwrap();
    let catalogue = Catalogue::new(pool);
    let all = catalogue.list(&Listing::all(None, 50)).await.unwrap();
    assert_eq!(all.len(), slugs.len());
    assert!(all.is_sorted_by_key(|concert| concert.place(Order::Start)));
    assert_eq!((all[0].lowest_price_minor, all[0].highest_price_minor), (4500, 9000));
    assert_eq!((all[0].capacity, all[0].left, &*all[0].venue.city), (8, 8, "Paris"));
    let mut pages = Vec::new();
    while let Some(page) = {
        let after = pages.last().map(|last: &ConcertSummary| last.place(Order::Start));
        let page = catalogue.list(&Listing::all(after, 3)).await.unwrap();
        (!page.is_empty()).then_some(page)
    } {
        assert!(page.len() <= 3);
        pages.extend(page);
    }
    assert_eq!(pages, all);
}
