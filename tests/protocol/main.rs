//! The protocol between Redis, PostgreSQL and the instances of the service, in all its interleavings.
//!
//! The other tests run the code and see what happens. This one takes what the code does apart into its
//! steps, each as large as what a store does at once (a script, a transaction), and lets stateright take
//! them in every order in which they can be taken, with a fault at any moment. `model/` is that model, to
//! be read from `setup.rs` (what there is) to `world.rs` (what can happen) and `promises.rs` (what must
//! hold). Each step names the file that it mirrors; who changes that file changes the step.
//!
//! The tests here have small worlds, in which every state there is is looked at. `make verify` looks at
//! larger ones (`benches/protocol.rs`). `guards.rs` takes one check at a time out of the protocol, and
//! expects the model to find what it was for: that is how we know that the model would tell.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, with the line it was on")]

mod guards;
mod model;

use model::promises::{COMPENSATED, RESOLD, SALES_GO_ON};
use model::setup::{Faults, Fsync, Locks, Setup};

/// Nothing goes wrong.
const NONE: Faults = Faults { restarts: 0, failovers: 0, flushes: 0, crashes: 0 };

#[test]
fn while_nothing_goes_wrong() {
    model::explore("calm", Setup::one_seat(), &[RESOLD]);
}

#[test]
fn when_redis_restarts_and_has_everything() {
    let faults = Faults { restarts: 1, ..NONE };
    model::explore("restart", Setup { faults, ..Setup::one_seat() }, &[RESOLD]);
}

#[test]
fn when_an_instance_is_killed() {
    let faults = Faults { crashes: 1, ..NONE };
    model::explore("crash", Setup { faults, ..Setup::one_seat() }, &[RESOLD]);
}

#[test]
fn when_redis_loses_any_number_of_its_last_changes() {
    let setup = Setup { nodes: 1, ..lossy() };
    model::explore("loss, two buyers", setup, &[RESOLD, COMPENSATED, SALES_GO_ON]);
}

#[test]
fn when_a_lagging_replica_takes_over_and_two_instances_know_different_things() {
    let faults = Faults { failovers: 1, ..NONE };
    let setup = Setup { wants: vec![vec![0]], fsync: Fsync::Always, faults, ..lossy() };
    model::explore("failover, two instances", setup, &[SALES_GO_ON]);
}

#[test]
fn when_somebody_empties_redis() {
    let faults = Faults { flushes: 1, ..NONE };
    let setup = Setup { nodes: 1, faults, ..lossy() };
    model::explore("flush", setup, &[RESOLD, SALES_GO_ON]);
}

#[test]
fn when_sales_are_given_back_and_redis_loses_changes() {
    let setup = Setup { wants: vec![vec![0]], cancels: true, ..lossy() };
    model::explore("loss, a sale given back", setup, &[SALES_GO_ON]);
}

/// One loss of any size; the locks work.
fn lossy() -> Setup {
    let faults = Faults { restarts: 1, ..NONE };
    Setup { fsync: Fsync::EverySecond, locks: Locks::Hold, faults, ..Setup::one_seat() }
}
