//! `lua`: one atomic script decides in Redis, and PostgreSQL is written behind.
//!
//! This is the service itself, from the use cases down: `reserve.lua` and `confirm.lua` through
//! `inventory`, the log, and the writer that carries it to PostgreSQL. A script runs alone, so between
//! looking at a seat and taking it there is no moment for anybody else, and nothing to lock.
//!
//! A buyer picks a free seat from what Redis shows. Should somebody be faster, the refusal names the
//! seat, and the buyer looks again. Nobody is turned away before every seat is sold: one that is only
//! held may come free again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::sleep;
use uuid::Uuid;

use crate::domain::ids::UserId;
use crate::domain::refusal::Refusal;
use crate::domain::seat::{PackedStates, SeatNumber, SeatState};
use crate::lab::service::Service;
use crate::lab::{Answer, Buyer, Stage, Strategy};
use crate::reservations::ReservationError;

/// How long to leave those alone who hold the last seats.
const LET_THEM_FINISH: Duration = Duration::from_millis(2);
/// How often the same request is sent while nobody can say what became of it.
const SAME_REQUEST_MAX: u32 = 100;

/// See the head of this file.
pub struct Lua {
    service: Service,
    refused: AtomicU64,
}

impl Strategy for Lua {
    async fn prepare(stage: &Stage) -> Result<Self> {
        Ok(Self { service: Service::start(stage).await?, refused: AtomicU64::new(0) })
    }

    async fn book(&self, buyer: &mut Buyer) -> Result<Answer> {
        // Each choice of seats is a request with a key of its own.
        for key in 0.. {
            let states = self.look().await?;
            let (free, held) = free_and_held(&states, self.service.seats());
            if free.is_empty() && held == 0 {
                return Ok(Answer::No);
            }
            if free.is_empty() {
                sleep(LET_THEM_FINISH).await;
                continue;
            }
            let seat = free[buyer.pick(u32::try_from(free.len())?) as usize];
            if self.buy(user(buyer.id), &format!("{key}"), seat).await? {
                return Ok(Answer::Yes);
            }
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        bail!("the keys have run out")
    }

    async fn settle(&self) -> Result<()> {
        self.service.until_persisted().await
    }

    async fn owners(&self) -> Result<Vec<i32>> {
        let owners = self.service.owners().await?;
        Ok(owners.into_iter().map(|owner| owner.as_u128() as i32).collect())
    }

    fn remark(&self) -> String {
        let refused = self.refused.load(Ordering::Relaxed);
        let behind = self.service.persisted_after().as_secs_f64() * 1e3;
        format!("{refused} seats taken by others meanwhile; in PostgreSQL {behind:.0} ms later")
    }

    async fn finish(self) -> Result<()> {
        self.service.stop().await;
        Ok(())
    }
}

impl Lua {
    /// The service behind it.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The house, as soon as Redis shows it.
    async fn look(&self) -> Result<PackedStates> {
        for _ in 0..SAME_REQUEST_MAX {
            match self.service.look().await {
                Err(ReservationError::Unavailable { .. }) => sleep(LET_THEM_FINISH).await,
                looked => return Ok(looked?),
            }
        }
        bail!("the service was unavailable {SAME_REQUEST_MAX} times in a row")
    }

    /// Holds a seat and confirms it; false when somebody else has it.
    async fn buy(&self, user: UserId, key: &str, seat: SeatNumber) -> Result<bool> {
        // A request without an answer is sent again under its key, which finds out what became of it.
        for _ in 0..SAME_REQUEST_MAX {
            let held = match self.service.reserve(user, key, seat).await {
                Ok(held) => held,
                Err(ReservationError::Refused { refusal: Refusal::Unavailable { .. }, .. }) => {
                    return Ok(false);
                }
                Err(ReservationError::Unavailable { .. }) => {
                    sleep(LET_THEM_FINISH).await;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            match self.service.confirm(user, held).await {
                Ok(()) => return Ok(true),
                Err(ReservationError::Unavailable { .. }) => sleep(LET_THEM_FINISH).await,
                Err(error) => return Err(error.into()),
            }
        }
        bail!("the service was unavailable {SAME_REQUEST_MAX} times in a row")
    }
}

fn user(id: i32) -> UserId {
    UserId(Uuid::from_u128(u128::from(id.unsigned_abs())))
}

/// The seats that are free, and how many are only held.
fn free_and_held(states: &PackedStates, seats: u32) -> (Vec<SeatNumber>, u32) {
    let all = (0..seats).map(SeatNumber);
    let free = all.filter(|seat| states.get(*seat) == SeatState::Available).collect();
    (free, states.count(0..seats).held)
}
