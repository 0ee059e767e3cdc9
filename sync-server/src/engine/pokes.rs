//! Tells a listening phone that something changed that it may read, or its rights themselves. Says nothing of what, and
//! any number of changes between two looks are one poke.

use super::{Engine, live::Done, refusal::Refusal, rights::Rights, session::Session, shared::Shared};
use parking_lot::Mutex;
use skolebro_core::domain::{
    ids::{DeviceId, PersonId, SchoolId},
    scope::Scope,
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tokio::{sync::watch, task::JoinHandle};

/// From so many scopes on, a listener is asked about each change instead of standing in the index.
const WIDE: usize = 512;

#[derive(Debug, Default)]
pub(super) struct Pokes {
    listening: AtomicUsize,
    listeners: Mutex<Listeners>,
}

#[derive(Debug, Default)]
struct Listeners {
    newest: u64,
    all: HashMap<u64, Listener>,
    by_scope: HashMap<(SchoolId, Scope), HashSet<u64>>,
    by_person: HashMap<PersonId, HashSet<u64>>,
    by_device: HashMap<DeviceId, HashSet<u64>>,
    wide: HashMap<SchoolId, HashSet<u64>>,
}

#[derive(Debug)]
struct Listener {
    tell: watch::Sender<u64>,
    rights: Vec<(SchoolId, Arc<Rights>)>,
    stale: Arc<AtomicBool>,
}

/// A phone that listens, until it is dropped.
#[derive(Debug)]
pub struct Poked {
    shared: Arc<Shared>,
    session: Session,
    number: u64,
    told: watch::Receiver<u64>,
    stale: Arc<AtomicBool>,
    /// Heard, and not told to the caller yet: it may stop waiting at any moment.
    heard: bool,
    looking: Option<JoinHandle<()>>,
}

/// Who listens, for looking at its rights.
#[derive(Clone)]
struct Listening {
    shared: Arc<Shared>,
    session: Session,
    number: u64,
    stale: Arc<AtomicBool>,
}

impl Engine {
    /// Listens for what changes in this session's scopes from now on.
    ///
    /// # Errors
    /// That the store does not answer.
    pub fn subscribe(&self, session: &Session) -> Result<Poked, Refusal> {
        let (tell, told) = watch::channel(0);
        let stale = Arc::new(AtomicBool::new(false));
        let pokes = &self.shared.pokes;
        let number = {
            let mut listeners = pokes.listeners.lock();
            listeners.newest += 1;
            let number = listeners.newest;
            let listener = Listener { tell, rights: Vec::new(), stale: stale.clone() };
            listeners.all.insert(number, listener);
            listeners.by_person.entry(session.person).or_default().insert(number);
            listeners.by_device.entry(session.device).or_default().insert(number);
            number
        };
        pokes.listening.fetch_add(1, Ordering::SeqCst);
        let poked =
            Poked { shared: self.shared.clone(), session: *session, number, told, stale, heard: false, looking: None };
        poked.listening().look_again()?;
        Ok(poked)
    }
}

impl Poked {
    /// Waits for the next poke, and may be left and asked again at any moment. False: the engine is gone. Must be called
    /// within a tokio runtime.
    pub async fn next(&mut self) -> bool {
        if !self.heard && self.told.changed().await.is_err() {
            return false;
        }
        self.heard = true;
        if self.looking.is_none() && self.stale.load(Ordering::SeqCst) {
            let listening = self.listening();
            self.looking = Some(tokio::task::spawn_blocking(move || listening.look_or_stay_stale()));
        }
        if let Some(looking) = &mut self.looking {
            // A panic in there is logged, and leaves the listener where it stood.
            let _ = looking.await;
            self.looking = None;
        }
        self.heard = false;
        true
    }

    /// Whether there was a poke since the last look.
    pub fn was_poked(&mut self) -> bool {
        let poked = self.told.has_changed().unwrap_or(false);
        self.told.mark_unchanged();
        if self.stale.load(Ordering::SeqCst) {
            self.listening().look_or_stay_stale();
        }
        poked
    }

    fn listening(&self) -> Listening {
        let (shared, session, number, stale) = (self.shared.clone(), self.session, self.number, self.stale.clone());
        Listening { shared, session, number, stale }
    }
}

impl Listening {
    fn look_or_stay_stale(&self) {
        if self.look_again().is_err() {
            self.stale.store(true, Ordering::SeqCst);
            tracing::warn!("a listener's rights could not be read; they are looked at again with the next poke");
        }
    }

    /// Stands in the index under the rights of now.
    fn look_again(&self) -> Result<(), Refusal> {
        // Lowered before the rights are read: a change meanwhile raises it again.
        self.stale.store(false, Ordering::SeqCst);
        let Session { device, person, as_of: _ } = self.session;
        let mut rights = Vec::new();
        for school in self.shared.schools_of(person)?.iter() {
            let Some(live) = self.shared.live(*school) else { continue };
            // Shared with the phone's syncs and its other stream: those of an office hold thousands of scopes.
            let read = self.shared.read(|reading| {
                let version = reading.head(*school)?.access_version;
                super::live::rights_of(&live, reading, version, person, device)
            })?;
            rights.push((*school, read));
        }
        let now = self.shared.now();
        let mut listeners = self.shared.pokes.listeners.lock();
        listeners.leave_index(self.number);
        for (school, rights) in &rights {
            if rights.list().len() >= WIDE {
                listeners.wide.entry(*school).or_default().insert(self.number);
                continue;
            }
            for right in rights.list().iter().filter(|right| right.is_readable(now)) {
                listeners.by_scope.entry((*school, right.scope)).or_default().insert(self.number);
            }
        }
        if let Some(listener) = listeners.all.get_mut(&self.number) {
            listener.rights = rights;
        }
        Ok(())
    }
}

impl Drop for Poked {
    fn drop(&mut self) {
        self.shared.pokes.listening.fetch_sub(1, Ordering::SeqCst);
        let mut listeners = self.shared.pokes.listeners.lock();
        listeners.leave_index(self.number);
        listeners.all.remove(&self.number);
        let Session { device, person, as_of: _ } = self.session;
        take_out(&mut listeners.by_person, &person, self.number);
        take_out(&mut listeners.by_device, &device, self.number);
    }
}

fn take_out<K: std::hash::Hash + Eq>(index: &mut HashMap<K, HashSet<u64>>, key: &K, number: u64) {
    if let Some(numbers) = index.get_mut(key) {
        numbers.remove(&number);
        if numbers.is_empty() {
            index.remove(key);
        }
    }
}

impl Listeners {
    fn leave_index(&mut self, number: u64) {
        let Some(listener) = self.all.get_mut(&number) else { return };
        for (school, rights) in std::mem::take(&mut listener.rights) {
            take_out(&mut self.wide, &school, number);
            for right in rights.list() {
                take_out(&mut self.by_scope, &(school, right.scope), number);
            }
        }
    }

    fn poke(&self, number: u64) {
        if let Some(listener) = self.all.get(&number) {
            listener.tell.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    fn unsettle(&self, numbers: Option<&HashSet<u64>>) {
        numbers.into_iter().flatten().for_each(|number| self.unsettle_one(*number));
    }

    fn unsettle_one(&self, number: u64) {
        if let Some(listener) = self.all.get(&number) {
            listener.stale.store(true, Ordering::SeqCst);
        }
        self.poke(number);
    }
}

impl Pokes {
    /// Called by the writer, after the commit and after the caches say the same.
    pub fn after_commit(&self, school: SchoolId, done: &Done, now: chrono::DateTime<chrono::Utc>) {
        if self.listening.load(Ordering::SeqCst) == 0 {
            return;
        }
        let listeners = self.listeners.lock();
        done.persons.iter().for_each(|person| listeners.unsettle(listeners.by_person.get(person)));
        done.devices.iter().for_each(|device| listeners.unsettle(listeners.by_device.get(device)));
        let scopes: BTreeSet<Scope> = done.rows.iter().map(|row| row.scope).collect();
        for scope in &scopes {
            let narrow = listeners.by_scope.get(&(school, *scope));
            narrow.into_iter().flatten().for_each(|number| listeners.poke(*number));
        }
        for number in listeners.wide.get(&school).into_iter().flatten() {
            let reads = |rights: &Rights| {
                scopes.iter().any(|scope| rights.get(scope).is_some_and(|right| right.is_readable(now)))
            };
            let listener = listeners.all.get(number);
            if listener
                .is_some_and(|listener| listener.rights.iter().any(|(at, rights)| *at == school && reads(rights)))
            {
                listeners.poke(*number);
            }
        }
    }

    /// Nobody knows what was changed: everybody is to come and see.
    pub fn everybody(&self) {
        let listeners = self.listeners.lock();
        for number in listeners.all.keys() {
            listeners.unsettle_one(*number);
        }
    }

    /// A device was revoked: it is to come and hear of it.
    pub fn of_device(&self, device: DeviceId) {
        let listeners = self.listeners.lock();
        listeners.unsettle(listeners.by_device.get(&device));
    }
}
