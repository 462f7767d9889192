//! Taking sales back in Redis that PostgreSQL did not take: it has the last word.

use super::{ReservationError, Reservations, Writer};
use crate::domain::ids::ConcertId;
use crate::domain::position::Position;
use crate::domain::refusal::Refusal;
use crate::domain::reservation::Cause;
use crate::inventory::commands::Compensate;
use crate::inventory::keys::ConcertKeys;
use crate::ledger::{self, LedgerError};

/// A sale that is to be taken back, and where.
type Owed = (ConcertId, Compensate);

impl Reservations {
    /// Cancels in Redis the sales that lost a conflict in PostgreSQL or were refused there; returns
    /// how many. They are owed until the log has brought the cancellations to PostgreSQL: before that,
    /// Redis could lose one, and nobody would ever ask for it again.
    ///
    /// # Errors
    /// The first thing that stood in the way. The sales that it concerns stay recorded for the next
    /// attempt; it keeps none of the others from being settled.
    pub async fn compensate(&self, writer: &mut Writer) -> Result<usize, ReservationError> {
        let partition = writer.partition();
        let mut compensated = 0;
        loop {
            let owed = self.owed(partition).await.map_err(ReservationError::unavailable)?;
            let (mut failed, mut taken, mut until) = (None, Vec::new(), Position::START);
            for sale in &owed {
                match self.take_back(partition, sale).await {
                    Ok(position) => {
                        taken.push(&sale.1);
                        until = position.max(until);
                    }
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            self.persist_until(writer, until).await.map_err(ReservationError::unavailable)?;
            for command in taken {
                match self.mark_compensated(partition, command).await {
                    Ok(()) => compensated += 1,
                    Err(error) => failed = failed.or(Some(ReservationError::unavailable(error))),
                }
            }
            match failed {
                Some(error) => return Err(error),
                None if owed.is_empty() => return Ok(compensated),
                None => {}
            }
        }
    }

    async fn owed(&self, partition: u16) -> Result<Vec<Owed>, LedgerError> {
        let lost = ledger::conflicts::uncompensated(&self.ledger, partition).await?;
        let lost = lost.into_iter().map(|lost| {
            let winners = lost.seats.iter().map(|lost| (lost.seat, lost.winner)).collect();
            (lost.concert, Compensate { id: lost.loser, cause: Cause::Conflict, winners })
        });
        let refused = ledger::refused_sales::uncompensated(&self.ledger, partition).await?;
        let refused = refused.into_iter().map(|sale| {
            let winners = Vec::new();
            (sale.concert, Compensate { id: sale.id, cause: Cause::Refused, winners })
        });
        Ok(lost.chain(refused).collect())
    }

    /// Cancels a sale in Redis; where the log then stands.
    async fn take_back(&self, partition: u16, sale: &Owed) -> Result<Position, ReservationError> {
        let (concert, command) = sale;
        let epoch = self.gate.epoch(partition).ok_or_else(ReservationError::unverified)?;
        let keys = ConcertKeys::new(partition, *concert);
        let reply = self.inventory.compensate(&keys, epoch, std::slice::from_ref(command)).await;
        let reply = reply.map_err(|error| self.lost(error))?;
        // A concert that is not loaded will be loaded without the sale.
        if reply.outcomes == [Err(Refusal::WrongEpoch)] {
            return Err(ReservationError::unverified());
        }
        Ok(reply.position.unwrap_or(Position::START))
    }

    async fn mark_compensated(
        &self,
        partition: u16,
        command: &Compensate,
    ) -> Result<(), LedgerError> {
        match command.cause {
            Cause::Refused => {
                ledger::refused_sales::mark_compensated(&self.ledger, partition, command.id).await
            }
            _ => ledger::conflicts::mark_compensated(&self.ledger, command.id).await,
        }
    }
}
