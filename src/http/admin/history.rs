//! What happened to a seat and to a reservation.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::problems::{PageProblems, SeatProblems};
use crate::domain::position::Position;
use crate::domain::reservation::Cause;
use crate::domain::seat::SeatNumber;
use crate::http::extract::{By, OfReservation, OfSeat, Page};
use crate::http::page::{Place, escaped, next_page};
use crate::http::problem::Result;
use crate::http::respond::Personal;
use crate::http::state::Shared;
use crate::ledger::events::Event;
use crate::reservations::organising::{Happening, HistoryPage};

/// What happened, in order.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = History)]
pub struct HistoryBody {
    /// What happened, in order.
    items: Vec<HappeningBody>,
    /// What to send as `cursor` for the next page; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Something that happened.
#[derive(Default, Serialize, utoipa::ToSchema)]
#[schema(as = Happening)]
struct HappeningBody {
    /// When, by the clock that decides; null for what no log tells.
    #[schema(required)]
    at: Option<Timestamp>,
    /// `reserved`, `confirmed`, `released`, `cancelled`, `extended`, `expired`, `changed`, `blocked`,
    /// `unblocked`; or `lost`: a hold ended because Redis lost its data and was rebuilt.
    #[schema(example = "reserved")]
    what: String,
    /// Why, where it was about a reservation.
    #[schema(required)]
    cause: Option<Cause>,
    /// The reservation it was about; null where seats were blocked or unblocked.
    #[schema(required)]
    reservation: Option<Uuid>,
    /// The reservation's version from then on.
    #[schema(required)]
    version: Option<u32>,
    /// Whose reservation it is.
    #[schema(required)]
    user: Option<Uuid>,
    /// The organiser who did it, where one did.
    #[schema(required)]
    organiser: Option<Uuid>,
    /// Why, in the organiser's words.
    #[schema(required)]
    reason: Option<String>,
    /// What your server called the payment, where it confirmed.
    #[schema(required)]
    payment_reference: Option<String>,
    /// Until when it was held from then on.
    #[schema(required)]
    deadline: Option<Timestamp>,
    /// The ids of the seats that the reservation had from then on.
    #[schema(example = json!(["A-1", "A-2"]))]
    seats: Vec<String>,
    /// The areas that it had places in from then on.
    areas: Vec<PlacesBody>,
    /// The ids of the seats that it no longer had.
    seats_dropped: Vec<String>,
    /// The places in areas that it no longer had.
    areas_dropped: Vec<PlacesBody>,
}

/// Places in an area.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = PastPlaces)]
struct PlacesBody {
    /// The area's id.
    area: String,
    /// How many.
    quantity: u16,
}

/// What happened to a seat
///
/// As far as it is persisted, in order.
#[utoipa::path(get, path = "/v1/admin/concerts/{concert}/seats/{seat}/history", tag = "organisers", operation_id = "get_seat_history",
    security(("session" = [])),
    params(
        OfSeat,
        Page,
    ),
    responses(
        (status = 200, description = "What happened", body = HistoryBody,
         headers(("Link" = String, description = "The next page, as `rel=\"next\"`"))),
        SeatProblems,
    ),
)]
pub async fn of_seat(
    State(state): State<Shared>,
    By(by): By,
    OfSeat { concert, seat }: OfSeat,
    page: Page<Position>,
) -> Result<impl IntoResponse> {
    let after = page.after.unwrap_or(Position::START);
    let history = state.reservations.history_of_seat(&by, concert, &seat, after, page.limit);
    let seat = escaped(&seat);
    let path = format!("/v1/admin/concerts/{concert}/seats/{seat}/history");
    Ok(answer(&history.await?, &path, page.limit))
}

/// What happened to a reservation
///
/// As far as it is persisted, in order: holds that came to nothing, too.
#[utoipa::path(get, path = "/v1/admin/concerts/{concert}/reservations/{reservation}/history", tag = "organisers", operation_id = "get_reservation_history",
    security(("session" = [])),
    params(
        OfReservation,
        Page,
    ),
    responses(
        (status = 200, description = "What happened", body = HistoryBody,
         headers(("Link" = String, description = "The next page, as `rel=\"next\"`"))),
        PageProblems,
    ),
)]
pub async fn of_reservation(
    State(state): State<Shared>,
    By(by): By,
    OfReservation { concert, reservation }: OfReservation,
    page: Page<Position>,
) -> Result<impl IntoResponse> {
    let after = page.after.unwrap_or(Position::START);
    let history =
        state.reservations.history_of_reservation(&by, concert, reservation, after, page.limit);
    let path = format!("/v1/admin/concerts/{concert}/reservations/{reservation}/history");
    Ok(answer(&history.await?, &path, page.limit))
}

fn answer(page: &HistoryPage, path: &str, limit: u32) -> (HeaderMap, Personal<HistoryBody>) {
    let next_cursor = page.next.map(|position| position.text());
    let items = page.happenings.iter().map(|happening| match happening {
        Happening::Told(event) => told(page, event),
        Happening::Lost(reservation) => HappeningBody {
            what: "lost".to_owned(),
            reservation: Some(reservation.0),
            ..HappeningBody::default()
        },
    });
    let link = next_page(path, next_cursor.as_deref(), limit);
    (link, Personal(HistoryBody { items: items.collect(), next_cursor }))
}

fn told(page: &HistoryPage, event: &Event) -> HappeningBody {
    let is_blocking = event.reservation.is_none();
    let user = event.user.0;
    let ids = |seats: &[SeatNumber]| -> Vec<String> {
        seats.iter().filter_map(|&seat| page.seat_id(seat)).map(str::to_owned).collect()
    };
    HappeningBody {
        at: HistoryPage::time_of(event.position),
        what: event.verb.clone(),
        cause: event.cause,
        reservation: event.reservation.map(|id| id.0),
        version: event.version,
        user: (!is_blocking).then_some(user),
        organiser: if is_blocking { Some(user) } else { event.organiser.map(|id| id.0) },
        reason: event.reason.clone(),
        payment_reference: event.payment_reference.clone(),
        deadline: event.deadline_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        // Thousands of seats are blocked in one go, and whoever asks knows which one they asked for.
        seats: if is_blocking { Vec::new() } else { ids(&event.seats) },
        areas: places(page, &event.areas),
        seats_dropped: ids(&event.seats_dropped),
        areas_dropped: places(page, &event.areas_dropped),
    }
}

fn places(page: &HistoryPage, areas: &[(u16, u16)]) -> Vec<PlacesBody> {
    let places = areas.iter().filter_map(|&(area, quantity)| {
        Some(PlacesBody { area: page.area_id(area)?.to_owned(), quantity })
    });
    places.collect()
}
