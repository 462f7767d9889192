//! Reading the log again, after a crash or a rebuild, changes nothing.

use frontrow::domain::ids::ConcertId;
use frontrow::domain::log_entry::LogEvent;
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::reservation::Reservation;
use frontrow::ledger::apply::{Applied, ApplyError, apply};
use frontrow::ledger::partitions;

use super::fixture::{Log, cancelled, event};

/// Applies events again from the start of the log, as after a rebuild.
async fn replay(log: &Log, events: &[LogEvent]) -> Applied {
    let raised = partitions::raise_epoch(&log.pool, 0, Epoch(1), Epoch(2), Position::START);
    assert!(raised.await.unwrap());
    let start = Log { pool: log.pool.clone(), position: Position::START, ..*log };
    let entries = start.entries(events);
    apply(&log.pool, 0, Epoch(2), Position::START, &entries).await.unwrap()
}

#[tokio::test]
async fn a_batch_from_where_the_partition_no_longer_is_comes_from_a_stale_writer() {
    let mut log = Log::new().await;
    let sale = [event(&log.sale(&[1]))];
    let entries = log.entries(&sale);
    log.apply(&sale).await;
    let behind = apply(&log.pool, 0, Epoch::FIRST, Position::START, &entries).await;
    assert!(matches!(behind, Err(ApplyError::StaleWriter { .. })), "{behind:?}");
    let next = log.entries(&[event(&log.sale(&[2]))]);
    let other_epoch = apply(&log.pool, 0, Epoch(2), log.position, &next).await;
    assert!(matches!(other_epoch, Err(ApplyError::StaleWriter { .. })), "{other_epoch:?}");
    assert_eq!(log.live_seats().await.len(), 1);
}

#[tokio::test]
async fn a_sale_read_again_after_its_cancellation_stays_cancelled() {
    let mut log = Log::new().await;
    let sale = log.sale(&[1, 2]);
    log.apply(&[event(&sale)]).await;
    log.apply(&[event(&cancelled(&sale))]).await;
    let applied = replay(&log, &[event(&sale)]).await;
    let news = (applied.confirmed, applied.cancelled, applied.dead_letters);
    assert_eq!(news, (0, 0, 0));
    assert_eq!(log.live_seats().await, []);
    assert_eq!(log.stored(sale.id).await, Some(cancelled(&sale)));
}

#[tokio::test]
async fn a_sale_read_again_after_its_seat_was_sold_on_is_no_conflict() {
    let mut log = Log::new().await;
    let (first, second) = (log.sale(&[1]), log.sale(&[1]));
    let history = [event(&first), event(&cancelled(&first)), event(&second)];
    for happened in &history {
        log.apply(std::slice::from_ref(happened)).await;
    }
    let applied = replay(&log, &history[..1]).await;
    assert_eq!((applied.confirmed, applied.conflicts.len()), (0, 0));
    assert_eq!(log.live_seats().await, [(1, second.id)]);
}

#[tokio::test]
async fn a_loser_read_again_is_reported_once_even_if_the_seat_is_free_by_then() {
    let mut log = Log::new().await;
    let (winner, loser) = (log.sale(&[1]), log.sale(&[1]));
    log.apply(&[event(&winner), event(&loser)]).await;
    log.apply(&[event(&cancelled(&winner))]).await;
    let applied = replay(&log, &[event(&winner), event(&loser)]).await;
    assert_eq!((applied.confirmed, applied.conflicts.len()), (0, 0));
    assert_eq!(log.live_seats().await, []);
    assert_eq!(log.count("SELECT count(*) FROM seat_conflicts").await, 1);
}

#[tokio::test]
async fn dead_letters_read_again_are_kept_once() {
    let mut log = Log::new().await;
    let poison = Reservation { concert: ConcertId::new(), ..log.sale(&[1]) };
    let unreadable = LogEvent::Unreadable { bytes: vec![1], reason: "too short".to_owned() };
    let history = [event(&poison), unreadable];
    log.apply(&history).await;
    replay(&log, &history).await;
    assert_eq!(log.count("SELECT count(*) FROM dead_letters").await, 2);
}

#[tokio::test]
async fn a_sale_read_again_takes_no_seat_from_a_new_one_when_there_are_conflicts() {
    let mut log = Log::new().await;
    let (ended, winner) = (log.sale(&[1]), log.sale(&[9]));
    let past = [event(&ended), event(&winner)];
    log.apply(&past).await;
    log.apply(&[event(&cancelled(&ended))]).await;
    let (new, loser) = (log.sale(&[1]), log.sale(&[9]));
    let [ended, winner_again] = past;
    let applied = replay(&log, &[ended, winner_again, event(&new), event(&loser)]).await;
    assert_eq!((applied.confirmed, applied.conflicts.len()), (1, 1));
    assert_eq!(log.live_seats().await, [(1, new.id), (9, winner.id)]);
}
