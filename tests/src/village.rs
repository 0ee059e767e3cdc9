//! A small school with named people, as the roster knows it.
//!
//! Liv and Omar are in 4B, Siri in 5A. Amal and Erik are Liv's guardians and live apart; Nora is Omar's and Siri's
//! guardian. Kaj is Liv's parent without custody, Frida carries Siri's daily care (foster home), Hassan is Omar's god
//! man. Sanna teaches 4B, Per 5A; Olga is the office, Pia the principal. Vikar and those after are known and have
//! nothing, until a story gives them something.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use skolebro_core::domain::{
    ids::{GroupId, PersonId, SchoolId},
    people::*,
    roster::{Origin, RosterChange, RosterEntry},
    rules::Country,
    samples,
    scope::Topic,
};

pub const PEOPLE: [(&str, &str); 20] = [
    ("Liv", "Berg"),
    ("Omar", "Haddad"),
    ("Siri", "Haddad"),
    ("Amal", "Nilsson"),
    ("Erik", "Berg"),
    ("Nora", "Haddad"),
    ("Kaj", "Lund"),
    ("Frida", "Holm"),
    ("Hassan", "Ali"),
    ("Sanna", "Dahl"),
    ("Per", "Ek"),
    ("Olga", "Lind"),
    ("Pia", "Strand"),
    ("Vikar", "Sund"),
    ("Orvar", "Ros"),
    ("Stina", "Falk"),
    ("Preben", "Dam"),
    ("Fia", "Gren"),
    ("Dag", "Moe"),
    ("Pelle", "Sten"),
];

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// An instant, RFC 3339.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub fn school() -> SchoolId {
    SchoolId::derive(&[&"Exempelkommun", &"björk"])
}

/// The after-school club that Liv goes to, a school of its own.
pub fn club() -> SchoolId {
    SchoolId::derive(&[&"Exempelkommun", &"sol"])
}

pub fn person(given: &str) -> PersonId {
    PersonId::derive(&[&"Exempelkommun", &given])
}

pub fn group(name: &str) -> GroupId {
    GroupId::derive(&[&"Exempelkommun", &name])
}

pub fn guardianship(pupil: &str, adult: &str, kind: GuardianshipKind, topics: &[Topic]) -> Guardianship {
    Guardianship {
        pupil: person(pupil),
        person: person(adult),
        kind,
        standing: Standing::Confirmed,
        dates: Dates::default(),
        topics: topics.to_vec(),
    }
}

pub fn assignment(who: &str, role: Role, reach: Reach) -> Assignment {
    Assignment { person: person(who), role, reach, dates: Dates::default() }
}

/// The whole roster, as the operator would give it.
pub fn roster() -> Vec<RosterChange> {
    use GuardianshipKind::{AppointedRepresentative, Carer, Guardian, ParentWithoutCustody};
    let mut entries: Vec<RosterEntry> = vec![
        School {
            id: school(),
            name: "Björkskolan".into(),
            organiser: "Exempelkommun".into(),
            time_zone: chrono_tz::Europe::Stockholm,
            phone: "021-000 00".into(),
            language: Language::Sv,
        }
        .into(),
    ];
    entries.extend(samples::rules(Country::Sweden).expect("sample rules").into_iter().map(RosterEntry::from));
    let calendars = samples::calendars(Country::Sweden).expect("sample calendars");
    entries.extend(calendars.into_iter().map(RosterEntry::from));
    for (given, family) in PEOPLE {
        let pupil = matches!(given, "Liv" | "Omar" | "Siri");
        entries.push(
            Person {
                id: person(given),
                given_name: given.into(),
                family_name: family.into(),
                language: Some(Language::Sv),
                phone: None,
                email: None,
                birth_date: pupil.then(|| day("2016-05-17")),
                protected_identity: false,
            }
            .into(),
        );
    }
    for class in ["4B", "5A"] {
        let form = SchoolForm::Compulsory;
        entries.push(
            Group { id: group(class), name: class.into(), kind: GroupKind::Class, form, code: None, location: None }
                .into(),
        );
    }
    for (pupil, class) in [("Liv", "4B"), ("Omar", "4B"), ("Siri", "5A")] {
        let enrolment = Enrolment { pupil: person(pupil), form: SchoolForm::Compulsory, dates: Dates::default() };
        entries.push(enrolment.into());
        entries.push(Membership { pupil: person(pupil), group: group(class), dates: Dates::default() }.into());
    }
    entries.push(guardianship("Liv", "Amal", Guardian, &[]).into());
    entries.push(guardianship("Liv", "Erik", Guardian, &[]).into());
    entries.push(guardianship("Omar", "Nora", Guardian, &[]).into());
    entries.push(guardianship("Siri", "Nora", Guardian, &[]).into());
    entries.push(guardianship("Liv", "Kaj", ParentWithoutCustody, &[]).into());
    entries.push(guardianship("Siri", "Frida", Carer, &[Topic::Attendance]).into());
    entries.push(guardianship("Omar", "Hassan", AppointedRepresentative, &[]).into());
    entries.push(assignment("Sanna", Role::ContactTeacher, Reach::Group(group("4B"))).into());
    entries.push(assignment("Per", Role::ContactTeacher, Reach::Group(group("5A"))).into());
    entries.push(assignment("Olga", Role::Office, Reach::School).into());
    entries.push(assignment("Pia", Role::Principal, Reach::School).into());
    entries.into_iter().map(|entry| RosterChange::Put { entry, origin: Origin::Import }).collect()
}

/// The club's own roster: it opens at noon. Amal is Liv's guardian there too; nobody has told it of Erik.
pub fn club_roster() -> Vec<RosterChange> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).expect("a time");
    let mut entries: Vec<RosterEntry> = vec![
        School {
            id: club(),
            name: "Solgläntan".into(),
            organiser: "Exempelkommun".into(),
            time_zone: chrono_tz::Europe::Stockholm,
            phone: "021-111 11".into(),
            language: Language::Sv,
        }
        .into(),
    ];
    for mut rules in samples::rules(Country::Sweden).expect("sample rules") {
        if rules.form == SchoolForm::AfterSchool {
            rules.attendance.day_starts = noon;
            rules.attendance.cutoff = noon;
        }
        entries.push(rules.into());
    }
    let calendars = samples::calendars(Country::Sweden).expect("sample calendars");
    entries.extend(calendars.into_iter().map(RosterEntry::from));
    for (given, family) in [("Liv", "Berg"), ("Amal", "Nilsson")] {
        entries.push(
            Person {
                id: person(given),
                given_name: given.into(),
                family_name: family.into(),
                language: Some(Language::Sv),
                phone: None,
                email: None,
                birth_date: (given == "Liv").then(|| day("2016-05-17")),
                protected_identity: false,
            }
            .into(),
        );
    }
    let form = SchoolForm::AfterSchool;
    let (id, name, kind) = (group("Solstrålen"), "Solstrålen".into(), GroupKind::Club);
    entries.push(Group { id, name, kind, form, code: None, location: None }.into());
    entries.push(Enrolment { pupil: person("Liv"), form, dates: Dates::default() }.into());
    entries.push(Membership { pupil: person("Liv"), group: group("Solstrålen"), dates: Dates::default() }.into());
    entries.push(guardianship("Liv", "Amal", GuardianshipKind::Guardian, &[]).into());
    entries.into_iter().map(|entry| RosterChange::Put { entry, origin: Origin::Import }).collect()
}
