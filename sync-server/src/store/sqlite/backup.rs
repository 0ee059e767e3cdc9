//! A copy while the server runs, and the way back. Neither ever writes over anything.

use super::{SqliteOptions, codec::Id, connection, folder, schema};
use crate::store::{BELIEVED_TIME, Result, StoreError};
use rusqlite::{Connection, OpenFlags, params};
use std::{fs, io, path::Path};
use uuid::Uuid;

/// Copies the store into `to/school.db`, as it was at one moment. The writer goes on meanwhile: readers do not stop it.
pub(super) fn backup(from: &Path, options: &SqliteOptions, to: &Path) -> Result<()> {
    folder::make_private(to)?;
    let mut content = fs::read_dir(to).map_err(folder::failed("the backup's folder cannot be read"))?;
    if content.next().is_some() {
        return Err(StoreError::Backend("the backup's folder is not empty; nothing is overwritten".to_owned()));
    }
    let part = folder::part_of(to);
    // Two that go to one folder at once must not write, or discard, one file.
    folder::make_new_private_file(&part)?;
    let copied = copy(from, options, &part).and_then(|()| folder::put_in_place(&part, &folder::file_of(to)));
    if copied.is_err() {
        folder::discard(&part)?;
    }
    copied
}

fn copy(from: &Path, options: &SqliteOptions, part: &Path) -> Result<()> {
    // A connection of its own: the pool may have one place only, and this takes long.
    let source = connection::reader(from, options)?;
    // A damaged store called a copy would take the place of the last good one.
    must_be_whole(&source)?;
    // One snapshot, and only what stands in it: a copy page by page would carry along what has been erased since.
    source.pragma_update(None, "query_only", false)?;
    let name = part.to_str().ok_or_else(|| StoreError::Backend("the folder's name is no text".to_owned()))?;
    source.execute("VACUUM INTO ?1", params![name])?;
    must_be_whole(&Connection::open_with_flags(part, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

fn must_be_whole(connection: &Connection) -> Result<()> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        _ => Err(StoreError::Unreadable(format!("the store is damaged, so no copy was made: {verdict}"))),
    }
}

/// Makes a data folder out of a backup, under a new epoch: phones start over and send again what was accepted of them
/// since. Gives the epoch. `from` is a backup's folder, or a copied data folder of a server that did not run.
///
/// # Errors
/// [`StoreError::Backend`]: nothing there, or `to` has a store already. [`StoreError::Unreadable`]: the backup is
/// damaged or of a newer version. [`StoreError::InUse`]: a server runs on `to`. In each case `to` is as it was.
pub fn restore(from: &Path, to: &Path) -> Result<Uuid> {
    let source = folder::file_of(from);
    if !source.is_file() {
        return Err(StoreError::Backend("there is no school.db in the backup's folder".to_owned()));
    }
    folder::make_private(to)?;
    let _lock = folder::Lock::take(to)?;
    let target = folder::file_of(to);
    if target.exists() {
        return Err(StoreError::Backend("the folder has a school.db already; nothing is overwritten".to_owned()));
    }
    let part = folder::part_of(to);
    folder::discard(&part)?;
    let restored = copy_files(&source, &part).and_then(|()| renew(&part)).and_then(|epoch| {
        folder::put_in_place(&part, &target)?;
        Ok(epoch)
    });
    if restored.is_err() {
        folder::discard(&part)?;
    }
    restored
}

fn copy_files(source: &Path, part: &Path) -> Result<()> {
    let failed = folder::failed("the backup cannot be copied");
    copy_file(source, part).map_err(&failed)?;
    // A killed server's last commits are in its log: without it they would be lost without a word.
    match copy_file(&folder::beside(source, "-wal"), &folder::beside(part, "-wal")) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

/// Without the rights of the file that it comes from: a copy is for its owner alone.
fn copy_file(source: &Path, target: &Path) -> io::Result<()> {
    let mut source = fs::File::open(source)?;
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::copy(&mut source, &mut options.open(target)?).map(|_| ())
}

/// Checks every page, brings the schema up to date and gives the new epoch.
fn renew(part: &Path) -> Result<Uuid> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(part, flags)?;
    if schema::check(&connection)? == 0 {
        return Err(StoreError::Unreadable("the backup is empty".to_owned()));
    }
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StoreError::Unreadable(format!("the backup is damaged: {verdict}")));
    }
    schema::migrate(&mut connection)?;
    let epoch = Uuid::now_v7();
    connection.execute("UPDATE identity SET epoch = ?1 WHERE one = 1", params![Id(epoch)])?;
    // Whoever restores knows that time has passed since the copy; how much of it, the clock says.
    connection.execute(
        "UPDATE meta SET value = json_set(value, '$.restored', json('true')) WHERE key = ?1 AND json_valid(value)",
        params![BELIEVED_TIME],
    )?;
    // Into the file itself: only that gets a name.
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy != 0 {
        return Err(StoreError::Backend("another program looks at the folder".to_owned()));
    }
    connection.close().map_err(|(_, error)| StoreError::from(error))?;
    Ok(epoch)
}
