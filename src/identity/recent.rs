//! Sessions that were looked up within the last second, so that a claim costs no round trip for its
//! session. That a session has ended is noticed at once by the process that ended it, and by all
//! others when this second is over.

use std::time::Duration;

use moka::sync::Cache;

use super::Session;
use super::secret::Hash;
use crate::domain::limits::SESSIONS_AT_HAND_MAX;

/// How long a session is taken to be as it was found: half of what ending one everywhere may take.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// What was found. Cheap to clone; all clones share it.
#[derive(Clone)]
pub(super) struct Recent(Cache<Hash, Session>);

impl Default for Recent {
    fn default() -> Self {
        let sessions = Cache::builder().max_capacity(SESSIONS_AT_HAND_MAX);
        Self(sessions.time_to_live(FRESH_FOR).build())
    }
}

impl Recent {
    pub(super) fn find(&self, hash: &Hash) -> Option<Session> {
        self.0.get(hash)
    }

    pub(super) fn remember(&self, session: Session) {
        self.0.insert(session.hash, session);
    }

    pub(super) fn forget(&self, hash: &Hash) {
        self.0.invalidate(hash);
    }
}
