//! For the simulation only: a phone that misreads the sync rules. Never in what is shipped (feature `testing`), and no part
//! of what is: it plants the fault from outside, between two operations.

use super::{error::PhoneError, held::Held, phone::Phone};
use crate::domain::{
    command::Command,
    ids::{CommandId, SchoolId},
};

impl Phone {
    /// Takes what the rules here refuse, replayed over the mirror, for a rejection. `own_unknown`: and knows the effects of
    /// its own commands in the mirror not for its own.
    ///
    /// # Errors
    /// The files cannot be used.
    pub fn take_refusals_for_rejections(&self, school: SchoolId, own_unknown: bool) -> Result<(), PhoneError> {
        let who = self.inner.readable()?;
        let files = self.inner.files()?;
        let entries = self.inner.state.lock().entries.clone();
        let mut refused = Vec::new();
        {
            let reader = files.reader()?;
            let mut held = Held::read(&reader, school, who.person, self.now(), &[], None)?;
            if !held.is_known() {
                return Ok(());
            }
            for entry in
                entries.iter().filter(|entry| entry.school == school && !held.is_settled(entry)).collect::<Vec<_>>()
            {
                let Some(command) = entry.command.as_deref() else { continue };
                let id = if own_unknown { CommandId::new() } else { command.id };
                match held.decide(&reader, &Command { id, ..command.clone() }, entry.said_at) {
                    Ok(changes) => held.take(&changes),
                    Err(rejection) => refused.push((entry.id, rejection)),
                }
            }
        }
        for (id, rejection) in refused {
            files.outbox.lock().reject_here(id, &rejection)?;
        }
        self.inner.reload(&files)
    }
}
