//! `/v1/admin/concerts/{concert}/sale`: the organiser's hand on a sale.

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use super::concerts::{OrganisedBody, changed};
use super::problems::SaleProblems;
use crate::catalogue::import::concert_file::moment;
use crate::domain::concert::SaleSwitch;
use crate::http::extract::{By, InConcert, JsonBody};
use crate::http::problem::{Kind, Problem, Result};
use crate::http::state::Shared;
use crate::reservations::organising::SaleChange;

/// What of a sale is to be other than it is. What is left out stays.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SalePatch {
    /// `paused` halts the sale and `open` resumes it; `closed` ends it. Holds stay in any case.
    #[schema(example = "paused")]
    switch: Option<SaleSwitch>,
    /// When seats can be claimed: RFC 3339, or local with its zone in brackets.
    #[schema(example = "2026-11-02T10:00:00+01:00")]
    opens_at: Option<String>,
    /// The first moment when they no longer can.
    #[schema(example = "2028-11-18T20:00[Europe/Paris]")]
    closes_at: Option<String>,
}

/// Pause, resume, close or move a sale
///
/// Once the answer is 200, no claim by the old terms is granted any more, on any instance. 202 says that
/// the change is kept, and will be in force as soon as the stores allow.
#[utoipa::path(patch, path = "/v1/admin/concerts/{concert}/sale", tag = "organisers", operation_id = "change_sale",
    security(("session" = [])), request_body = SalePatch,
    params(InConcert),
    responses(
        (status = 200, description = "The sale is so", body = OrganisedBody),
        (status = 202, description = "It will be so as soon as the stores allow", body = OrganisedBody),
        SaleProblems,
    ),
)]
pub async fn change(
    State(state): State<Shared>,
    By(by): By,
    InConcert(concert): InConcert,
    JsonBody(patch): JsonBody<SalePatch>,
) -> Result<Response> {
    let change = SaleChange {
        switch: patch.switch,
        opens_at: time("#/opens_at", patch.opens_at)?,
        closes_at: time("#/closes_at", patch.closes_at)?,
    };
    let use_case = state.reservations.clone();
    let work = async move { use_case.change_sale(&by, concert, change).await };
    let written = state.to_the_end(work).await?;
    state.was_changed(concert).await;
    Ok(changed(&written))
}

fn time(pointer: &str, text: Option<String>) -> Result<Option<Timestamp>> {
    let moment = text.map(|text| moment(&text)).transpose();
    moment.map_err(|what| {
        Problem::new(Kind::UnsuitableTime).error("pointer", pointer, &what).detail(what)
    })
}
