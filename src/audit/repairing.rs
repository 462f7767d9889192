//! Auditing by itself from time to time, and repairing what can be repaired without a person.
//!
//! | problem | repair | why it is safe |
//! |---|---|---|
//! | a hold's deadline, its order in an area, an ended hold's time to be forgotten is missing | written as its record says | they only say when to look; whoever looks goes by the record |
//! | an owner's entry is missing, wrong or left | written as the records say | it counts towards the owner's limit and nothing else, and says what records say |
//! | a seat is held, or sold, for a reservation that does not have it | freed, if PostgreSQL has it sold to nobody either | nobody can lose it |
//! | a seat of a reservation that lives is available | its reservation's again, if PostgreSQL has it sold to nobody else | the log says so; had anybody claimed it since, it were not available |
//!
//! Everything else stays as it is and is named: counts of areas, sales that only one store has, and what
//! two reservations have. Each repair is written down before it is made.

use std::collections::HashSet;

use super::problem::Problem;
use super::{AuditError, Auditor, ConcertReport};
use crate::domain::ids::ConcertId;
use crate::domain::limits::{COMMANDS_PER_BATCH_MAX, ROWS_PER_AUDIT_PAGE};
use crate::inventory::keys::ConcertKeys;
use crate::ledger::audit::{Audited, concerts};
use crate::ledger::repairs::{self, NewRepair};
use crate::telemetry;

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Concerts that were audited.
    pub concerts: usize,
    /// Problems that were found.
    pub problems: usize,
    /// Repairs that were made.
    pub repairs: usize,
}

impl Auditor {
    /// Audits every concert that is loaded, and repairs what can be.
    ///
    /// # Errors
    /// The first thing that stood in the way.
    pub async fn round(&self) -> Result<Round, AuditError> {
        let mut round = Round::default();
        for partition in 0..self.inventory.partitions() {
            let loaded = self.inventory.loaded_concerts(partition).await?;
            for loaded in loaded.chunks(ROWS_PER_AUDIT_PAGE as usize) {
                let named: Vec<_> = loaded.iter().map(ConcertId::to_string).collect();
                for audited in concerts(&self.ledger, None, Some(&named)).await? {
                    let report = self.audit_concert(&audited).await?;
                    round.concerts += 1;
                    round.problems += report.problems.len();
                    round.repairs += self.repair(&audited, &report).await?;
                }
            }
        }
        telemetry::audited(round.concerts);
        Ok(round)
    }

    /// Repairs what an audit found and what can be repaired; returns how much of it had to be.
    ///
    /// # Errors
    /// As [`audit`](Self::audit). What was begun is on record.
    pub async fn repair(
        &self,
        audited: &Audited,
        report: &ConcertReport,
    ) -> Result<usize, AuditError> {
        let concert = audited.concert;
        for problem in &report.problems {
            let (kind, says) = (problem.kind.name(), &problem.says);
            tracing::error!(%concert, kind, subject = ?problem.subject, says, "the stores disagree");
            telemetry::audit_problem(kind);
        }
        let Some(epoch) = report.epoch else { return Ok(0) };
        let keys = ConcertKeys::new(audited.partition, concert);
        let mut seen = HashSet::new();
        let repairable: Vec<(&Problem, _)> = report
            .problems
            .iter()
            .filter_map(|problem| Some((problem, problem.repair.clone()?)))
            .filter(|(_, repair)| seen.insert(repair.clone()))
            .collect();
        let mut repaired = 0;
        for batch in repairable.chunks(COMMANDS_PER_BATCH_MAX) {
            let new = batch.iter().map(|(problem, _)| new_repair(concert, problem));
            let ids = repairs::begin(&self.ledger, &new.collect::<Vec<_>>()).await?;
            let commands: Vec<_> = batch.iter().map(|(_, repair)| repair.clone()).collect();
            let Some(done) = self.inventory.repair(&keys, epoch, &commands).await? else { break };
            let done = ids.into_iter().zip(batch).zip(done).filter(|(_, done)| *done);
            let done: Vec<(i64, &str)> =
                done.map(|((id, (problem, _)), _)| (id, problem.kind.name())).collect();
            let ids: Vec<i64> = done.iter().map(|(id, _)| *id).collect();
            repairs::finish(&self.ledger, &ids).await?;
            done.iter().for_each(|(_, kind)| telemetry::repaired(kind));
            repaired += done.len();
        }
        Ok(repaired)
    }
}

fn new_repair(concert: ConcertId, problem: &Problem) -> NewRepair {
    NewRepair {
        concert,
        kind: problem.kind.name(),
        subject: format!("{:?}", problem.subject),
        says: problem.says.clone(),
    }
}
