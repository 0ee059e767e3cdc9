//! Carries out operator orders against the engine and its store: inside the running server, or by itself.
//!
//! The operator is trusted with the data folder, but not above a block: what the domain refuses everybody is refused here.

use super::{
    answer::{
        self, Answer, Confirmed, DeviceLine, Progress, Reader, ReaderIs, ReaderList, RebuiltSchool, SchoolStatus,
        Status, Ticked, Trouble,
    },
    assignments,
    book::Book,
    codes, find, import, order,
    order::Order,
    people::people,
};
use crate::{
    engine::{self, Engine, RosterAuthor},
    store::{Store, read},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use skolebro_core::domain::{
    access::Relation,
    ids::{DeviceId, PersonId, SchoolId},
    people::{Block, Guardianship, GuardianshipKind, Standing},
    roster::{Roster, RosterChange, RosterKey},
    scope::{Circle, Scope},
    time::local_date,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::watch;

pub struct Desk {
    pub engine: Arc<Engine>,
    /// The data folder: imports are staged there.
    pub data: PathBuf,
    /// When the server began; none where the order runs by itself.
    pub since: Option<DateTime<Utc>>,
    /// Turns true when the server is to end: an import then stops between two transactions.
    pub closing: watch::Receiver<bool>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("since", &self.since).finish_non_exhaustive()
    }
}

impl Desk {
    /// # Errors
    /// Why nothing, or not all, was done.
    pub fn carry_out(&self, order: &Order, progress: &mut dyn FnMut(Progress)) -> Result<Answer, Trouble> {
        let now = self.engine.now();
        match order {
            Order::Import(wanted) => import::import(self, wanted, now, progress),
            Order::Confirm(wanted) => self.confirm(wanted, now),
            Order::People(wanted) => Ok(Answer::People(people(&self.book(wanted, now)?, now))),
            Order::Codes(wanted) => codes::make(self, wanted, now),
            Order::Block(pair) => self.block(pair, true, now),
            Order::Unblock(pair) => self.block(pair, false, now),
            Order::Assign(wanted) => assignments::assign(self, wanted, now),
            Order::Find(wanted) => {
                let books = Book::meant(self.store(), wanted.school.school.as_deref(), now)?;
                Ok(Answer::Found(find::find(&books, wanted)))
            }
            Order::Devices { person } => self.devices(self.somebody(person, &order::School::default(), now)?),
            Order::Revoke { device, person } => self.revoke(*device, person.as_deref(), now),
            Order::WhoCanRead(wanted) => self.who_can_read(wanted, now),
            Order::Backup { dir } => self.backup(dir),
            Order::Tick => self.tick(now),
            Order::Clock(wanted) => self.look_at_clock(wanted),
            Order::Rebuild(wanted) => self.rebuild(wanted, now),
            Order::Status => self.status(now),
        }
    }

    pub(super) fn store(&self) -> &dyn Store {
        &**self.engine.store()
    }

    pub(super) fn book(&self, wanted: &order::School, now: DateTime<Utc>) -> Result<Book, Trouble> {
        Book::find(self.store(), wanted.school.as_deref(), now)
    }

    pub(super) fn book_of(
        &self,
        person: PersonId,
        wanted: &order::School,
        now: DateTime<Utc>,
    ) -> Result<Book, Trouble> {
        Book::of_person(self.store(), person, wanted.school.as_deref(), now)
    }

    /// Whom a name or an id means.
    pub(super) fn somebody(
        &self,
        wanted: &str,
        school: &order::School,
        now: DateTime<Utc>,
    ) -> Result<PersonId, Trouble> {
        self.one_of(wanted, school, now, |_, _| true)
    }

    /// The same, of pupils alone.
    fn pupil(&self, wanted: &str, school: &order::School, now: DateTime<Utc>) -> Result<PersonId, Trouble> {
        self.one_of(wanted, school, now, find::is_pupil)
    }

    fn one_of(
        &self,
        wanted: &str,
        school: &order::School,
        now: DateTime<Utc>,
        among: impl Fn(&Book, PersonId) -> bool,
    ) -> Result<PersonId, Trouble> {
        if let Ok(id) = wanted.trim().parse() {
            // No roster need be read for an id.
            return Ok(id);
        }
        find::person(&Book::meant(self.store(), school.school.as_deref(), now)?, wanted, among)
    }

    pub(super) fn apply(&self, school: SchoolId, changes: Vec<RosterChange>) -> Result<(), Trouble> {
        if changes.is_empty() {
            return Ok(());
        }
        let applied = self.engine.apply_roster(school, changes, RosterAuthor::Operator);
        applied.map(|_| ()).map_err(|refused| Trouble::refused(refused.detail))
    }

    fn confirm(&self, wanted: &order::Confirm, now: DateTime<Utc>) -> Result<Answer, Trouble> {
        let (book, pairs) = match (&wanted.person, &wanted.pupil, &wanted.group) {
            (Some(person), Some(pupil), None) => {
                let pupil = self.pupil(pupil, &wanted.school, now)?;
                // Of several of that name, the one who is somebody to the pupil.
                let of_pupil = |book: &Book, person| book.roster.guardianship(pupil, person).is_some();
                let person = self.one_of(person, &wanted.school, now, of_pupil)?;
                let book = self.book_of(pupil, &wanted.school, now)?;
                let held = book.roster.guardianship(pupil, person).cloned();
                let held =
                    held.ok_or_else(|| Trouble::usage("nothing in the roster joins that person and that pupil"))?;
                (book, vec![held])
            }
            (None, None, Some(group)) => {
                let book = self.book(&wanted.school, now)?;
                let members = book.members(book.group(group)?);
                let held = members.iter().flat_map(|pupil| book.roster.guardianships(*pupil)).cloned();
                let pending = held.filter(|g| g.standing == Standing::Pending).collect();
                (book, pending)
            }
            _ => return Err(Trouble::usage("give --group, or --person and --pupil")),
        };
        let one = wanted.group.is_none();
        let mut answer =
            Confirmed { dry_run: wanted.dry_run, confirmed: Vec::new(), unclear: Vec::new(), blocked: Vec::new() };
        let mut changes = Vec::new();
        for held in pairs {
            // For a group, the kind given is for those of whom nothing is known; it never overrules what is.
            let kind = match held.kind {
                GuardianshipKind::Unspecified => wanted.kind,
                known if one => wanted.kind.or(Some(known)),
                known => Some(known),
            };
            if book.roster.is_blocked(held.pupil, held.person) {
                answer.blocked.push(book.adult_line(&held));
            } else if let Some(kind) = kind.filter(|kind| *kind != GuardianshipKind::Unspecified) {
                let confirmed = Guardianship { kind, standing: Standing::Confirmed, ..held.clone() };
                if confirmed != held {
                    answer.confirmed.push(book.adult_line(&confirmed));
                    changes.push(RosterChange::staff(confirmed));
                }
            } else {
                answer.unclear.push(book.adult_line(&held));
            }
        }
        if one && !answer.blocked.is_empty() {
            return Err(Trouble::refused("a block stands between them; lift it first if that is right"));
        }
        if !wanted.dry_run {
            self.apply(book.school, changes)?;
        }
        Ok(Answer::Confirmed(answer))
    }

    /// At every school where the pupil is: which one it is, is not to be said.
    fn block(&self, pair: &order::Pair, bar: bool, now: DateTime<Utc>) -> Result<Answer, Trouble> {
        let pupil = self.pupil(&pair.pupil, &pair.school, now)?;
        let person = self.somebody(&pair.person, &pair.school, now)?;
        if bar && person == pupil {
            return Err(Trouble::usage(
                "both are the same person: say with --person who is barred, and with --pupil from whom",
            ));
        }
        let schools = read(self.store(), |reading| reading.schools_of(pupil))?;
        let at = schools.into_iter().find_map(|school| {
            let book = Book::of(self.store(), school, now).ok()?;
            book.roster.pupil(pupil).is_some().then_some(school)
        });
        let at = at.ok_or_else(|| Trouble::usage("that id is no pupil's"))?;
        let block = Block { pupil, person };
        let changed = self.engine.bar(at, block, bar).map_err(|refused| Trouble::refused(refused.detail))?;
        Ok(Answer::Changed { changed })
    }

    fn devices(&self, person: PersonId) -> Result<Answer, Trouble> {
        let mut devices = read(self.store(), |reading| reading.devices_of(person))?;
        devices.sort_by_key(|device| (device.enrolled_at, device.id));
        let line = |device: crate::store::Device| DeviceLine {
            device: device.id,
            name: device.name,
            enrolled_at: device.enrolled_at,
            last_seen: device.last_seen,
            revoked_at: device.revoked_at,
        };
        Ok(Answer::Devices { devices: devices.into_iter().map(line).collect(), zone: self.zone()? })
    }

    fn who_can_read(&self, wanted: &order::Readers, now: DateTime<Utc>) -> Result<Answer, Trouble> {
        let (book, scope) = match (wanted.scope, &wanted.pupil) {
            (Some(scope), _) => (self.book(&wanted.school, now)?, scope),
            (None, Some(pupil)) => {
                let pupil = self.pupil(pupil, &wanted.school, now)?;
                (self.book_of(pupil, &wanted.school, now)?, Scope::pupil(pupil, wanted.topic, Circle::All))
            }
            (None, None) => return Err(Trouble::usage("give --scope or --pupil")),
        };
        let readers = self.engine.who_can_read(book.school, &scope);
        let reader = |reader: engine::Reader| {
            let relation = match reader.relation {
                Relation::Home(kind) => ReaderIs::Home(kind),
                Relation::Staff(role) => ReaderIs::Staff(role),
                Relation::AdultPupil | Relation::Itself => ReaderIs::Itself,
            };
            let name = reader.name.unwrap_or_else(|| reader.person.to_string());
            Reader { person: reader.person, name, relation }
        };
        let readers = readers.map_err(|refused| Trouble::refused(refused.detail))?;
        let mut list: Vec<Reader> = readers.into_iter().map(reader).collect();
        list.sort_by_cached_key(|reader| (book.family_first(reader.person), reader.person));
        Ok(Answer::Readers(ReaderList { scope, readers: list }))
    }

    fn tick(&self, now: DateTime<Utc>) -> Result<Answer, Trouble> {
        let ticked = self.engine.tick(now).map_err(|refused| Trouble::refused(refused.detail))?;
        let engine::Ticked { commands, lapsed, erased, next, clock } = ticked;
        Ok(Answer::Ticked(Ticked { commands, lapsed, erased, next, clock, zone: self.zone()? }))
    }

    /// The day is asked for, so that nobody says yes to a clock without having read it.
    fn look_at_clock(&self, wanted: &order::Clock) -> Result<Answer, Trouble> {
        let state = self.engine.clock_state();
        let zone = self.zone()?;
        let Some(today) = wanted.today else { return Ok(Answer::Clock(answer::Clock::of(state, zone))) };
        let shown = local_date(zone, state.machine);
        if shown != today {
            return Err(Trouble::refused(format!(
                "the machine's clock shows {shown}, not {today}: set it right first, then say so again"
            )));
        }
        let believed = self.engine.believe_clock().map_err(|refused| Trouble::refused(refused.detail))?;
        Ok(Answer::Clock(answer::Clock::of(believed, zone)))
    }

    fn rebuild(&self, wanted: &order::School, now: DateTime<Utc>) -> Result<Answer, Trouble> {
        let books = match &wanted.school {
            Some(_) => vec![self.book(wanted, now)?],
            None => Book::all(self.store(), now)?,
        };
        let mut schools = Vec::new();
        for book in books {
            let rebuilt = self.engine.rebuild(book.school).map_err(|refused| Trouble::refused(refused.detail))?;
            let engine::Rebuilt { rows, granted, revoked, left } = rebuilt;
            schools.push(RebuiltSchool { school: book.school_name(), rows, granted, revoked, left });
        }
        Ok(Answer::Rebuilt { schools })
    }

    fn backup(&self, dir: &Path) -> Result<Answer, Trouble> {
        if !dir.is_absolute() {
            return Err(Trouble::usage("the backup folder's path must be absolute"));
        }
        if std::fs::read_dir(dir).is_ok_and(|mut content| content.next().is_some()) {
            return Err(Trouble::refused(format!(
                "{} is not empty; a backup goes to a new or an empty folder, and nothing is overwritten",
                dir.display()
            )));
        }
        self.store().backup(dir)?;
        tracing::info!("backup made");
        Ok(Answer::BackedUp { dir: dir.to_owned() })
    }

    fn status(&self, now: DateTime<Utc>) -> Result<Answer, Trouble> {
        let store = self.store();
        let mut schools = Vec::new();
        for book in Book::all(store, now)? {
            let pupils = book.pupils();
            let held = pupils.iter().flat_map(|pupil| book.roster.guardianships(*pupil));
            schools.push(SchoolStatus {
                school: book.school,
                name: book.school_name(),
                head: read(store, |reading| reading.head(book.school))?.seq,
                pupils: pupils.len(),
                groups: book.roster.groups().count(),
                adults: book.roster.adults().len(),
                pending: held.filter(|g| g.standing == Standing::Pending).count(),
                unread: book.roster.unread().len(),
            });
        }
        let epoch = read(store, |reading| reading.epoch())?;
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let zone = self.zone()?;
        let clock = answer::Clock::of(self.engine.clock_state(), zone);
        Ok(Answer::Status(Status { version, since: self.since, now, clock, epoch, schools, zone }))
    }

    /// Of the first school: those of one server stand on one wall clock nearly always.
    fn zone(&self) -> Result<Tz, Trouble> {
        let school = read(self.store(), |reading| {
            let first = reading.schools()?.into_iter().min();
            Ok(match first {
                Some(school) => reading.roster_entry(school, &RosterKey { kind: "school", key: String::new() })?,
                None => None,
            })
        })?;
        let mut one = Roster::default();
        school.iter().for_each(|stored| one.put(&stored.entry));
        Ok(one.time_zone())
    }

    /// The phone of that id, or the only one of that person's.
    fn revoke(&self, device: Option<DeviceId>, person: Option<&str>, now: DateTime<Utc>) -> Result<Answer, Trouble> {
        let device = match (device, person) {
            (Some(device), _) => device,
            (None, Some(person)) => self.only_phone(self.somebody(person, &order::School::default(), now)?)?,
            (None, None) => return Err(Trouble::usage("give --device or --person")),
        };
        let known = read(self.store(), |reading| reading.device(device))?;
        let known = known.ok_or_else(|| Trouble::usage("no phone has that id"))?;
        self.engine.revoke_any_device(device).map_err(|refused| Trouble::refused(refused.detail))?;
        Ok(Answer::Changed { changed: known.revoked_at.is_none() })
    }

    fn only_phone(&self, person: PersonId) -> Result<DeviceId, Trouble> {
        let devices = read(self.store(), |reading| reading.devices_of(person))?;
        let active: Vec<DeviceId> = devices.iter().filter(|one| one.revoked_at.is_none()).map(|one| one.id).collect();
        match active.as_slice() {
            [device] => Ok(*device),
            [] => Err(Trouble::usage("that person has no phone that could be revoked")),
            several => {
                let ids: Vec<String> = several.iter().map(DeviceId::to_string).collect();
                let (ids, what) = (ids.join(", "), "that person has several phones; `devices` tells them apart");
                Err(Trouble::usage(format!("{what}. Give one with --device: {ids}")))
            }
        }
    }

    pub(super) fn has_phone(&self, person: PersonId) -> Result<bool, Trouble> {
        let devices = read(self.store(), |reading| reading.devices_of(person))?;
        Ok(devices.iter().any(|device| device.revoked_at.is_none()))
    }
}
