//! What must hold in every state, and what has to be seen in some, lest the rest hold of nothing.

use stateright::Property;

use super::Model;
use super::client::Told;
use super::redis::{Concert, Record, SeatState, Seats, State};
use super::setup::{Buyer, Fsync};
use super::world::World;

pub const TWO_LIVE_ROWS: &str = "no seat has two live rows in PostgreSQL";
pub const TWO_PERSISTED: &str = "no seat is told to two as persisted";
pub const PERSISTED_LOST: &str = "what was told as persisted stays sold";
pub const GRANTED_TWICE: &str = "Redis has a seat for one reservation only";
pub const CONFIRMED_LOST: &str = "a confirmed sale is lost only with changes that Redis lost";
pub const LOST_FOR_NOTHING: &str = "with fsync always and no failover no confirmed sale is lost";
pub const CONFLICT_FOR_NOTHING: &str = "without a loss there is no conflict";
pub const GRANTED_AFTER_LOSS: &str =
    "no instance is granted anything by a Redis that has forgotten what it told it";
pub const STALE_BATCH: &str = "a stale writer applies nothing";
pub const VERSION_FELL: &str = "a version never falls";
pub const DISAGREE: &str = "when all is applied and compensated, Redis and PostgreSQL agree";

pub const RESOLD: &str = "a hold expires, and its seat is sold to somebody else";
pub const COMPENSATED: &str = "a conflict is compensated in Redis";
pub const SALES_GO_ON: &str = "after a rebuild sales go on";

/// All of them.
pub fn properties() -> Vec<Property<Model>> {
    vec![
        Property::always(TWO_LIVE_ROWS, |model, world: &World| {
            buyers(model).all(|one| {
                rivals(model, one).all(|other| {
                    !(world.postgres.is_sold_to(one) && world.postgres.is_sold_to(other))
                })
            })
        }),
        Property::always(TWO_PERSISTED, |model, world: &World| {
            let persisted = |buyer| world.told[usize::from(buyer)] == Told::Persisted;
            buyers(model)
                .all(|one| rivals(model, one).all(|other| !(persisted(one) && persisted(other))))
        }),
        Property::always(PERSISTED_LOST, |model, world: &World| {
            buyers(model).all(|buyer| {
                world.told[usize::from(buyer)] != Told::Persisted
                    || world.postgres.is_sold_to(buyer)
            })
        }),
        Property::always(GRANTED_TWICE, |model, world: &World| {
            world.redis.seats().is_none_or(|seats| is_granted_once(model, seats))
        }),
        Property::always(CONFIRMED_LOST, |model, world: &World| {
            buyers(model).all(|buyer| {
                is_kept(world, buyer)
                    || world.noticed.lost[usize::from(buyer)]
                    || is_known_loser(world, buyer)
            })
        }),
        Property::always(LOST_FOR_NOTHING, |model, world: &World| {
            let is_safe = model.fsync == Fsync::Always
                && model.faults.failovers == 0
                && model.faults.flushes == 0;
            !is_safe || buyers(model).all(|buyer| is_kept(world, buyer))
        }),
        Property::always(CONFLICT_FOR_NOTHING, |_, world: &World| {
            world.noticed.lossy || world.postgres.conflicts.is_empty()
        }),
        Property::always(GRANTED_AFTER_LOSS, |_, world: &World| !world.noticed.granted_after_loss),
        Property::always(STALE_BATCH, |_, world: &World| !world.noticed.stale_batch_applied),
        Property::always(VERSION_FELL, |_, world: &World| !world.noticed.version_fell),
        Property::always(DISAGREE, |model, world: &World| {
            !is_at_rest(world) || agree(model, world)
        }),
        Property::sometimes(RESOLD, |model, world: &World| {
            let Some(seats) = world.redis.seats() else { return false };
            buyers(model).any(|one| {
                seats.record(one).is_some_and(|it| it.state == State::Expired)
                    && rivals(model, one).any(|other| world.postgres.is_sold_to(other))
            })
        }),
    ]
    .into_iter()
    .chain(examples())
    .collect()
}

/// What only some setups can show.
pub fn examples() -> Vec<Property<Model>> {
    vec![
        Property::sometimes(COMPENSATED, |_, world: &World| {
            world.postgres.conflicts.iter().any(|conflict| conflict.compensated)
        }),
        Property::sometimes(SALES_GO_ON, |model, world: &World| {
            world.postgres.partition.epoch > 1
                && world.redis.last() == world.postgres.partition.position
                && buyers(model).any(|buyer| world.told[usize::from(buyer)] == Told::Persisted)
        }),
    ]
}

fn buyers(model: &Model) -> impl Iterator<Item = Buyer> {
    (0_u8..).take(model.wants.len())
}

/// Those who want a seat that somebody wants.
fn rivals(model: &Model, one: Buyer) -> impl Iterator<Item = Buyer> {
    let wants = |buyer| &model.wants[usize::from(buyer)];
    buyers(model).filter(move |&other| {
        other != one && wants(other).iter().any(|seat| wants(one).contains(seat))
    })
}

fn is_sale(event: Option<(Buyer, Record)>) -> bool {
    event.is_some_and(|(_, record)| record.state == State::Confirmed)
}

fn is_live(seats: &Seats, buyer: Buyer) -> bool {
    seats.record(buyer).is_some_and(|it| matches!(it.state, State::Held | State::Confirmed))
}

fn is_granted_once(model: &Model, seats: &Seats) -> bool {
    buyers(model)
        .all(|one| !is_live(seats, one) || rivals(model, one).all(|other| !is_live(seats, other)))
}

/// Whether what a buyer was told is in PostgreSQL or on its way there.
fn is_kept(world: &World, buyer: Buyer) -> bool {
    if world.told[usize::from(buyer)] != Told::Confirmed || world.postgres.is_sold_to(buyer) {
        return true;
    }
    let applied = world.postgres.partition.position;
    let mut waiting = world.redis.log().filter(|entry| entry.position > applied);
    waiting
        .any(|entry| entry.event.is_some_and(|(whose, _)| whose == buyer) && is_sale(entry.event))
}

fn is_known_loser(world: &World, buyer: Buyer) -> bool {
    world.postgres.conflicts.iter().any(|conflict| conflict.loser == buyer)
}

/// Whether nothing is left to be written or compensated.
fn is_at_rest(world: &World) -> bool {
    let (redis, partition) = (&world.redis, world.postgres.partition);
    matches!(redis.store.concert, Concert::Loaded(_))
        && redis.store.epoch == Some(partition.epoch)
        && redis.last() == partition.position
        && world.batch.is_none()
        && world.postgres.open_conflict().is_none()
}

/// Whether the same is sold in Redis as in PostgreSQL.
fn agree(model: &Model, world: &World) -> bool {
    let Some(seats) = world.redis.seats() else { return true };
    (0_u8..).zip(&seats.states).all(|(seat, state)| {
        let holder = buyers(model).find(|&buyer| {
            world.postgres.is_sold_to(buyer) && model.wants[usize::from(buyer)].contains(&seat)
        });
        match state {
            SeatState::Sold(buyer) => holder == Some(*buyer),
            _ => holder.is_none(),
        }
    })
}
