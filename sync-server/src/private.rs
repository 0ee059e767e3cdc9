//! Folders and files that only their owner may open: made so, and closed where they lay open before.
//!
//! Whoever could look in has perhaps looked in, so the operator hears of it in the log. What another account owns (a mounted
//! volume) cannot be closed; what is in it can.

use std::{
    fs::{self, DirBuilder},
    io,
    path::Path,
};

const FOLDER: u32 = 0o700;
pub const FILE: u32 = 0o600;

/// Makes a folder that only its owner may look into, and closes one that others could.
///
/// # Errors
/// It cannot be made.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER);
    builder.create(path)?;
    tighten(path, FOLDER);
    Ok(())
}

/// Closes a folder that the operator named, if there is nothing in it but what we put there: `/etc` is not ours to close.
pub fn close_if_ours(path: &Path, ours: impl Fn(&Path) -> bool) {
    let Ok(content) = fs::read_dir(path) else { return };
    if content.flatten().all(|entry| ours(&entry.path())) {
        tighten(path, FOLDER);
    }
}

/// Takes everybody's rights but the owner's away.
#[cfg(unix)]
pub fn tighten(path: &Path, mode: u32) {
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
pub fn tighten(_path: &Path, _mode: u32) {}
