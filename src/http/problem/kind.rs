//! Every kind of problem that Frontrow answers with, in one table.
//!
//! The slug of a kind is part of the interface and never changes; its wording may.

use axum::http::{Method, StatusCode};

macro_rules! kinds {
    ($($(#[doc = $meaning:literal])+ $name:ident = $status:ident, $slug:literal, $title:literal;)+) => {
        /// What kind of problem an answer reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[doc = $meaning])+ $name,)+
        }

        impl Kind {
            /// All of them, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Its name in addresses: the end of the problem's `type`.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)+ }
            }

            /// The status that an answer of this kind always has.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// A few words that are the same in every answer of this kind.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// What it means and what to do about it.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($meaning),+),)+ }
            }
        }
    };
}

kinds! {
    /// The body is not JSON. `detail` says where it stops being JSON.
    MalformedJson = BAD_REQUEST, "malformed-json", "The body is not valid JSON";
    /// The body or a query parameter is not what this request takes: a field is unknown, missing, or of
    /// another type. `errors` says which.
    InvalidRequest = BAD_REQUEST, "invalid-request", "The request is not valid";
    /// An id in the address is not a UUID. `errors` says which.
    InvalidId = BAD_REQUEST, "invalid-id", "An id in the address is not a UUID";
    /// Reserving needs an `Idempotency-Key` header, so that asking again after a lost answer cannot
    /// reserve twice. A UUID of your own making is a good one.
    MissingIdempotencyKey = BAD_REQUEST, "missing-idempotency-key", "The Idempotency-Key header is missing";
    /// The `Idempotency-Key` header must be there once, with 1 to 255 visible ASCII characters, bare or
    /// in double quotes.
    InvalidIdempotencyKey = BAD_REQUEST, "invalid-idempotency-key", "The Idempotency-Key header is not valid";
    /// The request needs `Authorization: Bearer` with the token of a session that has not ended.
    /// `POST /v1/sessions` starts one.
    Unauthenticated = UNAUTHORIZED, "unauthenticated", "A session is needed";
    /// No account has this email address with this password, or no guest this recovery code. Which of
    /// them is wrong is not told.
    WrongCredentials = UNAUTHORIZED, "wrong-credentials", "The credentials are nobody's";
    /// The request is one that the site's own pages may send, with the session in a cookie or asking
    /// for one, and its `Origin` header says that none of them did. Callers of the API send their token
    /// as `Authorization: Bearer`, and need no `Origin`.
    ForeignOrigin = FORBIDDEN, "foreign-origin", "The request comes from another site";
    /// Your session is not of somebody who may do this.
    Forbidden = FORBIDDEN, "forbidden", "You may not do this";
    /// The organiser's server confirms this concert's reservations, once it has been paid.
    ConfirmedByMerchant = FORBIDDEN, "confirmed-by-merchant", "The organiser confirms these reservations";
    /// The buyers of this concert confirm their reservations themselves.
    ConfirmedByBuyer = FORBIDDEN, "confirmed-by-buyer", "Buyers confirm these reservations";
    /// Nothing is at this address.
    NotFound = NOT_FOUND, "not-found", "Nothing is here";
    /// No concert has this id.
    NoSuchConcert = NOT_FOUND, "no-such-concert", "There is no such concert";
    /// No seat map has this id, or it is another organiser's.
    NoSuchSeatMap = NOT_FOUND, "no-such-seat-map", "There is no such seat map";
    /// The concert's seat map has no seat with the id in the address.
    NoSuchSeat = NOT_FOUND, "no-such-seat", "There is no such seat";
    /// You have no reservation with this id at this concert, or it ended so long ago that it was forgotten.
    NoSuchReservation = NOT_FOUND, "no-such-reservation", "There is no such reservation";
    /// You have no service key with this id.
    NoSuchServiceKey = NOT_FOUND, "no-such-service-key", "There is no such service key";
    /// The address exists and takes other methods. The `Allow` header lists them.
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method-not-allowed", "The method is not allowed here";
    /// A concert of this slug exists. `PUT` its address to change it.
    ConcertExists = CONFLICT, "concert-exists", "There is such a concert already";
    /// The seat map's name is another organiser's, or everybody's. Give the map a name of its own.
    SeatMapNameTaken = CONFLICT, "seat-map-name-taken", "The seat map's name is taken";
    /// Some of the seats are somebody else's, or not for sale: `conflicts` lists them; or an area has
    /// fewer places left than you want: `areas` says how many. Nothing was reserved for you.
    SeatsUnavailable = CONFLICT, "seats-unavailable", "Seats are not available";
    /// No seats are free as you wish: side by side, in that section, of that category. At `next_deadline`
    /// holds will have ended, if nothing else happens, that make room for you; it is null when no hold
    /// does. `possible_if_split` says whether there are seats now for a party that may be split.
    NoneAvailable = CONFLICT, "none-available", "No such seats are available";
    /// You would have more seats at this concert than one person may: `owned` and `limit` say how many.
    UserLimit = CONFLICT, "user-limit", "That would be too many seats for one person";
    /// The sale has not begun: it does at `opens_at`.
    NotOnSale = CONFLICT, "not-on-sale", "The sale has not begun";
    /// The organiser has paused the sale. Holds live on, and can be confirmed.
    SalePaused = CONFLICT, "sale-paused", "The sale is paused";
    /// The sale has ended.
    SaleOver = CONFLICT, "sale-over", "The sale is over";
    /// The reservation was confirmed already. A confirmed reservation can be cancelled, not released.
    AlreadyConfirmed = CONFLICT, "already-confirmed", "The reservation is confirmed already";
    /// Only a confirmed reservation can be cancelled. A hold can be released.
    NotConfirmed = CONFLICT, "not-confirmed", "The reservation is not confirmed";
    /// A hold can be extended once, and this one was.
    AlreadyExtended = CONFLICT, "already-extended", "The hold was extended already";
    /// The hold was released, and its seats with it. Reserve again, under another key.
    AlreadyReleased = CONFLICT, "already-released", "The hold was released already";
    /// The reservation was cancelled, and its seats with it. Reserve again, under another key.
    AlreadyCancelled = CONFLICT, "already-cancelled", "The reservation is cancelled already";
    /// The time for giving tickets of this concert back has passed.
    TooLateToCancel = CONFLICT, "too-late-to-cancel", "Tickets can no longer be given back";
    /// Another amount was paid than the reservation costs: `total` says what it does, in minor units; or it
    /// was paid in another currency than `currency`.
    AmountMismatch = CONFLICT, "amount-mismatch", "Another amount was paid than the reservation costs";
    /// The payment came after the hold had ended. `still_free` says whether the same request with
    /// `"honour_late": true` would make it a sale all the same: nobody else has any of it, and its buyer
    /// would not have more than one person may. Otherwise refund it.
    PaymentLate = GONE, "payment-late", "The hold had ended when it was paid";
    /// You have `limit` service keys, as many as one may. Revoke one that is no longer used.
    TooManyServiceKeys = CONFLICT, "too-many-service-keys", "There are too many service keys";
    /// Somebody has an account with this email address. If it is you, sign in.
    EmailTaken = CONFLICT, "email-taken", "An account has this email address";
    /// You have an account, and can sign in with its password.
    HasAccount = CONFLICT, "has-account", "You have an account already";
    /// You are a guest and have no password. `POST /v1/users` makes an account of yours.
    NoAccount = CONFLICT, "no-account", "You have no account";
    /// The hold was not confirmed before its deadline. Reserve again, under another key.
    HoldExpired = GONE, "hold-expired", "The hold has expired";
    /// The body did not arrive within `limit` seconds. Nothing was begun: send the request again.
    BodyTooSlow = REQUEST_TIMEOUT, "body-too-slow", "The body did not arrive in time";
    /// The body is larger than any request needs.
    BodyTooLarge = PAYLOAD_TOO_LARGE, "body-too-large", "The body is too large";
    /// The body must be JSON, and `Content-Type` must say so: `application/json`.
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The body must be JSON";
    /// The seat map or concert is not what it should be. `errors` says where (`path`) and what (`what`), as
    /// `frontrow import` does; `more` counts the mistakes beyond the first twenty.
    InvalidImport = UNPROCESSABLE_ENTITY, "invalid-import", "What was sent has mistakes";
    /// The text is not an email address, or it is longer than one can be.
    InvalidEmail = UNPROCESSABLE_ENTITY, "invalid-email", "The email address is not valid";
    /// A password has at least `least` bytes and at most `most`.
    UnsuitablePassword = UNPROCESSABLE_ENTITY, "unsuitable-password", "The password cannot be used";
    /// A time is not one, or not in the years 2000 to 2999, or the sale would end before it begins.
    /// `errors` says which.
    UnsuitableTime = UNPROCESSABLE_ENTITY, "unsuitable-time", "A sale cannot have this time";
    /// Neither seats nor places in areas are asked for.
    NoSeats = UNPROCESSABLE_ENTITY, "no-seats", "At least one seat is needed";
    /// One reservation may have at most `limit` seats and places in areas together.
    TooManySeats = UNPROCESSABLE_ENTITY, "too-many-seats", "Too many seats for one reservation";
    /// The concert's seat map has no seat with this id. `errors` says which.
    UnknownSeat = UNPROCESSABLE_ENTITY, "unknown-seat", "There is no such seat";
    /// The same seat is in the list twice. `errors` says which.
    DuplicateSeat = UNPROCESSABLE_ENTITY, "duplicate-seat", "A seat is in the list twice";
    /// The concert's seat map has no area with this id. `errors` says which.
    UnknownArea = UNPROCESSABLE_ENTITY, "unknown-area", "There is no such area";
    /// The same area is in the list twice. `errors` says which.
    DuplicateArea = UNPROCESSABLE_ENTITY, "duplicate-area", "An area is in the list twice";
    /// The concert's house has no section of this name.
    UnknownSection = UNPROCESSABLE_ENTITY, "unknown-section", "There is no such section";
    /// The concert's house has no category of this name.
    UnknownCategory = UNPROCESSABLE_ENTITY, "unknown-category", "There is no such category";
    /// The key was used for something else before. A key stands for one request.
    IdempotencyKeyReused = UNPROCESSABLE_ENTITY, "idempotency-key-reused", "The key was used for another request";
    /// You have asked for more than one caller may. `Retry-After` says when there is room again; the headers
    /// `RateLimit-Policy` and `RateLimit` say how much. It can also be that you took and gave back seats of
    /// one concert too often: then others come first for a while.
    RateLimited = TOO_MANY_REQUESTS, "rate-limited", "Too many requests";
    /// Something broke on our side. It is recorded under the `request_id`.
    Internal = INTERNAL_SERVER_ERROR, "internal", "Something went wrong";
    /// More requests than can be served. This one was not begun: ask again after `Retry-After` seconds.
    Overloaded = SERVICE_UNAVAILABLE, "overloaded", "Too many requests at once";
    /// A store cannot be used just now. Ask again after `Retry-After` seconds. If the request was to
    /// change something, whether it did is unknown: sent again as it was, under the same key if it has
    /// one, it gets its answer.
    Unavailable = SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable";
    /// The answer took too long. Ask again after `Retry-After` seconds. If the request was to change
    /// something, whether it did is unknown: sent again as it was, under the same key if it has one, it
    /// gets its answer.
    Timeout = SERVICE_UNAVAILABLE, "timeout", "The answer took too long";
}

impl Kind {
    /// The kind with a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.slug() == slug)
    }

    /// The address of its documentation, which is the problem's `type`.
    pub fn address(self) -> String {
        format!("/problems/{}", self.slug())
    }

    /// What to say of a request with this method when there is nothing to say of it in particular.
    pub fn advice(self, method: &Method) -> &'static str {
        match self {
            Self::Unavailable | Self::Timeout if method.is_safe() => {
                "this cannot be answered just now: ask again"
            }
            Self::Unavailable | Self::Timeout => {
                "whether anything was done is unknown: send the same request again, under the same key \
                 if it has one"
            }
            kind => kind.title(),
        }
    }

    /// How many seconds to wait before the same request makes sense again.
    pub fn retry_after_seconds(self) -> Option<u32> {
        matches!(self, Self::RateLimited | Self::Overloaded | Self::Unavailable | Self::Timeout)
            .then_some(1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_has_a_slug_of_its_own_and_is_an_error() {
        let slugs: HashSet<_> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        assert_eq!(slugs.len(), Kind::ALL.len());
        for &kind in Kind::ALL {
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
            assert_eq!(Kind::from_slug(kind.slug()), Some(kind));
        }
    }

    #[test]
    fn only_who_may_have_changed_something_is_told_about_keys() {
        for kind in [Kind::Unavailable, Kind::Timeout] {
            assert!(!kind.advice(&Method::GET).contains("key"));
            assert!(kind.advice(&Method::POST).contains("under the same key"));
        }
    }
}
