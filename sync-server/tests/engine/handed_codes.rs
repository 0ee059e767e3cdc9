//! Codes that staff make on their own phone for somebody's next one: for whom, for whom not, what is told and what is kept.

use crate::{
    phone::Phone,
    town::{Town, adult, named, person, put, works},
};
use chrono::TimeDelta;
use skolebro_core::{
    domain::{
        access::NoCode,
        ids::{PersonId, SchoolId},
        notice::{Notice, NoticeReason},
        people::{Block, GuardianshipKind, Language, Reach, Role, School, StaffMember},
        record::{Body, RecordKind},
        roster::{RosterChange, RosterEntry},
    },
    protocol::{CodeAnswer, CodeRequest, EnrolRequest, PROTOCOL, ProblemCode},
};
use skolebro_server::{
    engine::{Limits, RosterAuthor},
    store,
};

fn ask(town: &Town, by: &Phone, whom: PersonId) -> CodeAnswer {
    town.engine.hand_code(&by.session, &CodeRequest { school: town.school, person: whom }).unwrap()
}

fn code(town: &Town, by: &Phone, whom: &str) -> String {
    match ask(town, by, person(whom)) {
        CodeAnswer::Made { code, .. } => code,
        CodeAnswer::Refused { why } => panic!("no code for {whom}: {why:?}"),
    }
}

fn refused(town: &Town, by: &Phone, whom: &str) -> NoCode {
    match ask(town, by, person(whom)) {
        CodeAnswer::Refused { why } => why,
        CodeAnswer::Made { .. } => panic!("a code for {whom}"),
    }
}

fn enrol(town: &Town, code: &str) -> Result<PersonId, ProblemCode> {
    let request = EnrolRequest { protocol: PROTOCOL, code: code.to_owned(), device_name: "ny telefon".to_owned() };
    town.engine.enrol(&request).map(|answer| answer.person).map_err(|refused| refused.code)
}

#[test]
fn the_office_makes_a_code_for_amals_next_phone_and_her_old_one_is_told() {
    let town = Town::new();
    let (olle, mut amal) = (town.phone("Olle"), town.phone("Amal"));
    let letter = town.code("Amal").unwrap();
    let first = code(&town, &olle, "Amal");
    assert_eq!(enrol(&town, &letter), Err(ProblemCode::CodeExpired), "what lay about is void");
    town.later(TimeDelta::seconds(1));
    let second = code(&town, &olle, "Amal");
    assert_eq!(enrol(&town, &first), Err(ProblemCode::CodeExpired));
    assert_eq!(enrol(&town, &second), Ok(person("Amal")));
    assert_eq!(enrol(&town, &second), Err(ProblemCode::CodeUsed));
    amal.pull();
    let made = |body: &Body| matches!(body, Body::Notice(Notice { reason: NoticeReason::CodeMade, .. }));
    assert_eq!(amal.of_kind(RecordKind::Notice).iter().filter(|body| made(body)).count(), 2);
    // Good for a day, and not for as long as a letter.
    let third = code(&town, &olle, "Amal");
    town.later(TimeDelta::hours(25));
    assert_eq!(enrol(&town, &third), Err(ProblemCode::CodeExpired));
}

#[test]
fn the_secret_stands_nowhere_and_the_log_says_who_made_a_code_for_whom() {
    let town = Town::new();
    let (olle, mut amal) = (town.phone("Olle"), town.phone("Amal"));
    let made = code(&town, &olle, "Amal");
    amal.pull();
    let secret: String = made.chars().skip(5).collect();
    let everything = format!("{:?}", amal.held());
    assert!(!everything.contains(&secret) && !everything.contains(&secret.replace('-', "")));
    let debug = format!("{:?}", CodeAnswer::Made { code: made.clone(), until: town.engine.now() });
    assert!(!debug.contains(&secret), "{debug}");
    let rows = store::read(&*town.store, |reading| reading.codes_of(person("Amal"))).unwrap();
    assert!(rows.iter().all(|row| !format!("{row:?}").contains(&secret)));
}

#[test]
fn nobody_makes_one_for_themselves_for_a_leader_or_past_what_they_are() {
    let town = Town::new();
    town.roster(["Lisa", "Ove", "Dora", "Tom"].map(|name| put(named(name).into())).to_vec());
    // Lisa works in the office and is Nils' mother, Ove is a second one in the office; Dora is a deputy.
    town.put(adult("Nils", "Lisa", GuardianshipKind::Guardian));
    for (name, role) in
        [("Lisa", Role::Office), ("Ove", Role::Office), ("Dora", Role::DeputyPrincipal), ("Tom", Role::Organiser)]
    {
        town.put(works(name, role, Reach::School));
    }
    let [olle, petra, lisa] = ["Olle", "Petra", "Lisa"].map(|name| town.phone(name));
    let [amal, sanna, greta] = ["Amal", "Sanna", "Greta"].map(|name| town.phone(name));
    for wrong in [&amal, &sanna, &greta] {
        for whom in ["Amal", "Erik", "Sanna", "Olle"] {
            assert_eq!(refused(&town, wrong, whom), NoCode::NotYours, "{whom}");
        }
    }
    assert_eq!(refused(&town, &olle, "Olle"), NoCode::Oneself);
    assert_eq!(refused(&town, &petra, "Petra"), NoCode::Oneself);
    for (by, whom) in [(&olle, "Petra"), (&olle, "Dora"), (&olle, "Tom"), (&petra, "Dora")] {
        assert_eq!(refused(&town, by, whom), NoCode::Leader, "{whom}");
    }
    // Pending, barred, undelegated, a child, and one whom nobody knows: all the same.
    for whom in ["Pelle", "Bo", "Pia", "Liv", "nobody"] {
        assert_eq!(refused(&town, &olle, whom), NoCode::NotYours, "{whom}");
    }
    // Greta is the other adult of Lisa's child.
    assert_eq!(refused(&town, &lisa, "Greta"), NoCode::OwnChild);
    code(&town, &olle, "Greta");
    // A colleague below the leaders, with or without a phone so far; home, only with one.
    code(&town, &olle, "Ove");
    code(&town, &olle, "Sanna");
    assert_eq!(refused(&town, &olle, "Erik"), NoCode::FirstByLetter);
    code(&town, &petra, "Olle");
}

#[test]
fn a_bar_is_not_gone_round_by_anothers_code() {
    let town = Town::new();
    let (olle, petra) = (town.phone("Olle"), town.phone("Petra"));
    let _sanna = town.phone("Sanna");
    code(&town, &olle, "Sanna");
    town.put(Block { pupil: person("Liv"), person: person("Olle") });
    assert_eq!(refused(&town, &olle, "Sanna"), NoCode::NotYours, "she reads of Liv");
    code(&town, &olle, "Omar");
    code(&town, &petra, "Sanna");
}

#[test]
fn a_code_gives_nothing_of_another_school() {
    let town = Town::new();
    let other = SchoolId::derive(&[&"Almskolan"]);
    let open = |role: Role| {
        let school = School {
            id: other,
            name: "Almskolan".to_owned(),
            organiser: "Exempelkommunen".to_owned(),
            time_zone: "Europe/Stockholm".parse().unwrap(),
            phone: String::new(),
            language: Language::Sv,
        };
        let entries = [RosterEntry::from(school), named("Amal").into(), works("Amal", role, Reach::School).into()];
        let changes: Vec<RosterChange> = entries.into_iter().map(put).collect();
        town.engine.apply_roster(other, changes, RosterAuthor::Import).unwrap();
    };
    let (olle, _amal) = (town.phone("Olle"), town.phone("Amal"));
    code(&town, &olle, "Amal");
    for role in [Role::Principal, Role::Office] {
        open(role);
        assert_eq!(refused(&town, &olle, "Amal"), NoCode::NotYours, "{role:?} over there");
    }
    // Where she works here too, this school has a say.
    town.engine
        .apply_roster(
            other,
            vec![RosterChange::Remove(works("Amal", Role::Principal, Reach::School).into())],
            RosterAuthor::Import,
        )
        .unwrap();
    town.put(works("Amal", Role::Teacher, Reach::Group(crate::town::group("4C"))));
    code(&town, &olle, "Amal");
    // And the office of a school has none elsewhere.
    let request = CodeRequest { school: other, person: person("Amal") };
    let answer = town.engine.hand_code(&olle.session, &request).unwrap();
    assert_eq!(answer, CodeAnswer::Refused { why: NoCode::NotYours });
}

#[test]
fn a_substitute_made_by_hand_gets_the_first_code_from_the_office() {
    let town = Town::new();
    let olle = town.phone("Olle");
    town.put(named("Kim"));
    town.put(StaffMember { person: person("Kim"), added_here: true });
    assert_eq!(refused(&town, &olle, "Kim"), NoCode::NotYours, "nothing to do yet");
    town.put(works("Kim", Role::Teacher, Reach::Group(crate::town::group("4B"))));
    let code = code(&town, &olle, "Kim");
    assert_eq!(enrol(&town, &code), Ok(person("Kim")));
}

#[test]
fn codes_are_asked_for_at_a_pace_and_not_by_a_revoked_phone() {
    let town = Town::with(Limits { handed_codes_per_hour: 3, ..Limits::default() });
    let (olle, petra, _amal) = (town.phone("Olle"), town.phone("Petra"), town.phone("Amal"));
    let request = CodeRequest { school: town.school, person: person("Amal") };
    for _ in 0..3 {
        town.engine.hand_code(&olle.session, &request).unwrap();
    }
    let refusal = town.engine.hand_code(&olle.session, &request).unwrap_err();
    assert_eq!(refusal.code, ProblemCode::TooManyTries);
    assert!(refusal.wait.is_some_and(|wait| wait.as_secs() <= 1200), "{refusal:?}");
    town.engine.hand_code(&petra.session, &request).unwrap();
    town.later(TimeDelta::minutes(20));
    town.engine.hand_code(&olle.session, &request).unwrap();
    town.engine.revoke_any_device(petra.session.device).unwrap();
    let refusal = town.engine.hand_code(&petra.session, &request).unwrap_err();
    assert_eq!(refusal.code, ProblemCode::DeviceRevoked);
}
