//! The secret store as a shell would write it, in memory, and able to fail.

use crate::library::{SecretStore, SecretStoreError};
use std::sync::{Mutex, atomic::AtomicBool, atomic::Ordering::SeqCst};

#[derive(Debug, Default)]
pub struct Secrets {
    held: Mutex<Option<String>>,
    pub failing: AtomicBool,
}

impl Secrets {
    fn works(&self) -> Result<(), SecretStoreError> {
        match self.failing.load(SeqCst) {
            true => Err(SecretStoreError::Failed { detail: "nyckelringen är låst 🔒".to_owned() }),
            false => Ok(()),
        }
    }
}

impl SecretStore for Secrets {
    fn load(&self) -> Result<Option<String>, SecretStoreError> {
        self.works()?;
        Ok(self.held.lock().unwrap().clone())
    }
    fn save(&self, secret: String) -> Result<(), SecretStoreError> {
        self.works()?;
        *self.held.lock().unwrap() = Some(secret);
        Ok(())
    }
    fn clear(&self) -> Result<(), SecretStoreError> {
        self.works()?;
        *self.held.lock().unwrap() = None;
        Ok(())
    }
}
