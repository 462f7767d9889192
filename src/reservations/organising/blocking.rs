//! Keeping seats back from the sale.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;

use super::OrganisingError;
use super::settling::{ATTEMPTS_MAX, keeps_changing};
use crate::domain::ids::ConcertId;
use crate::domain::limits::SEATS_PER_BLOCK_MAX;
use crate::domain::organiser::Organiser;
use crate::domain::performance::Performance;
use crate::domain::seat::SeatNumber;
use crate::domain::seat_map::SeatMap;
use crate::domain::selection::SelectionError;
use crate::inventory::organise::{BlockDone, BlockMode};
use crate::ledger::changes::NewChange;
use crate::reservations::{ReservationError, Reservations};

/// What blocking or unblocking did.
#[derive(Clone, Debug)]
pub struct Blocked {
    /// The concert and its map.
    pub performance: Arc<Performance>,
    /// How many seats have another state now.
    pub changed: u32,
    /// The seats that are somebody's, and stay theirs.
    pub left: Vec<SeatNumber>,
}

impl Reservations {
    /// Blocks seats by their public ids: all of them, or, with `skip_unavailable`, those that nobody
    /// has. The concert is loaded for it, also before its sale.
    ///
    /// # Errors
    /// See [`OrganisingError`]; seats that are somebody's are named.
    pub async fn block_seats(
        &self,
        by: &Organiser,
        concert: ConcertId,
        seats: &[String],
        skip_unavailable: bool,
    ) -> Result<Blocked, OrganisingError> {
        let mode = if skip_unavailable { BlockMode::WhatCanBe } else { BlockMode::AllOrNone };
        self.set_blocked(by, concert, seats, mode).await
    }

    /// Gives blocked seats to the sale again. Those that are not blocked are left as they are.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn unblock_seats(
        &self,
        by: &Organiser,
        concert: ConcertId,
        seats: &[String],
    ) -> Result<Blocked, OrganisingError> {
        self.set_blocked(by, concert, seats, BlockMode::Unblock).await
    }

    async fn set_blocked(
        &self,
        by: &Organiser,
        concert: ConcertId,
        seats: &[String],
        mode: BlockMode,
    ) -> Result<Blocked, OrganisingError> {
        let performance = self.own(by, concert).await?;
        let numbers = look_up(&performance.map, seats)?;
        let action = if mode == BlockMode::Unblock { "unblock_seats" } else { "block_seats" };
        let skip = mode == BlockMode::WhatCanBe;
        let asked = json!({ "seats": seats, "skip_unavailable": skip });
        let work = async {
            let done = self.send_block(by, &performance, mode, &numbers).await?;
            let BlockDone { changed, left } = done;
            Ok(Blocked { performance: Arc::clone(&performance), changed, left })
        };
        let outcome = |done: &Blocked| json!({ "changed": done.changed, "left": done.left_ids() });
        let change = NewChange::of_concert(by, concert, action, asked);
        self.on_record(change, work, outcome).await
    }

    async fn send_block(
        &self,
        by: &Organiser,
        performance: &Performance,
        mode: BlockMode,
        seats: &[SeatNumber],
    ) -> Result<BlockDone, OrganisingError> {
        for _ in 0..ATTEMPTS_MAX {
            let line = self.line_to(performance)?;
            let told = self.inventory.block(&line.keys, line.epoch, by.user, mode, seats).await;
            match self.heard(performance, &line, told)? {
                Ok(done) => return Ok(done),
                Err(refusal) => self.overcome(refusal, performance, &line).await?,
            }
        }
        Err(keeps_changing())
    }
}

impl Blocked {
    /// The public ids of the seats that are somebody's.
    pub fn left_ids(&self) -> Vec<&str> {
        self.left.iter().map(|&seat| &*self.performance.map.seat(seat).id).collect()
    }
}

/// The numbers of between 1 and [`SEATS_PER_BLOCK_MAX`] distinct seats.
fn look_up(map: &SeatMap, ids: &[String]) -> Result<Vec<SeatNumber>, OrganisingError> {
    let wrong = |error: SelectionError| OrganisingError::from(ReservationError::from(error));
    if ids.is_empty() {
        return Err(wrong(SelectionError::Empty));
    }
    if ids.len() > SEATS_PER_BLOCK_MAX {
        return Err(OrganisingError::TooManySeats { given: ids.len(), most: SEATS_PER_BLOCK_MAX });
    }
    let (mut seats, mut seen) = (Vec::with_capacity(ids.len()), HashSet::new());
    for (index, id) in ids.iter().enumerate() {
        let Some(seat) = map.number_of(id) else {
            return Err(wrong(SelectionError::UnknownSeat { index, id: id.clone() }));
        };
        if !seen.insert(seat) {
            return Err(wrong(SelectionError::SeatTwice { index, id: id.clone() }));
        }
        seats.push(seat);
    }
    Ok(seats)
}
