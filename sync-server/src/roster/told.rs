//! What a bundle says, in core's words, before it is compared with what is stored; and that comparison, pure.
//!
//! The comparison is the one place that decides who outranks whom. It never lets a OneRoster row touch what the legal
//! layer or staff have said, and never lets a file widen what staff narrowed by hand.

use super::codes::Code;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use skolebro_core::domain::{
    ids::PersonId,
    people::{Block, Dates, Guardianship, GuardianshipKind, Language, Person, School, Standing},
    roster::{Origin, RosterEntry, RosterKey},
    scope::Topic,
};
use skolebro_core::plain::plain;

use crate::store::StoredEntry;

/// What a person says, and staff or the legal layer said; `None` is silence, which changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldPerson {
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    /// `Some("")` says that there is none.
    pub phone: Option<String>,
    pub email: Option<String>,
    pub language: Option<Language>,
    pub birth_date: Option<NaiveDate>,
    pub legal: LegalPerson,
    /// The names were garbled before they came here; those that are stored stay.
    pub names_garbled: bool,
    /// Another school holds the person as protected, or another id of the same person is: protection unites.
    pub protected_elsewhere: bool,
}

/// What the legal layer says about a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalPerson {
    pub protected_identity: Option<bool>,
    pub language: Option<Language>,
    pub birth_date: Option<NaiveDate>,
}

impl LegalPerson {
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }
}

/// A school as the bundle tells of it, over the defaults of a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldSchool {
    pub new: School,
    pub name: Option<String>,
    pub organiser: Option<String>,
    pub time_zone: Option<chrono_tz::Tz>,
    pub phone: Option<String>,
    pub language: Option<Language>,
}

/// What the legal layer says about an adult and a pupil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalRelation {
    pub kind: GuardianshipKind,
    /// `None` leaves the standing as it is stored; somebody new is then pending.
    pub confirmed: Option<bool>,
    pub dates: Dates,
    pub topics: Vec<Topic>,
    /// A topic could not be read; those that are stored stay.
    pub topics_unclear: bool,
}

/// One statement of a bundle about one school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    School(Box<ToldSchool>),
    Person(PersonId, Box<ToldPerson>),
    /// A group, a place, an assignment, a block or a consent, whole.
    Entry(RosterEntry),
    /// OneRoster names the adult: pending, with no legal relation known.
    Named {
        pupil: PersonId,
        person: PersonId,
    },
    Legal {
        pupil: PersonId,
        person: PersonId,
        relation: LegalRelation,
    },
    /// The legal layer says that there is no relation.
    NoRelation {
        pupil: PersonId,
        person: PersonId,
    },
    Lift(Block),
    /// The bundle no longer has it.
    End(RosterEntry),
}

impl Told {
    pub fn key(&self) -> RosterKey {
        match self {
            Told::School(school) => RosterEntry::School(school.new.clone()).key(),
            Told::Person(id, _) => RosterKey { kind: "person", key: id.to_string() },
            Told::Entry(entry) | Told::End(entry) => entry.key(),
            Told::Named { pupil, person } | Told::Legal { pupil, person, .. } | Told::NoRelation { pupil, person } => {
                RosterKey { kind: "guardianship", key: format!("{pupil}/{person}") }
            }
            Told::Lift(block) => RosterEntry::Block(*block).key(),
        }
    }
}

/// What a statement comes to, given what is stored under its key.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    Unchanged,
    Put(StoredEntry),
    Remove(RosterEntry),
    /// Somebody who outranks the statement said otherwise.
    Outranked,
    /// It cannot be done; the code says why.
    Unable(Code),
}

/// Compares a statement with what is stored.
pub fn settle(told: &Told, by: Origin, stored: Option<&StoredEntry>) -> Settled {
    match told {
        Told::School(school) => put(RosterEntry::School(told_school(school, stored)), by, stored),
        Told::Person(id, person) => told_person(*id, person, by, stored),
        Told::Entry(entry) => told_entry(entry, by, stored),
        Told::Named { pupil, person } => match stored {
            // Whatever is known already is more than a contact list can say.
            Some(_) => Settled::Unchanged,
            None => Settled::Put(StoredEntry {
                entry: RosterEntry::Guardianship(Guardianship {
                    pupil: *pupil,
                    person: *person,
                    kind: GuardianshipKind::Unspecified,
                    standing: Standing::Pending,
                    dates: Dates::default(),
                    topics: Vec::new(),
                }),
                origin: Origin::Import,
            }),
        },
        Told::Legal { pupil, person, relation } => legal_relation(*pupil, *person, relation, by, stored),
        Told::NoRelation { .. } | Told::Lift(_) => match stored {
            Some(stored) => Settled::Remove(stored.entry.clone()),
            None => Settled::Unchanged,
        },
        Told::End(_) => match stored {
            Some(stored) if stored.origin <= by => Settled::Remove(stored.entry.clone()),
            Some(_) => Settled::Outranked,
            None => Settled::Unchanged,
        },
    }
}

fn put(entry: RosterEntry, origin: Origin, stored: Option<&StoredEntry>) -> Settled {
    let origin = stored.map_or(origin, |stored| stored.origin.max(origin));
    let new = StoredEntry { entry, origin };
    if stored == Some(&new) { Settled::Unchanged } else { Settled::Put(new) }
}

fn told_school(told: &ToldSchool, stored: Option<&StoredEntry>) -> School {
    let mut school = match stored.map(|stored| &stored.entry) {
        Some(RosterEntry::School(school)) => school.clone(),
        _ => told.new.clone(),
    };
    if let Some(name) = &told.name {
        school.name.clone_from(name);
    }
    if let Some(organiser) = &told.organiser {
        school.organiser.clone_from(organiser);
    }
    if let Some(phone) = &told.phone {
        school.phone.clone_from(phone);
    }
    school.time_zone = told.time_zone.unwrap_or(school.time_zone);
    school.language = told.language.unwrap_or(school.language);
    school
}

/// The longest given or family name that is kept, in characters. Longer than any name, and short enough for a table.
pub const NAME_MAX: usize = 100;

/// A name stands in lists, letters and terminals beside others.
fn kept_name(told: &str) -> String {
    let line = plain(told).split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(NAME_MAX).collect()
}

fn told_person(id: PersonId, told: &ToldPerson, by: Origin, stored: Option<&StoredEntry>) -> Settled {
    let before = match stored.map(|stored| &stored.entry) {
        Some(RosterEntry::Person(person)) => Some(person),
        _ => None,
    };
    // What the legal layer or staff touched: their birth date, language and protection stand against OneRoster's.
    let outranked = stored.is_some_and(|stored| stored.origin > Origin::Import);
    // One that cannot be read may have said so.
    let was_protected = match stored.map(|stored| &stored.entry) {
        Some(RosterEntry::Unread(_)) => true,
        _ => before.is_some_and(|person| person.protected_identity),
    };
    let garbled = told.names_garbled;
    let name = |told: &Option<String>, before: Option<&String>| match told {
        Some(_) if garbled && before.is_some() => before.cloned(),
        Some(told) => Some(kept_name(told)),
        None => before.cloned(),
    };
    let contact = |told: &Option<String>, before: Option<&Option<String>>| match told {
        Some(told) => (!told.is_empty()).then(|| told.clone()),
        None => before.cloned().flatten(),
    };
    let (Some(given_name), Some(family_name)) = (
        name(&told.given_name, before.map(|person| &person.given_name)),
        name(&told.family_name, before.map(|person| &person.family_name)),
    ) else {
        return Settled::Unable(Code::PersonUnknown);
    };
    let stays = |stored, told: Option<_>| if outranked { Option::or(stored, told) } else { told.or(stored) };
    let person = Person {
        id,
        given_name,
        family_name,
        phone: contact(&told.phone, before.map(|person| &person.phone)),
        email: contact(&told.email, before.map(|person| &person.email)),
        language: told.legal.language.or_else(|| match before.and_then(|person| person.language) {
            Some(stored) if outranked => Some(stored),
            stored => told.language.or(stored),
        }),
        birth_date: told.legal.birth_date.or(stays(before.and_then(|person| person.birth_date), told.birth_date)),
        protected_identity: told.legal.protected_identity.unwrap_or(told.protected_elsewhere || was_protected),
    };
    let origin = if told.legal.is_silent() { by } else { Origin::Legal };
    put(RosterEntry::Person(person), origin, stored)
}

fn told_entry(entry: &RosterEntry, by: Origin, stored: Option<&StoredEntry>) -> Settled {
    match stored {
        None => Settled::Put(StoredEntry { entry: entry.clone(), origin: by }),
        // A bar is a bar, whoever set it.
        Some(StoredEntry { entry: RosterEntry::Block(_), .. }) => Settled::Unchanged,
        Some(stored) if stored.origin > by && stored.entry != *entry && !ends_sooner(entry, &stored.entry) => {
            Settled::Outranked
        }
        Some(_) => put(entry.clone(), by, stored),
    }
}

fn legal_relation(
    pupil: PersonId,
    person: PersonId,
    told: &LegalRelation,
    by: Origin,
    stored: Option<&StoredEntry>,
) -> Settled {
    let before = match stored.map(|stored| &stored.entry) {
        Some(RosterEntry::Guardianship(guardianship)) => Some(guardianship),
        _ => None,
    };
    let standing = match told.confirmed {
        Some(true) => Standing::Confirmed,
        Some(false) => Standing::Pending,
        // A standing was given to a kind: it does not go over to one that can do more.
        None => before
            .filter(|before| before.kind == told.kind || before.kind.has_custody())
            .map_or(Standing::Pending, |before| before.standing),
    };
    let mut topics = told.topics.clone();
    if told.topics_unclear {
        topics.extend(before.iter().flat_map(|before| before.topics.iter().copied()));
    }
    topics.sort_unstable();
    topics.dedup();
    let new = Guardianship { pupil, person, kind: told.kind, standing, dates: told.dates, topics };
    match (before, stored) {
        (Some(before), Some(stored)) if stored.origin > by && *before != new && !gives_no_more(&new, before) => {
            Settled::Outranked
        }
        _ => put(RosterEntry::Guardianship(new), by, stored),
    }
}

/// Whether a new relation gives nothing that the old one did not.
pub fn gives_no_more(new: &Guardianship, old: &Guardianship) -> bool {
    if new.standing == Standing::Pending || new.kind == GuardianshipKind::Unspecified {
        return true;
    }
    let standing = old.standing == Standing::Confirmed;
    let kind = old.kind.has_custody()
        || (!new.kind.has_custody()
            && old.kind != GuardianshipKind::Unspecified
            && new.topics.iter().all(|topic| old.topics.contains(topic)));
    standing && kind && new.dates.are_within(old.dates)
}

/// Whether an entry says the same for a part of the time only.
fn ends_sooner(new: &RosterEntry, old: &RosterEntry) -> bool {
    match new {
        RosterEntry::Assignment(new) => matches!(old, RosterEntry::Assignment(old) if new.dates.are_within(old.dates)),
        RosterEntry::AdultConsent(new) => {
            matches!(old, RosterEntry::AdultConsent(old) if new.dates.are_within(old.dates))
        }
        RosterEntry::Membership(new) => matches!(old, RosterEntry::Membership(old) if new.dates.are_within(old.dates)),
        RosterEntry::School(_)
        | RosterEntry::RuleSet(_)
        | RosterEntry::Calendar(_)
        | RosterEntry::Person(_)
        | RosterEntry::Group(_)
        | RosterEntry::Enrolment(_)
        | RosterEntry::Guardianship(_)
        | RosterEntry::Delegation(_)
        | RosterEntry::Block(_)
        | RosterEntry::StaffMember(_)
        | RosterEntry::Spell(_)
        | RosterEntry::Unread(_) => false,
    }
}
