//! The statements that write places in areas, each for any number of reservations.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use crate::domain::area::AreaNumber;
use crate::domain::ids::ConcertId;
use crate::domain::lines::AreaLine;
use crate::domain::reservation::Reservation;

/// Ends the live places of cancelled reservations, and counts them as sold no more.
pub(super) async fn end_areas(
    connection: &mut PgConnection,
    cancelled: &[&Reservation],
) -> Result<(), sqlx::Error> {
    let cancelled: Vec<_> = cancelled.iter().filter(|it| !it.lines.areas.is_empty()).collect();
    if cancelled.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = cancelled.iter().map(|it| it.id.0).collect();
    let ended: Vec<_> = cancelled.iter().map(|it| it.changed_at.to_sqlx()).collect();
    let query = sqlx::query(include_str!("../sql/reservation_areas_end.sql"));
    query.bind(ids).bind(ended).execute(connection).await?;
    Ok(())
}

/// Inserts the reservations' places, ended at the time that `ended_at` says; returns whether none of
/// them was there already.
pub(super) async fn insert_areas(
    connection: &mut PgConnection,
    reservations: &[&Reservation],
    ended_at: impl Fn(&Reservation) -> Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    let lines = lines_of(reservations);
    if lines.is_empty() {
        return Ok(true);
    }
    let ids: Vec<_> = lines.iter().map(|(it, _)| it.id.0).collect();
    let concerts: Vec<_> = lines.iter().map(|(it, _)| it.concert.0).collect();
    let areas: Vec<_> = lines.iter().map(|(_, line)| line.area.0.cast_signed()).collect();
    let quantities: Vec<_> = lines.iter().map(|(_, line)| i32::from(line.quantity)).collect();
    let prices: Vec<_> = lines.iter().map(|(_, line)| i64::from(line.price_minor)).collect();
    let ended = |it: &Reservation| ended_at(it).map(ToSqlx::to_sqlx);
    let ended: Vec<_> = lines.iter().map(|(it, _)| ended(it)).collect();
    let inserted = sqlx::query(include_str!("../sql/reservation_areas_insert.sql"))
        .bind(ids)
        .bind(concerts)
        .bind(areas)
        .bind(quantities)
        .bind(prices)
        .bind(ended)
        .execute(connection)
        .await?;
    Ok(inserted.rows_affected() == lines.len() as u64)
}

/// Counts the reservations' places as sold; returns whether every area had so many left.
pub(super) async fn count_sold(
    connection: &mut PgConnection,
    confirmed: &[&Reservation],
) -> Result<bool, sqlx::Error> {
    let mut wanted: BTreeMap<(ConcertId, AreaNumber), i32> = BTreeMap::new();
    for (it, line) in lines_of(confirmed) {
        *wanted.entry((it.concert, line.area)).or_default() += i32::from(line.quantity);
    }
    if wanted.is_empty() {
        return Ok(true);
    }
    let concerts: Vec<_> = wanted.keys().map(|(concert, _)| concert.0).collect();
    let areas: Vec<_> = wanted.keys().map(|(_, area)| area.0.cast_signed()).collect();
    let quantities: Vec<_> = wanted.values().copied().collect();
    let counted = sqlx::query(include_str!("../sql/area_sales_add.sql"))
        .bind(concerts)
        .bind(areas)
        .bind(quantities)
        .execute(connection)
        .await?;
    Ok(counted.rows_affected() == wanted.len() as u64)
}

fn lines_of<'a>(reservations: &[&'a Reservation]) -> Vec<(&'a Reservation, &'a AreaLine)> {
    let lines = |&it: &&'a Reservation| it.lines.areas.iter().map(move |line| (it, line));
    reservations.iter().flat_map(lines).collect()
}
