//! The protocol's model in worlds that are too large for every change: two buyers, two instances, a loss
//! and a crash; two losses; locks that keep nobody apart. `make verify` runs it. `tests/protocol/` has
//! the model and explains it.
#![allow(clippy::unwrap_used, reason = "a check that cannot go on has failed")]
#![allow(dead_code, reason = "the tests of the guards use the rest of the model")]

#[path = "../tests/protocol/model/mod.rs"]
mod model;

use model::promises::{COMPENSATED, RESOLD, SALES_GO_ON};
use model::setup::{Faults, Fsync, Locks, Setup};

/// Redis loses something once.
const LOSS: Faults = Faults { restarts: 1, failovers: 0, flushes: 0, crashes: 0 };

fn main() {
    let lossy = || Setup {
        fsync: Fsync::EverySecond,
        locks: Locks::Hold,
        faults: LOSS,
        ..Setup::one_seat()
    };
    let everything = [RESOLD, COMPENSATED, SALES_GO_ON];
    model::explore("loss, two buyers, two instances", lossy(), &everything);

    let faults = Faults { crashes: 1, ..LOSS };
    let setup = Setup { nodes: 1, faults, ..lossy() };
    model::explore("loss and crash, two buyers", setup, &everything);
    let setup = Setup { wants: vec![vec![0]], faults, ..lossy() };
    model::explore("loss and crash, two instances", setup, &[SALES_GO_ON]);

    let faults = Faults { restarts: 2, ..LOSS };
    model::explore("two losses, two buyers", Setup { nodes: 1, faults, ..lossy() }, &everything);

    let setup = Setup { seats: 2, wants: vec![vec![0], vec![0, 1]], nodes: 1, ..lossy() };
    model::explore("loss, one wants both of two seats", setup, &everything);

    let setup = Setup { cancels: true, nodes: 1, ..lossy() };
    model::explore("loss, sales given back", setup, &everything);

    let setup = Setup { wants: vec![vec![0]], locks: Locks::Fail, ..lossy() };
    model::explore("loss, two verify and load at once", setup, &[SALES_GO_ON]);
}
