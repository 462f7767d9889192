//! Redis is gone, or stands still: every claim is answered 503 at once, and sales go on when it is back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use frontrow::rush::{Answer, Client, Doubt, Guest, OnSale, Seen};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::house;
use crate::report::Report;
use crate::stage::{INSTANCES, Stage};

/// How long it is gone.
const AWAY: Duration = Duration::from_secs(5);
/// How long an answer may take while it is.
const ANSWERED_WITHIN: Duration = Duration::from_secs(1);
/// How soon sales have to go on.
const RESUMED_WITHIN: Duration = Duration::from_secs(5);
/// How long anybody waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Clients of each instance.
const CLIENTS: usize = 4;
/// Seats, of which each client tries its own.
const SEATS: u32 = 4_000;

/// Somebody who claims one seat after the other.
struct Claimer {
    client: Client,
    guest: Guest,
    on_sale: Arc<OnSale>,
    seats: std::ops::Range<u32>,
}

pub async fn run(stage: &Arc<Stage>, report: &mut Report) {
    for what in ["killed", "standing still"] {
        let slug = format!("redis-{}", what.replace(' ', "-"));
        let on_sale = house::put_on_sale(&stage.pool, &slug, SEATS, house::HOLD_SECONDS).await;
        let mut claimers = claimers(stage, &on_sale).await;
        // Loads the concert, so that what is measured is a sale that goes on.
        claimers = until_sold(claimers).await.0;
        let mut redis = stage.redis.lock().await;
        match what {
            "killed" => redis.kill().await.unwrap(),
            _ => redis.pause().await.unwrap(),
        }
        let (claimers, answers) = claim_for(claimers, AWAY).await;
        match what {
            "killed" => redis.restart().await.unwrap(),
            _ => redis.resume().await.unwrap(),
        }
        drop(redis);
        let (_, resumed) = until_sold(claimers).await;
        let slowest = answers.iter().map(|(took, _)| *took).max().unwrap_or_default();
        let unlike: Vec<_> = answers.iter().filter(|(_, answer)| !is_not_now(answer)).collect();
        let told = format!(
            "Redis {what} for {} s: {} claims, {} not answered 503 with Retry-After, the slowest \
             after {} ms; sold again on every instance {} ms after its return",
            AWAY.as_secs(),
            answers.len(),
            unlike.len(),
            slowest.as_millis(),
            resumed.as_millis()
        );
        let is_kept = slowest <= ANSWERED_WITHIN && resumed <= RESUMED_WITHIN;
        report.measured(told, is_kept && unlike.is_empty() && !answers.is_empty());
    }
}

async fn claimers(stage: &Stage, on_sale: &Arc<OnSale>) -> Vec<Claimer> {
    let mut claimers = Vec::new();
    let each = SEATS / (INSTANCES * CLIENTS) as u32;
    for number in 0..INSTANCES * CLIENTS {
        let address = stage.addresses[number % INSTANCES];
        let mut client = Client::new(Arc::new([address]), 0, TIMEOUT);
        let Answer::Yes(guest) = client.session().await else { panic!("nobody gets a session") };
        let first = number as u32 * each;
        let (on_sale, seats) = (Arc::clone(on_sale), first..first + each);
        claimers.push(Claimer { client, guest, on_sale, seats });
    }
    claimers
}

impl Claimer {
    async fn claim(&mut self) -> Answer<Seen> {
        let seat = self.seats.next().expect("there are seats for a minute");
        let (key, claim) = (seat.to_string(), self.on_sale.claim(&[seat]));
        self.client.hold(&self.guest, &self.on_sale, &key, claim).await
    }
}

/// Everybody claims for a time: what was answered, and after how long.
async fn claim_for(
    claimers: Vec<Claimer>,
    time: Duration,
) -> (Vec<Claimer>, Vec<(Duration, Answer<Seen>)>) {
    let over = Instant::now() + time;
    let mut claiming = JoinSet::new();
    for mut claimer in claimers {
        claiming.spawn(async move {
            let mut answers = Vec::new();
            while Instant::now() < over {
                let asked = Instant::now();
                let answer = claimer.claim().await;
                answers.push((asked.elapsed(), answer));
                sleep(Duration::from_millis(20)).await;
            }
            (claimer, answers)
        });
    }
    let (claimers, answers): (Vec<_>, Vec<_>) = claiming.join_all().await.into_iter().unzip();
    (claimers, answers.concat())
}

/// Everybody claims until a claim is granted: when the last of them was.
async fn until_sold(claimers: Vec<Claimer>) -> (Vec<Claimer>, Duration) {
    let began = Instant::now();
    let mut claiming = JoinSet::new();
    for mut claimer in claimers {
        claiming.spawn(async move {
            while !matches!(claimer.claim().await, Answer::Yes(_)) {
                sleep(Duration::from_millis(20)).await;
            }
            claimer
        });
    }
    (claiming.join_all().await, began.elapsed())
}

/// Whether an answer is 503 with `Retry-After`.
fn is_not_now(answer: &Answer<Seen>) -> bool {
    match answer {
        Answer::Unknown(Doubt::Told { kind, retry_after }) => {
            kind.status() == 503 && retry_after.is_some()
        }
        Answer::No(reason) => reason.is_not_now(),
        Answer::Yes(_) | Answer::Unknown(_) => false,
    }
}
