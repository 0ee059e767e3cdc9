//! A phone's folder is for its owner: what others have made or left open there is closed to everybody else.
//!
//! Links are never followed to what they point at, and a folder that holds other things than a phone is not touched.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What core and the command line keep in a phone's folder. What comes after it (`-wal`, `.new`) belongs to it.
const OURS: &[&str] = &["outbox", "mirror", "token", "known", "server", "offline", "clock", "tried"];

fn is_ours(name: &str) -> bool {
    OURS.iter().any(|ours| name.strip_prefix(ours).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-'])))
}

/// Makes a folder that only its owner enters; one that is there stays as it is.
///
/// # Errors
/// It cannot be made.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Writes a file that only its owner reads, whole or not at all: beside it first, then in its place.
///
/// # Errors
/// It cannot be written; what stood there stands.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use io::Write;
    let beside = beside(path);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        // Renaming keeps the old one whole until the new one is.
        fs::rename(&beside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// One for each process: two that write at once do not write into each other's.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    PathBuf::from(name)
}

/// Reads a file. What is none (a pipe, which would be waited on; a folder) is as if it were not there.
///
/// # Errors
/// It is not there, or cannot be read.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.is_file() { fs::read(path) } else { Err(io::ErrorKind::NotFound.into()) }
}

/// Closes the folder and what is a phone's in it to everybody but the owner, and opens to the owner what was closed to
/// them too. Gives what is still open to others.
#[cfg(unix)]
pub(super) fn tighten(folder: &Path) -> Vec<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let mode_of = |path: &Path| fs::metadata(path).map(|about| about.permissions().mode());
    let is_open = |path: &Path| mode_of(path).is_ok_and(|mode| mode & 0o077 != 0);
    let is_shut = |path: &Path| mode_of(path).is_ok_and(|mode| mode & 0o400 == 0);
    let close = |path: &Path, mode: u32| {
        if is_open(path) || is_shut(path) {
            // What cannot be closed is told.
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode));
        }
    };
    let mut alone = true;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_str().is_some_and(is_ours);
        alone &= ours;
        if ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            close(&entry.path(), 0o600);
            files.push(entry.path());
        }
    }
    if alone {
        close(folder, 0o700);
    }
    if !is_open(folder) {
        // Nobody else gets at what is in it.
        return Vec::new();
    }
    let mut open = vec![folder.to_owned()];
    open.extend(files.into_iter().filter(|file| is_open(file)));
    open
}

#[cfg(not(unix))]
pub(super) fn tighten(_folder: &Path) -> Vec<PathBuf> {
    Vec::new()
}

/// What SQLite makes beside a database before it writes the first thing is as large.
const TRIED: usize = 64 * 1024;

/// Whether something can be written in a folder now, and if not, why.
pub(super) fn try_to_write(folder: &Path) -> io::Result<()> {
    let tried = folder.join("tried");
    let written = write(&tried, &[0; TRIED]);
    let _ = fs::remove_file(&tried);
    written
}
