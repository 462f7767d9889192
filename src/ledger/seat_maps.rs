//! Seat maps: written once, read whole.

use sqlx::{PgConnection, PgPool};

use super::LedgerError;
use super::area_rows::{insert_areas, load_areas};
use super::seat_map_rows::{MapRow, SeatRow, insert_map, insert_seats};
use crate::domain::ids::SeatMapId;
use crate::domain::seat_map::{Layout, SeatMap};

/// What importing a seat map came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeatMapImport {
    /// It is a new version, the first or the next.
    Inserted(u32),
    /// It is the newest version already.
    Unchanged(u32),
}

/// Which seat map a concert can be on, and what it needs prices for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatMapVersion {
    /// Its id.
    pub id: SeatMapId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// The names of its categories, in order.
    pub categories: Vec<String>,
}

/// Stores a layout as the next version under `name`, unless the newest version is the same layout.
///
/// # Errors
/// When PostgreSQL does not take it; nothing was stored then.
pub async fn import(
    pool: &PgPool,
    name: &str,
    checksum: [u8; 32],
    layout: &Layout,
) -> Result<SeatMapImport, LedgerError> {
    let mut transaction = pool.begin().await?;
    lock_imports(&mut transaction).await?;
    let newest: Option<(i32, Vec<u8>)> = sqlx::query_as(include_str!("sql/seat_map_newest.sql"))
        .bind(name)
        .fetch_optional(&mut *transaction)
        .await?;
    let version = match newest {
        Some((version, stored)) if stored == checksum => {
            return Ok(SeatMapImport::Unchanged(version.cast_unsigned()));
        }
        Some((version, _)) => version.cast_unsigned() + 1,
        None => 1,
    };
    let id = SeatMapId::new();
    insert_map(&mut transaction, id, name, version, checksum, layout).await?;
    insert_seats(&mut transaction, id, layout).await?;
    insert_areas(&mut transaction, id, &layout.areas).await?;
    transaction.commit().await?;
    Ok(SeatMapImport::Inserted(version))
}

/// A whole seat map.
///
/// # Errors
/// When PostgreSQL cannot be reached, or has a map with gaps.
pub async fn load(pool: &PgPool, id: SeatMapId) -> Result<Option<SeatMap>, LedgerError> {
    let map: Option<MapRow> = sqlx::query_as(include_str!("sql/seat_map_by_id.sql"))
        .bind(id.0)
        .fetch_optional(pool)
        .await?;
    let Some(map) = map else { return Ok(None) };
    let names: Vec<String> = sqlx::query_scalar(include_str!("sql/sections_of_map.sql"))
        .bind(id.0)
        .fetch_all(pool)
        .await?;
    let rows: Vec<SeatRow> =
        sqlx::query_as(include_str!("sql/rows_of_map.sql")).bind(id.0).fetch_all(pool).await?;
    let layout = map.layout(names, rows, load_areas(pool, id).await?)?;
    Ok(Some(map.into_seat_map(id, layout)?))
}

/// Waits until no other process imports. Ends with the transaction.
pub(super) async fn lock_imports(transaction: &mut PgConnection) -> Result<(), LedgerError> {
    sqlx::query(include_str!("sql/import_patience.sql")).execute(&mut *transaction).await?;
    sqlx::query(include_str!("sql/import_lock.sql")).execute(transaction).await?;
    Ok(())
}
