//! The roster, devices, codes, and the server's own facts.

use crate::school::*;
use skolebro_core::domain::{
    people::{
        AdultConsent, Assignment, Block, Dates, Delegation, Enrolment, Group, GroupKind, Guardianship,
        GuardianshipKind, Language, Membership, Person, Reach, Role, School, SchoolForm, Spell, StaffMember, Standing,
    },
    roster::{Origin, RosterEntry, RosterKey},
    rules::Country,
    samples,
    scope::Topic,
};
use skolebro_server::store::{ActivationCode, Device, SourceRow, Store, StoredEntry, read, write};
use std::collections::BTreeSet;
use uuid::Uuid;

fn named(given_name: &str) -> Person {
    Person {
        id: person(given_name),
        given_name: given_name.to_owned(),
        family_name: "Åkerlund-Øst".to_owned(),
        language: Some(Language::Nb),
        phone: Some("+46 70 174 06 05".to_owned()),
        email: None,
        birth_date: Some(day("2016-02-29")),
        protected_identity: true,
    }
}

fn guardian(name: &str) -> Guardianship {
    Guardianship {
        pupil: person("Liv"),
        person: person(name),
        kind: GuardianshipKind::Guardian,
        standing: Standing::Confirmed,
        dates: Dates { from: Some(day("2016-02-29")), until: None },
        topics: vec![Topic::Attendance, Topic::Care],
    }
}

fn sanna(reach: Reach) -> Assignment {
    Assignment { person: person("Sanna"), role: Role::ContactTeacher, reach, dates: Dates::default() }
}

/// At least one of every kind, with the rule sets and calendars of one country.
fn a_whole_roster() -> Vec<RosterEntry> {
    let dates = Dates { from: None, until: Some(day("2027-06-11")) };
    let mut entries: Vec<RosterEntry> = vec![
        School {
            id: the_school(),
            name: "Ekskolan".to_owned(),
            organiser: "Björkdals kommun".to_owned(),
            time_zone: chrono_tz::Europe::Stockholm,
            phone: "+46 8 465 004 00".to_owned(),
            language: Language::Sv,
        }
        .into(),
        named("Liv").into(),
        named("Amal").into(),
        Group {
            id: class_4b(),
            name: "4B".to_owned(),
            kind: GroupKind::Class,
            form: SchoolForm::Compulsory,
            code: None,
            location: None,
        }
        .into(),
        Enrolment { pupil: person("Liv"), form: SchoolForm::Compulsory, dates }.into(),
        Membership { pupil: person("Liv"), group: class_4b(), dates }.into(),
        guardian("Amal").into(),
        Delegation {
            pupil: person("Liv"),
            to: person("grandmother"),
            by: person("Amal"),
            topics: vec![Topic::Leave],
            dates,
        }
        .into(),
        Block { pupil: person("Liv"), person: person("Erik") }.into(),
        AdultConsent { pupil: person("Liv"), person: person("former guardian"), dates }.into(),
        sanna(Reach::Group(class_4b())).into(),
        sanna(Reach::School).into(),
        Spell(sanna(Reach::School)).into(),
        StaffMember { person: person("Sanna"), added_here: true }.into(),
    ];
    entries.extend(samples::rules(Country::Sweden).unwrap().into_iter().map(RosterEntry::from));
    entries.extend(samples::calendars(Country::Sweden).unwrap().into_iter().map(RosterEntry::from));
    entries
}

fn roster(store: &dyn Store) -> Vec<StoredEntry> {
    let mut entries = Vec::new();
    store.read(&mut |reading| reading.roster(the_school(), &mut |entry| entries.push(entry))).unwrap();
    entries
}

fn put_entry(store: &dyn Store, entry: impl Into<RosterEntry>, origin: Origin) {
    let stored = StoredEntry { entry: entry.into(), origin };
    write(store, |writing| writing.put_roster(the_school(), &stored)).unwrap();
}

pub fn every_kind_of_entry_comes_back(store: &dyn Store) {
    let mut expected = Vec::new();
    for (n, entry) in a_whole_roster().into_iter().enumerate() {
        let origin = [Origin::Import, Origin::Legal, Origin::Staff][n % 3];
        put_entry(store, entry.clone(), origin);
        expected.push(StoredEntry { entry, origin });
    }
    expected.sort_by_key(|stored| stored.entry.key());
    let kinds: BTreeSet<_> = expected.iter().map(|stored| stored.entry.key().kind).collect();
    assert_eq!(kinds, RosterEntry::KINDS.iter().copied().collect(), "a new kind belongs in this story");
    let keys = |entries: &[StoredEntry]| entries.iter().map(|stored| stored.entry.key()).collect::<Vec<_>>();
    assert_eq!(keys(&roster(store)), keys(&expected));
    assert!(roster(store) == expected);
    for stored in expected {
        let found = read(store, |reading| reading.roster_entry(the_school(), &stored.entry.key())).unwrap();
        assert_eq!(found, Some(stored));
    }
}

pub fn an_entry_is_replaced_by_its_key_and_removed(store: &dyn Store) {
    put_entry(store, guardian("Amal"), Origin::Import);
    put_entry(store, guardian("Erik"), Origin::Import);
    let pending = Guardianship { standing: Standing::Pending, ..guardian("Amal") };
    put_entry(store, pending.clone(), Origin::Legal);
    let key = RosterEntry::from(pending.clone()).key();
    let found = |key: &RosterKey| read(store, |reading| reading.roster_entry(the_school(), key)).unwrap();
    assert_eq!(found(&key), Some(StoredEntry { entry: pending.into(), origin: Origin::Legal }));
    assert_eq!(roster(store).len(), 2);
    write(store, |writing| {
        writing.remove_roster(another_school(), &key)?;
        assert!(writing.roster_entry(the_school(), &key)?.is_some());
        writing.remove_roster(the_school(), &key)?;
        writing.remove_roster(the_school(), &key)
    })
    .unwrap();
    assert_eq!(found(&key), None);
    assert_eq!(roster(store), [StoredEntry { entry: guardian("Erik").into(), origin: Origin::Import }]);
}

pub fn a_persons_schools_are_those_whose_roster_knows_them(store: &dyn Store) {
    for entry in a_whole_roster() {
        put_entry(store, entry, Origin::Import);
    }
    let schools_of = |name: &str| read(store, |reading| reading.schools_of(person(name))).unwrap();
    for known in ["Liv", "Amal", "Sanna", "grandmother", "former guardian"] {
        assert_eq!(schools_of(known), [the_school()], "{known}");
    }
    // A block is no relation, and nobody's is none.
    assert!(schools_of("Erik").is_empty());
    assert!(schools_of("nobody").is_empty());
    let elsewhere = StoredEntry { entry: sanna(Reach::School).into(), origin: Origin::Staff };
    write(store, |writing| writing.put_roster(another_school(), &elsewhere)).unwrap();
    let mut both = [the_school(), another_school()];
    both.sort();
    assert_eq!(schools_of("Sanna"), both);
    // She is known here by four entries, until the last is gone.
    let (school, class) = (sanna(Reach::School), sanna(Reach::Group(class_4b())));
    let member = StaffMember { person: person("Sanna"), added_here: true };
    for (entry, left) in [(school.into(), 2), (Spell(school).into(), 2), (class.into(), 2), (member.into(), 1)] {
        let key = RosterEntry::key(&entry);
        write(store, |writing| writing.remove_roster(the_school(), &key)).unwrap();
        assert_eq!(schools_of("Sanna").len(), left);
    }
}

pub fn phone_of(name: &str) -> Device {
    let mut token_hash = [0; 32];
    token_hash[..16].copy_from_slice(person(name).0.as_bytes());
    Device {
        id: device(&format!("{name}'s phone")),
        person: person(name),
        name: format!("{name}’s phone"),
        token_hash,
        enrolled_at: at("01T12:00:00.123456"),
        last_seen: None,
        revoked_at: None,
    }
}

pub fn rows_of_a_source_are_each_organisers_own(store: &dyn Store) {
    let row = |organiser: &str, file: &str, id: &str, said: &str| SourceRow {
        organiser: organiser.to_owned(),
        file: file.to_owned(),
        id: id.to_owned(),
        said: said.into(),
    };
    let held = |organiser: &str| {
        read(store, |reading| {
            let mut found = Vec::new();
            reading.source_rows(organiser, &mut |row| found.push(row))?;
            Ok(found)
        })
        .unwrap()
    };
    let (first, second) = (row("björkdal", "roles.csv", "r1", "{}"), row("björkdal", "enrollments.csv", "r1", "[1]"));
    let other = row("björk", "roles.csv", "r1", "\"another organiser\"");
    write(store, |writing| {
        [&first, &second, &other].into_iter().try_for_each(|row| writing.put_source_row(row))?;
        writing.put_source_row(&row("björkdal", "roles.csv", "r1", "[2]"))
    })
    .unwrap();
    assert_eq!(held("björkdal"), [second, row("björkdal", "roles.csv", "r1", "[2]")], "in order, and replaced");
    assert_eq!(held("björk"), [other]);
    write(store, |writing| {
        writing.remove_source_row("björkdal", "roles.csv", "r1")?;
        writing.remove_source_row("björkdal", "roles.csv", "nobody's")
    })
    .unwrap();
    assert_eq!((held("björkdal").len(), held("björk").len(), held("").len()), (1, 1, 0));
}

pub fn devices_are_found_by_id_token_and_person(store: &dyn Store) {
    let (amals, eriks) = (phone_of("Amal"), phone_of("Erik"));
    let tablet = Device { id: device("Amal's tablet"), token_hash: [9; 32], ..amals.clone() };
    write(store, |writing| {
        for device in [&amals, &eriks, &tablet] {
            writing.put_device(device)?;
        }
        Ok(())
    })
    .unwrap();
    let by_token = |hash: [u8; 32]| read(store, |reading| reading.device_by_token(&hash)).unwrap();
    assert_eq!(read(store, |reading| reading.device(eriks.id)).unwrap(), Some(eriks.clone()));
    assert_eq!(by_token(amals.token_hash), Some(amals.clone()));
    assert_eq!(by_token([1; 32]), None);
    let mut both = vec![amals.clone(), tablet];
    both.sort_by_key(|device| device.id);
    assert_eq!(read(store, |reading| reading.devices_of(person("Amal"))).unwrap(), both);
    // Seen, revoked, and enrolled anew with another token: the old token is nobody's.
    let renewed = Device {
        token_hash: [3; 32],
        last_seen: Some(at("14T07:00:00")),
        revoked_at: Some(at("14T08:00:00.000001")),
        ..amals.clone()
    };
    write(store, |writing| writing.put_device(&renewed)).unwrap();
    assert_eq!(by_token(amals.token_hash), None);
    assert_eq!(by_token([3; 32]), Some(renewed));
}

pub fn two_devices_never_share_a_token(store: &dyn Store) {
    let amals = phone_of("Amal");
    let thiefs = Device { token_hash: amals.token_hash, ..phone_of("Erik") };
    write(store, |writing| writing.put_device(&amals)).unwrap();
    assert!(write(store, |writing| writing.put_device(&thiefs)).is_err());
    assert_eq!(read(store, |reading| reading.device_by_token(&amals.token_hash)).unwrap(), Some(amals));
}

pub fn code_of(name: &str) -> ActivationCode {
    ActivationCode {
        selector: name.to_owned(),
        secret_hash: [5; 32],
        person: person(name),
        made_at: at("01T12:00:00"),
        expires_at: at("15T12:00:00"),
        tries: 0,
        used_at: None,
    }
}

pub fn activation_codes_keep_their_tries(store: &dyn Store) {
    let code = code_of("Amal");
    let second = ActivationCode { selector: "Amal again".to_owned(), ..code.clone() };
    for code in [&second, &code, &code_of("Erik")] {
        write(store, |writing| writing.put_code(code)).unwrap();
    }
    assert_eq!(read(store, |reading| reading.code("Amal")).unwrap(), Some(code.clone()));
    assert_eq!(read(store, |reading| reading.code("amal")).unwrap(), None);
    let tried = ActivationCode { tries: 4, used_at: Some(at("02T12:00:00")), ..code };
    write(store, |writing| writing.put_code(&tried)).unwrap();
    assert_eq!(read(store, |reading| reading.codes_of(person("Amal"))).unwrap(), [tried, second.clone()]);
    let living = |now| read(store, |reading| reading.living_codes(now)).unwrap();
    assert_eq!(living(at("14T12:00:00")), [second, code_of("Erik")]);
    assert_eq!(living(at("15T12:00:00")), []);
}

pub fn facts_of_the_server_and_its_epoch(store: &dyn Store) {
    let epoch = read(store, |reading| reading.epoch()).unwrap();
    assert!(!epoch.is_nil());
    assert_eq!(read(store, |reading| reading.epoch()).unwrap(), epoch);
    let next = Uuid::now_v7();
    write(store, |writing| {
        writing.put_epoch(next)?;
        writing.put_meta("last_tick", "1")?;
        writing.put_meta("last_tick", "2")
    })
    .unwrap();
    assert_eq!(read(store, |reading| reading.epoch()).unwrap(), next);
    assert_eq!(read(store, |reading| reading.meta("last_tick")).unwrap().as_deref(), Some("2"));
    assert_eq!(read(store, |reading| reading.meta("no such fact")).unwrap(), None);
}
