//! A seat map as a body: megabytes, of which a process takes in only so many at a time.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use crate::domain::limits::SEAT_MAP_BODY_BYTES_MAX;
use crate::http::extract::JsonBytes;
use crate::http::problem::{Kind, Problem};
use crate::http::state::Shared;

/// A seating plan's bytes, and a place among the imports until they are done with.
pub struct PlanBody {
    /// The bytes.
    pub bytes: Bytes,
    /// To be kept for as long as the import lasts.
    pub place: OwnedSemaphorePermit,
}

impl FromRequest<Shared> for PlanBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Problem> {
        // Before the first byte is read, and after whoever sends it was found to be an organiser.
        let place = state.seat_map_imports.clone().try_acquire_owned().map_err(|_| {
            let detail = "other seat maps are being imported: ask again";
            Problem::new(Kind::Overloaded).detail(detail)
        })?;
        let bytes = JsonBytes::<SEAT_MAP_BODY_BYTES_MAX>::from_request(request, state).await?;
        Ok(Self { bytes: bytes.0, place })
    }
}
