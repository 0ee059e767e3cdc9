//! A school's truth in one SQLite file, `school.db` in the data folder: the default of a server that runs alone.
//!
//! One connection writes, a few read, each read in one snapshot. What a write acknowledges has been synced. One process
//! at a time has a data folder. Several schools share the file; every key begins with the school.

mod backup;
mod checkpoint;
mod codec;
mod connection;
mod folder;
mod heads;
mod reading;
mod schema;
mod transaction;
mod whole;
mod writing;

pub use backup::restore;

use super::{Reading, Result, Store, StoreError, Writing};
use checkpoint::Checkpointer;
use connection::{Readers, close_transaction};
use folder::Lock;
use parking_lot::Mutex;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use transaction::Transaction;

/// What a server may tune. `synchronous` is FULL and not among it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqliteOptions {
    /// How many reads run at once; at least one.
    pub readers: usize,
    /// How much of the file may be mapped, in bytes.
    pub mmap_bytes: i64,
    /// Page cache, in KiB, of the writer and of each reader.
    pub writer_cache_kib: i64,
    pub reader_cache_kib: i64,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { readers: 4, mmap_bytes: 1 << 30, writer_cache_kib: 6_144, reader_cache_kib: 1_024 }
    }
}

#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    options: SqliteOptions,
    // In the order that they are dropped: the writer closes last and tidies the file, then others may have the folder.
    readers: Readers,
    checkpointer: Checkpointer,
    /// None after a failed commit, until the next write opens it anew.
    writer: Mutex<Option<Connection>>,
    lock: Lock,
    /// None: the folder is another's, and stays.
    _own_folder: Option<TempDir>,
}

impl SqliteStore {
    /// Opens the data folder's store and makes both where they are not there.
    ///
    /// # Errors
    /// [`StoreError::InUse`]: another process has the folder. [`StoreError::Unreadable`]: the file is damaged, another
    /// program's or of a newer version; it is left as it is.
    pub fn open(dir: &Path, options: SqliteOptions) -> Result<Self> {
        folder::make_private(dir)?;
        let lock = Lock::take(dir)?;
        let path = folder::file_of(dir);
        folder::make_private_file(&path)?;
        let lock = lock.and(&path)?;
        let writer = connection::writer(&path, &options)?;
        let readers = Readers::open(&path, &options)?;
        let checkpointer = Checkpointer::start(&path, &options)?;
        Ok(Self { path, options, readers, checkpointer, writer: Mutex::new(Some(writer)), lock, _own_folder: None })
    }

    /// An empty store that goes with its end, for tests: in memory where the system has a folder there, and else among the
    /// temporary files. It is the same in everything else, so that what holds in it holds for a school.
    ///
    /// # Errors
    /// There is no folder to be had.
    pub fn temporary() -> Result<Self> {
        let folder = folder::in_memory()?;
        let store = Self::open(folder.path(), SqliteOptions::default())?;
        Ok(Self { _own_folder: Some(folder), ..store })
    }
}

fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
}

impl Store for SqliteStore {
    fn read(&self, work: &mut dyn FnMut(&dyn Reading) -> Result<()>) -> Result<()> {
        let borrowed = self.readers.take()?;
        let Some(connection) = borrowed.connection() else {
            return Err(StoreError::Backend("a reader without a connection".to_owned()));
        };
        // PostgreSQL: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY.
        connection.prepare_cached("BEGIN")?.execute([])?;
        // The transaction ends when the connection goes back.
        work(&Transaction::on(connection))
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn Writing) -> Result<()>) -> Result<()> {
        let mut place = self.writer.lock();
        // Taken out for the time being: a connection whose state is not known is not put back, nor is it after a panic.
        let connection = match place.take() {
            Some(connection) => connection,
            None => connection::writer(&self.path, &self.options)?,
        };
        let worked = connection
            .prepare_cached("BEGIN IMMEDIATE")
            .and_then(|mut begin| begin.execute([]))
            .map_err(StoreError::from)
            .and_then(|_| {
                let mut transaction = Transaction::on(&connection);
                work(&mut transaction)?;
                transaction.write_heads()
            })
            .and_then(|()| transaction::still_open(&connection));
        if let Err(error) = worked {
            if close_transaction(&connection) {
                *place = Some(connection);
            }
            return Err(error);
        }
        let committed = connection.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        match committed {
            Ok(_) => {
                *place = Some(connection);
                self.checkpointer.committed();
                Ok(())
            }
            // No room for the commit's last frame: it is not in the log, so once this is rolled back nothing happened and
            // what was there can still be read.
            Err(error) if is_full(&error) && close_transaction(&connection) => {
                *place = Some(connection);
                Err(StoreError::Backend(error.to_string()))
            }
            Err(error) => Err(StoreError::Doubtful(error.to_string())),
        }
    }

    fn look(&self) -> Result<()> {
        self.lock.database().map_or(Ok(()), |file| whole::look(&self.path, file))
    }

    fn backup(&self, to: &Path) -> Result<()> {
        backup::backup(&self.path, &self.options, to)
    }

    fn scrub(&self) -> Result<()> {
        let mut place = self.writer.lock();
        let connection = match place.take() {
            Some(connection) => connection,
            None => connection::writer(&self.path, &self.options)?,
        };
        let scrubbed = connection::scrub(&connection);
        if close_transaction(&connection) {
            *place = Some(connection);
        }
        scrubbed
    }
}
