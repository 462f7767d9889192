//! What everybody was told, held against PostgreSQL.

use std::collections::{HashMap, HashSet};

use super::history::{Asked, History, Operation, Outcome};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::reservation::{Reservation, State};
use crate::domain::seat::SeatNumber;
use crate::ledger::{self, LedgerError, PgPool};

/// Rows that one query reads.
const ROWS_PER_PAGE: u32 = 500;
/// How many mistakes are told in full.
const MISTAKES_NAMED_MAX: usize = 20;

/// What is not as it was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes {
    /// Sales that were confirmed, and are not there as they were sold.
    pub lost: usize,
    /// Seats that were sold to two at once.
    pub twice: usize,
    /// Sales that are there, and that nobody was told of or asked for; or that were given back.
    pub unasked: usize,
    /// The first of all of these, as sentences.
    pub named: Vec<String>,
}

/// What was told of one reservation.
struct Told<'a> {
    user: UserId,
    seats: &'a [u32],
    total_minor: Option<u64>,
    confirmed: Word,
    cancelled: Word,
}

/// Whether something was done, as far as was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Word {
    #[default]
    No,
    Perhaps,
    Yes,
}

/// Everything that PostgreSQL knows to have been sold at a concert.
///
/// # Errors
/// When PostgreSQL cannot be read.
pub async fn sold(pool: &PgPool, concert: ConcertId) -> Result<Vec<Reservation>, LedgerError> {
    let mut rows: Vec<Reservation> = Vec::new();
    loop {
        let after = rows.last().map(|row| row.id);
        let page = ledger::reservations::for_concert(pool, concert, after, ROWS_PER_PAGE).await?;
        let is_last = page.len() < ROWS_PER_PAGE as usize;
        rows.extend(page);
        if is_last {
            return Ok(rows);
        }
    }
}

/// Holds what was told against what PostgreSQL has, once the log is persisted. Only what this history
/// asked for may have been sold.
pub fn compare(history: &History, rows: &[Reservation]) -> Mistakes {
    let told = summary(history);
    let mut mistakes = Mistakes::default();
    let found: HashMap<_, _> = rows.iter().map(|row| (row.id, row)).collect();
    for (id, told) in &told {
        if let Some(what) = told.lost(found.get(id).copied()) {
            mistakes.lost += 1;
            mistakes.name(format!("reservation {id} was told to be confirmed, and {what}"));
        }
    }
    let mut owners: HashMap<SeatNumber, ReservationId> = HashMap::new();
    for row in rows.iter().filter(|row| row.state == State::Confirmed) {
        let reason = match told.get(&row.id) {
            None => Some("nobody asked for it"),
            Some(told) if told.confirmed == Word::No => Some("nobody was to have it confirmed"),
            Some(told) if told.cancelled == Word::Yes => Some("it was told to be cancelled"),
            Some(_) => None,
        };
        if let Some(reason) = reason {
            mistakes.unasked += 1;
            mistakes.name(format!("reservation {} is sold, and {reason}", row.id));
        }
        for line in &row.lines.seats {
            if let Some(other) = owners.insert(line.seat, row.id) {
                mistakes.twice += 1;
                let (seat, one) = (line.seat.0, row.id);
                mistakes.name(format!("seat {seat} is sold to {one} and to {other}"));
            }
        }
    }
    mistakes
}

impl Mistakes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn name(&mut self, what: String) {
        if self.named.len() < MISTAKES_NAMED_MAX {
            self.named.push(what);
        }
    }
}

impl Told<'_> {
    /// What is wrong with the sale, if it was told to be one.
    fn lost(&self, row: Option<&Reservation>) -> Option<String> {
        if self.confirmed != Word::Yes {
            return None;
        }
        let Some(row) = row else { return Some("PostgreSQL does not have it".to_owned()) };
        if row.state != State::Confirmed && self.cancelled == Word::No {
            return Some(format!("it is {:?}, for {:?}", row.state, row.cause));
        }
        let (user, total) = (row.user, row.lines.total_minor());
        if user != self.user || self.total_minor.is_some_and(|told| told != total) {
            return Some(format!(
                "it is {user}'s for {total}, not {}'s for {:?}",
                self.user, self.total_minor
            ));
        }
        let seats: HashSet<_> = row.lines.seats.iter().map(|line| line.seat.0).collect();
        (seats != self.seats.iter().copied().collect())
            .then(|| format!("it has the seats {seats:?}, not {:?}", self.seats))
    }
}

fn summary(history: &History) -> HashMap<ReservationId, Told<'_>> {
    let mut told: HashMap<ReservationId, Told<'_>> = HashMap::new();
    for operation in &history.operations {
        let Operation { user, reservation, ref seats, ref outcome, .. } = *operation;
        let entry = told.entry(reservation).or_insert_with(|| Told {
            user,
            seats,
            total_minor: None,
            confirmed: Word::No,
            cancelled: Word::No,
        });
        let word = match outcome {
            Outcome::Yes(stand) => {
                entry.total_minor = Some(stand.total_minor);
                Word::Yes
            }
            Outcome::Unknown => Word::Perhaps,
            Outcome::No(_) => Word::No,
        };
        let about = match operation.asked {
            Asked::Confirm => &mut entry.confirmed,
            Asked::Cancel => &mut entry.cancelled,
            Asked::Claim | Asked::Release | Asked::Look => continue,
        };
        if *about != Word::Yes && word != Word::No {
            *about = word;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use jiff::Timestamp;

    use super::*;
    use crate::domain::lines::SeatLine;
    use crate::domain::reservation::Cause;
    use crate::rush::history::{Moment, Stand};

    fn row(id: ReservationId, user: UserId, seats: &[u32], state: State) -> Reservation {
        let line = |&seat: &u32| SeatLine { seat: SeatNumber(seat), price_minor: 4_500 };
        Reservation {
            id,
            concert: ConcertId::default(),
            user,
            state,
            cause: Cause::User,
            extended: false,
            version: 2,
            fingerprint: [0; 8],
            held_at: Timestamp::UNIX_EPOCH,
            deadline: Timestamp::UNIX_EPOCH,
            confirmed_at: None,
            changed_at: Timestamp::UNIX_EPOCH,
            lines: seats.iter().map(line).collect::<Vec<_>>().into(),
            payment_reference: String::new(),
        }
    }

    fn asked(asked: Asked, row: &Reservation, done: bool) -> Operation {
        let stand = Stand {
            state: State::Confirmed,
            total_minor: row.lines.total_minor(),
            may_end: Moment(0),
            must_end: Moment(0),
            persisted: false,
        };
        Operation {
            user: row.user,
            reservation: row.id,
            asked,
            seats: row.lines.seats.iter().map(|line| line.seat.0).collect(),
            begun: Moment(0),
            ended: Moment(1),
            sent: 1,
            outcome: if done { Outcome::Yes(stand) } else { Outcome::Unknown },
        }
    }

    /// Mistakes by kind: lost, twice, unasked.
    fn mistakes(operations: &[Operation], rows: &[Reservation]) -> [usize; 3] {
        let history = History { operations: operations.to_vec() };
        let Mistakes { lost, twice, unasked, named } = compare(&history, rows);
        assert_eq!(named.len(), lost + twice + unasked);
        [lost, twice, unasked]
    }

    #[test]
    fn what_was_confirmed_is_there_as_it_was_sold() {
        let (id, user) = (ReservationId::new(), UserId::new());
        let sale = row(id, user, &[1, 2], State::Confirmed);
        let confirmed = [asked(Asked::Confirm, &sale, true)];
        assert_eq!(mistakes(&confirmed, from_ref(&sale)), [0, 0, 0]);
        assert_eq!(mistakes(&confirmed, &[]), [1, 0, 0]);
        for wrong in [
            row(id, UserId::new(), &[1, 2], State::Confirmed),
            row(id, user, &[1, 3], State::Confirmed),
            row(id, user, &[1], State::Confirmed),
            row(id, user, &[1, 2], State::Cancelled),
        ] {
            assert_eq!(mistakes(&confirmed, from_ref(&wrong)), [1, 0, 0], "{wrong:?}");
        }
    }

    #[test]
    fn nothing_is_sold_that_nobody_asked_for_or_that_was_given_back() {
        let sale = row(ReservationId::new(), UserId::new(), &[1], State::Confirmed);
        let rows = [sale.clone()];
        assert_eq!(mistakes(&[], &rows), [0, 0, 1]);
        assert_eq!(mistakes(&[asked(Asked::Claim, &sale, true)], &rows), [0, 0, 1]);
        let perhaps = asked(Asked::Confirm, &sale, false);
        assert_eq!(mistakes(from_ref(&perhaps), &rows), [0, 0, 0]);
        assert_eq!(mistakes(&[perhaps], &[]), [0, 0, 0]);
        let confirmed = asked(Asked::Confirm, &sale, true);
        let cancelled = asked(Asked::Cancel, &sale, true);
        assert_eq!(mistakes(&[confirmed.clone(), cancelled.clone()], &rows), [0, 0, 1]);
        let back = row(sale.id, sale.user, &[1], State::Cancelled);
        assert_eq!(mistakes(&[confirmed.clone(), cancelled], from_ref(&back)), [0, 0, 0]);
        let perhaps = asked(Asked::Cancel, &sale, false);
        assert_eq!(mistakes(&[confirmed, perhaps], &[back]), [0, 0, 0]);
    }

    #[test]
    fn a_seat_that_is_sold_twice_is_noticed() {
        let sale = |seats| row(ReservationId::new(), UserId::new(), seats, State::Confirmed);
        let rows = [sale(&[1, 2]), sale(&[2, 3])];
        let operations = rows.iter().map(|row| asked(Asked::Confirm, row, true));
        assert_eq!(mistakes(&operations.collect::<Vec<_>>(), &rows), [0, 1, 0]);
    }
}
