//! One round: a concert, a crowd, and something that goes wrong.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use frontrow::rush::{Clock, History, OnSale};
use tokio::time::{sleep, sleep_until};

use crate::crowd::Crowd;
use crate::fault::Fault;
use crate::house::{self, HOLD_SECONDS};
use crate::report::Report;
use crate::stage::Stage;
use crate::verdict;
use frontrow::rush::Chance;

const SEATS: u32 = 1_000;
/// How many rounds of a hundred have two faults at once.
const TWO_AT_ONCE: u64 = 35;
/// How long after its last possible deadline a hold may be there: a promise says one second.
const HOLDS_END_WITHIN: Duration = Duration::from_secs(1);

/// Rounds, one after the other. While one runs, the holds of the one before run out.
pub struct Rounds {
    stage: Arc<Stage>,
    chance: Chance,
    faults: Vec<Fault>,
    /// Of these, those that are yet to come before all have been there again.
    deck: Vec<Fault>,
    over: VecDeque<Over>,
    number: u32,
}

/// A round whose holds have yet to run out.
struct Over {
    number: u32,
    on_sale: Arc<OnSale>,
    history: History,
    holds_end: Instant,
}

impl Rounds {
    /// With all faults that can be had and whose names contain `only`.
    pub fn new(stage: Arc<Stage>, chance: Chance, only: &str) -> Self {
        let faults = Fault::ALL.iter().copied();
        let faults = faults.filter(|fault| fault.can_be_had(&stage) && fault.name().contains(only));
        let faults = faults.collect();
        Self { stage, chance, faults, deck: Vec::new(), over: VecDeque::new(), number: 0 }
    }

    /// Runs the next, and judges those whose holds have run out.
    pub async fn run(&mut self, report: &mut Report) {
        self.number += 1;
        let (stage, chance) = (Arc::clone(&self.stage), &mut self.chance.fork());
        let slug = format!("round-{}", self.number);
        let on_sale = house::put_on_sale(&stage.pool, &slug, SEATS, HOLD_SECONDS).await;
        let crowd = Crowd::arrive(&stage, &on_sale, Clock::start(), chance).await;
        sleep(chance.millis(300..800)).await;
        let faults = self.draw();
        let names: Vec<_> = faults.iter().map(|fault| fault.name()).collect();
        println!("round {}: {}", self.number, names.join(", "));
        let mut second = (chance.fork(), chance.millis(0..600));
        tokio::join!(faults[0].strike(&stage, on_sale.concert, chance), async {
            let (chance, delay) = &mut second;
            sleep(*delay).await;
            if let Some(fault) = faults.get(1) {
                fault.strike(&stage, on_sale.concert, chance).await;
            }
        });
        let ready_after = stage.until_ready().await;
        sleep(Duration::from_millis(400)).await;
        let history = crowd.leave().await;
        println!("    ready after {} ms, {:?}", ready_after.as_millis(), history.totals());
        for fault in faults {
            report.struck(fault, ready_after);
        }
        report.rounds += 1;
        let holds_end = Instant::now() + Duration::from_secs(HOLD_SECONDS) + HOLDS_END_WITHIN;
        self.over.push_back(Over { number: self.number, on_sale, history, holds_end });
        while self.over.front().is_some_and(|over| over.holds_end <= Instant::now()) {
            self.judge(report).await;
        }
    }

    /// Judges what is left.
    pub async fn finish(mut self, report: &mut Report) {
        while !self.over.is_empty() {
            self.judge(report).await;
        }
    }

    async fn judge(&mut self, report: &mut Report) {
        let Some(Over { number, on_sale, history, holds_end }) = self.over.pop_front() else {
            return;
        };
        sleep_until(holds_end.into()).await;
        let verdict = verdict::judge(&self.stage, &on_sale, &history).await;
        if !verdict.is_clean() {
            println!("round {number} IS WRONG: {verdict:#?}");
        }
        report.judged(&verdict);
    }

    /// One fault or two, of which no other is due before.
    fn draw(&mut self) -> Vec<Fault> {
        let count = if self.chance.in_hundred(TWO_AT_ONCE) { 2 } else { 1 };
        (0..count)
            .map(|_| {
                if self.deck.is_empty() {
                    self.deck = self.faults.clone();
                    self.chance.shuffle(&mut self.deck);
                }
                self.deck.pop().unwrap()
            })
            .collect()
    }
}
