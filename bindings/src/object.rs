//! The one object: opening, closing, and the way every call takes.

use crate::{
    error::SkolebroError,
    open::Open,
    secrets::{SecretStore, Vault},
    telling::Telling,
};
use parking_lot::{Condvar, Mutex, RwLock};
use skolebro_core::{
    clock::{Clock, SystemClock},
    device::{
        Options, Phone,
        http::{HttpTransport, check_address},
        sync_loop::is_loops_thread,
    },
    domain::people::Language,
};
use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Arc,
    thread::ThreadId,
    time::Duration,
};

/// Of whoever closes second, however long the first may take.
const LONGEST_CLOSING: Duration = Duration::from_secs(20);

/// Where a phone's things are.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Settings {
    /// One for each person and server; made where there is none. In the app's own files, and out of backups.
    pub folder: String,
    /// `https://skole.example.se`, as the letter has it. Without TLS on this machine only.
    pub server: String,
    /// To speak in whatever the person's own language is; none: the person's own, or the school's.
    pub language: Option<Language>,
}

/// A phone. All calls may come from any thread, several at once, and block: keep them off the main thread where they write
/// or wait (`enrol`, `submit`, `sync_once`, `devices`, `revoke_device`, `start_sync`, `stop_sync`, `suspend`, `resume`,
/// `shut_down`).
#[derive(uniffi::Object)]
pub struct Skolebro {
    /// None once it is shut down. Never held while anything is done with it.
    open: RwLock<Option<Arc<Open>>>,
    closing: Closing,
}

/// Who shuts it down, for those who do so too and must not come back before it is.
#[derive(Debug, Default)]
struct Closing {
    by: Mutex<Option<ThreadId>>,
    over: Condvar,
}

impl Closing {
    fn begin(&self) {
        *self.by.lock() = Some(std::thread::current().id());
    }

    fn end(&self) {
        *self.by.lock() = None;
        self.over.notify_all();
    }

    /// Not where it is waited for: what is let go of meanwhile is the host's, and so is what the loop asks.
    fn wait(&self) {
        let own = std::thread::current().id();
        let mut by = self.by.lock();
        if *by != Some(own) && !is_loops_thread() {
            self.over.wait_while_for(&mut by, |by| by.is_some(), LONGEST_CLOSING);
        }
    }
}

impl fmt::Debug for Skolebro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Skolebro").field("open", &self.open.read().is_some()).finish_non_exhaustive()
    }
}

#[uniffi::export]
impl Skolebro {
    /// Opens the phone in a folder, whoever is or is not signed in there. Needs no network.
    ///
    /// # Errors
    /// `BadSettings`; `OutboxDamaged` once, after putting the files aside; `OutboxTooNew`; `Storage`.
    #[uniffi::constructor]
    pub fn open(settings: Settings, secrets: Arc<dyn SecretStore>) -> Result<Arc<Self>, SkolebroError> {
        guarded(|| Self::open_with(settings, secrets, Arc::new(SystemClock::default()), Options::default()))
    }

    /// Ends it: what waits for the network gives up, listeners hear nothing more, the files are closed. Every other call says
    /// `Closed` from then on. Nothing that was kept is lost. Twice is once: whoever comes second waits for the first.
    pub fn shut_down(&self) {
        let _telling = Telling::begin();
        let open = {
            let mut open = self.open.write();
            if open.is_some() {
                self.closing.begin();
            }
            open.take()
        };
        let Some(open) = open else { return self.closing.wait() };
        let _ = guarded(|| {
            open.end();
            drop(open);
            Ok(())
        });
        self.closing.end();
    }

    /// Closes the files before the app is put to sleep: a phone that sleeps while it holds a lock is killed. Whatever waits
    /// for the network is called off.
    pub fn suspend(&self) -> Result<(), SkolebroError> {
        self.with(|open| {
            open.phone.suspend();
            Ok(())
        })
    }

    /// Opens them again.
    ///
    /// # Errors
    /// As `open`.
    pub fn resume(&self) -> Result<(), SkolebroError> {
        self.with(|open| open.resume())
    }

    /// Damaged outboxes that were put aside in this folder, oldest first: to be handed to somebody who can help.
    pub fn kept_aside(&self) -> Result<Vec<String>, SkolebroError> {
        self.with(|open| Ok(open.phone.kept_aside().iter().map(|path| path.display().to_string()).collect()))
    }

    /// The language that texts are in now.
    pub fn language(&self) -> Result<Language, SkolebroError> {
        self.with(|open| Ok(open.language()))
    }

    /// None: the person's own, or the school's. Screens that are shown are to be read again.
    pub fn set_language(&self, language: Option<Language>) -> Result<(), SkolebroError> {
        self.with(|open| {
            *open.language.lock() = language;
            open.told.changes.tell(&open.told.teller, &skolebro_core::device::Change::Everything);
            Ok(())
        })
    }
}

impl Skolebro {
    pub(crate) fn open_with(
        settings: Settings,
        secrets: Arc<dyn SecretStore>,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Result<Arc<Self>, SkolebroError> {
        quiet_panics();
        let _telling = Telling::begin();
        let Settings { folder, server, language } = settings;
        let bad = |detail: &str| Err(SkolebroError::BadSettings { detail: detail.to_owned() });
        if folder.trim().is_empty() || folder.contains('\0') {
            return bad("the folder has no name");
        }
        if let Err(problem) = check_address(&server) {
            return bad(&problem.to_string());
        }
        let vault = Arc::new(Vault::new(secrets));
        vault.refresh();
        let transport = Arc::new(HttpTransport::new(&server));
        let phone = Phone::open(&PathBuf::from(folder), transport, clock, vault.clone(), options)
            .map_err(|error| SkolebroError::of(error, None))?;
        let open = Open::new(phone, vault, language);
        // What a killed phone left to be cleared is tried again at the next sync: it does not stand in the way of reading.
        let _ = open.vault.settle();
        Ok(Arc::new(Self { open: RwLock::new(Some(Arc::new(open))), closing: Closing::default() }))
    }

    fn opened(&self) -> Result<Arc<Open>, SkolebroError> {
        self.open.read().clone().ok_or(SkolebroError::Closed)
    }

    /// Every call comes this way: closed is said, and a panic is an error.
    pub(crate) fn with<T>(
        &self,
        call: impl FnOnce(&Arc<Open>) -> Result<T, SkolebroError>,
    ) -> Result<T, SkolebroError> {
        // Outlives what the call holds of the phone: who lets go of it last lets go of the host's store.
        let _telling = Telling::begin();
        let open = self.opened()?;
        guarded(|| call(&open))
    }
}

pub(crate) fn guarded<T>(call: impl FnOnce() -> Result<T, SkolebroError>) -> Result<T, SkolebroError> {
    // No lock of ours is poisoned by a panic, and a transaction that one leaves is rolled back.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| Err(SkolebroError::of_panic(panic.as_ref())))
}

/// Where a panic was, and not its words: they may hold what it was about, and a shell's log is nobody's secret.
fn quiet_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    if cfg!(feature = "testing") {
        return;
    }
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| match panic.location() {
            Some(place) => eprintln!("skolebro: a fault at {}:{}", place.file(), place.line()),
            None => eprintln!("skolebro: a fault"),
        }));
    });
}
