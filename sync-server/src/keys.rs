//! The key that activation codes are hashed with. It lies outside the database, so that a stolen copy of the database
//! alone opens no door; `--keys DIR` moves it to another disk.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

const NAME: &str = "codes.key";

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file {0} cannot be read or made: {1}")]
    File(PathBuf, io::Error),
    #[error("the key file {0} is not 64 hexadecimal digits")]
    NotAKey(PathBuf),
    #[error("the system gives no random numbers")]
    Random,
}

/// Where the key lies unless it was moved.
pub fn folder(data: &Path) -> PathBuf {
    data.join("keys")
}

/// Reads the key, and makes one where there is none: 32 random bytes, readable by the owner only.
///
/// # Errors
/// The file cannot be read or made. A file that is there is never overwritten.
pub fn load_or_make(folder: &Path) -> Result<[u8; 32], KeyError> {
    let path = folder.join(NAME);
    let failed = |error| KeyError::File(path.clone(), error);
    match fs::read_to_string(&path) {
        Ok(text) => {
            if fs::metadata(&path).map_err(failed)?.permissions().mode() & 0o077 != 0 {
                tracing::warn!("the key file could be read by others than its owner; now only its owner can");
                let private = fs::Permissions::from_mode(0o600);
                if let Err(error) = fs::set_permissions(&path, private) {
                    tracing::error!(%error, "the key file cannot be closed to others; move it with --keys");
                }
            }
            parse(text.trim()).ok_or_else(|| KeyError::NotAKey(path.clone()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(folder, &path),
        Err(error) => Err(failed(error)),
    }
}

fn make(folder: &Path, path: &Path) -> Result<[u8; 32], KeyError> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|_| KeyError::Random)?;
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).chain(["\n".to_owned()]).collect();
    let write = || -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        // Whole or not at all: a key cut short would be a new key, and every letter already sent would be wrong.
        let part = path.with_extension("part");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| KeyError::File(path.to_owned(), error))?;
    Ok(key)
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_key_is_made_once_for_its_owner_alone_and_then_stays() {
        let dir = tempfile::tempdir().unwrap();
        let folder = folder(dir.path());
        let key = load_or_make(&folder).unwrap();
        assert_eq!(load_or_make(&folder).unwrap(), key);
        assert_ne!(key, [0; 32]);
        let mode = fs::metadata(folder.join(NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_that_others_could_read_is_closed() {
        let dir = tempfile::tempdir().unwrap();
        let key = load_or_make(dir.path()).unwrap();
        let path = dir.path().join(NAME);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(load_or_make(dir.path()).unwrap(), key);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_spoilt_key_file_is_an_error_and_not_a_new_key() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(NAME), "short").unwrap();
        assert!(matches!(load_or_make(dir.path()), Err(KeyError::NotAKey(_))));
        assert_eq!(fs::read_to_string(dir.path().join(NAME)).unwrap(), "short");
    }
}
