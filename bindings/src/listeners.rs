//! Listening: the current state first, then every change, in order, from one thread of this library.

use crate::{
    error::SkolebroError,
    object::Skolebro,
    open::{Open, Told},
    syncing::SyncState,
    telling::{self, Listener},
};
use skolebro_core::device::Change;
use std::{
    fmt,
    sync::{Arc, Weak},
    time::Duration,
};

/// A listener failed. It hears the next change all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    #[error("the listener failed")]
    Failed { detail: String },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { detail: "failed in a way that it does not know itself".to_owned() }
    }
}

/// Hears what to read again. It may call the phone, also to shut it down; it should not take long.
#[uniffi::export(with_foreign)]
pub trait ChangeListener: Send + Sync {
    fn changed(&self, change: Change) -> Result<(), ListenerError>;
}

/// Hears how the phone stands with the server.
#[uniffi::export(with_foreign)]
pub trait SyncListener: Send + Sync {
    fn changed(&self, state: SyncState) -> Result<(), ListenerError>;
}

enum Kind {
    Changes(Arc<Listener<Change>>),
    States(Arc<Listener<SyncState>>),
}

/// Listens until it is cancelled or let go of.
#[derive(uniffi::Object)]
pub struct Subscription {
    told: Weak<Told>,
    kind: Kind,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subscription(…)")
    }
}

#[uniffi::export]
impl Subscription {
    /// No call begins after this. One that is under way on the library's thread is not waited for, since it may itself be
    /// waiting for whoever cancels.
    pub fn cancel(&self) {
        match &self.kind {
            Kind::Changes(listener) => {
                listener.cancel();
                if let Some(told) = self.told.upgrade() {
                    told.changes.remove(&told.teller, listener);
                }
            }
            Kind::States(listener) => {
                listener.cancel();
                if let Some(told) = self.told.upgrade() {
                    told.states.remove(&told.teller, listener);
                }
            }
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.cancel();
    }
}

#[uniffi::export]
impl Skolebro {
    /// What has changed, to be read again: `Everything` first.
    ///
    /// # Errors
    /// `Storage` if no thread can be started.
    pub fn on_change(&self, listener: Arc<dyn ChangeListener>) -> Result<Arc<Subscription>, SkolebroError> {
        self.with(|open| {
            let told = telling(open)?;
            let tell = move |change: Option<Change>| {
                let _ = listener.changed(change.unwrap_or(Change::Everything));
            };
            let kind = Kind::Changes(told.changes.add(&told.teller, Box::new(tell)));
            Ok(Arc::new(Subscription { told: Arc::downgrade(told), kind }))
        })
    }

    /// How the phone stands with the server: how it stands now first.
    ///
    /// # Errors
    /// `Storage` if no thread can be started.
    pub fn on_sync(&self, listener: Arc<dyn SyncListener>) -> Result<Arc<Subscription>, SkolebroError> {
        self.with(|open| {
            let told = telling(open)?;
            let now = Arc::downgrade(told);
            let tell = move |state: Option<SyncState>| {
                let now = || now.upgrade().map(|told| told.state());
                if let Some(state) = state.or_else(now) {
                    let _ = listener.changed(state);
                }
            };
            let kind = Kind::States(told.states.add(&told.teller, Box::new(tell)));
            Ok(Arc::new(Subscription { told: Arc::downgrade(told), kind }))
        })
    }
}

/// Waits until no listener and no secret store of any phone in this process can be called any more: all phones are shut
/// down, and what was under way has come back. False: not by the deadline. For a host whose runtime ends before its process
/// does, as Python's: a call into it then would take the process down. Never from a listener or a store.
#[uniffi::export]
pub fn wait_for_callbacks(deadline: Duration) -> bool {
    telling::wait(deadline)
}

fn telling(open: &Open) -> Result<&Arc<Told>, SkolebroError> {
    if open.told.teller.start() {
        return Ok(&open.told);
    }
    Err(SkolebroError::Storage { detail: "no thread can be started".to_owned() })
}
