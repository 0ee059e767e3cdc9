//! What a shell brings: a secret store, listeners, a folder.
#![allow(dead_code)]

use parking_lot::Mutex;
use skolebro_core::device::Change;
use skolebro_ffi::{ChangeListener, ListenerError, SecretStore, SecretStoreError, Settings, SyncListener, SyncState};
use std::path::Path;

/// Keeps the secret for as long as the test.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Option<String>>);

impl SecretStore for Memory {
    fn load(&self) -> Result<Option<String>, SecretStoreError> {
        Ok(self.0.lock().clone())
    }
    fn save(&self, secret: String) -> Result<(), SecretStoreError> {
        *self.0.lock() = Some(secret);
        Ok(())
    }
    fn clear(&self) -> Result<(), SecretStoreError> {
        *self.0.lock() = None;
        Ok(())
    }
}

/// Hears and says nothing.
#[derive(Debug)]
pub struct Silent;

impl ChangeListener for Silent {
    fn changed(&self, _: Change) -> Result<(), ListenerError> {
        Ok(())
    }
}

impl SyncListener for Silent {
    fn changed(&self, _: SyncState) -> Result<(), ListenerError> {
        Ok(())
    }
}

/// A phone whose server does not answer: nobody listens on the discard port.
pub fn nobody_there(folder: &Path) -> Settings {
    Settings { folder: folder.display().to_string(), server: "http://127.0.0.1:9".to_owned(), language: None }
}
