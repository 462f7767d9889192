//! Who waits where, and how many calls are on their way for them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::{Place, Told, Untold};
use crate::domain::limits::{COMMANDS_PER_BATCH_MAX, COMMANDS_WAITING_MAX};
use crate::inventory::commands::PackedCommand;

/// How many calls of a line may be on their way at once.
const CALLS_PER_LINE_MAX: usize = 2;

/// Who is told what came of a command.
pub(super) type Tell = oneshot::Sender<Result<Told, Untold>>;

/// A command, and who is told what came of it.
pub(super) struct Waiting {
    pub(super) command: PackedCommand,
    pub(super) tell: Tell,
}

/// Commands that travel together, and who is told what came of each.
pub(super) type Batch = (Vec<PackedCommand>, Vec<Tell>);

/// All lines: one for each concert and verb that anybody waits for, and for no other.
#[derive(Default)]
pub(super) struct Lines(Mutex<HashMap<Place, Line>>);

#[derive(Default)]
struct Line {
    waiting: VecDeque<Waiting>,
    calls: usize,
}

impl Lines {
    /// Puts a command at the end of its line. True if the caller has to begin to carry for it.
    pub(super) fn join(&self, place: Place, waiting: Waiting) -> Result<bool, Untold> {
        let mut lines = self.lock();
        let line = lines.entry(place).or_default();
        if line.waiting.len() >= COMMANDS_WAITING_MAX {
            return Err(Untold::Crowded);
        }
        line.waiting.push_back(waiting);
        let begins = line.calls < CALLS_PER_LINE_MAX;
        line.calls += usize::from(begins);
        Ok(begins)
    }

    /// The commands that travel next; none if nobody waits, and then the caller's turn is over.
    pub(super) fn take(&self, place: Place) -> Option<Batch> {
        let mut lines = self.lock();
        let line = lines.get_mut(&place)?;
        if line.waiting.is_empty() {
            line.calls -= 1;
            if line.calls == 0 {
                lines.remove(&place);
            }
            return None;
        }
        let count = line.waiting.len().min(COMMANDS_PER_BATCH_MAX);
        Some(line.waiting.drain(..count).map(|waiting| (waiting.command, waiting.tell)).unzip())
    }

    /// Takes all who wait out of their line: their commands are not sent.
    pub(super) fn clear(&self, place: Place) -> Vec<Tell> {
        let mut lines = self.lock();
        let waiting = lines.get_mut(&place).map(|line| std::mem::take(&mut line.waiting));
        waiting.into_iter().flatten().map(|waiting| waiting.tell).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Place, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
