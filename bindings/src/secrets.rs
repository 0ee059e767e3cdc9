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
    shell: Shell,
    /// Counts what core wants kept. No lock is held while the shell is asked: whoever asked looks whether it is still so.
    version: u64,
}

/// What the shell has of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shell {
    Agrees,
    /// It is being saved.
    Lacks,
    /// Core has let go of the secret.
    HasToClear,
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
            held: Mutex::new(Held { secret: Err(SecretStoreError::Locked), shell: Shell::Agrees, version: 0 }),
        }
    }

    /// Reads what the shell keeps. To be called before core may need it.
    pub fn refresh(&self) {
        let since = {
            let held = self.held.lock();
            if held.shell != Shell::Agrees {
                return;
            }
            held.version
        };
        let kept = self.shell.load();
        let secret = kept.map(|kept| {
            // What is no secret of ours was left by something else: as good as none.
            kept.and_then(|text| serde_json::from_str(&text).ok())
        });
        let mut held = self.held.lock();
        // What was read before core wanted something else is no longer so.
        if held.version == since {
            held.secret = secret;
        }
    }

    /// Does what core has asked for meanwhile. To be called when it has come back.
    pub fn settle(&self) -> Result<(), SecretStoreError> {
        let to_clear = self.held.lock().shell == Shell::HasToClear;
        if to_clear { self.agree() } else { Ok(()) }
    }

    /// Has the shell keep what core wants kept, until that is still so when the shell has come back: of two that write at
    /// once, the one that was overtaken writes again.
    fn agree(&self) -> Result<(), SecretStoreError> {
        loop {
            let (wanted, version) = {
                let held = self.held.lock();
                (held.secret.clone(), held.version)
            };
            match wanted.ok().flatten().and_then(|secret| serde_json::to_string(&secret).ok()) {
                Some(text) => self.shell.save(text)?,
                None => self.shell.clear()?,
            }
            let mut held = self.held.lock();
            if held.version == version {
                held.shell = Shell::Agrees;
                return Ok(());
            }
        }
    }
}

impl CoreSecretStore for Vault {
    fn load(&self) -> io::Result<Option<Secret>> {
        self.held.lock().secret.clone().map_err(|error| refused(&error))
    }

    /// Core holds no lock when it enrols.
    fn save(&self, secret: &Secret) -> io::Result<()> {
        let (before, version) = {
            let mut held = self.held.lock();
            held.version += 1;
            let before = (std::mem::replace(&mut held.secret, Ok(Some(secret.clone()))), held.shell);
            held.shell = Shell::Lacks;
            (before, held.version)
        };
        self.agree().map_err(|error| {
            let mut held = self.held.lock();
            if held.version == version {
                held.version += 1;
                (held.secret, held.shell) = before;
            }
            refused(&error)
        })
    }

    fn clear(&self) -> io::Result<()> {
        let mut held = self.held.lock();
        held.version += 1;
        held.secret = Ok(None);
        held.shell = Shell::HasToClear;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
