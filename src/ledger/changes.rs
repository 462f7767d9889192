//! What organisers asked for and what came of it: written once, and only read from then on.

use jiff_sqlx::Timestamp;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::LedgerError;
use crate::domain::ids::{ConcertId, ReservationId, SeatMapId, UserId};
use crate::domain::organiser::Organiser;

/// Something an organiser asks for.
#[derive(Clone, Debug)]
pub struct NewChange {
    /// The concert it is about, if any.
    pub concert: Option<ConcertId>,
    /// The seat map it is about, if any.
    pub seat_map: Option<SeatMapId>,
    /// The reservation it is about, if any.
    pub reservation: Option<ReservationId>,
    /// Whose it is, if it is no concert's.
    pub owner: Option<UserId>,
    /// Who asks.
    pub actor: UserId,
    /// The id of their request.
    pub request_id: String,
    /// What is to be done: a word for the kind of change.
    pub action: &'static str,
    /// Why, in their words.
    pub reason: Option<String>,
    /// How things were, as far as it is known beforehand.
    pub before: Option<Value>,
    /// How they are to be.
    pub asked: Value,
    /// What came of it, if it is known already.
    pub outcome: Option<Value>,
}

impl NewChange {
    /// A change that somebody asks for.
    pub fn by(organiser: &Organiser, action: &'static str, asked: Value) -> Self {
        Self {
            concert: None,
            seat_map: None,
            reservation: None,
            owner: None,
            actor: organiser.user,
            request_id: organiser.request_id.clone(),
            action,
            reason: None,
            before: None,
            asked,
            outcome: None,
        }
    }

    /// The same about a concert.
    pub fn of_concert(
        organiser: &Organiser,
        concert: ConcertId,
        action: &'static str,
        asked: Value,
    ) -> Self {
        Self { concert: Some(concert), ..Self::by(organiser, action, asked) }
    }
}

/// A change on record.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganiserChange {
    /// Its number; later changes have higher ones.
    pub id: i64,
    /// The seat map it is about, if any.
    pub seat_map: Option<SeatMapId>,
    /// The reservation it is about, if any.
    pub reservation: Option<ReservationId>,
    /// Who asked.
    pub actor: UserId,
    /// The id of their request.
    pub request_id: String,
    /// When, by PostgreSQL's clock.
    pub asked_at: jiff::Timestamp,
    /// What was to be done.
    pub action: String,
    /// Why, in their words.
    pub reason: Option<String>,
    /// How things were, as far as it was known beforehand.
    pub before: Option<Value>,
    /// How they were to be.
    pub asked: Value,
    /// What came of it; none if nobody came to write it down.
    pub outcome: Option<Value>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    seat_map_id: Option<Uuid>,
    reservation_id: Option<Uuid>,
    actor_id: Uuid,
    request_id: String,
    asked_at: Timestamp,
    action: String,
    reason: Option<String>,
    before: Option<Value>,
    asked: Value,
    outcome: Option<Value>,
}

/// Puts a change on record; returns its number.
///
/// # Errors
/// When PostgreSQL does not take it.
pub async fn record(pool: &PgPool, change: &NewChange) -> Result<i64, LedgerError> {
    let mut connection = pool.acquire().await?;
    insert(&mut connection, change).await
}

/// The same within a transaction.
pub(super) async fn insert(
    connection: &mut PgConnection,
    change: &NewChange,
) -> Result<i64, LedgerError> {
    let id = sqlx::query_scalar(include_str!("sql/organiser_changes_insert.sql"))
        .bind(change.concert.map(|id| id.0))
        .bind(change.seat_map.map(|id| id.0))
        .bind(change.reservation.map(|id| id.0))
        .bind(change.owner.map(|id| id.0))
        .bind(change.actor.0)
        .bind(&change.request_id)
        .bind(change.action)
        .bind(&change.reason)
        .bind(&change.before)
        .bind(&change.asked)
        .bind(&change.outcome)
        .fetch_one(connection)
        .await?;
    Ok(id)
}

/// Adds what came of a change. The first word stays.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn settle(pool: &PgPool, id: i64, outcome: &Value) -> Result<(), LedgerError> {
    let query = sqlx::query(include_str!("sql/organiser_changes_settle.sql"));
    query.bind(id).bind(outcome).execute(pool).await?;
    Ok(())
}

/// The changes of a concert before one, or the newest, newest first.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn of_concert(
    pool: &PgPool,
    concert: ConcertId,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<OrganiserChange>, LedgerError> {
    let rows: Vec<Row> = sqlx::query_as(include_str!("sql/organiser_changes_of_concert.sql"))
        .bind(concert.0)
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(OrganiserChange::from).collect())
}

/// The changes of what is no concert before one, or the newest, newest first: of what is somebody's, or
/// of everything.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn of_owner(
    pool: &PgPool,
    owner: Option<UserId>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<OrganiserChange>, LedgerError> {
    let rows: Vec<Row> = sqlx::query_as(include_str!("sql/organiser_changes_of_owner.sql"))
        .bind(owner.map(|owner| owner.0))
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(OrganiserChange::from).collect())
}

impl From<Row> for OrganiserChange {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            seat_map: row.seat_map_id.map(SeatMapId),
            reservation: row.reservation_id.map(ReservationId),
            actor: UserId(row.actor_id),
            request_id: row.request_id,
            asked_at: row.asked_at.to_jiff(),
            action: row.action,
            reason: row.reason,
            before: row.before,
            asked: row.asked,
            outcome: row.outcome,
        }
    }
}
