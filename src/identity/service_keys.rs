//! Service keys: how an organiser's server says whose it is.

use uuid::Uuid;

use super::lookups::Lookups;
use super::records::{Records, key};
use super::secret::Hash;
use super::{IdentityError, ServiceSecret};
use crate::domain::ids::{ServiceKeyId, UserId};
use crate::domain::organiser::Organiser;
use crate::domain::service_key::ServiceKey;
use crate::ledger::{self, PgPool};

/// How long Redis keeps what PostgreSQL said of a key: merchants' confirmations go on for as long
/// when PostgreSQL is away.
const KEPT_SECONDS: u64 = 24 * 60 * 60;

/// The service keys. Cheap to clone.
#[derive(Clone)]
pub struct ServiceKeys {
    records: Records,
    ledger: PgPool,
    lookups: Lookups,
}

impl ServiceKeys {
    /// Service keys in this PostgreSQL, with copies in the Redis at an address.
    ///
    /// # Errors
    /// When it is not the address of a Redis.
    pub fn open(redis_url: &str, ledger: PgPool) -> Result<Self, IdentityError> {
        Ok(Self { records: Records::open(redis_url)?, ledger, lookups: Lookups::default() })
    }

    /// Makes a key for an organiser's server. This is the only time that its secret can be seen.
    ///
    /// # Errors
    /// When the organiser has as many as one may, or PostgreSQL cannot be reached.
    pub async fn create(
        &self,
        organiser: &Organiser,
        name: &str,
    ) -> Result<(ServiceKey, ServiceSecret), IdentityError> {
        let secret = ServiceSecret::random()?;
        let id = ServiceKeyId::new();
        let made =
            ledger::service_keys::insert(&self.ledger, id, organiser, name, &secret.hash()).await?;
        let made = made.ok_or(IdentityError::TooManyServiceKeys)?;
        Ok((made, secret))
    }

    /// An organiser's keys that were not revoked, oldest first.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn list(&self, organiser: UserId) -> Result<Vec<ServiceKey>, IdentityError> {
        Ok(ledger::service_keys::of_organiser(&self.ledger, organiser).await?)
    }

    /// Ends a key, from now on and everywhere. Ending one that has ended changes nothing.
    ///
    /// # Errors
    /// When it is not the caller's (an admin's are all), or a store cannot be reached.
    pub async fn revoke(&self, id: ServiceKeyId, by: &Organiser) -> Result<(), IdentityError> {
        let hash = ledger::service_keys::revoke(&self.ledger, id, by).await?;
        let hash = hash.ok_or(IdentityError::NoSuchServiceKey)?;
        self.records.forget(&[record(&hash)]).await
    }

    /// Has every instance look at PostgreSQL again, the next time that a key of somebody's is used: they may
    /// no longer be an organiser.
    ///
    /// # Errors
    /// When a store cannot be reached.
    pub async fn look_again(&self, organiser: UserId) -> Result<(), IdentityError> {
        let hashes = ledger::service_keys::hashes_of(&self.ledger, organiser).await?;
        let records: Vec<_> = hashes.iter().map(record).collect();
        self.records.forget(&records).await
    }

    /// Whose server a secret stands for; nobody's if it was revoked or never was.
    ///
    /// # Errors
    /// When a store cannot be reached.
    pub async fn resolve(&self, secret: &ServiceSecret) -> Result<Option<UserId>, IdentityError> {
        let hash = secret.hash();
        let record = record(&hash);
        let kept = self.records.read(&record).await?;
        let kept = kept.and_then(|(value, _)| Uuid::from_slice(&value).ok());
        if let Some(organiser) = kept {
            return Ok(Some(UserId(organiser)));
        }
        let Some(organiser) = self.look_up(&hash).await? else {
            return Ok(None);
        };
        let is_there = async { Ok(self.look_up(&hash).await? == Some(organiser)) };
        let value = organiser.0.as_bytes();
        let is_there = self.records.put_back(&record, value, KEPT_SECONDS, is_there).await?;
        Ok(is_there.then_some(organiser))
    }

    async fn look_up(&self, hash: &Hash) -> Result<Option<UserId>, IdentityError> {
        self.lookups.run(ledger::service_keys::find(&self.ledger, hash)).await
    }
}

fn record(hash: &Hash) -> String {
    key("service-key", hash)
}
