//! The verbs: each sends a batch of independent commands over one concert to one script.

use super::keys::ConcertKeys;
use super::packed::{append_counts, append_lines};
pub use super::reply::{Done, Reply};
use super::{Inventory, InventoryError, Select};
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::limits::{BACKLOG_ENTRIES_MAX, COMMANDS_PER_BATCH_MAX};
use crate::domain::lines::Lines;
use crate::domain::position::Epoch;
use crate::domain::reservation::Fingerprint;
use crate::domain::seat::SeatNumber;

/// Asks for seats.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// The id that follows from user, concert and key.
    pub id: ReservationId,
    /// Who asks.
    pub user: UserId,
    /// The version of the concert that the seats were priced by.
    pub concert_version: u32,
    /// A digest of what is asked for.
    pub fingerprint: Fingerprint,
    /// Distinct seats and areas of the concert's map, each with its price.
    pub lines: Lines,
}

/// Asks for a hold to have other seats and places.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which hold, and who asks.
    pub own: Own,
    /// The version of the concert that the lines were priced by.
    pub concert_version: u32,
    /// All that the hold is to have, each with its price now.
    pub lines: Lines,
}

/// Asks for a hold to become a sale.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// Which hold, and whose.
    pub own: Own,
    /// What the organiser's server says of the payment; none when the buyer asks.
    pub payment: Option<Payment>,
}

/// A payment for a hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// What it is called, up to 255 bytes.
    pub reference: String,
    /// What was paid, in minor units.
    pub total_minor: u64,
    /// Whether a hold that ended before is to be sold all the same, while all of it is free.
    pub honour_late: bool,
}

/// Asks for something to be done with one's own reservation.
#[derive(Clone, Copy, Debug)]
pub struct Own {
    /// Which.
    pub id: ReservationId,
    /// Who asks.
    pub user: UserId,
}

/// Takes a sale back that lost some of its seats to others in PostgreSQL.
#[derive(Clone, Debug)]
pub struct Compensate {
    /// The sale that lost.
    pub id: ReservationId,
    /// The seats in conflict, each with the reservation that has it.
    pub winners: Vec<(SeatNumber, ReservationId)>,
}

impl Own {
    fn packed(&self) -> Vec<u8> {
        [*self.id.0.as_bytes(), *self.user.0.as_bytes()].concat()
    }
}

impl Inventory {
    /// Holds seats and places: for each command all or none.
    ///
    /// # Errors
    /// [`InventoryError`]; unless it says otherwise, the outcome of every command is unknown, and
    /// sending the same commands again finds out.
    pub async fn reserve(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[Reserve],
    ) -> Result<Reply, InventoryError> {
        let mut arguments = vec![BACKLOG_ENTRIES_MAX.to_string().into_bytes()];
        arguments.extend(commands.iter().map(|command| {
            let mut bytes = Vec::with_capacity(48 + 8 * command.lines.places() as usize);
            bytes.extend(command.id.0.as_bytes());
            bytes.extend(command.user.0.as_bytes());
            bytes.extend(command.concert_version.to_be_bytes());
            bytes.extend(command.fingerprint);
            append_counts(&mut bytes, &command.lines);
            append_lines(&mut bytes, &command.lines);
            bytes
        }));
        let ids: Vec<_> = commands.iter().map(|command| command.id).collect();
        self.run(|scripts| &scripts.reserve, concert, epoch, arguments, &ids).await
    }

    /// Gives holds other seats and places: for each command all of them, or it stays as it was.
    ///
    /// # Errors
    /// As [`reserve`](Self::reserve).
    pub async fn change(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[Change],
    ) -> Result<Reply, InventoryError> {
        let mut arguments = vec![BACKLOG_ENTRIES_MAX.to_string().into_bytes()];
        arguments.extend(commands.iter().map(|command| {
            let mut bytes = command.own.packed();
            bytes.extend(command.concert_version.to_be_bytes());
            append_counts(&mut bytes, &command.lines);
            append_lines(&mut bytes, &command.lines);
            bytes
        }));
        let ids: Vec<_> = commands.iter().map(|command| command.own.id).collect();
        self.run(|scripts| &scripts.change, concert, epoch, arguments, &ids).await
    }

    /// Turns holds into sales.
    ///
    /// # Errors
    /// As [`reserve`](Self::reserve).
    pub async fn confirm(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[Confirm],
    ) -> Result<Reply, InventoryError> {
        let arguments = commands.iter().map(|command| {
            let mut bytes = command.own.packed();
            match &command.payment {
                None => bytes.push(0),
                Some(payment) => {
                    bytes.push(if payment.honour_late { 2 } else { 1 });
                    bytes.extend(payment.total_minor.to_be_bytes());
                    bytes.extend(payment.reference.as_bytes());
                }
            }
            bytes
        });
        let ids: Vec<_> = commands.iter().map(|command| command.own.id).collect();
        self.run(|scripts| &scripts.confirm, concert, epoch, arguments.collect(), &ids).await
    }

    /// Gives holds back.
    ///
    /// # Errors
    /// As [`reserve`](Self::reserve).
    pub async fn release(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[Own],
    ) -> Result<Reply, InventoryError> {
        self.run_own(|scripts| &scripts.release, concert, epoch, commands).await
    }

    /// Prolongs holds, each once.
    ///
    /// # Errors
    /// As [`reserve`](Self::reserve).
    pub async fn extend(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[Own],
    ) -> Result<Reply, InventoryError> {
        self.run_own(|scripts| &scripts.extend, concert, epoch, commands).await
    }

    /// Gives sales back.
    ///
    /// # Errors
    /// As [`reserve`](Self::reserve).
    pub async fn cancel(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[Own],
    ) -> Result<Reply, InventoryError> {
        self.run_own(|scripts| &scripts.cancel, concert, epoch, commands).await
    }

    /// Takes sales back that lost to others in PostgreSQL, leaving the winners their seats.
    ///
    /// # Errors
    /// As [`reserve`](Self::reserve).
    pub async fn compensate(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[Compensate],
    ) -> Result<Reply, InventoryError> {
        let arguments = commands.iter().map(|command| {
            let mut bytes = command.id.0.as_bytes().to_vec();
            for (seat, winner) in &command.winners {
                bytes.extend(seat.0.to_be_bytes());
                bytes.extend(winner.0.as_bytes());
            }
            bytes
        });
        let ids: Vec<_> = commands.iter().map(|command| command.id).collect();
        self.run(|scripts| &scripts.compensate, concert, epoch, arguments.collect(), &ids).await
    }

    async fn run_own(
        &self,
        script: Select,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[Own],
    ) -> Result<Reply, InventoryError> {
        let arguments = commands.iter().map(Own::packed);
        let ids: Vec<_> = commands.iter().map(|command| command.id).collect();
        self.run(script, concert, epoch, arguments.collect(), &ids).await
    }

    pub(super) async fn run(
        &self,
        script: Select,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: Vec<Vec<u8>>,
        ids: &[ReservationId],
    ) -> Result<Reply, InventoryError> {
        assert!((1..=COMMANDS_PER_BATCH_MAX).contains(&ids.len()), "{} commands", ids.len());
        let mut arguments = Vec::with_capacity(2 + commands.len());
        arguments.push(concert.concert.0.as_bytes().to_vec());
        arguments.push(epoch.to_string().into_bytes());
        arguments.extend(commands);
        let value = self.call(script, concert.scripted(), &arguments).await?;
        Reply::read(value, concert.concert, ids)
    }
}
