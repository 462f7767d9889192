//! The concert file, made into concerts. `docs/import.md` documents it.

mod check;
mod file;
mod resolve;
mod times;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use iso_currency::Currency;
use jiff::Timestamp;

use crate::domain::concert::{ConfirmedBy, SaleWindow, Venue};
use crate::domain::ids::UserId;

use super::error::Mistakes;
use super::json;

pub use resolve::{Resolved, resolve};
pub use times::moment;
pub use write::write;

/// A concert of a file that was checked as far as the file alone allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name in addresses.
    pub slug: String,
    /// What is played.
    pub title: String,
    /// Who plays.
    pub artist: String,
    /// Where.
    pub venue: Venue,
    /// The seat map's name.
    pub seat_map: String,
    /// The seat map's version, if the file insists on one.
    pub seat_map_version: Option<u32>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When seats can be claimed.
    pub sale: SaleWindow,
    /// Until when tickets can be given back.
    pub cancel_until: Timestamp,
    /// The currency of its prices.
    pub currency: Currency,
    /// Prices by category name, in minor units.
    pub prices: BTreeMap<String, u32>,
    /// How long a hold lasts.
    pub hold_seconds: u32,
    /// The most seats that one user may have.
    pub max_seats_per_user: u32,
    /// Who confirms.
    pub confirmed_by: ConfirmedBy,
    /// Whose it is to be; as it was, if the file does not say.
    pub organiser: Option<UserId>,
}

/// What the one concert's mistakes are in, where it is looked at as a file of one.
pub const ONLY: &str = "concerts[0]";

/// Reads one concert as a file has it among its others, alone.
///
/// # Errors
/// Everything that is wrong with it, as far as it can be told without its seat map.
pub fn parse_one(bytes: &[u8]) -> Result<Entry, Mistakes> {
    json::object(bytes)?;
    let concert: file::Entrant = json::read(bytes)?;
    let entries = check::entries(vec![concert]).map_err(|mistakes| mistakes.within(ONLY))?;
    entries.into_iter().next().ok_or_else(|| Mistakes::one("", "is no concert"))
}

/// Reads a file.
///
/// # Errors
/// Everything that is wrong with it, as far as it can be told without its seat maps.
pub fn parse(bytes: &[u8]) -> Result<Vec<Entry>, Mistakes> {
    let file: file::File = json::read(bytes)?;
    check::entries(file.concerts)
}
