//! The verbs: each sends a batch of independent commands over one concert to one script.

use super::keys::ConcertKeys;
pub use super::packed::{PackedCommand, Verb};
pub use super::reply::{Done, Reply};
use super::{Inventory, InventoryError, Select};
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::limits::{BACKLOG_ENTRIES_MAX, COMMANDS_PER_BATCH_MAX};
use crate::domain::lines::Lines;
use crate::domain::position::Epoch;
use crate::domain::reservation::{Cause, Fingerprint};
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

/// Takes a sale back that PostgreSQL did not take.
#[derive(Clone, Debug)]
pub struct Compensate {
    /// The sale.
    pub id: ReservationId,
    /// Why: [`Cause::Conflict`] or [`Cause::Refused`].
    pub cause: Cause,
    /// The seats in conflict, each with the reservation that has it.
    pub winners: Vec<(SeatNumber, ReservationId)>,
}

impl Inventory {
    /// Has a batch of commands of one verb over one concert done, at least one and at most
    /// [`COMMANDS_PER_BATCH_MAX`]; each is done or refused by itself.
    ///
    /// # Errors
    /// [`InventoryError`]; unless it says otherwise, the outcome of every command is unknown, and
    /// sending the same commands again finds out.
    pub async fn execute(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[PackedCommand],
    ) -> Result<Reply, InventoryError> {
        let verb = commands[0].verb;
        debug_assert!(commands.iter().all(|command| command.verb == verb), "one verb a batch");
        let backlog = BACKLOG_ENTRIES_MAX.to_string();
        let backlog = verb.claims().then_some(backlog.as_bytes());
        let budget = matches!(verb, Verb::Reserve).then_some(self.budget.as_bytes());
        let packed = commands.iter().map(|command| command.bytes.as_slice());
        let arguments: Vec<_> = backlog.into_iter().chain(budget).chain(packed).collect();
        let ids: Vec<_> = commands.iter().map(|command| command.id).collect();
        self.run(verb.script(), concert, epoch, &arguments, &ids).await
    }

    /// Takes sales back that PostgreSQL did not take, leaving the winners of conflicts their seats.
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub async fn compensate(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[Compensate],
    ) -> Result<Reply, InventoryError> {
        let arguments = commands.iter().map(|command| {
            let mut bytes = command.id.0.as_bytes().to_vec();
            bytes.push(command.cause as u8);
            for (seat, winner) in &command.winners {
                bytes.extend(seat.0.to_be_bytes());
                bytes.extend(winner.0.as_bytes());
            }
            bytes
        });
        let arguments: Vec<_> = arguments.collect();
        let ids: Vec<_> = commands.iter().map(|command| command.id).collect();
        self.run(|scripts| &scripts.compensate, concert, epoch, &arguments, &ids).await
    }

    pub(super) async fn run(
        &self,
        script: Select,
        concert: &ConcertKeys,
        epoch: Epoch,
        commands: &[impl AsRef<[u8]>],
        ids: &[ReservationId],
    ) -> Result<Reply, InventoryError> {
        assert!((1..=COMMANDS_PER_BATCH_MAX).contains(&ids.len()), "{} commands", ids.len());
        let epoch = epoch.to_string();
        let mut arguments = Vec::with_capacity(2 + commands.len());
        arguments.push(concert.concert.0.as_bytes().as_slice());
        arguments.push(epoch.as_bytes());
        arguments.extend(commands.iter().map(AsRef::as_ref));
        let value = self.call(script, concert.scripted(), &arguments).await?;
        Reply::read(value, concert.concert, ids)
    }
}

impl Verb {
    fn script(self) -> Select {
        match self {
            Self::Reserve => |scripts| &scripts.reserve,
            Self::Change => |scripts| &scripts.change,
            Self::Confirm => |scripts| &scripts.confirm,
            Self::Release => |scripts| &scripts.release,
            Self::Extend => |scripts| &scripts.extend,
            Self::Cancel => |scripts| &scripts.cancel,
        }
    }
}
