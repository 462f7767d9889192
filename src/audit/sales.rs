//! What PostgreSQL has sold, and will have once it has applied what the log has for it.

use std::collections::{HashMap, HashSet};

use super::standing::{Standing, Told, What};
use crate::domain::area::AreaNumber;
use crate::domain::ids::ReservationId;
use crate::domain::reservation::State;
use crate::domain::seat::SeatNumber;
use crate::ledger::audit::SaleRow;

/// Sales by reservation and by seat.
#[derive(Clone, Debug, Default)]
pub struct Sales {
    by_id: HashMap<ReservationId, Standing>,
    by_seat: HashMap<SeatNumber, ReservationId>,
    blocked: HashSet<SeatNumber>,
    winners: HashSet<ReservationId>,
}

impl Sales {
    /// What PostgreSQL has: sales with what of them stands, and the seats that are kept back.
    pub fn new(rows: &[SaleRow], blocked: Vec<SeatNumber>) -> Self {
        let mut sales = Self { blocked: blocked.into_iter().collect(), ..Self::default() };
        sales.add(rows);
        sales
    }

    /// Adds rows.
    pub fn add(&mut self, rows: &[SaleRow]) {
        for row in rows {
            self.by_seat.extend(row.seats.iter().map(|seat| (*seat, row.id)));
            self.by_id.insert(row.id, Standing::from(row));
            if row.has_won {
                self.winners.insert(row.id);
            }
        }
    }

    /// Takes in what the log says next, as the writer will: a version that is not newer changes
    /// nothing, and whoever has a seat keeps it.
    pub fn apply(&mut self, told: &Told) {
        match &told.what {
            What::Blocking(seats, true) => self.blocked.extend(seats),
            What::Blocking(seats, false) => {
                seats.iter().for_each(|seat| _ = self.blocked.remove(seat));
            }
            What::Changed(id, standing) => match standing.state {
                State::Confirmed => self.confirm(*id, standing),
                State::Cancelled => self.cancel(*id, standing),
                State::Held | State::Released | State::Expired => {}
            },
        }
    }

    /// How a reservation stands, if it was ever confirmed.
    pub fn get(&self, id: ReservationId) -> Option<&Standing> {
        self.by_id.get(&id)
    }

    /// Whether a reservation ever kept a seat that Redis had granted to somebody else.
    pub fn has_won(&self, id: ReservationId) -> bool {
        self.winners.contains(&id)
    }

    /// Who has a seat.
    pub fn sold_to(&self, seat: SeatNumber) -> Option<ReservationId> {
        self.by_seat.get(&seat).copied()
    }

    /// Whether a seat is kept back.
    pub fn is_blocked(&self, seat: SeatNumber) -> bool {
        self.blocked.contains(&seat)
    }

    /// Everything ever confirmed.
    pub fn iter(&self) -> impl Iterator<Item = (ReservationId, &Standing)> {
        self.by_id.iter().map(|(id, standing)| (*id, standing))
    }

    /// How many seats are sold.
    pub fn seats(&self) -> u32 {
        self.by_seat.len() as u32
    }

    /// How many seats are kept back and not sold.
    pub fn blocked_seats(&self) -> u32 {
        self.blocked.iter().filter(|seat| !self.by_seat.contains_key(seat)).count() as u32
    }

    /// How many places of each area are sold.
    pub fn places(&self) -> HashMap<AreaNumber, u32> {
        let mut places = HashMap::new();
        let sold = self.by_id.values().filter(|standing| standing.state == State::Confirmed);
        for (area, quantity) in sold.flat_map(|standing| &standing.areas) {
            *places.entry(*area).or_default() += u32::from(*quantity);
        }
        places
    }

    fn confirm(&mut self, id: ReservationId, standing: &Standing) {
        if !self.is_news(id, standing) {
            return;
        }
        let taken = |seat| self.by_seat.get(seat).is_some_and(|holder| *holder != id);
        if standing.seats.iter().any(taken) {
            // It will lose: none of it is sold.
            let lost = Standing {
                state: State::Cancelled,
                seats: Vec::new(),
                areas: Vec::new(),
                ..standing.clone()
            };
            self.by_id.insert(id, lost);
            return;
        }
        self.by_seat.extend(standing.seats.iter().map(|seat| (*seat, id)));
        self.by_id.insert(id, standing.clone());
    }

    fn cancel(&mut self, id: ReservationId, standing: &Standing) {
        if !self.is_news(id, standing) {
            return;
        }
        for seat in &standing.seats {
            if self.by_seat.get(seat) == Some(&id) {
                self.by_seat.remove(seat);
            }
        }
        let ended = Standing { seats: Vec::new(), areas: Vec::new(), ..standing.clone() };
        self.by_id.insert(id, ended);
    }

    fn is_news(&self, id: ReservationId, standing: &Standing) -> bool {
        self.by_id.get(&id).is_none_or(|known| known.version < standing.version)
    }
}
