//! `/v1/admin/concerts/{concert}/holds`: all of a concert's holds at once.

use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use super::problems::HoldsProblems;
use crate::domain::limits::PROLONG_SECONDS_MAX;
use crate::http::extract::{By, InConcert, JsonBody};
use crate::http::problem::{Kind, Problem, Result};
use crate::http::respond::Personal;
use crate::http::state::Shared;

/// For how long every hold is to last at least.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Prolongation {
    /// Seconds from now, 1 to 3,600.
    #[schema(minimum = 1, maximum = 3_600, example = 600)]
    seconds: u32,
}

/// How many holds have a later deadline.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Prolonged {
    /// How many.
    #[schema(example = 1_204)]
    prolonged: u64,
}

/// Give all holds time
///
/// While nobody can pay, nobody should lose their seats for it: every hold lasts so long from now at
/// least. Those that last longer keep their deadline, and those that are over stay over. It does not use
/// up the buyers' own extension. Asking again adds nothing up.
#[utoipa::path(post, path = "/v1/admin/concerts/{concert}/holds/extend", tag = "organisers", operation_id = "extend_all_holds",
    security(("session" = [])), request_body = Prolongation,
    params(InConcert),
    responses((status = 200, description = "They last so long", body = Prolonged), HoldsProblems),
)]
pub async fn extend(
    State(state): State<Shared>,
    By(by): By,
    InConcert(concert): InConcert,
    JsonBody(Prolongation { seconds }): JsonBody<Prolongation>,
) -> Result<impl IntoResponse> {
    if !(1..=PROLONG_SECONDS_MAX).contains(&seconds) {
        let detail = format!("seconds: {seconds} is not between 1 and {PROLONG_SECONDS_MAX}");
        let problem = Problem::new(Kind::InvalidRequest).error("pointer", "#/seconds", &detail);
        return Err(problem.detail(detail));
    }
    let (use_case, time) = (state.reservations.clone(), Duration::from_secs(seconds.into()));
    let work = async move { use_case.prolong_holds(&by, concert, time).await };
    let prolonged = state.to_the_end(work).await?;
    Ok(Personal(Prolonged { prolonged }))
}
