use std::sync::Arc;
use std::time::Duration;

use frontrow::domain::ids::{ConcertId, ReservationId, UserId};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::keys::ConcertKeys;
use frontrow::ledger;
use frontrow::reservations::ReservationError;
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::backend::Backend;
use crate::support::house::{self, seat_ids, terms};
use crate::support::{database, redis_db};

async fn is_loaded(backend: &Backend, concert: ConcertId) -> bool {
    let row = ledger::concerts::load(&backend.pool, concert).await.unwrap().unwrap();
    let keys = ConcertKeys::new(row.partition, concert);
    backend.inventory.is_loaded(&keys).await.unwrap()
}

fn refusal<T>(result: Result<T, ReservationError>) -> Option<Refusal> {
    match result {
        Err(ReservationError::Refused { refusal, .. }) => Some(refusal),
        Err(_) | Ok(_) => None,
    }
}

#[tokio::test]
async fn all_who_come_in_the_first_moment_are_served_by_one_load() {
    let (redis, database) = (redis_db().await, database().await);
    let backends = [Backend::on(&redis, &database).await, Backend::on(&redis, &database).await];
    let concert = house::import(&backends[0].pool, 10, 50, &terms("night")).await;
    let backends = Arc::new(backends);
    let mut buyers = JoinSet::new();
    for (buyer, seat) in seat_ids(10, 50).into_iter().enumerate() {
        let backends = Arc::clone(&backends);
        buyers.spawn(async move {
            let reservations = &backends[buyer % 2].reservations;
            reservations.reserve(UserId::new(), concert, "k", &[seat]).await.map(|_| ())
        });
    }
    for served in buyers.join_all().await {
        served.unwrap();
    }
}

#[tokio::test]
async fn looking_loads_nothing_and_sees_what_was_sold() {
    let database = database().await;
    let backend = Backend::on(&redis_db().await, &database).await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    let user = UserId::new();
    let seats = ["1-2".to_owned()];
    let held = backend.reservations.reserve(user, concert, "k", &seats).await.unwrap();
    let wait = Some(Duration::from_secs(8));
    let id = held.reservation.id;
    backend.reservations.confirm(user, concert, id, wait).await.unwrap();

    let elsewhere = Backend::on(&redis_db().await, &database).await;
    let states = elsewhere.reservations.availability(concert).await.unwrap().states;
    let sold: Vec<_> =
        (0..5).filter(|&seat| states.get(SeatNumber(seat)) == SeatState::Sold).collect();
    assert_eq!(sold, [1]);
    let mine = elsewhere.reservations.mine(user, concert).await.unwrap();
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].reservation.id, id);
    assert!(elsewhere.reservations.mine(UserId::new(), concert).await.unwrap().is_empty());
    assert!(!is_loaded(&elsewhere, concert).await);
}

#[tokio::test]
async fn nobody_loads_what_is_not_on_sale_or_not_theirs() {
    let backend = Backend::start().await;
    let in_an_hour = Timestamp::from_second(Timestamp::now().as_second()).unwrap() + 1.hour();
    let mut early = terms("early");
    early["sale"] = json!({"opens_at": in_an_hour.to_string()});
    let mut late = terms("late");
    late["sale"] = json!({"opens_at": "2020-01-01T00:00:00Z", "closes_at": "2020-02-01T00:00:00Z"});
    let early = house::import(&backend.pool, 1, 5, &early).await;
    let late = house::import_concert(&backend.pool, &late).await;
    let open = house::import_concert(&backend.pool, &terms("open")).await;
    let (user, seats) = (UserId::new(), ["1-1".to_owned()]);
    let reservations = &backend.reservations;

    let refused = reservations.reserve(user, early, "k", &seats).await;
    assert_eq!(refusal(refused), Some(Refusal::NotYetOpen { opens_at: in_an_hour }));
    let refused = reservations.reserve(user, late, "k", &seats).await;
    assert_eq!(refusal(refused), Some(Refusal::SaleOver));
    let refused = reservations.confirm(user, open, ReservationId::new(), None).await;
    assert_eq!(refusal(refused), Some(Refusal::NotFound));
    for concert in [early, late, open] {
        assert!(!is_loaded(&backend, concert).await);
    }
}
