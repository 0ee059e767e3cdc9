//! A store in memory: for tests, and the yardstick that the others are held to. It must never be what a school runs on.
//!
//! The writer works on a copy of its own, with a log of what it did and how to undo it. A commit plays the log on the
//! published copy, which readers hold by reference count: a reader's snapshot never moves, and nobody waits for it.

mod reading;
mod state;
mod writing;

use super::{Reading, Result, Store, StoreError, Writing};
use parking_lot::{Mutex, RwLock};
use state::State;
use std::{path::Path, sync::Arc};
use uuid::Uuid;
use writing::{Transaction, Working};

#[derive(Debug)]
pub struct MemoryStore {
    published: RwLock<Arc<State>>,
    /// One writer at a time.
    working: Mutex<Working>,
}

impl MemoryStore {
    /// An empty store with an epoch of its own.
    pub fn new() -> Self {
        let state = State { epoch: Uuid::now_v7(), ..State::default() };
        Self { published: RwLock::new(Arc::new(state.clone())), working: Mutex::new(Working::new(state)) }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for MemoryStore {
    fn read(&self, work: &mut dyn FnMut(&dyn Reading) -> Result<()>) -> Result<()> {
        let snapshot = Arc::clone(&self.published.read());
        work(snapshot.as_ref())
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn Writing) -> Result<()>) -> Result<()> {
        let mut working = self.working.lock();
        let mut transaction = Transaction::begin(&mut working);
        work(&mut transaction)?;
        // Only a state that a reader still holds is copied.
        transaction.commit(Arc::make_mut(&mut self.published.write()));
        Ok(())
    }

    fn backup(&self, _to: &Path) -> Result<()> {
        Err(StoreError::Backend("a store in memory has nothing to back up".to_owned()))
    }

    fn scrub(&self) -> Result<()> {
        Ok(())
    }
}
