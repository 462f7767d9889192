//! Ids in the address.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path, RawPathParams};
use axum::http::request::Parts;

use crate::domain::ids::{ConcertId, ReservationId, SeatMapId, ServiceKeyId};
use crate::http::problem::{Kind, Problem};

/// Characters of a UUID in its one usual form. Others would be further addresses of the same thing.
const UUID_CHARACTERS: usize = 36;

/// `/v1/concerts/{concert}…`
#[derive(utoipa::IntoParams)]
#[into_params(names("concert"), parameter_in = Path)]
pub struct InConcert(
    /// The concert's id
    #[param(value_type = uuid::Uuid)]
    pub ConcertId,
);

/// `/v1/concerts/{concert}/reservations/{reservation}…`
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OfReservation {
    /// The concert's id
    #[param(value_type = uuid::Uuid)]
    pub concert: ConcertId,
    /// The reservation's id
    #[param(value_type = uuid::Uuid)]
    pub reservation: ReservationId,
}

/// `/v1/admin/seat-maps/{seat_map}`
#[derive(utoipa::IntoParams)]
#[into_params(names("seat_map"), parameter_in = Path)]
pub struct OfSeatMap(
    /// The seat map's id
    #[param(value_type = uuid::Uuid)]
    pub SeatMapId,
);

/// `/v1/admin/concerts/{concert}/seats/{seat}…`
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OfSeat {
    /// The concert's id
    #[param(value_type = uuid::Uuid)]
    pub concert: ConcertId,
    /// The seat's id, unique in its seat map
    #[param(example = "A-1")]
    pub seat: String,
}

/// `/v1/admin/service-keys/{service_key}`
#[derive(utoipa::IntoParams)]
#[into_params(names("service_key"), parameter_in = Path)]
pub struct OfServiceKey(
    /// The service key's id
    #[param(value_type = uuid::Uuid)]
    pub ServiceKeyId,
);

/// The end of an address that is a word or a path of words. Nothing is at one that is not text.
pub struct Named(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let named = Path::<String>::from_request_parts(parts, state).await;
        named.map(|Path(name)| Self(name)).map_err(|_| Problem::new(Kind::NotFound))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfSeatMap {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = params(parts, state).await?;
        Ok(Self(id(&params, "seat_map")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfSeat {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = params(parts, state).await?;
        let seat = params.iter().find(|(key, _)| *key == "seat");
        let seat = seat.map(|(_, seat)| seat.to_owned()).unwrap_or_default();
        Ok(Self { concert: id(&params, "concert")?, seat })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfServiceKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = params(parts, state).await?;
        Ok(Self(id(&params, "service_key")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for InConcert {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = params(parts, state).await?;
        Ok(Self(id(&params, "concert")?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfReservation {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = params(parts, state).await?;
        Ok(Self { concert: id(&params, "concert")?, reservation: id(&params, "reservation")? })
    }
}

async fn params<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<RawPathParams, Problem> {
    let params = RawPathParams::from_request_parts(parts, state).await;
    params.map_err(|_| Problem::new(Kind::InvalidId).detail("the address is not valid UTF-8"))
}

fn id<T: FromStr>(params: &RawPathParams, name: &'static str) -> Result<T, Problem> {
    let found = params.iter().find(|(key, _)| *key == name);
    let text = found.map(|(_, value)| value).unwrap_or_default();
    let id = (text.len() == UUID_CHARACTERS).then(|| text.parse().ok());
    id.flatten().ok_or_else(|| {
        let detail = format!("{name}: {text:?} is not a UUID");
        let problem = Problem::new(Kind::InvalidId).error("parameter", name, &detail);
        problem.detail(detail)
    })
}
