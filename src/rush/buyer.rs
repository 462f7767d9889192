//! Somebody who buys, and who writes down what they were told.

use std::sync::Arc;

use bytes::Bytes;

use super::answer::{Answer, Doubt, Inquiry, Manners};
use super::body::Seen;
use super::client::{Client, Guest};
use super::history::{Asked, Clock, History, Moment, Operation, Outcome, Refused, Stand};
use super::on_sale::OnSale;
use crate::domain::ids::ReservationId;

/// Somebody with a session who buys at one concert. Everything they ask goes into their history.
pub struct Buyer {
    client: Client,
    guest: Guest,
    on_sale: Arc<OnSale>,
    manners: Manners,
    clock: Clock,
    history: History,
}

/// A reservation that a buyer was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Which.
    pub id: ReservationId,
    /// The numbers of its seats.
    pub seats: Vec<u32>,
    /// How it stood when it was granted, or when that was found out.
    pub stand: Stand,
}

/// What is asked about a reservation.
#[derive(Clone)]
enum Question<'a> {
    /// To have it: under a key, with the body of the claim.
    Claim(&'a str, Bytes),
    /// To have it confirmed, and to wait for PostgreSQL for so many seconds.
    Confirm(Option<u8>),
    Release,
    Cancel,
    Look,
}

impl Buyer {
    /// Begins a session; none if there was no way to have one in time.
    pub async fn arrive(
        mut client: Client,
        on_sale: Arc<OnSale>,
        manners: Manners,
        clock: Clock,
    ) -> Option<Self> {
        let mut inquiry = Inquiry::new(manners);
        loop {
            let answer = match client.session().await {
                // A session that nobody was told of harms nobody: it can be asked for again.
                Answer::No(reason) if !reason.is_final() => Answer::Unknown(Doubt::CutOff),
                answer => answer,
            };
            match inquiry.hear(answer).await {
                Some(Answer::Yes(guest)) => {
                    let history = History::default();
                    return Some(Self { client, guest, on_sale, manners, clock, history });
                }
                Some(_) => return None,
                None => {}
            }
        }
    }

    /// Whom it asks, to be changed on the way.
    pub fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// What was asked last, and what was told.
    pub fn last(&self) -> Option<&Operation> {
        self.history.operations.last()
    }

    /// What was asked so far, and all that was told.
    pub fn into_history(self) -> History {
        self.history
    }

    /// Asks for seats, under a key that this buyer has not used; what was granted.
    pub async fn hold(&mut self, key: &str, seats: &[u32]) -> Option<Hold> {
        let concert = self.on_sale.concert;
        let id = ReservationId::from_key(self.guest.user, concert, key);
        let claim = Question::Claim(key, self.on_sale.claim(seats));
        let stand = self.ask(id, seats, claim).await?;
        Some(Hold { id, seats: seats.to_vec(), stand })
    }

    /// Asks for the best seats there are, under a key that this buyer has not used; what was granted.
    pub async fn hold_best(&mut self, key: &str, quantity: u32) -> Option<Hold> {
        let concert = self.on_sale.concert;
        let id = ReservationId::from_key(self.guest.user, concert, key);
        let claim = Question::Claim(key, self.on_sale.claim_best(quantity));
        let stand = self.ask(id, &[], claim).await?;
        let seats = self.last().map(|last| last.seats.clone()).unwrap_or_default();
        Some(Hold { id, seats, stand })
    }

    /// Turns a hold into a sale, and waits for PostgreSQL for so many seconds, if for any; whether it
    /// is sold.
    pub async fn confirm(&mut self, hold: &Hold, wait_seconds: Option<u8>) -> bool {
        self.ask(hold.id, &hold.seats, Question::Confirm(wait_seconds)).await.is_some()
    }

    /// Gives a hold back; whether it was.
    pub async fn release(&mut self, hold: &Hold) -> bool {
        self.ask(hold.id, &hold.seats, Question::Release).await.is_some()
    }

    /// Gives a sale back; whether it was.
    pub async fn cancel(&mut self, hold: &Hold) -> bool {
        self.ask(hold.id, &hold.seats, Question::Cancel).await.is_some()
    }

    /// Looks how a reservation stands.
    pub async fn look_up(&mut self, hold: &Hold) -> Option<Stand> {
        self.ask(hold.id, &hold.seats, Question::Look).await
    }

    /// Asks until it is known what became of it, and writes that down.
    async fn ask(
        &mut self,
        reservation: ReservationId,
        seats: &[u32],
        question: Question<'_>,
    ) -> Option<Stand> {
        let (begun, mut inquiry) = (self.clock.now(), Inquiry::new(self.manners));
        let asked = question.asked();
        let (attempted, answer) = loop {
            let attempted = self.clock.now();
            let answer = self.ask_once(reservation, question.clone()).await;
            if let Some(settled) = inquiry.hear(answer).await {
                break (attempted, settled);
            }
        };
        let (user, ended) = (self.guest.user, self.clock.now());
        // Which seats are the best is not known before the answer.
        let seats = match &answer {
            Answer::Yes(seen) if seats.is_empty() => seen.seats.clone(),
            Answer::Yes(_) | Answer::No(_) | Answer::Unknown(_) => seats.to_vec(),
        };
        let outcome = self.outcome(answer, attempted, ended);
        let stand = match &outcome {
            Outcome::Yes(stand) => Some(*stand),
            Outcome::No(_) | Outcome::Unknown => None,
        };
        let sent = inquiry.asked;
        let operation = Operation { user, reservation, asked, seats, begun, ended, sent, outcome };
        self.history.operations.push(operation);
        stand
    }

    async fn ask_once(&mut self, id: ReservationId, question: Question<'_>) -> Answer<Seen> {
        let Self { client, guest, on_sale, .. } = self;
        match question {
            Question::Claim(key, claim) => client.hold(guest, on_sale, key, claim).await,
            Question::Confirm(wait) => client.confirm(guest, on_sale, id, wait).await,
            Question::Release => client.release(guest, on_sale, id).await,
            Question::Cancel => client.cancel(guest, on_sale, id).await,
            Question::Look => client.look_up(guest, on_sale, id).await,
        }
    }

    /// What an answer came to, that was asked for at `attempted` and was there at `ended`.
    fn outcome(&self, answer: Answer<Seen>, attempted: Moment, ended: Moment) -> Outcome {
        match answer {
            Answer::Yes(seen) => Outcome::Yes(Stand::new(&seen, attempted, ended)),
            Answer::No(reason) => {
                let taken = reason.conflicts.iter().filter_map(|id| self.on_sale.number(id));
                Outcome::No(Refused { taken: taken.collect(), reason })
            }
            Answer::Unknown(_) => Outcome::Unknown,
        }
    }
}

impl Question<'_> {
    fn asked(&self) -> Asked {
        match self {
            Self::Claim(..) => Asked::Claim,
            Self::Confirm(_) => Asked::Confirm,
            Self::Release => Asked::Release,
            Self::Cancel => Asked::Cancel,
            Self::Look => Asked::Look,
        }
    }
}
