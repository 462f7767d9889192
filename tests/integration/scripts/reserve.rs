use frontrow::domain::concert::SaleSwitch;
use frontrow::domain::ids::UserId;
use frontrow::domain::log_entry::{LogEvent, Verb};
use frontrow::domain::position::Epoch;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Cause, State};
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::inventory::commands::PackedCommand;
use frontrow::inventory::keys::ConcertKeys;
use jiff::{Timestamp, ToSpan};

use crate::support::hot::{Hot, concert, lines};

#[tokio::test]
async fn a_free_seat_is_held_for_its_user_until_the_deadline() {
    let hot = Hot::new(10).await;
    let user = UserId::new();
    let done = hot.reserve(user, &[3, 4]).await.unwrap();
    let reservation = &done.reservation;
    assert!(!done.replayed);
    assert_eq!((reservation.state, reservation.version), (State::Held, 1));
    assert_eq!((reservation.user, reservation.concert), (user, hot.concert.id));
    assert_eq!(reservation.lines, lines(&[3, 4]));
    assert_eq!(reservation.deadline, reservation.held_at + 60.seconds());
    let states = hot.states().await;
    let held: Vec<_> = (0..10).filter(|&seat| states[seat] == SeatState::Held).collect();
    assert_eq!(held, [3, 4]);
    let found = hot.inventory.find(&hot.keys, reservation.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(reservation));
    assert_eq!(
        hot.inventory.owned_by(&hot.keys, user).await.unwrap().unwrap(),
        std::slice::from_ref(reservation)
    );
}

#[tokio::test]
async fn all_or_nothing_and_the_refusal_names_what_was_taken() {
    let hot = Hot::new(10).await;
    hot.hold(UserId::new(), &[1, 5]).await;
    let refused = hot.reserve(UserId::new(), &[0, 1, 4, 5]).await;
    let seats = vec![SeatNumber(1), SeatNumber(5)];
    assert_eq!(refused, Err(Refusal::Unavailable { seats, areas: vec![] }));
    let states = hot.states().await;
    assert_eq!((states[0], states[4]), (SeatState::Available, SeatState::Available));
}

#[tokio::test]
async fn the_same_request_again_is_the_same_reservation_and_another_under_its_key_is_refused() {
    let hot = Hot::new(10).await;
    let command = hot.command(UserId::new(), &[7]);
    let first = hot.send(&command).await.unwrap();
    let again = hot.send(&command).await.unwrap();
    assert_eq!((again.replayed, &again.reservation), (true, &first.reservation));
    let mut other = command.clone();
    other.lines = lines(&[8]);
    other.fingerprint = [9; 8];
    assert_eq!(hot.send(&other).await, Err(Refusal::KeyReused));
    assert_eq!(hot.states().await[8], SeatState::Available);
}

#[tokio::test]
async fn a_user_has_no_more_seats_than_the_concert_allows_held_and_bought_together() {
    let hot = Hot::new(20).await;
    let user = UserId::new();
    let bought = hot.hold(user, &[0, 1, 2]).await;
    hot.confirm(bought).await.unwrap();
    hot.hold(user, &[3, 4]).await;
    let refused = hot.reserve(user, &[5, 6]).await;
    assert_eq!(refused, Err(Refusal::UserLimit { owned: 5, limit: 6 }));
    hot.hold(user, &[5]).await;
    hot.hold(UserId::new(), &[6]).await;
}

#[tokio::test]
async fn outside_the_window_or_while_paused_nobody_gets_a_seat() {
    let mut terms = concert();
    terms.sale.opens_at = Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap();
    terms.sale.opens_at += 1.hour();
    let opens_at = terms.sale.opens_at;
    let mut hot = Hot::with(4, terms).await;
    let refused = hot.reserve(UserId::new(), &[0]).await;
    assert_eq!(refused, Err(Refusal::NotYetOpen { opens_at }));

    hot.concert.sale.opens_at -= 2.hours();
    hot.concert.switch = SaleSwitch::Paused;
    hot.reconfigure().await;
    assert_eq!(hot.reserve(UserId::new(), &[0]).await, Err(Refusal::Paused));

    hot.concert.switch = SaleSwitch::Open;
    hot.reconfigure().await;
    let held = hot.hold(UserId::new(), &[0]).await;

    hot.concert.sale.closes_at = Timestamp::now() - 1.second();
    hot.reconfigure().await;
    assert_eq!(hot.reserve(UserId::new(), &[1]).await, Err(Refusal::SaleOver));
    assert_eq!(hot.confirm(held).await.unwrap().reservation.state, State::Confirmed);
}

#[tokio::test]
async fn a_claim_priced_by_another_version_or_sent_for_another_epoch_changes_nothing() {
    let hot = Hot::new(4).await;
    let mut command = hot.command(UserId::new(), &[0]);
    command.concert_version = 2;
    assert_eq!(hot.send(&command).await, Err(Refusal::StaleConcert));
    let command = [PackedCommand::from(&hot.command(UserId::new(), &[0]))];
    let reply = hot.inventory.execute(&hot.keys, Epoch(2), &command).await.unwrap();
    assert_eq!(reply.outcomes, [Err(Refusal::WrongEpoch)]);
    let elsewhere = ConcertKeys::new(0, concert().id);
    let reply = hot.inventory.execute(&elsewhere, hot.epoch, &command).await.unwrap();
    assert_eq!((reply.position, reply.outcomes), (None, vec![Err(Refusal::NotLoaded)]));
    assert_eq!(hot.states().await, [SeatState::Available; 4]);
}

#[tokio::test]
async fn a_seat_beyond_the_map_is_not_to_be_had() {
    let hot = Hot::new(4).await;
    let seats = vec![SeatNumber(4)];
    assert_eq!(
        hot.reserve(UserId::new(), &[4]).await,
        Err(Refusal::Unavailable { seats, areas: vec![] })
    );
}

#[tokio::test]
async fn an_overdue_hold_is_ended_where_it_stands_in_the_way() {
    let mut terms = concert();
    terms.hold_seconds = 1;
    let hot = Hot::with(10, terms).await;
    let (late, next) = (UserId::new(), UserId::new());
    let overdue = hot.hold(late, &[1, 2, 3]).await;
    assert!(hot.reserve(next, &[2]).await.is_err());
    tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;

    let held = hot.reserve(next, &[2]).await.unwrap();
    assert_eq!(held.reservation.state, State::Held);
    let states = hot.states().await;
    assert_eq!(states[1..4], [SeatState::Available, SeatState::Held, SeatState::Available]);
    let ended = hot.inventory.find(&hot.keys, overdue.id).await.unwrap().unwrap();
    assert_eq!((ended.state, ended.cause), (State::Expired, Cause::Displaced));
    assert_eq!(hot.confirm(overdue).await, Err(Refusal::HoldExpired));
    assert!(hot.inventory.owned_by(&hot.keys, late).await.unwrap().unwrap().is_empty());
}

#[tokio::test]
async fn a_users_own_overdue_hold_does_not_count_against_the_limit() {
    let mut terms = concert();
    terms.hold_seconds = 1;
    terms.max_seats_per_user = 2;
    let hot = Hot::with(10, terms).await;
    let user = UserId::new();
    hot.hold(user, &[0, 1]).await;
    assert!(hot.reserve(user, &[2]).await.is_err());
    tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
    hot.hold(user, &[2, 3]).await;
}

#[tokio::test]
async fn every_command_of_a_batch_has_an_outcome_of_its_own_in_order() {
    let hot = Hot::new(10).await;
    let commands = [
        hot.command(UserId::new(), &[0]),
        hot.command(UserId::new(), &[0]),
        hot.command(UserId::new(), &[1]),
    ];
    let commands = commands.each_ref().map(PackedCommand::from);
    let reply = hot.inventory.execute(&hot.keys, hot.epoch, &commands).await.unwrap();
    let granted: Vec<_> = reply.outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(granted, [true, false, true]);
    let log = hot.log().await;
    assert_eq!(reply.position, log.last().map(|entry| entry.position));
}

#[tokio::test]
async fn the_log_tells_every_change_as_it_stands_afterwards() {
    let hot = Hot::new(10).await;
    let user = UserId::new();
    let sold = hot.hold(user, &[0]).await;
    hot.extend(sold).await.unwrap();
    hot.confirm(sold).await.unwrap();
    hot.cancel(sold).await.unwrap();
    let released = hot.hold(user, &[0]).await;
    hot.release(released).await.unwrap();
    let told = hot.log().await.into_iter().filter_map(|entry| match entry.event {
        LogEvent::Changed(change) => Some((change.verb, change.reservation.version)),
        LogEvent::Blocking(_) | LogEvent::Marker => None,
        LogEvent::Unreadable { reason, .. } => panic!("{reason}"),
    });
    let told = told.collect::<Vec<_>>();
    let expected = [
        (Verb::Reserved, 1),
        (Verb::Extended, 2),
        (Verb::Confirmed, 3),
        (Verb::Cancelled, 4),
        (Verb::Reserved, 1),
        (Verb::Released, 2),
    ];
    assert_eq!(told, expected);
}
