//! What cannot be applied is kept, and the rest goes on.

use frontrow::domain::ids::ConcertId;
use frontrow::domain::log_entry::LogEvent;
use frontrow::domain::reservation::Reservation;
use serde_json::Value;

use super::fixture::{Log, event};

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
