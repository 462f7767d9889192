//! What requests of one process do for each other. They run on one thread, so that what is counted
//! here is theirs alone.

use std::collections::HashSet;

use frontrow::domain::best_available::WishText;
use frontrow::domain::ids::{ConcertId, UserId};
use frontrow::domain::refusal::Refusal;
use frontrow::reservations::{Answer, ReservationError};
use futures_util::future::join_all;
use metrics_exporter_prometheus::PrometheusBuilder;

use super::concert;
use crate::support::backend::Backend;

fn pair() -> WishText {
    WishText { quantity: 2, ..WishText::default() }
}

fn seats(answer: &Answer) -> impl Iterator<Item = u32> {
    answer.reservation.lines.seats.iter().map(|line| line.seat.0)
}

#[tokio::test]
async fn none_of_those_who_choose_at_once_chooses_what_another_is_claiming() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let counted = recorder.handle();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let backend = Backend::start().await;
    let row = "####################";
    let concert: ConcertId = concert(&backend.pool, &[row; 20], |_| {}).await.parse().unwrap();
    let (reservations, wish) = (&backend.reservations, pair());
    let asking = (0..100).map(|_| reservations.reserve_best(UserId::new(), concert, "k", &wish));
    let answers: Vec<_> = join_all(asking).await.into_iter().map(Result::unwrap).collect();
    let given: HashSet<u32> = answers.iter().flat_map(seats).collect();
    assert_eq!(given.len(), 200);
    let counted = counted.render();
    assert!(counted.contains("outcome=\"done\"} 100"), "{counted}");
    assert!(!counted.contains("seats_unavailable"), "somebody was beaten:\n{counted}");
}

#[tokio::test]
async fn seats_that_others_are_claiming_in_vain_are_waited_for() {
    let backend = Backend::start().await;
    let limit = |terms: &mut serde_json::Value| terms["max_seats_per_user"] = 2.into();
    let concert: ConcertId = concert(&backend.pool, &["## ##"], limit).await.parse().unwrap();
    let (reservations, wish, greedy) = (&backend.reservations, pair(), UserId::new());
    let first = reservations.reserve_best(greedy, concert, "first", &wish).await.unwrap();
    // Whoever has a pair asks for the other one again and again, each time before the other user
    // does, and is refused each time.
    let asking: Vec<_> = (0..10).map(|key| (greedy, key.to_string())).collect();
    let other = (UserId::new(), "k".to_owned());
    let asking = [asking, vec![other]].concat();
    let asking =
        asking.iter().map(|(user, key)| reservations.reserve_best(*user, concert, key, &wish));
    let mut answers = join_all(asking).await;
    let other = answers.pop().unwrap().unwrap();
    for refused in answers {
        let refusal = refused.unwrap_err();
        let limit = |refusal: &Refusal| matches!(refusal, Refusal::UserLimit { .. });
        match refusal {
            ReservationError::Refused { refusal, .. } if limit(&refusal) => {}
            // The other one had been served by then.
            ReservationError::NoneAvailable { .. } => {}
            other => panic!("{other}"),
        }
    }
    let given: HashSet<u32> = seats(&first).chain(seats(&other)).collect();
    assert_eq!(given.len(), 4);
}
