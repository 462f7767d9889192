//! How fast the ledger is: figures for the documentation, not checks. `cargo test --release --
//! --ignored --nocapture pace` on a quiet machine.

use std::time::Instant;

use frontrow::domain::log_entry::LogEvent;
use frontrow::domain::reservation::Reservation;
use frontrow::ledger::reservations::for_concert;

use super::fixture::{Log, cancelled, event};

const BATCHES: usize = 40;
const BATCH: usize = 1_000;

/// Sales of one to four seats, of a house from one end to the other.
fn sales(log: &Log) -> Vec<Reservation> {
    let mut first = 0;
    let sale = |index: usize| {
        let seats: Vec<u32> = (first..).take(1 + index % 4).collect();
        first += seats.len() as u32;
        log.sale(&seats)
    };
    (0..BATCHES * BATCH).map(sale).collect()
}

async fn measure(log: &mut Log, what: &str, events: &[LogEvent]) {
    let began = Instant::now();
    for batch in events.chunks(BATCH) {
        log.apply(batch).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{what}: {:.0} entries/s", events.len() as f64 / seconds);
}

#[tokio::test]
#[ignore = "figures, not a check"]
async fn pace_of_write_behind_and_of_reading_it_back() {
    let mut log = Log::new().await;
    let sales = sales(&log);
    let events: Vec<_> = sales.iter().map(event).collect();
    measure(&mut log, "confirmed, 1 to 4 seats", &events).await;

    let (began, mut after, mut read) = (Instant::now(), None, 0);
    loop {
        let page = for_concert(&log.pool, log.concert, after, 500).await.unwrap();
        after = page.last().map(|last| last.id);
        read += page.len();
        if page.len() < 500 {
            break;
        }
    }
    println!("{read} reservations read back in {:?}", began.elapsed());

    let tenth: Vec<_> = sales.iter().step_by(10).collect();
    let lost: Vec<_> = tenth.iter().map(|sale| event(&log.sale(&[sale.seats[0].seat.0]))).collect();
    measure(&mut log, "conflicts and nothing else", &lost).await;
    let again: Vec<_> = sales.iter().step_by(2).map(|sale| event(&cancelled(sale))).collect();
    measure(&mut log, "cancelled", &again).await;

    let fresh = |index: u32| event(&log.sale(&[200_000 + index]));
    let mut sprinkled: Vec<_> = (0..10_000).map(fresh).collect();
    for (index, event) in lost.iter().enumerate().take(10) {
        let LogEvent::Changed(_, loser) = event else {
            continue;
        };
        let again = log.sale(&[loser.seats[0].seat.0 + 4]);
        sprinkled[index * 1_000 + 500] = self::event(&again);
    }
    measure(&mut log, "confirmed, one conflict in a thousand", &sprinkled).await;
}
