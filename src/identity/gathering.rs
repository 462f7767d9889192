//! Guests' sessions that wait to be kept, many at a time: on the minute of a sale thousands of guests
//! confirm for the first time, and a transaction for each would cost PostgreSQL more than their sales do.
//!
//! Whoever comes first begins at once; who comes while that is under way is kept together with all others
//! who did. There is no timer.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use tokio::sync::oneshot;

use super::Sessions;
use crate::domain::limits::SESSIONS_PER_KEEPING_MAX;
use crate::ledger::sessions::KeptSession;

/// Who is told whether their session was kept.
type Tell = oneshot::Sender<bool>;

/// The sessions that wait. Cheap to clone; all clones share them.
#[derive(Clone, Default)]
pub(super) struct Gathering(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    waiting: Vec<(KeptSession, Tell)>,
    is_carried: bool,
}

impl Gathering {
    /// Adds a session. True if the caller has to begin to carry.
    fn join(&self, session: KeptSession, tell: Tell) -> bool {
        let mut state = self.lock();
        state.waiting.push((session, tell));
        !std::mem::replace(&mut state.is_carried, true)
    }

    /// Those that are kept next; none if nobody waits, and then nobody carries any more.
    fn take(&self) -> Option<(Vec<KeptSession>, Vec<Tell>)> {
        let mut state = self.lock();
        if state.waiting.is_empty() {
            state.is_carried = false;
            return None;
        }
        let count = state.waiting.len().min(SESSIONS_PER_KEEPING_MAX);
        Some(state.waiting.drain(..count).unzip())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sessions {
    /// Keeps a session with all others that wait; false if PostgreSQL or Redis could not be told.
    pub(super) async fn keep_with_others(&self, session: KeptSession) -> bool {
        let (tell, told) = oneshot::channel();
        if self.gathering.join(session, tell) {
            tokio::spawn(self.clone().carry());
        }
        told.await.unwrap_or(false)
    }

    async fn carry(self) {
        while let Some((sessions, tells)) = self.gathering.take() {
            // A panic must not take this turn along, or nobody would be kept any more.
            let kept = AssertUnwindSafe(self.keep_all(&sessions)).catch_unwind().await;
            let is_kept = matches!(kept, Ok(Ok(())));
            if let Ok(Err(error)) = kept {
                tracing::debug!(%error, sessions = sessions.len(), "sessions were not kept");
            }
            for tell in tells {
                // Who stopped waiting has noted that the session is owed.
                let _ = tell.send(is_kept);
            }
        }
    }
}
