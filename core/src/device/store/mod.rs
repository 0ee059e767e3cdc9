//! The phone's two files in one folder. `outbox.db` is precious: synchronous=FULL, migrated forwards only, never
//! deleted. `mirror.db` is disposable: when it is damaged or of another form, it starts over.
//!
//! One writer each, and a few `query_only` readers of the mirror, so that a screen never waits for a commit.

pub(super) mod columns;
pub(super) mod entry;
pub(super) mod mirror;
pub(super) mod outbox;
pub(super) mod reader;
mod schema;

use super::error::{PhoneError, is_damage};
use chrono::{DateTime, Utc};
use mirror::Mirror;
use outbox::Outbox;
use parking_lot::Mutex;
use reader::{Reader, ReaderPool};
use rusqlite::{Connection, OpenFlags, config::DbConfig};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

const OUTBOX: &str = "outbox.db";
const MIRROR: &str = "mirror.db";

/// Another process may have the folder open too (`skolebro watch` beside `skolebro sick`); its commits are short.
const BUSY: Duration = Duration::from_secs(5);

/// Dropped in this order: the readers before the writer, which takes the journal along if it is the last.
#[derive(Debug)]
pub(super) struct Files {
    readers: Arc<ReaderPool>,
    pub outbox: Mutex<Outbox>,
    pub mirror: Mutex<Mirror>,
}

impl Files {
    /// Opens both files, makes them where they are not, and starts the mirror over if it must.
    ///
    /// # Errors
    /// [`PhoneError::OutboxDamaged`] after putting the damaged files aside, [`PhoneError::OutboxTooNew`], or the folder
    /// cannot be written.
    pub fn open(folder: &Path, now: DateTime<Utc>) -> Result<Self, PhoneError> {
        fs::create_dir_all(folder)?;
        let outbox = match Outbox::open(&folder.join(OUTBOX)) {
            Err(error) if error.is_damage() => return Err(put_aside(folder, now)?),
            other => other?,
        };
        let path = folder.join(MIRROR);
        let mirror = match Mirror::open(&path) {
            Err(error) if error.is_damage() => {
                remove(folder, MIRROR)?;
                Mirror::open(&path)?
            }
            other => other?,
        };
        Ok(Self { outbox: Mutex::new(outbox), mirror: Mutex::new(mirror), readers: Arc::new(ReaderPool::new(path)) })
    }

    /// A read connection in a transaction of its own: what it reads is of one moment.
    pub fn reader(&self) -> Result<Reader, PhoneError> {
        ReaderPool::lend(&self.readers)
    }
}

/// Removes the mirror's files. Only between closing and opening.
pub(super) fn start_mirror_over(folder: &Path) -> Result<(), PhoneError> {
    remove(folder, MIRROR)
}

/// Damaged outboxes that were put aside here, oldest first.
pub(super) fn kept_aside(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let named = |path: &PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|n| n.starts_with("outbox-damaged-") && n.ends_with(".db"))
    };
    let mut kept: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(named).collect();
    kept.sort();
    kept
}

fn put_aside(folder: &Path, now: DateTime<Utc>) -> Result<PhoneError, PhoneError> {
    let mut stamp = now.timestamp_millis();
    let kept = loop {
        let kept = folder.join(format!("outbox-damaged-{stamp}.db"));
        if !kept.exists() {
            break kept;
        }
        stamp += 1;
    };
    // The journal first: without its database it is still known by its name; the other way round it would be replayed
    // into a new one.
    for ending in ["-wal", "-shm", ""] {
        let from = folder.join(format!("{OUTBOX}{ending}"));
        if from.exists() {
            fs::rename(from, folder.join(format!("outbox-damaged-{stamp}.db{ending}")))?;
        }
    }
    Ok(PhoneError::OutboxDamaged { kept })
}

fn remove(folder: &Path, name: &str) -> Result<(), PhoneError> {
    for ending in ["", "-wal", "-shm"] {
        match fs::remove_file(folder.join(format!("{name}{ending}"))) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn connect(path: &Path, synchronous: &str) -> Result<Connection, PhoneError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    // What is deleted is overwritten, not only unlinked within the file.
    connection.pragma_update(None, "secure_delete", "ON")?;
    // On Apple's systems a plain fsync does not reach the disk. No effect elsewhere.
    connection.pragma_update(None, "fullfsync", "ON")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    Ok(connection)
}

fn connect_reader(path: &Path) -> Result<Connection, PhoneError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "query_only", "ON")?;
    // A screen may outlive the file: at its closing it must not touch the journal of the one that stands there by then.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "mmap_size", 64 << 20)?;
    Ok(connection)
}

/// The file says of itself that it is whole. Reads it all: for the outbox, which is small and precious.
fn check_whole(connection: &Connection) -> Result<(), PhoneError> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(damaged()) }
}

fn damaged() -> PhoneError {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    let error = rusqlite::Error::SqliteFailure(code, None);
    debug_assert!(is_damage(&error));
    error.into()
}
