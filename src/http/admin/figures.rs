//! `/v1/admin/concerts/{concert}/figures`

use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::response::IntoResponse;
use iso_currency::Currency;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::problems::PageProblems;
use crate::domain::seat::StateCounts;
use crate::http::body::Money;
use crate::http::extract::{By, InConcert};
use crate::http::problem::{Kind, Problem, Result};
use crate::http::respond::Personal;
use crate::http::state::Shared;
use crate::ledger::figures::SoldInTime;
use crate::reservations::organising::{Figures, FiguresBy, PartFigures};

/// How a concert sells.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Figures)]
pub struct FiguresBody<'a> {
    /// The concert.
    concert: Uuid,
    /// The whole house.
    total: PartBody,
    /// Each section, in the order of the seat map.
    sections: Vec<NamedPart<'a>>,
    /// Each category, in the order of the seat map.
    categories: Vec<NamedPart<'a>>,
    /// What is sold, by when it was confirmed; the last 10,000 hours or days with a sale.
    over_time: Vec<PeriodBody>,
    /// Seats that two reservations were granted, and areas that were full: one reservation was cancelled.
    conflicts: i64,
    /// Those of them whose loser is not cancelled yet.
    conflicts_open: i64,
    /// Entries of the log that could not be applied and wait for a person.
    dead_letters: i64,
}

/// How a part of the house sells.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = PartFigures)]
struct PartBody {
    /// How many seats and places it has.
    capacity: u32,
    /// Seats and places by state, now.
    counts: StateCounts,
    /// Seats and places sold, as far as they are persisted: it follows `counts.sold` in a moment.
    tickets: u64,
    /// What those cost.
    revenue: Money,
}

/// The same with a name.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = NamedPartFigures)]
struct NamedPart<'a> {
    /// The section's or category's name.
    name: &'a str,
    #[serde(flatten)]
    figures: PartBody,
}

/// What was sold in an hour or on a day.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = PeriodFigures)]
struct PeriodBody {
    /// When it began.
    begins_at: Timestamp,
    /// How many seats and places, of those that are still sold.
    tickets: i64,
    /// What they cost.
    revenue: Money,
}

/// `?by=hour` or `?by=day`
pub struct Periods(FiguresBy);

#[derive(Deserialize)]
struct Asked {
    by: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Periods {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let asked = Query::<Asked>::from_request_parts(parts, state).await;
        let invalid = |detail: String| {
            let problem = Problem::new(Kind::InvalidRequest).error("parameter", "by", &detail);
            problem.detail(detail)
        };
        let Query(Asked { by }) = asked.map_err(|error| invalid(error.to_string()))?;
        match by.as_deref() {
            None | Some("day") => Ok(Self(FiguresBy::Day)),
            Some("hour") => Ok(Self(FiguresBy::Hour)),
            Some(other) => Err(invalid(format!("by: {other:?} is not hour or day"))),
        }
    }
}

/// How a concert sells
///
/// Seats by state are as they are now; tickets and revenue as far as they are persisted.
#[utoipa::path(get, path = "/v1/admin/concerts/{concert}/figures", tag = "organisers", operation_id = "get_figures",
    security(("session" = [])),
    params(
        InConcert,
        ("by" = Option<String>, Query, description = "Whether `over_time` goes by the `hour` or, if not said, by the `day`, on the venue's clock", pattern = "^(hour|day)$"),
    ),
    responses((status = 200, description = "The figures", body = FiguresBody), PageProblems),
)]
pub async fn get(
    State(state): State<Shared>,
    By(by): By,
    InConcert(concert): InConcert,
    Periods(periods): Periods,
) -> Result<impl IntoResponse> {
    let figures = state.reservations.figures(&by, concert, periods).await?;
    Ok(Personal(FiguresBody::new(&figures)).into_response())
}

impl<'a> FiguresBody<'a> {
    fn new(figures: &'a Figures) -> Self {
        let (concert, map) = (&figures.performance.concert, &figures.performance.map);
        let currency = concert.currency;
        let named = |(name, part): (&'a String, &PartFigures)| NamedPart {
            name,
            figures: PartBody::new(part, currency),
        };
        let sections = map.sections.iter().map(|section| &section.name);
        let categories = map.categories.iter().map(|category| &category.name);
        Self {
            concert: concert.id.0,
            total: PartBody::new(&figures.total, currency),
            sections: sections.zip(&figures.sections).map(named).collect(),
            categories: categories.zip(&figures.categories).map(named).collect(),
            over_time: figures.over_time.iter().map(|one| PeriodBody::new(one, currency)).collect(),
            conflicts: figures.trouble.conflicts,
            conflicts_open: figures.trouble.conflicts_open,
            dead_letters: figures.trouble.dead_letters,
        }
    }
}

impl PartBody {
    fn new(part: &PartFigures, currency: Currency) -> Self {
        let StateCounts { available, held, sold, blocked } = part.counts;
        Self {
            capacity: available + held + sold + blocked,
            counts: part.counts,
            tickets: part.tickets,
            revenue: Money::new(part.revenue_minor, currency),
        }
    }
}

impl PeriodBody {
    fn new(period: &SoldInTime, currency: Currency) -> Self {
        Self {
            begins_at: period.begins_at,
            tickets: period.tickets,
            revenue: Money::new(period.revenue_minor.unsigned_abs(), currency),
        }
    }
}
