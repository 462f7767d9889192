//! What somebody bought, with the names of its seats: a query a page, and no seat map.

use jiff_sqlx::{Timestamp, ToSqlx};
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use super::LedgerError;
use super::concert_rows::currency;
use super::reservations::{cause_of, state_of};
use crate::domain::concert::Venue;
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::limits::PAGE_ITEMS_MAX;
use crate::domain::purchase::{Purchase, PurchasedArea, PurchasedSeat};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    concert_id: Uuid,
    slug: String,
    title: String,
    artist: String,
    venue_name: String,
    venue_city: String,
    venue_time_zone: String,
    starts_at: Timestamp,
    cancel_until: Timestamp,
    currency: String,
    state: String,
    cause: String,
    version: i64,
    total_minor: i64,
    held_at: Timestamp,
    confirmed_at: Timestamp,
    changed_at: Timestamp,
    seats: Json<Vec<PurchasedSeat>>,
    areas: Json<Vec<PurchasedArea>>,
}

/// What a user bought, newest first, after a place in that order (when it was confirmed, and its id),
/// from the first if there is none. At most one more than a page, so that the caller can tell whether
/// the list goes on.
///
/// # Errors
/// When PostgreSQL cannot be reached, or a row cannot be read.
pub async fn of_user(
    pool: &PgPool,
    user: UserId,
    after: Option<(jiff::Timestamp, ReservationId)>,
    limit: u32,
) -> Result<Vec<Purchase>, LedgerError> {
    // Nothing was confirmed after the last moment that PostgreSQL can tell from others.
    let start = (jiff::Timestamp::MAX, ReservationId(Uuid::nil()));
    let (confirmed_at, id) = after.unwrap_or(start);
    let rows = sqlx::query_as::<_, Row>(include_str!("sql/purchases_of_user.sql"))
        .bind(user.0)
        .bind(confirmed_at.to_sqlx())
        .bind(id.0)
        .bind(i64::from(limit.min(PAGE_ITEMS_MAX + 1)))
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

impl Row {
    fn read(self) -> Result<Purchase, LedgerError> {
        let id = self.id;
        let unreadable = |what: &str| LedgerError::Unreadable {
            table: "reservations",
            reason: format!("{what} of {id}"),
        };
        Ok(Purchase {
            id: ReservationId(id),
            concert: ConcertId(self.concert_id),
            slug: self.slug,
            title: self.title,
            artist: self.artist,
            venue: Venue {
                name: self.venue_name,
                city: self.venue_city,
                time_zone: self.venue_time_zone,
            },
            starts_at: self.starts_at.to_jiff(),
            cancel_until: self.cancel_until.to_jiff(),
            currency: currency(&self.currency)?,
            state: state_of(&self.state).ok_or_else(|| unreadable("state"))?,
            cause: cause_of(&self.cause).ok_or_else(|| unreadable("cause"))?,
            version: u32::try_from(self.version).map_err(|_| unreadable("version"))?,
            total_minor: u64::try_from(self.total_minor).map_err(|_| unreadable("total"))?,
            held_at: self.held_at.to_jiff(),
            confirmed_at: self.confirmed_at.to_jiff(),
            changed_at: self.changed_at.to_jiff(),
            seats: self.seats.0,
            areas: self.areas.0,
        })
    }
}
