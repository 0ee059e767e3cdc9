//! Where the device token is kept: by the shell (the platform's secret store), or in a file of its own for the CLI.
//!
//! The token is never in the databases, never in a backup of them, and never printed.

use super::private;
use crate::domain::{
    ids::{DeviceId, PersonId, SchoolId},
    people::Language,
};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// A device token. `Debug` shows that there is one, not which.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

impl Token {
    pub fn new(token: String) -> Self {
        Self(token)
    }
    /// For the one line that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What an enrolment gave, whole: a phone that dies right after it finds here what it needs to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    pub token: Token,
    pub person: PersonId,
    pub device: DeviceId,
    #[serde(default)]
    pub language: Option<Language>,
    #[serde(default)]
    pub schools: Vec<SchoolId>,
}

pub trait SecretStore: Send + Sync + fmt::Debug {
    /// # Errors
    /// The platform's store cannot be read now, for example before the first unlock.
    fn load(&self) -> io::Result<Option<Secret>>;
    /// # Errors
    /// It could not be kept; the enrolment then fails.
    fn save(&self, secret: &Secret) -> io::Result<()>;
    /// Asked before a code is used up: whether there is room and leave to save what it gives.
    ///
    /// # Errors
    /// Why not.
    fn can_save(&self) -> io::Result<()> {
        Ok(())
    }
    /// # Errors
    /// It could not be removed.
    fn clear(&self) -> io::Result<()>;
}

/// A file that only its owner reads (0600). For the CLI; an app uses the platform's secret store.
#[derive(Debug)]
pub struct FileSecretStore(PathBuf);

impl FileSecretStore {
    /// `token` beside the databases in the phone's folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self(folder.join("token"))
    }
}

impl SecretStore for FileSecretStore {
    fn load(&self) -> io::Result<Option<Secret>> {
        match private::read(&self.0) {
            // What no enrolment wrote whole is no token.
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn save(&self, secret: &Secret) -> io::Result<()> {
        let json = serde_json::to_vec(secret).map_err(io::Error::other)?;
        private::write(&self.0, &json)
    }

    fn can_save(&self) -> io::Result<()> {
        if self.0.is_dir() {
            // Nothing of ours; and nothing in it is lost by this, since only an empty one goes.
            fs::remove_dir(&self.0)?;
        }
        // Only room that has been had is known to be there.
        let beside = self.0.with_extension("room");
        let had = private::write(&beside, &[b' '; 4096]);
        let _ = fs::remove_file(&beside);
        had
    }

    fn clear(&self) -> io::Result<()> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// For tests and simulations. Share it by `Arc` to survive the phone's being opened again.
#[derive(Debug, Default)]
pub struct MemorySecretStore(Mutex<Option<Secret>>);

impl SecretStore for MemorySecretStore {
    fn load(&self) -> io::Result<Option<Secret>> {
        Ok(self.0.lock().clone())
    }
    fn save(&self, secret: &Secret) -> io::Result<()> {
        *self.0.lock() = Some(secret.clone());
        Ok(())
    }
    fn clear(&self) -> io::Result<()> {
        *self.0.lock() = None;
        Ok(())
    }
}
