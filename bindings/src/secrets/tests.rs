//! A store that is asked while somebody else enrols or signs out: whoever came last is who it keeps.
#![allow(clippy::unwrap_used)]

use super::*;
use skolebro_core::{
    device::secrets::Token,
    domain::ids::{DeviceId, PersonId},
};

type Meanwhile = Box<dyn FnOnce(&Vault) + Send>;

/// Keeps the text, and lets something happen while it is asked, before it does what it is asked for.
#[derive(Default)]
struct Slow {
    kept: Mutex<Option<String>>,
    vault: Mutex<Option<Arc<Vault>>>,
    meanwhile: Mutex<Option<Meanwhile>>,
}

impl Slow {
    fn meanwhile(&self) {
        let meanwhile = self.meanwhile.lock().take();
        if let Some(meanwhile) = meanwhile {
            let vault = self.vault.lock().clone().unwrap();
            meanwhile(&vault);
        }
    }
}

impl SecretStore for Slow {
    fn load(&self) -> Result<Option<String>, SecretStoreError> {
        let kept = self.kept.lock().clone();
        self.meanwhile();
        Ok(kept)
    }
    fn save(&self, secret: String) -> Result<(), SecretStoreError> {
        self.meanwhile();
        *self.kept.lock() = Some(secret);
        Ok(())
    }
    fn clear(&self) -> Result<(), SecretStoreError> {
        self.meanwhile();
        *self.kept.lock() = None;
        Ok(())
    }
}

fn vault() -> (Arc<Slow>, Arc<Vault>) {
    let slow = Arc::new(Slow::default());
    let vault = Arc::new(Vault::new(slow.clone()));
    *slow.vault.lock() = Some(vault.clone());
    (slow, vault)
}

fn secret(token: &str) -> Secret {
    let token = Token::new(token.to_owned());
    Secret { token, person: PersonId::derive(&[&"Amal"]), device: DeviceId::new(), language: None, schools: Vec::new() }
}

fn held(vault: &Vault) -> Option<String> {
    CoreSecretStore::load(vault).unwrap().map(|secret| secret.token.reveal().to_owned())
}

#[test]
fn who_enrols_while_the_store_is_read_is_signed_in() {
    let (slow, vault) = vault();
    *slow.meanwhile.lock() = Some(Box::new(|vault| vault.save(&secret("new")).unwrap()));
    vault.refresh();
    assert_eq!(held(&vault).as_deref(), Some("new"));
}

#[test]
fn who_signs_out_while_the_store_is_read_is_signed_out() {
    let (slow, vault) = vault();
    vault.save(&secret("old")).unwrap();
    *slow.meanwhile.lock() = Some(Box::new(|vault| {
        CoreSecretStore::clear(vault).unwrap();
        vault.settle().unwrap();
    }));
    vault.refresh();
    assert_eq!((held(&vault), slow.kept.lock().clone()), (None, None));
}

#[test]
fn who_enrols_while_the_store_is_cleared_is_kept() {
    let (slow, vault) = vault();
    vault.save(&secret("old")).unwrap();
    CoreSecretStore::clear(&*vault).unwrap();
    *slow.meanwhile.lock() = Some(Box::new(|vault| vault.save(&secret("new")).unwrap()));
    vault.settle().unwrap();
    vault.refresh();
    assert_eq!(held(&vault).as_deref(), Some("new"), "in the shell's store too");
}

#[test]
fn who_signs_out_while_the_store_is_written_is_signed_out() {
    let (slow, vault) = vault();
    *slow.meanwhile.lock() = Some(Box::new(|vault| {
        CoreSecretStore::clear(vault).unwrap();
        vault.settle().unwrap();
    }));
    vault.save(&secret("new")).unwrap();
    vault.refresh();
    assert_eq!((held(&vault), slow.kept.lock().clone()), (None, None), "in the shell's store too");
}

#[test]
fn who_reads_the_store_while_it_is_written_does_not_sign_anybody_out() {
    let (slow, vault) = vault();
    *slow.meanwhile.lock() = Some(Box::new(Vault::refresh));
    vault.save(&secret("new")).unwrap();
    assert_eq!(held(&vault).as_deref(), Some("new"));
    vault.refresh();
    assert_eq!(held(&vault).as_deref(), Some("new"), "in the shell's store too");
}
