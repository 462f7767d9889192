//! Every process hears how far the logs were applied, also after its connection was lost.

use std::time::Duration;

use frontrow::domain::ids::ConcertId;
use frontrow::domain::position::Position;
use frontrow::ledger::notifications::{Change, Changes, Persisted};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::fixture::{Log, event};

const LONG: Duration = Duration::from_secs(5);
const SHORT: Duration = Duration::from_millis(20);

async fn next(changes: &mut Changes) -> Change {
    timeout(LONG, changes.next()).await.unwrap().unwrap()
}

async fn notify(log: &Log, payload: &str) {
    let notify = sqlx::query("SELECT pg_notify('concert_changed', $1)").bind(payload);
    notify.execute(&log.pool).await.unwrap();
}

#[tokio::test]
async fn a_waiter_wakes_when_its_position_was_applied_and_not_before() {
    let mut log = Log::new().await;
    let persisted = Persisted::start(log.pool.clone(), 1, CancellationToken::new());
    let position = Position { ms: 1, sequence: 0 };
    assert!(!persisted.wait_for(0, position, SHORT).await);
    let sale = [event(&log.sale(&[1]))];
    let (woke, _) = tokio::join!(persisted.wait_for(0, position, LONG), log.apply(&sale));
    assert!(woke);
    assert_eq!(persisted.position(0), position);
    let later = Position { ms: 1, sequence: 1 };
    assert!(!persisted.wait_for(0, later, SHORT).await);
    assert!(!persisted.wait_for(9, position, SHORT).await);
}

#[tokio::test]
async fn what_was_applied_before_anybody_listened_is_known() {
    let mut log = Log::new().await;
    let applied = log.apply(&[event(&log.sale(&[1]))]).await;
    let persisted = Persisted::start(log.pool.clone(), 1, CancellationToken::new());
    assert!(persisted.wait_for(0, applied.position, LONG).await);
}

#[tokio::test]
async fn changed_concerts_are_handed_on_and_nonsense_is_not() {
    let log = Log::new().await;
    let persisted = Persisted::start(log.pool.clone(), 1, CancellationToken::new());
    let mut changes = persisted.changes();
    assert_eq!(next(&mut changes).await, Change::Everything);
    let concert = ConcertId::new();
    notify(&log, "nonsense").await;
    notify(&log, &concert.to_string()).await;
    assert_eq!(next(&mut changes).await, Change::Concert(concert));
}

#[tokio::test]
async fn after_a_lost_connection_nobody_waits_for_what_was_missed() {
    let mut log = Log::new().await;
    let persisted = Persisted::start(log.pool.clone(), 1, CancellationToken::new());
    let mut changes = persisted.changes();
    assert_eq!(next(&mut changes).await, Change::Everything);
    let terminated = log.count(
        "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()) AS terminated",
    );
    assert!(terminated.await > 0);
    let applied = log.apply(&[event(&log.sale(&[1]))]).await;
    assert!(persisted.wait_for(0, applied.position, LONG).await);
    assert_eq!(next(&mut changes).await, Change::Everything);
    let concert = ConcertId::new();
    notify(&log, &concert.to_string()).await;
    assert_eq!(next(&mut changes).await, Change::Concert(concert));
}

#[tokio::test]
async fn listening_ends_when_it_is_cancelled() {
    let log = Log::new().await;
    let cancel = CancellationToken::new();
    let persisted = Persisted::start(log.pool.clone(), 1, cancel.clone());
    let mut changes = persisted.changes();
    assert_eq!(next(&mut changes).await, Change::Everything);
    cancel.cancel();
    drop(persisted);
    assert_eq!(timeout(LONG, changes.next()).await, Ok(None));
}
