//! What keeps organisers from what they ask for, as problems.

use serde_json::{Value, json};

use crate::catalogue::import::{Mistake, Mistakes};
use crate::reservations::organising::OrganisingError;

use super::{Kind, Problem};

impl From<OrganisingError> for Problem {
    fn from(error: OrganisingError) -> Self {
        let detail = error.to_string();
        match error {
            OrganisingError::Reservation(error) => error.into(),
            OrganisingError::ConcertExists => Self::new(Kind::ConcertExists).detail(detail),
            OrganisingError::NoSuchSeatMap => Self::new(Kind::NoSuchSeatMap),
            OrganisingError::NameTaken(_) => Self::new(Kind::SeatMapNameTaken).detail(detail),
            OrganisingError::NoSuchSeat(_) => Self::new(Kind::NoSuchSeat).detail(detail),
            OrganisingError::TooManySeats { most, .. } => Self::new(Kind::TooManySeats)
                .member("limit", most)
                .error("pointer", "#/seats", &detail)
                .detail(detail),
            OrganisingError::Mistakes(mistakes) => invalid(&mistakes),
            OrganisingError::Window { .. } => Self::new(Kind::UnsuitableTime)
                .error("pointer", "#/opens_at", &detail)
                .detail(detail),
        }
    }
}

fn invalid(mistakes: &Mistakes) -> Problem {
    let error = |Mistake { path, what }: &Mistake| json!({ "path": path, "what": what });
    let errors: Vec<Value> = mistakes.named().iter().map(error).collect();
    let detail = mistakes.named().first().map(Mistake::to_string).unwrap_or_default();
    Problem::new(Kind::InvalidImport)
        .member("errors", errors)
        .member("more", mistakes.more())
        .detail(detail)
}
