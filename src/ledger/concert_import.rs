//! Concerts in: everything between looking at what is there and committing what a file says.

use std::collections::BTreeMap;

use jiff_sqlx::{Timestamp, ToSqlx};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::LedgerError;
use super::changes::{self, NewChange};
use super::concert_rows::{ConcertRow, confirmed_by_text};
use super::seat_map_rows::CategoryRow;
use super::seat_maps::{SeatMapVersion, lock_imports};
use crate::domain::concert::{Concert, Venue};
use crate::domain::ids::{SeatMapId, UserId};

/// An import under way: one transaction that no other import runs beside. Dropped before `write`,
/// it leaves nothing behind.
pub struct ConcertImport {
    transaction: Transaction<'static, Postgres>,
}

/// A version of a seat map, without its seats.
#[derive(FromRow)]
struct VersionRow {
    id: Uuid,
    name: String,
    version: i32,
    categories: Json<Vec<CategoryRow>>,
}

impl ConcertImport {
    /// Waits for its turn and begins.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn begin(pool: &PgPool) -> Result<Self, LedgerError> {
        let mut transaction = pool.begin().await?;
        lock_imports(&mut transaction).await?;
        Ok(Self { transaction })
    }

    /// Every version of the seat maps with these names, in the order of names and versions, and the
    /// versions with these ids. For an organiser, names stand for their own maps and everybody's.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn seat_maps(
        &mut self,
        names: &[String],
        ids: &[SeatMapId],
        organiser: Option<UserId>,
    ) -> Result<Vec<SeatMapVersion>, LedgerError> {
        let rows: Vec<VersionRow> = sqlx::query_as(include_str!("sql/seat_map_versions.sql"))
            .bind(names)
            .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
            .bind(organiser.map(|organiser| organiser.0))
            .fetch_all(&mut *self.transaction)
            .await?;
        let version = |row: VersionRow| SeatMapVersion {
            id: SeatMapId(row.id),
            name: row.name,
            version: row.version.cast_unsigned(),
            categories: row.categories.0.into_iter().map(|category| category.name).collect(),
        };
        Ok(rows.into_iter().map(version).collect())
    }

    /// Those of these users that there are.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn users(&mut self, ids: &[UserId]) -> Result<Vec<UserId>, LedgerError> {
        let there: Vec<Uuid> = sqlx::query_scalar(include_str!("sql/users_there.sql"))
            .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
            .fetch_all(&mut *self.transaction)
            .await?;
        Ok(there.into_iter().map(UserId).collect())
    }

    /// The concerts that have one of these slugs already.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or has a concert that cannot be read.
    pub async fn existing(&mut self, slugs: &[String]) -> Result<Vec<Concert>, LedgerError> {
        let rows: Vec<ConcertRow> = sqlx::query_as(include_str!("sql/concerts_by_slug.sql"))
            .bind(slugs)
            .fetch_all(&mut *self.transaction)
            .await?;
        rows.into_iter().map(Concert::try_from).collect()
    }

    /// The time zone that a venue is known to be in; none if it is new.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn time_zone_of(&mut self, venue: &Venue) -> Result<Option<String>, LedgerError> {
        let query = sqlx::query_scalar(include_str!("sql/venue_time_zone.sql"));
        let query = query.bind(&venue.name).bind(&venue.city);
        Ok(query.fetch_optional(&mut *self.transaction).await?)
    }

    /// Writes new and changed concerts, puts on record what an organiser changes about them, tells
    /// everyone who listens, and commits.
    ///
    /// # Errors
    /// When PostgreSQL does not take them; nothing was written then.
    pub async fn write(
        mut self,
        concerts: &[Concert],
        change: Option<&NewChange>,
    ) -> Result<(), LedgerError> {
        let transaction = &mut self.transaction;
        let moved = write_venues(transaction, concerts).await?;
        write_concerts(transaction, concerts).await?;
        write_prices(transaction, concerts).await?;
        if let Some(change) = change {
            changes::insert(transaction, change).await?;
        }
        let mut changed: Vec<Uuid> = concerts.iter().map(|concert| concert.id.0).collect();
        let areas = sqlx::query(include_str!("sql/area_sales_insert.sql"));
        areas.bind(&changed).execute(&mut **transaction).await?;
        let raised: Vec<Uuid> =
            sqlx::query_scalar(include_str!("sql/concerts_of_venues_raise.sql"))
                .bind(&moved)
                .bind(&changed)
                .fetch_all(&mut **transaction)
                .await?;
        changed.extend(raised);
        sqlx::query(include_str!("sql/concerts_notify.sql"))
            .bind(changed)
            .execute(&mut **transaction)
            .await?;
        self.transaction.commit().await?;
        Ok(())
    }
}

/// Stores the concerts' venues; returns those that were in another time zone until now.
async fn write_venues(
    transaction: &mut PgConnection,
    concerts: &[Concert],
) -> Result<Vec<Uuid>, LedgerError> {
    let by_key = concerts.iter().map(|Concert { venue, .. }| ((&venue.name, &venue.city), venue));
    let venues: Vec<&Venue> = by_key.collect::<BTreeMap<_, _>>().into_values().collect();
    let column = |text: fn(&Venue) -> &str| -> Vec<&str> {
        venues.iter().map(|venue| text(venue)).collect()
    };
    let names = column(|venue| &venue.name);
    let cities = column(|venue| &venue.city);
    let time_zones = column(|venue| &venue.time_zone);
    let moved = sqlx::query_scalar(include_str!("sql/venues_moved.sql"))
        .bind(&names)
        .bind(&cities)
        .bind(&time_zones)
        .fetch_all(&mut *transaction)
        .await?;
    let ids: Vec<Uuid> = venues.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query(include_str!("sql/venues_upsert.sql"))
        .bind(ids)
        .bind(names)
        .bind(cities)
        .bind(time_zones)
        .execute(transaction)
        .await?;
    Ok(moved)
}

async fn write_concerts(
    transaction: &mut PgConnection,
    concerts: &[Concert],
) -> Result<(), LedgerError> {
    let texts = |text: fn(&Concert) -> &str| -> Vec<&str> { concerts.iter().map(text).collect() };
    let numbers = |number: fn(&Concert) -> u32| -> Vec<i32> {
        concerts.iter().map(|concert| number(concert).cast_signed()).collect()
    };
    let times = |time: fn(&Concert) -> jiff::Timestamp| -> Vec<Timestamp> {
        concerts.iter().map(|concert| time(concert).to_sqlx()).collect()
    };
    let ids: Vec<Uuid> = concerts.iter().map(|concert| concert.id.0).collect();
    let seat_maps: Vec<Uuid> = concerts.iter().map(|concert| concert.seat_map.0).collect();
    let partitions = concerts.iter().map(|concert| concert.partition.cast_signed());
    let organisers = concerts.iter().map(|concert| concert.organiser.map(|organiser| organiser.0));
    sqlx::query(include_str!("sql/concerts_upsert.sql"))
        .bind(ids)
        .bind(texts(|concert| &concert.slug))
        .bind(texts(|concert| &concert.title))
        .bind(texts(|concert| &concert.artist))
        .bind(texts(|concert| &concert.venue.name))
        .bind(texts(|concert| &concert.venue.city))
        .bind(seat_maps)
        .bind(partitions.collect::<Vec<i16>>())
        .bind(times(|concert| concert.starts_at))
        .bind(times(|concert| concert.sale.opens_at))
        .bind(times(|concert| concert.sale.closes_at))
        .bind(times(|concert| concert.cancel_until))
        .bind(texts(|concert| concert.currency.code()))
        .bind(numbers(|concert| concert.hold_seconds))
        .bind(numbers(|concert| concert.max_seats_per_user))
        .bind(texts(|concert| confirmed_by_text(concert.confirmed_by)))
        .bind(organisers.collect::<Vec<_>>())
        .execute(transaction)
        .await?;
    Ok(())
}

async fn write_prices(
    transaction: &mut PgConnection,
    concerts: &[Concert],
) -> Result<(), LedgerError> {
    let (mut ids, mut categories, mut prices) = (Vec::new(), Vec::new(), Vec::new());
    for concert in concerts {
        for (category, price) in (0_i16..).zip(&concert.price_minor_by_category) {
            ids.push(concert.id.0);
            categories.push(category);
            prices.push(i64::from(*price));
        }
    }
    sqlx::query(include_str!("sql/prices_upsert.sql"))
        .bind(ids)
        .bind(categories)
        .bind(prices)
        .execute(transaction)
        .await?;
    Ok(())
}
