//! Reading what the service answers.

use std::borrow::Cow;

use hyper::StatusCode;
use hyper::header::{HeaderMap, RETRY_AFTER};
use hyper::http::response::Parts;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::answer::{Answer, Doubt, Reason};
use super::on_sale::OnSale;
use crate::domain::ids::ReservationId;
use crate::domain::reservation::State;
use crate::http::Kind;

/// What problems' types begin with.
const PROBLEMS: &str = "/problems/";

/// A reservation, as an answer told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its id.
    pub id: ReservationId,
    /// Where it is in its life.
    pub state: State,
    /// Its seats' numbers.
    pub seats: Vec<u32>,
    /// What it costs, in minor units.
    pub total_minor: u64,
    /// What was left of the hold when the answer was made; negative when it was over.
    pub left: SignedDuration,
    /// Whether PostgreSQL is known to have it; in answers to confirming.
    pub persisted: bool,
}

#[derive(Deserialize)]
struct Body<'a> {
    id: ReservationId,
    state: State,
    #[serde(borrow)]
    seats: Vec<Seat<'a>>,
    total: Money,
    deadline: Timestamp,
    now: Timestamp,
    #[serde(default)]
    persisted: bool,
}

#[derive(Deserialize)]
struct Seat<'a> {
    #[serde(borrow)]
    seat: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Money {
    amount: u64,
}

#[derive(Deserialize)]
struct Problem<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(default)]
    conflicts: Vec<String>,
}

/// The reservation that an answer tells of.
pub(super) fn reservation(parts: &Parts, body: &[u8], on_sale: &OnSale) -> Answer<Seen> {
    told(parts, body, |body| {
        let body: Body<'_> = serde_json::from_slice(body).ok()?;
        let seats = body.seats.iter().map(|seat| on_sale.number(&seat.seat));
        Some(Seen {
            id: body.id,
            state: body.state,
            seats: seats.collect::<Option<_>>()?,
            total_minor: body.total.amount,
            left: body.deadline.duration_since(body.now),
            persisted: body.persisted,
        })
    })
}

/// What an answer tells, of which `read` reads what is not a problem.
pub(super) fn told<T>(
    parts: &Parts,
    body: &[u8],
    read: impl FnOnce(&[u8]) -> Option<T>,
) -> Answer<T> {
    if parts.status.is_success() {
        return read(body).map_or(Answer::Unknown(Doubt::Unreadable), Answer::Yes);
    }
    problem(parts.status, &parts.headers, body).unwrap_or(Answer::Unknown(Doubt::Unreadable))
}

fn problem<T>(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<Answer<T>> {
    let problem: Problem<'_> = serde_json::from_slice(body).ok()?;
    let kind = Kind::from_slug(problem.r#type.strip_prefix(PROBLEMS)?)?;
    if kind.status() != status {
        return None;
    }
    let retry_after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Some(match kind {
        Kind::Unavailable | Kind::Timeout | Kind::Internal => {
            Answer::Unknown(Doubt::Told { kind, retry_after })
        }
        kind => {
            let conflicts = problem.conflicts;
            Answer::No(Reason { kind: Some(kind), conflicts, retry_after })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(status: u16) -> Parts {
        let response = hyper::Response::builder().status(status).header("retry-after", "1");
        response.body(()).unwrap().into_parts().0
    }

    fn read(status: u16, body: &str) -> Answer<()> {
        told(&parts(status), body.as_bytes(), |body| (body == b"ok").then_some(()))
    }

    #[test]
    fn no_is_what_says_that_nothing_was_done_and_all_else_is_doubt() {
        assert_eq!(read(201, "ok"), Answer::Yes(()));
        assert_eq!(read(201, "o"), Answer::Unknown(Doubt::Unreadable));
        let taken = r#"{"type":"/problems/seats-unavailable","conflicts":["A-1"]}"#;
        let conflicts = vec!["A-1".to_owned()];
        let (kind, retry_after) = (Some(Kind::SeatsUnavailable), Some(1));
        assert_eq!(read(409, taken), Answer::No(Reason { kind, conflicts, retry_after }));
        assert_eq!(read(503, taken), Answer::Unknown(Doubt::Unreadable), "of another status");
        let away = r#"{"type":"/problems/unavailable"}"#;
        let kind = Kind::Unavailable;
        assert_eq!(read(503, away), Answer::Unknown(Doubt::Told { kind, retry_after }));
        let overloaded = r#"{"type":"/problems/overloaded"}"#;
        assert!(matches!(read(503, overloaded), Answer::No(reason) if !reason.is_final()));
        assert_eq!(read(502, "<html>"), Answer::Unknown(Doubt::Unreadable), "of a proxy");
    }

    #[test]
    fn a_reservation_is_read_with_what_is_left_of_it() {
        let on_sale = OnSale::new(Default::default(), vec!["A-1".into(), "A-2".into()]);
        let id = ReservationId::new();
        let body = format!(
            r#"{{"id":"{id}","state":"held","seats":[{{"seat":"A-2","row":"A"}}],"version":1,
            "total":{{"amount":4500,"currency":"EUR"}},"deadline":"2026-11-24T12:00:05Z",
            "now":"2026-11-24T12:00:03.5Z"}}"#
        );
        let seen = Seen {
            id,
            state: State::Held,
            seats: vec![1],
            total_minor: 4_500,
            left: SignedDuration::from_millis(1_500),
            persisted: false,
        };
        assert_eq!(reservation(&parts(200), body.as_bytes(), &on_sale), Answer::Yes(seen));
    }
}
