//! The platform's secret store, kept by the shell: the Keychain, the Keystore, a file of its owner's.
//!
//! Core asks for the secret in the middle of a sync, where no code of the host may be called. So what the shell keeps is
//! read before, and what is to be removed is removed after: in between `Vault` answers from memory.

use parking_lot::Mutex;
use skolebro_core::device::secrets::{Secret, SecretStore as CoreSecretStore};
use std::{fmt, io, sync::Arc};

/// Why the platform's store cannot be used now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum SecretStoreError {
    /// Before the first unlock, or while the phone is locked: it will be asked again.
    #[error("locked")]
    Locked,
    /// `detail` must hold nothing of the secret.
    #[error("{detail}")]
    Failed { detail: String },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for SecretStoreError {
    /// Without its own words: they may hold the secret.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { detail: "failed in a way that it does not know itself".to_owned() }
    }
}

/// Keeps one text for one folder, out of every backup. Called on the thread that called this library, or on the sync loop's.
#[uniffi::export(with_foreign)]
pub trait SecretStore: Send + Sync {
    /// None: nothing is kept.
    fn load(&self) -> Result<Option<String>, SecretStoreError>;
    /// In the place of what was kept before.
    fn save(&self, secret: String) -> Result<(), SecretStoreError>;
    /// Nothing to do where nothing is kept.
    fn clear(&self) -> Result<(), SecretStoreError>;
}

/// What the shell's store said, on its way through core.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct VaultError(pub String);

fn refused(error: &SecretStoreError) -> io::Error {
    io::Error::other(VaultError(error.to_string()))
}

pub(crate) struct Vault {
    shell: Arc<dyn SecretStore>,
    held: Mutex<Held>,
}

struct Held {
    secret: Result<Option<Secret>, SecretStoreError>,
    /// Core has let go of the secret; the shell still has it.
    to_clear: bool,
    /// How often the shell has saved, and has cleared: no lock is held while it does, so that another may come between.
    saves: u64,
    clears: u64,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    pub fn new(shell: Arc<dyn SecretStore>) -> Self {
        Self {
            shell,
            held: Mutex::new(Held { secret: Err(SecretStoreError::Locked), to_clear: false, saves: 0, clears: 0 }),
        }
    }

    /// Reads what the shell keeps. To be called before core may need it.
    pub fn refresh(&self) {
        let since = {
            let held = self.held.lock();
            if held.to_clear {
                return;
            }
            (held.saves, held.clears)
        };
        let kept = self.shell.load();
        let secret = kept.map(|kept| {
            // What is no secret of ours was left by something else: as good as none.
            kept.and_then(|text| serde_json::from_str(&text).ok())
        });
        let mut held = self.held.lock();
        // What was read before somebody saved or cleared is no longer so.
        if !held.to_clear && (held.saves, held.clears) == since {
            held.secret = secret;
        }
    }

    /// Does what core has asked for meanwhile. To be called when it has come back.
    pub fn settle(&self) -> Result<(), SecretStoreError> {
        let saves = {
            let held = self.held.lock();
            if !held.to_clear {
                return Ok(());
            }
            held.saves
        };
        self.shell.clear()?;
        let saved_meanwhile = {
            let mut held = self.held.lock();
            held.clears += 1;
            if held.saves == saves {
                held.to_clear = false;
                None
            } else {
                held.secret.clone().ok().flatten()
            }
        };
        match saved_meanwhile.and_then(|secret| serde_json::to_string(&secret).ok()) {
            // It may have gone with what was to be cleared.
            Some(text) => self.shell.save(text),
            None => Ok(()),
        }
    }
}

impl CoreSecretStore for Vault {
    fn load(&self) -> io::Result<Option<Secret>> {
        self.held.lock().secret.clone().map_err(|error| refused(&error))
    }

    /// Core holds no lock when it enrols.
    fn save(&self, secret: &Secret) -> io::Result<()> {
        let text = serde_json::to_string(secret).map_err(io::Error::other)?;
        loop {
            let clears = self.held.lock().clears;
            self.shell.save(text.clone()).map_err(|error| refused(&error))?;
            let mut held = self.held.lock();
            if held.clears == clears {
                held.secret = Ok(Some(secret.clone()));
                held.to_clear = false;
                held.saves += 1;
                return Ok(());
            }
            // Somebody cleared it just then.
        }
    }

    fn clear(&self) -> io::Result<()> {
        let mut held = self.held.lock();
        held.secret = Ok(None);
        held.to_clear = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
