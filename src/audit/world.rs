//! A whole concert in both stores at one position of its log, and what is wrong with it. Pure.

use std::collections::{HashMap, HashSet};

use super::checks::{
    AreaFacts, ReservationFacts, SeatSeen, check_area, check_owner, check_reservation, check_seat,
};
use super::problem::{Kind, Problem, Subject};
use super::report::Counts;
use super::sales::Sales;
use super::standing::Standing;
use crate::domain::area::{AreaNumber, Room};
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::reservation::State;
use crate::domain::seat::{PackedStates, SeatNumber};
use crate::inventory::look::{Owned, Whole};

/// Nobody's reservation has this id.
const NOBODY: ReservationId = ReservationId(uuid::Uuid::nil());

/// What the two stores have of a concert.
///
/// States, areas' counts, records and sales are of one position. The rest was leafed through just before
/// or after: what changed meanwhile looks wrong here, and has to be looked at again.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// How many fit in by the seat map.
    pub room: Room,
    /// All states and areas' counts.
    pub whole: Whole,
    /// Who has each seat or had it last.
    pub holders: Vec<ReservationId>,
    /// Records.
    pub records: HashMap<ReservationId, Standing>,
    /// Records that cannot be read, and why.
    pub unreadable: HashMap<ReservationId, String>,
    /// Users' lists.
    pub owners: HashMap<UserId, Vec<Owned>>,
    /// When the sweeper is to look at each reservation, in ms.
    pub deadlines: HashMap<ReservationId, i64>,
    /// Areas' orders of holds.
    pub area_holds: HashMap<ReservationId, HashMap<AreaNumber, i64>>,
    /// What PostgreSQL has sold, with what is on its way there.
    pub sales: Sales,
}

impl World {
    /// Everything that looks wrong.
    pub fn problems(&self) -> Vec<Problem> {
        let states = self.states();
        let mut problems = self.check_house();
        for seat in (0..self.room.seats).map(SeatNumber) {
            let blocked = self.sales.is_blocked(seat);
            problems.extend(check_seat(&self.seen(&states, seat), blocked));
        }
        for id in self.reservations() {
            problems.extend(check_reservation(&self.reservation(&states, id)));
        }
        for (user, list) in &self.owners {
            let entries = list.iter().map(|owned| (*owned, self.records.get(&owned.id)));
            problems.extend(check_owner(*user, &entries.collect::<Vec<_>>()));
        }
        for (id, why) in &self.unreadable {
            let subject = Subject::Reservation(*id);
            problems.push(Problem::new(Kind::RecordUnreadable, subject, why.clone()));
        }
        problems.extend(self.check_areas());
        problems
    }

    /// How many seats and places there are in each state.
    pub fn counts(&self) -> Counts {
        let seats = self.states().count(0..self.room.seats);
        let area =
            |place: usize| self.whole.areas.values().map(|counts| counts[place]).sum::<u32>();
        let (held, sold) = (area(1), area(2));
        let standing = area(0).saturating_sub(held).saturating_sub(sold);
        Counts {
            available: seats.available + standing,
            held: seats.held + held,
            sold_redis: Some(seats.sold + sold),
            sold_postgres: self.sales.seats() + self.sales.places().values().sum::<u32>(),
            blocked: seats.blocked,
        }
    }

    fn states(&self) -> PackedStates {
        PackedStates::new(self.whole.states.clone(), self.room.seats)
    }

    /// Every reservation that anybody knows of.
    fn reservations(&self) -> HashSet<ReservationId> {
        let records = self.records.keys().copied();
        let sold = self.sales.iter().map(|(id, _)| id);
        let ids = records.chain(sold).chain(self.area_holds.keys().copied());
        ids.filter(|id| !self.unreadable.contains_key(id)).collect()
    }

    fn seen(&self, states: &PackedStates, seat: SeatNumber) -> SeatSeen<'_> {
        let holder = self.holders.get(seat.0 as usize).copied().unwrap_or(NOBODY);
        let (record, sold_to) = (self.records.get(&holder), self.sales.sold_to(seat));
        SeatSeen { seat, state: states.get(seat), holder, record, sold_to }
    }

    fn reservation(&self, states: &PackedStates, id: ReservationId) -> ReservationFacts<'_> {
        let (record, sale) = (self.records.get(&id), self.sales.get(id));
        let named = record.or(sale);
        let seats = named.iter().flat_map(|standing| &standing.seats);
        let seats = seats.filter(|seat| seat.0 < self.room.seats);
        let list = record.and_then(|record| self.owners.get(&record.user));
        let owned = list.into_iter().flatten().filter(|owned| owned.id == id);
        let known = self.area_holds.get(&id);
        let mut holds: HashMap<AreaNumber, Option<i64>> = HashMap::new();
        let areas = record.iter().flat_map(|record| &record.areas);
        holds.extend(areas.map(|(area, _)| (*area, None)));
        holds.extend(known.into_iter().flatten().map(|(area, at)| (*area, Some(*at))));
        ReservationFacts {
            id,
            record,
            seats: seats.map(|seat| self.seen(states, *seat)).collect(),
            owned: owned.copied().collect(),
            deadline_ms: self.deadlines.get(&id).copied(),
            holds: holds.into_iter().collect(),
            sale,
            has_won: self.sales.has_won(id),
        }
    }

    fn check_areas(&self) -> Vec<Problem> {
        let (mut held, mut sold) = (HashMap::new(), HashMap::new());
        for record in self.records.values().filter(|record| record.lives()) {
            let sums: &mut HashMap<AreaNumber, u32> = match record.state {
                State::Held => &mut held,
                _ => &mut sold,
            };
            for (area, places) in &record.areas {
                *sums.entry(*area).or_default() += u32::from(*places);
            }
        }
        let in_ledger = self.sales.places();
        let of = |sums: &HashMap<AreaNumber, u32>, area| sums.get(&area).copied().unwrap_or(0);
        let mut problems = Vec::new();
        for (number, capacity) in (0..).zip(&self.room.areas) {
            let area = AreaNumber(number);
            let facts = AreaFacts {
                capacity: *capacity,
                counted: self.whole.areas.get(&area).copied(),
                held: of(&held, area),
                sold: of(&sold, area),
                sold_in_ledger: of(&in_ledger, area),
            };
            problems.extend(check_area(area, &facts));
        }
        problems
    }

    /// Whether Redis has the house that it is: as many seats, and no state beyond the last.
    fn check_house(&self) -> Vec<Problem> {
        let seats = self.room.seats;
        let Whole { capacity, states, .. } = &self.whole;
        let problem = |says| Problem::new(Kind::CapacityDiffers, Subject::Concert, says);
        let mut problems = Vec::new();
        if *capacity != seats {
            problems
                .push(problem(format!("it has {capacity} seats in Redis and {seats} on the map")));
        }
        if states.len() > seats.div_ceil(4) as usize {
            let bytes = states.len();
            problems.push(problem(format!("Redis has {bytes} bytes of states for {seats} seats")));
        } else if !seats.is_multiple_of(4) && states.len() == seats.div_ceil(4) as usize {
            let beyond = 0xff_u8 >> (2 * (seats % 4));
            if states.last().is_some_and(|last| last & beyond != 0) {
                problems.push(problem(format!("Redis has a state for seat {seats} of {seats}")));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests;
