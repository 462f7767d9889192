//! What has to hold of a seat, a reservation, a user's list and an area: pure, on what was seen of each
//! in one moment.

use super::problem::{Kind, Problem, Subject};
use super::standing::Standing;
use crate::domain::area::AreaNumber;
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::reservation::State;
use crate::domain::seat::{SeatNumber, SeatState};
use crate::inventory::look::Owned;
use crate::inventory::repair::Repair;

/// A seat as Redis has it, and whose it is in PostgreSQL.
#[derive(Clone, Copy, Debug)]
pub struct SeatSeen<'a> {
    /// Which.
    pub seat: SeatNumber,
    /// Its state.
    pub state: SeatState,
    /// Who has it, or had it last.
    pub holder: ReservationId,
    /// The holder's record.
    pub record: Option<&'a Standing>,
    /// Whose it is in PostgreSQL.
    pub sold_to: Option<ReservationId>,
}

/// A reservation in both stores.
#[derive(Clone, Debug)]
pub struct ReservationFacts<'a> {
    /// Which.
    pub id: ReservationId,
    /// Its record in Redis.
    pub record: Option<&'a Standing>,
    /// The seats that its record names or, for want of one, that it has in PostgreSQL.
    pub seats: Vec<SeatSeen<'a>>,
    /// Its entries in its user's list.
    pub owned: Vec<Owned>,
    /// When the sweeper is to look at it, in ms.
    pub deadline_ms: Option<i64>,
    /// Its deadlines in areas' orders of holds: of every area that its record names, and of any other
    /// where it is.
    pub holds: Vec<(AreaNumber, Option<i64>)>,
    /// How PostgreSQL has it, if it was ever confirmed.
    pub sale: Option<&'a Standing>,
    /// Whether it ever kept a seat that Redis had granted to somebody else.
    pub has_won: bool,
}

/// An area in both stores.
#[derive(Clone, Copy, Debug, Default)]
pub struct AreaFacts {
    /// How many fit in by the seat map.
    pub capacity: u32,
    /// Capacity, held and sold as Redis counts them; none if it has no such area.
    pub counted: Option<[u32; 3]>,
    /// What the holds in Redis add up to.
    pub held: u32,
    /// What the sales in Redis add up to.
    pub sold: u32,
    /// What the sales in PostgreSQL add up to, with what is on its way there.
    pub sold_in_ledger: u32,
}

/// What is wrong with a seat; `blocked` is whether PostgreSQL says that it is kept back.
pub fn check_seat(seen: &SeatSeen<'_>, blocked: bool) -> Option<Problem> {
    let SeatSeen { seat, state, holder, record, sold_to } = *seen;
    let free = Some(Repair::Free(seat));
    let problem = |kind, says| Some(Problem::new(kind, Subject::Seat(seat), says));
    let kept = record.filter(|record| record.has(seat)).map(|record| record.state);
    match (state, kept, sold_to) {
        (SeatState::Held, Some(State::Held), None)
        | (SeatState::Available | SeatState::Blocked, _, None) => {}
        (SeatState::Sold, _, Some(buyer)) if buyer == holder => {}
        (SeatState::Sold, _, Some(buyer)) => {
            let says = format!("Redis has sold it to {holder}, PostgreSQL to {buyer}");
            return problem(Kind::SoldToTwo, says);
        }
        (_, _, Some(buyer)) => {
            let says = format!("PostgreSQL has sold it to {buyer}, and in Redis it is {state:?}");
            return problem(Kind::SoldInPostgresqlOnly, says);
        }
        (SeatState::Sold, Some(State::Confirmed), None) => {
            let says = format!("Redis has sold it to {holder}, and PostgreSQL to nobody");
            return problem(Kind::SoldInRedisOnly, says);
        }
        (SeatState::Sold, _, None) => {
            let found =
                problem(Kind::SoldToNobody, format!("it is sold to {holder}, {}", of(record)));
            return found.map(|found| found.with_repair(free.filter(|_| record.is_some())));
        }
        (SeatState::Held, Some(_), None) => {
            let says = format!("it is held for {holder}, which is sold");
            return problem(Kind::SeatNotKept, says);
        }
        (SeatState::Held, None, None) => {
            let found =
                problem(Kind::HeldByNobody, format!("it is held for {holder}, {}", of(record)));
            return found.map(|found| found.with_repair(free));
        }
    }
    let (is, should_be) = (state == SeatState::Blocked, blocked);
    let is_free = matches!(state, SeatState::Available | SeatState::Blocked);
    let says = || format!("in Redis it is {state:?}, and kept back in PostgreSQL: {should_be}");
    (is_free && is != should_be)
        .then(|| Problem::new(Kind::BlockedDiffers, Subject::Seat(seat), says()))
}

/// What is wrong with a reservation.
pub fn check_reservation(facts: &ReservationFacts<'_>) -> Vec<Problem> {
    let areas = facts.holds.iter().map(|(area, _)| *area).collect();
    let rewrite = Some(Repair::Rewrite(facts.id, areas));
    let subject = Subject::Reservation(facts.id);
    let mut found = Found { subject, rewrite, problems: Vec::new() };
    match facts.record {
        None => check_missing(facts, &mut found),
        Some(record) => {
            check_sale(facts, record, &mut found);
            if record.lives() {
                check_seats(facts, record, &mut found);
            }
            check_owned(facts, record, &mut found);
            check_deadline(facts, record, &mut found);
        }
    }
    check_holds(facts, &mut found);
    found.problems
}

/// What is wrong with a user's list: each entry with its record. That every reservation that lives
/// is in it is checked with the reservation.
pub fn check_owner(user: UserId, entries: &[(Owned, Option<&Standing>)]) -> Vec<Problem> {
    let rewrite = Some(Repair::Clear(user));
    let mut found = Found { subject: Subject::Owner(user), rewrite, problems: Vec::new() };
    for (owned, record) in entries {
        if !record.is_some_and(|record| record.lives() && record.user == user) {
            found.follows(Kind::OwnerListLeft, format!("it has {}, {}", owned.id, of(*record)));
        }
    }
    found.problems
}

/// What is wrong with an area.
pub fn check_area(area: AreaNumber, facts: &AreaFacts) -> Vec<Problem> {
    let mut found = Found { subject: Subject::Area(area), rewrite: None, problems: Vec::new() };
    let AreaFacts { capacity, counted, held, sold, sold_in_ledger } = *facts;
    let Some(counted) = counted else {
        found.add(Kind::CapacityDiffers, "Redis has no such area".to_owned());
        return found.problems;
    };
    if counted[0] != capacity {
        let says = format!("its capacity is {} in Redis and {capacity} on the map", counted[0]);
        found.add(Kind::CapacityDiffers, says);
    }
    if counted[1..] != [held, sold] {
        let [_, held_counted, sold_counted] = counted;
        let says = format!(
            "it counts {held_counted} held and {sold_counted} sold, and its reservations have {held} and {sold}"
        );
        found.add(Kind::AreaCountsDiffer, says);
    }
    if counted[1].saturating_add(counted[2]) > counted[0] {
        let says = format!("it counts {counted:?}: more are held and sold than fit in");
        found.add(Kind::AreaCountsDiffer, says);
    }
    if sold != sold_in_ledger {
        let says = format!("{sold} are sold in Redis and {sold_in_ledger} in PostgreSQL");
        found.add(Kind::AreaSalesDiffer, says);
    }
    found.problems
}

/// The problems of one subject.
struct Found {
    subject: Subject,
    /// What brings back in step whatever follows from records.
    rewrite: Option<Repair>,
    problems: Vec<Problem>,
}

impl Found {
    fn add(&mut self, kind: Kind, says: String) {
        self.problems.push(Problem::new(kind, self.subject, says));
    }

    /// The same for what follows from records.
    fn follows(&mut self, kind: Kind, says: String) {
        let problem = Problem::new(kind, self.subject, says);
        self.problems.push(problem.with_repair(self.rewrite.clone()));
    }
}

/// A reservation that Redis has no record of: if it is sold, then to somebody who bought it elsewhere and
/// won a conflict here, which is on record, and the seats say so.
fn check_missing(facts: &ReservationFacts<'_>, found: &mut Found) {
    let Some(sale) = facts.sale.filter(|sale| sale.state == State::Confirmed) else { return };
    let is_its = |seen: &SeatSeen<'_>| seen.state == SeatState::Sold && seen.holder == facts.id;
    if !facts.has_won || !sale.areas.is_empty() || !facts.seats.iter().all(is_its) {
        found.add(Kind::SoldInPostgresqlOnly, "Redis has no record of it".to_owned());
    }
}

fn check_sale(facts: &ReservationFacts<'_>, record: &Standing, found: &mut Found) {
    let sale = facts.sale.filter(|sale| sale.state == State::Confirmed);
    match (record.state, sale, facts.sale) {
        (State::Confirmed, None, _) => {
            found.add(Kind::SoldInRedisOnly, format!("in PostgreSQL it is {}", of(facts.sale)));
        }
        (State::Confirmed, Some(sale), _) if !is_alike(record, sale) => {
            found.add(Kind::SaleDiffers, format!("Redis has {record:?}, PostgreSQL {sale:?}"));
        }
        (State::Confirmed, Some(_), _) => {}
        (_, Some(_), _) => {
            found.add(Kind::SoldInPostgresqlOnly, format!("in Redis it is {:?}", record.state));
        }
        (_, None, _) => {}
    }
}

fn is_alike(record: &Standing, sale: &Standing) -> bool {
    let sorted = |standing: &Standing| {
        let mut seats = standing.seats.clone();
        let mut areas = standing.areas.clone();
        seats.sort_unstable();
        areas.sort_unstable();
        (standing.user, standing.version, seats, areas)
    };
    let costs_differ = record.cost.zip(sale.cost).is_some_and(|(one, other)| one != other);
    sorted(record) == sorted(sale) && !costs_differ
}

fn check_seats(facts: &ReservationFacts<'_>, record: &Standing, found: &mut Found) {
    let wanted = if record.state == State::Held { SeatState::Held } else { SeatState::Sold };
    for seen in &facts.seats {
        let seat = seen.seat;
        if seen.holder != facts.id && seen.record.is_some_and(|other| other.has(seat)) {
            let says = format!("seat {} is also {}'s, {}", seat.0, seen.holder, of(seen.record));
            found.add(Kind::SeatInTwoReservations, says);
        } else if seen.holder != facts.id || seen.state != wanted {
            let says = format!("its seat {} is {:?} for {}", seat.0, seen.state, seen.holder);
            let problem = Problem::new(Kind::SeatNotKept, found.subject, says);
            let can_be_its = seen.state == SeatState::Available
                && seen.sold_to.is_none_or(|buyer| buyer == facts.id);
            let keep = can_be_its.then_some(Repair::Keep(facts.id));
            found.problems.push(problem.with_repair(keep));
        }
    }
}

fn check_owned(facts: &ReservationFacts<'_>, record: &Standing, found: &mut Found) {
    if !record.lives() {
        // What is left is a matter of the list.
        return;
    }
    let (places, deadline_ms) = (record.places(), record.owned_deadline_ms());
    let is_right =
        |owned: &Owned| u32::from(owned.places) == places && owned.deadline_ms == deadline_ms;
    if facts.owned.len() != 1 || !facts.owned.iter().all(is_right) {
        let says = format!("{}'s list has {:?} of it", record.user, facts.owned);
        found.follows(Kind::OwnerListDiffers, says);
    }
}

fn check_deadline(facts: &ReservationFacts<'_>, record: &Standing, found: &mut Found) {
    match (record.state, facts.deadline_ms) {
        (State::Held, known) if known != Some(record.deadline_ms) => {
            let says =
                format!("it ends at {}, and the sweeper looks at {known:?}", record.deadline_ms);
            found.follows(Kind::DeadlineMissing, says);
        }
        (State::Released | State::Expired, None) => {
            found.follows(Kind::NeverForgotten, "the sweeper does not know of it".to_owned());
        }
        _ => {}
    }
}

fn check_holds(facts: &ReservationFacts<'_>, found: &mut Found) {
    let held = facts.record.filter(|record| record.state == State::Held);
    for (area, known) in &facts.holds {
        let has = held.is_some_and(|record| record.areas.iter().any(|(its, _)| its == area));
        let wanted = held.filter(|_| has).map(|record| record.deadline_ms);
        if wanted == *known {
            continue;
        }
        let kind = if has { Kind::AreaHoldMissing } else { Kind::AreaHoldLeft };
        let says = format!("area {} has it until {known:?} and should until {wanted:?}", area.0);
        found.follows(kind, says);
    }
}

/// How a reservation stands, in words.
fn of(record: Option<&Standing>) -> String {
    match record {
        Some(record) => {
            format!(
                "{:?} in version {} with seats {:?}",
                record.state, record.version, record.seats
            )
        }
        None => "of which there is no record".to_owned(),
    }
}
