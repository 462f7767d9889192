//! Bringing a concert into Redis, and its settings up to date.

use redis::Value;
use uuid::Uuid;

use super::keys::{ConcertKeys, PartitionKeys};
use super::packed::pack_record;
use super::reply::Code;
use super::{Inventory, InventoryError, Select};
use crate::domain::area::Room;
use crate::domain::concert::Concert;
use crate::domain::limits::{RECORDS_PER_LOAD_MAX, SEATS_PER_LOAD_MAX};
use crate::domain::position::Epoch;
use crate::domain::reservation::Reservation;
use crate::domain::seat::SeatNumber;

/// Whether a step of loading went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadStep {
    /// It did.
    Done,
    /// The concert is loaded in this epoch already.
    AlreadyLoaded,
    /// Another load has begun, and will finish instead of this one.
    Overtaken,
    /// The partition's epoch is another.
    WrongEpoch,
}

impl Inventory {
    /// Starts loading: clears what an earlier epoch left and makes every seat available, and every
    /// place of every area.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn begin_load(
        &self,
        keys: &ConcertKeys,
        partition: u16,
        epoch: Epoch,
        token: Uuid,
        room: &Room,
    ) -> Result<LoadStep, InventoryError> {
        let mut arguments = vec![
            keys.concert.0.as_bytes().to_vec(),
            epoch.to_string().into_bytes(),
            token.as_bytes().to_vec(),
            room.seats.to_string().into_bytes(),
        ];
        arguments.extend(room.areas.iter().map(|capacity| capacity.to_string().into_bytes()));
        self.step(|scripts| &scripts.load_begin, keys, partition, &arguments).await
    }

    /// Writes reservations that PostgreSQL has; at most [`RECORDS_PER_LOAD_MAX`].
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn load_records(
        &self,
        keys: &ConcertKeys,
        partition: u16,
        token: Uuid,
        reservations: &[Reservation],
    ) -> Result<LoadStep, InventoryError> {
        assert!(
            reservations.len() <= RECORDS_PER_LOAD_MAX as usize,
            "{} records",
            reservations.len()
        );
        let mut arguments = vec![keys.concert.0.as_bytes().to_vec(), token.as_bytes().to_vec()];
        for reservation in reservations {
            arguments.push(reservation.id.0.as_bytes().to_vec());
            arguments.push(pack_record(reservation));
        }
        self.step(|scripts| &scripts.load_records, keys, partition, &arguments).await
    }

    /// Blocks seats; at most [`SEATS_PER_LOAD_MAX`]. Before any reservation is written, because what
    /// is sold stays sold.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn load_blocked(
        &self,
        keys: &ConcertKeys,
        partition: u16,
        token: Uuid,
        seats: &[SeatNumber],
    ) -> Result<LoadStep, InventoryError> {
        assert!(seats.len() <= SEATS_PER_LOAD_MAX, "{} seats", seats.len());
        let mut arguments = vec![keys.concert.0.as_bytes().to_vec(), token.as_bytes().to_vec()];
        arguments.extend(seats.iter().map(|seat| seat.0.to_string().into_bytes()));
        self.step(|scripts| &scripts.load_blocked, keys, partition, &arguments).await
    }

    /// Opens the concert for claims.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn finish_load(
        &self,
        keys: &ConcertKeys,
        epoch: Epoch,
        token: Uuid,
        concert: &Concert,
        capacity: u32,
    ) -> Result<LoadStep, InventoryError> {
        let mut arguments = vec![
            keys.concert.0.as_bytes().to_vec(),
            epoch.to_string().into_bytes(),
            token.as_bytes().to_vec(),
            keys.prefix.clone().into_bytes(),
            capacity.to_string().into_bytes(),
            concert.version.to_string().into_bytes(),
        ];
        arguments.extend(settings(concert));
        self.step(|scripts| &scripts.load_finish, keys, concert.partition, &arguments).await
    }

    /// Brings a loaded concert's settings up to `concert.version`; never back.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn configure(
        &self,
        keys: &ConcertKeys,
        epoch: Epoch,
        concert: &Concert,
    ) -> Result<LoadStep, InventoryError> {
        let mut arguments = vec![
            keys.concert.0.as_bytes().to_vec(),
            epoch.to_string().into_bytes(),
            concert.version.to_string().into_bytes(),
        ];
        arguments.extend(settings(concert));
        self.step(|scripts| &scripts.configure, keys, concert.partition, &arguments).await
    }

    async fn step(
        &self,
        script: Select,
        keys: &ConcertKeys,
        partition: u16,
        arguments: &[Vec<u8>],
    ) -> Result<LoadStep, InventoryError> {
        let PartitionKeys { epoch, loaded, .. } = PartitionKeys::new(partition);
        let keys: Vec<_> = keys.scripted().iter().cloned().chain([epoch, loaded]).collect();
        let value: Value = self.call(script, &keys, arguments).await?;
        match Code::read(&value)? {
            Code::Done => Ok(LoadStep::Done),
            Code::Replayed => Ok(LoadStep::AlreadyLoaded),
            Code::NotLoaded => Ok(LoadStep::Overtaken),
            Code::WrongEpoch => Ok(LoadStep::WrongEpoch),
            code => Err(InventoryError::Unreadable(format!("{code:?} while loading"))),
        }
    }
}

/// The settings that claims depend on, as field and value.
fn settings(concert: &Concert) -> Vec<Vec<u8>> {
    let fields = [
        ("version", i64::from(concert.version)),
        ("switch", concert.switch as i64),
        ("opens_at", concert.sale.opens_at.as_millisecond()),
        ("closes_at", concert.sale.closes_at.as_millisecond()),
        ("cancel_until", concert.cancel_until.as_millisecond()),
        ("hold_ms", i64::from(concert.hold_seconds) * 1000),
        ("max_seats_per_user", i64::from(concert.max_seats_per_user)),
    ];
    let pairs = fields.iter().flat_map(|(field, value)| [(*field).to_owned(), value.to_string()]);
    pairs.map(String::into_bytes).collect()
}
