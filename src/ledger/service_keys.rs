//! How organisers' servers say whose they are.

use jiff_sqlx::Timestamp;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::LedgerError;
use super::changes::{self, NewChange};
use crate::domain::ids::{ServiceKeyId, UserId};
use crate::domain::limits::SERVICE_KEYS_PER_ORGANISER_MAX;
use crate::domain::organiser::Organiser;
use crate::domain::service_key::ServiceKey;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Revoked {
    secret_hash: [u8; 32],
    organiser_id: Uuid,
    name: String,
    is_now: bool,
}

/// Keeps a key by its secret's hash and puts that on record; none if its organiser has
/// [`SERVICE_KEYS_PER_ORGANISER_MAX`].
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn insert(
    pool: &PgPool,
    id: ServiceKeyId,
    organiser: &Organiser,
    name: &str,
    hash: &[u8; 32],
) -> Result<Option<ServiceKey>, LedgerError> {
    let owner = organiser.user;
    let mut transaction = pool.begin().await?;
    // Whoever makes another key at the same time waits here, and then counts this one, too.
    let lock = sqlx::query(include_str!("sql/users_lock.sql"));
    lock.bind(owner.0).execute(&mut *transaction).await?;
    let row = sqlx::query_as::<_, Row>(include_str!("sql/service_keys_insert.sql"))
        .bind(id.0)
        .bind(owner.0)
        .bind(name)
        .bind(hash)
        .bind(i64::from(SERVICE_KEYS_PER_ORGANISER_MAX))
        .fetch_optional(&mut *transaction)
        .await?;
    if row.is_some() {
        let asked = json!({ "service_key": id, "name": name });
        let change = NewChange::by(organiser, "create_service_key", asked);
        let change = NewChange { owner: Some(owner), outcome: Some(json!({})), ..change };
        changes::insert(&mut transaction, &change).await?;
    }
    transaction.commit().await?;
    Ok(row.map(Row::read))
}

/// An organiser's keys that were not revoked, oldest first.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn of_organiser(
    pool: &PgPool,
    organiser: UserId,
) -> Result<Vec<ServiceKey>, LedgerError> {
    let query = sqlx::query_as::<_, Row>(include_str!("sql/service_keys_of_organiser.sql"));
    let rows = query.bind(organiser.0).fetch_all(pool).await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// The hashes of an organiser's keys that were not revoked.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn hashes_of(pool: &PgPool, organiser: UserId) -> Result<Vec<[u8; 32]>, LedgerError> {
    let query = sqlx::query_scalar(include_str!("sql/service_key_hashes_of.sql"));
    Ok(query.bind(organiser.0).fetch_all(pool).await?)
}

/// Whose server a secret's hash stands for, if its key was not revoked and they still organise.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn find(pool: &PgPool, hash: &[u8; 32]) -> Result<Option<UserId>, LedgerError> {
    let query = sqlx::query_scalar(include_str!("sql/service_key_find.sql"));
    Ok(query.bind(hash).fetch_optional(pool).await?.map(UserId))
}

/// Ends a key that an organiser may end, and puts that on record; its secret's hash, if there is one.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn revoke(
    pool: &PgPool,
    id: ServiceKeyId,
    by: &Organiser,
) -> Result<Option<[u8; 32]>, LedgerError> {
    let mut transaction = pool.begin().await?;
    let query = sqlx::query_as::<_, Revoked>(include_str!("sql/service_key_revoke.sql"));
    let query = query.bind(id.0).bind(by.only().map(|owner| owner.0));
    let Some(revoked) = query.fetch_optional(&mut *transaction).await? else {
        return Ok(None);
    };
    if revoked.is_now {
        let change = NewChange {
            owner: Some(UserId(revoked.organiser_id)),
            before: Some(json!({ "name": revoked.name })),
            outcome: Some(json!({})),
            ..NewChange::by(by, "revoke_service_key", json!({ "service_key": id }))
        };
        changes::insert(&mut transaction, &change).await?;
    }
    transaction.commit().await?;
    Ok(Some(revoked.secret_hash))
}

impl Row {
    fn read(self) -> ServiceKey {
        let Self { id, name, created_at } = self;
        ServiceKey { id: ServiceKeyId(id), name, created_at: created_at.to_jiff() }
    }
}
