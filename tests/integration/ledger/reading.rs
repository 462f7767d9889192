//! What was sold can be found, one by one and all of a concert.

use frontrow::domain::ids::ConcertId;
use frontrow::domain::reservation::Reservation;
use frontrow::ledger::LedgerError;
use frontrow::ledger::reservations::for_concert;

use super::fixture::{Log, cancelled, event};

async fn all(log: &Log, limit: u32) -> Vec<Reservation> {
    let mut all: Vec<Reservation> = Vec::new();
    loop {
        let after = all.last().map(|last| last.id);
        let page = for_concert(&log.pool, log.concert, after, limit).await.unwrap();
        let is_last = page.len() < limit as usize;
        all.extend(page);
        if is_last {
            return all;
        }
    }
}

#[tokio::test]
async fn everything_ever_confirmed_of_a_concert_is_read_page_by_page() {
    let mut log = Log::new().await;
    let mut elsewhere = Log::of(log.pool.clone(), 1).await;
    elsewhere.apply(&[event(&elsewhere.sale(&[1]))]).await;
    let mut sold: Vec<_> = (0..25).map(|n| log.sale(&[2 * n, 2 * n + 1])).collect();
    log.apply(&sold.iter().map(event).collect::<Vec<_>>()).await;
    for sale in sold.iter_mut().take(5) {
        *sale = cancelled(sale);
        log.apply(&[event(sale)]).await;
    }
    sold.sort_by_key(|sale| sale.id);
    for limit in [1, 5, 24, 25, 26] {
        assert_eq!(all(&log, limit).await, sold, "in pages of {limit}");
    }
    let nowhere = for_concert(&log.pool, ConcertId::new(), None, 10).await;
    assert_eq!(nowhere.unwrap(), []);
}

#[tokio::test]
async fn a_full_disk_is_said_with_what_to_do_about_it() {
    let log = Log::new().await;
    let full = "DO $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'could not extend file'; END $$";
    let error = sqlx::query(full).execute(&log.pool).await.unwrap_err();
    let said = LedgerError::from(error).to_string();
    assert!(
        said.starts_with("PostgreSQL: its disk is full: free some of it and try again"),
        "{said}"
    );
    assert!(said.contains("could not extend file"), "{said}");
}
