//! What has not reached the school when somebody leaves a phone or another comes to it: sent first if it can be; else the
//! person is told, and chooses. What is left is sealed, and the next person learns that something waits, never what.

use super::{
    delivery::is_silent,
    error::PhoneError,
    phone::{Inner, Phone},
    store::{
        Files,
        outbox::{Outbox, Standing},
    },
};
use crate::domain::{command::Command, ids::PersonId};
use std::sync::Arc;

impl Phone {
    /// The same phone, for signing in or out although something is unsent: the person has seen that, and chosen. It stays
    /// here, sealed, until the one who said it enrols again.
    #[must_use]
    pub fn even_if_unsent(&self) -> Self {
        Self { even_if_unsent: true, ..self.clone() }
    }

    /// How much of what the one who is signed in has said has not been answered by the school. What the phone says by itself
    /// is not counted.
    pub fn unsent(&self) -> u32 {
        let state = self.inner.state.lock();
        let entries = state.entries.iter().filter(|entry| entry.is_queued() && !is_silent(entry.command.as_deref()));
        u32::try_from(entries.count()).unwrap_or(u32::MAX)
    }

    /// How much waits here, sealed, of people who are not signed in.
    pub fn sealed(&self) -> u32 {
        self.inner.look_elsewhere();
        self.inner.state.lock().sealed
    }

    /// Before the outbox is sealed: sends what waits, if it can be sent.
    ///
    /// # Errors
    /// [`PhoneError::Unsent`]: it could not, and the person has not chosen to go on.
    pub(super) fn nothing_unsent(&self) -> Result<(), PhoneError> {
        if self.even_if_unsent || self.unsent() == 0 {
            return Ok(());
        }
        // However it ends: what counts is what is left.
        let _ = self.sync_once(self.inner.options.request_timeout);
        match self.unsent() {
            0 => Ok(()),
            waiting => Err(PhoneError::Unsent { waiting }),
        }
    }

    /// The same before somebody enrols. A phone that the server no longer knows can send nothing, and a new code is what its
    /// own person was told to get: there it is told afterwards, if it was another's.
    pub(super) fn nothing_unsent_by_another(&self) -> Result<(), PhoneError> {
        let known = self.inner.token().is_ok();
        let standing = self.who().map(|who| who.standing);
        if known && standing == Some(Standing::Enrolled) { self.nothing_unsent() } else { Ok(()) }
    }
}

impl Inner {
    /// How much of others' is sealed here.
    pub(super) fn count_sealed(outbox: &Outbox, me: Option<PersonId>) -> u32 {
        let waiting = outbox.waiting_of_others(me).unwrap_or_default();
        // One that cannot be read is somebody's word too.
        let told = waiting.iter().filter(|json| !is_silent(serde_json::from_str::<Command>(json).ok().as_ref()));
        u32::try_from(told.count()).unwrap_or(u32::MAX)
    }

    /// The files, to be written. Where there was no room when they were opened, it is looked whether there is by now.
    ///
    /// # Errors
    /// [`PhoneError::CannotKeep`], [`PhoneError::Suspended`].
    pub(super) fn files_to_write(&self) -> Result<Arc<Files>, PhoneError> {
        let files = self.files()?;
        if files.only_read().is_none() {
            return Ok(files);
        }
        drop(files);
        let again = Files::open(&self.folder, self.time.device_now())?;
        if let Some(why) = again.only_read() {
            return Err(PhoneError::CannotKeep(why));
        }
        {
            let mut files = self.files.write();
            if files.is_none() {
                return Err(PhoneError::Suspended);
            }
            *files = Some(Arc::new(again));
        }
        self.begin()?;
        self.files()
    }
}
