//! All integration tests are one binary: it links once, and shares its servers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, with the line it was on")]

mod audit;
mod best_available;
mod buyers;
mod combining;
mod embedded;
mod http;
mod import;
mod lab;
mod ledger;
mod limits;
mod listings;
mod mistakes;
mod model;
mod organising;
mod outages;
mod people;
mod process;
mod races;
mod ranks;
mod reservations;
mod rush;
mod scripts;
mod standing;
mod support;
mod view;
