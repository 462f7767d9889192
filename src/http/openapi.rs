//! The OpenAPI document, made from the code.

use std::collections::btree_map::Entry;

use bytes::Bytes;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{OpenApi, RefOr, Response};
use utoipa_axum::router::OpenApiRouter;

use super::problem::{self, AreaShort, Kind, ProblemBody, ProblemError};
use super::state::Shared;

/// What is true of the whole API.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Frontrow",
        description = "Seat reservation for the minute a concert goes on sale: hold seats of a seat map, \
                       all or none, then confirm them. Every error is an RFC 9457 problem whose `type` \
                       leads to what it means.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "concerts", description = "What is on, where, and which seats are free"),
        (name = "users", description = "Accounts, and what is yours"),
        (name = "sessions", description = "Who is asking"),
        (name = "reservations", description = "From hold to ticket"),
        (name = "organisers", description = "What organisers and their servers do"),
        (name = "health", description = "For whoever runs the service"),
        (name = "documentation", description = "What answers mean"),
    ),
    components(schemas(ProblemBody, ProblemError, AreaShort)),
)]
struct Base;

/// The document of every route, without a service behind it.
pub fn openapi() -> OpenApi {
    let mut document = super::router::documented().into_openapi();
    finish(&mut document);
    document
}

/// Puts routes under the document's head.
pub(super) fn document(routes: OpenApiRouter<Shared>) -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(<Base as utoipa::OpenApi>::openapi()).merge(routes)
}

/// Adds what attributes cannot say.
pub(super) fn finish(document: &mut OpenApi) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The `token` of a session"))
        .build();
    let service_key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The `secret` of an organiser's service key"))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("session", SecurityScheme::Http(bearer));
    let cookie = ApiKeyValue::with_description(
        "__Host-frontrow",
        "The session of the site's own pages, which `POST /v1/sessions` gives to those who ask for a \
         cookie; called `frontrow` over plain http. Whatever changes something needs the site's `Origin`.",
    );
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    components.add_security_scheme("service_key", SecurityScheme::Http(service_key));
    for item in document.paths.paths.values_mut() {
        if let Some(reading) = &mut item.get {
            let_cookies_in(reading);
        }
        let changing = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in changing.into_iter().flatten() {
            if let_cookies_in(operation) {
                let refusals = problem::responses(&[&[Kind::ForeignOrigin]]);
                refusals.into_iter().for_each(|(status, refusal)| add(operation, status, refusal));
            }
        }
    }
}

/// Where a session may be shown as a Bearer token, it may be in a cookie, too; whether it is so here.
fn let_cookies_in(operation: &mut Operation) -> bool {
    let named = |name: &str| SecurityRequirement::new(name, [""; 0]);
    let ways = operation.security.get_or_insert_default();
    let is_so = ways.contains(&named("session"));
    if is_so {
        ways.push(named("cookie"));
    } else if ways.is_empty() {
        operation.security = None;
    }
    is_so
}

/// Adds a response, to those of its status that are there.
fn add(operation: &mut Operation, status: String, further: RefOr<Response>) {
    let known = match operation.responses.responses.entry(status) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(place) => {
            place.insert(further);
            return;
        }
    };
    let (RefOr::T(known), RefOr::T(further)) = (known, further) else {
        return;
    };
    if known.description.contains(&further.description) {
        return;
    }
    known.description = format!("{}\n\n{}", known.description, further.description);
    for (kind, content) in further.content {
        if let (Some(RefOr::T(known)), RefOr::T(content)) = (known.content.get_mut(&kind), content)
        {
            known.examples.extend(content.examples);
        }
    }
}

/// The document as it is served.
pub(super) fn written(document: &OpenApi) -> Bytes {
    // The document is a tree of strings, so that writing it cannot fail.
    Bytes::from(serde_json::to_vec(document).unwrap_or_default())
}
