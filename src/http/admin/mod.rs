//! `/v1/admin`: what organisers do with their concerts, and administrators with everybody's.

mod changes;
mod concerts;
mod figures;
mod history;
mod holds;
mod look_up;
mod plan;
mod problems;
mod reservations;
mod sale;
mod seat_maps;
mod seats;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::Shared;

/// The routes, but for those that take longer.
pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(seat_maps::list))
        .routes(routes!(seat_maps::get))
        .routes(routes!(concerts::list, concerts::create))
        .routes(routes!(concerts::get, concerts::change))
        .routes(routes!(sale::change))
        .routes(routes!(holds::extend))
        .routes(routes!(seats::block))
        .routes(routes!(seats::unblock))
        .routes(routes!(look_up::list))
        .routes(routes!(reservations::get))
        .routes(routes!(reservations::release))
        .routes(routes!(reservations::cancel))
        .routes(routes!(history::of_seat))
        .routes(routes!(history::of_reservation))
        .routes(routes!(figures::get))
        .routes(routes!(changes::list))
        .routes(routes!(changes::list_own))
}

/// The routes that take in what is large.
pub(super) fn imports() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(seat_maps::import))
}
