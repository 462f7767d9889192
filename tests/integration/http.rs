//! The API through its real router and server.

mod app;
mod areas;
mod concerts;
mod docs;
mod limits;
mod openapi;
mod payment;
mod problems;
mod requests;
mod reservations;
mod server;
mod service_keys;
mod sessions;
mod slow_bodies;
