//! Keeping guests' sessions in PostgreSQL, so that what they bought outlives Redis.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;

use super::record::Record;
use super::sessions::{LIFETIME, guest_key, record_key};
use super::{IdentityError, Session, Sessions};
use crate::domain::ids::UserId;
use crate::domain::limits::ROWS_PER_CLEANING_MAX;
use crate::domain::role::Role;
use crate::ledger;
use crate::ledger::sessions::KeptSession;

/// How long a confirmation waits for PostgreSQL to keep its session. Later, it is owed.
const PATIENCE: Duration = Duration::from_secs(1);
/// The guests whose sessions PostgreSQL should have and could not be told of.
const OWED: &str = "guests-owed";

impl Sessions {
    /// Makes sure, before somebody is told that something was confirmed, that their session outlives
    /// Redis. Of one that does, this asks nothing. When PostgreSQL is away or slow, Redis notes that it is
    /// owed the session, and that is enough: what was confirmed is not in PostgreSQL yet either, and
    /// [`pay`](Self::pay) follows as the writer does.
    ///
    /// # Errors
    /// When neither store can be told.
    pub async fn keep(&self, session: &Session) -> Result<(), IdentityError> {
        let Session { hash, user, expires_at, kept, .. } = *session;
        match kept {
            true => Ok(()),
            false => self.keep_or_owe(KeptSession { hash, user, expires_at }).await,
        }
    }

    /// The same, for whoever confirms in a guest's stead and does not have their session.
    ///
    /// # Errors
    /// When neither store can be told.
    pub async fn keep_guest(&self, user: UserId) -> Result<(), IdentityError> {
        for session in self.sessions_of(&[user]).await? {
            self.keep_or_owe(session).await?;
        }
        Ok(())
    }

    async fn keep_or_owe(&self, session: KeptSession) -> Result<(), IdentityError> {
        let user = session.user;
        match timeout(PATIENCE, self.keep_with_others(session)).await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => self.records.add(OWED, user.0.as_bytes()).await,
        }
    }

    /// The sessions of guests that are in Redis alone. Somebody else has none.
    async fn sessions_of(&self, users: &[UserId]) -> Result<Vec<KeptSession>, IdentityError> {
        let mut sessions = Vec::with_capacity(users.len());
        for &user in users {
            let Some((hash, left)) = self.records.read(&guest_key(user)).await? else {
                continue;
            };
            if let Ok(hash) = hash.try_into() {
                let expires_at = Timestamp::now() + Duration::from_secs(left).min(LIFETIME);
                sessions.push(KeptSession { hash, user, expires_at });
            }
        }
        Ok(sessions)
    }

    /// Keeps a session, or says why not: for what is in vain if PostgreSQL does not have it.
    pub(super) async fn keep_now(&self, session: &Session) -> Result<(), IdentityError> {
        let Session { hash, user, expires_at, kept, .. } = *session;
        match kept {
            true => Ok(()),
            false => self.keep_all(&[KeptSession { hash, user, expires_at }]).await,
        }
    }

    /// Keeps sessions, or says why not.
    pub(super) async fn keep_all(&self, sessions: &[KeptSession]) -> Result<(), IdentityError> {
        if sessions.is_empty() {
            return Ok(());
        }
        self.lookups.run(ledger::sessions::keep(&self.ledger, sessions)).await?;
        self.mark_kept(sessions).await?;
        for session in sessions {
            self.recent.forget(&session.hash);
        }
        Ok(())
    }

    /// Notes in Redis that PostgreSQL has these sessions; and ends there, too, those that Redis has lost
    /// while they were written. One that somebody ended meanwhile was not written: `ending.rs` says why.
    async fn mark_kept(&self, sessions: &[KeptSession]) -> Result<(), IdentityError> {
        let record = |user| Record { user, role: Role::Buyer, kept: true }.pack().to_vec();
        let records = sessions.iter().map(|it| (record_key(&it.hash), record(it.user)));
        let records: Vec<_> = records.collect();
        let replaced = self.records.replace(&records).await?;
        let (kept, lost): (Vec<_>, Vec<_>) = sessions.iter().zip(replaced).partition(|it| it.1);
        let guests: Vec<_> = kept.iter().map(|(session, _)| guest_key(session.user)).collect();
        self.records.forget(&guests).await?;
        for (session, _) in lost {
            ledger::sessions::end(&self.ledger, &session.hash).await?;
        }
        Ok(())
    }

    /// Tells PostgreSQL of the sessions that it is owed, and has it forget those whose time is over;
    /// a bounded number of each. Safe to run on several instances at once.
    ///
    /// # Errors
    /// When a store cannot be reached.
    pub async fn pay(&self) -> Result<(), IdentityError> {
        let owed = self.records.some_of(OWED, ROWS_PER_CLEANING_MAX).await?;
        let users = owed.iter().filter_map(|bytes| uuid::Uuid::from_slice(bytes).ok());
        let users: Vec<_> = users.map(UserId).collect();
        let sessions = self.sessions_of(&users).await?;
        self.keep_all(&sessions).await?;
        self.records.remove(OWED, &owed).await?;
        ledger::sessions::clean(&self.ledger).await?;
        Ok(())
    }
}
