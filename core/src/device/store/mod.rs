//! The phone's two files in one folder. `outbox.db` is precious: synchronous=FULL, migrated forwards only, never
//! deleted. `mirror.db` is disposable: when it is damaged or of another form, it starts over.
//!
//! One writer each, and a few `query_only` readers of the mirror, so that a screen never waits for a commit. Where nothing
//! can be written (a full disk, a read-only one), what is here is read all the same.

pub(super) mod columns;
pub(super) mod entry;
pub(super) mod mirror;
pub(super) mod outbox;
pub(super) mod reader;
mod schema;

use super::{
    error::{CannotKeep, PhoneError, is_damage},
    private,
};
use chrono::{DateTime, Utc};
use mirror::Mirror;
use outbox::Outbox;
use parking_lot::Mutex;
use reader::{ReadFrom, Reader, ReaderPool};
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
    /// Why nothing can be written; none: it can.
    only_read: Option<CannotKeep>,
}

impl Files {
    /// Opens both files, makes them where they are not, and starts the mirror over if it must. Where nothing can be written,
    /// they are opened to be read.
    ///
    /// # Errors
    /// [`PhoneError::OutboxDamaged`] after putting the damaged files aside, [`PhoneError::OutboxGone`],
    /// [`PhoneError::OutboxTooNew`], or the folder can be neither written nor read.
    pub fn open(folder: &Path, now: DateTime<Utc>) -> Result<Self, PhoneError> {
        match Self::open_to_write(folder, now) {
            Err(error) => match why_not(folder, &error) {
                Some(why) => Self::open_to_read(folder, why).map_err(|_| PhoneError::CannotKeep(why)),
                None => Err(error),
            },
            opened => opened,
        }
    }

    fn open_to_write(folder: &Path, now: DateTime<Utc>) -> Result<Self, PhoneError> {
        private::make_folder(folder)?;
        let (outbox, mirror) = (folder.join(OUTBOX), folder.join(MIRROR));
        let gone = is_empty(&outbox) && is_somebodys(&mirror);
        if outbox.is_dir() {
            return Err(begin_anew(folder, now)?);
        }
        let outbox = match Outbox::open(&outbox) {
            Err(error) if error.is_damage() => return Err(begin_anew(folder, now)?),
            other => other?,
        };
        if gone {
            // Said once: from now on there is one.
            return Err(PhoneError::OutboxGone);
        }
        if mirror.is_dir() {
            fs::rename(&mirror, aside(folder, "mirror", now))?;
        }
        let held = match Mirror::open(&mirror) {
            Err(error) if error.is_damage() => {
                remove(folder, MIRROR)?;
                Mirror::open(&mirror)?
            }
            other => other?,
        };
        let readers = Arc::new(ReaderPool::new(ReadFrom::Written(mirror)));
        Ok(Self { outbox: Mutex::new(outbox), mirror: Mutex::new(held), readers, only_read: None })
    }

    fn open_to_read(folder: &Path, why: CannotKeep) -> Result<Self, PhoneError> {
        let outbox = Outbox::open_to_read(&folder.join(OUTBOX))?;
        let owner = outbox.who()?.map(|who| who.mirror_owner());
        let path = folder.join(MIRROR);
        // Another person's may stand there still, where a phone was killed as somebody signed in.
        let held = Mirror::open_to_read(&path).ok().filter(|mirror| mirror.owner().is_ok_and(|held| held == owner));
        let (mirror, from) = match held {
            Some(mirror) => (mirror, ReadFrom::Unwritten(path)),
            None => (Mirror::empty()?, ReadFrom::Nothing),
        };
        let readers = Arc::new(ReaderPool::new(from));
        Ok(Self { outbox: Mutex::new(outbox), mirror: Mutex::new(mirror), readers, only_read: Some(why) })
    }

    /// Why nothing can be written; none: it can.
    pub fn only_read(&self) -> Option<CannotKeep> {
        self.only_read
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

/// Why nothing can be written in the folder, where that is what an error may come from.
fn why_not(folder: &Path, error: &PhoneError) -> Option<CannotKeep> {
    let said = error.cannot_keep()?;
    // SQLite says "disk I/O error" of many things: the folder and the files themselves know better.
    match private::try_to_write(folder) {
        Err(error) => Some(CannotKeep::of_io(&error).unwrap_or(said)),
        Ok(()) if said == CannotKeep::Other => Some(may_not_be_opened(folder).unwrap_or(said)),
        Ok(()) => Some(said),
    }
}

fn may_not_be_opened(folder: &Path) -> Option<CannotKeep> {
    let open = |file| fs::OpenOptions::new().read(true).write(true).open(folder.join(file));
    [OUTBOX, MIRROR].into_iter().find_map(|file| CannotKeep::of_io(&open(file).err()?))
}

/// Not there, or with nothing in it.
fn is_empty(path: &Path) -> bool {
    fs::metadata(path).map_or(true, |about| about.is_file() && about.len() == 0)
}

/// Whether a mirror is there, and somebody has enrolled to it.
fn is_somebodys(mirror: &Path) -> bool {
    !is_empty(mirror) && Mirror::open_to_read(mirror).is_ok_and(|mirror| matches!(mirror.owner(), Ok(Some(_))))
}

/// A name under which nothing stands yet.
fn aside(folder: &Path, name: &str, now: DateTime<Utc>) -> PathBuf {
    let mut stamp = now.timestamp_millis();
    loop {
        let kept = folder.join(format!("{name}-damaged-{stamp}.db"));
        if !kept.exists() {
            return kept;
        }
        stamp += 1;
    }
}

/// Puts the damaged outbox aside, and an empty one in its place: what is told of it is told once.
fn begin_anew(folder: &Path, now: DateTime<Utc>) -> Result<PhoneError, PhoneError> {
    let damaged = put_aside(folder, now)?;
    Outbox::open(&folder.join(OUTBOX))?;
    Ok(damaged)
}

fn put_aside(folder: &Path, now: DateTime<Utc>) -> Result<PhoneError, PhoneError> {
    let kept = aside(folder, "outbox", now);
    // The journal first: without its database it is still known by its name; the other way round it would be replayed
    // into a new one.
    for ending in ["-wal", "-shm", ""] {
        let from = folder.join(format!("{OUTBOX}{ending}"));
        if from.exists() {
            let mut to = kept.as_os_str().to_owned();
            to.push(ending);
            fs::rename(from, to)?;
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

/// For reading alone: nothing is made beside the file, and nothing in it changes.
fn connect_to_read(path: &Path) -> Result<Connection, PhoneError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let plainly = || {
        let connection = Connection::open_with_flags(path, flags)?;
        touch(&connection)?;
        Ok::<_, rusqlite::Error>(connection)
    };
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    // What was written last is in the journal, where a process has died and left one. Without one, SQLite would make it.
    let connection = match plainly() {
        Ok(connection) if !is_empty(Path::new(&journal)) => connection,
        Ok(_) | Err(_) => {
            let connection = Connection::open_with_flags(unchanging(path), flags)?;
            touch(&connection)?;
            connection
        }
    };
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "query_only", "ON")?;
    Ok(connection)
}

fn touch(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
}

/// The path as a URI that tells SQLite to look for no journal and take no lock.
fn unchanging(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri.push_str("?immutable=1");
    uri
}

/// What was deleted must not stay in the journal either. As far as it goes: whoever reads at this moment is not waited for,
/// and the next time empties it.
fn empty_the_log(connection: &Connection) {
    let _ = connection.busy_timeout(Duration::ZERO);
    let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    let _ = connection.busy_timeout(BUSY);
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
