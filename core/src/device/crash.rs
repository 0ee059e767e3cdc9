//! Where a phone can die: a hook for tests and the simulation. Without a hook it costs nothing and does nothing.
//!
//! A hook that answers `true` makes the operation stop with [`PhoneError::Died`], and every later one too, as if the
//! process had been killed there. Drop the phone and open its folder again to go on.

use super::error::PhoneError;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use strum::VariantArray;

/// A moment between two things that a phone does, named for what has just been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray)]
pub enum Step {
    /// Advice is given; nothing is written.
    SubmitAdvised,
    /// The command is in `outbox.db`; nobody has been told.
    SubmitKept,
    /// The batch is chosen; nothing is written or sent.
    SyncChosen,
    /// The batch is marked as sent; nothing is sent.
    SyncMarked,
    /// The answer is in memory only.
    SyncAnswered,
    /// Outcomes are in `outbox.db`; the page is not in `mirror.db`.
    SyncOutcomesKept,
    /// The page is in `mirror.db`.
    SyncPageKept,
    /// The mirror of the school has started over.
    SyncMirrorDropped,
    /// The login is over and the outbox sealed; the mirror is still there.
    Sealed,
    /// The mirror is wiped; the token is still there.
    Wiped,
    /// The server has enrolled this phone; nothing is written.
    EnrolAnswered,
    /// The token is in the secret store; `outbox.db` does not know of it.
    EnrolTokenKept,
}

impl Step {
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

/// Asked at each step; `true` kills.
pub type CrashPoint = Arc<dyn Fn(Step) -> bool + Send + Sync>;

pub(super) struct Crash {
    hook: Option<CrashPoint>,
    dead: AtomicBool,
}

impl Crash {
    pub fn new(hook: Option<CrashPoint>) -> Self {
        Self { hook, dead: AtomicBool::new(false) }
    }

    pub fn at(&self, step: Step) -> Result<(), PhoneError> {
        let Some(hook) = &self.hook else { return Ok(()) };
        if self.dead.load(Ordering::SeqCst) || hook(step) {
            self.dead.store(true, Ordering::SeqCst);
            return Err(PhoneError::Died(step));
        }
        Ok(())
    }
}
