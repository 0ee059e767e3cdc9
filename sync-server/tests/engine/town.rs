//! A small school: Liv in 4B with Amal and Erik, her teacher Sanna, and those who must not see her.

use crate::phone::Phone;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use skolebro_core::{
    clock::TestClock,
    domain::{
        command::{Capacity, Command, CommandBody},
        ids::{CommandId, GroupId, PersonId, SchoolId},
        people::{
            Assignment, Block, Dates, Delegation, Enrolment, Group, GroupKind, Guardianship, GuardianshipKind,
            Language, Membership, Person, Reach, Role, School, SchoolForm, Standing,
        },
        roster::{Origin, RosterChange, RosterEntry},
        rules::Country,
        samples,
        scope::Topic,
    },
    protocol::{EnrolRequest, PROTOCOL},
};
use skolebro_server::{
    engine::{Engine, EngineConfig, Limits, RosterAuthor, RosterReport, Session, WriterMode},
    store::{Store, sqlite::SqliteStore},
};
use std::sync::Arc;

pub struct Town {
    pub engine: Arc<Engine>,
    pub store: Arc<dyn Store>,
    pub clock: Arc<TestClock>,
    pub school: SchoolId,
}

pub fn school() -> SchoolId {
    SchoolId::derive(&[&"Björkskolan"])
}
pub fn person(name: &str) -> PersonId {
    PersonId::derive(&[&name])
}
pub fn group(name: &str) -> GroupId {
    GroupId::derive(&[&name])
}
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
pub fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A Tuesday in term, 07:30 in Stockholm.
pub const MORNING: &str = "2026-09-15T05:30:00Z";

pub fn config(limits: Limits) -> EngineConfig {
    EngineConfig { limits, code_key: [9; 32], writer: WriterMode::Inline }
}

pub fn named(name: &str) -> Person {
    Person {
        id: person(name),
        given_name: name.to_owned(),
        family_name: "Berg".to_owned(),
        language: Some(Language::Sv),
        phone: Some(format!("070-{name}")),
        email: None,
        birth_date: None,
        protected_identity: false,
    }
}

pub fn adult(pupil: &str, name: &str, kind: GuardianshipKind) -> Guardianship {
    let (pupil, person) = (person(pupil), person(name));
    Guardianship { pupil, person, kind, standing: Standing::Confirmed, dates: Dates::default(), topics: Vec::new() }
}

pub fn works(name: &str, role: Role, reach: Reach) -> Assignment {
    Assignment { person: person(name), role, reach, dates: Dates::default() }
}

pub fn until(last: &str) -> Dates {
    Dates { from: None, until: Some(day(last)) }
}

fn roster() -> Vec<RosterEntry> {
    let mut entries: Vec<RosterEntry> = Vec::new();
    entries.push(
        School {
            id: school(),
            name: "Björkskolan".to_owned(),
            organiser: "Exempelkommunen".to_owned(),
            time_zone: "Europe/Stockholm".parse().unwrap(),
            phone: "08-123456".to_owned(),
            language: Language::Sv,
        }
        .into(),
    );
    entries.extend(samples::rules(Country::Sweden).unwrap().into_iter().map(RosterEntry::from));
    entries.extend(samples::calendars(Country::Sweden).unwrap().into_iter().map(RosterEntry::from));
    for name in ["4B", "4C"] {
        let (id, name) = (group(name), name.to_owned());
        entries.push(
            Group { id, name, kind: GroupKind::Class, form: SchoolForm::Compulsory, code: None, location: None }.into(),
        );
    }
    for name in
        ["Liv", "Nils", "Amal", "Erik", "Greta", "Pia", "Pelle", "Bo", "Sanna", "Omar", "Olle", "Petra", "Vera", "Svea"]
    {
        entries.push(named(name).into());
    }
    for (pupil, class) in [("Liv", "4B"), ("Nils", "4C")] {
        let pupil = person(pupil);
        entries.push(Enrolment { pupil, form: SchoolForm::Compulsory, dates: Dates::default() }.into());
        entries.push(Membership { pupil, group: group(class), dates: Dates::default() }.into());
    }
    entries.push(Block { pupil: person("Liv"), person: person("Bo") }.into());
    for (name, kind) in [
        ("Amal", GuardianshipKind::Guardian),
        ("Erik", GuardianshipKind::Guardian),
        ("Bo", GuardianshipKind::Guardian),
        ("Pia", GuardianshipKind::ParentWithoutCustody),
    ] {
        entries.push(adult("Liv", name, kind).into());
    }
    let pending = adult("Liv", "Pelle", GuardianshipKind::Unspecified);
    entries.push(Guardianship { standing: Standing::Pending, ..pending }.into());
    entries.push(adult("Nils", "Greta", GuardianshipKind::Guardian).into());
    entries.push(works("Sanna", Role::ContactTeacher, Reach::Group(group("4B"))).into());
    entries.push(works("Omar", Role::Teacher, Reach::Group(group("4C"))).into());
    entries.push(works("Olle", Role::Office, Reach::School).into());
    entries.push(works("Petra", Role::Principal, Reach::School).into());
    entries
}

impl Town {
    pub fn new() -> Self {
        Self::with(Limits::default())
    }

    pub fn with(limits: Limits) -> Self {
        Self::on(Arc::new(SqliteStore::temporary().unwrap()), limits)
    }

    pub fn on(store: Arc<dyn Store>, limits: Limits) -> Self {
        let clock = Arc::new(TestClock::at(time(MORNING)));
        let engine = Engine::open(store.clone(), clock.clone(), config(limits)).unwrap();
        let town = Self { engine, store, clock, school: school() };
        town.roster(roster().into_iter().map(put).collect());
        town
    }

    /// The same store under a new engine, as after a restart.
    pub fn restarted(self, limits: Limits) -> Self {
        let Self { engine, store, clock, school } = self;
        drop(engine);
        let engine = Engine::open(store.clone(), clock.clone(), config(limits)).unwrap();
        Self { engine, store, clock, school }
    }

    pub fn roster(&self, changes: Vec<RosterChange>) -> RosterReport {
        self.engine.apply_roster(self.school, changes, RosterAuthor::Import).unwrap()
    }

    pub fn put(&self, entry: impl Into<RosterEntry>) -> RosterReport {
        self.roster(vec![put(entry.into())])
    }

    pub fn remove(&self, entry: impl Into<RosterEntry>) -> RosterReport {
        self.roster(vec![RosterChange::Remove(entry.into())])
    }

    pub fn code(&self, name: &str) -> Option<String> {
        self.engine.make_codes(&[person(name)]).unwrap().pop().map(|(_, code)| code)
    }

    pub fn session(&self, name: &str) -> Session {
        let code = self.code(name).unwrap_or_else(|| panic!("no code for {name}"));
        let request = EnrolRequest { protocol: PROTOCOL, code, device_name: format!("{name}s telefon") };
        let token = self.engine.enrol(&request).unwrap().token;
        self.engine.authenticate(&token).unwrap()
    }

    /// A phone that has pulled nothing yet.
    pub fn phone(&self, name: &str) -> Phone {
        Phone::new(self.engine.clone(), self.school, self.session(name))
    }

    /// Moves the clock.
    pub fn later(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    pub fn command(&self, capacity: Capacity, body: CommandBody) -> Command {
        let device_time = self.engine.now();
        Command { id: CommandId::new(), school: self.school, capacity, device_time, depends_on: None, body }
    }

    /// A command that changes something whatever else has landed: Amal delegates a topic to Pia.
    pub fn delegates(&self, topics: &[Topic]) -> Command {
        let (pupil, to, topics, dates) = (person("Liv"), person("Pia"), topics.to_vec(), Dates::default());
        self.command(Capacity::Home, CommandBody::DelegateTopics { pupil, to, topics, dates })
    }

    pub fn delegation(&self, topics: &[Topic], dates: Dates) -> Delegation {
        Delegation { pupil: person("Liv"), to: person("Pia"), by: person("Amal"), topics: topics.to_vec(), dates }
    }
}

pub fn put(entry: RosterEntry) -> RosterChange {
    RosterChange::Put { entry, origin: Origin::Import }
}
