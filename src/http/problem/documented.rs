//! Problems in the OpenAPI document: which route answers with which.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use super::Kind;

/// An RFC 9457 problem. Further members depend on the `type`.
#[derive(utoipa::ToSchema)]
#[schema(as = Problem)]
#[allow(dead_code, reason = "it describes what `Problem::render` writes")]
pub struct ProblemBody {
    /// What kind of problem it is: an address that says what it means.
    #[schema(rename = "type", example = "/problems/seats-unavailable")]
    kind: String,
    /// The same for every problem of the type.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What is wrong with this request in particular.
    detail: String,
    /// The id to name when asking for help; the same as in `X-Request-Id`.
    request_id: String,
    /// Which parts of the request are wrong.
    errors: Option<Vec<ProblemError>>,
    /// `invalid-import`: how many mistakes there are beyond those that are named.
    more: Option<u32>,
    /// `seats-unavailable`: the ids of the seats that cannot be had.
    conflicts: Option<Vec<String>>,
    /// `seats-unavailable`: the areas that have too few places left.
    areas: Option<Vec<AreaShort>>,
    /// `none-available`: when holds will have ended that make room for the party, if any do.
    next_deadline: Option<jiff::Timestamp>,
    /// `none-available`: whether the party would fit now if it could be split.
    possible_if_split: Option<bool>,
    /// `not-on-sale`: when the sale begins.
    opens_at: Option<jiff::Timestamp>,
    /// `user-limit`: how many seats you have.
    owned: Option<u32>,
    /// `user-limit`, `too-many-seats`, `too-many-service-keys`: how many there may be.
    limit: Option<u32>,
    /// `amount-mismatch`: what the reservation costs, in minor units.
    total: Option<u64>,
    /// `amount-mismatch`: the currency of the concert's prices.
    currency: Option<String>,
    /// `payment-late`: whether all of it is free, so that the payment could be honoured.
    still_free: Option<bool>,
    /// The state that the reservation is in.
    state: Option<crate::domain::reservation::State>,
}

/// An area that has fewer places left than somebody wants.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it describes what `Problem::from` writes")]
pub struct AreaShort {
    /// Its id.
    area: String,
    /// How many places can be had.
    left: u32,
}

/// One part of a request that is wrong.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it describes what `Problem::error` writes")]
pub struct ProblemError {
    /// Where in the body: a JSON pointer as a URI fragment.
    #[schema(example = "#/seats/1")]
    pointer: Option<String>,
    /// Which part of the address.
    parameter: Option<String>,
    /// Which header.
    header: Option<String>,
    /// `invalid-import`: where in what was sent, as `zones[1].rows[3]`; empty for the whole.
    path: Option<String>,
    /// `invalid-import`: what is wrong there.
    what: Option<String>,
    /// What is wrong with it, where nothing else says so.
    detail: Option<String>,
}

/// What any route can answer.
const ANY: &[Kind] = &[Kind::RateLimited, Kind::Internal, Kind::Overloaded, Kind::Timeout];

/// The problems of `kinds` and [`ANY`], as responses by status.
pub fn responses(kinds: &[&[Kind]]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<String, Vec<Kind>> = BTreeMap::new();
    for &kind in kinds.iter().copied().flatten().chain(ANY) {
        let status = kind.status().as_str().to_owned();
        by_status.entry(status).or_default().push(kind);
    }
    let documented = |(status, kinds): (String, Vec<Kind>)| (status, response(&kinds).into());
    by_status.into_iter().map(documented).collect()
}

fn response(kinds: &[Kind]) -> Response {
    let line = |kind: &Kind| format!("`{}`: {}", kind.slug(), kind.meaning().trim());
    let description = kinds.iter().map(line).collect::<Vec<_>>().join("\n\n");
    let mut content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
    for &kind in kinds {
        let value = json!({
            "type": kind.address(),
            "title": kind.title(),
            "status": kind.status().as_u16(),
            "detail": kind.title(),
            "request_id": "01937e5c-3f4b-7a60-9d2e-6a1b8c4d5e6f",
        });
        let example = ExampleBuilder::new().value(Some(value)).build();
        content = content.examples_from_iter([(kind.slug(), example)]);
    }
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content.build())
        .build()
}

/// Names sets of problems for the `responses(…)` of routes.
macro_rules! problem_sets {
    ($($(#[$doc:meta])+ $name:ident = $($set:expr),+;)+) => {$(
        $(#[$doc])+
        pub(super) struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::Response>,
            > {
                crate::http::problem::responses(&[$($set),+])
            }
        }
    )+};
}

pub(in crate::http) use problem_sets;
