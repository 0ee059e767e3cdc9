//! The data folder: its names, its lock, and moving a finished file into place so that a crash leaves all or nothing.

use crate::store::{Result, StoreError};
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

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
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(failed("the data folder cannot be made"))?;
    tighten(dir, 0o700);
    Ok(())
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
        tighten(&beside(file, suffix), 0o600);
    }
    Ok(())
}

/// Whoever could look in has perhaps looked in: the operator should hear of it. A folder that another account owns
/// (a mounted volume) cannot be closed; the files in it can.
#[cfg(unix)]
fn tighten(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(found) = fs::metadata(path) else { return };
    if found.permissions().mode() & 0o077 == 0 {
        return;
    }
    let name = path.file_name().unwrap_or_default();
    match fs::set_permissions(path, fs::Permissions::from_mode(mode)) {
        Ok(()) => tracing::warn!(?name, "others than its owner could open it; now only its owner can"),
        Err(error) => tracing::error!(?name, %error, "others than its owner can open it, and it cannot be closed"),
    }
}

#[cfg(not(unix))]
fn tighten(_path: &Path, _mode: u32) {}

/// Held while a process has the folder. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub fn take(dir: &Path) -> Result<Self> {
        let path = dir.join("school.lock");
        make_private_file(&path)?;
        let file = OpenOptions::new().write(true).open(path).map_err(failed("the lock file cannot be opened"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(failed("the lock file cannot be locked")(error)),
        }
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
