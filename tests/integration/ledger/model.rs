//! Histories that a Redis could tell, made of random operations.

use std::collections::BTreeMap;

use frontrow::domain::ids::ReservationId;
use frontrow::domain::log_entry::LogEvent;
use frontrow::domain::reservation::{Reservation, State};
use proptest::prelude::*;

use super::fixture::{Log, cancelled, confirmed, event};

/// Few seats, so that they are fought over.
const SEATS: u32 = 8;

/// Something that somebody asks Redis for. Numbers that name no reservation wrap around.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Hold these seats.
    Reserve(Vec<u32>),
    /// Move a reservation on: confirm it if it is held, cancel it if it is confirmed.
    Advance(usize),
    /// Give a hold back.
    Release(usize),
    /// A concert was loaded.
    Marker,
    /// A bit fell over.
    Garble,
}

pub fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let seats = prop::collection::btree_set(0..SEATS, 1..4);
    let operation = prop_oneof![
        4 => seats.prop_map(|seats| Operation::Reserve(seats.into_iter().collect())),
        6 => any::<usize>().prop_map(Operation::Advance),
        1 => any::<usize>().prop_map(Operation::Release),
        1 => Just(Operation::Marker),
        1 => Just(Operation::Garble),
    ];
    prop::collection::vec(operation, 1..60)
}

/// What Redis logs of the operations. A forgetful one grants seats that are somebody's, as after
/// losing its memory. Ids are numbered, so that histories of two concerts can be compared.
pub fn history(log: &Log, operations: &[Operation], forgetful: bool) -> Vec<LogEvent> {
    let mut all: Vec<Reservation> = Vec::new();
    let mut owners: BTreeMap<u32, usize> = BTreeMap::new();
    let mut events = Vec::new();
    for operation in operations {
        match operation {
            Operation::Reserve(seats) => {
                if forgetful || seats.iter().all(|seat| !owners.contains_key(seat)) {
                    let mut hold = log.hold(seats);
                    hold.id = numbered(log, all.len());
                    owners.extend(seats.iter().map(|&seat| (seat, all.len())));
                    events.push(event(&hold));
                    all.push(hold);
                }
            }
            Operation::Advance(number) | Operation::Release(number) if !all.is_empty() => {
                let number = number % all.len();
                if let Some(next) = after(&all[number], operation) {
                    if next.state != State::Confirmed {
                        owners.retain(|_, owner| *owner != number);
                    }
                    events.push(event(&next));
                    all[number] = next;
                }
            }
            Operation::Advance(_) | Operation::Release(_) => {}
            Operation::Marker => events.push(LogEvent::Marker),
            Operation::Garble => {
                events.push(LogEvent::Unreadable { bytes: vec![0], reason: "garbled".to_owned() })
            }
        }
    }
    events
}

fn after(reservation: &Reservation, operation: &Operation) -> Option<Reservation> {
    match (reservation.state, operation) {
        (State::Held, Operation::Advance(_)) => Some(confirmed(reservation)),
        (State::Held, Operation::Release(_)) => Some(Reservation {
            state: State::Released,
            version: reservation.version + 1,
            ..reservation.clone()
        }),
        (State::Confirmed, Operation::Advance(_)) => Some(cancelled(reservation)),
        _ => None,
    }
}

/// The concert's reservation with a number, counted from the concert's own id.
fn numbered(log: &Log, number: usize) -> ReservationId {
    ReservationId(uuid::Uuid::from_u128(log.concert.0.as_u128().wrapping_add(1 + number as u128)))
}

/// Which reservation of its concert it is.
pub fn number_of(log: &Log, id: ReservationId) -> u128 {
    id.0.as_u128().wrapping_sub(log.concert.0.as_u128())
}
