//! One client of the service, and what it takes to believe the service afterwards.
//!
//! A [`Client`] asks over HTTP, as any program would; a [`Buyer`] asks until it is known what became of
//! each request, and writes down what was asked, what was told, and when. Afterwards [`linear`] looks
//! whether the seats can have gone from hand to hand in one order that explains every answer, and
//! [`oracle`] holds all of it against PostgreSQL. The fault suite and the load generator share this.

mod answer;
mod body;
mod buyer;
mod chance;
mod client;
pub mod crowd;
pub mod history;
pub mod linear;
mod on_sale;
pub mod oracle;
pub mod report;
mod wire;

pub use answer::{Answer, Doubt, Inquiry, Manners, Reason};
pub use body::Seen;
pub use buyer::{Buyer, Hold};
pub use chance::Chance;
pub use client::{Client, Guest};
pub use history::{Asked, Clock, History, Moment, Operation, Outcome};
pub use on_sale::OnSale;
