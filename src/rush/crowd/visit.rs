//! One person's visit to a sale: look, choose, hold, and then buy or not.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::clients::Clients;
use super::progress::Progress;
use super::sample::{Ask, Sample, Told};
use super::taste::{Taste, party};
use crate::rush::chance::Chance;
use crate::rush::{Answer, Buyer, History, Hold, OnSale};

/// How often somebody whose seats were taken chooses others; the last time, they leave the choice to
/// the service.
const CHOICES_MAX: u32 = 3;
/// How long people think about what they hold, in milliseconds.
const THINKING_MS: Range<u64> = 0..1_500;
/// Of a hundred who hold seats, how many buy them; how many give them back; the others leave.
const BUYING: u64 = 85;
const RELEASING: u64 = 5;

/// Somebody who comes at a moment.
pub(super) struct Visit {
    pub buyer: Buyer,
    pub on_sale: Arc<OnSale>,
    pub clients: Clients,
    pub progress: Arc<Progress>,
    pub chance: Chance,
    /// When the sale began.
    pub opened: Instant,
    /// When this one comes, after that.
    pub comes: Duration,
    pub samples: Vec<Sample>,
}

impl Visit {
    /// Comes, and leaves with what was asked and told.
    pub(super) async fn make(mut self) -> (History, Vec<Sample>) {
        sleep_until(self.opened + self.comes).await;
        self.progress.came();
        if let Some(hold) = self.hold().await {
            sleep(self.chance.millis(THINKING_MS)).await;
            self.decide(&hold).await;
        }
        (self.buyer.into_history(), self.samples)
    }

    async fn hold(&mut self) -> Option<Hold> {
        let (mut taste, party) = (Taste::draw(&mut self.chance), party(&mut self.chance));
        let mut free = self.look().await?;
        for choice in 1..=CHOICES_MAX {
            if free.is_empty() {
                return None;
            }
            if choice == CHOICES_MAX {
                taste = Taste::Best;
            }
            let seats = taste.choose(&free, party, &mut self.chance);
            let hold = self.claim(choice, seats.as_deref(), party).await;
            if hold.is_some() {
                return hold;
            }
            // Who was told that the best seats are none leaves; others choose from what was not said to
            // be taken.
            seats?;
            let taken = self.buyer.last().map(|last| last.taken()).unwrap_or_default();
            free.retain(|seat| !taken.contains(seat));
        }
        None
    }

    /// The seats that are free, in their order; the first question, which is due when somebody comes.
    async fn look(&mut self) -> Option<Vec<u32>> {
        let path = self.on_sale.availability_path();
        let lent = self.clients.lend(&mut self.buyer).await;
        let answer = lent.buyer.client().get(&path).await;
        drop(lent);
        let free = match answer {
            Answer::Yes(body) => self.on_sale.free(&body),
            Answer::No(_) | Answer::Unknown(_) => None,
        };
        let told = if free.is_some() { Told::Yes } else { Told::Unknown };
        self.note(Ask::Look, told, self.comes);
        free
    }

    async fn claim(&mut self, choice: u32, seats: Option<&[u32]>, party: u32) -> Option<Hold> {
        let (due, key) = (self.opened.elapsed(), format!("choice-{choice}"));
        let lent = self.clients.lend(&mut self.buyer).await;
        let hold = match seats {
            Some(seats) => lent.buyer.hold(&key, seats).await,
            None => lent.buyer.hold_best(&key, party).await,
        };
        drop(lent);
        self.note_last(due);
        hold
    }

    async fn decide(&mut self, hold: &Hold) {
        let (due, whim) = (self.opened.elapsed(), self.chance.below(100));
        if whim >= BUYING + RELEASING {
            return;
        }
        let lent = self.clients.lend(&mut self.buyer).await;
        match whim < BUYING {
            true => lent.buyer.confirm(hold, None).await,
            false => lent.buyer.release(hold).await,
        };
        drop(lent);
        self.note_last(due);
    }

    fn note_last(&mut self, due: Duration) {
        let last = self.buyer.last().and_then(|last| Some((Ask::of(last)?, Told::of(last))));
        if let Some((ask, told)) = last {
            self.note(ask, told, due);
        }
    }

    fn note(&mut self, ask: Ask, told: Told, due: Duration) {
        self.progress.told(ask, told);
        self.samples.push(Sample { ask, told, due, answered: self.opened.elapsed() });
    }
}
