//! Sessions that outlive Redis, by the hashes of their tokens.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::LedgerError;
use super::users::role_of;
use crate::domain::ids::UserId;
use crate::domain::limits::{ROWS_PER_CLEANING_MAX, SESSIONS_PER_USER_MAX};
use crate::domain::role::Role;

/// A session that is to be kept, or was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptSession {
    /// Its token's hash.
    pub hash: [u8; 32],
    /// Whose it is.
    pub user: UserId,
    /// When it ends, unless it is prolonged before.
    pub expires_at: Timestamp,
}

/// What a session that was just begun stands for.
pub struct Begun {
    /// Whose it is.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// The hashes of older sessions that ended for it, because nobody may have any number of them.
    pub ended: Vec<[u8; 32]>,
}

#[derive(sqlx::FromRow)]
struct Row {
    user_id: Uuid,
    role: String,
    expires_at: jiff_sqlx::Timestamp,
}

/// Keeps sessions, and whose they are: guests are not known before. Keeping one again changes
/// nothing, nor does keeping one that has ended.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn keep(pool: &PgPool, sessions: &[KeptSession]) -> Result<(), LedgerError> {
    let mut sessions = sessions.to_vec();
    // Two that keep the same guests' sessions lock them in the same order.
    sessions.sort_unstable_by_key(|session| session.user);
    let users: Vec<_> = sessions.iter().map(|session| session.user.0).collect();
    let hashes: Vec<_> = sessions.iter().map(|session| session.hash.to_vec()).collect();
    let ends: Vec<_> = sessions.iter().map(|session| session.expires_at.to_sqlx()).collect();
    let query = sqlx::query(include_str!("sql/sessions_keep.sql"));
    query.bind(users).bind(hashes).bind(ends).execute(pool).await?;
    Ok(())
}

/// Whose session a token's hash stands for, what they may do and until when; none if it has ended.
///
/// # Errors
/// When PostgreSQL cannot be reached, or the row cannot be read.
pub async fn find(
    pool: &PgPool,
    hash: &[u8; 32],
) -> Result<Option<(KeptSession, Role)>, LedgerError> {
    let query = sqlx::query_as::<_, Row>(include_str!("sql/session_find.sql"));
    let Some(row) = query.bind(hash).fetch_optional(pool).await? else {
        return Ok(None);
    };
    let (user, expires_at) = (UserId(row.user_id), row.expires_at.to_jiff());
    let session = KeptSession { hash: *hash, user, expires_at };
    Ok(Some((session, role_of(&row.role)?)))
}

/// Begins a session of somebody whose password has this hash; none if it was changed meanwhile.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn begin(
    pool: &PgPool,
    session: &KeptSession,
    password_hash: &str,
) -> Result<Option<Begun>, LedgerError> {
    let mut transaction = pool.begin().await?;
    let lock = sqlx::query_as(include_str!("sql/users_lock_by_password.sql"));
    let user = lock.bind(session.user.0).bind(password_hash);
    let user: Option<(Uuid, String)> = user.fetch_optional(&mut *transaction).await?;
    begin_of(transaction, user, &session.hash, session.expires_at).await
}

/// Begins a session of the guest whose way back has this hash; none if there is no such way.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn begin_by_recovery(
    pool: &PgPool,
    recovery_hash: &[u8; 32],
    hash: &[u8; 32],
    expires_at: Timestamp,
) -> Result<Option<Begun>, LedgerError> {
    let mut transaction = pool.begin().await?;
    let lock = sqlx::query_as(include_str!("sql/users_lock_by_recovery.sql"));
    let user: Option<(Uuid, String)> =
        lock.bind(recovery_hash).fetch_optional(&mut *transaction).await?;
    begin_of(transaction, user, hash, expires_at).await
}

/// The user is locked: nobody begins or ends a session of theirs meanwhile.
async fn begin_of(
    mut transaction: Transaction<'_, Postgres>,
    user: Option<(Uuid, String)>,
    hash: &[u8; 32],
    expires_at: Timestamp,
) -> Result<Option<Begun>, LedgerError> {
    let Some((user, role)) = user else {
        return Ok(None);
    };
    let trim = sqlx::query_scalar(include_str!("sql/sessions_trim.sql"));
    let trim = trim.bind(user).bind(i64::from(SESSIONS_PER_USER_MAX) - 1);
    let ended = trim.fetch_all(&mut *transaction).await?;
    let insert = sqlx::query(include_str!("sql/session_insert.sql"));
    let insert = insert.bind(hash).bind(user).bind(expires_at.to_sqlx());
    insert.execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Some(Begun { user: UserId(user), role: role_of(&role)?, ended }))
}

/// Makes a session last until then; `false` if it has ended.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn prolong(
    pool: &PgPool,
    hash: &[u8; 32],
    expires_at: Timestamp,
) -> Result<bool, LedgerError> {
    let query = sqlx::query(include_str!("sql/session_prolong.sql"));
    let prolonged = query.bind(hash).bind(expires_at.to_sqlx()).execute(pool).await?;
    Ok(prolonged.rows_affected() == 1)
}

/// Ends a session, for good: it cannot be kept again. Of one that is not here, nothing is remembered.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn end(pool: &PgPool, hash: &[u8; 32]) -> Result<(), LedgerError> {
    sqlx::query(include_str!("sql/session_end.sql")).bind(hash).execute(pool).await?;
    Ok(())
}

/// The same of a session that there is and that may be on its way here.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn end_unkept(pool: &PgPool, hash: &[u8; 32]) -> Result<(), LedgerError> {
    sqlx::query(include_str!("sql/session_end_unkept.sql")).bind(hash).execute(pool).await?;
    Ok(())
}

/// Ends all sessions of a user, and a guest's way back to them: the hashes of those that ended.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn end_all(pool: &PgPool, user: UserId) -> Result<Vec<[u8; 32]>, LedgerError> {
    let mut transaction = pool.begin().await?;
    // First, because it locks the user: who comes back by it meanwhile is ended below.
    let clear = sqlx::query(include_str!("sql/user_recovery_clear.sql"));
    clear.bind(user.0).execute(&mut *transaction).await?;
    let end = sqlx::query_scalar(include_str!("sql/sessions_end_of_user.sql"));
    let ended = end.bind(user.0).bind(None::<&[u8]>).fetch_all(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(ended)
}

/// Forgets sessions whose time is over, [`ROWS_PER_CLEANING_MAX`] at most; how many.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn clean(pool: &PgPool) -> Result<u64, LedgerError> {
    let query = sqlx::query(include_str!("sql/sessions_clean.sql"));
    let cleaned = query.bind(i64::from(ROWS_PER_CLEANING_MAX)).execute(pool).await?;
    Ok(cleaned.rows_affected())
}
