//! A running school: the village's people, a real server on an address of its own, a real SQLite folder, and phones that
//! are real device cores over real HTTP. The clock is the test's; it stands still until it is moved.

use crate::{
    earlier,
    raw::Raw,
    village::{self, at, person, school},
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use skolebro_core::{
    clock::TestClock,
    device::{Delivery, Options, Phone, SyncEnd, SyncReport, http::HttpTransport, secrets::FileSecretStore},
    domain::{
        attendance::AbsenceKind,
        command::{Capacity, CommandBody},
        ids::{CommandId, PersonId},
        record::{Record, RecordKind},
        roster::{Origin, RosterChange, RosterEntry},
    },
};
use skolebro_server::{
    engine::{Engine, RosterAuthor},
    http::HttpLimits,
    serve::{Running, ServeOptions},
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    ops::Deref,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// A Tuesday in term, ten to seven in Stockholm.
pub const MORNING: &str = "2026-09-15T04:50:00Z";
/// That day.
pub const TUESDAY: &str = "2026-09-15";
/// No sync here takes so long; one that does has failed.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub struct Town {
    pub clock: Arc<TestClock>,
    running: Option<Running>,
    listen: SocketAddr,
    folder: TempDir,
}

/// An address that no other school of these tests has, so that nobody takes the port while the server is down.
fn address() -> SocketAddr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let ip = if cfg!(target_os = "linux") {
        let [_, _, high, low] = std::process::id().to_be_bytes();
        Ipv4Addr::new(127, high.max(1), low, NEXT.fetch_add(1, Ordering::SeqCst).clamp(1, 250))
    } else {
        Ipv4Addr::LOCALHOST
    };
    SocketAddr::new(IpAddr::V4(ip), 0)
}

impl Town {
    /// The village on a Tuesday morning.
    pub fn open() -> Self {
        Self::open_at(at(MORNING))
    }

    /// The village at another time.
    pub fn open_at(now: DateTime<Utc>) -> Self {
        let town = Self::on(tempfile::tempdir().unwrap(), now);
        town.apply(village::roster());
        town
    }

    /// A copy of a data folder that is there already.
    pub fn open_on(data: &Path, now: DateTime<Utc>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        earlier::copy(data, folder.path());
        Self::on(folder, now)
    }

    fn on(folder: TempDir, now: DateTime<Utc>) -> Self {
        let clock = Arc::new(TestClock::at(now));
        let mut town = Self { clock, running: None, listen: address(), folder };
        town.start();
        town
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    pub fn engine(&self) -> &Arc<Engine> {
        self.running.as_ref().expect("the server is down").server().engine()
    }

    /// Pokes come at once and streams are never silent for long; nobody is held back.
    fn limits() -> HttpLimits {
        HttpLimits {
            poke_gap: Duration::ZERO,
            heartbeat: Duration::from_millis(50),
            enrol_per_minute: None,
            requests_per_minute: None,
            pokes_per_second: 0,
            ..HttpLimits::default()
        }
    }

    pub fn start(&mut self) {
        let options = ServeOptions {
            listen: self.listen,
            limits: Self::limits(),
            clock: self.clock.clone(),
            ..ServeOptions::on(self.folder.path())
        };
        let running = Running::start(options).unwrap();
        self.listen = running.server().address();
        self.running = Some(running);
    }

    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Where the server listens, or did.
    pub fn address(&self) -> SocketAddr {
        self.listen
    }

    /// The same address answers again after [`Town::start`].
    pub fn stop(&mut self) {
        self.running.take().expect("the server is down").stop();
    }

    pub fn apply(&self, changes: Vec<RosterChange>) {
        self.engine().apply_roster(school(), changes, RosterAuthor::Import).unwrap();
    }

    /// Liv's after-school club opens, a school of its own at the same server.
    pub fn open_club(&self) {
        self.engine().apply_roster(village::club(), village::club_roster(), RosterAuthor::Import).unwrap();
    }

    pub fn put(&self, entry: impl Into<RosterEntry>) {
        self.apply(vec![RosterChange::Put { entry: entry.into(), origin: Origin::Import }]);
    }

    pub fn remove(&self, entry: impl Into<RosterEntry>) {
        self.apply(vec![RosterChange::Remove(entry.into())]);
    }

    /// Moves the clock, and lets the server do what is due by then.
    pub fn until(&self, instant: &str) {
        self.clock.advance_to(at(instant));
        self.tick();
    }

    pub fn tick(&self) {
        let engine = self.engine();
        engine.tick(engine.now()).unwrap();
    }

    /// None: no code is made for this person.
    pub fn code(&self, given: &str) -> Option<String> {
        self.engine().make_codes(&[person(given)]).unwrap().pop().map(|(_, code)| code)
    }

    /// A new phone of the person, enrolled, and synced once.
    pub fn phone(&self, given: &str) -> TownPhone {
        let folder = tempfile::tempdir().unwrap();
        let phone = open(folder.path(), &self.url(), &self.clock);
        let code = self.code(given).unwrap_or_else(|| panic!("no code for {given}"));
        let who = phone.enrol(&code, &format!("{given}s telefon")).unwrap();
        assert_eq!(who.person, person(given));
        let phone = TownPhone { phone: Some(phone), folder, url: self.url(), clock: self.clock.clone() };
        phone.settle();
        phone
    }

    /// A token of the person, and nothing else.
    pub fn raw(&self, given: &str) -> Raw {
        let code = self.code(given).unwrap_or_else(|| panic!("no code for {given}"));
        let (status, answer) = enrol(&self.url(), &code);
        assert_eq!(status, 200, "{answer}");
        Raw::new(&self.url(), answer["token"].as_str().unwrap(), answer["device"].as_str().unwrap().parse().unwrap())
    }
}

/// What the server says to a code.
pub fn enrol(url: &str, code: &str) -> (u16, Value) {
    let body = json!({ "protocol": 1, "code": code, "device_name": "a phone" });
    let answer = reqwest::blocking::Client::new().post(format!("{url}/v1/enrol")).json(&body).send().unwrap();
    (answer.status().as_u16(), answer.json().unwrap())
}

fn open(folder: &Path, url: &str, clock: &Arc<TestClock>) -> Phone {
    let secrets = Arc::new(FileSecretStore::in_folder(folder));
    Phone::open(folder, Arc::new(HttpTransport::new(url)), clock.clone(), secrets, Options::default()).unwrap()
}

/// A phone in a folder of its own.
#[derive(Debug)]
pub struct TownPhone {
    /// None only while it is being opened again.
    phone: Option<Phone>,
    folder: TempDir,
    url: String,
    clock: Arc<TestClock>,
}

impl Deref for TownPhone {
    type Target = Phone;
    fn deref(&self) -> &Phone {
        self.phone.as_ref().unwrap()
    }
}

impl TownPhone {
    /// Lets go of the folder, and opens it again as a new process would.
    pub fn reopened(mut self) -> Self {
        drop(self.phone.take());
        self.phone = Some(open(self.folder.path(), &self.url, &self.clock));
        self
    }

    pub fn sync(&self) -> SyncReport {
        self.sync_once(PATIENCE).unwrap()
    }

    /// A sync that must go through.
    pub fn settle(&self) -> SyncReport {
        let report = self.sync();
        assert_eq!(report.ended, SyncEnd::Complete, "{report:?}");
        report
    }

    /// Queues it, whatever the phone advises.
    pub fn say(&self, capacity: Capacity, body: CommandBody) -> CommandId {
        self.submit(school(), capacity, body, None).unwrap().id
    }

    /// Says it, and syncs: where it is then.
    pub fn tell(&self, capacity: Capacity, body: CommandBody) -> Delivery {
        let id = self.say(capacity, body);
        self.settle();
        self.delivery(id)
    }

    pub fn delivery(&self, id: CommandId) -> Delivery {
        self.view(school()).unwrap().delivery(id).unwrap().expect("it is in the outbox")
    }

    /// What this phone shows of a pupil.
    pub fn about(&self, kind: RecordKind, pupil: &str) -> Vec<Record> {
        match self.schools().contains(&school()) {
            true => self.view(school()).unwrap().of_pupil(kind, person(pupil)).unwrap(),
            false => Vec::new(),
        }
    }

    pub fn shows(&self, kind: RecordKind, pupil: &str) -> bool {
        !self.about(kind, pupil).is_empty()
    }

    /// Whether anything in its mirror, whatever it is, names the pupil by id or by given name.
    pub fn holds_anything_of(&self, pupil: &str) -> bool {
        let Ok(view) = self.view(school()) else { return false };
        names(&format!("{:?}", view.everything().unwrap()), pupil)
    }
}

/// Whether a text names a person of the village.
pub fn names(text: &str, given: &str) -> bool {
    let id = person(given).to_string();
    text.contains(&id) || text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == given)
}

pub fn accepted(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::AtSchool { .. } | Delivery::Seen { .. })
}

/// Sick on Tuesday, the whole day.
pub fn sick(pupils: &[&str]) -> CommandBody {
    sick_on(TUESDAY, pupils.iter().map(|pupil| person(pupil)).collect())
}

pub fn sick_on(day: &str, pupils: Vec<PersonId>) -> CommandBody {
    let (from, to) = (village::day(day), village::day(day));
    let (part, note, on_behalf_of, phoned_at) = (None, None, None, None);
    CommandBody::ReportAbsence { pupils, kind: AbsenceKind::Sick, from, to, part, note, on_behalf_of, phoned_at }
}
