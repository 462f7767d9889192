//! Seat maps: written once, read whole.

use serde_json::json;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::LedgerError;
use super::area_rows::{insert_areas, load_areas};
use super::changes::{self, NewChange};
use super::seat_map_rows::{CategoryRow, MapRow, SeatRow, insert_map, insert_seats};
use crate::domain::ids::{SeatMapId, UserId};
use crate::domain::seat_map::{Layout, SeatMap};

/// What importing a seat map came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeatMapImport {
    /// It is a new version, the first or the next.
    Inserted(SeatMapId, u32),
    /// It is the newest version already.
    Unchanged(SeatMapId, u32),
    /// The name is somebody else's.
    NameTaken,
}

/// For which organiser a seat map is imported.
#[derive(Clone, Debug)]
pub struct Importer {
    /// Whose it is to be; everybody's, or whose the name is already, if nobody is named.
    pub organiser: Option<UserId>,
    /// What to put on record if it is a new version; which one is added.
    pub change: NewChange,
}

/// A seat map in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatMapSummary {
    /// Which version it is, and what it needs prices for.
    pub version: SeatMapVersion,
    /// How many seats and places there are.
    pub capacity: u32,
    /// Whose it is; everybody's if nobody's.
    pub organiser: Option<UserId>,
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

/// The newest version under a name.
#[derive(FromRow)]
struct Newest {
    id: Uuid,
    version: i32,
    checksum: Vec<u8>,
    organiser_id: Option<Uuid>,
}

#[derive(FromRow)]
struct SummaryRow {
    id: Uuid,
    name: String,
    version: i32,
    capacity: i32,
    categories: Json<Vec<CategoryRow>>,
    organiser_id: Option<Uuid>,
}

/// Stores a layout as the next version under `name`, unless the newest version is the same layout. An
/// organiser adds versions to their own names only; without one, anybody's go on.
///
/// # Errors
/// When PostgreSQL does not take it; nothing was stored then.
pub async fn import(
    pool: &PgPool,
    name: &str,
    checksum: [u8; 32],
    layout: &Layout,
    importer: Option<&Importer>,
) -> Result<SeatMapImport, LedgerError> {
    let mut transaction = pool.begin().await?;
    lock_imports(&mut transaction).await?;
    let newest: Option<Newest> = sqlx::query_as(include_str!("sql/seat_map_newest.sql"))
        .bind(name)
        .fetch_optional(&mut *transaction)
        .await?;
    let organiser = importer.and_then(|importer| importer.organiser);
    let (version, owner) = match newest {
        Some(newest) if is_anothers(&newest, organiser) => return Ok(SeatMapImport::NameTaken),
        Some(newest) if newest.checksum == checksum => {
            let version = newest.version.cast_unsigned();
            return Ok(SeatMapImport::Unchanged(SeatMapId(newest.id), version));
        }
        Some(newest) => (newest.version.cast_unsigned() + 1, newest.organiser_id.map(UserId)),
        None => (1, organiser),
    };
    let id = SeatMapId::new();
    insert_map(&mut transaction, id, name, version, checksum, layout, owner).await?;
    insert_seats(&mut transaction, id, layout).await?;
    insert_areas(&mut transaction, id, &layout.areas).await?;
    if let Some(Importer { change, .. }) = importer {
        let outcome = Some(json!({ "name": name, "version": version }));
        let change = NewChange { seat_map: Some(id), owner, outcome, ..change.clone() };
        changes::insert(&mut transaction, &change).await?;
    }
    transaction.commit().await?;
    Ok(SeatMapImport::Inserted(id, version))
}

fn is_anothers(newest: &Newest, organiser: Option<UserId>) -> bool {
    organiser.is_some_and(|organiser| newest.organiser_id != Some(organiser.0))
}

/// Seat maps before one or from the newest on, newest first: those that an organiser may use, or all
/// if none is given.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn list(
    pool: &PgPool,
    before: Option<SeatMapId>,
    organiser: Option<UserId>,
    limit: u32,
) -> Result<Vec<SeatMapSummary>, LedgerError> {
    let rows: Vec<SummaryRow> = sqlx::query_as(include_str!("sql/seat_maps_list.sql"))
        .bind(before.map_or(Uuid::max(), |id| id.0))
        .bind(organiser.map(|organiser| organiser.0))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(SeatMapSummary::from).collect())
}

/// Whose a seat map is; the outer `None` if there is no such map.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn owner(pool: &PgPool, id: SeatMapId) -> Result<Option<Option<UserId>>, LedgerError> {
    let query = sqlx::query_scalar(include_str!("sql/seat_map_owner.sql"));
    let owner: Option<Option<Uuid>> = query.bind(id.0).fetch_optional(pool).await?;
    Ok(owner.map(|owner| owner.map(UserId)))
}

impl From<SummaryRow> for SeatMapSummary {
    fn from(row: SummaryRow) -> Self {
        Self {
            version: SeatMapVersion {
                id: SeatMapId(row.id),
                name: row.name,
                version: row.version.cast_unsigned(),
                categories: row.categories.0.into_iter().map(|category| category.name).collect(),
            },
            capacity: row.capacity.cast_unsigned(),
            organiser: row.organiser_id.map(UserId),
        }
    }
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
