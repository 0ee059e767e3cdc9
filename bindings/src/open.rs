//! What an open phone consists of on this side of the border.

use crate::{
    error::SkolebroError,
    secrets::Vault,
    syncing::SyncState,
    telling::{Listeners, Teller},
};
use parking_lot::Mutex;
use skolebro_core::{
    device::{
        Change, Phone, PhoneError, Subscription as CoreSubscription, SyncLoop, SyncReport, View,
        text::{Refusal, Texts},
    },
    domain::{ids::SchoolId, people::Language},
};
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct Open {
    pub phone: Phone,
    pub vault: Arc<Vault>,
    /// The one chosen here; none: the person's own.
    pub language: Mutex<Option<Language>>,
    stepping: Mutex<Stepping>,
    pub told: Arc<Told>,
    _changes: CoreSubscription,
}

/// Who is told of what. Apart, since the sync loop's thread tells too, and may outlive the phone by a moment.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub teller: Teller,
    pub changes: Listeners<Change>,
    pub states: Listeners<SyncState>,
    state: Mutex<Syncing>,
}

#[derive(Debug, Default)]
struct Syncing {
    shown: SyncState,
    /// How many are under way: whoever syncs beside the loop, or waits for another sync, counts too.
    under_way: usize,
}

/// What became of a sync, as the state shows it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub last: Option<SyncReport>,
    /// None: nothing new is known of the way to the server.
    pub trouble: Option<Option<Refusal>>,
}

impl Told {
    pub fn state(&self) -> SyncState {
        self.state.lock().shown.clone()
    }

    pub fn runs(&self, running: bool) {
        self.change(|syncing| syncing.shown.running = running);
    }

    pub fn sync_begins(&self) {
        self.change(|syncing| syncing.under_way += 1);
    }

    /// None: it came to nothing.
    pub fn sync_ends(&self, outcome: Option<Outcome>) {
        self.change(|syncing| {
            syncing.under_way = syncing.under_way.saturating_sub(1);
            if let Some(Outcome { last, trouble }) = outcome {
                syncing.shown.last = last;
                if let Some(trouble) = trouble {
                    syncing.shown.trouble = trouble;
                }
            }
        });
    }

    /// Told under the lock, so that nobody hears of a later state first.
    fn change(&self, change: impl FnOnce(&mut Syncing)) {
        let mut syncing = self.state.lock();
        let before = syncing.shown.clone();
        change(&mut syncing);
        syncing.shown.syncing = syncing.under_way > 0;
        if syncing.shown != before {
            self.states.tell(&self.teller, &syncing.shown);
        }
    }
}

/// A sync that its caller waits for: it has ended also where it panics.
pub(crate) struct UnderWay<'a> {
    told: &'a Told,
    pub outcome: Option<Outcome>,
}

impl<'a> UnderWay<'a> {
    pub fn begin(told: &'a Told) -> Self {
        told.sync_begins();
        Self::of(told)
    }

    /// One that was told of when it began.
    pub fn of(told: &'a Told) -> Self {
        Self { told, outcome: None }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.told.sync_ends(self.outcome.take());
    }
}

#[derive(Debug, Default)]
struct Stepping {
    held: Option<Arc<SyncLoop>>,
    /// None begins any more.
    ended: bool,
}

impl Open {
    pub fn new(phone: Phone, vault: Arc<Vault>, language: Option<Language>) -> Self {
        let told: Arc<Told> = Arc::default();
        let telling = told.clone();
        let changes = phone.on_change(move |change| telling.changes.tell(&telling.teller, change));
        Self { phone, vault, language: Mutex::new(language), stepping: Mutex::default(), told, _changes: changes }
    }

    /// What core answered, after doing for the shell's secret store what core asked of it.
    pub fn settled<T>(&self, answer: Result<T, PhoneError>) -> Result<T, SkolebroError> {
        let settled = self.vault.settle();
        let answer = answer.map_err(|error| self.error(error))?;
        settled.map_err(|error| SkolebroError::SecretStore { detail: error.to_string() })?;
        Ok(answer)
    }

    pub fn error(&self, error: PhoneError) -> SkolebroError {
        SkolebroError::of(error, self.phone.who().map(|who| who.standing))
    }

    pub fn view(&self, school: SchoolId) -> Result<View, SkolebroError> {
        self.known(school)?;
        self.phone.view(school).map_err(|error| self.error(error))
    }

    /// Whether the person has to do with the school.
    pub fn known(&self, school: SchoolId) -> Result<(), SkolebroError> {
        let schools = self.phone.schools();
        if schools.contains(&school) {
            return Ok(());
        }
        // Nobody's schools are known while nobody is signed in: that is what to say then.
        match self.phone.who() {
            Some(who) if !who.standing.is_sealed() => Err(SkolebroError::UnknownSchool),
            who => Err(SkolebroError::NotSignedIn { standing: who.map(|who| who.standing) }),
        }
    }

    /// The language chosen, or the person's own, the school's, or the last one that was known.
    pub fn language(&self) -> Language {
        let chosen = *self.language.lock();
        chosen.or_else(|| self.phone.language()).unwrap_or_default()
    }

    pub fn texts(&self) -> Texts {
        Texts::new(self.language())
    }

    /// # Errors
    /// `Closed`; no thread can be started.
    pub fn start_loop(&self, start: impl Fn() -> Result<SyncLoop, PhoneError>) -> Result<(), SkolebroError> {
        loop {
            {
                let mut stepping = self.stepping.lock();
                match &stepping.held {
                    _ if stepping.ended => return Err(SkolebroError::Closed),
                    Some(held) if held.is_stopping() => {}
                    Some(_) => return Ok(()),
                    None => {
                        stepping.held = Some(Arc::new(start().map_err(|error| self.error(error))?));
                        self.told.runs(true);
                        return Ok(());
                    }
                }
            }
            self.stop_loop();
        }
    }

    /// Comes back when it has stopped, whoever asked first; from the loop's own thread before that.
    pub fn stop_loop(&self) {
        let Some(held) = self.stepping.lock().held.clone() else { return };
        held.stop();
        let mut stepping = self.stepping.lock();
        if stepping.held.as_ref().is_some_and(|now| Arc::ptr_eq(now, &held)) {
            stepping.held = None;
            self.told.runs(false);
        }
    }

    /// Opens the files again, except on a phone that has been shut down meanwhile.
    pub fn resume(&self) -> Result<(), SkolebroError> {
        self.vault.refresh();
        let resumed = self.settled(self.phone.resume());
        if self.stepping.lock().ended {
            self.phone.suspend();
            return Err(SkolebroError::Closed);
        }
        resumed
    }

    /// From any thread, also one of those that it ends.
    pub fn end(&self) {
        self.stepping.lock().ended = true;
        self.told.teller.end();
        self.phone.cancel();
        self.stop_loop();
        self.phone.suspend();
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.end();
    }
}
