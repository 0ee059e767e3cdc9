//! The data folder: its names, its lock, and moving a finished file into place so that a crash leaves all or nothing.

use crate::{
    private,
    store::{Result, StoreError},
};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// Where the store is in its folder.
pub(super) fn file_of(dir: &Path) -> PathBuf {
    dir.join("school.db")
}

/// Where it is made, before it is whole.
pub(super) fn part_of(dir: &Path) -> PathBuf {
    dir.join("school.db.part")
}

/// What SQLite puts beside a file.
pub(super) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

pub(super) fn failed(what: &'static str) -> impl Fn(io::Error) -> StoreError {
    move |error| StoreError::Backend(format!("{what}: {error}"))
}

/// Makes a folder that only its owner may look into, and closes one that others could.
pub(super) fn make_private(dir: &Path) -> Result<()> {
    private::folder(dir).map_err(failed("the data folder cannot be made"))
}

/// A folder that is removed when it is dropped; in memory where the system can.
pub(super) fn in_memory() -> Result<TempDir> {
    let mut name = tempfile::Builder::new();
    let name = name.prefix("skolebro-");
    name.tempdir_in("/dev/shm").or_else(|_| name.tempdir()).map_err(failed("a temporary folder cannot be made"))
}

/// Makes an empty file for its owner alone, or closes the one that is there. Before SQLite opens it: what SQLite puts
/// beside it gets the same rights, and what it writes was never open.
pub(super) fn make_private_file(file: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map_err(failed("the file cannot be opened"))?;
    for suffix in ["", "-wal", "-shm"] {
        private::tighten(&beside(file, suffix), private::FILE);
    }
    Ok(())
}

/// Makes an empty file for its owner alone, where there is none.
pub(super) fn make_new_private_file(file: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(StoreError::Backend("another backup is just being made in that folder".to_owned()))
        }
        Err(error) => Err(failed("the file cannot be made")(error)),
    }
}

/// Held while a process has the folder. The system lets go of it when the process ends, however it ends.
///
/// A lock is on a file and not on its name, so the one of the lock file alone went with that file: removed, renamed or
/// copied over, it let a second server in. The folder's own cannot be removed while there is anything in it, and that of
/// the database goes wherever the database is moved. The lock file is kept for older versions, which know no other.
#[derive(Debug)]
pub(super) struct Lock {
    /// Nobody reads them; each holds its lock.
    files: Vec<File>,
    database: Option<File>,
}

impl Lock {
    pub fn take(dir: &Path) -> Result<Self> {
        let path = dir.join("school.lock");
        make_private_file(&path)?;
        let file = OpenOptions::new().write(true).open(path).map_err(failed("the lock file cannot be opened"))?;
        let mut lock = Self { files: Vec::new(), database: None };
        lock.hold(file)?;
        #[cfg(unix)]
        lock.hold(File::open(dir).map_err(failed("the data folder cannot be opened"))?)?;
        Ok(lock)
    }

    /// Holds the database itself, too. To be dropped after the last connection: closing any handle of a file lets go of
    /// SQLite's own locks on it. Only on Linux are those and this one strangers to each other.
    pub fn and(mut self, database: &Path) -> Result<Self> {
        let open = || OpenOptions::new().read(true).write(true).open(database);
        let file = open().map_err(failed("the file cannot be opened"))?;
        if cfg!(target_os = "linux") {
            held(&file)?;
        }
        self.database = Some(file);
        Ok(self)
    }

    /// The database's file as it was when the folder was taken, to be looked at and never closed.
    pub fn database(&self) -> Option<&File> {
        self.database.as_ref()
    }

    fn hold(&mut self, file: File) -> Result<()> {
        held(&file)?;
        self.files.push(file);
        Ok(())
    }
}

fn held(file: &File) -> Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) => Err(failed("the data folder cannot be locked")(error)),
    }
}

/// Removes an unfinished file and what SQLite put beside it.
pub(super) fn discard(part: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        match fs::remove_file(beside(part, suffix)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed("an unfinished file cannot be removed")(error)),
        }
    }
    Ok(())
}

/// Syncs a finished file, gives it its name, and syncs that.
pub(super) fn put_in_place(part: &Path, file: &Path) -> Result<()> {
    let writable = OpenOptions::new().write(true).open(part);
    writable.and_then(|part| part.sync_all()).map_err(failed("the file cannot be synced"))?;
    for suffix in ["-wal", "-shm", "-journal"] {
        // Empty by now, and ours; SQLite has usually removed them itself.
        let _ = fs::remove_file(beside(part, suffix));
    }
    fs::rename(part, file).map_err(failed("the file cannot get its name"))?;
    match file.parent() {
        Some(dir) => sync_folder(dir),
        None => Ok(()),
    }
}

#[cfg(unix)]
fn sync_folder(dir: &Path) -> Result<()> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(failed("the folder cannot be synced"))
}

#[cfg(not(unix))]
fn sync_folder(_dir: &Path) -> Result<()> {
    Ok(())
}
