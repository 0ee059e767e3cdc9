//! Moves what the log holds into the file, beside the writer: a commit that did it itself would keep everybody waiting
//! for two more syncs. It never decides what is committed, and nothing is lost when it does not come to run.

use super::{SqliteOptions, connection};
use crate::store::{Result, StoreError};
use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;
use std::{
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

/// Commits of that long are moved together; a page that they share is written once.
const GATHERING: Duration = Duration::from_millis(250);

#[derive(Debug, Default)]
struct Wanted {
    /// Something was committed since the last time.
    work: bool,
    end: bool,
}

#[derive(Debug, Default)]
struct Shared {
    wanted: Mutex<Wanted>,
    changed: Condvar,
}

/// A thread that ends when this is dropped.
#[derive(Debug)]
pub(super) struct Checkpointer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub fn start(path: &Path, options: &SqliteOptions) -> Result<Self> {
        let connection = connection::checkpointer(path, options)?;
        let shared = Arc::new(Shared::default());
        let run = {
            let shared = Arc::clone(&shared);
            move || run(&shared, &connection)
        };
        let thread = thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(run)
            .map_err(|error| StoreError::Backend(format!("a thread cannot be started: {error}")))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// To be called after each commit; it only leaves word.
    pub fn committed(&self) {
        let mut wanted = self.shared.wanted.lock();
        if !wanted.work {
            wanted.work = true;
            self.shared.changed.notify_one();
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.shared.wanted.lock().end = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It does not panic; and if it had, the log is still whole.
            let _ = thread.join();
        }
    }
}

fn run(shared: &Shared, connection: &Connection) {
    let mut wanted = shared.wanted.lock();
    loop {
        shared.changed.wait_while(&mut wanted, |wanted| !wanted.work && !wanted.end);
        shared.changed.wait_while_for(&mut wanted, |wanted| !wanted.end, GATHERING);
        if wanted.end {
            // Who closes the last connection moves the rest.
            return;
        }
        wanted.work = false;
        drop(wanted);
        // Passive: waits for nobody and nobody for it. What it leaves, the next one takes.
        if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            tracing::warn!(%error, "the log could not be moved into the file; it grows until it can");
        }
        wanted = shared.wanted.lock();
    }
}
