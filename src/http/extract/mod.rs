//! What handlers take from requests, each with the problem it is when it is missing or wrong.

mod by;
mod caller;
mod idempotency_key;
mod json;
mod merchant;
mod page;
mod path;
mod prefer;
mod search;

pub use by::By;
pub use caller::{Caller, Credential, MaybeCaller};
pub use idempotency_key::IdempotencyKey;
pub use json::{JsonBody, JsonBytes, OptionalBody, there};
pub use merchant::Merchant;
pub use page::Page;
pub use path::{InConcert, Named, OfReservation, OfSeat, OfSeatMap, OfServiceKey};
pub use prefer::Wait;
pub use search::{Search, SearchAsked};
