//! Who may use this phone.

use crate::{
    cancellation::{self, Cancellation},
    error::SkolebroError,
    object::Skolebro,
};
use skolebro_core::{
    device::{Phone, Who, text::Refusal},
    domain::ids::{DeviceId, PersonId, SchoolId},
    foreign::Moment,
    protocol::{CodeAnswer, DeviceEntry},
};
use std::sync::Arc;

/// What became of asking for a code for somebody's next phone.
#[derive(uniffi::Enum)]
#[expect(missing_debug_implementations, reason = "a code opens a door, and is not to be printed")]
pub enum HandedCode {
    /// To be shown once, and kept nowhere.
    Made { code: String, until: Moment },
    /// Why not, in words.
    Refused { why: Refusal },
}

#[uniffi::export]
impl Skolebro {
    /// Exchanges an activation code from the school for a token. Waits for the server. The same person again finds the outbox
    /// as it was left; another person's stays in the folder, neither shown nor sent. What the one who is signed in has not
    /// sent is sent first; where it cannot be, nothing is done before the person has chosen `even_if_unsent`.
    ///
    /// # Errors
    /// `Unsent`; `Refused` with what is wrong with the code; `Offline`, `Untrusted`, `Timeout`, `Garbled`,
    /// `Cancelled`; `SecretStore`, `Storage`.
    #[uniffi::method(default(cancellation = None, even_if_unsent = false))]
    pub fn enrol(
        &self,
        code: String,
        device_name: String,
        cancellation: Option<Arc<Cancellation>>,
        even_if_unsent: bool,
    ) -> Result<Who, SkolebroError> {
        self.with(|open| {
            let phone = leaving(cancellation::phone(&open.phone, cancellation.as_ref()), even_if_unsent);
            open.settled(phone.enrol(&code, &device_name))
        })
    }

    /// Who is signed in, or was: look at the standing. None: nobody has enrolled yet.
    pub fn who(&self) -> Result<Option<Who>, SkolebroError> {
        self.with(|open| Ok(open.phone.who()))
    }

    /// Forgets the token and what was read, and seals the outbox until the same person enrols again. Nothing of the queue is
    /// lost. The server is not told: revoke the device for that. What is not sent is sent first, which waits for the server;
    /// where it cannot be, nothing is done before the person has chosen `even_if_unsent`.
    ///
    /// # Errors
    /// `Unsent`; `SecretStore`, `Storage`.
    #[uniffi::method(default(even_if_unsent = false))]
    pub fn sign_out(&self, even_if_unsent: bool) -> Result<(), SkolebroError> {
        self.with(|open| open.settled(leaving(open.phone.clone(), even_if_unsent).sign_out()))
    }

    /// How much waits here, sealed, of people who are not signed in. Never what.
    pub fn sealed(&self) -> Result<u32, SkolebroError> {
        self.with(|open| Ok(open.phone.sealed()))
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

    /// For staff: a code for somebody's next phone, to be handed over face to face. Waits for the server; without it nothing
    /// happens, and nothing of it is kept here.
    #[uniffi::method(default(cancellation = None))]
    pub fn make_code(
        &self,
        school: SchoolId,
        person: PersonId,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<HandedCode, SkolebroError> {
        self.with(|open| {
            let phone = cancellation::phone(&open.phone, cancellation.as_ref());
            open.vault.refresh();
            Ok(match open.settled(phone.make_code(school, person))? {
                CodeAnswer::Made { code, until } => HandedCode::Made { code, until },
                CodeAnswer::Refused { why } => {
                    let name = open.view(school)?.name(person).map(|name| name.to_string()).unwrap_or_default();
                    HandedCode::Refused { why: open.texts().no_code(why, &name) }
                }
            })
        })
    }

    /// Revokes one of the person's phones. It wipes what it holds and seals its outbox at its next contact; this one does so
    /// at once, after sending what is not sent: see `sign_out`. Waits for the server.
    #[uniffi::method(default(cancellation = None, even_if_unsent = false))]
    pub fn revoke_device(
        &self,
        device: DeviceId,
        cancellation: Option<Arc<Cancellation>>,
        even_if_unsent: bool,
    ) -> Result<(), SkolebroError> {
        self.with(|open| {
            let phone = leaving(cancellation::phone(&open.phone, cancellation.as_ref()), even_if_unsent);
            open.vault.refresh();
            open.settled(phone.revoke_device(device))
        })
    }
}

fn leaving(phone: Phone, even_if_unsent: bool) -> Phone {
    if even_if_unsent { phone.even_if_unsent() } else { phone }
}
