//! The use cases: what a person can do with seats, and what keeps the two stores in step.

mod answers;
mod best_available;
mod cancel;
mod change;
mod command;
mod compensating;
mod confirm;
mod error;
mod extend;
mod find;
mod opening;
pub mod organising;
mod pay;
mod persisting;
mod recovery;
mod release;
mod reserve;
mod settling;
mod sweeping;

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::catalogue::Catalogue;
use crate::inventory::combiner::Combiner;
use crate::inventory::gate::Gate;
use crate::inventory::locks::Locks;
use crate::inventory::view::View;
use crate::inventory::{Inventory, InventoryError};
use crate::ledger::notifications::{Changes, Persisted};
use crate::ledger::{self, PgPool};

use best_available::Choosing;

pub use answers::{Answer, Availability, Confirmation};
pub use error::{Conflicts, ReservationError};
pub use persisting::{PersistError, PersistStep, Writer};
pub use recovery::RecoveryError;
pub use sweeping::SweepStep;

/// The use cases, with the stores they work on. Cheap to clone.
#[derive(Clone)]
pub struct Reservations {
    inventory: Inventory,
    combiner: Combiner,
    view: View,
    choosing: Choosing,
    gate: Arc<Gate>,
    locks: Locks,
    ledger: PgPool,
    /// For verifying Redis, on which everybody waits: the writers of all partitions, and everybody who
    /// reads, must not be able to keep it waiting.
    ledger_to_verify: PgPool,
    catalogue: Catalogue,
    persisted: Persisted,
    /// One place a partition, for whoever loads a concert in this process.
    opening: Arc<[Mutex<()>]>,
}

impl Reservations {
    /// The use cases over these stores. No claim goes through before
    /// [`verify`](Self::verify) has looked at Redis.
    pub fn new(
        inventory: Inventory,
        locks: Locks,
        ledger: PgPool,
        catalogue: Catalogue,
        persisted: Persisted,
    ) -> Self {
        let gate = Arc::new(Gate::new(inventory.partitions()));
        let opening = (0..inventory.partitions()).map(|_| Mutex::new(())).collect();
        let combiner = Combiner::new(inventory.clone(), Arc::clone(&gate));
        let view = View::new(inventory.clone());
        let choosing = Choosing::default();
        let ledger_to_verify = ledger::aside(&ledger);
        Self {
            inventory,
            combiner,
            view,
            choosing,
            gate,
            locks,
            ledger,
            ledger_to_verify,
            catalogue,
            persisted,
            opening,
        }
    }

    /// Whether claims can go through, as far as this process knows.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// What this process knows of the seats of concerts.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Whether Redis answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), InventoryError> {
        self.inventory.ping().await
    }

    /// The concerts that organisers change from now on.
    pub fn changes(&self) -> Changes {
        self.persisted.changes()
    }

    /// Locks, for the leases of the workers.
    pub fn locks(&self) -> &Locks {
        &self.locks
    }
}
