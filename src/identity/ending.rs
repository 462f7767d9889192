//! Ending sessions.
//!
//! Redis forgets last, after PostgreSQL has ended it: whoever puts a copy into Redis meanwhile asks
//! PostgreSQL again afterwards. Whoever keeps a session in PostgreSQL may be cut off before looking
//! anywhere, and what they sent may arrive late; so PostgreSQL does not delete a session that ends, but
//! remembers for an hour that it has.

use super::record::Record;
use super::sessions::{guest_key, record_key};
use super::{IdentityError, Session, SessionToken, Sessions};
use crate::domain::ids::UserId;
use crate::ledger;

impl Sessions {
    /// Ends a session; ending one that has ended changes nothing.
    ///
    /// # Errors
    /// When a store cannot be reached.
    pub async fn end(&self, token: &SessionToken) -> Result<(), IdentityError> {
        let hash = token.hash();
        let key = record_key(&hash);
        let record = self.records.read(&key).await?;
        match record.and_then(|(bytes, _)| Record::unpack(&bytes)) {
            // PostgreSQL first: should it be away, asking again still finds whose session it is.
            Some(Record { user, kept: false, .. }) => {
                ledger::sessions::end_unkept(&self.ledger, &hash).await?;
                self.records.forget(&[key, guest_key(user)]).await?;
            }
            // PostgreSQL is asked whatever Redis says, and remembers nothing of what it does not have: a
            // token may be made up.
            Some(_) | None => {
                self.records.forget(std::slice::from_ref(&key)).await?;
                ledger::sessions::end(&self.ledger, &hash).await?;
                self.records.forget(&[key]).await?;
            }
        }
        self.recent.forget(&hash);
        Ok(())
    }

    /// Ends all sessions of somebody, this one included, on every instance, and withdraws a guest's
    /// way back.
    ///
    /// # Errors
    /// When a store cannot be reached.
    pub async fn end_all(&self, session: &Session) -> Result<(), IdentityError> {
        let own = [record_key(&session.hash), guest_key(session.user)];
        if !session.kept {
            ledger::sessions::end_unkept(&self.ledger, &session.hash).await?;
        }
        self.records.forget(&own).await?;
        let ended = ledger::sessions::end_all(&self.ledger, session.user).await?;
        self.records.forget(&own).await?;
        self.recent.forget(&session.hash);
        self.forget(&ended).await
    }

    /// Ends all sessions of somebody with an account, for whoever runs the service.
    ///
    /// # Errors
    /// When a store cannot be reached.
    pub async fn end_all_of(&self, user: UserId) -> Result<(), IdentityError> {
        let ended = ledger::sessions::end_all(&self.ledger, user).await?;
        self.forget(&ended).await
    }
}
