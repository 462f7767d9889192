//! The connections of a crowd: fewer than people, as there are behind any proxy.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::rush::{Buyer, Client};

/// Clients that whoever asks next may use. Cheap to clone; all clones share them.
#[derive(Clone)]
pub(super) struct Clients {
    idle: Arc<Mutex<Vec<Client>>>,
    turns: Arc<Semaphore>,
}

/// A buyer with a client to ask with, until this is dropped.
pub(super) struct Lent<'a> {
    /// The buyer.
    pub buyer: &'a mut Buyer,
    clients: &'a Clients,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Clients {
    pub(super) fn new(clients: Vec<Client>) -> Self {
        let turns = Arc::new(Semaphore::new(clients.len()));
        Self { idle: Arc::new(Mutex::new(clients)), turns }
    }

    /// Lends a client to a buyer, as soon as one is idle.
    pub(super) async fn lend<'a>(&'a self, buyer: &'a mut Buyer) -> Lent<'a> {
        // The semaphore is never closed, and there are as many turns as clients.
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok();
        let client = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(client) = client {
            *buyer.client() = client;
        }
        Lent { buyer, clients: self, _turn: turn }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let client = self.buyer.client().take();
        self.clients.idle.lock().unwrap_or_else(PoisonError::into_inner).push(client);
    }
}
