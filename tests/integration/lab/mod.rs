//! The lab: each way to book a seat, small.

mod claims;
mod command;
mod sales;

use std::time::Duration;

use frontrow::lab::{Places, Servers, Workload};

use crate::support;

/// The shared servers, with lock nodes of the test's own.
async fn servers(lock_nodes: u16) -> Servers {
    let redis_url = support::redis_db().await.parse().unwrap();
    let database_url = support::servers().await.postgres.url("postgres").parse().unwrap();
    let places =
        Places { redis_url: Some(redis_url), database_url: Some(database_url), lock_nodes };
    Servers::open(&places).await.unwrap()
}

/// More people than seats, all at once.
fn workload(seats: u32, users: u32) -> Workload {
    Workload {
        seats,
        users,
        spread: Duration::ZERO,
        seed: 1,
        connections: 8,
        fault: None,
        stalled_holders: 0,
    }
}
