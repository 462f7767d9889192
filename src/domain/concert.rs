//! A concert: one performance on one seat map, with everything a claim depends on.

use iso_currency::Currency;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{ConcertId, SeatMapId, UserId};
use super::limits::HOLD_SECONDS_MAX;

/// What the organiser says of the sale. Whether it has begun follows from the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum SaleSwitch {
    /// The window decides.
    Open = 0,
    /// Halted for now; holds live on.
    Paused = 1,
    /// Over, whatever the window says.
    Closed = 2,
}

/// What a buyer sees of the sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SaleState {
    /// It has not begun.
    Scheduled,
    /// Seats can be claimed.
    Open,
    /// Halted for now.
    Paused,
    /// It has ended.
    Closed,
}

/// Who turns a hold into a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConfirmedBy {
    /// The buyer.
    Buyer,
    /// The organiser's server, with a payment reference.
    Merchant,
}

/// A concert.
#[derive(Clone, Debug, PartialEq)]
pub struct Concert {
    /// Its id.
    pub id: ConcertId,
    /// Its name in import files and addresses.
    pub slug: String,
    /// Whose it is; nobody's while only administrators may change it.
    pub organiser: Option<UserId>,
    /// What is played.
    pub title: String,
    /// Who plays.
    pub artist: String,
    /// Where.
    pub venue: Venue,
    /// The one version of a seat map that it has for life.
    pub seat_map: SeatMapId,
    /// The partition that its keys and its log live in, for life.
    pub partition: u16,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When seats can be claimed.
    pub sale: SaleWindow,
    /// The organiser's switch.
    pub switch: SaleSwitch,
    /// Until when tickets can be given back.
    pub cancel_until: Timestamp,
    /// The currency of all its prices.
    pub currency: Currency,
    /// The price of a seat by the category's index in the seat map, in minor units.
    pub price_minor_by_category: Vec<u32>,
    /// How long a hold lasts.
    pub hold_seconds: u32,
    /// The most seats that one user may have, held and bought together.
    pub max_seats_per_user: u32,
    /// Who confirms.
    pub confirmed_by: ConfirmedBy,
    /// Raised by any change that a claim depends on, from 1.
    pub version: u32,
}

/// The place a concert is at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Venue {
    /// Its name.
    pub name: String,
    /// Its city.
    pub city: String,
    /// Its IANA time zone, in which people read the concert's times.
    pub time_zone: String,
}

/// When seats can be claimed: from `opens_at`, until just before `closes_at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaleWindow {
    /// The first moment.
    pub opens_at: Timestamp,
    /// The first moment after it.
    pub closes_at: Timestamp,
}

impl SaleWindow {
    /// When what buyers see of the sale is another by itself, after `now`, if it ever is.
    pub fn changes_after(&self, now: Timestamp) -> Option<Timestamp> {
        [self.opens_at, self.closes_at].into_iter().find(|change| *change > now)
    }

    /// What a buyer sees of a sale with this window and the organiser's switch at `now`.
    pub fn state(&self, switch: SaleSwitch, now: Timestamp) -> SaleState {
        match switch {
            SaleSwitch::Closed => SaleState::Closed,
            _ if now >= self.closes_at => SaleState::Closed,
            SaleSwitch::Paused => SaleState::Paused,
            SaleSwitch::Open if now < self.opens_at => SaleState::Scheduled,
            SaleSwitch::Open => SaleState::Open,
        }
    }
}

impl Concert {
    /// What a buyer sees of the sale at `now`.
    pub fn sale_state(&self, now: Timestamp) -> SaleState {
        self.sale.state(self.switch, now)
    }
}

const _: () = assert!((HOLD_SECONDS_MAX as u64) * 2 * 1000 < u32::MAX as u64);
