//! The phones, the server and the schedule between them, and what must hold.

use super::{
    faults::Fault,
    oracle::{self, Holding},
    schedule::{Op, PHONES, Schedule},
    server::{Server, folder},
    wire::Wire,
};
use crate::village::{self, assignment, group, guardianship, person, school};
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use skolebro_core::{
    clock::{Clock, TestClock},
    device::{
        Delivery, Options, OutboxItem, Phone, PhoneError, Standing, SyncEnd, crash::Step, secrets::MemorySecretStore,
    },
    domain::{
        attendance::{AbsenceKind, Attendance, PartOfDay, Presence, Session},
        command::{Capacity, CommandBody, RollMark},
        ids::{CommandId, DeviceId, RecordId},
        people::{
            Block, Dates, Enrolment, GuardianshipKind, Membership, Reach, Role, SchoolForm, Standing as AdultStanding,
        },
        record::RecordKind,
        rejection::Rejection,
        roster::RosterChange,
        scope::{Circle, Scope, Topic},
        time::local_date,
    },
    protocol::Outcome,
};
use skolebro_server::engine::Limits;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

const OWNERS: [&str; PHONES] = ["Amal", "Amal", "Erik", "Nora", "Kaj", "Frida", "Sanna", "Olga"];
const PUPILS: [&str; 3] = ["Liv", "Omar", "Siri"];
const PATIENCE: Duration = Duration::from_secs(60);

/// Which of design.md's invariants does not hold, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub invariant: &'static str,
    pub detail: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.detail)
    }
}

fn fail<T>(invariant: &'static str, detail: impl Into<String>) -> Result<T, Failure> {
    Err(Failure { invariant, detail: detail.into() })
}

struct Handset {
    owner: &'static str,
    folder: PathBuf,
    wire: Arc<Wire>,
    secrets: Arc<MemorySecretStore>,
    phone: Option<Phone>,
    device: Option<DeviceId>,
    /// Counts down at its step; at 0 the phone dies there.
    fuse: Arc<Fuse>,
    said: BTreeSet<CommandId>,
    /// Own reports that were on the screen since the phone last started something over.
    shown: BTreeSet<CommandId>,
    dismissed: BTreeSet<CommandId>,
    taken_back: BTreeSet<CommandId>,
    clock: Arc<PhoneClock>,
    revoked: bool,
    /// The server has gone back to before it knew this phone, and its person may have no new code.
    unknown: bool,
}

/// The steady part is the server's; what it shows is the phone's own.
#[derive(Debug)]
struct PhoneClock {
    server: Arc<TestClock>,
    wrong_by: AtomicI64,
}

impl Clock for PhoneClock {
    fn now(&self) -> DateTime<Utc> {
        self.server.now() + TimeDelta::minutes(self.wrong_by.load(Ordering::SeqCst))
    }
    fn elapsed(&self) -> TimeDelta {
        self.server.elapsed()
    }
}

struct Fuse {
    /// At the choosing of a batch this phone's person takes something back.
    taking: parking_lot::Mutex<Option<Phone>>,
    taken: parking_lot::Mutex<Vec<CommandId>>,
    step: parking_lot::Mutex<Option<Step>>,
    left: AtomicI64,
}

impl Fuse {
    fn set(&self, death: Option<(Step, u32)>) {
        *self.step.lock() = death.map(|(step, _)| step);
        self.left.store(death.map_or(0, |(_, left)| i64::from(left)), Ordering::SeqCst);
    }
    fn burns(&self, step: Step) -> bool {
        if step == Step::SyncChosen
            && let Some(phone) = self.taking.lock().take()
        {
            self.taken.lock().extend(take_back(&phone));
        }
        *self.step.lock() == Some(step) && self.left.fetch_sub(1, Ordering::SeqCst) == 0
    }
}

/// Takes back the first thing that can be. Gives all that went with it.
fn take_back(phone: &Phone) -> Vec<CommandId> {
    let listed = |phone: &Phone| phone.outbox().unwrap_or_default();
    let before = listed(phone);
    let untried = |item: &&OutboxItem| matches!(item.delivery, Delivery::OnThisPhoneOnly { tried: false, .. });
    let Some(first) = before.iter().find(untried) else { return Vec::new() };
    if phone.take_back(first.id).is_err() {
        return Vec::new();
    }
    let after: BTreeSet<CommandId> = listed(phone).iter().map(|item| item.id).collect();
    before.iter().map(|item| item.id).filter(|id| !after.contains(id)).collect()
}

#[expect(missing_debug_implementations, reason = "phones and wires say nothing of use")]
pub struct World {
    server: Arc<Server>,
    phones: Vec<Handset>,
    limit: usize,
    fault: Fault,
    restored: bool,
    _folder: TempDir,
}

impl World {
    pub fn new(schedule: &Schedule, fault: Fault) -> Self {
        // A Monday in term, before school.
        let server = Arc::new(Server::start(village::at("2026-11-23T05:30:00Z"), Limits::tiny(schedule.limit)));
        let folder = folder();
        server.roster(vec![RosterChange::staff(skolebro_core::domain::people::Delegation {
            pupil: person("Liv"),
            to: person("Kaj"),
            by: person("Amal"),
            topics: vec![Topic::Attendance],
            dates: Dates::default(),
        })]);
        let phones = (0..PHONES)
            .map(|number| Handset {
                owner: OWNERS[number],
                folder: folder.path().join(format!("phone-{number}")),
                wire: Wire::new(server.clone(), fault),
                secrets: Arc::default(),
                phone: None,
                device: None,
                fuse: Arc::new(Fuse {
                    taking: parking_lot::Mutex::default(),
                    taken: parking_lot::Mutex::default(),
                    step: parking_lot::Mutex::new(None),
                    left: AtomicI64::new(0),
                }),
                said: BTreeSet::new(),
                shown: BTreeSet::new(),
                dismissed: BTreeSet::new(),
                taken_back: BTreeSet::new(),
                clock: Arc::new(PhoneClock { server: server.clock().clone(), wrong_by: AtomicI64::new(0) }),
                revoked: false,
                unknown: false,
            })
            .collect();
        let mut world = Self { server, phones, limit: schedule.limit, fault, restored: false, _folder: folder };
        for number in 0..PHONES {
            world.enrol(number);
        }
        world
    }

    fn enrol(&mut self, number: usize) {
        let owner = person(self.phones[number].owner);
        let codes = self.server.engine().make_codes(&[owner]).unwrap();
        let Some((_, code)) = codes.into_iter().next() else { return };
        let phone = self.open(number);
        if phone.enrol(&code, "a phone").is_ok() {
            let handset = &mut self.phones[number];
            handset.device = phone.who().map(|who| who.device);
            handset.revoked = false;
            handset.unknown = false;
        }
    }

    /// Opens the phone's folder, as after a death or a start.
    fn open(&mut self, number: usize) -> Phone {
        let limit = self.limit;
        let handset = &mut self.phones[number];
        if let Some(phone) = &handset.phone {
            return phone.clone();
        }
        let fuse = handset.fuse.clone();
        let options = Options {
            batch: limit,
            page: Some(limit as u32),
            seed: Some(number as u64),
            crash: Some(Arc::new(move |step| fuse.burns(step))),
            ..Options::default()
        };
        let clock = handset.clock.clone();
        let wire = handset.wire.clone();
        let phone = Phone::open(&handset.folder, wire, clock, handset.secrets.clone(), options).unwrap();
        handset.phone = Some(phone.clone());
        phone
    }

    /// What the phone's operation gave; a death closes it.
    fn outlive<T>(&mut self, number: usize, result: Result<T, PhoneError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(PhoneError::Died(_)) => {
                self.phones[number].phone = None;
                None
            }
            Err(_) => None,
        }
    }

    pub fn step(&mut self, number: usize, op: &Op) -> Result<(), Failure> {
        match op {
            Op::Say { phone, what } => {
                self.say(*phone, *what);
                self.misread(*phone);
                self.check_phone(*phone)?;
            }
            Op::Sync { phone, weather, dies } => {
                self.phones[*phone].wire.forecast(weather);
                self.phones[*phone].fuse.set(self.phones[*phone].wire.mirror_first(*dies));
                let handset = self.open(*phone);
                let report = handset.sync_once(PATIENCE);
                drop(handset);
                self.outlive(*phone, report);
                self.phones[*phone].fuse.set(None);
                self.phones[*phone].wire.forecast(&[]);
                self.misread(*phone);
                self.check_phone(*phone)?;
            }
            Op::LateArrives => {
                for handset in &self.phones {
                    handset.wire.late_arrives();
                }
            }
            Op::Advance { minutes } => self.server.advance(*minutes),
            Op::Tick => self.server.tick(),
            Op::Roster { what } => self.change_roster(*what),
            Op::Sensitive { pupil, id, scope } => self.write_sensitive(number, *pupil, *id, *scope),
            Op::Assure { phone, minutes } => self.assure(*phone, *minutes),
            Op::Purge { part } => self.server.purge(*part),
            Op::Backup => self.server.backup(),
            Op::Restore => self.restore(),
            Op::Restart => self.server.restart(),
            Op::RevokeDevice { phone } => {
                if let Some(device) = self.phones[*phone].device {
                    let _ = self.server.engine().revoke_any_device(device);
                    self.phones[*phone].revoked = true;
                }
            }
            Op::EnrolAgain { phone } => self.enrol(*phone),
            Op::Dismiss { phone } => self.dismiss(*phone),
            Op::TakeBack { phone, midway } => {
                self.take_back(*phone, *midway);
                self.check_phone(*phone)?;
            }
            Op::PhoneClock { phone, minutes } => {
                self.phones[*phone].clock.wrong_by.store(*minutes, Ordering::SeqCst);
                self.phones[*phone].phone = None;
                self.check_phone(*phone)?;
            }
        }
        for handset in &self.phones {
            if let Some(leak) = handset.wire.leak() {
                return fail("4 (nothing that its person may not read)", leak);
            }
        }
        Ok(())
    }

    fn restore(&mut self) {
        if self.server.restore() {
            self.restored = true;
            // Phones enrolled since the backup are unknown to the restored server; their people enrol again.
            for number in 0..PHONES {
                let known = self.phones[number].device.is_some_and(|device| {
                    let engine = self.server.engine();
                    skolebro_server::store::read(engine.store().as_ref(), |reading| reading.device(device))
                        .unwrap()
                        .is_some_and(|device| device.revoked_at.is_none())
                });
                self.phones[number].revoked = false;
                self.phones[number].unknown = !known;
                if !known {
                    self.enrol(number);
                }
            }
        }
    }

    fn dismiss(&mut self, number: usize) {
        let phone = self.open(number);
        for item in phone.outbox().unwrap_or_default() {
            if matches!(item.delivery, Delivery::Rejected { .. }) && phone.dismiss(item.id).is_ok() {
                self.phones[number].dismissed.insert(item.id);
                self.phones[number].dismissed.extend(item.dependents);
            }
        }
    }

    fn take_back(&mut self, number: usize, midway: bool) {
        let phone = self.open(number);
        let taken = if midway {
            *self.phones[number].fuse.taking.lock() = Some(phone.clone());
            let report = phone.sync_once(PATIENCE);
            self.outlive(number, report);
            *self.phones[number].fuse.taking.lock() = None;
            std::mem::take(&mut *self.phones[number].fuse.taken.lock())
        } else {
            take_back(&phone)
        };
        let handset = &mut self.phones[number];
        for id in taken {
            handset.said.remove(&id);
            handset.taken_back.insert(id);
        }
    }

    /// What a phone that misreads the rules makes of what it holds.
    fn misread(&mut self, number: usize) {
        if let Some(own_unknown) = self.fault.misreads_refusals() {
            let _ = self.open(number).take_refusals_for_rejections(school(), own_unknown);
        }
    }

    fn say(&mut self, number: usize, what: u32) {
        let phone = self.open(number);
        let owner = self.phones[number].owner;
        let today = local_date(chrono_tz::Europe::Stockholm, phone.now());
        let (capacity, body) = sentence(owner, what, today);
        // Now and then a command that only makes sense after the one before.
        let depends_on =
            (what.is_multiple_of(7)).then(|| self.phones[number].said.iter().next_back().copied()).flatten();
        let said = phone.submit(school(), capacity, body, depends_on);
        if let Some(submitted) = self.outlive(number, said) {
            self.phones[number].said.insert(submitted.id);
        }
    }

    fn change_roster(&mut self, what: u32) {
        let roster = oracle::roster(self.server.engine().store().as_ref());
        let liv_amal = Block { pupil: person("Liv"), person: person("Amal") };
        let nora = |standing| {
            let mut nora = guardianship("Omar", "Nora", GuardianshipKind::Guardian, &[]);
            nora.standing = standing;
            RosterChange::staff(nora)
        };
        let membership = |pupil: &str, class: &str| Membership {
            pupil: person(pupil),
            group: group(class),
            dates: Dates::default(),
        };
        let omar = person("Omar");
        let enrolment = Enrolment { pupil: omar, form: SchoolForm::Compulsory, dates: Dates::default() };
        let today = local_date(chrono_tz::Europe::Stockholm, self.server.now());
        let changes = match what % 11 {
            0 if roster.is_blocked(person("Liv"), person("Amal")) => vec![RosterChange::Remove(liv_amal.into())],
            0 => vec![RosterChange::staff(liv_amal)],
            1 => vec![nora(AdultStanding::Pending)],
            2 => vec![nora(AdultStanding::Confirmed)],
            3 => vec![
                RosterChange::Remove(membership("Siri", "5A").into()),
                RosterChange::staff(membership("Siri", "4B")),
            ],
            4 => vec![
                RosterChange::Remove(membership("Siri", "4B").into()),
                RosterChange::staff(membership("Siri", "5A")),
            ],
            5 => {
                let mut sanna = assignment("Sanna", Role::Teacher, Reach::Group(group("5A")));
                sanna.dates = Dates { from: None, until: Some(today) };
                vec![RosterChange::staff(sanna)]
            }
            6 => vec![RosterChange::Remove(assignment("Sanna", Role::Teacher, Reach::Group(group("5A"))).into())],
            7 => vec![RosterChange::staff(guardianship(
                "Siri",
                "Frida",
                GuardianshipKind::Carer,
                if what.is_multiple_of(2) { &[Topic::Attendance] } else { &[] },
            ))],
            // As a delta does that ends the role and says nothing of the class.
            8 => vec![RosterChange::Remove(enrolment.into())],
            9 => vec![RosterChange::staff(enrolment)],
            // The same import once more: it must not lift the block.
            _ => village::roster(),
        };
        self.server.roster(changes);
    }

    fn write_sensitive(&mut self, number: usize, pupil: u32, id: u32, scope: u32) {
        let pupil = person(PUPILS[pupil as usize]);
        let scope = match scope {
            0 | 1 => Some(Scope::pupil(pupil, Topic::Plan, Circle::All)),
            2 | 3 => Some(Scope::pupil(pupil, Topic::Care, Circle::All)),
            _ => None,
        };
        let id = RecordId::derive(&[&"sensitive", &pupil, &id]);
        self.server.write_sensitive(pupil, id, scope, &format!("written at step {number}"));
    }

    /// The office grants it face to face, with its own command, straight at the school.
    fn assure(&mut self, phone: usize, minutes: i64) {
        let Some(device) = self.phones[phone].device else { return };
        let office = self.open(OWNERS.iter().position(|owner| *owner == "Olga").unwrap());
        let body = CommandBody::GrantStrongAssurance {
            person: person(self.phones[phone].owner),
            device,
            until: self.server.now() + TimeDelta::minutes(minutes),
        };
        let number = OWNERS.iter().position(|owner| *owner == "Olga").unwrap();
        let said = office.submit(school(), Capacity::Staff(Role::Office), body, None);
        if let Some(submitted) = self.outlive(number, said) {
            self.phones[number].said.insert(submitted.id);
        }
    }

    /// What holds on one phone at any moment.
    fn check_phone(&mut self, number: usize) -> Result<(), Failure> {
        let phone = self.open(number);
        if let Some(id) = self.phones[number].taken_back.iter().find(|id| self.outcome(**id).is_some()) {
            return fail("6 (taken back is taken back)", format!("{id} reached the school"));
        }
        let Ok(items) = phone.outbox() else { return Ok(()) };
        for item in &items {
            if let Delivery::Rejected { rejection, .. } = &item.delivery
                && self.outcome(item.id).is_some_and(|outcome| matches!(outcome, Outcome::Accepted { .. }))
            {
                return fail(
                    "6 (no false rejection)",
                    format!("{} shows {rejection:?}, the school accepted it", item.id),
                );
            }
        }
        self.check_nothing_blinks(number, &phone)
    }

    /// An own report that the school has taken is on the screen, from the tap on.
    fn check_nothing_blinks(&mut self, number: usize, phone: &Phone) -> Result<(), Failure> {
        if self.phones[number].wire.started_over() {
            // What was dropped to be sent anew comes back with its page.
            self.phones[number].shown.clear();
        }
        let Ok(view) = phone.view(school()) else { return Ok(()) };
        let records = view.of_kind(RecordKind::Attendance).unwrap_or_default();
        let on_screen: BTreeSet<CommandId> = records
            .into_iter()
            .filter_map(|record| Attendance::try_from(record.body).ok())
            .flat_map(|attendance| attendance.reports.into_iter().map(|report| report.command))
            .filter(|id| self.phones[number].said.contains(id))
            .collect();
        let engine = self.server.engine();
        let owner = person(self.phones[number].owner);
        let Some(device) = self.phones[number].device else { return Ok(()) };
        let scopes = oracle::readable(engine.store().as_ref(), owner, device, self.server.now());
        for id in self.phones[number].shown.difference(&on_screen) {
            let at_school = matches!(self.outcome(*id), Some(Outcome::Accepted { .. }));
            if at_school && self.report_of(*id).is_some_and(|scope| scopes.contains(&scope) && view.holds(&scope)) {
                return fail(
                    "6 (never gone from the screen)",
                    format!("the report {id} is at the school, but not shown"),
                );
            }
        }
        self.phones[number].shown.extend(on_screen);
        Ok(())
    }

    /// Where an accepted report stands at the school.
    fn report_of(&self, id: CommandId) -> Option<Scope> {
        let engine = self.server.engine();
        oracle::rows(engine.store().as_ref()).into_iter().find_map(|row| {
            let attendance: Attendance = match (row.kind, &row.body) {
                (RecordKind::Attendance, Some(body)) => serde_json::from_str(body).ok()?,
                _ => return None,
            };
            attendance.reports.iter().any(|report| report.command == id).then_some(row.scope)
        })
    }

    fn outcome(&self, id: CommandId) -> Option<Outcome> {
        oracle::logged(&self.server, id).map(|line| serde_json::from_str(&line.outcome).unwrap())
    }

    /// Clear weather until nothing moves any more.
    pub fn come_to_rest(&mut self) -> Result<(), Failure> {
        for handset in &self.phones {
            handset.wire.late_arrives();
        }
        for round in 0..8 {
            self.server.tick();
            let before = oracle::head(&self.server).seq;
            let mut quiet = true;
            for number in 0..PHONES {
                let phone = self.open(number);
                for _ in 0..60 {
                    let report = phone.sync_once(PATIENCE);
                    match report {
                        Ok(report) if report.ended == SyncEnd::Complete => {
                            quiet &= report.sent == 0 && report.rows == 0;
                            break;
                        }
                        // Signed out, sealed or revoked: it has nothing to say.
                        Ok(report) if matches!(report.ended, SyncEnd::SignedOut(_)) => break,
                        Ok(_) => quiet = false,
                        Err(PhoneError::Died(step)) => {
                            return fail("the simulation", format!("died at {step:?} unasked"));
                        }
                        Err(_) => break,
                    }
                }
                drop(phone);
                self.check_phone(number)?;
                if let Some(leak) = self.phones[number].wire.leak() {
                    return fail("4 (nothing that its person may not read)", leak);
                }
            }
            if quiet && round > 1 && oracle::head(&self.server).seq == before {
                return Ok(());
            }
        }
        fail("the simulation", "does not come to rest")
    }

    pub fn check_at_rest(&mut self) -> Result<(), Failure> {
        let mut effects: BTreeMap<CommandId, usize> = BTreeMap::new();
        let engine = self.server.engine();
        for row in oracle::rows(engine.store().as_ref()) {
            if let (RecordKind::Attendance, Some(body)) = (row.kind, &row.body) {
                let attendance: Attendance = serde_json::from_str(body).unwrap();
                let mut here: Vec<CommandId> = attendance.reports.iter().map(|report| report.command).collect();
                let all = here.len();
                here.dedup();
                if all != here.len() {
                    return fail("2 (at most once)", format!("a report twice in {}", row.id));
                }
                for id in here {
                    *effects.entry(id).or_default() += 1;
                }
            }
        }
        for id in effects.keys() {
            if !matches!(self.outcome(*id), Some(Outcome::Accepted { .. })) {
                return fail("2 (at most once)", format!("{id} has an effect, but was never accepted"));
            }
        }
        for number in 0..PHONES {
            self.check_holding(number)?;
            self.check_commands(number)?;
        }
        drop(engine);
        self.check_memory()?;
        self.check_blocks()
    }

    /// Who reads what is the same from the roster in memory, as commands have changed it, and as a restart reads it.
    fn check_memory(&mut self) -> Result<(), Failure> {
        let scopes: BTreeSet<Scope> =
            oracle::rows(self.server.engine().store().as_ref()).into_iter().map(|row| row.scope).collect();
        let readers = |server: &Server| -> Vec<_> {
            let engine = server.engine();
            scopes.iter().map(|scope| (*scope, engine.who_can_read(school(), scope).unwrap())).collect()
        };
        let live = readers(&self.server);
        self.server.restart();
        let stored = readers(&self.server);
        match live.iter().zip(&stored).find(|(live, stored)| live != stored) {
            Some(((scope, live), (_, stored))) => {
                fail("the roster in memory is the stored one", format!("{scope}: {live:?} and {stored:?}"))
            }
            None => Ok(()),
        }
    }

    /// Invariants 3 and 4: what a phone holds is what the oracle says, no more and no less.
    fn check_holding(&mut self, number: usize) -> Result<(), Failure> {
        let phone = self.open(number);
        let Some(who) = phone.who() else { return Ok(()) };
        if self.phones[number].unknown {
            return Ok(());
        }
        let Ok(view) = phone.view(school()) else { return Ok(()) };
        if self.phones[number].revoked || who.standing != Standing::Enrolled {
            return match view.everything() {
                Ok(rows) if rows.is_empty() => Ok(()),
                _ if self.phones[number].revoked => fail(
                    "4 (a revoked phone is wiped)",
                    format!("{}'s phone still holds rows", self.phones[number].owner),
                ),
                _ => Ok(()),
            };
        }
        let held: Holding =
            view.everything().unwrap().into_iter().map(|row| ((row.scope, row.id.to_string()), row.body)).collect();
        let expected = oracle::expected(&self.server, who.person, who.device);
        if held == expected {
            return Ok(());
        }
        let extra: Vec<_> = held.keys().filter(|key| !expected.contains_key(*key)).take(3).collect();
        let missing: Vec<_> = expected.keys().filter(|key| !held.contains_key(*key)).take(3).collect();
        let stale: Vec<_> =
            held.iter().filter(|(key, body)| expected.get(*key).is_some_and(|b| b != *body)).take(3).collect();
        let detail = format!(
            "{}'s phone {number}: {} extra {extra:?}, {} missing {missing:?}, {} stale {stale:?}",
            self.phones[number].owner,
            extra.len(),
            missing.len(),
            stale.len()
        );
        fail(if extra.is_empty() { "3 (the same records)" } else { "4 (nothing too many)" }, detail)
    }

    /// Invariants 1, 2 and 6: whatever was said is settled at the school and known so, or still queued, or shown as rejected.
    fn check_commands(&mut self, number: usize) -> Result<(), Failure> {
        let phone = self.open(number);
        let gone = self.phones[number].revoked || self.phones[number].unknown;
        if gone || phone.who().is_none_or(|who| who.standing != Standing::Enrolled) {
            return Ok(());
        }
        let items: BTreeMap<CommandId, Delivery> = phone
            .outbox()
            .unwrap()
            .into_iter()
            .flat_map(|item| {
                let rejected = matches!(item.delivery, Delivery::Rejected { .. }).then(|| item.delivery.clone());
                let dependents = item.dependents.into_iter().zip(std::iter::repeat(rejected));
                let dependents = dependents.filter_map(|(id, delivery)| Some((id, delivery?)));
                dependents.chain([(item.id, item.delivery)]).collect::<Vec<_>>()
            })
            .collect();
        for id in &self.phones[number].said {
            let shown = items.get(id);
            match (self.outcome(*id), shown) {
                (Some(Outcome::Accepted { .. }), None | Some(Delivery::AtSchool { .. } | Delivery::Seen { .. })) => {}
                (Some(Outcome::Rejected(_)), Some(Delivery::Rejected { .. })) => {}
                (Some(Outcome::Rejected(_)), None) if self.phones[number].dismissed.contains(id) => {}
                // What depended on a rejected command is told of with it, whether or not the school has seen it.
                (None, Some(Delivery::Rejected { rejection: Rejection::DependencyRejected { .. }, .. })) => {}
                (None, None) if self.phones[number].dismissed.contains(id) => {}
                // The school has forgotten its answer with the restore; to the person it stays said.
                (None, Some(Delivery::Rejected { .. })) if self.restored => {}
                (outcome, shown) => {
                    return fail(
                        "1 and 6 (settled, queued or visibly rejected)",
                        format!(
                            "{}'s {id}: the school says {outcome:?}, the phone {shown:?}",
                            self.phones[number].owner
                        ),
                    );
                }
            }
        }
        Ok(())
    }

    /// Invariant 7: nothing that was replayed or imported again gives a blocked person anything about the pupil.
    fn check_blocks(&mut self) -> Result<(), Failure> {
        let roster = oracle::roster(self.server.engine().store().as_ref());
        for number in 0..PHONES {
            let owner = person(self.phones[number].owner);
            let phone = self.open(number);
            let Ok(view) = phone.view(school()) else { continue };
            for (pupil, _) in roster.blocks().filter(|(_, blocked)| *blocked == owner) {
                let about = format!("pupil:{pupil}/");
                if view.everything().unwrap_or_default().iter().any(|row| row.scope.starts_with(&about)) {
                    return fail("7 (no access past a block)", format!("{} holds rows", self.phones[number].owner));
                }
            }
        }
        Ok(())
    }
}

/// Something that this person might say, rightly or wrongly.
fn sentence(owner: &str, what: u32, today: chrono::NaiveDate) -> (Capacity, CommandBody) {
    let pupil = person(PUPILS[(what / 10 % 3) as usize]);
    let on = |ahead: u32| today + Days::new(u64::from(ahead));
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let class = group(if what.is_multiple_of(2) { "4B" } else { "5A" });
    let session = Session::Day;
    let capacity = match owner {
        "Sanna" => Capacity::Staff(Role::ContactTeacher),
        "Olga" => Capacity::Staff(Role::Office),
        _ => Capacity::Home,
    };
    let report = |from: u32, to: u32, part| CommandBody::ReportAbsence {
        pupils: vec![pupil],
        kind: AbsenceKind::Sick,
        from: on(from),
        to: on(to),
        part,
        note: (what.is_multiple_of(5)).then(|| "tillbaka i morgon".to_owned()),
        on_behalf_of: None,
        phoned_at: None,
    };
    let home = match what % 10 {
        0..4 => report(what % 3, what % 3 + what % 4, None),
        4 => report(0, 0, Some(PartOfDay { from: time(8), to: time(10) })),
        5 => CommandBody::EndAbsence { pupil, back_on: on(what % 3), back_at: None },
        6 => CommandBody::ExtendAbsence { pupil, to: on(what % 5) },
        7 => CommandBody::WithdrawAbsence { pupil, from: on(1), to: on(4) },
        8 => CommandBody::ExplainAbsence { pupil, day: today, session, kind: AbsenceKind::Other, note: None },
        _ => CommandBody::DelegateTopics {
            pupil: person("Liv"),
            to: person("Kaj"),
            topics: if what.is_multiple_of(4) { vec![] } else { vec![Topic::Attendance] },
            dates: Dates { from: None, until: (what.is_multiple_of(3)).then(|| on(1)) },
        },
    };
    let presence = match what % 4 {
        0 => Presence::Present,
        1 => Presence::Late { at: time(9) },
        2 => Presence::Unexplained,
        _ => Presence::SentHomeSick { at: time(11) },
    };
    let staff = match what % 8 {
        0 | 1 => CommandBody::MarkRoll { group: class, day: today, session, marks: vec![RollMark { pupil, presence }] },
        2 => CommandBody::UndoMark { group: class, day: today, session, pupil },
        3 => CommandBody::CloseRoll { group: class, day: today, session },
        4 => CommandBody::MarkSeen { pupils: PUPILS.map(person).to_vec(), day: today },
        5 => CommandBody::JudgeExplanation {
            pupil,
            day: today,
            session,
            accept: what.is_multiple_of(3),
            reason: Some("samtal".into()),
        },
        6 => CommandBody::LogCall { pupil, day: today, session, called: None, reached: true },
        _ => report(0, 1, None),
    };
    (capacity, if matches!(capacity, Capacity::Home) { home } else { staff })
}
