//! Codes, tokens and devices: each wrong way in beside the right one.

use crate::town::{Town, person, put, works};
use chrono::TimeDelta;
use skolebro_core::{
    domain::{
        people::{Block, Language, Reach, Role},
        roster::RosterEntry,
    },
    protocol::{EnrolRequest, EnrolResponse, PROTOCOL, ProblemCode},
};
use skolebro_server::engine::{Limits, Refusal};

fn enrol(town: &Town, code: &str) -> Result<EnrolResponse, Refusal> {
    town.engine.enrol(&EnrolRequest { protocol: PROTOCOL, code: code.to_owned(), device_name: "Telefon".to_owned() })
}

fn refused(town: &Town, code: &str) -> ProblemCode {
    enrol(town, code).unwrap_err().code
}

/// The same selector with another secret.
fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..code.len() - 1])
}

#[test]
fn amal_types_her_code_badly_and_is_let_in_once() {
    let town = Town::new();
    let code = town.code("Amal").unwrap();
    let response = enrol(&town, &format!(" {} ", code.to_lowercase().replace('-', " "))).unwrap();
    assert_eq!(response.person, person("Amal"));
    assert_eq!(response.language, Some(Language::Sv));
    assert_eq!(response.schools, [town.school]);
    assert_eq!(town.engine.authenticate(&response.token).unwrap().device, response.device);
    assert_eq!(refused(&town, &code), ProblemCode::CodeUsed);
    assert_eq!(refused(&town, &wrong(&code)), ProblemCode::CodeWrong, "used is told to one who knows the secret");
}

#[test]
fn five_wrong_tries_hold_a_selector_up_and_no_other() {
    let town = Town::new();
    let (amals, eriks) = (town.code("Amal").unwrap(), town.code("Erik").unwrap());
    for _ in 0..5 {
        assert_eq!(refused(&town, &wrong(&amals)), ProblemCode::CodeWrong);
    }
    assert_eq!(refused(&town, &amals), ProblemCode::TooManyTries, "the right secret too");
    enrol(&town, &eriks).unwrap();
    // Somebody guesses on, and Amal's letter is still good: one try comes back at a time.
    town.later(TimeDelta::minutes(10));
    assert_eq!(refused(&town, &wrong(&amals)), ProblemCode::CodeWrong);
    assert_eq!(refused(&town, &amals), ProblemCode::TooManyTries);
    town.later(TimeDelta::minutes(10));
    enrol(&town, &amals).unwrap();
    assert_eq!(refused(&town, "not a code"), ProblemCode::CodeWrong);
}

#[test]
fn whoever_has_seen_amals_letter_cannot_keep_her_waiting_at_home() {
    let town = Town::new();
    let code = town.code("Amal").unwrap();
    let from = |address: &str, code: &str| {
        let request = EnrolRequest { protocol: PROTOCOL, code: code.to_owned(), device_name: "Telefon".to_owned() };
        town.engine.enrol_from(Some(address.parse().unwrap()), &request)
    };
    for _ in 0..5 {
        assert_eq!(from("198.51.100.7", &wrong(&code)).unwrap_err().code, ProblemCode::CodeWrong);
    }
    let waits = from("198.51.100.7", &code).unwrap_err().code;
    assert_eq!(waits, ProblemCode::TooManyTries, "also with the right secret, which so cannot be guessed faster");
    assert_eq!(from("192.0.2.1", &code).unwrap().person, person("Amal"));
}

#[test]
fn whether_a_selector_is_somebodys_shows_in_nothing() {
    let town = Town::with(Limits { code_tries_in_all: 7, ..Limits::default() });
    let code = town.code("Amal").unwrap();
    let nobodys = if code.starts_with('0') { "1ZZZ-0000-0000" } else { "0ZZZ-0000-0000" };
    for _ in 0..7 {
        let [living, missing] = [&wrong(&code), nobodys].map(|code| enrol(&town, code).unwrap_err());
        assert_eq!(living, missing);
    }
    // In all, a code is not tried without end.
    town.later(TimeDelta::hours(5));
    for _ in 0..2 {
        assert_eq!(refused(&town, &wrong(&code)), ProblemCode::CodeWrong);
    }
    assert_eq!(refused(&town, &code), ProblemCode::TooManyTries);
    town.later(TimeDelta::hours(5));
    assert_eq!(refused(&town, &code), ProblemCode::TooManyTries);
}

#[test]
fn an_old_code_and_one_that_was_replaced_open_nothing() {
    let town = Town::new();
    let code = town.code("Amal").unwrap();
    town.later(TimeDelta::days(31));
    assert_eq!(refused(&town, &code), ProblemCode::CodeExpired);
    let first = town.code("Amal").unwrap();
    let second = town.code("Amal").unwrap();
    assert_eq!(refused(&town, &first), ProblemCode::CodeExpired);
    enrol(&town, &second).unwrap();
}

#[test]
fn no_code_is_made_for_somebody_who_reads_nothing() {
    let town = Town::new();
    for name in ["Pia", "Pelle", "Bo", "Liv", "Svea", "nobody"] {
        assert_eq!(town.code(name), None, "{name}");
    }
    for name in ["Amal", "Erik", "Greta", "Sanna", "Omar", "Olle", "Petra"] {
        assert!(town.code(name).is_some(), "{name}");
    }
    // Barred between the letter and the enrolment.
    let code = town.code("Erik").unwrap();
    town.put(Block { pupil: person("Liv"), person: person("Erik") });
    assert_eq!(refused(&town, &code), ProblemCode::CodeExpired);
}

#[test]
fn a_revoked_phone_opens_nothing_and_another_persons_is_not_found() {
    let town = Town::new();
    let mine = enrol(&town, &town.code("Amal").unwrap()).unwrap();
    let other = enrol(&town, &town.code("Amal").unwrap()).unwrap();
    let eriks = town.session("Erik");
    let amal = town.engine.authenticate(&mine.token).unwrap();

    let listed = town.engine.devices(&amal).unwrap().devices;
    let this: Vec<bool> = listed.iter().map(|entry| entry.this).collect();
    assert_eq!(this, [true, false]);
    assert_eq!(town.engine.revoke_device(&eriks, other.device).unwrap_err().code, ProblemCode::NotFound);
    town.engine.authenticate(&other.token).unwrap();
    town.engine.revoke_device(&amal, other.device).unwrap();
    assert_eq!(town.engine.authenticate(&other.token).unwrap_err().code, ProblemCode::DeviceRevoked);
    assert!(town.engine.devices(&amal).unwrap().devices[1].revoked_at.is_some());
    town.engine.authenticate(&mine.token).unwrap();
    town.engine.revoke_any_device(mine.device).unwrap();
    assert_eq!(town.engine.authenticate(&mine.token).unwrap_err().code, ProblemCode::DeviceRevoked);
    assert_eq!(town.engine.authenticate("a stolen guess").unwrap_err().code, ProblemCode::TokenUnknown);
}

#[test]
fn one_phone_too_many_takes_the_place_of_the_one_not_seen_for_longest() {
    let town = Town::with(Limits { devices_per_person: 2, ..Limits::default() });
    let tokens: Vec<String> = (0..3)
        .map(|_| {
            town.later(TimeDelta::hours(2));
            enrol(&town, &town.code("Amal").unwrap()).unwrap().token
        })
        .collect();
    assert_eq!(town.engine.authenticate(&tokens[0]).unwrap_err().code, ProblemCode::DeviceRevoked);
    town.engine.authenticate(&tokens[1]).unwrap();
    town.engine.authenticate(&tokens[2]).unwrap();
}

#[test]
fn when_a_phone_was_seen_is_kept_lazily() {
    let town = Town::new();
    let response = enrol(&town, &town.code("Amal").unwrap()).unwrap();
    let session = town.engine.authenticate(&response.token).unwrap();
    let seen = || town.engine.devices(&session).unwrap().devices[0].last_seen.unwrap();
    let first = seen();
    town.later(TimeDelta::minutes(10));
    town.engine.authenticate(&response.token).unwrap();
    assert_eq!(seen(), first);
    town.later(TimeDelta::hours(1));
    town.engine.authenticate(&response.token).unwrap();
    assert_eq!(seen(), first + TimeDelta::minutes(70));
}

#[test]
fn a_substitute_may_be_enrolled_beforehand_only_when_something_is_open() {
    let town = Town::new();
    let tomorrow = skolebro_core::domain::people::Dates {
        from: Some("2026-09-16".parse().unwrap()),
        until: Some("2026-09-16".parse().unwrap()),
    };
    let mut assignment = works("Vera", Role::Teacher, Reach::Group(crate::town::group("4B")));
    assignment.dates = tomorrow;
    town.roster(vec![put(RosterEntry::from(assignment))]);
    assert_eq!(town.code("Vera"), None);
}
