//! The key that activation codes are hashed with. It lies outside the database, so that a stolen copy of the database
//! alone opens no door; `--keys DIR` moves it to another disk.

use crate::{
    private,
    store::{ActivationCode, Store, StoreError, read, write},
};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

const NAME: &str = "codes.key";

/// What the store says of the key: a fingerprint that tells keys apart and opens nothing.
const FINGERPRINT: &str = "code_key";
/// Where `--keys` last said that the key lies.
const FOLDER: &str = "code_key_folder";

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "the key file {0} cannot be read or made: {1}; put the key there as it was, or see that the file can be read"
    )]
    File(PathBuf, io::Error),
    #[error(
        "the key file {0} is damaged: it is not 64 hexadecimal digits. Put the key there as it was; where it is lost, take the \
         file away and `skolebro-server new-key` makes another, and every unused code is dead"
    )]
    NotAKey(PathBuf),
    #[error("the system gives no random numbers")]
    Random,
    #[error(
        "the key of this school's activation codes is not in {}; {}. Put codes.key there or name its folder with --keys. \
         Where it is lost, `skolebro-server new-key` makes another, and every unused code is dead",
        folder.display(), unused(*codes)
    )]
    Missing { folder: PathBuf, codes: usize },
    #[error(
        "the key in {} is not the one that this school's activation codes were made with; {}. Name the right folder with \
         --keys. Where the right key is lost, `skolebro-server new-key` goes over to this one, and every unused code is dead",
        folder.display(), unused(*codes)
    )]
    Another { folder: PathBuf, codes: usize },
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn unused(codes: usize) -> String {
    match codes {
        0 => "no unused code waits for it".to_owned(),
        1 => "one unused code waits for it".to_owned(),
        many => format!("{many} unused codes wait for it"),
    }
}

/// Where the key lies unless it was moved.
pub fn folder(data: &Path) -> PathBuf {
    data.join("keys")
}

/// The key of a store's codes: from the folder that was named, else from the one that was named last, else from the data
/// folder's own. A new store, and one of an earlier version that no code waits in, gets a key where there is none.
///
/// # Errors
/// [`KeyError::Missing`] and [`KeyError::Another`]: another key in silence would make every letter that is out wrong.
pub fn of_store(
    store: &dyn Store,
    data: &Path,
    named: Option<&Path>,
    now: DateTime<Utc>,
) -> Result<[u8; 32], KeyError> {
    let (known, remembered, codes) = read(store, |reading| {
        let remembered = reading.meta(FOLDER)?.map(PathBuf::from);
        Ok((reading.meta(FINGERPRINT)?, remembered, reading.living_codes(now)?.len()))
    })?;
    let places: Vec<PathBuf> = match named {
        Some(named) => vec![std::path::absolute(named).map_err(|error| KeyError::File(named.to_owned(), error))?],
        None => remembered.iter().cloned().chain([folder(data)]).collect(),
    };
    let mut another = None;
    for place in &places {
        let Some(key) = find(place)? else { continue };
        if known.as_ref().is_none_or(|known| *known == fingerprint(&key)) {
            remember(store, &key, named.is_some().then_some(place.as_path()))?;
            return Ok(key);
        }
        another = Some(place.clone());
    }
    let first = places.first().cloned().unwrap_or_else(|| folder(data));
    match another {
        Some(folder) => Err(KeyError::Another { folder, codes }),
        None if known.is_some() || codes > 0 => Err(KeyError::Missing { folder: first, codes }),
        None => {
            let key = make(&first)?;
            remember(store, &key, named.is_some().then_some(first.as_path()))?;
            Ok(key)
        }
    }
}

/// Goes over to the key in the folder, and makes one where there is none. Every code that waits is dead from then on;
/// gives how many. None: the key there is the one already, and nothing has changed but where it is looked for.
///
/// # Errors
/// The store's or the file's.
pub fn renew(
    store: &dyn Store,
    data: &Path,
    named: Option<&Path>,
    now: DateTime<Utc>,
) -> Result<Option<usize>, KeyError> {
    let place = named.map_or_else(|| folder(data), Path::to_owned);
    let place = std::path::absolute(&place).map_err(|error| KeyError::File(place.clone(), error))?;
    let key = match find(&place)? {
        Some(key) => key,
        None => make(&place)?,
    };
    if read(store, |reading| reading.meta(FINGERPRINT))?.is_some_and(|known| known == fingerprint(&key)) {
        remember(store, &key, Some(&place))?;
        return Ok(None);
    }
    let ended = write(store, |writing| {
        let living = writing.living_codes(now)?;
        for code in &living {
            // Over at any time: a clock that is put back makes it live no more.
            writing.put_code(&ActivationCode { expires_at: DateTime::UNIX_EPOCH, ..code.clone() })?;
        }
        Ok(living.len())
    })?;
    remember(store, &key, Some(&place))?;
    Ok(Some(ended))
}

fn remember(store: &dyn Store, key: &[u8; 32], place: Option<&Path>) -> Result<(), KeyError> {
    let said = [(FINGERPRINT, Some(fingerprint(key))), (FOLDER, place.map(|place| place.display().to_string()))];
    for (name, value) in said {
        let Some(value) = value else { continue };
        if read(store, |reading| reading.meta(name))?.as_ref() != Some(&value) {
            write(store, |writing| writing.put_meta(name, &value))?;
        }
    }
    Ok(())
}

fn fingerprint(key: &[u8; 32]) -> String {
    let digest = Sha256::new().chain_update(b"skolebro code key").chain_update(key).finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// None: there is no such file.
fn find(folder: &Path) -> Result<Option<[u8; 32]>, KeyError> {
    let path = folder.join(NAME);
    let failed = |error| KeyError::File(path.clone(), error);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    private::tighten(&path, 0o600);
    private::close_if_ours(folder, |file| file.extension().is_some_and(|end| end == "key" || end == "part"));
    parse(text.trim()).map(Some).ok_or(KeyError::NotAKey(path))
}

/// 32 random bytes, readable by the owner only. A file that is there is never overwritten.
fn make(folder: &Path) -> Result<[u8; 32], KeyError> {
    let path = folder.join(NAME);
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
        fs::rename(&part, &path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| KeyError::File(path.clone(), error))?;
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
    use crate::store::sqlite::SqliteStore;
    use skolebro_core::domain::ids::PersonId;
    use std::os::unix::fs::PermissionsExt;
    use uuid::Uuid;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn with_a_code() -> SqliteStore {
        let store = SqliteStore::temporary().unwrap();
        let code = ActivationCode {
            selector: "4K7M".to_owned(),
            secret_hash: [5; 32],
            person: PersonId(Uuid::nil()),
            made_at: NOW,
            expires_at: NOW + chrono::TimeDelta::days(30),
            tries: 0,
            used_at: None,
        };
        write(&store, |writing| writing.put_code(&code)).unwrap();
        store
    }

    #[test]
    fn the_key_is_made_once_for_its_owner_alone_and_then_stays() {
        let (dir, store) = (tempfile::tempdir().unwrap(), SqliteStore::temporary().unwrap());
        let key = of_store(&store, dir.path(), None, NOW).unwrap();
        assert_eq!(of_store(&store, dir.path(), None, NOW).unwrap(), key);
        assert_ne!(key, [0; 32]);
        let mode = fs::metadata(folder(dir.path()).join(NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_that_others_could_read_is_closed() {
        let dir = tempfile::tempdir().unwrap();
        let key = make(dir.path()).unwrap();
        let path = dir.path().join(NAME);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(find(dir.path()).unwrap(), Some(key));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_spoilt_key_file_is_an_error_and_not_a_new_key() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(NAME), "short").unwrap();
        let spoilt = of_store(&SqliteStore::temporary().unwrap(), dir.path(), Some(dir.path()), NOW);
        assert!(matches!(spoilt, Err(KeyError::NotAKey(_))));
        assert_eq!(fs::read_to_string(dir.path().join(NAME)).unwrap(), "short");
    }

    #[test]
    fn no_other_key_is_made_in_silence() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let store = SqliteStore::temporary().unwrap();
        let key = of_store(&store, dir.path(), None, NOW).unwrap();
        let elsewhere = of_store(&store, dir.path(), Some(other.path()), NOW);
        assert!(matches!(elsewhere, Err(KeyError::Missing { codes: 0, .. })));
        assert!(!other.path().join(NAME).exists());
        make(other.path()).unwrap();
        assert!(matches!(of_store(&store, dir.path(), Some(other.path()), NOW), Err(KeyError::Another { .. })));
        fs::remove_file(folder(dir.path()).join(NAME)).unwrap();
        assert!(matches!(of_store(&store, dir.path(), None, NOW), Err(KeyError::Missing { .. })));
        // It comes back, to another place, and is found there from then on without being named.
        fs::write(other.path().join(NAME), key.iter().map(|byte| format!("{byte:02x}")).collect::<String>()).unwrap();
        assert_eq!(of_store(&store, dir.path(), Some(other.path()), NOW).unwrap(), key);
        assert_eq!(of_store(&store, dir.path(), None, NOW).unwrap(), key);
    }

    #[test]
    fn a_store_of_an_earlier_version_with_codes_wants_its_key_and_then_knows_it() {
        let (dir, store) = (tempfile::tempdir().unwrap(), with_a_code());
        assert!(matches!(of_store(&store, dir.path(), None, NOW), Err(KeyError::Missing { codes: 1, .. })));
        let key = make(&folder(dir.path())).unwrap();
        assert_eq!(of_store(&store, dir.path(), None, NOW).unwrap(), key);
        assert_eq!(read(&store, |reading| reading.meta(FINGERPRINT)).unwrap(), Some(fingerprint(&key)));
    }

    #[test]
    fn a_new_key_is_an_order_and_ends_the_codes_that_wait() {
        let (dir, store) = (tempfile::tempdir().unwrap(), with_a_code());
        assert_eq!(renew(&store, dir.path(), None, NOW).unwrap(), Some(1));
        let key = of_store(&store, dir.path(), None, NOW).unwrap();
        assert!(read(&store, |reading| reading.living_codes(NOW)).unwrap().is_empty());
        assert_eq!(renew(&store, dir.path(), None, NOW).unwrap(), None, "the one that is there is good");
        assert_eq!(of_store(&store, dir.path(), None, NOW).unwrap(), key);
    }
}
