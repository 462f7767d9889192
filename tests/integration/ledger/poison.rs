//! What cannot be applied is kept, and the rest goes on.

use frontrow::domain::ids::ConcertId;
use frontrow::domain::log_entry::LogEvent;
use frontrow::domain::reservation::{Cause, Reservation, State};
use frontrow::ledger::refused_sales::{RefusedSale, is_refused, mark_compensated, uncompensated};
use serde_json::Value;

use super::fixture::{Log, cancelled, event};

type Letter = (i64, Option<Vec<u8>>, Option<Value>, String);

async fn letters(log: &Log) -> Vec<Letter> {
    let letters = "SELECT position_ms, entry, event, reason FROM dead_letters ORDER BY position_ms";
    sqlx::query_as(letters).fetch_all(&log.pool).await.unwrap()
}

#[tokio::test]
async fn a_sale_at_an_unknown_concert_is_kept_and_the_rest_applied() {
    let mut log = Log::new().await;
    let poison = Reservation { concert: ConcertId::new(), ..log.sale(&[3, 4]) };
    let (before, after) = (log.sale(&[1]), log.sale(&[2]));
    let applied = log.apply(&[event(&before), event(&poison), event(&after)]).await;
    assert_eq!((applied.confirmed, applied.dead_letters), (2, 1));
    assert_eq!(log.live_seats().await, [(1, before.id), (2, after.id)]);

    let [(2, None, Some(kept), reason)] = &letters(&log).await[..] else {
        panic!("{:?}", letters(&log).await);
    };
    assert!(reason.starts_with("23503: "), "{reason}");
    assert_eq!(kept["verb"], "confirmed");
    assert_eq!(kept["id"], poison.id.to_string());
    assert_eq!(kept["user_id"], poison.user.to_string());
    assert_eq!(kept["seats"][1], serde_json::json!({"seat": 4, "price_minor": 1_004}));
}

#[tokio::test]
async fn a_refused_sale_is_stored_as_cancelled_and_is_to_be_taken_back_until_it_was() {
    let mut log = Log::new().await;
    log.refuse("reservation_seats", "price_minor <> 1004").await;
    let (fine, refused) = (log.sale(&[1]), log.sale(&[3, 4]));
    let applied = log.apply(&[event(&refused), event(&fine)]).await;
    assert_eq!((applied.confirmed, applied.dead_letters, applied.refused), (1, 1, 1));
    assert_eq!(applied.conflicts, [], "nobody else has its seats");
    let stored = log.stored(refused.id).await.unwrap();
    assert_eq!((stored.state, stored.cause), (State::Cancelled, Cause::Refused));
    assert_eq!((stored.version, stored.lines.seats), (refused.version, vec![]));

    let owed = RefusedSale { concert: log.concert, id: refused.id };
    assert_eq!(uncompensated(&log.pool, log.partition).await.unwrap(), [owed]);
    assert_eq!(uncompensated(&log.pool, log.partition + 1).await.unwrap(), []);
    let taken_back = Reservation { cause: Cause::Refused, ..cancelled(&refused) };
    let applied = log.apply(&[event(&taken_back)]).await;
    assert_eq!((applied.dead_letters, applied.refused), (0, 0), "it tells nothing new");
    assert_eq!(log.stored(refused.id).await.unwrap().version, taken_back.version);
    for _ in 0..2 {
        mark_compensated(&log.pool, log.partition, refused.id).await.unwrap();
    }
    assert_eq!(uncompensated(&log.pool, log.partition).await.unwrap(), []);
}

#[tokio::test]
async fn a_sale_that_is_refused_altogether_is_known_by_its_dead_letter_and_what_a_person_repairs_stands()
 {
    let mut log = Log::new().await;
    log.refuse("reservations", "version <> 2").await;
    let nul = "pay\0ment".to_owned();
    let refused = Reservation { payment_reference: nul, ..log.sale(&[3]) };
    assert_eq!(log.apply(&[event(&refused)]).await.refused, 1);
    assert_eq!(log.stored(refused.id).await, None);
    assert!(is_refused(&log.pool, log.partition, refused.id).await.unwrap());
    assert!(!is_refused(&log.pool, log.partition, log.sale(&[3]).id).await.unwrap());
    let [(.., Some(kept), _)] = &letters(&log).await[..] else { panic!("one letter") };
    assert_eq!(kept["payment_reference"], "pay\u{fffd}ment");

    assert_eq!(uncompensated(&log.pool, log.partition).await.unwrap().len(), 1);
    let repaired = Reservation { version: 3, payment_reference: String::new(), ..refused };
    log.apply(&[event(&repaired)]).await;
    assert_eq!(uncompensated(&log.pool, log.partition).await.unwrap(), []);
}

#[tokio::test]
async fn values_that_no_column_can_hold_are_kept_too() {
    let mut log = Log::new().await;
    let numbered_too_high = log.sale(&[u32::MAX]);
    let never_confirmed = Reservation { confirmed_at: None, ..log.sale(&[1]) };
    let seat_twice = log.sale(&[2, 2]);
    let fine = log.sale(&[3]);
    let batch = [&numbered_too_high, &never_confirmed, &seat_twice, &fine].map(event);
    let applied = log.apply(&batch).await;
    assert_eq!((applied.confirmed, applied.dead_letters), (1, 3));
    let reasons: Vec<_> = letters(&log).await.into_iter().map(|letter| letter.3).collect();
    assert!(reasons[0].starts_with("22003: "), "{reasons:?}");
    assert!(reasons[1].starts_with("23502: "), "{reasons:?}");
    assert_eq!(log.live_seats().await, [(3, fine.id)]);
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_kept_as_it_was() {
    let mut log = Log::new().await;
    let unreadable = LogEvent::Unreadable {
        bytes: vec![0, 255, 1],
        reason: "verb 0, not \0 one of 1 to 6".to_owned(),
    };
    let applied = log.apply(&[event(&log.sale(&[1])), unreadable]).await;
    assert_eq!((applied.confirmed, applied.dead_letters), (1, 1));
    let reason = "verb 0, not \u{fffd} one of 1 to 6".to_owned();
    let kept = vec![(2, Some(vec![0, 255, 1]), None, reason)];
    assert_eq!(letters(&log).await, kept);
}

#[tokio::test]
async fn a_batch_of_nothing_but_poison_moves_on() {
    let mut log = Log::new().await;
    let poison = |seat| Reservation { concert: ConcertId::new(), ..log.sale(&[seat]) };
    let batch: Vec<_> = (0..100).map(|seat| event(&poison(seat))).collect();
    let applied = log.apply(&batch).await;
    assert_eq!((applied.confirmed, applied.dead_letters), (0, 100));
    assert_eq!(log.apply(&[event(&log.sale(&[1]))]).await.confirmed, 1);
}
