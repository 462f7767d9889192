//! Sessions: beginning one, and finding whose one is.
//!
//! A guest's first session is in Redis alone (`session:HASH` → the record of `record.rs`, and
//! `guest:USER` → the hash, for whoever has only the user) until it is kept in PostgreSQL, no later
//! than the guest first confirms something. Every other session is in PostgreSQL from the start;
//! what Redis has of it is a copy.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::gathering::Gathering;
use super::lookups::Lookups;
use super::recent::Recent;
use super::record::Record;
use super::records::{Records, key};
use super::secret::Hash;
use super::{IdentityError, SessionToken};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::ledger::sessions::{Begun, KeptSession};
use crate::ledger::{self, PgPool};

/// How long a session lives after it was last prolonged.
pub(super) const LIFETIME: Duration = Duration::from_secs(30 * DAY_SECONDS);
/// What must be left of a session for it not to be prolonged. Prolonging writes to both stores, so
/// that a session that is used all the time is prolonged once a week.
const PROLONG_BELOW_SECONDS: u64 = 23 * DAY_SECONDS;
const DAY_SECONDS: u64 = 24 * 60 * 60;
/// How many sessions a process prolongs at once. A sale brings many back on the same minute; those
/// that find no place are prolonged the next time they are used.
const PROLONGED_AT_ONCE_MAX: usize = 2;

/// The sessions. Cheap to clone.
#[derive(Clone)]
pub struct Sessions {
    pub(super) records: Records,
    pub(super) ledger: PgPool,
    pub(super) lookups: Lookups,
    pub(super) recent: Recent,
    pub(super) gathering: Gathering,
    prolonging: Arc<Semaphore>,
}

/// Somebody's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// When it ends, unless it is used before.
    pub expires_at: Timestamp,
    /// Whether PostgreSQL has it, so that it outlives Redis.
    pub kept: bool,
    /// Its token's hash.
    pub(super) hash: Hash,
}

/// A session that was just made.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The secret that stands for it. This is the only time it can be seen.
    pub token: SessionToken,
    /// The session.
    pub session: Session,
}

impl Sessions {
    /// Sessions in this PostgreSQL and in the Redis at an address, which is connected to when it is
    /// first used.
    ///
    /// # Errors
    /// When it is not the address of a Redis.
    pub fn open(redis_url: &str, ledger: PgPool) -> Result<Self, IdentityError> {
        Ok(Self {
            records: Records::open(redis_url)?,
            ledger,
            lookups: Lookups::default(),
            recent: Recent::default(),
            gathering: Gathering::default(),
            prolonging: Arc::new(Semaphore::new(PROLONGED_AT_ONCE_MAX)),
        })
    }

    /// Begins a session for somebody who has not said who they are.
    ///
    /// # Errors
    /// When Redis cannot be reached.
    pub async fn create_guest(&self) -> Result<NewSession, IdentityError> {
        let (token, user) = (SessionToken::random()?, UserId::new());
        let (hash, expires_at) = (token.hash(), Timestamp::now() + LIFETIME);
        let record = Record { user, role: Role::Buyer, kept: false };
        let guest = [(record_key(&hash), record.pack().to_vec()), (guest_key(user), hash.to_vec())];
        self.records.write(&guest, LIFETIME.as_secs()).await?;
        let session = Session { user, role: Role::Buyer, expires_at, kept: false, hash };
        Ok(NewSession { token, session })
    }

    /// Begins a session of somebody who is known, by way of `begin`. Redis hears of it when it is
    /// first used.
    pub(super) async fn begin<F>(
        &self,
        begin: impl FnOnce(Hash, Timestamp) -> F,
    ) -> Result<NewSession, IdentityError>
    where
        F: Future<Output = Result<Option<Begun>, IdentityError>>,
    {
        let token = SessionToken::random()?;
        let (hash, expires_at) = (token.hash(), Timestamp::now() + LIFETIME);
        let begun = begin(hash, expires_at).await?.ok_or(IdentityError::WrongCredentials)?;
        self.forget(&begun.ended).await?;
        let Begun { user, role, .. } = begun;
        let session = Session { user, role, expires_at, kept: true, hash };
        Ok(NewSession { token, session })
    }

    /// Whose session a token stands for; none if it has ended or never was. No round trip within a
    /// second of the last time, else one to Redis, if Redis has it.
    ///
    /// # Errors
    /// When a store cannot be reached, or too many ask for what Redis does not have.
    pub async fn resolve(&self, token: &SessionToken) -> Result<Option<Session>, IdentityError> {
        let hash = token.hash();
        if let Some(session) = self.recent.find(&hash) {
            return Ok(Some(session));
        }
        // Apart, because what is seldom needed is large, and every claim would carry its room along.
        let session = Box::pin(self.read(hash)).await?;
        if let Some(session) = session {
            self.recent.remember(session);
        }
        Ok(session)
    }

    async fn read(&self, hash: Hash) -> Result<Option<Session>, IdentityError> {
        let kept = self.records.read(&record_key(&hash)).await?;
        let known = kept.and_then(|(bytes, left)| Some((Record::unpack(&bytes)?, left)));
        let Some((Record { user, role, kept }, left)) = known else {
            return self.find(hash).await;
        };
        let expires_at = Timestamp::now() + Duration::from_secs(left);
        let session = Session { user, role, expires_at, kept, hash };
        if left < PROLONG_BELOW_SECONDS {
            self.prolong(session);
        }
        Ok(Some(session))
    }

    /// A session that Redis does not have, because it was lost or was not used yet.
    async fn find(&self, hash: Hash) -> Result<Option<Session>, IdentityError> {
        let Some((KeptSession { user, expires_at, .. }, role)) = self.look_up(&hash).await? else {
            return Ok(None);
        };
        let left = expires_at.duration_since(Timestamp::now());
        let seconds = u64::try_from(left.as_secs()).unwrap_or_default().max(1);
        let record = Record { user, role, kept: true }.pack();
        let is_there = async { Ok(self.look_up(&hash).await?.is_some()) };
        let key = record_key(&hash);
        let is_there = self.records.put_back(&key, &record, seconds, is_there).await?;
        let session = Session { user, role, expires_at, kept: true, hash };
        Ok(is_there.then_some(session))
    }

    async fn look_up(&self, hash: &Hash) -> Result<Option<(KeptSession, Role)>, IdentityError> {
        self.lookups.run(ledger::sessions::find(&self.ledger, hash)).await
    }

    /// Lets a session live on, while its user does not wait for it.
    fn prolong(&self, session: Session) {
        let Ok(turn) = self.prolonging.clone().try_acquire_owned() else {
            return;
        };
        let sessions = self.clone();
        tokio::spawn(async move {
            if let Err(error) = sessions.try_prolong(&session).await {
                tracing::warn!(%error, "a session was not prolonged");
            }
            drop(turn);
        });
    }

    async fn try_prolong(&self, session: &Session) -> Result<(), IdentityError> {
        let mut keys = vec![record_key(&session.hash)];
        if !session.kept {
            keys.push(guest_key(session.user));
        } else if !self.prolong_kept(session).await? {
            // It has ended, and whoever ended it was cut off before Redis heard of it.
            return self.records.forget(&keys).await;
        }
        self.records.prolong(&keys, LIFETIME.as_secs()).await
    }

    async fn prolong_kept(&self, session: &Session) -> Result<bool, IdentityError> {
        let expires_at = Timestamp::now() + LIFETIME;
        Ok(ledger::sessions::prolong(&self.ledger, &session.hash, expires_at).await?)
    }

    /// Makes sure that neither Redis nor this process has a session with one of these hashes.
    pub(super) async fn forget(&self, hashes: &[Hash]) -> Result<(), IdentityError> {
        hashes.iter().for_each(|hash| self.recent.forget(hash));
        let keys: Vec<_> = hashes.iter().map(record_key).collect();
        self.records.forget(&keys).await
    }
}

/// The record of the session whose token has a hash.
pub(super) fn record_key(hash: &Hash) -> String {
    key("session", hash)
}

/// Which session a guest has that is in Redis alone.
pub(super) fn guest_key(user: UserId) -> String {
    format!("guest:{user}")
}
