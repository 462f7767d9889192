//! What organisers did outlives Redis.

use std::time::Duration;

use frontrow::domain::ids::{ConcertId, UserId};
use frontrow::domain::organiser::Organiser;
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::role::Role;
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::embedded::{RedisOptions, RedisServer};
use frontrow::ledger;
use frontrow::reservations::ReservationError;
use frontrow::reservations::organising::Happening;

use crate::support::backend::Backend;
use crate::support::house::{self, terms};
use crate::support::{database, redis_db};

fn administrator() -> Organiser {
    Organiser { user: UserId::new(), role: Role::Admin, request_id: "a-request".into() }
}

async fn claim(backend: &Backend, concert: ConcertId, seat: &str) -> Result<(), ReservationError> {
    let (user, seats) = (UserId::new(), [seat.to_owned()]);
    let held = backend.reservations.reserve(user, concert, seat, &seats).await?;
    if seat == "1-1" {
        let id = held.reservation.id;
        let wait = Some(Duration::from_secs(9));
        assert!(backend.reservations.confirm(user, concert, id, wait).await?.persisted);
    }
    Ok(())
}

async fn states(backend: &Backend, concert: ConcertId) -> Vec<SeatState> {
    let states = backend.reservations.availability(concert).await.unwrap().states;
    (0..6).map(|seat| states.get(SeatNumber(seat))).collect()
}

/// What happened to a seat, in words.
async fn story(backend: &Backend, concert: ConcertId, seat: &str) -> Vec<String> {
    let start = Position::START;
    let history =
        backend.reservations.history_of_seat(&administrator(), concert, seat, start, 50).await;
    let word = |happening: &Happening| match happening {
        Happening::Told(event) => event.verb.clone(),
        Happening::Lost(_) => "lost".to_owned(),
    };
    history.unwrap().happenings.iter().map(word).collect()
}

#[tokio::test]
async fn blocked_seats_and_the_story_of_every_seat_survive_a_rebuild() {
    let dir = tempfile::tempdir().unwrap();
    let server = RedisServer::start(RedisOptions::new(&dir.path().join("redis"))).await.unwrap();
    let database = database().await;
    let backend = Backend::on(&server.url(0), &database).await;
    let concert = house::import(&backend.pool, 1, 6, &terms("night")).await;
    let (by, reservations) = (administrator(), &backend.reservations);
    let seats = ["1-5", "1-6"].map(str::to_owned);
    reservations.block_seats(&by, concert, &seats, false).await.unwrap();
    reservations.unblock_seats(&by, concert, &seats[1..]).await.unwrap();
    claim(&backend, concert, "1-2").await.unwrap();
    claim(&backend, concert, "1-1").await.unwrap();
    let [free, held, sold] = [SeatState::Available, SeatState::Held, SeatState::Sold];
    let before = [sold, held, free, free, SeatState::Blocked, free];
    assert_eq!(states(&backend, concert).await, before);

    // An instance on another Redis, which has not loaded it, sees what is kept back.
    let elsewhere = Backend::on(&redis_db().await, &database).await;
    let after = [sold, free, free, free, SeatState::Blocked, free];
    assert_eq!(states(&elsewhere, concert).await, after);
    drop(elsewhere);

    let client = redis::Client::open(server.url(0)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let () = redis::cmd("FLUSHALL").query_async(&mut connection).await.unwrap();
    for attempt in 0.. {
        match claim(&backend, concert, "1-3").await {
            Ok(()) => break,
            Err(ReservationError::Unavailable { .. }) if attempt < 400 => {
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
    let row = ledger::concerts::load(&backend.pool, concert).await.unwrap().unwrap();
    let row = ledger::partitions::read(&backend.pool, row.partition).await.unwrap();
    assert!(row.epoch > Epoch(1), "it was rebuilt");
    let after = [sold, free, held, free, SeatState::Blocked, free];
    assert_eq!(states(&backend, concert).await, after);
    let refused = claim(&backend, concert, "1-5").await;
    let is_taken = matches!(
        refused,
        Err(ReservationError::Refused { refusal: Refusal::Unavailable { .. }, .. })
    );
    assert!(is_taken, "{refused:?}");

    assert_eq!(story(&backend, concert, "1-1").await, ["reserved", "confirmed"]);
    assert_eq!(story(&backend, concert, "1-2").await, ["reserved", "lost"]);
    assert_eq!(story(&backend, concert, "1-6").await, ["blocked", "unblocked"]);
    claim(&backend, concert, "1-2").await.unwrap();
    for _ in 0..400 {
        if story(&backend, concert, "1-2").await.len() == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(story(&backend, concert, "1-2").await, ["reserved", "lost", "reserved"]);
}
