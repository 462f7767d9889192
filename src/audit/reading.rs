//! Reading a concert out of both stores, at one position of its log.
//!
//! Records are leafed through first, beginning at some position; then everything else that can be had in
//! one moment is had, at *q*. A record that no entry between the two is about stands at *q* as it was
//! read; of the others, the entries say how they stand. PostgreSQL is looked at before *q*, so that it
//! is never ahead. Entries that were applied and trimmed before they could be read are in its history,
//! which is read last.

use std::collections::{HashMap, HashSet};

use super::problem::{Kind, Problem, Subject};
use super::report::Counts;
use super::sales::Sales;
use super::standing::{Standing, Told, What};
use super::world::World;
use super::{AuditError, Auditor};
use crate::domain::area::AreaNumber;
use crate::domain::ids::ReservationId;
use crate::domain::limits::{ENTRIES_PER_READ_MAX, ROWS_PER_AUDIT_PAGE};
use crate::domain::position::{Epoch, Position};
use crate::domain::reservation::State;
use crate::inventory::keys::ConcertKeys;
use crate::inventory::look::Moment;
use crate::inventory::scan::HOLDERS_PER_PAGE;
use crate::ledger::audit::{Audited, Snapshot, Trouble};
use crate::ledger::events;

/// What was read of a concert.
pub(super) struct Reading {
    /// The epoch that it is loaded in.
    pub epoch: Option<Epoch>,
    /// Both stores; none while the concert is not loaded.
    pub world: Option<World>,
    /// How many seats and places there are in each state.
    pub counts: Counts,
    /// What is wrong within PostgreSQL.
    pub in_ledger: Vec<Problem>,
    /// What went wrong before.
    pub trouble: Trouble,
}

/// What PostgreSQL has of a concert.
struct InLedger {
    position: Position,
    sales: Sales,
    problems: Vec<Problem>,
    trouble: Trouble,
}

impl Auditor {
    /// Reads a concert; none if it was loaded, or its partition is being rebuilt, meanwhile.
    pub(super) async fn read(&self, audited: &Audited) -> Result<Option<Reading>, AuditError> {
        let keys = ConcertKeys::new(audited.partition, audited.concert);
        let before = self.inventory.look(audited.partition, &keys, false, &[]).await?;
        let mut world = World { room: audited.room.clone(), ..World::default() };
        if before.epoch.is_some() {
            self.leaf_through(&keys, &mut world).await?;
        }
        let mut snapshot = Snapshot::begin(&self.ledger, audited.partition).await?;
        let in_ledger = read_ledger(&mut snapshot, audited).await?;
        let epoch = snapshot.row.epoch;
        // A snapshot that is kept open keeps PostgreSQL from cleaning up.
        drop(snapshot);
        let InLedger { position, sales, problems: in_postgresql, trouble } = in_ledger;
        let moment = self.inventory.look(audited.partition, &keys, true, &[]).await?;
        if moment.epoch != before.epoch {
            return Ok(None);
        }
        if moment.epoch.is_none() {
            let counts = unloaded(audited, &sales);
            let (in_ledger, world, epoch) = (in_postgresql, None, None);
            return Ok(Some(Reading { epoch, world, counts, in_ledger, trouble }));
        }
        if moment.partition_epoch != Some(epoch) || moment.position < position {
            return Ok(None);
        }
        world.sales = sales;
        self.bring_up_to_date(audited, &keys, &mut world, (before.position, position), moment)
            .await?;
        let counts = world.counts();
        let (in_ledger, world, epoch) = (in_postgresql, Some(world), Some(epoch));
        Ok(Some(Reading { epoch, world, counts, in_ledger, trouble }))
    }

    /// What the log told of a concert after a position and up to another.
    pub(super) async fn told_between(
        &self,
        audited: &Audited,
        after: Position,
        until: Position,
    ) -> Result<Vec<Told>, AuditError> {
        let (partition, concert) = (audited.partition, audited.concert);
        let (mut told, mut at) = (Vec::new(), after);
        while at < until {
            let entries = self.inventory.entries_after(partition, at, ENTRIES_PER_READ_MAX).await?;
            let Some(last) = entries.last() else { break };
            at = last.position;
            let ours =
                entries.iter().filter(|it| it.position <= until && it.concert() == Some(concert));
            told.extend(ours.filter_map(Told::from_entry));
        }
        let known: HashSet<Position> = told.iter().map(|told| told.position).collect();
        let applied = events::between(&self.ledger, partition, concert, after, until).await?;
        let trimmed = applied.into_iter().filter(|event| !known.contains(&event.position));
        told.extend(trimmed.filter_map(Told::from_event));
        told.sort_unstable_by_key(|told| told.position);
        Ok(told)
    }

    async fn leaf_through(&self, keys: &ConcertKeys, world: &mut World) -> Result<(), AuditError> {
        let mut cursor = 0;
        loop {
            let page = self.inventory.records(keys, cursor).await?;
            for (id, record) in page.items {
                match record {
                    Ok(record) => _ = world.records.insert(id, Standing::from(&record)),
                    Err(why) => _ = world.unreadable.insert(id, why),
                }
            }
            cursor = page.cursor;
            if cursor == 0 {
                break;
            }
        }
        loop {
            let page = self.inventory.owners(keys, cursor).await?;
            world.owners.extend(page.items);
            cursor = page.cursor;
            if cursor == 0 {
                break;
            }
        }
        loop {
            let page = self.inventory.area_holds(keys, cursor).await?;
            for hold in page.items {
                let holds = world.area_holds.entry(hold.id).or_default();
                holds.insert(hold.area, hold.deadline_ms);
            }
            cursor = page.cursor;
            if cursor == 0 {
                break;
            }
        }
        while (world.holders.len() as u32) < world.room.seats {
            let page = self.inventory.holders(keys, world.holders.len() as u32).await?;
            let is_last = page.len() < HOLDERS_PER_PAGE as usize;
            world.holders.extend(page);
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// Brings what was leafed through, from the first of two positions on, and what PostgreSQL had sold,
    /// at the second, to the moment.
    async fn bring_up_to_date(
        &self,
        audited: &Audited,
        keys: &ConcertKeys,
        world: &mut World,
        (leafed_at, applied): (Position, Position),
        moment: Moment,
    ) -> Result<(), AuditError> {
        let from = leafed_at.min(applied);
        for told in self.told_between(audited, from, moment.position).await? {
            if told.position > applied {
                world.sales.apply(&told);
            }
            match told.what {
                What::Changed(id, standing) if told.position > leafed_at => {
                    world.unreadable.remove(&id);
                    world.records.insert(id, standing);
                }
                What::Changed(..) | What::Blocking(..) => {}
            }
        }
        world.whole = moment.whole.unwrap_or_default();
        let with_deadlines = world.records.iter().filter(|(_, record)| {
            matches!(record.state, State::Held | State::Released | State::Expired)
        });
        let ids: Vec<ReservationId> = with_deadlines.map(|(id, _)| *id).collect();
        let deadlines = self.inventory.deadlines_of(keys, &ids).await?;
        world.deadlines =
            ids.into_iter().zip(deadlines).filter_map(|(id, at)| Some((id, at?))).collect();
        Ok(())
    }
}

/// Reads what PostgreSQL has, and holds it against itself.
async fn read_ledger(snapshot: &mut Snapshot, audited: &Audited) -> Result<InLedger, AuditError> {
    let concert = audited.concert;
    let mut sales = Sales::new(&[], snapshot.blocked(concert).await?);
    let (mut problems, mut after) = (Vec::new(), None);
    loop {
        let page = snapshot.sales(concert, after).await?;
        sales.add(&page);
        let cancelled = page.iter().filter(|row| row.state != State::Confirmed);
        let alive = cancelled.filter(|row| !row.seats.is_empty() || !row.areas.is_empty());
        problems.extend(alive.map(|row| {
            let says = format!("it is {:?} in PostgreSQL and has live rows there", row.state);
            Problem::new(Kind::SaleDiffers, Subject::Reservation(row.id), says)
        }));
        after = page.last().map(|last| last.id);
        if page.len() < ROWS_PER_AUDIT_PAGE as usize {
            break;
        }
    }
    let places = sales.places();
    for (number, counted) in (0..).zip(snapshot.areas(concert).await?) {
        let sold = places.get(&AreaNumber(number)).copied().unwrap_or_default();
        if sold != counted {
            let says = format!("PostgreSQL counts {counted} sold, and its sales have {sold}");
            let subject = Subject::Area(AreaNumber(number));
            problems.push(Problem::new(Kind::AreaSalesDiffer, subject, says));
        }
    }
    let trouble = snapshot.trouble(concert).await?;
    Ok(InLedger { position: snapshot.row.position, sales, problems, trouble })
}

/// The counts of a concert that only PostgreSQL has.
fn unloaded(audited: &Audited, sales: &Sales) -> Counts {
    let places: HashMap<_, _> = sales.places();
    let sold = sales.seats() + places.values().sum::<u32>();
    let blocked = sales.blocked_seats();
    let available = audited.room.places().saturating_sub(sold).saturating_sub(blocked);
    Counts { available, held: 0, sold_redis: None, sold_postgres: sold, blocked }
}
