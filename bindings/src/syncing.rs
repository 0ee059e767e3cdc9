//! Keeping in step with the server: once, or by the loop on its own thread.

use crate::{
    cancellation::{self, Cancellation},
    error::{SkolebroError, words},
    object::Skolebro,
    open::{Open, Outcome, UnderWay},
    telling::Telling,
};
use skolebro_core::device::{PhoneError, SyncEnd, SyncLoop, SyncReport, Told, text::Refusal};
use std::{sync::Arc, time::Duration};

/// How the phone stands with the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct SyncState {
    /// The loop keeps it in step.
    pub running: bool,
    /// Just now.
    pub syncing: bool,
    /// How the last one went; none: there was none since opening, or it failed on this phone itself.
    pub last: Option<SyncReport>,
    /// Why the last one did not do all, where a person should know.
    pub trouble: Option<Refusal>,
}

#[uniffi::export]
impl Skolebro {
    /// Sends what is queued and pulls what is new, until there is no more of either or the deadline comes. Fits a background
    /// task.
    ///
    /// # Errors
    /// What goes wrong on this phone itself. What goes wrong on the way to the server is in the report's `ended`.
    #[uniffi::method(default(cancellation = None))]
    pub fn sync_once(
        &self,
        deadline: Duration,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<SyncReport, SkolebroError> {
        self.with(|open| {
            let phone = cancellation::phone(&open.phone, cancellation.as_ref());
            open.vault.refresh();
            let mut under_way = UnderWay::begin(&open.told);
            let report = phone.sync_once(deadline);
            under_way.outcome = Some(outcome(open, &report));
            drop(under_way);
            open.settled(report)
        })
    }

    /// Whatever waits for the network on this object now gives up at once, as each does whose own `Cancellation` is
    /// cancelled: a sync ends with `Cancelled`, any other call says so. What begins afterwards is not touched. What has
    /// reached the server settles at the next sync.
    pub fn cancel(&self) -> Result<(), SkolebroError> {
        self.with(|open| {
            open.phone.cancel();
            Ok(())
        })
    }

    /// Keeps in step from now on: when something is said, when the server pokes, and now and then. Once is enough.
    ///
    /// # Errors
    /// `Storage` if no thread can be started.
    pub fn start_sync(&self) -> Result<(), SkolebroError> {
        self.with(|open| {
            let start = || {
                let (weak, telling) = (Arc::downgrade(open), Telling::begin());
                let started = SyncLoop::start(&open.phone, move |told| {
                    // For as long as the loop's thread, which may be the last to let go of the host's store.
                    let _ = &telling;
                    let Some(open) = weak.upgrade() else { return };
                    match told {
                        Told::Begins => {
                            open.told.sync_begins();
                            open.vault.refresh();
                        }
                        Told::Ended(report) => {
                            let mut ends = UnderWay::of(&open.told);
                            ends.outcome = Some(outcome(&open, report));
                            drop(ends);
                            // Tried again after the next one.
                            let _ = open.vault.settle();
                        }
                    }
                })?;
                started.listen()?;
                Ok(started)
            };
            open.start_loop(start)
        })
    }

    /// Stops the loop, and what it waits for, and nobody else's call. Comes back when it has stopped, except on the loop's own
    /// thread, where the secret store may ask for it.
    pub fn stop_sync(&self) -> Result<(), SkolebroError> {
        self.with(|open| {
            open.stop_loop();
            Ok(())
        })
    }

    /// Lets the loop sync now: the app came to the front, or a push message arrived. Nothing where it is not running.
    pub fn sync_now(&self) -> Result<(), SkolebroError> {
        self.with(|open| {
            open.phone.wake();
            Ok(())
        })
    }

    /// How it stands; of a closed phone: that nothing runs.
    pub fn sync_state(&self) -> SyncState {
        self.with(|open| Ok(open.told.state())).unwrap_or_default()
    }
}

fn outcome(open: &Open, outcome: &Result<SyncReport, PhoneError>) -> Outcome {
    let said = |error: SkolebroError| words(&error, open.texts());
    match outcome {
        // Called off, or it never began: what was wrong before may be so still.
        Ok(report) if matches!(report.ended, SyncEnd::Busy | SyncEnd::Cancelled) => {
            Outcome { last: Some(report.clone()), trouble: None }
        }
        Ok(report) => Outcome { last: Some(report.clone()), trouble: Some(trouble(&report.ended).map(said)) },
        // The shell's own doing.
        Err(PhoneError::Suspended) => Outcome { last: None, trouble: None },
        Err(error) => Outcome { last: None, trouble: Some(Some(said(SkolebroError::seen(error, None)))) },
    }
}

/// What a sync that did not do all is to be called; none: nothing that a person need know.
fn trouble(ended: &SyncEnd) -> Option<SkolebroError> {
    Some(match ended {
        SyncEnd::Complete | SyncEnd::OutOfTime | SyncEnd::Busy | SyncEnd::Cancelled => return None,
        SyncEnd::Offline => SkolebroError::Offline,
        SyncEnd::Untrusted => SkolebroError::Untrusted,
        SyncEnd::Timeout => SkolebroError::Timeout,
        SyncEnd::Garbled => SkolebroError::Garbled,
        SyncEnd::Refused { problem, retry_after, .. } => {
            SkolebroError::Refused { code: problem.code, retry_after: *retry_after }
        }
        SyncEnd::TooOld => {
            SkolebroError::Refused { code: skolebro_core::protocol::ProblemCode::TooOld, retry_after: None }
        }
        SyncEnd::SignedOut(standing) => SkolebroError::NotSignedIn { standing: *standing },
    })
}
