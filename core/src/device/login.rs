//! Enrolling, signing out, being revoked: who may use this folder. The queue outlives all of it.

use super::{
    crash::Step,
    error::PhoneError,
    listeners::Change,
    phone::{Inner, Phone},
    secrets::{Secret, Token},
    store::outbox::{Standing, Who},
    transport::TransportError,
};
use crate::{
    domain::{
        activation,
        ids::{DeviceId, PersonId, SchoolId},
    },
    protocol::{CodeAnswer, CodeRequest, DeviceEntry, EnrolRequest, PROTOCOL, ProblemCode},
};

impl Phone {
    /// Exchanges an activation code for a token. The same person again finds the outbox as it was left; another person's
    /// outbox stays in the folder, neither shown nor sent.
    ///
    /// # Errors
    /// [`PhoneError::Unsent`]: what the one who is signed in has said could not be sent, and
    /// [`Phone::even_if_unsent`] was not asked for; the code is as good as before. [`PhoneError::Transport`] with the
    /// server's refusal of the code; the secret store or the folder cannot be written.
    pub fn enrol(&self, code: &str, device_name: &str) -> Result<Who, PhoneError> {
        self.nothing_unsent_by_another()?;
        let (inner, patience) = (&self.inner, self.patience()?);
        // A code works once: what it gives must find room.
        inner.files_to_write()?;
        inner.secrets.can_save()?;
        let code = activation::read(code).map_or_else(|| code.to_owned(), |letters| activation::printed(&letters));
        let request = EnrolRequest { protocol: PROTOCOL, code, device_name: device_name.to_owned() };
        let answer = inner.transport.enrol(&request, &patience)?;
        inner.at(Step::EnrolAnswered)?;
        let secret = Secret {
            token: Token::new(answer.token),
            person: answer.person,
            device: answer.device,
            language: answer.language,
            schools: answer.schools,
        };
        inner.secrets.save(&secret)?;
        inner.at(Step::EnrolTokenKept)?;
        inner.time.hear(answer.server_time);
        // From here on `begin` finds the token, also after a kill.
        inner.begin()?;
        inner.listeners.tell(&Change::Login);
        inner.listeners.tell(&Change::Everything);
        inner.signal.wake();
        self.who().ok_or(PhoneError::NotEnrolled)
    }

    /// Forgets the token and what was read, and seals the outbox until the same person enrols again. Nothing of the queue
    /// is lost. The server is not told: revoke the device for that.
    ///
    /// # Errors
    /// [`PhoneError::Unsent`]: what the person has said could not be sent, and [`Phone::even_if_unsent`] was not asked for.
    /// The files or the secret store cannot be written.
    pub fn sign_out(&self) -> Result<(), PhoneError> {
        self.nothing_unsent()?;
        self.inner.end_login(Standing::SignedOut, None)
    }

    /// The person's phones.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`], [`PhoneError::Transport`], [`PhoneError::Suspended`].
    pub fn devices(&self) -> Result<Vec<DeviceEntry>, PhoneError> {
        let patience = self.patience()?;
        let (who, token) = self.inner.token()?;
        let answer = self.inner.transport.devices(&token, &patience);
        Ok(self.inner.heed(&who, answer)?.devices)
    }

    /// A code for somebody's next phone, for staff who make such. The server alone decides: nothing of it is kept here, so
    /// that without it nothing happens. The answer is to be shown once, and forgotten.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`], [`PhoneError::Transport`], [`PhoneError::Suspended`].
    pub fn make_code(&self, school: SchoolId, person: PersonId) -> Result<CodeAnswer, PhoneError> {
        let patience = self.patience()?;
        let (who, token) = self.inner.token()?;
        let answer = self.inner.transport.make_code(&token, &CodeRequest { school, person }, &patience);
        self.inner.heed(&who, answer)
    }

    /// Revokes one of the person's phones. It wipes its mirror and seals its outbox at its next contact; this one does so
    /// at once.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`], [`PhoneError::Transport`], [`PhoneError::Suspended`]; of the phone in the hand
    /// [`PhoneError::Unsent`], as [`Phone::sign_out`].
    pub fn revoke_device(&self, device: DeviceId) -> Result<(), PhoneError> {
        if self.inner.enrolled()?.device == device {
            self.nothing_unsent()?;
        }
        let patience = self.patience()?;
        let (who, token) = self.inner.token()?;
        let answer = self.inner.transport.revoke_device(&token, device, &patience);
        self.inner.heed(&who, answer)?;
        if who.device == device {
            self.inner.end_login(Standing::Revoked, Some(device))?;
        }
        Ok(())
    }
}

impl Inner {
    /// # Errors
    /// [`PhoneError::NotEnrolled`], [`PhoneError::TokenLost`], or the secret store cannot be read now.
    pub fn token(&self) -> Result<(Who, Token), PhoneError> {
        let who = self.enrolled()?;
        let secret = self.secrets.load()?.filter(|secret| secret.device == who.device);
        Ok((who, secret.ok_or(PhoneError::TokenLost)?.token))
    }

    /// The person, while the server may know this phone.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`]
    pub fn enrolled(&self) -> Result<Who, PhoneError> {
        let who = self.readable()?;
        if who.standing.has_token() { Ok(who) } else { Err(PhoneError::NotEnrolled) }
    }

    /// Ends the login if the refusal says that it is over, and hands the answer on.
    fn heed<T>(&self, who: &Who, answer: Result<T, TransportError>) -> Result<T, PhoneError> {
        if let Err(TransportError::Refused { problem, .. }) = &answer
            && let Some(standing) = ending(problem.code)
        {
            self.end_login(standing, Some(who.device))?;
        }
        Ok(answer?)
    }

    /// The outbox first: a phone that dies in between finds the rest to do when it is opened. From then on nothing is shown
    /// or sent, whatever becomes of the rest.
    /// `of`: only if it is still that device's, since the answer may be to a login that has been replaced meanwhile.
    pub fn end_login(&self, standing: Standing, of: Option<DeviceId>) -> Result<(), PhoneError> {
        let files = self.files_to_write()?;
        let who = files.outbox.lock().who()?;
        let Some(who) = who.filter(|who| of.is_none_or(|device| who.device == device)) else { return Ok(()) };
        if standing.has_token() && who.standing == standing {
            return Ok(());
        }
        files.outbox.lock().set_who(&Who { standing, ..who })?;
        self.reload(&files)?;
        self.at(Step::Sealed)?;
        let wiped = if standing.is_sealed() {
            self.state.lock().schools.clear();
            let wiped = files.mirror.lock().wipe(None);
            drop(files);
            // Deleting rows needs room on the disk; deleting the file does not.
            let wiped = wiped.or_else(|_| self.replace_mirror());
            self.at(Step::Wiped)?;
            wiped
        } else {
            Ok(())
        };
        let cleared = if standing.has_token() { Ok(()) } else { self.secrets.clear() };
        self.listeners.tell(&Change::Login);
        self.listeners.tell(&Change::Everything);
        cleared?;
        wiped
    }

    /// The server knows this phone, and says which schools the person has to do with; the mirror forgets the others.
    pub fn set_schools(&self, asked: &Who, schools: &[SchoolId]) -> Result<(), PhoneError> {
        let Some(who) = self.enrolled().ok().filter(|who| who.device == asked.device) else { return Ok(()) };
        let mut listed = schools.to_vec();
        listed.sort_unstable();
        if who.schools != listed || who.standing != Standing::Enrolled {
            let files = self.files()?;
            let who = Who { schools: listed.clone(), standing: Standing::Enrolled, ..who };
            // The list last: a phone that dies in between does the rest at the next answer.
            files.mirror.lock().keep_only(&listed)?;
            files.outbox.lock().set_who(&who)?;
            self.state.lock().who = Some(who);
            self.listeners.tell(&Change::Login);
        }
        Ok(())
    }
}

/// What a refusal makes of the login; none: nothing.
pub(super) fn ending(code: ProblemCode) -> Option<Standing> {
    match code {
        ProblemCode::TokenUnknown => Some(Standing::TokenUnknown),
        ProblemCode::DeviceRevoked => Some(Standing::Revoked),
        ProblemCode::CodeWrong
        | ProblemCode::CodeExpired
        | ProblemCode::CodeUsed
        | ProblemCode::TooManyTries
        | ProblemCode::Malformed
        | ProblemCode::NotFound
        | ProblemCode::TooLarge
        | ProblemCode::TooOld
        | ProblemCode::Unavailable
        | ProblemCode::Other => None,
    }
}
