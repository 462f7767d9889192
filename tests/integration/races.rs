//! Many at once on the same seats: whatever the order, the same promises hold.

use std::sync::Arc;
use std::time::Duration;

use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::lines::Lines;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Reservation, State};
use frontrow::domain::seat::SeatState;
use frontrow::inventory::commands::Own;
use tokio::task::JoinSet;

use crate::support::hot::{Hot, concert};

/// Every seat that is not free belongs to exactly one live reservation, and no other has it.
async fn assert_consistent(hot: &Hot, reservations: &[ReservationId]) {
    let mut owners = vec![None; hot.capacity as usize];
    for id in reservations {
        let Some(found) = hot.inventory.find(&hot.keys, *id).await.unwrap() else {
            continue;
        };
        let Reservation { state, lines: Lines { seats, .. }, .. } = found;
        if !matches!(state, State::Held | State::Confirmed) {
            continue;
        }
        for line in seats {
            let owner = &mut owners[line.seat.0 as usize];
            assert_eq!(owner.replace((id, state)), None, "seat {} twice", line.seat.0);
        }
    }
    let expected = owners.into_iter().map(|owner| match owner {
        None => SeatState::Available,
        Some((_, State::Held)) => SeatState::Held,
        Some(_) => SeatState::Sold,
    });
    assert_eq!(hot.states().await, expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn of_hundreds_who_want_one_seat_one_gets_it() {
    let hot = Arc::new(Hot::new(1).await);
    let mut buyers = JoinSet::new();
    for _ in 0..400 {
        let hot = Arc::clone(&hot);
        buyers.spawn(async move {
            let own = hot.reserve(UserId::new(), &[0]).await.ok()?.reservation;
            Some(Own { id: own.id, user: own.user })
        });
    }
    let winners: Vec<_> = buyers.join_all().await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(hot.confirm(winners[0]).await.unwrap().reservation.state, State::Confirmed);
}

#[tokio::test]
async fn requests_that_cross_each_other_neither_share_a_seat_nor_lock_each_other_out() {
    let hot = Arc::new(Hot::new(60).await);
    let mut buyers = JoinSet::new();
    for buyer in 0..300_u32 {
        let hot = Arc::clone(&hot);
        // Neighbouring buyers want overlapping blocks, half of them from the other end.
        let start = buyer % 57;
        let mut seats: Vec<_> = (start..start + 4).collect();
        if buyer % 2 == 0 {
            seats.reverse();
        }
        buyers.spawn(async move {
            let command = hot.command(UserId::new(), &seats);
            (command.id, hot.send(&command).await)
        });
    }
    let outcomes = buyers.join_all().await;
    let ids: Vec<_> = outcomes.iter().map(|(id, _)| *id).collect();
    assert_consistent(&hot, &ids).await;
    let granted = outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count();
    assert!((8..=15).contains(&granted), "{granted} blocks of four of sixty seats");
}

#[tokio::test]
async fn when_a_hold_runs_out_its_seat_goes_to_one_of_those_who_wait_and_not_a_millisecond_early() {
    let mut terms = concert();
    terms.hold_seconds = 1;
    let hot = Arc::new(Hot::with(1, terms).await);
    let first = hot.hold(UserId::new(), &[0]).await;
    let mut waiting = JoinSet::new();
    for _ in 0..50 {
        let hot = Arc::clone(&hot);
        waiting.spawn(async move {
            let command = hot.command(UserId::new(), &[0]);
            // Until just after the first deadline.
            for _ in 0..60 {
                if let Ok(done) = hot.send(&command).await {
                    return (command.id, Some(done.reservation));
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            (command.id, None)
        });
    }
    let outcomes = waiting.join_all().await;
    let mut granted: Vec<_> = outcomes.into_iter().filter_map(|(_, granted)| granted).collect();
    assert!(!granted.is_empty());
    granted.push(hot.inventory.find(&hot.keys, first.id).await.unwrap().unwrap());
    granted.sort_by_key(|granted| granted.held_at);
    // On a machine that is slow, the next holder's time may run out as well while others wait.
    for pair in granted.windows(2) {
        assert!(pair[0].deadline <= pair[1].held_at, "{pair:?}");
    }
}

#[tokio::test]
async fn a_confirmation_at_the_deadline_and_the_next_claim_never_both_succeed() {
    let mut terms = concert();
    terms.hold_seconds = 1;
    terms.max_seats_per_user = 1_000;
    let seats = 120;
    let hot = Arc::new(Hot::with(seats, terms).await);
    let mut races = JoinSet::new();
    for seat in 0..seats {
        let hot = Arc::clone(&hot);
        races.spawn(async move {
            let own = hot.hold(UserId::new(), &[seat]).await;
            // The whole field of arrivals, around the deadline.
            tokio::time::sleep(Duration::from_millis(970 + u64::from(seat) / 2)).await;
            let rival = hot.command(UserId::new(), &[seat]);
            let (confirmed, claimed) = tokio::join!(hot.confirm(own), hot.send(&rival));
            match (&confirmed, &claimed) {
                (Ok(_), Err(Refusal::Unavailable { .. })) | (Err(Refusal::HoldExpired), Ok(_)) => {}
                // The claim came before the deadline, the confirmation after it.
                (Err(Refusal::HoldExpired), Err(Refusal::Unavailable { .. })) => {}
                _ => panic!("{confirmed:?} and {claimed:?}"),
            }
            [own.id, rival.id]
        });
    }
    let ids: Vec<_> = races.join_all().await.into_iter().flatten().collect();
    // Holds that were refused a confirmation are ended before their seats are compared.
    hot.inventory.sweep(&hot.keys, &ids).await.unwrap();
    assert_consistent(&hot, &ids).await;
}

#[tokio::test]
async fn a_cancelled_seat_goes_to_one_of_those_who_claim_it_at_that_moment() {
    let hot = Arc::new(Hot::new(40).await);
    let mut races = JoinSet::new();
    for seat in 0..40 {
        let hot = Arc::clone(&hot);
        races.spawn(async move {
            let own = hot.hold(UserId::new(), &[seat]).await;
            hot.confirm(own).await.unwrap();
            let rivals = [(); 4].map(|()| hot.command(UserId::new(), &[seat]));
            let [a, b, c, d] = &rivals;
            let (cancelled, a, b, c, d) =
                tokio::join!(hot.cancel(own), hot.send(a), hot.send(b), hot.send(c), hot.send(d));
            assert!(cancelled.is_ok());
            let granted = [a, b, c, d].iter().filter(|outcome| outcome.is_ok()).count();
            assert!(granted <= 1, "{granted} have seat {seat}");
            [vec![own.id], rivals.iter().map(|rival| rival.id).collect()].concat()
        });
    }
    let ids: Vec<_> = races.join_all().await.into_iter().flatten().collect();
    assert_consistent(&hot, &ids).await;
}

#[tokio::test]
async fn the_same_key_sent_many_times_at_once_is_one_reservation() {
    let hot = Arc::new(Hot::new(10).await);
    let command = Arc::new(hot.command(UserId::new(), &[2, 3]));
    let mut sends = JoinSet::new();
    for _ in 0..100 {
        let (hot, command) = (Arc::clone(&hot), Arc::clone(&command));
        sends.spawn(async move { hot.send(&command).await.unwrap() });
    }
    let answers = sends.join_all().await;
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    assert!(answers.iter().all(|answer| answer.reservation == answers[0].reservation));
    assert_eq!(hot.log().await.len(), 2, "the load's marker and one reservation");
}
