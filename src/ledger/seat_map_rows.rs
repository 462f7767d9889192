//! A layout as rows of PostgreSQL, and rows as a layout.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};

use super::LedgerError;
use super::area_rows::AreaRow;
use crate::domain::ids::{SeatMapId, UserId};
use crate::domain::limits::SEATS_PER_INSERT_MAX;
use crate::domain::seat_map::{Category, Layout, Row, Seat, SeatMap, Section};

/// A seat map without its seats.
#[derive(FromRow)]
pub(super) struct MapRow {
    name: String,
    version: i32,
    checksum: Vec<u8>,
    width: f32,
    height: f32,
    categories: Json<Vec<CategoryRow>>,
    capacity: i32,
}

/// A category as it is in `seat_maps.categories`.
#[derive(Serialize, Deserialize)]
pub(super) struct CategoryRow {
    pub(super) name: String,
    pub(super) color: String,
}

/// A row of seats.
#[derive(FromRow)]
pub(super) struct SeatRow {
    section: i32,
    row_label: String,
    first_number: i32,
    ids: Vec<String>,
    labels: Vec<String>,
    categories: Vec<i16>,
    xs: Vec<f32>,
    ys: Vec<f32>,
    accessible: Vec<bool>,
}

impl MapRow {
    /// The layout that was stored.
    pub(super) fn layout(
        &self,
        sections: Vec<String>,
        rows: Vec<SeatRow>,
        areas: Vec<AreaRow>,
    ) -> Result<Layout, LedgerError> {
        let category =
            |row: &CategoryRow| Category { name: row.name.clone(), color: row.color.clone() };
        let section = |name| Section { name, rows: 0..0 };
        let capacity = self.capacity.cast_unsigned() as usize;
        let mut layout = Layout {
            size: (self.width, self.height),
            categories: self.categories.iter().map(category).collect(),
            sections: sections.into_iter().map(section).collect(),
            rows: Vec::with_capacity(rows.len()),
            seats: Vec::with_capacity(capacity),
            areas: areas.into_iter().map(AreaRow::into_area).collect(),
        };
        for row in rows {
            row.append_to(&mut layout)?;
        }
        // A section without rows is between those of its neighbours: places are found by that order.
        let mut end = 0;
        for Section { rows, .. } in &mut layout.sections {
            if rows.start == rows.end {
                *rows = end..end;
            }
            end = rows.end;
        }
        if layout.seats.len() != capacity {
            return Err(unreadable(format!(
                "{} of {capacity} seats are there",
                layout.seats.len()
            )));
        }
        Ok(layout)
    }

    /// The map with its layout.
    pub(super) fn into_seat_map(
        self,
        id: SeatMapId,
        layout: Layout,
    ) -> Result<SeatMap, LedgerError> {
        let checksum = self.checksum.try_into();
        let checksum = checksum
            .map_err(|bytes: Vec<u8>| unreadable(format!("a checksum of {} bytes", bytes.len())))?;
        let version = self.version.cast_unsigned();
        Ok(SeatMap::new(id, self.name, version, checksum, layout))
    }
}

impl SeatRow {
    /// Adds the row to its section, which it must follow without a gap.
    fn append_to(self, layout: &mut Layout) -> Result<(), LedgerError> {
        let first = layout.seats.len() as u32;
        if self.first_number.cast_unsigned() != first {
            return Err(unreadable(format!("seat {first} is not where it should be")));
        }
        let row = layout.rows.len() as u32;
        let section = layout.sections.get_mut(self.section.cast_unsigned() as usize);
        let section = section.ok_or_else(|| unreadable(format!("no section {}", self.section)))?;
        if section.rows.is_empty() {
            section.rows.start = row;
        }
        section.rows.end = row + 1;
        let texts = self.ids.into_iter().zip(self.labels);
        let places = self.xs.into_iter().zip(self.ys);
        let kinds = self.categories.into_iter().zip(self.accessible);
        let seats = texts.zip(kinds).zip(places);
        layout.seats.extend(seats.map(|(((id, label), (category, accessible)), (x, y))| Seat {
            id: id.into(),
            label: label.into(),
            category: category.cast_unsigned(),
            x,
            y,
            accessible,
        }));
        layout.rows.push(Row { label: self.row_label, seats: first..layout.seats.len() as u32 });
        Ok(())
    }
}

/// Stores everything of a map but its seats.
pub(super) async fn insert_map(
    transaction: &mut PgConnection,
    id: SeatMapId,
    name: &str,
    version: u32,
    checksum: [u8; 32],
    layout: &Layout,
    organiser: Option<UserId>,
) -> Result<(), LedgerError> {
    let category = |category: &Category| CategoryRow {
        name: category.name.clone(),
        color: category.color.clone(),
    };
    let categories: Vec<_> = layout.categories.iter().map(category).collect();
    sqlx::query(include_str!("sql/seat_map_insert.sql"))
        .bind(id.0)
        .bind(name)
        .bind(version.cast_signed())
        .bind(&checksum[..])
        .bind(layout.size.0)
        .bind(layout.size.1)
        .bind(Json(categories))
        .bind((layout.seats.len() as u32).cast_signed())
        .bind(organiser.map(|organiser| organiser.0))
        .bind(layout.areas.iter().map(|area| area.capacity).sum::<u32>().cast_signed())
        .execute(&mut *transaction)
        .await?;
    let names: Vec<&str> = layout.sections.iter().map(|section| &*section.name).collect();
    sqlx::query(include_str!("sql/sections_insert.sql"))
        .bind(id.0)
        .bind(names)
        .execute(transaction)
        .await?;
    Ok(())
}

/// Seats of a layout as columns.
#[derive(Default)]
struct Columns<'a> {
    numbers: Vec<i32>,
    ids: Vec<&'a str>,
    sections: Vec<i32>,
    rows: Vec<i32>,
    row_labels: Vec<&'a str>,
    labels: Vec<&'a str>,
    categories: Vec<i16>,
    xs: Vec<f32>,
    ys: Vec<f32>,
    accessible: Vec<bool>,
}

impl<'a> Columns<'a> {
    fn push(&mut self, layout: &'a Layout, section: usize, row: usize) {
        let line = &layout.rows[row];
        for number in line.seats.clone() {
            let seat = &layout.seats[number as usize];
            self.numbers.push(number.cast_signed());
            self.ids.push(&seat.id);
            self.sections.push((section as u32).cast_signed());
            self.rows.push((row as u32).cast_signed());
            self.row_labels.push(&line.label);
            self.labels.push(&seat.label);
            self.categories.push(seat.category.cast_signed());
            self.xs.push(seat.x);
            self.ys.push(seat.y);
            self.accessible.push(seat.accessible);
        }
    }

    async fn insert(
        self,
        transaction: &mut PgConnection,
        id: SeatMapId,
    ) -> Result<(), LedgerError> {
        sqlx::query(include_str!("sql/seats_insert.sql"))
            .bind(id.0)
            .bind(self.numbers)
            .bind(self.ids)
            .bind(self.sections)
            .bind(self.rows)
            .bind(self.row_labels)
            .bind(self.labels)
            .bind(self.categories)
            .bind(self.xs)
            .bind(self.ys)
            .bind(self.accessible)
            .execute(transaction)
            .await?;
        Ok(())
    }
}

/// Stores all seats, row by row of the house, in statements of a bounded size.
pub(super) async fn insert_seats(
    transaction: &mut PgConnection,
    id: SeatMapId,
    layout: &Layout,
) -> Result<(), LedgerError> {
    let mut columns = Columns::default();
    for (section, Section { rows, .. }) in layout.sections.iter().enumerate() {
        let rows: Range<usize> = rows.start as usize..rows.end as usize;
        for row in rows {
            if columns.numbers.len() >= SEATS_PER_INSERT_MAX {
                std::mem::take(&mut columns).insert(transaction, id).await?;
            }
            columns.push(layout, section, row);
        }
    }
    columns.insert(transaction, id).await
}

fn unreadable(reason: String) -> LedgerError {
    LedgerError::Unreadable { table: "seats", reason }
}
