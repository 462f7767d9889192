//! Listings: what is on, and where.

pub mod import;

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::ids::ConcertId;
use crate::domain::listing::ConcertSummary;
use crate::domain::performance::Performance;
use crate::ledger::LedgerError;

/// A stand-in until the catalogue lands: nothing is on.
#[derive(Clone)]
pub struct Catalogue {}

impl Catalogue {
    /// A concert with its seat map.
    ///
    /// # Errors
    /// None.
    pub async fn performance(
        &self,
        _id: ConcertId,
    ) -> Result<Option<Arc<Performance>>, LedgerError> {
        Ok(None)
    }

    /// A page of concerts.
    ///
    /// # Errors
    /// None.
    pub async fn list(
        &self,
        _after: Option<(Timestamp, ConcertId)>,
        _limit: u32,
    ) -> Result<Vec<ConcertSummary>, LedgerError> {
        Ok(Vec::new())
    }
}
