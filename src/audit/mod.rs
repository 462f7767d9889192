//! Redis held against PostgreSQL, on a live system and without stopping it.
//!
//! PostgreSQL is looked at in one moment, at position *p* of a partition's log; then Redis in one
//! moment, at *q*. What the log says between the two is what PostgreSQL has yet to learn. Whatever then
//! looks wrong is looked at again, closely and in one moment, and is a problem only if it still is.
//!
//! | file | what |
//! |---|---|
//! | `reading.rs` | both stores, page by page |
//! | `world.rs`, `checks.rs`, `sales.rs` | the comparison: pure |
//! | `rechecking.rs` | suspects, closely |
//! | `repairing.rs` | what the worker does about it |

mod checks;
mod problem;
mod reading;
mod rechecking;
mod repairing;
mod report;
mod sales;
mod standing;
mod world;

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::sleep;

use crate::domain::limits::{PROBLEMS_NAMED_MAX, ROWS_PER_AUDIT_PAGE};
use crate::inventory::{Inventory, InventoryError};
use crate::ledger::audit::{Audited, Trouble, concerts};
use crate::ledger::{LedgerError, PgPool};

pub use problem::{Kind, Problem, Subject};
pub use repairing::Round;
pub use report::{ConcertReport, Counts, Report};

/// How often a concert is read anew that was loaded, or whose partition was rebuilt, meanwhile; or which
/// has sales that are just being taken back.
const ATTEMPTS_MAX: usize = 40;
/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(250);

/// Holds Redis against PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct Auditor {
    inventory: Inventory,
    ledger: PgPool,
}

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// Redis cannot be looked at.
    #[error(transparent)]
    Inventory(#[from] InventoryError),
    /// PostgreSQL cannot be looked at.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Redis does not reach what PostgreSQL has applied, or is in another epoch, and stays so: nobody
    /// has verified it, and it sells nothing.
    #[error("partition {0} is not verified in Redis: it is behind PostgreSQL or in another epoch")]
    Unverified(u16),
    /// More looks wrong than can be looked at closely.
    #[error("{0} seats, reservations and users of one concert look wrong: too many to look at")]
    TooManySuspects(usize),
    /// A concert that was named is not there.
    #[error("there is no concert {0}")]
    NoSuchConcert(String),
}

/// What came of reading a concert once.
enum Attempt {
    /// It was read.
    Report(Box<ConcertReport>),
    /// It was read, and what is wrong with it may be what is just being settled.
    Settling(Box<ConcertReport>),
    /// It was loaded, or its partition rebuilt, meanwhile.
    Again,
}

impl Auditor {
    /// An auditor of these stores. It needs no verified Redis.
    pub fn new(inventory: Inventory, ledger: PgPool) -> Self {
        Self { inventory, ledger }
    }

    /// Audits every concert, or those whose ids or slugs are `named`.
    ///
    /// # Errors
    /// When a store cannot be looked at; then nothing is said of any concert.
    pub async fn audit(&self, named: &[String]) -> Result<Report, AuditError> {
        let mut reports: Vec<ConcertReport> = Vec::new();
        let (only, mut after) = ((!named.is_empty()).then_some(named), None);
        loop {
            let page = concerts(&self.ledger, after, only).await?;
            for audited in &page {
                reports.push(self.audit_concert(audited).await?);
            }
            after = page.last().map(|last| last.concert);
            if page.len() < ROWS_PER_AUDIT_PAGE as usize {
                break;
            }
        }
        let is_there = |name: &String| {
            reports.iter().any(|it| it.slug == *name || it.concert.to_string() == *name)
        };
        if let Some(missing) = named.iter().find(|name| !is_there(name)) {
            return Err(AuditError::NoSuchConcert(missing.clone()));
        }
        Ok(Report::new(reports))
    }

    /// Audits one concert. What is said to be wrong was seen twice: an area cannot be looked at closely
    /// without going through all of its reservations, and a sale that PostgreSQL has just refused is
    /// about to be taken back.
    ///
    /// # Errors
    /// As [`audit`](Self::audit).
    pub async fn audit_concert(&self, audited: &Audited) -> Result<ConcertReport, AuditError> {
        let mut before: Option<HashSet<(Kind, Subject)>> = None;
        let mut unsettled = None;
        for _ in 0..ATTEMPTS_MAX {
            let mut report = match self.try_audit(audited).await? {
                Attempt::Report(report) => report,
                other => {
                    if let Attempt::Settling(report) = other {
                        unsettled = Some(report);
                    }
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let found: HashSet<_> =
                report.problems.iter().map(|it| (it.kind, it.subject)).collect();
            if found.is_empty() {
                return Ok(*report);
            }
            let Some(seen) = before.replace(found) else { continue };
            report.problems.retain(|it| seen.contains(&(it.kind, it.subject)));
            return Ok(*report);
        }
        unsettled.map(|report| *report).ok_or(AuditError::Unverified(audited.partition))
    }

    async fn try_audit(&self, audited: &Audited) -> Result<Attempt, AuditError> {
        let Some(reading) = self.read(audited).await? else { return Ok(Attempt::Again) };
        let mut problems = match &reading.world {
            Some(world) => {
                let suspected = world.problems();
                let (unchecked, suspects) = suspected.into_iter().partition(is_unchecked);
                let Some(mut problems) = self.recheck(audited, suspects).await? else {
                    return Ok(Attempt::Again);
                };
                problems.extend::<Vec<_>>(unchecked);
                problems
            }
            None => Vec::new(),
        };
        problems.extend(reading.in_ledger);
        problems.extend(troubles(&reading.trouble));
        let problems_left_out = problems.len().saturating_sub(PROBLEMS_NAMED_MAX);
        problems.truncate(PROBLEMS_NAMED_MAX);
        let settling = reading.trouble.settling && !problems.is_empty();
        let report = Box::new(ConcertReport {
            concert: audited.concert,
            slug: audited.slug.clone(),
            epoch: reading.epoch,
            loaded: reading.world.is_some(),
            capacity: audited.room.places(),
            counts: reading.counts,
            conflicts: reading.trouble.conflicts,
            problems,
            problems_left_out,
        });
        Ok(if settling { Attempt::Settling(report) } else { Attempt::Report(report) })
    }
}

/// Whether a problem is of the kind that cannot be looked at closely.
fn is_unchecked(problem: &Problem) -> bool {
    matches!(problem.subject, Subject::Area(_) | Subject::Concert)
}

fn troubles(trouble: &Trouble) -> Vec<Problem> {
    let open = trouble.open.iter().map(|loser| {
        let says = "it lost its seats to another in PostgreSQL, and stands in Redis";
        Problem::new(Kind::ConflictOpen, Subject::Reservation(*loser), says)
    });
    let letters = trouble.dead_letters.iter();
    let letters = letters.map(|it| Problem::new(Kind::DeadLetter, Subject::Concert, it.clone()));
    open.chain(letters).collect()
}
