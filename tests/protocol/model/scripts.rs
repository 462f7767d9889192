//! The scripts of `lua/`: each checks everything, appends to the log, then writes, and nothing comes
//! between.

use super::redis::Record;
use super::redis::{Change, Concert, Entry, Redis, SeatState, Seats, State, Store};
use super::setup::{Buyer, Epoch, Guards, Node, Position, Seat};

/// A script's answer to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done(State),
    Replayed(State),
    NotLoaded,
    WrongEpoch,
    NotFound,
    Unavailable,
    HoldExpired,
    WrongState,
}

/// A loading script's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadStep {
    Done,
    AlreadyLoaded,
    Overtaken,
    WrongEpoch,
}

impl Redis {
    /// What every script over a concert begins with (`run_batch` in `prelude.lua`).
    pub fn refusal(&self, epoch: Epoch, guards: &Guards) -> Option<Outcome> {
        if self.seats().is_none() {
            return Some(Outcome::NotLoaded);
        }
        let wrong = guards.scripts_check_epoch && self.store.epoch != Some(epoch);
        wrong.then_some(Outcome::WrongEpoch)
    }

    /// `reserve.lua`.
    pub fn reserve(&mut self, buyer: Buyer, wanted: &[Seat], guards: &Guards) -> Outcome {
        let seats = self.seats_mut();
        if let Some(record) = seats.record(buyer) {
            return Outcome::Replayed(record.state);
        }
        let is_over =
            |holder: Buyer| seats.record(holder).is_some_and(|record| record.state == State::Over);
        let (mut taken, mut overdue) = (false, Vec::new());
        for &seat in wanted {
            match seats.states[usize::from(seat)] {
                SeatState::Available => {}
                SeatState::Held(holder) if is_over(holder) => overdue.push(holder),
                SeatState::Held(_) | SeatState::Sold(_) => taken = true,
            }
        }
        if taken {
            if !guards.checks_before_writing {
                seats.transition(buyer, State::Held);
                seats.write_states(wanted, SeatState::Held(buyer));
            }
            return Outcome::Unavailable;
        }
        overdue.dedup();
        let mut events: Vec<_> =
            overdue.into_iter().map(|holder| Some(end_hold(seats, holder))).collect();
        events.push(Some(seats.transition(buyer, State::Held)));
        seats.write_states(wanted, SeatState::Held(buyer));
        self.commit(&events);
        Outcome::Done(State::Held)
    }

    /// `confirm.lua`.
    pub fn confirm(&mut self, buyer: Buyer, wanted: &[Seat]) -> Outcome {
        let seats = self.seats_mut();
        match seats.record(buyer).map(|record| record.state) {
            None => Outcome::NotFound,
            Some(State::Confirmed) => Outcome::Replayed(State::Confirmed),
            Some(State::Over | State::Expired) => Outcome::HoldExpired,
            Some(State::Cancelled) => Outcome::WrongState,
            Some(State::Held) => {
                let event = seats.transition(buyer, State::Confirmed);
                seats.write_states(wanted, SeatState::Sold(buyer));
                self.commit(&[Some(event)]);
                Outcome::Done(State::Confirmed)
            }
        }
    }

    /// `cancel.lua`.
    pub fn cancel(&mut self, buyer: Buyer, wanted: &[Seat]) -> Outcome {
        let seats = self.seats_mut();
        match seats.record(buyer).map(|record| record.state) {
            None => Outcome::NotFound,
            Some(State::Cancelled) => Outcome::Replayed(State::Cancelled),
            Some(State::Confirmed) => {
                let event = seats.transition(buyer, State::Cancelled);
                seats.write_states(wanted, SeatState::Available);
                self.commit(&[Some(event)]);
                Outcome::Done(State::Cancelled)
            }
            Some(_) => Outcome::WrongState,
        }
    }

    /// `sweep.lua`, of one hold that is overdue.
    pub fn sweep(&mut self, buyer: Buyer) {
        let event = end_hold(self.seats_mut(), buyer);
        self.commit(&[Some(event)]);
    }

    /// `compensate.lua`: the loser's contested seats go to their winners.
    pub fn compensate(
        &mut self,
        loser: Buyer,
        wanted: &[Seat],
        winners: &[(Seat, Buyer)],
    ) -> Outcome {
        let seats = self.seats_mut();
        match seats.record(loser).map(|record| record.state) {
            None => Outcome::NotFound,
            Some(State::Cancelled) => {
                self.settle_late(winners);
                Outcome::Replayed(State::Cancelled)
            }
            Some(State::Confirmed) => {
                let event = seats.transition(loser, State::Cancelled);
                seats.write_states(wanted, SeatState::Available);
                for &(seat, winner) in winners {
                    seats.write_states(&[seat], SeatState::Sold(winner));
                }
                self.commit(&[Some(event)]);
                Outcome::Done(State::Cancelled)
            }
            Some(_) => Outcome::WrongState,
        }
    }

    fn settle_late(&mut self, winners: &[(Seat, Buyer)]) {
        let seats = self.seats_mut();
        let is_given_back =
            |winner| seats.record(winner).is_some_and(|record| record.state != State::Confirmed);
        let late: Vec<_> = winners
            .iter()
            .copied()
            .filter(|&(seat, winner)| {
                seats.states[usize::from(seat)] == SeatState::Available && !is_given_back(winner)
            })
            .collect();
        for &(seat, winner) in &late {
            seats.write_states(&[seat], SeatState::Sold(winner));
        }
        if !late.is_empty() {
            self.commit(&[None]);
        }
    }

    /// `load_begin.lua`: every seat is available, and nobody can claim any.
    pub fn load_begin(&mut self, token: Node, epoch: Epoch, empty: Seats) -> LoadStep {
        if self.store.epoch != Some(epoch) {
            return LoadStep::WrongEpoch;
        } else if self.seats().is_some() {
            return LoadStep::AlreadyLoaded;
        }
        self.store.concert = Concert::Loading(token, empty);
        LoadStep::Done
    }

    /// `load_records.lua`: what PostgreSQL has.
    pub fn load_records(
        &mut self,
        token: Node,
        rows: &[(Buyer, Record, Vec<Seat>)],
        guards: &Guards,
    ) -> LoadStep {
        let seats = match &mut self.store.concert {
            Concert::Loading(owner, seats) if *owner == token || !guards.load_token => seats,
            Concert::Loaded(seats) if !guards.load_token => seats,
            _ => return LoadStep::Overtaken,
        };
        for (buyer, record, wanted) in rows {
            seats.records[usize::from(*buyer)] = Some(*record);
            if record.state == State::Confirmed {
                seats.write_states(wanted, SeatState::Sold(*buyer));
            }
        }
        LoadStep::Done
    }

    /// `load_finish.lua`: claims can be made.
    pub fn load_finish(&mut self, token: Node, epoch: Epoch, guards: &Guards) -> LoadStep {
        if self.store.epoch != Some(epoch) {
            return LoadStep::WrongEpoch;
        }
        let seats = match &self.store.concert {
            Concert::Loading(owner, seats) if *owner == token || !guards.load_token => {
                seats.clone()
            }
            _ => return LoadStep::Overtaken,
        };
        self.store.concert = Concert::Loaded(seats);
        self.commit(&[None]);
        LoadStep::Done
    }

    /// `reset.lua`: the partition is empty and in its next epoch; the new log begins after everything.
    pub fn reset(&mut self, last: Position, epoch: Epoch, after: Position, guards: &Guards) {
        if guards.resets_conditionally && self.last() != last {
            return;
        }
        self.store = Store { epoch: Some(epoch), concert: Concert::Missing };
        self.time = self.time.max(after) + 1;
        let entries = vec![Entry { position: self.time, event: None }];
        self.changes.push(Change { entries, emptied: true, after: self.store.clone() });
    }
}

/// Ends a hold; its seats can be claimed at once.
fn end_hold(seats: &mut Seats, buyer: Buyer) -> (Buyer, Record) {
    for state in &mut seats.states {
        if *state == SeatState::Held(buyer) {
            *state = SeatState::Available;
        }
    }
    seats.transition(buyer, State::Expired)
}
