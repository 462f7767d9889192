//! Seat maps, as organisers bring and find them.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;

use super::OrganisingError;
use crate::catalogue::import::{self, ImportedMap};
use crate::domain::ids::SeatMapId;
use crate::domain::organiser::Organiser;
use crate::domain::seat_map::SeatMap;
use crate::ledger;
use crate::ledger::changes::NewChange;
use crate::ledger::seat_maps::{Importer, SeatMapSummary};
use crate::reservations::Reservations;

impl Reservations {
    /// Imports a seating plan. It is the organiser's; an administrator's is everybody's.
    ///
    /// # Errors
    /// See [`OrganisingError`]; nothing was imported then.
    pub async fn import_seat_map(
        &self,
        by: &Organiser,
        plan: Bytes,
    ) -> Result<ImportedMap, OrganisingError> {
        let change = NewChange::by(by, "import_seat_map", json!({ "bytes": plan.len() }));
        let importer = Importer { organiser: by.only(), change };
        Ok(import::import_seat_map(&self.ledger, plan, &importer).await?)
    }

    /// The seat maps that they may use, newest first, before one or from the newest on.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn seat_maps_of(
        &self,
        by: &Organiser,
        before: Option<SeatMapId>,
        limit: u32,
    ) -> Result<Vec<SeatMapSummary>, OrganisingError> {
        Ok(ledger::seat_maps::list(&self.ledger, before, by.only(), limit).await?)
    }

    /// A seat map that they may use.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn seat_map_for(
        &self,
        by: &Organiser,
        id: SeatMapId,
    ) -> Result<Arc<SeatMap>, OrganisingError> {
        let owner = ledger::seat_maps::owner(&self.ledger, id).await?;
        let owner = owner.ok_or(OrganisingError::NoSuchSeatMap)?;
        let own = by.only();
        if own.is_some() && owner.is_some() && owner != own {
            return Err(OrganisingError::NoSuchSeatMap);
        }
        let map = self.catalogue.seat_map(id).await?;
        map.ok_or(OrganisingError::NoSuchSeatMap)
    }
}
