//! Whether the file is there and whole, seen from outside: its first hundred bytes say how long it is. A file that was cut
//! off answers from memory for hours what its missing pages no longer hold.

use super::folder;
use crate::store::{Result, StoreError};
use std::{
    fs::{self, File},
    io,
    path::Path,
    thread,
    time::Duration,
};

/// A log that is being moved into the file writes the first page first; that is over in a moment.
const LOOKS: usize = 50;
const BETWEEN: Duration = Duration::from_millis(10);

/// `file` is the handle that the store keeps: opening and closing another would let go of SQLite's locks.
pub(super) fn look(path: &Path, file: &File) -> Result<()> {
    let missing = folder::failed("the database's file is not there any more");
    let there = fs::metadata(path).map_err(missing)?;
    let held = file.metadata().map_err(folder::failed("the database's file cannot be looked at"))?;
    if !is_same(&there, &held) {
        return Err(StoreError::Unreadable("another file lies where the database was".to_owned()));
    }
    let log = folder::beside(path, "-wal");
    fs::metadata(&log).map_err(folder::failed("the database's log is not there any more"))?;
    for _ in 0..LOOKS {
        let length = file.metadata().map_err(folder::failed("the database's file cannot be looked at"))?.len();
        if length >= told(file)? {
            return Ok(());
        }
        thread::sleep(BETWEEN);
    }
    Err(StoreError::Unreadable("the database's file is shorter than it says itself: it was cut off".to_owned()))
}

#[cfg(unix)]
fn is_same(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    true
}

/// The length that the header tells: <https://sqlite.org/fileformat.html>, 1.3.2 and 1.3.8.
fn told(file: &File) -> Result<u64> {
    let header =
        read_start(file).map_err(|_| StoreError::Unreadable("the database's file has no header".to_owned()))?;
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(StoreError::Unreadable("the database's file does not begin as one".to_owned()));
    }
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        bytes => u64::from(bytes),
    };
    let pages = u32::from_be_bytes([header[28], header[29], header[30], header[31]]);
    Ok(page * u64::from(pages))
}

#[cfg(unix)]
fn read_start(file: &File) -> io::Result<[u8; 32]> {
    let mut header = [0; 32];
    std::os::unix::fs::FileExt::read_exact_at(file, &mut header, 0)?;
    Ok(header)
}

#[cfg(not(unix))]
fn read_start(mut file: &File) -> io::Result<[u8; 32]> {
    use std::io::{Read, Seek, SeekFrom};
    let mut header = [0; 32];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut header)?;
    Ok(header)
}
