//! What an audit says.

use serde::Serialize;

use super::problem::Problem;
use crate::domain::ids::ConcertId;
use crate::domain::position::Epoch;

/// Of all concerts that were looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Whether there is no problem.
    pub ok: bool,
    /// Of each concert.
    pub concerts: Vec<ConcertReport>,
}

/// How many seats and places there are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// That anybody could claim.
    pub available: u32,
    /// In somebody's hold.
    pub held: u32,
    /// Sold in Redis; none while the concert is not loaded.
    pub sold_redis: Option<u32>,
    /// Sold in PostgreSQL, with what the log has for it.
    pub sold_postgres: u32,
    /// That the organiser keeps back.
    pub blocked: u32,
}

/// Of one concert.
#[derive(Clone, Debug, Serialize)]
pub struct ConcertReport {
    /// Which.
    pub concert: ConcertId,
    /// Its name in import files.
    pub slug: String,
    /// The epoch that it is loaded in.
    #[serde(skip)]
    pub epoch: Option<Epoch>,
    /// Whether Redis has it; if not, only PostgreSQL was looked at.
    pub loaded: bool,
    /// How many people fit in.
    pub capacity: u32,
    /// How many seats and places there are in each state.
    #[serde(flatten)]
    pub counts: Counts,
    /// Seats and areas that two reservations were granted, ever: recorded, and settled if no problem
    /// says otherwise.
    pub conflicts: u64,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// How many more problems there are than are named.
    #[serde(skip_serializing_if = "is_zero")]
    pub problems_left_out: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Report {
    /// Of these concerts.
    pub fn new(concerts: Vec<ConcertReport>) -> Self {
        let ok = concerts.iter().all(|concert| concert.problems.is_empty());
        Self { ok, concerts }
    }
}
