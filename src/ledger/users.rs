//! People, and the accounts that some of them have.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::LedgerError;
use super::changes::{self, NewChange};
use crate::domain::email::Email;
use crate::domain::ids::UserId;
use crate::domain::organiser::Organiser;
use crate::domain::role::Role;
use crate::domain::user::User;

/// The constraint that keeps two accounts from having one address.
const ONE_ACCOUNT_AN_EMAIL: &str = "users_email_key";

/// Why somebody cannot have the account that they ask for.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Somebody has an account with this address.
    #[error("an account has this email address")]
    EmailTaken,
    /// They have an account.
    #[error("this user has an account")]
    HasAccount,
    /// PostgreSQL cannot say.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// An account to be made.
pub struct NewAccount<'a> {
    /// Whose it will be: somebody new, or a guest.
    pub id: UserId,
    /// What they may do.
    pub role: Role,
    /// What they sign in with.
    pub email: &'a Email,
    /// What they want to be called.
    pub name: Option<&'a str>,
    /// Their password's hash, as a text.
    pub password_hash: &'a str,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    role: String,
    email: Option<String>,
    name: Option<String>,
    created_at: jiff_sqlx::Timestamp,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    #[sqlx(flatten)]
    user: Row,
    password_hash: String,
}

/// Makes an account of somebody new, or of a guest, who keeps their id and with it what they bought.
///
/// # Errors
/// See [`AccountError`].
pub async fn insert_account(pool: &PgPool, new: &NewAccount<'_>) -> Result<User, AccountError> {
    let row = sqlx::query_as::<_, Row>(include_str!("sql/users_account.sql"))
        .bind(new.id.0)
        .bind(new.role.name())
        .bind(new.email.as_str())
        .bind(new.name)
        .bind(new.password_hash)
        .fetch_optional(pool)
        .await;
    match row {
        Ok(Some(row)) => Ok(row.read()?),
        Ok(None) => Err(AccountError::HasAccount),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some(ONE_ACCOUNT_AN_EMAIL) => {
            Err(AccountError::EmailTaken)
        }
        Err(error) => Err(LedgerError::from(error).into()),
    }
}

/// Somebody, if PostgreSQL knows them: guests are known from their first purchase on.
///
/// # Errors
/// When PostgreSQL cannot be reached, or the row cannot be read.
pub async fn find(pool: &PgPool, id: UserId) -> Result<Option<User>, LedgerError> {
    let query = sqlx::query_as::<_, Row>(include_str!("sql/user_find.sql"));
    query.bind(id.0).fetch_optional(pool).await?.map(Row::read).transpose()
}

/// The account with an address, and its password's hash.
///
/// # Errors
/// When PostgreSQL cannot be reached, or the row cannot be read.
pub async fn by_email(pool: &PgPool, email: &Email) -> Result<Option<(User, String)>, LedgerError> {
    let query = sqlx::query_as::<_, AccountRow>(include_str!("sql/user_by_email.sql"));
    let row = query.bind(email.as_str()).fetch_optional(pool).await?;
    row.map(|row| Ok((row.user.read()?, row.password_hash))).transpose()
}

/// The hash of a user's password, if they have an account.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn password_hash(pool: &PgPool, id: UserId) -> Result<Option<String>, LedgerError> {
    let query = sqlx::query_scalar(include_str!("sql/user_password.sql"));
    let hash: Option<Option<String>> = query.bind(id.0).fetch_optional(pool).await?;
    Ok(hash.flatten())
}

/// Another password instead of the one with the hash `from`, and the end of all the user's sessions
/// but one: the hashes of those that ended, or none if the password is no longer that one.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn change_password(
    pool: &PgPool,
    id: UserId,
    (from, to): (&str, &str),
    but_session: &[u8; 32],
) -> Result<Option<Vec<[u8; 32]>>, LedgerError> {
    let mut transaction = pool.begin().await?;
    // First, because it locks the user: whoever signs in with the old password meanwhile has either
    // begun a session by now, which ends below, or finds that the password is another.
    let update = sqlx::query(include_str!("sql/user_password_change.sql"));
    let update = update.bind(id.0).bind(from).bind(to).execute(&mut *transaction).await?;
    if update.rows_affected() == 0 {
        return Ok(None);
    }
    let end = sqlx::query_scalar(include_str!("sql/sessions_end_of_user.sql"));
    let ended = end.bind(id.0).bind(Some(but_session)).fetch_all(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Some(ended))
}

/// Who had another role than now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleChange {
    /// Whose it is.
    pub user: UserId,
    /// What they could do before.
    pub from: Role,
}

/// Gives the account with an address another role, and puts that on record; none if there is no such
/// account. Sessions go by what they were begun with: end them afterwards.
///
/// # Errors
/// When PostgreSQL cannot be reached, or the row cannot be read.
pub async fn change_role(
    pool: &PgPool,
    email: &Email,
    to: Role,
) -> Result<Option<RoleChange>, LedgerError> {
    let mut transaction = pool.begin().await?;
    let query = sqlx::query_as(include_str!("sql/user_role_change.sql"));
    let query = query.bind(email.as_str()).bind(to.name());
    let row: Option<(Uuid, String)> = query.fetch_optional(&mut *transaction).await?;
    let Some((user, from)) = row else { return Ok(None) };
    let (user, from) = (UserId(user), role_of(&from)?);
    // Whoever runs the service has no account that it would be done by.
    let by = Organiser {
        user: UserId(Uuid::nil()),
        role: Role::Admin,
        request_id: "frontrow user role".to_owned(),
    };
    let change = NewChange {
        owner: Some(user),
        before: Some(json!({ "role": from.name() })),
        outcome: Some(json!({})),
        ..NewChange::by(&by, "change_role", json!({ "user": user, "role": to.name() }))
    };
    changes::insert(&mut transaction, &change).await?;
    transaction.commit().await?;
    Ok(Some(RoleChange { user, from }))
}

/// A guest's way back, by its hash, instead of the one before: `false` for somebody with an account.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn set_recovery(
    pool: &PgPool,
    id: UserId,
    hash: &[u8; 32],
    expires_at: Timestamp,
) -> Result<bool, LedgerError> {
    let query = sqlx::query(include_str!("sql/user_recovery_set.sql"));
    let set = query.bind(id.0).bind(hash).bind(expires_at.to_sqlx()).execute(pool).await?;
    Ok(set.rows_affected() == 1)
}

/// No way back any more.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn clear_recovery(pool: &PgPool, id: UserId) -> Result<(), LedgerError> {
    let query = sqlx::query(include_str!("sql/user_recovery_clear.sql"));
    query.bind(id.0).execute(pool).await?;
    Ok(())
}

/// The role that the `role` column names.
pub(super) fn role_of(name: &str) -> Result<Role, LedgerError> {
    let reason = format!("a role {name:?}");
    Role::from_name(name).ok_or(LedgerError::Unreadable { table: "users", reason })
}

impl Row {
    fn read(self) -> Result<User, LedgerError> {
        let unreadable = |error: crate::domain::email::EmailError| LedgerError::Unreadable {
            table: "users",
            reason: format!("email of {}: {error}", self.id),
        };
        let email = self.email.as_deref().map(Email::parse).transpose();
        Ok(User {
            id: UserId(self.id),
            role: role_of(&self.role)?,
            email: email.map_err(unreadable)?,
            name: self.name,
            created_at: self.created_at.to_jiff(),
        })
    }
}
