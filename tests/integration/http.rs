//! The API through its real router and server.

mod app;
mod limits;
mod openapi;
mod problems;
mod requests;
mod server;
mod sessions;
