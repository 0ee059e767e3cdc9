//! A listener that writes down what it is told, in order, and notices if it is told two things at once.

use super::shown::{in_a_word, snake};
use crate::library::{Change, ChangeListener, ListenerError, Subscription, SyncListener, SyncState};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering::SeqCst},
};

#[derive(Debug, Default)]
pub struct Heard {
    told: Mutex<Vec<String>>,
    busy: AtomicBool,
    overlapped: AtomicBool,
}

impl Heard {
    pub fn so_far(&self) -> Vec<String> {
        assert!(!self.overlapped.load(SeqCst), "it was told two things at once");
        self.told.lock().unwrap().clone()
    }

    fn hear(&self, what: String) {
        if self.busy.swap(true, SeqCst) {
            self.overlapped.store(true, SeqCst);
        }
        self.told.lock().unwrap().push(what);
        self.busy.store(false, SeqCst);
    }
}

/// What was told, and what it is told by, until that is cancelled.
pub struct Listening {
    pub heard: Arc<Heard>,
    pub subscription: Option<Arc<Subscription>>,
}

pub struct Listener(pub Arc<Heard>);

impl ChangeListener for Listener {
    fn changed(&self, change: Change) -> Result<(), ListenerError> {
        self.0.hear(snake(&change));
        Ok(())
    }
}

impl SyncListener for Listener {
    fn changed(&self, state: SyncState) -> Result<(), ListenerError> {
        self.0.hear(in_a_word(&state));
        Ok(())
    }
}
