use std::time::Duration;

use frontrow::domain::ids::UserId;
use frontrow::domain::refusal::Refusal;
use frontrow::reservations::ReservationError;
use jiff::{Timestamp, ToSpan};
use serde_json::json;

use crate::support::backend::Backend;
use crate::support::house::{self, terms};

#[tokio::test]
async fn a_price_that_changes_counts_for_the_next_claim_and_not_for_the_last() {
    let backend = Backend::start().await;
    let mut terms = terms("night");
    let concert = house::import(&backend.pool, 1, 5, &terms).await;
    let user = UserId::new();
    let seats = |id: &str| [id.to_owned()];
    let before = backend.reservations.reserve(user, concert, "a", &seats("1-1")).await.unwrap();
    terms["prices"] = json!({"Seat": 9_900});
    house::import_concert(&backend.pool, &terms).await;
    let mut after = 0;
    for attempt in 0..200 {
        let held = backend
            .reservations
            .reserve(UserId::new(), concert, &format!("b{attempt}"), &seats("1-2"))
            .await
            .unwrap()
            .reservation;
        backend.reservations.release(held.user, concert, held.id).await.unwrap();
        after = held.lines.total_minor();
        if after == 9_900 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(after, 9_900, "within five seconds");
    assert_eq!(before.reservation.lines.total_minor(), u64::from(house::PRICE_MINOR));
    let again = backend.reservations.reserve(user, concert, "a", &seats("1-1")).await.unwrap();
    assert_eq!(again.reservation.lines.total_minor(), u64::from(house::PRICE_MINOR));
}

#[tokio::test]
async fn a_sale_that_is_moved_to_later_takes_no_claim_until_then() {
    let backend = Backend::start().await;
    let mut terms = terms("night");
    let concert = house::import(&backend.pool, 1, 5, &terms).await;
    let seats = ["1-1".to_owned()];
    backend.reservations.reserve(UserId::new(), concert, "a", &seats).await.unwrap();
    let in_an_hour = Timestamp::from_second(Timestamp::now().as_second()).unwrap() + 1.hour();
    terms["sale"] = json!({"opens_at": in_an_hour.to_string()});
    house::import_concert(&backend.pool, &terms).await;
    for _ in 0..200 {
        let refused = backend.reservations.reserve(UserId::new(), concert, "b", &seats).await;
        match refused {
            Err(ReservationError::Refused { refusal: Refusal::NotYetOpen { .. }, .. }) => return,
            Err(ReservationError::Refused { refusal: Refusal::Unavailable { .. }, .. }) => {}
            other => panic!("{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the sale was not moved within five seconds");
}
