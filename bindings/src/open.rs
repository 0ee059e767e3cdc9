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
    pub stepping: Mutex<Option<SyncLoop>>,
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
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub last: Option<SyncReport>,
    pub trouble: Option<Refusal>,
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
                syncing.shown.trouble = trouble;
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Syncing)) {
        let now = {
            let mut syncing = self.state.lock();
            let before = syncing.shown.clone();
            change(&mut syncing);
            syncing.shown.syncing = syncing.under_way > 0;
            if syncing.shown == before {
                return;
            }
            syncing.shown.clone()
        };
        self.states.tell(&self.teller, &now);
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
        Self { told, outcome: None }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.told.sync_ends(self.outcome.take());
    }
}

impl Open {
    pub fn new(phone: Phone, vault: Arc<Vault>, language: Option<Language>) -> Self {
        let told: Arc<Told> = Arc::default();
        let telling = told.clone();
        let changes = phone.on_change(move |change| telling.changes.tell(&telling.teller, change));
        Self { phone, vault, language: Mutex::new(language), stepping: Mutex::new(None), told, _changes: changes }
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

    /// The language chosen, or the person's own, or the school's.
    pub fn language(&self) -> Language {
        let chosen = *self.language.lock();
        let own = || self.phone.who().and_then(|who| who.language);
        let of_school = |school| Some(self.phone.view(school).ok()?.roster().school()?.language);
        let schools = || self.phone.schools().into_iter().find_map(of_school);
        chosen.or_else(own).or_else(schools).unwrap_or_default()
    }

    pub fn texts(&self) -> Texts {
        Texts::new(self.language())
    }

    /// From any thread, also one of those that it ends.
    pub fn end(&self) {
        self.told.teller.end();
        let stepping = self.stepping.lock().take();
        self.phone.cancel();
        if let Some(stepping) = stepping {
            stepping.stop();
        }
        self.phone.suspend();
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.end();
    }
}
