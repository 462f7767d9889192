//! The standing areas of a layout as rows of PostgreSQL, and back.

use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool};

use super::LedgerError;
use crate::domain::area::Area;
use crate::domain::ids::SeatMapId;

/// A standing area.
#[derive(FromRow)]
pub(super) struct AreaRow {
    public_id: String,
    section: i32,
    name: String,
    category: i16,
    capacity: i32,
    outline: Vec<f32>,
}

impl AreaRow {
    /// The area that was stored.
    pub(super) fn into_area(self) -> Area {
        Area {
            id: self.public_id.into(),
            name: self.name,
            section: self.section.cast_unsigned(),
            category: self.category.cast_unsigned(),
            capacity: self.capacity.cast_unsigned(),
            outline: self.outline.chunks_exact(2).map(|corner| (corner[0], corner[1])).collect(),
        }
    }
}

/// The areas of a map, in order.
pub(super) async fn load_areas(pool: &PgPool, id: SeatMapId) -> Result<Vec<AreaRow>, LedgerError> {
    let query = sqlx::query_as(include_str!("sql/areas_of_map.sql"));
    Ok(query.bind(id.0).fetch_all(pool).await?)
}

/// Stores all areas of a map.
pub(super) async fn insert_areas(
    transaction: &mut PgConnection,
    id: SeatMapId,
    areas: &[Area],
) -> Result<(), LedgerError> {
    if areas.is_empty() {
        return Ok(());
    }
    let outline = |area: &Area| -> Json<Vec<f32>> {
        Json(area.outline.iter().flat_map(|&(x, y)| [x, y]).collect())
    };
    sqlx::query(include_str!("sql/areas_insert.sql"))
        .bind(id.0)
        .bind((0..).take(areas.len()).collect::<Vec<i16>>())
        .bind(areas.iter().map(|area| &*area.id).collect::<Vec<_>>())
        .bind(areas.iter().map(|area| area.section.cast_signed()).collect::<Vec<_>>())
        .bind(areas.iter().map(|area| &*area.name).collect::<Vec<_>>())
        .bind(areas.iter().map(|area| area.category.cast_signed()).collect::<Vec<_>>())
        .bind(areas.iter().map(|area| area.capacity.cast_signed()).collect::<Vec<_>>())
        .bind(areas.iter().map(outline).collect::<Vec<_>>())
        .execute(transaction)
        .await?;
    Ok(())
}
