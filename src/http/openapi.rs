//! The OpenAPI document, made from the code.

use bytes::Bytes;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

use super::problem::{AreaShort, ProblemBody, ProblemError};
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
    components.add_security_scheme("service_key", SecurityScheme::Http(service_key));
}

/// The document as it is served.
pub(super) fn written(document: &OpenApi) -> Bytes {
    // The document is a tree of strings, so that writing it cannot fail.
    Bytes::from(serde_json::to_vec(document).unwrap_or_default())
}
