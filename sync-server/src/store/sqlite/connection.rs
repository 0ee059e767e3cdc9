//! Opening connections, and the small pool of readers. A reader never goes back to the pool inside a transaction.

use super::{SqliteOptions, schema};
use crate::store::{Result, StoreError};
use parking_lot::{Condvar, Mutex};
use rusqlite::{Connection, OpenFlags, config::DbConfig};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// More statements than there are, so that none is prepared twice.
const STATEMENTS: usize = 96;
/// Somebody may look at the file with another program: we wait that long for it, and not for ever.
const PATIENCE: Duration = Duration::from_secs(5);
/// 64 MB of 4 kB pages. The checkpointer keeps up with all but the newest; at this length a commit moves those itself,
/// so that the log can begin from the start again under a load that never pauses.
const CHECKPOINT_PAGES: i64 = 16_000;
const LARGEST_IDLE_WAL: i64 = 64 << 20;

fn connect(path: &Path, flags: OpenFlags, options: &SqliteOptions) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(PATIENCE)?;
    // A statement is planned once, whatever is bound to it later. Otherwise SQLite plans many of them anew on each run.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "mmap_size", options.mmap_bytes)?;
    Ok(connection)
}

/// The one that writes. Whatever is acknowledged has been synced: FULL, and never anything less.
pub(super) fn writer(path: &Path, options: &SqliteOptions) -> Result<Connection> {
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, options)?;
    // Before anything is written: a file that is not ours stays as it is.
    schema::check(&connection)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    sync_fully(&connection)?;
    // What is deleted is overwritten, not only unlinked within the file.
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -options.writer_cache_kib)?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", LARGEST_IDLE_WAL, |_| Ok(()))?;
    schema::migrate(&mut connection)?;
    // A commit that failed half-way may have left whole frames behind the log's end, which a later recovery would take
    // for committed. One commit of our own lies over them, so that what is read from here on is what stays.
    connection.execute("UPDATE identity SET openings = openings + 1 WHERE one = 1", [])?;
    Ok(connection)
}

fn sync_fully(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    // On Apple's systems a plain fsync does not reach the disk.
    connection.pragma_update(None, "fullfsync", true)?;
    Ok(connection.pragma_update(None, "checkpoint_fullfsync", true)?)
}

/// Writes the file anew, without what has been erased, and empties the log. Deleting overwrites already; what stays is what
/// SQLite moved from page to page before it was deleted, what older versions left, and the log's older frames.
pub(super) fn scrub(connection: &Connection) -> Result<()> {
    connection.execute_batch("VACUUM")?;
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    match busy {
        0 => Ok(()),
        _ => Err(StoreError::Backend("a reader kept the log from being emptied".to_owned())),
    }
}

/// The one that moves the log into the file; see checkpoint.rs.
pub(super) fn checkpointer(path: &Path, options: &SqliteOptions) -> Result<Connection> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, options)?;
    sync_fully(&connection)?;
    Ok(connection)
}

pub(super) fn reader(path: &Path, options: &SqliteOptions) -> Result<Connection> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, options)?;
    connection.pragma_update(None, "cache_size", -options.reader_cache_kib)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// A place is empty when its connection had to be thrown away; who takes it opens a new one.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    options: SqliteOptions,
    idle: Mutex<Vec<Option<Connection>>>,
    returned: Condvar,
}

impl Readers {
    pub fn open(path: &Path, options: &SqliteOptions) -> Result<Self> {
        let connections =
            (0..options.readers.max(1)).map(|_| reader(path, options).map(Some)).collect::<Result<_>>()?;
        Ok(Self { path: path.to_owned(), options: *options, idle: Mutex::new(connections), returned: Condvar::new() })
    }

    /// Waits for a place.
    pub fn take(&self) -> Result<Borrowed<'_>> {
        let mut idle = self.idle.lock();
        let place = loop {
            match idle.pop() {
                Some(place) => break place,
                None => self.returned.wait(&mut idle),
            }
        };
        drop(idle);
        // From here on the place goes back, whatever happens.
        let mut borrowed = Borrowed { readers: self, connection: place };
        if borrowed.connection.is_none() {
            borrowed.connection = Some(reader(&self.path, &self.options)?);
        }
        Ok(borrowed)
    }
}

pub(super) struct Borrowed<'r> {
    readers: &'r Readers,
    connection: Option<Connection>,
}

impl Borrowed<'_> {
    /// There is one from [`Readers::take`] until the drop.
    pub fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let connection = self.connection.take().filter(close_transaction);
        self.readers.idle.lock().push(connection);
        self.readers.returned.notify_one();
    }
}

/// Whether no transaction is open any more.
pub(super) fn close_transaction(connection: &Connection) -> bool {
    if !connection.is_autocommit() {
        // What matters is the state afterwards.
        let _ = connection.prepare_cached("ROLLBACK").and_then(|mut rollback| rollback.execute([]));
    }
    connection.is_autocommit()
}
