//! How often somebody may sign in, on all instances together.

use std::time::Duration;

use super::IdentityError;
use super::sessions::Sessions;

/// What is left of a limit after a request was taken from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Whether the request was within the limit.
    pub admitted: bool,
    /// Requests that could follow at once.
    pub left: u32,
    /// How long until all could.
    pub reset: Duration,
    /// How long until one could.
    pub retry_after: Duration,
}

impl Sessions {
    /// Takes a sign-in from what somebody may try in a minute.
    ///
    /// # Errors
    /// When Redis cannot be reached.
    pub async fn allow(&self, who: &str, per_minute: u32) -> Result<Allowance, IdentityError> {
        let key = format!("sign-ins:{who}");
        let (admitted, left, reset, retry_after) = self.records.take(&key, per_minute).await?;
        let ms = Duration::from_millis;
        Ok(Allowance {
            admitted: admitted == 1,
            left,
            reset: ms(reset),
            retry_after: ms(retry_after),
        })
    }
}
