//! How each request of organisers can fail.

use crate::http::problem::{Kind, problem_sets};

/// What anything for organisers can meet.
const ANY: &[Kind] = &[Kind::Unauthenticated, Kind::Forbidden, Kind::Unavailable];
/// What anything about one concert can meet.
const CONCERT: &[Kind] = &[
    Kind::InvalidId,
    Kind::NoSuchConcert,
    Kind::Unauthenticated,
    Kind::Forbidden,
    Kind::Unavailable,
];
/// What comes with a body.
const BODY: &[Kind] = &[
    Kind::MalformedJson,
    Kind::InvalidRequest,
    Kind::UnsupportedMediaType,
    Kind::BodyTooLarge,
    Kind::BodyTooSlow,
];
/// What comes with a seat map or concert.
const IMPORT: &[Kind] = &[
    Kind::MalformedJson,
    Kind::InvalidImport,
    Kind::UnsupportedMediaType,
    Kind::BodyTooLarge,
    Kind::BodyTooSlow,
];

problem_sets! {
    /// Reading a list that is nobody's concert.
    ListProblems = ANY, &[Kind::InvalidRequest];
    /// Importing a seat map.
    ImportProblems = ANY, IMPORT, &[Kind::SeatMapNameTaken];
    /// Reading a seat map.
    SeatMapProblems = ANY, &[Kind::InvalidId, Kind::NoSuchSeatMap];
    /// Making a concert.
    CreateProblems = ANY, IMPORT, &[Kind::ConcertExists];
    /// Changing a concert.
    ChangeProblems = CONCERT, IMPORT;
    /// Reading about a concert.
    ConcertProblems = CONCERT;
    /// Looking up reservations.
    LookUpProblems = CONCERT, &[Kind::InvalidRequest, Kind::InvalidEmail];
    /// Reading a list that is about a concert.
    PageProblems = CONCERT, &[Kind::InvalidRequest];
    /// Changing a concert's sale.
    SaleProblems = CONCERT, BODY, &[Kind::UnsuitableTime];
    /// Giving all of a concert's holds time.
    HoldsProblems = CONCERT, BODY;
    /// Blocking seats.
    BlockProblems = CONCERT, BODY, &[
        Kind::NoSeats, Kind::TooManySeats, Kind::UnknownSeat, Kind::DuplicateSeat,
        Kind::SeatsUnavailable,
    ];
    /// Unblocking seats.
    UnblockProblems = CONCERT, BODY, &[
        Kind::NoSeats, Kind::TooManySeats, Kind::UnknownSeat, Kind::DuplicateSeat,
    ];
    /// Reading the history of a seat.
    SeatProblems = CONCERT, &[Kind::InvalidRequest, Kind::NoSuchSeat];
    /// Reading a reservation.
    FindProblems = CONCERT, &[Kind::NoSuchReservation];
    /// Releasing a hold.
    ReleaseProblems = CONCERT, BODY, &[
        Kind::NoSuchReservation, Kind::AlreadyConfirmed, Kind::AlreadyCancelled,
    ];
    /// Cancelling a sale.
    CancelProblems = CONCERT, BODY, &[
        Kind::NoSuchReservation, Kind::NotConfirmed, Kind::AlreadyReleased, Kind::HoldExpired,
    ];
}
