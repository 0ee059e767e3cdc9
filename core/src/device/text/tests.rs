#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The catalogues against the code and against each other.

use super::*;
use crate::{
    domain::{
        access::NoCode,
        attendance::{AbsenceKind, Session},
        ids::{CommandId, PersonId},
        notice::NoticeReason,
        people::Role,
        rejection::Rejection,
    },
    protocol::ProblemCode,
    say,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Key, with `.attribute` where it is one → the arguments that it uses.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut message, mut current) = (String::new(), String::new());
    for line in sources(language).iter().flat_map(|source| source.lines()) {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if let Some((name, _)) = line.split_once(" =")
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        {
            name.clone_into(&mut message);
            name.clone_into(&mut current);
            assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "{current} twice in {}", language.tag());
        } else if let Some(attribute) = line.strip_prefix("    .").and_then(|rest| rest.split_once(" =")) {
            current = format!("{message}.{}", attribute.0);
            assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "{current} twice in {}", language.tag());
        }
        for after in line.split('$').skip(1) {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            keys.get_mut(&current).unwrap().insert(after[..end].to_owned());
        }
    }
    keys
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            rust_files(&path, found);
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// The string literals of the code that speaks to people: this crate's device, the terminal, and the server's letters.
fn literals() -> BTreeMap<String, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&root.join("src/device"), &mut files);
    rust_files(&root.join("../cli/src"), &mut files);
    rust_files(&root.join("../sync-server/src/operate"), &mut files);
    let mut literals = BTreeMap::new();
    for file in files {
        let code = std::fs::read_to_string(&file).unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for literal in line.split('"').skip(1).step_by(2) {
                literals.insert(literal.to_owned(), file.clone());
            }
        }
    }
    literals
}

const PROBLEMS: [ProblemCode; 12] = [
    ProblemCode::TokenUnknown,
    ProblemCode::DeviceRevoked,
    ProblemCode::CodeWrong,
    ProblemCode::CodeExpired,
    ProblemCode::CodeUsed,
    ProblemCode::TooManyTries,
    ProblemCode::Malformed,
    ProblemCode::NotFound,
    ProblemCode::TooLarge,
    ProblemCode::TooOld,
    ProblemCode::Unavailable,
    ProblemCode::Other,
];

/// Keys that code makes from a code on the wire.
fn made_keys() -> BTreeSet<String> {
    let rejections = Rejection::CODES.iter().map(|code| format!("rejection-{code}"));
    let problems = PROBLEMS.iter().map(|problem| format!("problem-{}", problems::code(*problem)));
    let faults = Fault::ALL.iter().map(|fault| format!("fault-{}", fault.code()));
    let codes = NoCode::ALL.iter().map(|why| format!("no-code-{}", why.as_str()));
    rejections.chain(problems).chain(faults).chain(codes).flat_map(|key| [format!("{key}.instead"), key]).collect()
}

#[test]
fn every_catalogue_can_be_read_whole() {
    for language in Language::ALL.iter().copied() {
        for source in sources(language) {
            if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                panic!("{}: {errors:?}", language.tag());
            }
        }
    }
}

#[test]
fn every_language_has_the_same_keys_with_the_same_arguments() {
    let swedish = keys(Language::Sv);
    for language in Language::ALL.iter().copied() {
        let keys = keys(language);
        for (key, args) in &swedish {
            let found = keys.get(key).unwrap_or_else(|| panic!("{} has no {key}", language.tag()));
            assert_eq!(found, args, "arguments of {key} in {}", language.tag());
        }
        for key in keys.keys() {
            assert!(swedish.contains_key(key), "only {} has {key}", language.tag());
        }
    }
}

#[test]
fn every_key_in_code_is_in_the_catalogue() {
    let keys = keys(Language::Sv);
    let families: BTreeSet<&str> =
        keys.keys().filter_map(|key| key.split_once('-').map(|(family, _)| family)).collect();
    for (literal, file) in literals() {
        let shaped = literal.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
            && !literal.ends_with('-');
        let Some((family, _)) = literal.split_once('-').filter(|_| shaped) else { continue };
        if families.contains(family) {
            assert!(keys.contains_key(&literal), "{} uses {literal}, which no catalogue has", file.display());
        }
    }
    for key in made_keys() {
        assert!(keys.contains_key(&key), "no text for {key}");
    }
}

#[test]
fn every_key_of_the_catalogue_is_used() {
    let (literals, made) = (literals(), made_keys());
    let unused: Vec<String> =
        keys(Language::Sv).into_keys().filter(|key| !literals.contains_key(key) && !made.contains(key)).collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");
}

#[test]
fn every_text_is_of_its_language_and_leaves_no_argument_open() {
    for language in Language::ALL.iter().copied() {
        let texts = Texts::new(language);
        for (key, args) in keys(language) {
            for number in [0, 1, 2, 5] {
                let given: Vec<(&str, Arg<'_>)> = args
                    .iter()
                    .map(|name| {
                        let counted = ["number", "count", "most", "most_days", "seconds"].contains(&name.as_str());
                        (name.as_str(), if counted { Arg::Number(number) } else { Arg::from("Liv") })
                    })
                    .collect();
                let text = texts.text(&key, &given);
                assert!(!text.trim().is_empty(), "{key} is empty in {}", language.tag());
                assert!(!text.contains(['{', '}', '$']), "{key} in {}: {text}", language.tag());
                assert_eq!(text.trim(), text, "{key} in {}", language.tag());
                for letter in text.chars().filter(|c| !c.is_ascii()) {
                    let own = match language {
                        Language::Sv => "åäöÅÄÖé–·…”",
                        Language::Da | Language::Nb => "æøåÆØÅéÉ–·…«»",
                        Language::En => "–·…“”",
                    };
                    assert!(own.contains(letter), "{letter:?} in {key} of {}", language.tag());
                }
            }
        }
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}
const STOCKHOLM: chrono_tz::Tz = chrono_tz::Europe::Stockholm;

#[test]
fn days_are_said_as_people_say_them() {
    let today = day("2026-10-12");
    let said = |language: Language, text: &str| Texts::new(language).day(day(text), today);
    assert_eq!(said(Language::Sv, "2026-10-12"), "i dag");
    assert_eq!(said(Language::Da, "2026-10-13"), "i morgen");
    assert_eq!(said(Language::Nb, "2026-10-11"), "i går");
    assert_eq!(said(Language::Sv, "2026-10-15"), "torsdag 15 oktober");
    assert_eq!(said(Language::Da, "2026-10-15"), "torsdag den 15. oktober");
    assert_eq!(said(Language::Nb, "2026-12-15"), "tirsdag 15. desember");
    assert_eq!(said(Language::En, "2027-01-08"), "Friday 8 January 2027");
    let span = Texts::new(Language::Sv).days(day("2026-10-12"), day("2026-10-14"), today);
    assert_eq!(span, "i dag till onsdag 14 oktober");
    let lesson = Texts::new(Language::Nb).day_and_session(today, Session::Lesson(3), today);
    assert_eq!(lesson, "time 3 i dag");
}

#[test]
fn times_follow_the_school_through_both_changes_of_the_clock() {
    let sv = Texts::new(Language::Sv);
    assert_eq!(sv.clock_at(at("2026-03-28T05:50:00Z"), STOCKHOLM), "06:50");
    assert_eq!(sv.clock_at(at("2026-03-30T04:50:00Z"), STOCKHOLM), "06:50");
    assert_eq!(sv.clock_at(at("2026-10-26T05:50:00Z"), STOCKHOLM), "06:50");
    assert_eq!(Texts::new(Language::Da).clock(NaiveTime::from_hms_opt(8, 5, 0).unwrap()), "08.05");
    let moment = Texts::new(Language::Da).moment(at("2026-10-11T06:12:00Z"), STOCKHOLM, day("2026-10-12"));
    assert_eq!(moment, "i går kl. 08.12");
}

#[test]
fn an_arabic_name_is_isolated_and_a_nordic_one_is_left_alone() {
    let sv = Texts::new(Language::Sv);
    assert_eq!(sv.seen_by("Sanna Åström", "07:42"), "Sedd av Sanna Åström 07:42");
    assert_eq!(sv.seen_by("أمل", "07:42"), "Sedd av \u{2068}أمل\u{2069} 07:42");
    let names = sv.list(&["Liv".to_owned(), "نور".to_owned(), "Ali".to_owned()]);
    assert_eq!(names.matches('\u{2068}').count(), names.matches('\u{2069}').count());
    assert!(names.ends_with("och Ali"), "{names}");
}

#[test]
fn a_rejection_says_what_can_be_done_instead_in_every_language() {
    let sanna = PersonId::derive(&[&"sanna"]);
    let names = BTreeMap::from([(sanna, "Sanna Berg".to_owned())]);
    let nobody: BTreeMap<PersonId, String> = BTreeMap::new();
    let today = day("2026-10-12");
    let closed = Rejection::RollClosed { by: sanna, at: at("2026-10-12T06:20:00Z") };
    let en = Texts::new(Language::En);
    assert_eq!(
        en.rejection(&closed, &names, STOCKHOLM, today).text,
        "The roll has been taken already, 08:20 by Sanna Berg."
    );
    // The other phone does not hold Sanna's card: it says so in words and never shows the id.
    assert!(en.rejection(&closed, &nobody, STOCKHOLM, today).text.ends_with("by someone at the school."));
    let next = Rejection::NotInSession { next: Some(day("2026-10-13")) };
    assert_eq!(
        Texts::new(Language::Sv).rejection(&next, &names, STOCKHOLM, today).instead,
        "Nästa skoldag är i morgon."
    );
    for language in Language::ALL.iter().copied() {
        let texts = Texts::new(language);
        for rejection in every_rejection(sanna) {
            let refusal = texts.rejection(&rejection, &nobody, STOCKHOLM, today);
            assert!(!refusal.text.contains(&sanna.to_string()) && !refusal.text.contains("rejection-"));
            assert!(refusal.instead.ends_with('.'), "{}: {}", refusal.code, refusal.instead);
        }
        for problem in PROBLEMS {
            assert!(!texts.problem(problem).instead.contains("problem-"));
        }
    }
}

fn every_rejection(person: PersonId) -> Vec<Rejection> {
    let today = day("2026-10-12");
    let time = NaiveTime::from_hms_opt(8, 20, 0).unwrap();
    let with_data = vec![
        Rejection::DependencyRejected { on: CommandId::new() },
        Rejection::TooMany { most: 200 },
        Rejection::NoteTooLong { most: 300 },
        Rejection::NameTooLong { most: 100 },
        Rejection::EndNeeded { latest: today },
        Rejection::PartOutsideDay { day_starts: time, day_ends: time },
        Rejection::NotInSession { next: None },
        Rejection::TooFarAhead { last: today },
        Rejection::TooFarBack { first: today },
        Rejection::RunTooLong { most_days: 1 },
        Rejection::AlreadyStarted { started: today },
        Rejection::NotLonger { ends: today },
        Rejection::AlreadyReported { pupil: person, kind: AbsenceKind::Sick, by: person, from: today, to: today },
        Rejection::AlreadyWell { pupil: person, by: person, back_on: today, back_at: None },
        Rejection::AlreadyExplained { pupil: person, day: today, by: person },
        Rejection::MarkedPresent { day: today },
        Rejection::AlreadyJudged { accepted: false },
        Rejection::NotInGroup { pupil: person },
        Rejection::RollNotOpen { day: today },
        Rejection::MarkedTwice { pupil: person },
        Rejection::UndoTooLate { seconds: 60 },
        Rejection::RollNotBegun { starts: time },
        Rejection::RollClosed { by: person, at: at("2026-10-11T06:20:00Z") },
        Rejection::CannotAssign { role: Role::Principal },
        Rejection::AssuranceSpan { latest: at("2027-10-11T06:20:00Z") },
    ];
    let codes: BTreeSet<&str> = with_data.iter().map(Rejection::code).collect();
    let plain = Rejection::CODES
        .iter()
        .filter(|code| !codes.contains(*code))
        .map(|code| serde_json::from_value(serde_json::json!({ "code": code })).unwrap());
    let all: Vec<Rejection> = plain.chain(with_data.iter().cloned()).collect();
    assert_eq!(all.len(), Rejection::CODES.len());
    all
}

#[test]
fn the_lock_screen_says_the_same_whatever_it_is_about() {
    for language in Language::ALL.iter().copied() {
        let texts = Texts::new(language);
        for reason in [
            NoticeReason::UnexplainedAbsence,
            NoticeReason::CheckReport,
            NoticeReason::SentHomeSick,
            NoticeReason::ExplanationJudged,
            NoticeReason::DelegationChanged,
        ] {
            for (corrected, accepted) in [(false, None), (true, None), (false, Some(true)), (false, Some(false))] {
                let facts = NoticeFacts { reason, corrected, accepted, child: "Liv", day: "i dag" };
                let notice = texts.notice(facts);
                assert!(notice.text.contains("Liv"), "{}", notice.text);
                assert_eq!(notice.lock_screen, texts.lock_screen());
                assert!(!notice.lock_screen.contains("Liv"));
            }
        }
    }
}

#[test]
fn numbers_choose_their_form() {
    let sv = Texts::new(Language::Sv);
    assert_eq!(say!(sv, "command-mark-seen", count = 1_u16, day = "i dag"), "En anmälan sedd, i dag");
    assert_eq!(say!(sv, "command-mark-seen", count = 3_u16, day = "i dag"), "3 anmälningar sedda, i dag");
}
