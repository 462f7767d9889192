//! Looking at suspects again, closely: each in one moment, with all that it is held against.

use std::collections::{HashMap, HashSet};

use super::checks::{ReservationFacts, SeatSeen, check_owner, check_reservation, check_seat};
use super::problem::{Kind, Problem, Subject};
use super::sales::Sales;
use super::standing::Standing;
use super::{AuditError, Auditor};
use crate::domain::area::AreaNumber;
use crate::domain::ids::ReservationId;
use crate::domain::limits::{PROBLEMS_NAMED_MAX, SUSPECTS_MAX, SUSPECTS_PER_LOOK_MAX};
use crate::domain::seat::SeatNumber;
use crate::inventory::keys::ConcertKeys;
use crate::inventory::look::{Looked, LookedSeat, Moment, Record, Suspect};
use crate::ledger::audit::{Audited, Snapshot};

impl Auditor {
    /// Looks at everything again that looked wrong. What it still finds wrong is so: all of it was seen
    /// in one moment. None if the concert was loaded, or its partition rebuilt, meanwhile.
    pub(super) async fn recheck(
        &self,
        audited: &Audited,
        suspected: Vec<Problem>,
    ) -> Result<Option<Vec<Problem>>, AuditError> {
        let suspects = suspects(&suspected, audited.room.areas.len());
        let mut problems = Vec::new();
        for (number, suspects) in suspects.chunks(SUSPECTS_PER_LOOK_MAX).enumerate() {
            if problems.len() >= PROBLEMS_NAMED_MAX {
                break;
            }
            if number * SUSPECTS_PER_LOOK_MAX >= SUSPECTS_MAX {
                return match problems.is_empty() {
                    true => Err(AuditError::TooManySuspects(suspected.len())),
                    false => Ok(Some(problems)),
                };
            }
            match self.look_again(audited, suspects).await? {
                Some(found) => problems.extend(found),
                None => return Ok(None),
            }
        }
        Ok(Some(problems))
    }

    async fn look_again(
        &self,
        audited: &Audited,
        suspects: &[Suspect],
    ) -> Result<Option<Vec<Problem>>, AuditError> {
        let (partition, concert) = (audited.partition, audited.concert);
        let keys = ConcertKeys::new(partition, concert);
        let mut snapshot = Snapshot::begin(&self.ledger, partition).await?;
        let (ids, seats) = subjects(suspects);
        let rows = snapshot.sales_of(concert, &ids, &seats).await?;
        let mut sales = Sales::new(&rows, snapshot.blocked(concert).await?);
        let row = snapshot.row;
        drop(snapshot);
        let moment = self.inventory.look(partition, &keys, false, suspects).await?;
        let Moment { epoch, partition_epoch, position, .. } = moment;
        if epoch.is_none() || partition_epoch != Some(row.epoch) || position < row.position {
            return Ok(None);
        }
        for told in self.told_between(audited, row.position, position).await? {
            sales.apply(&told);
        }
        let mut problems = Vec::new();
        for (suspect, looked) in suspects.iter().zip(&moment.looked) {
            problems.extend(judge(suspect, looked, &sales));
        }
        Ok(Some(problems))
    }
}

/// What to look at, each once. An area's order of holds may have a reservation under any area.
fn suspects(problems: &[Problem], areas: usize) -> Vec<Suspect> {
    let mut seen = HashSet::new();
    let subjects = problems.iter().map(|problem| problem.subject);
    let distinct = subjects.filter(|subject| seen.insert(*subject));
    let of_areas = || (0..areas as u16).map(AreaNumber).collect();
    let suspect = |subject| match subject {
        Subject::Seat(seat) => Some(Suspect::Seat(seat)),
        Subject::Reservation(id) => Some(Suspect::Reservation(id, of_areas())),
        Subject::Owner(user) => Some(Suspect::Owner(user)),
        Subject::Area(_) | Subject::Concert => None,
    };
    distinct.filter_map(suspect).collect()
}

/// The reservations and seats that PostgreSQL is asked for.
fn subjects(suspects: &[Suspect]) -> (Vec<ReservationId>, Vec<SeatNumber>) {
    let (mut ids, mut seats) = (Vec::new(), Vec::new());
    for suspect in suspects {
        match suspect {
            Suspect::Seat(seat) => seats.push(*seat),
            Suspect::Reservation(id, _) => ids.push(*id),
            Suspect::Owner(_) => {}
        }
    }
    (ids, seats)
}

/// What is wrong with a suspect.
fn judge(suspect: &Suspect, looked: &Looked, sales: &Sales) -> Vec<Problem> {
    match (suspect, looked) {
        (Suspect::Seat(seat), Looked::Seat(looked)) => {
            let record = readable(looked.record.as_ref());
            let seen = seen(looked, record.as_ref(), sales);
            check_seat(&seen, sales.is_blocked(*seat)).into_iter().collect()
        }
        (Suspect::Owner(user), Looked::Owner(entries)) => {
            let entries = entries.iter();
            let records: Vec<_> =
                entries.map(|(owned, record)| (*owned, readable(record.as_ref()))).collect();
            let entries = records.iter().map(|(owned, record)| (*owned, record.as_ref()));
            check_owner(*user, &entries.collect::<Vec<_>>())
        }
        (Suspect::Reservation(id, _), Looked::Reservation { record: Some(Err(why)), .. }) => {
            let subject = Subject::Reservation(*id);
            vec![Problem::new(Kind::RecordUnreadable, subject, why.clone())]
        }
        (Suspect::Reservation(id, _), Looked::Reservation { .. }) => {
            judge_reservation(*id, looked, sales)
        }
        _ => Vec::new(),
    }
}

fn judge_reservation(id: ReservationId, looked: &Looked, sales: &Sales) -> Vec<Problem> {
    let Looked::Reservation { record, deadline_ms, owned, seats, holds } = looked else {
        return Vec::new();
    };
    let record = readable(record.as_ref());
    let others: Vec<_> = seats.iter().map(|looked| readable(looked.record.as_ref())).collect();
    let seats = seats.iter().zip(&others);
    let seats = seats.map(|(looked, other)| seen(looked, other.as_ref(), sales));
    // An area that the record does not name and that has no hold of it says nothing.
    let names = |area: &AreaNumber| {
        record.as_ref().is_some_and(|record| record.areas.iter().any(|(its, _)| its == area))
    };
    let holds: HashMap<_, _> = holds.iter().copied().collect();
    let holds = holds.into_iter().filter(|(area, at)| at.is_some() || names(area));
    check_reservation(&ReservationFacts {
        id,
        record: record.as_ref(),
        seats: seats.collect(),
        owned: owned.iter().filter(|owned| owned.id == id).copied().collect(),
        deadline_ms: *deadline_ms,
        holds: holds.collect(),
        sale: sales.get(id),
        has_won: sales.has_won(id),
    })
}

fn readable(record: Option<&Record>) -> Option<Standing> {
    record.and_then(|record| record.as_ref().ok()).map(Standing::from)
}

fn seen<'a>(looked: &LookedSeat, record: Option<&'a Standing>, sales: &Sales) -> SeatSeen<'a> {
    let LookedSeat { seat, state, holder, .. } = *looked;
    SeatSeen { seat, state, holder, record, sold_to: sales.sold_to(seat) }
}
