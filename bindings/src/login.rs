//! Who may use this phone.

use crate::{
    cancellation::{self, Cancellation},
    error::SkolebroError,
    object::Skolebro,
};
use skolebro_core::{device::Who, domain::ids::DeviceId, protocol::DeviceEntry};
use std::sync::Arc;

#[uniffi::export]
impl Skolebro {
    /// Exchanges an activation code from the school for a token. Waits for the server. The same person again finds the outbox
    /// as it was left; another person's stays in the folder, neither shown nor sent.
    ///
    /// # Errors
    /// `Refused` with what is wrong with the code; `Offline`, `Timeout`, `Garbled`, `Cancelled`; `SecretStore`, `Storage`.
    #[uniffi::method(default(cancellation = None))]
    pub fn enrol(
        &self,
        code: String,
        device_name: String,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<Who, SkolebroError> {
        self.with(|open| {
            let phone = cancellation::phone(&open.phone, cancellation.as_ref());
            open.settled(phone.enrol(&code, &device_name))
        })
    }

    /// Who is signed in, or was: look at the standing. None: nobody has enrolled yet.
    pub fn who(&self) -> Result<Option<Who>, SkolebroError> {
        self.with(|open| Ok(open.phone.who()))
    }

    /// Forgets the token and what was read, and seals the outbox until the same person enrols again. Nothing of the queue is
    /// lost. The server is not told: revoke the device for that.
    pub fn sign_out(&self) -> Result<(), SkolebroError> {
        self.with(|open| open.settled(open.phone.sign_out()))
    }

    /// The person's phones. Waits for the server.
    #[uniffi::method(default(cancellation = None))]
    pub fn devices(&self, cancellation: Option<Arc<Cancellation>>) -> Result<Vec<DeviceEntry>, SkolebroError> {
        self.with(|open| {
            let phone = cancellation::phone(&open.phone, cancellation.as_ref());
            open.vault.refresh();
            open.settled(phone.devices())
        })
    }

    /// Revokes one of the person's phones. It wipes what it holds and seals its outbox at its next contact; this one does so
    /// at once. Waits for the server.
    #[uniffi::method(default(cancellation = None))]
    pub fn revoke_device(
        &self,
        device: DeviceId,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<(), SkolebroError> {
        self.with(|open| {
            let phone = cancellation::phone(&open.phone, cancellation.as_ref());
            open.vault.refresh();
            open.settled(phone.revoke_device(device))
        })
    }
}
