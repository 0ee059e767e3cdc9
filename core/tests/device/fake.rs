//! A server in memory: the real rules over a whole school, a sequence, grants, pages, and faults on request.

use crate::school::{School, person};
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use serde_json::value::RawValue;
use skolebro_core::{
    clock::{Clock, TestClock},
    device::{
        Options, Patience, Phone, PhoneError, SyncReport, Ticket,
        secrets::{MemorySecretStore, SecretStore, Token},
        transport::{Heard, Transport, TransportError},
    },
    domain::{
        access::subscriptions,
        command::{Capacity, Command, CommandBody},
        directory::Directory,
        ids::{CommandId, DeviceId, PersonId, RecordId, SchoolId},
        people::{Language, Person},
        record::Record,
        rejection::Rejection,
        roster::RosterEntry,
        scope::Scope,
        time::local_date,
        world::World,
    },
    protocol::*,
};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::ControlFlow,
    path::Path,
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

const NAMES: [&str; 26] = [
    "Liv", "Maja", "Adam", "Hugo", "Omar", "Elias", "Amal", "Erik", "Bo", "Greta", "Fatou", "Lena", "Nora", "Eva",
    "Ulf", "Ville", "Per", "Zlatan", "Sanna", "Tomas", "Vera", "Fia", "Olle", "Petra", "Hedda", "Nobody",
];

/// What the next request meets.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing arrives.
    Offline,
    /// It is done, and the answer is lost.
    Lost,
    Refuse(u16, ProblemCode, Option<Duration>),
    /// The first command is left in the queue.
    LeaveFirst,
}

pub type Between = Box<dyn FnOnce() + Send>;

pub struct State {
    pub school: School,
    pub rows: BTreeMap<(String, RecordId), Row>,
    pub head: u64,
    pub floor: u64,
    pub epoch: Uuid,
    pub page: usize,
    pub log: BTreeMap<CommandId, Outcome>,
    pub applied: Vec<CommandId>,
    pub received: Vec<(CommandId, String)>,
    pub requests: usize,
    /// Which school each request was about.
    pub asked: Vec<SchoolId>,
    /// Answers nothing about these but 503.
    pub broken: BTreeSet<SchoolId>,
    /// What listeners are refused with, first come first.
    pub deaf: VecDeque<Option<Duration>>,
    pub listened: Vec<std::time::Instant>,
    pub faults: VecDeque<Fault>,
    /// Runs after the answer is made and before it is given.
    pub between: Option<Between>,
    pub granted: BTreeMap<(PersonId, String), (u64, Option<u64>)>,
    pub untils: BTreeMap<(PersonId, String), Option<DateTime<Utc>>>,
    pub devices: BTreeMap<String, (PersonId, DeviceId, Option<ProblemCode>)>,
}

pub struct FakeServer(pub Mutex<State>);

impl std::fmt::Debug for FakeServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeServer")
    }
}

impl FakeServer {
    pub fn new() -> Arc<Self> {
        let school = School::new();
        let mut state = State {
            school,
            rows: BTreeMap::new(),
            head: 0,
            floor: 0,
            epoch: Uuid::from_u128(1),
            page: 1000,
            log: BTreeMap::new(),
            applied: Vec::new(),
            received: Vec::new(),
            requests: 0,
            asked: Vec::new(),
            broken: BTreeSet::new(),
            deaf: VecDeque::new(),
            listened: Vec::new(),
            faults: VecDeque::new(),
            between: None,
            granted: BTreeMap::new(),
            untils: BTreeMap::new(),
            devices: BTreeMap::new(),
        };
        state.directory();
        state.rights();
        Arc::new(Self(Mutex::new(state)))
    }

    pub fn school(&self) -> SchoolId {
        self.0.lock().school.world.school
    }
    pub fn now(&self) -> DateTime<Utc> {
        self.0.lock().school.world.now
    }
    pub fn fault(&self, fault: Fault) {
        self.0.lock().faults.push_back(fault);
    }
    pub fn requests(&self) -> usize {
        self.0.lock().requests
    }
    /// What a person's phone is to hold when it is in step.
    pub fn expected(&self, who: &str) -> BTreeSet<(String, RecordId, String)> {
        let state = self.0.lock();
        let readable = state.readable(person(who));
        let held = state.rows.values().filter(|row| row.body.is_some() && readable.contains_key(&row.scope));
        held.map(|row| (row.scope.clone(), row.id, row.body.as_ref().unwrap().get().to_owned())).collect()
    }
    /// A command of the clock or of somebody whose phone is not in the story.
    pub fn give(&self, who: &str, capacity: Capacity, body: CommandBody) {
        let mut state = self.0.lock();
        let command = state.school.command(capacity, body);
        let outcome = state.settle(person(who), &command);
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    }
    pub fn change(&self, change: impl FnOnce(&mut School)) {
        let mut state = self.0.lock();
        change(&mut state.school);
        state.directory();
        state.rights();
    }
    /// The backup was made before anything was said.
    pub fn forget_everything_said(&self) {
        {
            let mut state = self.0.lock();
            state.log.clear();
            state.applied.clear();
            state.rows.retain(|_, row| row.kind != "attendance");
            state.school.world.records.clear();
        }
        self.restore_from_backup();
    }
    pub fn restore_from_backup(&self) {
        let mut state = self.0.lock();
        state.epoch = Uuid::from_u128(state.epoch.as_u128() + 1);
    }
}

fn named(id: PersonId) -> Option<Person> {
    let name = NAMES.iter().find(|name| person(name) == id)?;
    Some(Person {
        id,
        given_name: (*name).into(),
        family_name: "Ek".into(),
        language: None,
        phone: Some("070".into()),
        email: None,
        birth_date: None,
        protected_identity: false,
    })
}

impl State {
    fn next(&mut self) -> u64 {
        self.head += 1;
        self.head
    }

    pub fn write(&mut self, key: (Scope, RecordId), record: Option<&Record>) {
        let name = key.0.to_string();
        let body = record.map(|record| record.body.to_json().unwrap());
        let held = self.rows.get(&(name.clone(), key.1)).and_then(|row| row.body.as_ref().map(|b| b.get().to_owned()));
        if held == body {
            return;
        }
        let seq = self.next();
        let row = Row {
            scope: name.clone(),
            id: key.1,
            seq,
            kind: record.map_or("", |record| record.body.kind().as_str()).into(),
            pupil: record.and_then(|record| record.pupil),
            day: record.and_then(|record| record.day),
            body: body.map(|json| RawValue::from_string(json).unwrap()),
        };
        self.rows.insert((name, key.1), row);
    }

    fn directory(&mut self) {
        let roster = self.school.world.roster.clone();
        let today = local_date(roster.time_zone(), self.school.world.now);
        let people = |id| named(id).map(|person| Person { protected_identity: roster.is_protected(id), ..person });
        let cards = Directory { school: self.school.world.school, roster: &roster, today, people: &people };
        let mut entries = vec![cards.school()];
        let key = |entry: RosterEntry| entry.key().key;
        entries.extend(roster.rule_sets().map(|rules| cards.rule_set(&key(rules.as_ref().clone().into()))));
        entries.extend(roster.calendars().map(|calendar| cards.calendar(&key(calendar.as_ref().clone().into()))));
        entries.extend(roster.groups().map(|group| cards.group(group.id)));
        for pupil in NAMES[..6].iter().map(|name| person(name)) {
            entries.push(cards.pupil(pupil));
            for adult in roster.guardianships(pupil) {
                entries.push(cards.contact(pupil, adult.person));
                entries.push(cards.relation(pupil, adult.person));
            }
            // Of one of age only.
            entries.push(cards.relation(pupil, pupil));
        }
        for adult in roster.adults() {
            entries.push(cards.staff(adult));
            entries.push(cards.role(adult));
        }
        for (key, record) in entries {
            self.write(key, record.as_ref());
        }
    }

    /// Grants and revocations take numbers of the same sequence.
    fn rights(&mut self) {
        let roster = &self.school.world.roster;
        let today = local_date(roster.time_zone(), self.school.world.now);
        let mut now = BTreeMap::new();
        for adult in roster.adults().into_iter().chain(NAMES[..6].iter().map(|name| person(name))) {
            for (scope, until) in subscriptions(roster, adult, today).0 {
                if !scope.topic.is_sensitive() {
                    now.insert((adult, scope.to_string()), until);
                }
            }
        }
        for (key, until) in &now {
            if !matches!(self.granted.get(key), Some((_, None))) {
                let seq = self.next();
                self.granted.insert(key.clone(), (seq, None));
            }
            self.untils.insert(key.clone(), *until);
        }
        let gone: Vec<_> = self
            .granted
            .iter()
            .filter(|(key, held)| held.1.is_none() && !now.contains_key(key))
            .map(|(k, _)| k.clone())
            .collect();
        for key in gone {
            let seq = self.next();
            self.granted.get_mut(&key).unwrap().1 = Some(seq);
        }
    }

    fn readable(&self, who: PersonId) -> BTreeMap<String, u64> {
        let own = self.granted.iter().filter(|((person, _), held)| *person == who && held.1.is_none());
        own.map(|((_, scope), held)| (scope.clone(), held.0)).collect()
    }

    pub fn settle(&mut self, who: PersonId, command: &Command) -> Outcome {
        if let Some(outcome) = self.log.get(&command.id) {
            return outcome.clone();
        }
        if let Some(on) = command.depends_on {
            match self.log.get(&on) {
                Some(Outcome::Accepted { .. }) => {}
                Some(Outcome::Rejected(_)) => {
                    let outcome = Outcome::Rejected(Rejection::DependencyRejected { on });
                    self.log.insert(command.id, outcome.clone());
                    return outcome;
                }
                Some(Outcome::NotNow(_)) | None => return Outcome::NotNow(NotNow::WaitingForAnother),
            }
        }
        let outcome = match self.school.world.submit(Some(who), command) {
            Ok(changes) => {
                for key in &changes.remove {
                    self.write(*key, None);
                }
                for record in &changes.put {
                    self.write((record.scope, record.id), Some(record));
                }
                if !changes.roster.is_empty() {
                    self.directory();
                    self.rights();
                }
                self.applied.push(command.id);
                Outcome::Accepted { seq: self.head }
            }
            Err(rejection) => Outcome::Rejected(rejection),
        };
        self.log.insert(command.id, outcome.clone());
        outcome
    }

    fn pull(&self, who: PersonId, request: &SyncRequest) -> Pull {
        let c = request.cursor;
        let last = request.continuation.as_ref().map_or(c, |cont| cont.after.max(c));
        if request.epoch.is_some_and(|epoch| epoch != self.epoch) || (c != 0 && last < self.floor) {
            return Pull::ResetRequired;
        }
        let rights = self.readable(who);
        let (first, head, place) = match &request.continuation {
            None => (true, self.head, (0, String::new(), c)),
            Some(cont) => {
                (false, cont.head, (u8::from(cont.scope.is_some()), cont.scope.clone().unwrap_or_default(), cont.after))
            }
        };
        let mut page = Page { cursor: c, ..Page::default() };
        if first {
            for (scope, granted) in rights.iter().filter(|(_, granted)| **granted > c) {
                let until = self.untils.get(&(who, scope.clone())).copied().flatten();
                let _ = granted;
                page.reset.push(Granted { scope: scope.clone(), until });
            }
            let lost = self.granted.iter().filter(|((person, scope), held)| {
                *person == who && held.1.is_some_and(|at| c < at && at <= head) && !rights.contains_key(scope)
            });
            page.revoked = lost.map(|((_, scope), _)| scope.clone()).collect();
        }
        let phase = |row: &Row| {
            let granted = rights.get(&row.scope)?;
            let (back_fill, after) = if *granted > c { (1, 0) } else { (0, c) };
            (row.seq > after && row.seq <= head)
                .then(|| (back_fill, if back_fill == 1 { row.scope.clone() } else { String::new() }, row.seq))
        };
        let mut rows: Vec<_> = self.rows.values().filter_map(|row| Some((phase(row)?, row))).collect();
        rows.retain(|(at, _)| *at > place);
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        let limit = request.limit.map_or(self.page, |limit| self.page.min(limit as usize)).max(1);
        let more = rows.len() > limit;
        rows.truncate(limit);
        if more {
            let (back_fill, scope, after) = rows.last().unwrap().0.clone();
            page.more = Some(Continuation { head, scope: (back_fill == 1).then_some(scope), after });
        } else {
            page.cursor = head;
            page.behind = head < self.head;
        }
        page.rows = rows.into_iter().map(|(_, row)| row.clone()).collect();
        Pull::Page(page)
    }

    fn caller(&self, token: &Token) -> Result<(PersonId, DeviceId), TransportError> {
        match self.devices.get(token.reveal()) {
            Some((person, device, None)) => Ok((*person, *device)),
            Some((_, _, Some(code))) => Err(refused(401, *code, None)),
            None => Err(refused(401, ProblemCode::TokenUnknown, None)),
        }
    }
}

pub fn refused(status: u16, code: ProblemCode, retry_after: Option<Duration>) -> TransportError {
    TransportError::Refused { status, problem: Problem { code, detail: String::new() }, retry_after }
}

impl Transport for FakeServer {
    /// The code is the person's name.
    fn enrol(&self, request: &EnrolRequest, _patience: &Patience) -> Result<EnrolResponse, TransportError> {
        let mut state = self.0.lock();
        if !NAMES.contains(&request.code.as_str()) {
            return Err(refused(403, ProblemCode::CodeWrong, None));
        }
        let (person, device) = (person(&request.code), DeviceId::new());
        let token = device.to_string();
        state.devices.insert(token.clone(), (person, device, None));
        Ok(EnrolResponse {
            token,
            device,
            person,
            language: Some(Language::Sv),
            schools: vec![state.school.world.school],
            epoch: state.epoch,
            server_time: state.school.world.now,
        })
    }

    fn sync(&self, token: &Token, request: &SyncRequest, _patience: &Patience) -> Result<SyncResponse, TransportError> {
        let mut state = self.0.lock();
        state.requests += 1;
        state.asked.push(request.school);
        if state.broken.contains(&request.school) {
            return Err(refused(503, ProblemCode::Unavailable, None));
        }
        let fault = state.faults.pop_front();
        match &fault {
            Some(Fault::Offline) => return Err(TransportError::Offline),
            Some(Fault::Refuse(status, code, after)) => return Err(refused(*status, *code, *after)),
            Some(Fault::Lost | Fault::LeaveFirst) | None => {}
        }
        let (who, _) = state.caller(token)?;
        let mut outcomes = Vec::new();
        for (index, raw) in request.commands.iter().enumerate() {
            let command: Command = serde_json::from_str(raw.get()).unwrap();
            let before = state.received.iter().find(|(id, _)| *id == command.id).map(|(_, json)| json.clone());
            assert!(before.is_none_or(|json| json == raw.get()), "sent again with other bytes");
            state.received.push((command.id, raw.get().to_owned()));
            let outcome = match &fault {
                Some(Fault::LeaveFirst) if index == 0 => Outcome::NotNow(NotNow::Fault),
                _ => state.settle(who, &command),
            };
            outcomes.push(CommandOutcome { id: command.id, outcome });
        }
        let answer = SyncResponse {
            protocol: PROTOCOL,
            server_time: state.school.world.now,
            epoch: state.epoch,
            schools: vec![World::school(&state.school.world)],
            outcomes,
            pull: state.pull(who, request),
        };
        let between = state.between.take();
        drop(state);
        if let Some(between) = between {
            between();
        }
        if matches!(fault, Some(Fault::Lost)) { Err(TransportError::Timeout) } else { Ok(answer) }
    }

    fn devices(&self, token: &Token, _patience: &Patience) -> Result<DeviceList, TransportError> {
        let state = self.0.lock();
        let (who, this) = state.caller(token)?;
        let own = state.devices.values().filter(|(person, _, _)| *person == who);
        let entry = |(_, device, gone): &(PersonId, DeviceId, Option<ProblemCode>)| DeviceEntry {
            device: *device,
            name: "phone".into(),
            enrolled_at: state.school.world.now,
            last_seen: None,
            revoked_at: gone.map(|_| state.school.world.now),
            this: *device == this,
        };
        Ok(DeviceList { devices: own.map(entry).collect() })
    }

    fn revoke_device(&self, token: &Token, device: DeviceId, _patience: &Patience) -> Result<(), TransportError> {
        let mut state = self.0.lock();
        let (who, _) = state.caller(token)?;
        let held = state.devices.get_mut(&device.to_string()).filter(|(person, _, _)| *person == who);
        held.ok_or(refused(404, ProblemCode::NotFound, None))?.2 = Some(ProblemCode::DeviceRevoked);
        Ok(())
    }

    fn make_code(&self, token: &Token, _: &CodeRequest, _: &Patience) -> Result<CodeAnswer, TransportError> {
        self.0.lock().caller(token)?;
        Ok(CodeAnswer::Refused { why: skolebro_core::domain::access::NoCode::NotYours })
    }

    fn listen(
        &self,
        token: &Token,
        _ticket: &Ticket,
        heard: &mut dyn FnMut(Heard) -> ControlFlow<()>,
    ) -> Result<(), TransportError> {
        let mut state = self.0.lock();
        state.listened.push(std::time::Instant::now());
        if let Some(after) = state.deaf.pop_front() {
            return Err(refused(503, ProblemCode::Unavailable, after));
        }
        state.caller(token)?;
        drop(state);
        let _ = heard(Heard::Connected);
        Ok(())
    }
}

/// A phone's folder and what outlives the process: the secret store and the clock.
pub struct Owner {
    pub folder: tempfile::TempDir,
    pub server: Arc<FakeServer>,
    pub secrets: Arc<MemorySecretStore>,
    pub clock: Arc<TestClock>,
    pub options: Options,
}

impl Owner {
    pub fn new(server: &Arc<FakeServer>) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            server: server.clone(),
            secrets: Arc::new(MemorySecretStore::default()),
            clock: Arc::new(TestClock::at(server.now())),
            options: Options::default(),
        }
    }

    pub fn try_open(&self) -> Result<Phone, PhoneError> {
        let secrets: Arc<dyn SecretStore> = self.secrets.clone();
        let clock: Arc<dyn Clock> = self.clock.clone();
        Phone::open(self.path(), self.server.clone(), clock, secrets, self.options.clone())
    }
    pub fn open(&self) -> Phone {
        self.try_open().unwrap()
    }
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
    /// Enrolled and in step.
    pub fn enrolled(server: &Arc<FakeServer>, who: &str) -> (Self, Phone) {
        let owner = Self::new(server);
        let phone = owner.open();
        phone.enrol(who, "phone").unwrap();
        sync(&phone);
        (owner, phone)
    }
    /// Time passes at the school and on this phone.
    pub fn pass(&self, by: TimeDelta) {
        self.server.0.lock().school.world.now += by;
        self.clock.advance(by);
    }
}

pub fn sync(phone: &Phone) -> SyncReport {
    phone.sync_once(Duration::from_secs(20)).unwrap()
}

/// What a phone holds, as [`FakeServer::expected`] says it.
pub fn held(phone: &Phone) -> BTreeSet<(String, RecordId, String)> {
    let schools = phone.schools();
    let view = phone.view(schools[0]).unwrap();
    view.everything().unwrap().into_iter().map(|row| (row.scope, row.id, row.body)).collect()
}

/// The phone holds what its person may read, no less and no more.
pub fn in_step(phone: &Phone, who: &str, server: &FakeServer, told: &str) {
    let (held, expected) = (held(phone), server.expected(who));
    let place = |row: &&(String, RecordId, String)| format!("{} {}", row.0, row.2.chars().take(80).collect::<String>());
    let extra: Vec<String> = held.difference(&expected).map(|row| place(&row)).collect();
    let missing: Vec<String> = expected.difference(&held).map(|row| place(&row)).collect();
    assert!(extra.is_empty() && missing.is_empty(), "{told}\nheld and not to be: {extra:#?}\nmissing: {missing:#?}");
}
