//! Bringing back in step what follows from records.

use redis::Value;

use super::keys::ConcertKeys;
use super::reply::Code;
use super::{Inventory, InventoryError};
use crate::domain::area::AreaNumber;
use crate::domain::ids::{ReservationId, UserId};
use crate::domain::limits::COMMANDS_PER_BATCH_MAX;
use crate::domain::position::Epoch;
use crate::domain::seat::SeatNumber;

/// What can be brought back in step by itself. None changes a record or takes a seat from anybody, and
/// each looks again whether it is still needed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Repair {
    /// Free a seat that is held or sold for a reservation that does not have it.
    Free(SeatNumber),
    /// Give a reservation that lives those of its seats that are available.
    Keep(ReservationId),
    /// Write a reservation's deadlines and its entry in its owner's list anew, and see that it is no hold
    /// of those of these areas that it is not.
    Rewrite(ReservationId, Vec<AreaNumber>),
    /// Drop entries of a user's list whose reservations do not live.
    Clear(UserId),
}

impl Inventory {
    /// Repairs a loaded concert, with at most [`COMMANDS_PER_BATCH_MAX`] commands; returns for each
    /// whether anything had to be done. None when it is not loaded, or in another epoch.
    ///
    /// # Errors
    /// [`InventoryError`]; whether anything was done is unknown unless it says so, and doing it again is
    /// safe.
    pub async fn repair(
        &self,
        concert: &ConcertKeys,
        epoch: Epoch,
        repairs: &[Repair],
    ) -> Result<Option<Vec<bool>>, InventoryError> {
        assert!(repairs.len() <= COMMANDS_PER_BATCH_MAX, "{} repairs", repairs.len());
        let mut arguments = vec![concert.concert.0.as_bytes().to_vec()];
        arguments.push(epoch.to_string().into_bytes());
        arguments.extend(repairs.iter().map(pack));
        let value = self.call(|scripts| &scripts.repair, concert.scripted(), &arguments).await?;
        let Value::Array(fields) = &value else {
            return Err(InventoryError::Unreadable(format!("expected an array, got {value:?}")));
        };
        let codes = fields.iter().skip(2).step_by(2).map(Code::read);
        let codes = codes.collect::<Result<Vec<_>, _>>()?;
        let done = codes.iter().map(|code| match code {
            Code::Done => Some(true),
            Code::Replayed => Some(false),
            _ => None,
        });
        Ok(done.collect())
    }
}

fn pack(repair: &Repair) -> Vec<u8> {
    match repair {
        Repair::Free(seat) => [b"f".as_slice(), &seat.0.to_be_bytes()].concat(),
        Repair::Keep(id) => [b"k".as_slice(), id.0.as_bytes()].concat(),
        Repair::Clear(user) => [b"o".as_slice(), user.0.as_bytes()].concat(),
        Repair::Rewrite(id, areas) => {
            let mut packed = [b"r".as_slice(), id.0.as_bytes()].concat();
            areas.iter().for_each(|area| packed.extend(area.0.to_be_bytes()));
            packed
        }
    }
}
