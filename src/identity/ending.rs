//! Ending sessions.
//!
//! Redis forgets first and last, and PostgreSQL ends between the two: whoever writes a session to
//! either store meanwhile looks at the other afterwards, and finds that it has ended.

use super::record::Record;
use super::sessions::{guest_key, record_key};
use super::{IdentityError, Session, SessionToken, Sessions};
use crate::ledger;

impl Sessions {
    /// Ends a session; ending one that has ended changes nothing.
    ///
    /// # Errors
    /// When a store cannot be reached.
    pub async fn end(&self, token: &SessionToken) -> Result<(), IdentityError> {
        let hash = token.hash();
        let key = record_key(&hash);
        let record = self.records.take(&key).await?.and_then(|bytes| Record::unpack(&bytes));
        // Also of a session that is not known to be kept: keeping it may have been cut off half-way.
        ledger::sessions::end(&self.ledger, &hash).await?;
        self.recent.forget(&hash);
        let guest = record.filter(|record| !record.kept).map(|record| guest_key(record.user));
        self.records.forget(&[key]).await?;
        match guest {
            Some(guest) => self.records.forget(&[guest]).await,
            None => Ok(()),
        }
    }

    /// Ends all sessions of somebody, this one included, on every instance, and withdraws a guest's
    /// way back.
    ///
    /// # Errors
    /// When a store cannot be reached.
    pub async fn end_all(&self, session: &Session) -> Result<(), IdentityError> {
        let own = [record_key(&session.hash), guest_key(session.user)];
        self.records.forget(&own).await?;
        let ended = ledger::sessions::end_all(&self.ledger, session.user).await?;
        self.records.forget(&own).await?;
        self.recent.forget(&session.hash);
        self.forget(&ended).await
    }
}
