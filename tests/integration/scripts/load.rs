use frontrow::domain::area::Room;
use frontrow::domain::concert::{Concert, SaleSwitch};
use frontrow::domain::ids::UserId;
use frontrow::domain::position::Epoch;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::commands::Reserve;
use frontrow::inventory::commands::{Confirm, PackedCommand};
use frontrow::inventory::load::LoadStep;
use uuid::Uuid;

use crate::support::hot::Hot;

#[tokio::test]
async fn what_postgresql_has_is_sold_again_after_loading() {
    let hot = Hot::new(6).await;
    let own = hot.hold(UserId::new(), &[2, 4]).await;
    let sold = hot.confirm(own).await.unwrap().reservation;
    let cancelled = hot.hold(own.user, &[5]).await;
    hot.confirm(cancelled).await.unwrap();
    let cancelled = hot.cancel(cancelled).await.unwrap().reservation;

    let next = Hot::new(6).await;
    let (keys, token, epoch) = (&hot.keys, Uuid::now_v7(), Epoch::FIRST);
    let inventory = &next.inventory;
    assert_eq!(
        inventory.begin_load(keys, 0, epoch, token, &Room::of_seats(6)).await.unwrap(),
        LoadStep::Done
    );
    let records = [sold.clone(), cancelled.clone()];
    assert_eq!(inventory.load_records(keys, 0, token, &records).await.unwrap(), LoadStep::Done);
    let finished = inventory.finish_load(keys, epoch, token, &hot.concert, 6).await.unwrap();
    assert_eq!(finished, LoadStep::Done);

    let states = inventory.states(keys, 6).await.unwrap().unwrap();
    let sold_seats: Vec<_> =
        (0..6).filter(|&seat| states.get(SeatNumber(seat)) == SeatState::Sold).collect();
    assert_eq!(sold_seats, [2, 4]);
    assert_eq!(inventory.find(keys, sold.id).await.unwrap(), Some(sold.clone()));
    assert_eq!(inventory.find(keys, cancelled.id).await.unwrap(), Some(cancelled));
    assert_eq!(inventory.owned_by(keys, own.user).await.unwrap(), Some(vec![sold]));
    let again = PackedCommand::from(&Confirm { own, payment: None });
    let again = inventory.execute(keys, epoch, &[again]).await.unwrap();
    assert!(again.outcomes[0].as_ref().unwrap().replayed);
}

#[tokio::test]
async fn the_slower_of_two_loaders_cannot_write_over_claims() {
    let hot = Hot::new(4).await;
    let mut terms = hot.concert.clone();
    terms.id = frontrow::domain::ids::ConcertId::new();
    let keys = frontrow::inventory::keys::ConcertKeys::new(0, terms.id);
    let (slow, fast, epoch) = (Uuid::now_v7(), Uuid::now_v7(), Epoch::FIRST);
    let inventory = &hot.inventory;
    assert_eq!(
        inventory.begin_load(&keys, 0, epoch, slow, &Room::of_seats(4)).await.unwrap(),
        LoadStep::Done
    );
    assert_eq!(
        inventory.begin_load(&keys, 0, epoch, fast, &Room::of_seats(4)).await.unwrap(),
        LoadStep::Done
    );
    let overtaken = inventory.load_records(&keys, 0, slow, &[]).await.unwrap();
    assert_eq!(overtaken, LoadStep::Overtaken);
    let finished = inventory.finish_load(&keys, epoch, slow, &terms, 4).await.unwrap();
    assert_eq!(finished, LoadStep::Overtaken);
    let command = [PackedCommand::from(&hot.command(UserId::new(), &[0]))];
    let reply = inventory.execute(&keys, epoch, &command).await.unwrap();
    assert_eq!(reply.outcomes, [Err(Refusal::NotLoaded)], "nothing is granted while loading");

    let finished = inventory.finish_load(&keys, epoch, fast, &terms, 4).await.unwrap();
    assert_eq!(finished, LoadStep::Done);
    assert!(inventory.execute(&keys, epoch, &command).await.unwrap().outcomes[0].is_ok());
    let late = inventory.load_records(&keys, 0, slow, &[]).await.unwrap();
    assert_eq!(late, LoadStep::Overtaken);
    let again = inventory.begin_load(&keys, 0, epoch, slow, &Room::of_seats(4)).await.unwrap();
    assert_eq!(again, LoadStep::AlreadyLoaded);
    let states = inventory.states(&keys, 4).await.unwrap().unwrap();
    assert_eq!(states.get(SeatNumber(0)), SeatState::Held);
}

#[tokio::test]
async fn an_older_version_never_undoes_a_newer_one() {
    let mut hot = Hot::new(4).await;
    let older = hot.concert.clone();
    hot.concert.max_seats_per_user = 1;
    hot.reconfigure().await;
    let step = hot.inventory.configure(&hot.keys, hot.epoch, &older).await.unwrap();
    assert_eq!(step, LoadStep::AlreadyLoaded);
    let refused = hot.reserve(UserId::new(), &[0, 1]).await;
    assert_eq!(refused, Err(Refusal::UserLimit { owned: 0, limit: 1 }));
}

#[tokio::test]
async fn what_is_kept_back_is_blocked_after_loading_and_what_is_sold_stays_sold() {
    let hot = Hot::new(4).await;
    let own = hot.hold(UserId::new(), &[2]).await;
    let sold = hot.confirm(own).await.unwrap().reservation;
    let next = Hot::new(4).await;
    let (keys, token, epoch, inventory) =
        (&hot.keys, Uuid::now_v7(), Epoch::FIRST, &next.inventory);
    let room = Room::of_seats(4);
    assert_eq!(inventory.begin_load(keys, 0, epoch, token, &room).await.unwrap(), LoadStep::Done);
    let seats = [1, 2].map(SeatNumber);
    let other = inventory.load_blocked(keys, 0, Uuid::now_v7(), &seats).await.unwrap();
    assert_eq!(other, LoadStep::Overtaken);
    assert_eq!(inventory.load_blocked(keys, 0, token, &seats).await.unwrap(), LoadStep::Done);
    assert_eq!(inventory.load_records(keys, 0, token, &[sold]).await.unwrap(), LoadStep::Done);
    let finished = inventory.finish_load(keys, epoch, token, &hot.concert, 4).await.unwrap();
    assert_eq!(finished, LoadStep::Done);
    let states = inventory.states(keys, 4).await.unwrap().unwrap();
    let states: Vec<_> = (0..4).map(|seat| states.get(SeatNumber(seat))).collect();
    let [free, blocked, sold] = [SeatState::Available, SeatState::Blocked, SeatState::Sold];
    assert_eq!(states, [free, blocked, sold, free]);
}

#[tokio::test]
async fn a_change_that_comes_while_the_concert_is_loaded_is_in_force_once_it_is() {
    let hot = Hot::new(4).await;
    let mut old = hot.concert.clone();
    old.id = frontrow::domain::ids::ConcertId::new();
    let keys = frontrow::inventory::keys::ConcertKeys::new(0, old.id);
    let (token, epoch, inventory) = (Uuid::now_v7(), Epoch::FIRST, &hot.inventory);
    let room = Room::of_seats(4);
    assert_eq!(inventory.begin_load(&keys, 0, epoch, token, &room).await.unwrap(), LoadStep::Done);
    let paused = Concert { switch: SaleSwitch::Paused, version: 2, ..old.clone() };
    inventory.configure(&keys, epoch, &paused).await.unwrap();
    // This loader had read the concert before.
    let finished = inventory.finish_load(&keys, epoch, token, &old, 4).await.unwrap();
    assert_eq!(finished, LoadStep::Done);
    let claim = Reserve { concert_version: 2, ..hot.command(UserId::new(), &[0]) };
    let reply = inventory.execute(&keys, epoch, &[PackedCommand::from(&claim)]).await.unwrap();
    assert_eq!(reply.outcomes, [Err(Refusal::Paused)]);
}
