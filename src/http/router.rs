//! Which address leads where.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::{self, Kind, Problem};
use super::reservations::{payment, verbs};
use super::state::{HttpState, Shared};
use super::{
    admin, concerts, docs, health, layers, limits, openapi, reservations, service_keys, sessions,
    site, users,
};
use crate::domain::limits::{REQUEST_SECONDS_MAX, SEAT_MAP_SECONDS_MAX};

/// The site's and API's routes with everything around them, and their OpenAPI document.
pub fn router(state: HttpState) -> (Router, utoipa::openapi::OpenApi) {
    let state = Arc::new(state);
    let routes = layers::guard(api(), REQUEST_SECONDS_MAX);
    let imports = layers::guard(admin::imports(), SEAT_MAP_SECONDS_MAX);
    // Before anything is done for a request, it is asked whether there is room for it.
    let limits = middleware::from_fn_with_state(Arc::clone(&state), limits::enforce);
    let routes = routes.merge(imports).layer(limits).merge(without_stores());
    let (router, mut document) = openapi::document(routes).split_for_parts();
    openapi::finish(&mut document);
    let written = openapi::written(&document);
    let serve = async move || ([(header::CONTENT_TYPE, "application/json")], written);
    let router = router
        .route("/openapi.json", get(serve))
        .route("/docs", get(docs::enter))
        .route("/docs/", get(docs::index))
        .route("/docs/{*path}", get(docs::part))
        .merge(site::routes())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(layers::envelope))
        .with_state(state);
    (router, document)
}

/// Every documented route.
pub(super) fn documented() -> OpenApiRouter<Shared> {
    openapi::document(api().merge(admin::imports()).merge(without_stores()))
}

fn api() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(users::create))
        .routes(routes!(users::me))
        .routes(routes!(users::change_password))
        .routes(routes!(users::purchases))
        .routes(routes!(sessions::create, sessions::end_all))
        .routes(routes!(sessions::create_recovery, sessions::withdraw_recovery))
        .routes(routes!(sessions::current, sessions::end))
        .routes(routes!(concerts::list))
        .routes(routes!(concerts::get))
        .routes(routes!(concerts::seat_map))
        .routes(routes!(concerts::availability))
        .routes(routes!(reservations::reserve, reservations::mine))
        .routes(routes!(reservations::get, verbs::release))
        .routes(routes!(verbs::change))
        .routes(routes!(verbs::confirm))
        .routes(routes!(payment::get, payment::pay))
        .routes(routes!(verbs::extend))
        .routes(routes!(verbs::cancel))
        .routes(routes!(service_keys::create, service_keys::list))
        .routes(routes!(service_keys::revoke))
        .routes(routes!(service_keys::current))
        .merge(admin::routes())
}

fn without_stores() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(health::livez))
        .routes(routes!(health::readyz))
        .routes(routes!(problem::pages::page))
}

async fn not_found(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let problem = || Problem::new(Kind::NotFound).detail(format!("nothing is at {}", uri.path()));
    site::nowhere(&method, &uri, &headers).unwrap_or_else(|| problem().into_response())
}

async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    let detail = format!("{} does not take {method}", uri.path());
    Problem::new(Kind::MethodNotAllowed).detail(detail)
}
