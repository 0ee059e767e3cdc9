//! Keeping in step with the server: once, or by the loop on its own thread.

use crate::{
    cancellation::{self, Cancellation},
    error::{SkolebroError, words},
    object::Skolebro,
    open::{Open, Outcome, UnderWay},
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
            open.vault.refresh();
            let mut under_way = UnderWay::begin(&open.told);
            let report = cancellation::phone(&open.phone, cancellation.as_ref()).sync_once(deadline);
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
            let mut stepping = open.stepping.lock();
            if stepping.is_none() {
                let weak = Arc::downgrade(open);
                let started = SyncLoop::start(&open.phone, move |told| {
                    let Some(open) = weak.upgrade() else { return };
                    match told {
                        Told::Begins => {
                            open.vault.refresh();
                            open.told.sync_begins();
                        }
                        Told::Ended(report) => {
                            open.told.sync_ends(Some(outcome(&open, report)));
                            // Tried again after the next one.
                            let _ = open.vault.settle();
                        }
                    }
                });
                let started = started.map_err(|error| open.error(error))?;
                started.listen().map_err(|error| open.error(error))?;
                *stepping = Some(started);
                open.told.runs(true);
            }
            Ok(())
        })
    }

    /// Stops the loop, and what it waits for. Comes back when it has stopped.
    pub fn stop_sync(&self) -> Result<(), SkolebroError> {
        self.with(|open| {
            let stepping = open.stepping.lock().take();
            if let Some(stepping) = stepping {
                stepping.ask_to_stop();
                open.phone.cancel();
                stepping.stop();
                open.told.runs(false);
            }
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
        self.opened().map(|open| open.told.state()).unwrap_or_default()
    }
}

fn outcome(open: &Open, outcome: &Result<SyncReport, PhoneError>) -> Outcome {
    let texts = open.texts();
    let (last, trouble) = match outcome {
        Ok(report) => (Some(report.clone()), trouble(&report.ended).map(|error| words(&error, texts))),
        Err(error) => {
            let detail = error.to_string();
            (None, Some(words(&SkolebroError::Storage { detail }, texts)))
        }
    };
    Outcome { last, trouble }
}

/// What a sync that did not do all is to be called; none: nothing that a person need know.
fn trouble(ended: &SyncEnd) -> Option<SkolebroError> {
    Some(match ended {
        SyncEnd::Complete | SyncEnd::OutOfTime | SyncEnd::Busy | SyncEnd::Cancelled => return None,
        SyncEnd::Offline => SkolebroError::Offline,
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
