//! People who buy while things go wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use frontrow::rush::{Buyer, Client, Clock, History, Manners, OnSale};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::stage::{INSTANCES, Stage};
use frontrow::rush::Chance;

/// How many buy at once.
const BUYERS: usize = 24;
/// How long a buyer waits for an answer, unless they hang up.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Until when a buyer asks what became of something. Everything is mended much sooner.
const MANNERS: Manners =
    Manners { patience: Duration::from_secs(120), pause: Duration::from_millis(50) };
/// Seats that most want, so that they meet.
const GOOD_SEATS: u64 = 48;
/// Time between two requests of one buyer, in milliseconds.
const PAUSE_MS: std::ops::Range<u64> = 0..30;

/// A crowd that buys until it is told to stop.
pub struct Crowd {
    buyers: JoinSet<History>,
    stop: Arc<AtomicBool>,
}

impl Crowd {
    /// Lets them in; each has a session when this returns.
    pub async fn arrive(
        stage: &Arc<Stage>,
        on_sale: &Arc<OnSale>,
        clock: Clock,
        chance: &mut Chance,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut arriving = JoinSet::new();
        for number in 0..BUYERS {
            let client = Client::new(Arc::clone(&stage.addresses), number % INSTANCES, TIMEOUT);
            arriving.spawn(Buyer::arrive(client, Arc::clone(on_sale), MANNERS, clock));
        }
        let mut buyers = JoinSet::new();
        for buyer in arriving.join_all().await {
            let buyer = buyer.unwrap_or_else(|| panic!("nobody gets a session"));
            let (stage, stop, chance) = (Arc::clone(stage), Arc::clone(&stop), chance.fork());
            buyers.spawn(buy(buyer, stage, u64::from(on_sale.capacity()), stop, chance));
        }
        Self { buyers, stop }
    }

    /// Tells them to stop, and waits until all know what became of what they asked for.
    pub async fn leave(self) -> History {
        self.stop.store(true, Ordering::Relaxed);
        let mut history = History::default();
        for part in self.buyers.join_all().await {
            history.extend(part);
        }
        history
    }
}

async fn buy(
    mut buyer: Buyer,
    stage: Arc<Stage>,
    seats: u64,
    stop: Arc<AtomicBool>,
    mut chance: Chance,
) -> History {
    for attempt in 0_u32.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        if stage.hangs_up() && chance.in_hundred(70) {
            buyer.client().hang_up_after(chance.millis(1..25));
        }
        buy_once(&mut buyer, seats, attempt, &mut chance).await;
        sleep(chance.millis(PAUSE_MS)).await;
    }
    buyer.into_history()
}

async fn buy_once(buyer: &mut Buyer, seats: u64, attempt: u32, chance: &mut Chance) {
    let from = if chance.in_hundred(50) { GOOD_SEATS } else { seats };
    let (first, many) = (chance.below(from - 3), 1 + chance.below(3));
    let wanted: Vec<u32> = (first..first + many).map(|seat| seat as u32).collect();
    let Some(hold) = buyer.hold(&attempt.to_string(), &wanted).await else { return };
    if chance.in_hundred(15) {
        buyer.look_up(&hold).await;
    }
    match chance.below(100) {
        // Whoever leaves a hold behind leaves it to its deadline.
        0..25 => {}
        25..45 => drop(buyer.release(&hold).await),
        sold => {
            let wait = (sold < 55).then_some(2);
            if buyer.confirm(&hold, wait).await && chance.in_hundred(40) {
                sleep(chance.millis(PAUSE_MS)).await;
                buyer.cancel(&hold).await;
            }
        }
    }
}

/// So many who read lists all the time, until this is dropped.
pub fn readers(stage: &Stage, many: usize) -> JoinSet<()> {
    let mut readers = JoinSet::new();
    for number in 0..many {
        let mut client = Client::new(Arc::clone(&stage.addresses), number % INSTANCES, TIMEOUT);
        readers.spawn(async move {
            loop {
                client.get("/v1/concerts?limit=50").await;
                sleep(Duration::from_millis(5)).await;
            }
        });
    }
    readers
}
