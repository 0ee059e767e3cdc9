//! Rights that come and go: what each person's phone holds afterwards, with the wrong person beside the right one.

use crate::{
    phone::Phone,
    reports::sick,
    town::{Town, adult, day, group, named, person, time, until, works},
};
use chrono::TimeDelta;
use skolebro_core::{
    domain::{
        command::{Capacity, CommandBody},
        ids::SchoolId,
        people::{
            Block, Dates, Enrolment, Guardianship, GuardianshipKind, Language, Membership, Reach, Role, School,
            SchoolForm,
        },
        record::{Body, RecordKind},
        rejection::Rejection,
        roster::RosterEntry,
        scope::Topic,
    },
    protocol::{Outcome, ProblemCode},
};
use skolebro_server::engine::Limits;
use skolebro_server::{engine::RosterAuthor, store};

fn about(phone: &Phone, name: &str) -> bool {
    let id = person(name).to_string();
    phone.scopes().iter().any(|scope| scope.starts_with("pupil:") && scope.contains(&id))
}

#[test]
fn a_block_takes_away_what_was_read_and_a_lift_gives_it_back() {
    let town = Town::new();
    let (mut erik, mut amal, mut olle) = (town.phone("Erik"), town.phone("Amal"), town.phone("Olle"));
    erik.pull();
    assert!(about(&erik, "Liv"));
    let office = Capacity::Staff(Role::Office);
    let (pupil, barred) = (person("Liv"), person("Erik"));
    let blocks = town.command(office, CommandBody::BlockAdult { pupil, person: barred });
    assert!(matches!(olle.send(&blocks), Outcome::Accepted { .. }));
    erik.pull();
    assert!(erik.rows.is_empty(), "{:?}", erik.scopes());
    amal.pull();
    let others = amal.of_kind(RecordKind::Relation);
    assert!(others.iter().all(|body| !format!("{body:?}").contains(&barred.to_string())), "nor is he named to Amal");
    let lifts = CommandBody::LiftBlock { pupil, person: barred };
    assert_eq!(
        olle.send(&town.command(office, lifts.clone())),
        Outcome::Rejected(Rejection::NotYours),
        "the office may not lift it"
    );
    let mut petra = town.phone("Petra");
    assert!(matches!(petra.send(&town.command(Capacity::Staff(Role::Principal), lifts)), Outcome::Accepted { .. }));
    erik.pull();
    assert!(about(&erik, "Liv"));
}

#[test]
fn a_substitute_reads_until_midnight_and_no_tick_is_needed() {
    let town = Town::new();
    let mut assignment = works("Vera", Role::Teacher, Reach::Group(group("4B")));
    assignment.dates = Dates { from: Some(day("2026-09-15")), until: Some(day("2026-09-15")) };
    town.put(assignment);
    let mut vera = town.phone("Vera");
    let first = vera.page();
    let midnight = Some(time("2026-09-15T22:00:00Z"));
    assert!(!first.reset.is_empty() && first.reset.iter().all(|granted| granted.until == midnight));
    vera.pull();
    assert!(about(&vera, "Liv"));
    town.later(TimeDelta::hours(20));
    // Somebody changes a pupil's card after midnight.
    town.put(Membership { pupil: person("Liv"), group: group("4C"), dates: Dates::default() });
    let late = vera.page();
    assert!(late.rows.is_empty());
    let mut again = Phone::new(town.engine.clone(), town.school, vera.session);
    again.pull();
    assert!(again.rows.is_empty(), "from nothing neither");
    assert!(town.code("Vera").is_none());
}

#[test]
fn an_unchanged_right_keeps_its_grant_and_a_changed_end_is_a_new_one() {
    let town = Town::new();
    let mut sanna = town.phone("Sanna");
    sanna.pull();
    let same = works("Sanna", Role::ContactTeacher, Reach::Group(group("4B")));
    let report = town.put(same);
    assert_eq!((report.put, report.unchanged, report.granted, report.rows), (0, 1, 0, 0));
    let second = town.put(works("Sanna", Role::Teacher, Reach::Group(group("4B"))));
    assert_eq!((second.granted, second.revoked), (0, 0), "what is given already is not granted again");
    let page = sanna.page();
    assert!(page.reset.is_empty() && page.revoked.is_empty());
    town.remove(works("Sanna", Role::Teacher, Reach::Group(group("4B"))));
    let mut ending = works("Sanna", Role::ContactTeacher, Reach::Group(group("4B")));
    ending.dates = until("2026-12-18");
    let ended = town.put(ending);
    assert!(ended.granted > 0 && ended.revoked == 0);
    let page = sanna.page();
    let midnight = Some(time("2026-12-18T23:00:00Z"));
    assert!(!page.reset.is_empty() && page.reset.iter().all(|granted| granted.until == midnight));
}

#[test]
fn a_pupil_who_moves_class_moves_between_teachers() {
    let town = Town::new();
    let (mut sanna, mut omar) = (town.phone("Sanna"), town.phone("Omar"));
    sanna.pull();
    omar.pull();
    assert!(about(&sanna, "Liv") && !about(&omar, "Liv"));
    town.roster(vec![
        skolebro_core::domain::roster::RosterChange::Remove(
            Membership { pupil: person("Liv"), group: group("4B"), dates: Dates::default() }.into(),
        ),
        crate::town::put(Membership { pupil: person("Liv"), group: group("4C"), dates: Dates::default() }.into()),
    ]);
    sanna.pull();
    omar.pull();
    assert!(!about(&sanna, "Liv") && about(&omar, "Liv"));
}

/// Amal reads Liv's plan with strong assurance only; it comes and goes with it, per device.
#[test]
fn sensitive_scopes_follow_the_devices_assurance() {
    let town = Town::new();
    let (mut amal, mut olle) = (town.phone("Amal"), town.phone("Olle"));
    let mut other = Phone::new(town.engine.clone(), town.school, town.session("Amal"));
    amal.pull();
    other.pull();
    let plan = format!("pupil:{}/plan/all", person("Liv"));
    let office = Capacity::Staff(Role::Office);
    let device = amal.session.device;
    let grants = |until| {
        let person = person("Amal");
        town.command(office, CommandBody::GrantStrongAssurance { person, device, until })
    };
    let evening = town.engine.now() + TimeDelta::hours(10);
    assert!(matches!(olle.send(&grants(evening)), Outcome::Accepted { .. }));
    let named = |phone: &mut Phone| {
        let page = phone.page();
        page.reset.iter().find(|granted| granted.scope == plan).map(|granted| granted.until)
    };
    assert_eq!(named(&mut amal), Some(Some(evening)), "the earlier of the two ends");
    assert_eq!(named(&mut other), None, "her other phone has not been shown to the office");
    // Longer: a new grant, so that the phone hears of the new end.
    let night = town.engine.now() + TimeDelta::hours(12);
    assert!(matches!(olle.send(&grants(night)), Outcome::Accepted { .. }));
    assert_eq!(named(&mut amal), Some(Some(night)));
    // Stolen: revoking the device takes it away at once, and all else with it.
    let mine = amal.session;
    town.engine.revoke_device(&mine, mine.device).unwrap();
    assert_eq!(amal.ask(Vec::new()).unwrap_err().code, ProblemCode::DeviceRevoked);
    let held = store::read(&*town.store, |reading| reading.assurance(town.school, device)).unwrap();
    assert!(held.unwrap().lapsed.is_some());
}

#[test]
fn assurance_that_runs_out_closes_reading_without_a_tick() {
    let town = Town::new();
    let (mut amal, mut olle) = (town.phone("Amal"), town.phone("Olle"));
    amal.pull();
    let until = town.engine.now() + TimeDelta::hours(1);
    let body = CommandBody::GrantStrongAssurance { person: person("Amal"), device: amal.session.device, until };
    olle.send(&town.command(Capacity::Staff(Role::Office), body));
    amal.pull();
    town.later(TimeDelta::hours(2));
    let mut again = Phone::new(town.engine.clone(), town.school, amal.session);
    let page = again.page();
    assert!(!page.reset.iter().any(|granted| granted.scope.contains("/plan/")));
    // A guardian without it still delegates: a lapse closes reading, never writing.
    assert!(matches!(amal.send(&town.delegates(&[Topic::Attendance])), Outcome::Accepted { .. }));
}

#[test]
fn each_wrong_person_holds_nothing_of_liv() {
    let town = Town::new();
    for name in ["Greta", "Omar"] {
        let mut phone = town.phone(name);
        phone.pull();
        assert!(!phone.rows.is_empty());
        assert!(!about(&phone, "Liv"), "{name} holds {:?}", phone.scopes());
        let rows = phone.held();
        assert!(rows.iter().all(|(_, _, _, body)| !body.contains("Liv Berg")), "{name}");
        let number = |body: &str| ["070-Amal", "070-Erik"].iter().any(|number| body.contains(number));
        assert!(!rows.iter().any(|(_, _, _, body)| number(body)), "{name}");
    }
    let mut sanna = town.phone("Sanna");
    sanna.pull();
    assert!(about(&sanna, "Liv") && !about(&sanna, "Nils"));
}

#[test]
fn a_protected_adult_has_no_number_on_any_phone_and_is_not_named_to_others() {
    let town = Town::new();
    let mut hidden = named("Erik");
    hidden.protected_identity = true;
    town.put(hidden);
    let (mut amal, mut sanna, mut erik) = (town.phone("Amal"), town.phone("Sanna"), town.phone("Erik"));
    amal.pull();
    sanna.pull();
    erik.pull();
    assert!(amal.held().iter().all(|(_, _, _, body)| !body.contains("Erik")));
    assert!(sanna.held().iter().all(|(_, _, _, body)| !body.contains("070-Erik")));
    assert!(sanna.held().iter().any(|(_, _, _, body)| body.contains("070-Amal")));
    let named_to_him = erik.of_kind(RecordKind::Relation).into_iter().any(|body| match body {
        Body::Relation(card) => card.others.iter().any(|other| other.person == person("Amal")),
        other => panic!("not a relation: {other:?}"),
    });
    assert!(named_to_him);
}

#[test]
fn a_guardian_is_told_to_whom_topics_can_be_delegated() {
    let town = Town::new();
    let (mut amal, mut olle) = (town.phone("Amal"), town.phone("Olle"));
    let named_to = |phone: &Phone| {
        phone.of_kind(RecordKind::Relation).into_iter().any(|body| match body {
            Body::Relation(card) => card.delegable.iter().any(|other| other.person == person("Pia")),
            other => panic!("not a relation: {other:?}"),
        })
    };
    amal.pull();
    assert!(named_to(&amal), "a parent without custody who holds nothing yet");
    let blocks = CommandBody::BlockAdult { pupil: person("Liv"), person: person("Pia") };
    olle.send(&town.command(Capacity::Staff(Role::Office), blocks));
    amal.pull();
    assert!(!named_to(&amal), "a bar outranks it");
}

#[test]
fn a_delegation_falls_with_the_custody_of_the_one_who_gave_it() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    amal.send(&town.delegates(&[Topic::Attendance]));
    let mut pia = town.phone("Pia");
    pia.pull();
    assert!(about(&pia, "Liv"));
    assert!(!pia.scopes().iter().any(|scope| scope.contains("/plan/")));
    town.put(adult("Liv", "Amal", GuardianshipKind::ParentWithoutCustody));
    pia.pull();
    amal.pull();
    assert!(!about(&pia, "Liv") && !about(&amal, "Liv"));
}

#[test]
fn a_pupil_who_left_is_nobodys_also_after_a_restart_and_comes_back_to_the_class_that_is_stored() {
    let town = Town::new();
    let enrolled = Enrolment { pupil: person("Liv"), form: SchoolForm::Compulsory, dates: Dates::default() };
    let (mut amal, mut sanna) = (town.phone("Amal"), town.phone("Sanna"));
    amal.pull();
    assert!(about(&amal, "Liv"));
    town.remove(enrolled.clone());
    // Her place in 4B is stored still; read anew, it makes nobody a pupil.
    let town = town.restarted(Limits::default());
    (amal.engine, sanna.engine) = (town.engine.clone(), town.engine.clone());
    assert!(matches!(amal.send(&sick(&town)), Outcome::Rejected(Rejection::NotYours)));
    // Something that makes the server ask anew what her guardians and her teacher read.
    town.put(named("Liv"));
    town.put(Guardianship { dates: until("2027-06-30"), ..adult("Liv", "Amal", GuardianshipKind::Guardian) });
    town.put(works("Sanna", Role::Teacher, Reach::Group(group("4B"))));
    for phone in [&mut amal, &mut sanna] {
        phone.pull();
        assert!(!about(phone, "Liv"));
    }
    town.put(enrolled);
    for phone in [&mut amal, &mut sanna] {
        phone.pull();
        assert!(about(phone, "Liv"));
    }
}

#[test]
fn a_block_at_one_school_holds_at_every_school_of_the_child_and_so_does_its_lift() {
    let town = Town::new();
    let old = SchoolId::derive(&[&"Ekskolan"]);
    let (pupil, form, dates) = (person("Liv"), SchoolForm::Compulsory, Dates::default());
    let entries: Vec<RosterEntry> = vec![
        School {
            id: old,
            name: "Ekskolan".to_owned(),
            organiser: "Exempelkommunen".to_owned(),
            time_zone: "Europe/Stockholm".parse().unwrap(),
            phone: "08-654321".to_owned(),
            language: Language::Sv,
        }
        .into(),
        named("Liv").into(),
        named("Erik").into(),
        Enrolment { pupil, form, dates }.into(),
        adult("Liv", "Erik", GuardianshipKind::Guardian).into(),
    ];
    let entries = entries.into_iter().map(crate::town::put).collect();
    town.engine.apply_roster(old, entries, RosterAuthor::Import).unwrap();
    let (mut here, mut olle, mut petra) = (town.phone("Erik"), town.phone("Olle"), town.phone("Petra"));
    let mut there = Phone::new(town.engine.clone(), old, here.session);
    here.pull();
    there.pull();
    assert!(about(&here, "Liv") && about(&there, "Liv"));

    let (pupil, erik) = (person("Liv"), person("Erik"));
    let block = CommandBody::BlockAdult { pupil, person: erik };
    assert!(matches!(olle.send(&town.command(Capacity::Staff(Role::Office), block)), Outcome::Accepted { .. }));
    here.pull();
    there.pull();
    assert!(!about(&here, "Liv") && !about(&there, "Liv"), "at once, with no import between");

    let lift = CommandBody::LiftBlock { pupil, person: erik };
    assert!(matches!(petra.send(&town.command(Capacity::Staff(Role::Principal), lift)), Outcome::Accepted { .. }));
    here.pull();
    there.pull();
    assert!(about(&here, "Liv") && about(&there, "Liv"));

    // The operator says neither which school it is.
    assert!(town.engine.bar(old, Block { pupil, person: erik }, true).unwrap());
    assert!(!town.engine.bar(old, Block { pupil, person: erik }, true).unwrap(), "it was so already");
    here.pull();
    there.pull();
    assert!(!about(&here, "Liv") && !about(&there, "Liv"));
    // No copy is left for an import to bring along.
    assert!(town.engine.bar(old, Block { pupil, person: erik }, false).unwrap());
    for school in [old, town.school] {
        let key = RosterEntry::from(Block { pupil, person: erik }).key();
        let stored = store::read(&*town.store, |reading| reading.roster_entry(school, &key)).unwrap();
        assert_eq!(stored, None);
    }
}
