use crate::domain::ids::{ReservationId, UserId};
use crate::domain::reservation::State;
use crate::http::Kind;
use crate::rush::answer::Reason;
use crate::rush::history::{Asked, History, Moment, Operation, Outcome, Refused, Stand};

use super::check;

/// When a hold of these tests ends, in the time that they count in.
const DEADLINE: u64 = 1_000;

/// A history of one seat, in units of time of its own.
#[derive(Default)]
struct Told(History);

/// A reservation of a number.
fn id(number: u128) -> ReservationId {
    ReservationId(uuid::Uuid::from_u128(number))
}

fn yes(state: State) -> Outcome {
    let (may_end, must_end) = (Moment(DEADLINE), Moment(DEADLINE + 10));
    Outcome::Yes(Stand { state, total_minor: 1, may_end, must_end, persisted: false })
}

fn no(kind: Kind, taken: &[u32]) -> Outcome {
    let reason = Reason { kind: Some(kind), conflicts: Vec::new(), retry_after: None };
    Outcome::No(Refused { reason, taken: taken.to_vec() })
}

impl Told {
    fn told(mut self, asked: Asked, number: u128, time: (u64, u64), outcome: Outcome) -> Self {
        self.0.operations.push(Operation {
            user: UserId::default(),
            reservation: id(number),
            asked,
            seats: vec![0],
            begun: Moment(time.0),
            ended: Moment(time.1),
            sent: 1,
            outcome,
        });
        self
    }

    fn held(self, number: u128, begun: u64, ended: u64) -> Self {
        self.told(Asked::Claim, number, (begun, ended), yes(State::Held))
    }

    fn taken(self, number: u128, begun: u64, ended: u64) -> Self {
        self.told(Asked::Claim, number, (begun, ended), no(Kind::SeatsUnavailable, &[0]))
    }

    fn sold(self, number: u128, begun: u64, ended: u64) -> Self {
        self.told(Asked::Confirm, number, (begun, ended), yes(State::Confirmed))
    }

    fn expired(self, number: u128, begun: u64, ended: u64) -> Self {
        self.told(Asked::Confirm, number, (begun, ended), no(Kind::HoldExpired, &[]))
    }

    fn released(self, number: u128, begun: u64, ended: u64) -> Self {
        self.told(Asked::Release, number, (begun, ended), yes(State::Released))
    }

    fn cancelled(self, number: u128, begun: u64, ended: u64) -> Self {
        self.told(Asked::Cancel, number, (begun, ended), yes(State::Cancelled))
    }

    fn seen(self, number: u128, at: u64, state: State) -> Self {
        self.told(Asked::Look, number, (at, at + 1), yes(state))
    }

    fn unknown(self, asked: Asked, number: u128, begun: u64) -> Self {
        self.told(asked, number, (begun, begun), Outcome::Unknown)
    }

    #[track_caller]
    fn is_right(&self) {
        let checked = check(&self.0);
        assert_eq!((checked.seats, checked.violations), (1, Vec::new()));
    }

    #[track_caller]
    fn is_wrong(&self) {
        let checked = check(&self.0);
        assert_eq!((checked.wrong, checked.violations.len()), (1, 1), "it was not noticed");
    }
}

fn told() -> Told {
    Told::default()
}

#[test]
fn a_seat_goes_from_hand_to_hand() {
    told().held(1, 0, 10).sold(1, 20, 30).cancelled(1, 40, 50).held(2, 60, 70).is_right();
    told().held(1, 0, 10).released(1, 20, 30).held(2, 40, 50).taken(3, 60, 70).is_right();
    told().held(1, 0, 10).seen(1, 20, State::Held).sold(1, 30, 40).sold(1, 50, 60).is_right();
}

#[test]
fn two_do_not_have_it_at_once() {
    told().held(1, 0, 10).held(2, 20, 30).is_wrong();
    told().held(1, 0, 10).sold(1, 20, 30).held(2, 2_000, 2_010).is_wrong();
    // Not even when they asked at the same time.
    told().held(1, 0, 30).held(2, 0, 30).is_wrong();
    // But if one gave it back meanwhile, it may be either's turn first.
    told().held(1, 0, 100).released(1, 110, 150).held(2, 0, 200).is_right();
    told().held(1, 0, 100).released(1, 110, 150).held(2, 0, 109).is_wrong();
}

#[test]
fn a_hold_is_over_at_its_deadline_and_not_before() {
    told().held(1, 0, 10).held(2, 990, DEADLINE).is_right();
    told().held(1, 0, 10).held(2, 990, DEADLINE - 1).is_wrong();
    told().held(1, 0, 10).expired(1, 990, DEADLINE + 5).is_right();
    told().held(1, 0, 10).expired(1, 900, 950).is_wrong();
    told().held(1, 0, 10).sold(1, DEADLINE + 9, DEADLINE + 20).is_right();
    told().held(1, 0, 10).sold(1, DEADLINE + 11, DEADLINE + 20).is_wrong();
    let overdue = |told: Told, at| told.told(Asked::Release, 1, (at, at + 10), yes(State::Expired));
    overdue(told().held(1, 0, 10), DEADLINE).is_right();
    overdue(told().held(1, 0, 10), 900).is_wrong();
    // Sold in time, and told again later.
    told().held(1, 0, 10).sold(1, 20, 30).sold(1, DEADLINE + 11, DEADLINE + 20).is_right();
}

#[test]
fn nobody_is_told_that_a_free_seat_is_taken() {
    told().taken(1, 0, 10).is_wrong();
    told().held(1, 0, 10).released(1, 20, 30).taken(2, 40, 50).is_wrong();
    told().held(1, 0, 10).released(1, 20, 30).taken(2, 25, 50).is_right();
    // Its own hold is nobody else's.
    told().held(1, 0, 10).taken(1, 20, 30).is_wrong();
}

#[test]
fn what_was_sold_is_not_lost() {
    told().held(1, 0, 10).sold(1, 20, 30).seen(1, 40, State::Confirmed).is_right();
    told().held(1, 0, 10).sold(1, 20, 30).seen(1, 40, State::Held).is_wrong();
    told().held(1, 0, 10).sold(1, 20, 30).seen(1, 2_000, State::Expired).is_wrong();
    told().held(1, 0, 10).sold(1, 20, 30).expired(1, 2_000, 2_010).is_wrong();
    let lost = no(Kind::NoSuchReservation, &[]);
    told().held(1, 0, 10).told(Asked::Look, 1, (20, 30), lost).is_wrong();
}

#[test]
fn what_nobody_knows_may_have_happened_at_any_time_or_never() {
    told().unknown(Asked::Claim, 1, 0).taken(2, 10, 20).held(3, 30, 40).is_right();
    told().unknown(Asked::Claim, 1, 15).taken(2, 10, 20).is_right();
    told().unknown(Asked::Claim, 1, 25).taken(2, 10, 20).is_wrong();
    told().held(1, 0, 10).unknown(Asked::Release, 1, 20).held(2, 30, 40).is_right();
    told().held(1, 0, 10).unknown(Asked::Confirm, 1, 20).taken(2, 2_000, 2_010).is_right();
    told().held(1, 0, 10).unknown(Asked::Confirm, 1, 20).held(2, 2_000, 2_010).is_right();
    told().held(1, 0, 10).unknown(Asked::Confirm, 1, 20).held(2, 30, 40).is_wrong();
}

#[test]
fn a_seat_that_thousands_asked_for_is_cheap() {
    let mut crowd = told();
    for round in 0..5_u64 {
        let at = round * 100_000;
        let winner = 1_000_000 + u128::from(round);
        crowd = crowd.held(winner, at, at + 90);
        for other in 0..2_000 {
            crowd = crowd.taken(u128::from(round * 2_000 + other), at, at + 100 + other);
        }
        crowd = crowd.released(winner, at + 50, at + 60_000);
    }
    crowd.is_right();
}
