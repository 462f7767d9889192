//! How each request about reservations can fail.

use crate::http::problem::{Kind, problem_sets};

/// What anything about reservations can meet.
const ANY: &[Kind] =
    &[Kind::InvalidId, Kind::Unauthenticated, Kind::NoSuchConcert, Kind::Unavailable];

/// What any choice of seats can meet.
const CLAIM: &[Kind] = &[
    Kind::MalformedJson,
    Kind::InvalidRequest,
    Kind::UnsupportedMediaType,
    Kind::BodyTooLarge,
    Kind::BodyTooSlow,
    Kind::NoSeats,
    Kind::TooManySeats,
    Kind::UnknownSeat,
    Kind::DuplicateSeat,
    Kind::UnknownArea,
    Kind::DuplicateArea,
    Kind::SeatsUnavailable,
    Kind::UserLimit,
    Kind::NotOnSale,
    Kind::SalePaused,
    Kind::SaleOver,
];

problem_sets! {
    /// Holding seats.
    ReserveProblems = ANY, &[
        Kind::MissingIdempotencyKey, Kind::InvalidIdempotencyKey, Kind::IdempotencyKeyReused,
        Kind::UnknownSection, Kind::UnknownCategory, Kind::NoneAvailable,
    ], CLAIM;
    /// Giving a hold other seats.
    ChangeProblems = ANY, CLAIM, &[
        Kind::NoSuchReservation, Kind::HoldExpired, Kind::AlreadyConfirmed, Kind::AlreadyReleased,
        Kind::AlreadyCancelled,
    ];
    /// Listing one's reservations.
    MineProblems = ANY;
    /// Reading a reservation.
    FindProblems = ANY, &[Kind::NoSuchReservation];
    /// Turning a hold into a sale.
    ConfirmProblems = ANY, &[
        Kind::NoSuchReservation, Kind::ConfirmedByMerchant, Kind::HoldExpired,
        Kind::AlreadyReleased, Kind::AlreadyCancelled,
    ];
    /// Looking at a reservation as its organiser's server.
    PaymentProblems = ANY, &[Kind::NoSuchReservation, Kind::ConfirmedByBuyer];
    /// Turning a paid hold into a sale.
    PayProblems = ANY, &[
        Kind::NoSuchReservation, Kind::ConfirmedByBuyer, Kind::MalformedJson, Kind::InvalidRequest,
        Kind::UnsupportedMediaType, Kind::BodyTooLarge, Kind::BodyTooSlow, Kind::AmountMismatch, Kind::PaymentLate,
        Kind::AlreadyConfirmed, Kind::AlreadyReleased, Kind::AlreadyCancelled,
    ];
    /// Giving a hold back.
    ReleaseProblems = ANY, &[
        Kind::NoSuchReservation, Kind::AlreadyConfirmed, Kind::AlreadyCancelled, Kind::HoldExpired,
    ];
    /// Prolonging a hold.
    ExtendProblems = ANY, &[
        Kind::NoSuchReservation, Kind::AlreadyExtended, Kind::AlreadyConfirmed,
        Kind::AlreadyReleased, Kind::AlreadyCancelled, Kind::HoldExpired,
    ];
    /// Giving a sale back.
    CancelProblems = ANY, &[
        Kind::NoSuchReservation, Kind::NotConfirmed, Kind::AlreadyReleased, Kind::HoldExpired,
        Kind::TooLateToCancel,
    ];
}
