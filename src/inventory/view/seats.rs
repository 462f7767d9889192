//! One concert's seats in memory: what a snapshot said, and every change since.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use crate::domain::ids::ReservationId;
use crate::domain::log_entry::{Blocking, Change, LogEntry, LogEvent};
use crate::domain::position::{Epoch, Position};
use crate::domain::reservation::{Cause, Reservation, State};
use crate::domain::seat::{PackedStates, SeatNumber, SeatState};
use crate::domain::seat_set::SeatSet;

/// Who has a seat of which nothing is said: nobody's reservation has this id.
const NOBODY: ReservationId = ReservationId(Uuid::nil());

/// The seats of a concert as they stood at a position of its log.
#[derive(Clone, Debug)]
pub struct Seats {
    revision: u64,
    epoch: Epoch,
    position: Position,
    states: PackedStates,
    /// The seats whose state is available.
    free: SeatSet,
    /// Who has each seat, or had it last.
    holders: Vec<ReservationId>,
    holds: HashMap<ReservationId, Hold>,
    /// The holds by when they end.
    deadlines: BTreeSet<(i64, ReservationId)>,
}

/// A hold that lives, or is over and was not ended yet.
#[derive(Clone, Debug)]
struct Hold {
    deadline_ms: i64,
    seats: Vec<SeatNumber>,
}

/// What one entry did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It is older than what is known, or not about seats of this concert.
    Nothing,
    /// These seats have these states now.
    Changed(Vec<(SeatNumber, SeatState)>),
    /// What it did cannot be told from it: the concert has to be read anew.
    Unclear,
}

impl Seats {
    /// Seats as a snapshot has them: the states, 16 bytes of holder a seat, and the deadlines of
    /// holds. A hold whose deadline is not known has ended since, which an entry will tell.
    pub(super) fn new(
        (epoch, position): (Epoch, Position),
        states: PackedStates,
        holders: &[u8],
        deadlines: &HashMap<ReservationId, i64>,
    ) -> Self {
        let capacity = states.capacity();
        let (ids, _) = holders.as_chunks::<16>();
        let ids = ids.iter().map(|id| ReservationId(Uuid::from_bytes(*id)));
        let mut holders: Vec<_> = ids.take(capacity as usize).collect();
        holders.resize(capacity as usize, NOBODY);
        let mut seats = Self {
            revision: next_revision(),
            epoch,
            position,
            free: SeatSet::none(capacity),
            holders,
            holds: HashMap::new(),
            deadlines: BTreeSet::new(),
            states,
        };
        let mut held: HashMap<ReservationId, Vec<SeatNumber>> = HashMap::new();
        for seat in (0..capacity).map(SeatNumber) {
            match seats.states.get(seat) {
                SeatState::Available => seats.free.add(seat),
                SeatState::Held => held.entry(seats.holder_of(seat)).or_default().push(seat),
                SeatState::Sold | SeatState::Blocked => {}
            }
        }
        for (id, of_hold) in held {
            let deadline_ms = deadlines.get(&id).copied().unwrap_or(i64::MAX);
            seats.keep(id, deadline_ms, of_hold);
        }
        seats
    }

    /// The epoch that the seats belong to.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// A number that no other state of any seats in this process has: the same means that nothing has
    /// changed.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How far the log was followed: every change up to here is in, and none after it.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The state of every seat, overdue holds being held until somebody ends them.
    pub fn states(&self) -> &PackedStates {
        &self.states
    }

    /// The reservation that has a seat; none for one that is available or blocked.
    pub fn holder(&self, seat: SeatNumber) -> Option<ReservationId> {
        let taken = matches!(self.states.get(seat), SeatState::Held | SeatState::Sold);
        taken.then(|| self.holder_of(seat))
    }

    /// When the hold that has a seat ends, in ms; none for a seat that is not held.
    pub fn deadline_ms(&self, seat: SeatNumber) -> Option<i64> {
        let held = self.states.get(seat) == SeatState::Held;
        let hold = held.then(|| self.holds.get(&self.holder_of(seat)))??;
        Some(hold.deadline_ms)
    }

    /// The seats that can be claimed at a time, in ms: those available, and those of holds that are
    /// over.
    pub fn free_at(&self, now_ms: i64) -> SeatSet {
        let mut free = self.free.clone();
        for (deadline_ms, id) in &self.deadlines {
            if *deadline_ms > now_ms {
                break;
            }
            self.free_hold(*id, &mut free);
        }
        free
    }

    /// The holds that end after a time, in the order they do: each deadline in ms, with its seats.
    pub fn holds_after(&self, now_ms: i64) -> impl Iterator<Item = (i64, &[SeatNumber])> {
        let later = self.deadlines.iter().filter(move |(deadline_ms, _)| *deadline_ms > now_ms);
        later.filter_map(|(deadline_ms, id)| Some((*deadline_ms, &*self.holds.get(id)?.seats)))
    }

    /// Takes an entry of the log in. Entries come in order; those that the snapshot has are skipped.
    pub(super) fn apply(&mut self, entry: &LogEntry) -> Effect {
        if entry.position <= self.position {
            return Effect::Nothing;
        }
        self.position = entry.position;
        self.revision = next_revision();
        match &entry.event {
            LogEvent::Changed(change) => self.change(change),
            LogEvent::Blocking(blocking) => self.block(blocking),
            LogEvent::Marker | LogEvent::Unreadable { .. } => Effect::Unclear,
        }
    }

    /// Everything before this position is in, because nothing in between was about this concert.
    pub(super) fn reaches(&mut self, position: Position) {
        self.position = self.position.max(position);
    }

    fn change(&mut self, change: &Change) -> Effect {
        let Change { reservation, dropped, .. } = change;
        let id = reservation.id;
        let lines = reservation.lines.seats.iter().chain(&dropped.seats);
        if lines.clone().any(|line| line.seat.0 >= self.states.capacity()) {
            return Effect::Unclear;
        }
        let mut changed = Vec::with_capacity(reservation.lines.seats.len());
        self.forget(id);
        let state = match reservation.state {
            State::Held => SeatState::Held,
            State::Confirmed => SeatState::Sold,
            // Some of its seats are their winners' now, and the entry does not say which.
            State::Cancelled if reservation.cause == Cause::Conflict => return Effect::Unclear,
            State::Cancelled | State::Released | State::Expired => {
                lines.for_each(|line| self.give_back(id, line.seat, &mut changed));
                return Effect::Changed(changed);
            }
        };
        for line in &reservation.lines.seats {
            self.holders[line.seat.0 as usize] = id;
            self.set(line.seat, state, &mut changed);
        }
        if state == SeatState::Held {
            self.keep(id, reservation.deadline.as_millisecond(), seats_of(reservation));
        }
        dropped.seats.iter().for_each(|line| self.give_back(id, line.seat, &mut changed));
        Effect::Changed(changed)
    }

    fn block(&mut self, blocking: &Blocking) -> Effect {
        if blocking.seats.iter().any(|seat| seat.0 >= self.states.capacity()) {
            return Effect::Unclear;
        }
        let state = if blocking.blocked { SeatState::Blocked } else { SeatState::Available };
        let mut changed = Vec::with_capacity(blocking.seats.len());
        blocking.seats.iter().for_each(|seat| self.set(*seat, state, &mut changed));
        Effect::Changed(changed)
    }

    /// Frees a seat, if it is still this reservation's.
    fn give_back(
        &mut self,
        id: ReservationId,
        seat: SeatNumber,
        changed: &mut Vec<(SeatNumber, SeatState)>,
    ) {
        if self.holder(seat) == Some(id) {
            self.set(seat, SeatState::Available, changed);
        }
    }

    fn set(
        &mut self,
        seat: SeatNumber,
        state: SeatState,
        changed: &mut Vec<(SeatNumber, SeatState)>,
    ) {
        if self.states.get(seat) == state {
            return;
        }
        self.states.set(seat, state);
        match state {
            SeatState::Available => self.free.add(seat),
            SeatState::Held | SeatState::Sold | SeatState::Blocked => self.free.remove(seat),
        }
        changed.push((seat, state));
    }

    fn keep(&mut self, id: ReservationId, deadline_ms: i64, seats: Vec<SeatNumber>) {
        self.deadlines.insert((deadline_ms, id));
        self.holds.insert(id, Hold { deadline_ms, seats });
    }

    fn forget(&mut self, id: ReservationId) {
        if let Some(hold) = self.holds.remove(&id) {
            self.deadlines.remove(&(hold.deadline_ms, id));
        }
    }

    fn free_hold(&self, id: ReservationId, free: &mut SeatSet) {
        let seats = self.holds.get(&id).map(|hold| &*hold.seats).unwrap_or_default();
        let held = seats.iter().filter(|&&seat| self.states.get(seat) == SeatState::Held);
        held.for_each(|&seat| free.add(seat));
    }

    fn holder_of(&self, seat: SeatNumber) -> ReservationId {
        self.holders[seat.0 as usize]
    }
}

fn next_revision() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn seats_of(reservation: &Reservation) -> Vec<SeatNumber> {
    reservation.lines.seats.iter().map(|line| line.seat).collect()
}
