//! Concerts as they stand in the file. This format is ours, so a key that is not named here is a
//! misspelling, and refused: `close_at` left aside in silence would sell until the doors open.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::domain::concert::ConfirmedBy;
use crate::domain::ids::UserId;

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its concerts.
    pub concerts: Vec<Entrant>,
}

/// One concert.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entrant {
    /// Its name in addresses; the concert's identity.
    pub slug: String,
    /// What is played.
    pub title: String,
    /// Who plays.
    pub artist: String,
    /// Where.
    pub venue: Venue,
    /// The seat map's name.
    pub seat_map: String,
    /// The seat map's version.
    pub seat_map_version: Option<u32>,
    /// When it begins.
    pub starts_at: String,
    /// Until when tickets can be given back.
    pub cancel_until: Option<String>,
    /// When seats can be claimed.
    pub sale: Sale,
    /// The currency of all prices.
    pub currency: String,
    /// The price of each category, in minor units.
    pub prices: Prices,
    /// How long a hold lasts.
    #[serde(default = "hold_seconds")]
    pub hold_seconds: u32,
    /// The most seats for one user.
    #[serde(default = "max_seats_per_user")]
    pub max_seats_per_user: u32,
    /// Who confirms.
    #[serde(default = "confirm")]
    pub confirm: ConfirmedBy,
    /// Whose it is.
    pub organiser_id: Option<UserId>,
}

/// A concert's venue.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Venue {
    /// Its name.
    pub name: String,
    /// Its city.
    pub city: String,
    /// Its IANA time zone.
    pub time_zone: String,
}

/// A sale window.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sale {
    /// The first moment.
    pub opens_at: String,
    /// The first moment after it.
    pub closes_at: Option<String>,
}

/// Prices by category, each category once.
pub struct Prices(pub BTreeMap<String, u32>);

/// Seven minutes: long enough to pay, short enough that seats come back while people still wait.
fn hold_seconds() -> u32 {
    420
}

/// A family.
fn max_seats_per_user() -> u32 {
    6
}

fn confirm() -> ConfirmedBy {
    ConfirmedBy::Buyer
}

impl<'de> Deserialize<'de> for Prices {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PricesVisitor)
    }
}

/// Takes an object; a map of serde's own would let the second of two prices win in silence.
struct PricesVisitor;

impl<'de> Visitor<'de> for PricesVisitor {
    type Value = Prices;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of prices by category")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Prices, A::Error> {
        let mut prices = BTreeMap::new();
        while let Some((category, price)) = map.next_entry::<String, u32>()? {
            match prices.entry(category) {
                Entry::Vacant(vacant) => vacant.insert(price),
                Entry::Occupied(there) => {
                    return Err(A::Error::custom(format!("duplicate {:?}", there.key())));
                }
            };
        }
        Ok(Prices(prices))
    }
}
