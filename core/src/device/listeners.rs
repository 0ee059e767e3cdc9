//! Telling screens what has moved: small invalidations, current state first. Never called with a lock held.

use crate::domain::{ids::SchoolId, record::RecordKind, scope::Scope};
use parking_lot::Mutex;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Weak},
};

/// What to read again. Nothing is said of the content.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Change {
    /// All of it: the first call after `on_change`, and whenever the files have started over.
    Everything,
    /// Records of these kinds in these scopes.
    Records { school: SchoolId, scopes: BTreeSet<Scope>, kinds: BTreeSet<RecordKind> },
    /// Something in the outbox: queued, on its way, settled.
    Outbox,
    /// Who is signed in, or with which schools.
    Login,
}

type Callback = Arc<dyn Fn(&Change) + Send + Sync>;

#[derive(Default)]
pub(super) struct Listeners {
    next: Mutex<u64>,
    callbacks: Mutex<BTreeMap<u64, Callback>>,
}

impl Listeners {
    pub fn add(self: &Arc<Self>, callback: Callback) -> Subscription {
        let id = {
            let mut next = self.next.lock();
            *next += 1;
            *next
        };
        self.callbacks.lock().insert(id, callback.clone());
        callback(&Change::Everything);
        Subscription { id, listeners: Arc::downgrade(self) }
    }

    pub fn tell(&self, change: &Change) {
        if let Change::Records { scopes, kinds, .. } = change
            && scopes.is_empty()
            && kinds.is_empty()
        {
            return;
        }
        let callbacks: Vec<Callback> = self.callbacks.lock().values().cloned().collect();
        for callback in callbacks {
            callback(change);
        }
    }
}

/// Listens until it is dropped.
pub struct Subscription {
    id: u64,
    listeners: Weak<Listeners>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(listeners) = self.listeners.upgrade() {
            listeners.callbacks.lock().remove(&self.id);
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("id", &self.id).finish_non_exhaustive()
    }
}
