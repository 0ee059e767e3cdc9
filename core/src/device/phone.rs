//! The phone: the one door for shells, the CLI and the sync loop. Opening, reading, and what all parts share.
//!
//! Locks are taken in this order, and none is held across the network or a callback: `files`, outbox, mirror, `state`,
//! `remembered`.

use super::{
    crash::{Crash, Step},
    delivery::{self, OutboxItem},
    error::{CannotKeep, PhoneError},
    held::Held,
    listeners::{Change, Listeners, Subscription},
    options::Options,
    patience::{Cancellation, Cancels, Patience, Ticket},
    private,
    remembered::Remembered,
    secrets::{Secret, SecretStore},
    signal::Signal,
    store::{
        self, Files,
        entry::{Entry, EntryState},
        outbox::{Standing, Who},
        reader::Reader,
    },
    time::PhoneTime,
    transport::{Transport, TransportError},
    view::View,
};
use crate::{
    clock::Clock,
    domain::{
        ids::{CommandId, SchoolId},
        people::Language,
        rejection::Rejection,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::{Mutex, RwLock};
use std::{
    collections::HashMap,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// The systems give an app about this long to put its things away.
const LONGEST_WRITE: Duration = Duration::from_secs(5);

/// Clocks that differ by less are right.
const HONEST: TimeDelta = TimeDelta::hours(1);

/// A handle; clones are of the same phone. Send and Sync.
#[derive(Clone)]
pub struct Phone {
    pub(super) inner: Arc<Inner>,
    /// Calls off what waits for the network through this handle, where it is one that can be; by whom it began with.
    pub(super) ticket: Option<Ticket>,
    /// The person has chosen to sign in or out although something is unsent.
    pub(super) even_if_unsent: bool,
}

pub(super) struct Inner {
    pub folder: PathBuf,
    pub transport: Arc<dyn Transport>,
    pub secrets: Arc<dyn SecretStore>,
    pub time: PhoneTime,
    pub options: Options,
    pub crash: Crash,
    pub files: RwLock<Option<Arc<Files>>>,
    pub remembered: Mutex<Remembered>,
    /// What in the folder others than its owner can get at, and could not be closed to them.
    open_to_others: Vec<PathBuf>,
    pub state: Mutex<State>,
    /// One sync at a time.
    pub syncing: tokio::sync::Mutex<()>,
    /// Calls off what waits for the network.
    pub cancels: Cancels,
    pub listeners: Arc<Listeners>,
    /// Wakes the sync loop.
    pub signal: Signal,
}

/// What is kept in memory of both files.
#[derive(Debug, Default)]
pub(super) struct State {
    pub who: Option<Who>,
    pub entries: Arc<Vec<Entry>>,
    /// How much of others' waits here.
    pub sealed: u32,
    pub schools: HashMap<SchoolId, Arc<Held>>,
    /// Counts every change here, so that what was decided outside the lock is used only if nothing has moved since.
    pub version: u64,
}

/// A school at one moment, and what memory held then.
pub(super) struct Seen {
    pub reader: Reader,
    pub held: Arc<Held>,
    pub entries: Arc<Vec<Entry>>,
    pub sealed: u32,
    /// [`State::version`] while `held` is what memory has; else an earlier one.
    pub version: u64,
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Phone").field("folder", &self.inner.folder).finish_non_exhaustive()
    }
}

impl Phone {
    /// Opens the phone in a folder: one folder per server and person. Makes it where there is none.
    ///
    /// # Errors
    /// [`PhoneError::OutboxDamaged`] once, after putting the files aside; [`PhoneError::OutboxGone`] once;
    /// [`PhoneError::OutboxTooNew`]; the folder or the secret store cannot be used. A disk that takes nothing is no error
    /// here: what is there is shown, see [`Phone::only_read`].
    pub fn open(
        folder: &Path,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        secrets: Arc<dyn SecretStore>,
        options: Options,
    ) -> Result<Self, PhoneError> {
        // Before anything is written into it, and again when all of it is there.
        private::tighten(folder);
        let files = Files::open(folder, clock.now());
        let open_to_others = private::tighten(folder);
        let files = files?;
        let phone = Phone::of(Arc::new(Inner {
            folder: folder.to_owned(),
            transport,
            secrets,
            time: PhoneTime::new(clock),
            crash: Crash::new(options.crash.clone()),
            options,
            files: RwLock::new(Some(Arc::new(files))),
            remembered: Mutex::new(Remembered::of(folder)),
            open_to_others,
            state: Mutex::new(State::default()),
            syncing: tokio::sync::Mutex::default(),
            cancels: Cancels::default(),
            listeners: Arc::new(Listeners::default()),
            signal: Signal::default(),
        }));
        match phone.inner.begin() {
            // Not at its head, or it would not have opened.
            Err(error) if error.is_damage() => phone.inner.start_mirror_over()?,
            other => other?,
        }
        Ok(phone)
    }

    pub(super) fn of(inner: Arc<Inner>) -> Self {
        Self { inner, ticket: None, even_if_unsent: false }
    }

    /// The same phone, for one call: what waits for the network through that handle gives up when this is cancelled, or the
    /// phone's calls from now on are ([`Phone::cancel`]), be it before it has begun.
    #[must_use]
    pub fn called_off_by(&self, cancellation: &Cancellation) -> Self {
        let ticket = Ticket { call: cancellation.clone(), phone: self.inner.cancels.now() };
        Self { ticket: Some(ticket), ..self.clone() }
    }

    /// Who is signed in, or was: look at [`Who::standing`]. None: nobody has enrolled yet.
    pub fn who(&self) -> Option<Who> {
        self.inner.look_elsewhere();
        self.inner.state.lock().who.clone()
    }

    /// The schools that the person has anything to do with.
    pub fn schools(&self) -> Vec<SchoolId> {
        self.inner.readable().map(|who| who.schools).unwrap_or_default()
    }

    /// The server's time, as well as this phone knows it.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.time.now()
    }

    /// In which language to speak: the person's own, or their school's, or the one of last time, which is known also when
    /// nothing can be shown any more.
    pub fn language(&self) -> Option<Language> {
        let own = || self.who().and_then(|who| who.language);
        let of_school = |school| Some(self.view(school).ok()?.roster().school()?.language);
        let schools = || self.schools().into_iter().find_map(of_school);
        own().or_else(schools).or_else(|| self.inner.remembered.lock().language)
    }

    /// Whom to call: the telephone numbers of the person's schools' offices, also when nothing can be shown any more.
    pub fn offices(&self) -> Vec<String> {
        let schools = self.who().map(|who| who.schools).unwrap_or_default();
        self.inner.remembered.lock().phones(&schools)
    }

    /// Why nothing can be written on this phone, when its files were last opened; none: it can.
    pub fn only_read(&self) -> Option<CannotKeep> {
        self.inner.files().ok()?.only_read()
    }

    /// What in the folder others than its owner can get at, and could not be closed to them.
    pub fn open_to_others(&self) -> &[PathBuf] {
        &self.inner.open_to_others
    }

    /// One school at this moment, for screens.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`] also while the outbox is sealed; [`PhoneError::Suspended`].
    pub fn view(&self, school: SchoolId) -> Result<View, PhoneError> {
        self.inner.look_elsewhere();
        match self.inner.view(school) {
            Err(error) if error.is_damage() => {
                self.inner.start_mirror_over()?;
                self.inner.view(school)
            }
            other => other,
        }
    }

    /// What this person has said lately and what is not settled, in the order it was said.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`] also while the outbox is sealed; [`PhoneError::Suspended`].
    pub fn outbox(&self) -> Result<Vec<OutboxItem>, PhoneError> {
        self.inner.look_elsewhere();
        let entries = {
            self.inner.readable()?;
            self.inner.state.lock().entries.clone()
        };
        let mut views: HashMap<SchoolId, View> = HashMap::new();
        let mut items = Vec::with_capacity(entries.len());
        for entry in entries.iter() {
            let view = match views.entry(entry.school) {
                std::collections::hash_map::Entry::Occupied(held) => held.into_mut(),
                std::collections::hash_map::Entry::Vacant(place) => place.insert(self.view(entry.school)?),
            };
            items.push(OutboxItem {
                id: entry.id,
                number: u32::try_from(entry.position).unwrap_or(u32::MAX),
                said_ahead: said_ahead(entry),
                school: entry.school,
                command: entry.command.clone(),
                said_at: entry.said_at,
                advice: entry.advice.clone(),
                depends_on: entry.depends_on,
                delivery: delivery::of(entry, view)?,
                dependents: dependents(&entries, entry.id),
            });
        }
        Ok(items)
    }

    /// Calls back now with [`Change::Everything`] and then at every change, from whichever thread made it, until the
    /// subscription is dropped. A callback may read; it must not wait for a sync.
    pub fn on_change(&self, callback: impl Fn(&Change) + Send + Sync + 'static) -> Subscription {
        self.inner.listeners.add(Arc::new(callback))
    }

    /// Damaged outboxes that were put aside in this folder, oldest first.
    pub fn kept_aside(&self) -> Vec<PathBuf> {
        store::kept_aside(&self.inner.folder)
    }

    /// Whatever waits for the network on this phone now gives up at once: a sync ends with `Cancelled`, and so does any
    /// other call. What has reached the server settles at the next sync. What begins afterwards is not touched.
    pub fn cancel(&self) {
        self.inner.cancels.cancel();
    }

    pub(super) fn ticket(&self) -> Ticket {
        let anybody = || Ticket { call: Cancellation::default(), phone: self.inner.cancels.now() };
        self.ticket.clone().unwrap_or_else(anybody)
    }

    /// For a call that is not part of a sync.
    ///
    /// # Errors
    /// It has been called off before it began, or [`PhoneError::Suspended`].
    pub(super) fn patience(&self) -> Result<Patience, PhoneError> {
        let ticket = self.ticket();
        if ticket.is_cancelled() {
            return Err(TransportError::Cancelled.into());
        }
        // After the ticket: whoever suspends closes the files, and then calls off.
        self.inner.files()?;
        Ok(Patience { within: self.inner.options.request_timeout, ticket })
    }

    /// Lets a running sync loop sync now.
    pub fn wake(&self) {
        self.inner.signal.wake();
    }

    /// Closes the files: a phone that sleeps while it holds a lock is killed. A sync under way is called off; what
    /// another thread is writing just now is waited for, for five seconds at most.
    pub fn suspend(&self) {
        let files = self.inner.files.write().take();
        self.inner.cancels.cancel();
        let Some(files) = files else { return };
        self.inner.state.lock().schools.clear();
        // Nobody new gets hold of them from here on. A callback that suspends is itself one that holds them: hence the bound.
        let until = Instant::now() + LONGEST_WRITE;
        while Arc::strong_count(&files) > 1 && Instant::now() < until {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        drop(files);
    }

    /// Opens the files again.
    ///
    /// # Errors
    /// As [`Phone::open`].
    pub fn resume(&self) -> Result<(), PhoneError> {
        {
            let mut files = self.inner.files.write();
            if files.is_none() {
                *files = Some(Arc::new(Files::open(&self.inner.folder, self.inner.time.device_now())?));
            }
        }
        self.inner.time.wake(None);
        self.inner.begin()?;
        self.inner.listeners.tell(&Change::Everything);
        self.inner.signal.wake();
        Ok(())
    }
}

/// No honest clock, nor an honest wait, makes an answer earlier than what it answers.
fn said_ahead(entry: &Entry) -> bool {
    match &entry.state {
        EntryState::Accepted { at, .. } => entry.said_at > *at + HONEST,
        EntryState::Queued { .. } | EntryState::Rejected { .. } => false,
    }
}

fn dependents(entries: &[Entry], of: CommandId) -> Vec<CommandId> {
    let because = |entry: &&Entry| match &entry.state {
        EntryState::Rejected { rejection, .. } => *rejection == Rejection::DependencyRejected { on: of },
        EntryState::Queued { .. } | EntryState::Accepted { .. } => false,
    };
    entries.iter().filter(because).map(|entry| entry.id).collect()
}

impl Inner {
    pub fn files(&self) -> Result<Arc<Files>, PhoneError> {
        self.files.read().clone().ok_or(PhoneError::Suspended)
    }

    /// The person whose things may be shown now.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`]
    pub fn readable(&self) -> Result<Who, PhoneError> {
        let state = self.state.lock();
        state.who.clone().filter(|who| !who.standing.is_sealed()).ok_or(PhoneError::NotEnrolled)
    }

    /// Takes up what the files and the secret store say, and finishes what a killed process left half done.
    pub fn begin(&self) -> Result<(), PhoneError> {
        let files = self.files()?;
        let heard = files.mirror.lock().heard()?;
        self.time.wake(heard);
        if files.only_read().is_some() {
            return self.begin_to_read(&files);
        }
        let who = files.outbox.lock().who()?;
        // A secret store that cannot be read now is no reason not to show what is here: the sync will say so.
        let secret = self.secrets.load().ok().flatten();
        match (&who, &secret) {
            (Some(who), Some(secret)) if who.device == secret.device => {
                if !who.standing.has_token() {
                    self.secrets.clear()?;
                }
            }
            (_, Some(secret)) => self.adopt(&files, secret)?,
            (_, None) => {}
        }
        let who = files.outbox.lock().who()?;
        let owner = who.as_ref().filter(|who| !who.standing.is_sealed()).map(Who::mirror_owner);
        {
            let mut mirror = files.mirror.lock();
            if mirror.owner()? != owner {
                mirror.wipe(owner)?;
            } else if owner.is_none() {
                mirror.tidy();
            }
        }
        self.reload(&files)
    }

    /// Shows what is here, and finishes nothing that needs room.
    fn begin_to_read(&self, files: &Files) -> Result<(), PhoneError> {
        self.reload(files)?;
        let secret = self.secrets.load().ok().flatten();
        let mut state = self.state.lock();
        let half_done = |who: &Who| secret.as_ref().is_some_and(|secret| secret.device != who.device);
        if state.who.as_ref().is_some_and(half_done) {
            // Somebody has enrolled whom the files do not know yet, and who is not to see what is in them.
            state.who = None;
            state.entries = Arc::default();
        }
        Ok(())
    }

    /// Keeps in mind what is to be known when nothing else can be read.
    fn keep_in_mind(&self, change: impl FnOnce(&mut Remembered)) {
        let mut remembered = self.remembered.lock();
        let before = remembered.clone();
        change(&mut remembered);
        if *remembered != before {
            remembered.keep(&self.folder);
        }
    }

    /// Makes the folder the enrolled person's. Another person's outbox stays, sealed by its owner's id.
    pub fn adopt(&self, files: &Files, secret: &Secret) -> Result<(), PhoneError> {
        self.keep_in_mind(|remembered| {
            remembered.belong_to(secret.person);
            remembered.language = secret.language.or(remembered.language);
        });
        files.outbox.lock().set_who(&Who {
            person: secret.person,
            device: secret.device,
            standing: Standing::Enrolled,
            language: secret.language,
            schools: secret.schools.clone(),
        })
    }

    /// Reads the outbox into memory again.
    pub fn reload(&self, files: &Files) -> Result<(), PhoneError> {
        let outbox = files.outbox.lock();
        let who = outbox.who()?;
        let entries = match who.as_ref().filter(|who| !who.standing.is_sealed()) {
            Some(who) => outbox.open_entries(who.person, self.time.now())?,
            None => Vec::new(),
        };
        let sealed = Inner::count_sealed(&outbox, who.as_ref().map(|who| who.person));
        let mut state = self.state.lock();
        if state.who.as_ref().map(Who::mirror_owner) != who.as_ref().map(Who::mirror_owner) {
            state.schools.clear();
        }
        state.who = who;
        state.entries = Arc::new(entries);
        state.sealed = sealed;
        state.version += 1;
        // Replayed when next read.
        for held in state.schools.values_mut() {
            Arc::make_mut(held).generation = -1;
        }
        Ok(())
    }

    /// Another process may have this folder open, too. Asks SQLite, which costs next to nothing; never waits.
    pub fn look_elsewhere(&self) {
        let Ok(files) = self.files() else { return };
        let changed = match files.outbox.try_lock() {
            Some(mut outbox) => outbox.changed_elsewhere().unwrap_or(false),
            None => false,
        };
        if changed {
            // Failing, it is seen again at the next sync, which reads the file itself.
            let _ = self.reload(&files);
        }
    }

    pub fn view(&self, school: SchoolId) -> Result<View, PhoneError> {
        let who = self.readable()?;
        let now = self.time.now();
        let Seen { reader, held, entries, sealed, version: _ } = self.look(&who, school, now)?;
        let device_now = self.time.device_now();
        Ok(View { reader: Mutex::new(reader), held, who, entries, now, device_now, sealed })
    }

    /// The school as a reader's transaction sees it, read again only where it has changed. Reading may take long, and
    /// nobody who asks something of memory waits for it.
    pub fn look(&self, who: &Who, school: SchoolId, now: DateTime<Utc>) -> Result<Seen, PhoneError> {
        let files = self.files()?;
        let (entries, sealed, before, version) = {
            let state = self.state.lock();
            (state.entries.clone(), state.sealed, state.schools.get(&school).cloned(), state.version)
        };
        // After memory: what memory counts as come is in the file, and nothing blinks.
        let reader = files.reader()?;
        let generation = reader.generation()?;
        let before = before.filter(|held| !held.scopes.are_others(now));
        if let Some(held) = before.as_ref().filter(|held| held.generation == generation) {
            return Ok(Seen { reader, held: held.clone(), entries, sealed, version });
        }
        let before = before.filter(|held| held.me == who.person && held.directory_at == generation);
        let held = Arc::new(Held::read(&reader, school, who.person, now, &entries, before.as_deref())?);
        if let Some(known) = held.roster.school() {
            self.keep_in_mind(|remembered| {
                remembered.belong_to(who.person);
                remembered.language = who.language.or(remembered.language).or(Some(known.language));
                remembered.office(school, &known.phone);
            });
        }
        let mut state = self.state.lock();
        let still_theirs = state.who.as_ref().map(Who::mirror_owner) == Some(who.mirror_owner());
        let newer = state.schools.get(&school).is_some_and(|kept| kept.generation > generation);
        if !still_theirs || newer || !Arc::ptr_eq(&state.entries, &entries) {
            // Of that moment, and not to be kept: something has been said, settled or read meanwhile.
            return Ok(Seen { reader, held, entries, sealed, version });
        }
        state.schools.insert(school, held.clone());
        state.version += 1;
        Ok(Seen { reader, held, entries, sealed, version: state.version })
    }

    /// The mirror's file is damaged: it starts over, and the outbox is not touched.
    pub fn start_mirror_over(&self) -> Result<(), PhoneError> {
        self.replace_mirror()?;
        self.begin()?;
        self.listeners.tell(&Change::Everything);
        self.signal.wake();
        Ok(())
    }

    /// Deletes the mirror's file and makes an empty one.
    pub fn replace_mirror(&self) -> Result<(), PhoneError> {
        let mut files = self.files.write();
        if files.take().is_none() {
            return Err(PhoneError::Suspended);
        }
        store::start_mirror_over(&self.folder)?;
        *files = Some(Arc::new(Files::open(&self.folder, self.time.device_now())?));
        self.state.lock().schools.clear();
        Ok(())
    }

    /// What has ended by now is hidden at the next reading anyhow; this tells the screens to read.
    pub fn hide_what_has_ended(&self) {
        let now = self.time.now();
        let ended: Vec<SchoolId> = {
            let mut state = self.state.lock();
            let over =
                state.schools.iter().filter(|(_, held)| held.scopes.are_others(now)).map(|(id, _)| *id).collect();
            for school in &over as &Vec<SchoolId> {
                state.schools.remove(school);
            }
            over
        };
        if !ended.is_empty() {
            self.listeners.tell(&Change::Everything);
        }
    }

    /// How long until the next scope ends by itself, of those that have been read. None: not within what is known.
    pub fn next_scope_ends_in(&self) -> Option<Duration> {
        let now = self.time.now();
        let next = self.state.lock().schools.values().filter_map(|held| held.scopes.next_end).min()?;
        (next - now).max(TimeDelta::zero()).to_std().ok()
    }

    pub fn at(&self, step: Step) -> Result<(), PhoneError> {
        self.crash.at(step)
    }
}
