//! A guest's way back to their tickets: a code that opens another session of theirs.
//!
//! It can be used more than once, because an answer can get lost, and with it would be the tickets;
//! instead it is bounded in life and can be withdrawn. Somebody has one at most: another one, an
//! account, and signing out everywhere each end the one before.

use std::time::Duration;

use jiff::Timestamp;

use super::{IdentityError, NewSession, RecoveryCode, Session, Sessions};
use crate::domain::limits::RECOVERY_DAYS;
use crate::ledger;

const LIFETIME: Duration = Duration::from_secs(RECOVERY_DAYS as u64 * 24 * 60 * 60);

impl Sessions {
    /// Makes a guest's way back, and when it ends. This is the only time that it can be seen.
    ///
    /// # Errors
    /// When they have an account, whose password is the way back, or a store cannot be reached.
    pub async fn create_recovery(
        &self,
        session: &Session,
    ) -> Result<(RecoveryCode, Timestamp), IdentityError> {
        // From here on the guest is somebody whom PostgreSQL knows, with all their sessions.
        self.keep_now(session).await?;
        let code = RecoveryCode::random()?;
        let expires_at = Timestamp::now() + LIFETIME;
        let set = ledger::users::set_recovery(&self.ledger, session.user, &code.hash(), expires_at)
            .await?;
        match set {
            true => Ok((code, expires_at)),
            false => Err(IdentityError::HasAccount),
        }
    }

    /// Withdraws somebody's way back, if there is one.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn withdraw_recovery(&self, session: &Session) -> Result<(), IdentityError> {
        Ok(ledger::users::clear_recovery(&self.ledger, session.user).await?)
    }

    /// Begins another session of the guest whose way back this is.
    ///
    /// # Errors
    /// When it is nobody's, or a store cannot be reached.
    pub async fn recover(&self, code: &RecoveryCode) -> Result<NewSession, IdentityError> {
        let code = code.hash();
        self.begin(async |hash, expires_at| {
            let begin = ledger::sessions::begin_by_recovery(&self.ledger, &code, &hash, expires_at);
            self.lookups.run(begin).await
        })
        .await
    }
}
