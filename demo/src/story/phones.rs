//! All phones of the morning: real device cores in folders of their own, over real HTTP. A phone is open only while its
//! person holds it, as in a pocket; otherwise its files are closed.

use super::wire::{Figures, Measured};
use parking_lot::Mutex;
use skolebro_core::{
    clock::Clock,
    device::{
        Options, Phone, PhoneError, SyncEnd, http::HttpTransport, secrets::FileSecretStore, transport::TransportError,
    },
};
use skolebro_demo::sample::PersonNo;
use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// Phones in use at the same time.
const HANDS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    #[error(transparent)]
    Phone(#[from] PhoneError),
    #[error("cannot make a phone's folder: {0}")]
    Folder(#[from] io::Error),
    #[error("a sync ended as {0:?}")]
    Sync(SyncEnd),
    #[error("{0}")]
    Unexpected(String),
}

/// What came of all syncs together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// Commands that were settled, or left in the queue.
    pub accepted: u32,
    pub rejected: u32,
    pub not_now: u32,
    /// Times that a phone warned.
    pub advised: usize,
    pub rows: u32,
    /// While phones were at work.
    pub busy: Duration,
}

pub struct Fleet {
    folder: PathBuf,
    transport: Arc<Measured>,
    clock: Arc<dyn Clock>,
    phones: BTreeMap<PersonNo, Phone>,
    pub sums: Mutex<Sums>,
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet").field("phones", &self.phones.len()).finish_non_exhaustive()
    }
}

impl Fleet {
    /// # Errors
    /// The folder cannot be made.
    pub fn new(folder: PathBuf, url: &str, clock: Arc<dyn Clock>) -> Result<Self, FleetError> {
        fs::create_dir_all(&folder)?;
        let http = HttpTransport::new(url);
        let transport = Arc::new(Measured { http, figures: Arc::new(Figures::default()) });
        Ok(Self { folder, transport, clock, phones: BTreeMap::new(), sums: Mutex::default() })
    }

    pub fn figures(&self) -> &Figures {
        &self.transport.figures
    }

    pub fn len(&self) -> usize {
        self.phones.len()
    }

    pub fn has(&self, who: PersonNo) -> bool {
        self.phones.contains_key(&who)
    }

    /// # Errors
    /// That person has no phone: the script is wrong.
    pub fn phone(&self, who: PersonNo) -> Result<&Phone, FleetError> {
        let none = || FleetError::Unexpected(format!("{} has no phone", who.sourced_id()));
        self.phones.get(&who).ok_or_else(none)
    }

    /// Each signs in with the code from the letter, and syncs for the first time.
    ///
    /// # Errors
    /// The first that could not.
    pub fn enrol(&mut self, codes: Vec<(PersonNo, String)>) -> Result<(), FleetError> {
        let enrolled = crowd(codes, |(who, code)| {
            let phone = self.fresh(who)?;
            phone.enrol(&code, "demo")?;
            self.sync(&phone)?;
            phone.suspend();
            Ok::<_, FleetError>((who, phone))
        });
        for phone in enrolled {
            let (who, phone) = phone?;
            self.phones.insert(who, phone);
        }
        Ok(())
    }

    fn fresh(&self, who: PersonNo) -> Result<Phone, FleetError> {
        let folder = self.folder.join(who.sourced_id());
        fs::create_dir_all(&folder)?;
        let secrets = Arc::new(FileSecretStore::in_folder(&folder));
        let transport = Arc::clone(&self.transport);
        Ok(Phone::open(&folder, transport, Arc::clone(&self.clock), secrets, Options::default())?)
    }

    /// Tries to sign in with a code that nobody made. Gives the refusal; none: it was let in.
    ///
    /// # Errors
    /// The phone itself failed.
    pub fn break_in(&self, who: PersonNo, code: &str) -> Result<Option<TransportError>, FleetError> {
        let phone = self.fresh(who)?;
        let refused = match phone.enrol(code, "demo") {
            Ok(_) => None,
            Err(PhoneError::Transport(refused)) => Some(refused),
            Err(other) => return Err(other.into()),
        };
        phone.suspend();
        Ok(refused)
    }

    /// Sends what is queued, and fetches what is new.
    ///
    /// # Errors
    /// It did not come to the end.
    pub fn sync(&self, phone: &Phone) -> Result<(), FleetError> {
        let report = phone.sync_once(PATIENCE)?;
        let mut sums = self.sums.lock();
        sums.accepted += report.accepted;
        sums.rejected += report.rejected;
        sums.not_now += report.not_now;
        sums.rows += report.rows;
        match report.ended {
            SyncEnd::Complete => Ok(()),
            other => Err(FleetError::Sync(other)),
        }
    }

    /// Everybody takes the phone out at once.
    ///
    /// # Errors
    /// The first that failed.
    pub fn all_at_once<T: Send>(
        &self,
        people: Vec<(PersonNo, T)>,
        hold: impl Fn(&Phone, PersonNo, T) -> Result<(), FleetError> + Sync,
    ) -> Result<(), FleetError> {
        let since = Instant::now();
        let done = crowd(people, |(who, what)| {
            let phone = self.phone(who)?;
            phone.resume()?;
            let done = hold(phone, who, what);
            phone.suspend();
            done
        });
        self.sums.lock().busy += since.elapsed();
        done.into_iter().collect()
    }

    /// Everybody syncs.
    ///
    /// # Errors
    /// The first that failed.
    pub fn everybody(&self) -> Result<(), FleetError> {
        let people = self.phones.keys().map(|who| (*who, ())).collect();
        self.all_at_once(people, |phone, _, ()| self.sync(phone))
    }

    pub fn people(&self) -> impl Iterator<Item = PersonNo> + '_ {
        self.phones.keys().copied()
    }
}

/// Does the work with many hands; the answers come in the order of the work.
fn crowd<T: Send, R: Send>(work: Vec<T>, with: impl Fn(T) -> R + Sync) -> Vec<R> {
    let count = work.len();
    let queue = Mutex::new(work.into_iter().enumerate());
    let done = Mutex::new(Vec::with_capacity(count));
    thread::scope(|scope| {
        for _ in 0..HANDS.min(count) {
            scope.spawn(|| {
                loop {
                    let Some((place, item)) = queue.lock().next() else { break };
                    let answer = with(item);
                    done.lock().push((place, answer));
                }
            });
        }
    });
    let mut done = done.into_inner();
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, answer)| answer).collect()
}
