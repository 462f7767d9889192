//! Asking the service over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use hyper::http::request::Builder;
use hyper::http::response::Parts;
use hyper::{Method, Request};
use serde::Deserialize;
use tokio::time::timeout;

use super::answer::{Answer, Doubt, Reason};
use super::body::{self, Seen};
use super::on_sale::OnSale;
use super::wire::{Asked, Broken, Wire};
use crate::domain::ids::{ReservationId, UserId};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const PREFER: HeaderName = HeaderName::from_static("prefer");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// Instances do not look at it, but HTTP/1.1 wants it to be there.
const ANY_HOST: HeaderValue = HeaderValue::from_static("frontrow");

/// A client of several instances, with one connection that it keeps, and one request at a time on it.
/// When an instance fails it, it turns to the next.
pub struct Client {
    instances: Arc<[SocketAddr]>,
    next: usize,
    timeout: Duration,
    hang_up_after: Option<Duration>,
    wire: Option<Wire>,
}

/// Somebody with a session.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Who it is.
    pub user: UserId,
    authorization: HeaderValue,
}

#[derive(Deserialize)]
struct Session<'a> {
    token: &'a str,
    user: UserId,
}

impl Guest {
    /// Somebody whose session is known already.
    ///
    /// # Errors
    /// When the token has characters that no token has.
    pub fn new(user: UserId, token: &str) -> Result<Self, hyper::header::InvalidHeaderValue> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {token}"))?;
        authorization.set_sensitive(true);
        Ok(Self { user, authorization })
    }
}

impl Client {
    /// A client that turns to these instances, beginning with the one at `first`, and waits so long for
    /// an answer. It connects when it first asks.
    pub fn new(instances: Arc<[SocketAddr]>, first: usize, timeout: Duration) -> Self {
        Self { instances, next: first, timeout, hang_up_after: None, wire: None }
    }

    /// Itself, with its connection; what is left has none, and connects when it is asked again.
    pub fn take(&mut self) -> Self {
        let Self { ref instances, next, timeout, .. } = *self;
        let without = Self::new(Arc::clone(instances), next, timeout);
        std::mem::replace(self, without)
    }

    /// Hangs up on the next request so soon, answered or not. Those after it are waited for as ever.
    pub fn hang_up_after(&mut self, time: Duration) {
        self.hang_up_after = Some(time);
    }

    /// Begins a guest's session.
    pub async fn session(&mut self) -> Answer<Guest> {
        let request = self.request(Method::POST, "/v1/sessions");
        let (parts, bytes) = match self.send(request.body(Full::default())).await {
            Ok(told) => told,
            Err(untold) => return untold.into(),
        };
        body::told(&parts, &bytes, |bytes| {
            let session: Session<'_> = serde_json::from_slice(bytes).ok()?;
            Guest::new(session.user, session.token).ok()
        })
    }

    /// Asks for a hold, under a key; `claim` is a body that [`OnSale`] makes.
    pub async fn hold(
        &mut self,
        guest: &Guest,
        on_sale: &OnSale,
        key: &str,
        claim: Bytes,
    ) -> Answer<Seen> {
        let request = self.request(Method::POST, &on_sale.path);
        let request = request.header(AUTHORIZATION, &guest.authorization);
        let request = request.header(IDEMPOTENCY_KEY, key).header(CONTENT_TYPE, JSON);
        self.reservation(request.body(Full::new(claim)), on_sale).await
    }

    /// Turns a hold into a sale, and waits for PostgreSQL for so many seconds, if for any.
    pub async fn confirm(
        &mut self,
        guest: &Guest,
        on_sale: &OnSale,
        id: ReservationId,
        wait_seconds: Option<u8>,
    ) -> Answer<Seen> {
        let mut request = self.request(Method::POST, &on_sale.path_of(id, "/confirm"));
        if let Some(seconds) = wait_seconds {
            request = request.header(PREFER, format!("wait={seconds}"));
        }
        self.own(request, guest, on_sale).await
    }

    /// Gives a hold back.
    pub async fn release(
        &mut self,
        guest: &Guest,
        on_sale: &OnSale,
        id: ReservationId,
    ) -> Answer<Seen> {
        let request = self.request(Method::DELETE, &on_sale.path_of(id, ""));
        self.own(request, guest, on_sale).await
    }

    /// Gives a sale back.
    pub async fn cancel(
        &mut self,
        guest: &Guest,
        on_sale: &OnSale,
        id: ReservationId,
    ) -> Answer<Seen> {
        let request = self.request(Method::POST, &on_sale.path_of(id, "/cancel"));
        self.own(request, guest, on_sale).await
    }

    /// Looks at a reservation.
    pub async fn look_up(
        &mut self,
        guest: &Guest,
        on_sale: &OnSale,
        id: ReservationId,
    ) -> Answer<Seen> {
        let request = self.request(Method::GET, &on_sale.path_of(id, ""));
        self.own(request, guest, on_sale).await
    }

    /// Reads what anybody may: the body as it came.
    pub async fn get(&mut self, path: &str) -> Answer<Bytes> {
        let request = self.request(Method::GET, path);
        match self.send(request.body(Full::default())).await {
            Ok((parts, bytes)) => body::told(&parts, &bytes.clone(), |_| Some(bytes)),
            Err(untold) => untold.into(),
        }
    }

    fn request(&self, method: Method, path: &str) -> Builder {
        Request::builder().method(method).uri(path).header(HOST, ANY_HOST)
    }

    async fn own(&mut self, request: Builder, guest: &Guest, on_sale: &OnSale) -> Answer<Seen> {
        let request = request.header(AUTHORIZATION, &guest.authorization);
        self.reservation(request.body(Full::default()), on_sale).await
    }

    async fn reservation(
        &mut self,
        request: hyper::http::Result<Asked>,
        on_sale: &OnSale,
    ) -> Answer<Seen> {
        match self.send(request).await {
            Ok((parts, bytes)) => body::reservation(&parts, &bytes, on_sale),
            Err(untold) => untold.into(),
        }
    }

    async fn send(
        &mut self,
        request: hyper::http::Result<Asked>,
    ) -> Result<(Parts, Bytes), Untold> {
        // A path or key that cannot be sent is one that nobody was asked for.
        let request = request.map_err(|_| Untold::Unreachable)?;
        // Whatever becomes of this one, its connection serves no other before it has ended well.
        let wire = self.wire.take().filter(Wire::is_usable);
        let patience = self.hang_up_after.take().unwrap_or(self.timeout);
        let told = timeout(patience, exchange(wire, self.instance(), request)).await;
        match told.unwrap_or(Err(Untold::TimedOut)) {
            Ok((told, wire)) => {
                self.wire = Some(wire);
                Ok(told)
            }
            Err(untold) => {
                self.next = self.next.wrapping_add(1);
                Err(untold)
            }
        }
    }

    fn instance(&self) -> SocketAddr {
        self.instances[self.next % self.instances.len()]
    }
}

/// Sends a request on a connection, or on a new one if it has none or that had ended meanwhile.
async fn exchange(
    wire: Option<Wire>,
    instance: SocketAddr,
    mut request: Asked,
) -> Result<((Parts, Bytes), Wire), Untold> {
    if let Some(mut wire) = wire {
        match wire.exchange(request).await {
            Ok(told) => return Ok((told, wire)),
            Err(Broken::CutOff) => return Err(Untold::CutOff),
            Err(Broken::Unsent(again)) => request = *again,
        }
    }
    let mut wire = Wire::open(instance).await.map_err(|_| Untold::Unreachable)?;
    match wire.exchange(request).await {
        Ok(told) => Ok((told, wire)),
        Err(Broken::CutOff) => Err(Untold::CutOff),
        Err(Broken::Unsent(_)) => Err(Untold::Unreachable),
    }
}

/// Why there is no answer.
enum Untold {
    Unreachable,
    CutOff,
    TimedOut,
}

impl<T> From<Untold> for Answer<T> {
    fn from(untold: Untold) -> Self {
        match untold {
            Untold::Unreachable => Self::No(Reason::unreachable()),
            Untold::CutOff => Self::Unknown(Doubt::CutOff),
            Untold::TimedOut => Self::Unknown(Doubt::TimedOut),
        }
    }
}

#[cfg(test)]
mod tests;
