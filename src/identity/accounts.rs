//! Accounts: an email address and a password.

use jiff::Timestamp;

use super::password::Hasher;
use super::{IdentityError, NewSession, Password, Session, Sessions};
use crate::domain::email::Email;
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::domain::user::User;
use crate::ledger::sessions::KeptSession;
use crate::ledger::users::NewAccount;
use crate::ledger::{self, PgPool};

/// The accounts. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    ledger: PgPool,
    sessions: Sessions,
    hasher: Hasher,
}

/// What somebody who wants an account says.
pub struct Registration {
    /// What they will sign in with.
    pub email: Email,
    /// What only they know.
    pub password: Password,
    /// What they want to be called.
    pub name: Option<String>,
}

impl Accounts {
    /// Accounts in this PostgreSQL, whose owners get these sessions.
    pub fn new(ledger: PgPool, sessions: Sessions) -> Self {
        Self { ledger, sessions, hasher: Hasher::default() }
    }

    /// Makes an account for a guest, who keeps their id, their session and their reservations, or,
    /// without a session, for somebody new.
    ///
    /// # Errors
    /// When the address or the guest has an account, or a store cannot be reached.
    pub async fn register(
        &self,
        guest: Option<&Session>,
        registration: Registration,
    ) -> Result<User, IdentityError> {
        let Registration { email, password, name } = registration;
        // Nobody hashes for whom it would be in vain; whether it is, is decided by the insert.
        if self.by_email(&email).await?.is_some() {
            return Err(IdentityError::EmailTaken);
        }
        let password_hash = self.hasher.hash(password).await?;
        let (id, role) = match guest {
            Some(session) => (session.user, session.role),
            None => (UserId::new(), Role::Buyer),
        };
        if let Some(session) = guest {
            self.sessions.keep_now(session).await?;
        }
        let (name, password_hash) = (name.as_deref(), password_hash.as_str());
        let account = NewAccount { id, role, email: &email, name, password_hash };
        Ok(ledger::users::insert_account(&self.ledger, &account).await?)
    }

    /// Begins a session of whoever has this address and this password. Which of the two is wrong is
    /// not told, nor does it take longer to find out.
    ///
    /// # Errors
    /// When there is no such account, or a store cannot be reached, or too many sign in at once.
    pub async fn sign_in(
        &self,
        email: Option<&Email>,
        password: Option<Password>,
    ) -> Result<NewSession, IdentityError> {
        // What can be nobody's password is refused whoever's it is said to be.
        let password = password.ok_or(IdentityError::WrongCredentials)?;
        let account = match email {
            Some(email) => self.by_email(email).await?,
            None => None,
        };
        let hash = account.as_ref().map(|(_, hash)| hash.as_str());
        let is_right = self.hasher.verify(password, hash).await?;
        let (user, password_hash) =
            account.filter(|_| is_right).ok_or(IdentityError::WrongCredentials)?;
        self.sessions
            .begin(async |hash, expires_at: Timestamp| {
                let session = KeptSession { hash, user: user.id, expires_at };
                Ok(ledger::sessions::begin(&self.ledger, &session, &password_hash).await?)
            })
            .await
    }

    /// Changes a password, and ends every session of its owner but this one.
    ///
    /// # Errors
    /// When the current password is another, there is no account, or a store cannot be reached.
    pub async fn change_password(
        &self,
        session: &Session,
        current: Option<Password>,
        new: Password,
    ) -> Result<(), IdentityError> {
        let from = ledger::users::password_hash(&self.ledger, session.user).await?;
        let from = from.ok_or(IdentityError::NoAccount)?;
        let current = current.ok_or(IdentityError::WrongCredentials)?;
        if !self.hasher.verify(current, Some(&from)).await? {
            return Err(IdentityError::WrongCredentials);
        }
        let to = self.hasher.hash(new).await?;
        let hashes = (from.as_str(), to.as_str());
        let change =
            ledger::users::change_password(&self.ledger, session.user, hashes, &session.hash);
        let ended = change.await?.ok_or(IdentityError::WrongCredentials)?;
        self.sessions.forget(&ended).await
    }

    /// A few at a time: whoever signs in must not use up the connections that sales need.
    async fn by_email(&self, email: &Email) -> Result<Option<(User, String)>, IdentityError> {
        self.sessions.lookups.run(ledger::users::by_email(&self.ledger, email)).await
    }

    /// What is known of somebody; none of a guest who has bought nothing.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn find(&self, user: UserId) -> Result<Option<User>, IdentityError> {
        Ok(ledger::users::find(&self.ledger, user).await?)
    }
}

/// Makes an account with a role, as whoever runs the service may.
///
/// # Errors
/// When the address has an account, or PostgreSQL cannot be reached.
pub async fn register_as(
    ledger: &PgPool,
    role: Role,
    registration: Registration,
) -> Result<User, IdentityError> {
    let Registration { email, password, name } = registration;
    let password_hash = Hasher::default().hash(password).await?;
    let (name, password_hash) = (name.as_deref(), password_hash.as_str());
    let account = NewAccount { id: UserId::new(), role, email: &email, name, password_hash };
    Ok(ledger::users::insert_account(ledger, &account).await?)
}
