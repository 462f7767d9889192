//! Sessions in Redis: `session:<hash of the token>` → the record of `record.rs`.

use std::time::Duration;

use jiff::Timestamp;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use super::record::Record;
use super::{IdentityError, SessionToken, records};
use crate::domain::ids::UserId;
use crate::domain::role::Role;

/// How long a session lives after it was last prolonged.
const LIFETIME: Duration = Duration::from_secs(30 * DAY_SECONDS);
/// What must be left of a session for it not to be prolonged. Prolonging is a write, which waits
/// for Redis's disk, so that a session that is used all the time is prolonged once a day.
const PROLONG_BELOW_SECONDS: u64 = 29 * DAY_SECONDS;
const DAY_SECONDS: u64 = 24 * 60 * 60;

/// The sessions. Cheap to clone.
#[derive(Clone)]
pub struct Sessions {
    redis: ConnectionManager,
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
    /// Sessions in the Redis that a connection leads to.
    pub fn new(redis: ConnectionManager) -> Self {
        Self { redis }
    }

    /// Sessions in the Redis at an address, which is connected to when it is first used.
    ///
    /// # Errors
    /// When it is not the address of a Redis.
    pub fn open(url: &str) -> Result<Self, IdentityError> {
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(Duration::from_millis(900)))
            .set_connection_timeout(Some(Duration::from_millis(500)))
            .set_number_of_retries(1);
        let client = redis::Client::open(url)?;
        let redis = ConnectionManager::new_lazy_with_config(client, config)?;
        Ok(Self::new(redis))
    }

    /// Begins a session for somebody who has not said who they are.
    ///
    /// # Errors
    /// When Redis cannot be reached.
    pub async fn create_guest(&self) -> Result<NewSession, IdentityError> {
        self.create(UserId::new(), Role::Buyer).await
    }

    /// Begins a session of somebody who is known.
    ///
    /// # Errors
    /// When Redis cannot be reached.
    pub async fn create(&self, user: UserId, role: Role) -> Result<NewSession, IdentityError> {
        let token = SessionToken::random()?;
        let mut set = redis::cmd("SET");
        set.arg(key(&token)).arg(&Record { user, role }.pack()[..]);
        set.arg("EX").arg(LIFETIME.as_secs());
        set.query_async::<()>(&mut self.redis.clone()).await?;
        let expires_at = Timestamp::now() + LIFETIME;
        let session = Session { user, role, expires_at };
        Ok(NewSession { token, session })
    }

    /// Whose session a token stands for; none if it has ended or never was.
    ///
    /// # Errors
    /// When Redis cannot be reached.
    pub async fn resolve(&self, token: &SessionToken) -> Result<Option<Session>, IdentityError> {
        let (key, mut redis) = (key(token), self.redis.clone());
        let mut read = redis::pipe();
        read.cmd("GET").arg(&key).cmd("TTL").arg(&key);
        let (value, left): (Option<Vec<u8>>, i64) = read.query_async(&mut redis).await?;
        let Some(Record { user, role }) = value.and_then(|bytes| Record::unpack(&bytes)) else {
            return Ok(None);
        };
        let mut left = u64::try_from(left).unwrap_or_default();
        if left < PROLONG_BELOW_SECONDS {
            let mut prolong = redis::cmd("EXPIRE");
            prolong.arg(&key).arg(LIFETIME.as_secs());
            prolong.query_async::<()>(&mut redis).await?;
            left = LIFETIME.as_secs();
        }
        let expires_at = Timestamp::now() + Duration::from_secs(left);
        Ok(Some(Session { user, role, expires_at }))
    }

    /// Ends a session; ending one that has ended changes nothing.
    ///
    /// # Errors
    /// When Redis cannot be reached.
    pub async fn end(&self, token: &SessionToken) -> Result<(), IdentityError> {
        let mut delete = redis::cmd("DEL");
        delete.arg(key(token));
        Ok(delete.query_async(&mut self.redis.clone()).await?)
    }
}

fn key(token: &SessionToken) -> String {
    records::key("session", &token.hash())
}
