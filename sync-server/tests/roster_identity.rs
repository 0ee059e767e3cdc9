//! Who is one person: ids that change, ids that go to somebody else, and identifiers that people share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod roster_desk;

use roster_desk::{Desk, Files, as_delta, day, lilla, person};
use skolebro_core::domain::{
    people::{Block, Enrolment, Guardianship, GuardianshipKind, Person, Standing},
    roster::RosterEntry,
};
use skolebro_server::roster::{codes::Code, report::ImportReport};
use std::{fmt::Write, time::Instant};

const LEGAL: &str =
    "pupil,person,given_name,family_name,kind,from,until,topics,confirmed,block,protected_identity,same_as\n";

/// Lilla skolan with identifiers: Amal is Liv's guardian, Erik is barred from her and has a child of his own, Noah.
fn with_masters() -> Files {
    masters(lilla(), &[("liv", "M-1"), ("noah", "M-2"), ("amal", "M-3"), ("erik", "M-4"), ("sanna", "M-5")]).with(
        "legal.csv",
        format!("{LEGAL}liv,amal,,,guardian,,,,yes,,,\nliv,erik,,,,,,,,yes,,\nnoah,erik,,,guardian,,,,yes,,yes,\n"),
    )
}

/// Puts a userMasterIdentifier on rows of users.csv, in the place of the passwords that nobody has.
fn masters(files: Files, of: &[(&str, &str)]) -> Files {
    let text = files.text("users.csv");
    let mut lines = text.lines();
    let mut users = format!("{}\n", lines.next().unwrap().replace("grades,password", "grades,userMasterIdentifier"));
    for line in lines {
        let sid = line.split(',').next().unwrap();
        let master = of.iter().find(|(id, _)| *id == sid).map_or("", |(_, master)| master);
        users.push_str(&format!("{line}{master}\n"));
    }
    files.with("users.csv", users)
}

/// The id of a person changes in every file of OneRoster's.
fn under_another_id(mut files: Files, from: &str, to: &str) -> Files {
    for name in ["users.csv", "roles.csv", "enrollments.csv", "demographics.csv"] {
        let text = files.text(name);
        let lines = text.lines().map(|line| {
            let cells: Vec<String> = line
                .split(',')
                .map(|cell| match cell.trim_matches('"') {
                    id if id == from => cell.replace(from, to),
                    _ => cell.to_owned(),
                })
                .collect();
            cells.join(",") + "\n"
        });
        let text: String = lines.collect();
        files = files.with(name, text);
    }
    // A user name is nobody's id.
    let text = files.text("users.csv").replace(&format!("true,{to},"), &format!("true,{from},"));
    files.with("users.csv", text)
}

fn blocks(desk: &Desk) -> Vec<Block> {
    let of = |stored: &skolebro_server::store::StoredEntry| match stored.entry {
        RosterEntry::Block(block) => Some(block),
        _ => None,
    };
    desk.entries("S1").filter_map(of).collect()
}

fn people(desk: &Desk) -> Vec<Person> {
    let of = |stored: &skolebro_server::store::StoredEntry| match &stored.entry {
        RosterEntry::Person(person) => Some(person.clone()),
        _ => None,
    };
    desk.entries("S1").filter_map(of).collect()
}

fn guardian_of(desk: &Desk, pupil: &str, adult: &str) -> Option<(GuardianshipKind, Standing)> {
    desk.guardianship("S1", pupil, adult).map(|held: Guardianship| (held.kind, held.standing))
}

const CUSTODY: Option<(GuardianshipKind, Standing)> = Some((GuardianshipKind::Guardian, Standing::Confirmed));

#[test]
fn a_pupil_whose_id_changes_stays_the_same_with_bars_and_custody() {
    let mut desk = Desk::new();
    desk.import(&with_masters());
    let before = desk.stored.clone();
    // Twice, and in other letter case; the legal layer still has the first id, or is not there.
    for (id, legal) in [("elev-1", true), ("elev-1", false), ("ELEV-1", false), ("x9", true)] {
        let files = under_another_id(with_masters(), "liv", id);
        let report = desk.import(&if legal { files } else { files.without("legal.csv") });
        assert_eq!(before, desk.stored, "{id}: {report}");
    }
    assert!(desk.is_blocked("S1", "liv", "erik"));
    // And back.
    let report = desk.import(&with_masters());
    assert_eq!(before, desk.stored, "{report}");
}

#[test]
fn an_adult_whose_id_changes_stays_barred_and_a_guardian_keeps_what_phones_know() {
    let mut desk = Desk::new();
    desk.import(&with_masters());
    let before = desk.stored.clone();
    let files = under_another_id(under_another_id(with_masters(), "erik", "e-2"), "amal", "a-2").without("legal.csv");
    let report = desk.import(&files);
    assert_eq!(before, desk.stored, "the same persons, so the same phones: {report}");
    assert_eq!(report.times(Code::IdChanged), 2);
    // A delta knows them by the new ids.
    let delta = as_delta(files).change("users.csv", "Amal,Haddad", "Amal,Nyman");
    desk.import(&delta);
    assert_eq!(desk.person("S1", "amal").unwrap().family_name, "Nyman");
    assert!(desk.is_blocked("S1", "liv", "erik") && guardian_of(&desk, "liv", "amal") == CUSTODY);
}

#[test]
fn name_and_birth_date_tell_a_person_where_there_is_no_identifier() {
    let mut desk = Desk::new();
    let law = lilla().with("legal.csv", format!("{LEGAL}liv,amal,,,guardian,,,,yes,,,\nliv,erik,,,,,,,,yes,,\n"));
    desk.import(&law);
    let before = desk.stored.clone();
    let files = under_another_id(law.without("legal.csv"), "liv", "elev-1");
    let report = desk.import(&files);
    assert_eq!((before == desk.stored, report.times(Code::IdChanged)), (true, 1), "{report}");

    // Another child of the same name is not her.
    let mut other = Desk::new();
    other.import(&lilla().with("legal.csv", format!("{LEGAL}liv,amal,,,guardian,,,,yes,,,\n")));
    let namesake = files.change("demographics.csv", "2016-03-08", "2017-05-01");
    let report = other.import(&namesake);
    assert_eq!((report.times(Code::IdChanged), report.times(Code::IdChangeUnclear)), (0, 0), "{report}");
    assert_ne!(guardian_of(&other, "elev-1", "amal"), CUSTODY);
}

#[test]
fn where_it_cannot_be_told_everything_stays_as_it_was_until_somebody_says() {
    let mut desk = Desk::new();
    let law = lilla().with("legal.csv", format!("{LEGAL}noah,erik,,,guardian,,,,yes,,,\nnoah,amal,,,,,,,,yes,,\n"));
    desk.import(&law);
    let before = desk.stored.clone();
    // Noah has neither identifier nor birth date: the same name in the same class may be he, or not.
    let files = under_another_id(lilla(), "noah", "elev-2");
    let report = desk.import(&files);
    assert_eq!((before == desk.stored, report.times(Code::IdChangeUnclear)), (true, 1), "{report}");
    assert!(desk.membership("S1", "noah", "4B").is_some() && desk.person("S1", "elev-2").is_none());
    // What is said of the new id meanwhile gives nothing to anybody, and bars.
    let meanwhile = files.clone().with("legal.csv", format!("{LEGAL}elev-2,amal,,,guardian,,,,yes,,,\n"));
    let report = desk.import(&meanwhile);
    assert_eq!(before, desk.stored, "{report}");

    let mut other = Desk::new();
    other.stored.clone_from(&desk.stored);
    other.said.clone_from(&desk.said);
    desk.import(&files.clone().with("legal.csv", format!("{LEGAL}elev-2,,,,,,,,,,,noah\n")));
    assert!(desk.person("S1", "elev-2").is_none() && desk.is_blocked("S1", "noah", "amal"), "he is the same");
    assert!(desk.import(&files).is_quiet(), "and known from now on");

    other.import(&files.with("legal.csv", format!("{LEGAL}elev-2,,,,,,,,,,,nobody\n")));
    assert!(other.enrolment("S1", "elev-2").is_some() && guardian_of(&other, "elev-2", "erik") != CUSTODY);
    assert!(other.enrolment("S1", "noah").is_none() && other.is_blocked("S1", "noah", "amal"));
}

#[test]
fn an_adult_of_the_same_name_and_child_is_not_taken_for_a_new_one() {
    let mut desk = Desk::new();
    desk.import(&lilla().with("legal.csv", format!("{LEGAL}liv,erik,,,,,,,,yes,,\n")));
    let before = desk.stored.clone();
    let report = desk.import(&under_another_id(lilla(), "erik", "e-2"));
    assert_eq!((before == desk.stored, report.times(Code::IdChangeUnclear)), (true, 1), "{report}");
}

/// An id that is given again at the turn of the year.
#[test]
fn an_id_that_goes_to_another_child_takes_nothing_along() {
    let mut desk = Desk::new();
    desk.import(&with_masters());
    let before = desk.stored.clone();
    let recycled = with_masters()
        .change("users.csv", "Liv,Åkesson,,,,,,\"amal,erik\",04,M-1", "Nora,Vik,,,,,,erik,04,M-9")
        .change("demographics.csv", "2016-03-08", "2017-01-02");
    let report = desk.import(&recycled);
    assert_eq!((before == desk.stored, report.times(Code::IdReused)), (true, 1), "{report}");
    // A delta that does not repeat the user: the id is in dispute still.
    let delta = as_delta(recycled.clone())
        .without("users.csv")
        .change("manifest.csv", "file.users,delta", "file.users,absent")
        .and_row("classes.csv", "5C,,,5C,05,C,5C,homeroom,,S1,,,,")
        .change("enrollments.csv", "e1,,,4B,S1,liv", "e1,,,5C,S1,liv");
    let report = desk.import(&delta);
    assert!(desk.membership("S1", "liv", "5C").is_none() && desk.membership("S1", "liv", "4B").is_some(), "{report}");
    // Nothing that is said of the id reaches Liv, but what bars.
    let law = format!("{LEGAL}liv,rut,,,guardian,,,,yes,,,\nliv,sanna,,,,,,,,yes,,\n");
    desk.import(&recycled.clone().with("legal.csv", law));
    assert!(desk.guardianship("S1", "liv", "rut").is_none() && desk.is_blocked("S1", "liv", "sanna"));

    // The school says that it is another child.
    let settled = recycled.with("legal.csv", format!("{LEGAL}liv,,,,,,,,,,,nobody\n"));
    let report = desk.import(&settled);
    assert_eq!(report.times(Code::IdReused), 0, "{report}");
    let nora = people(&desk).into_iter().find(|person| person.given_name == "Nora").unwrap();
    assert_ne!(nora.id, person("liv"));
    assert!(blocks(&desk).iter().all(|block| block.pupil != nora.id) && desk.is_blocked("S1", "liv", "erik"));
    let of_nora = |entry: &RosterEntry| matches!(entry, RosterEntry::Guardianship(held) if held.pupil == nora.id);
    let hers: Vec<_> = desk.entries("S1").filter(|stored| of_nora(&stored.entry)).collect();
    assert!(hers.iter().all(
        |stored| !matches!(&stored.entry, RosterEntry::Guardianship(held) if held.standing == Standing::Confirmed)
    ));
    assert!(desk.enrolment("S1", "liv").is_none(), "Liv has left");
    // And it stays settled.
    let after = desk.stored.clone();
    let report = desk.import(&settled.without("legal.csv"));
    assert_eq!((after == desk.stored, report.times(Code::IdReused)), (true, 0), "{report}");
}

#[test]
fn one_thing_that_changes_makes_nobody_another() {
    for (from, to) in [
        ("Liv,Åkesson", "Liv,Nyman"),
        ("Liv,Åkesson", "Leo,Åkesson"),
        ("Liv,Åkesson", "Skyddad,Identitet"),
        (",04,M-1", ",04,M-77"),
    ] {
        let mut desk = Desk::new();
        desk.import(&with_masters());
        let report = desk.import(&with_masters().change("users.csv", from, to));
        assert_eq!((report.times(Code::IdReused), report.times(Code::IdChanged)), (0, 0), "{to}: {report}");
        assert!(desk.is_blocked("S1", "liv", "erik") && guardian_of(&desk, "liv", "amal") == CUSTODY);
    }
    // A new name altogether needs a word, unless the identifier says it.
    let mut desk = Desk::new();
    desk.import(&lilla());
    let renamed = lilla().change("users.csv", "Noah,Berg", "Ali,Hassan");
    assert_eq!(desk.import(&renamed).times(Code::IdReused), 1);
    let said = renamed.with("legal.csv", format!("{LEGAL}noah,,,,,,,,,,,noah\n"));
    assert_eq!(
        (desk.import(&said).times(Code::IdReused), desk.person("S1", "noah").unwrap().name()),
        (0, "Ali Hassan".to_owned())
    );
}

#[test]
fn what_stands_for_no_identifier_makes_nobody_one() {
    for word in ["0", "000000", "N/A", "-", "null", "saknas", "ukjent", "x", "123456", "M-7"] {
        let mut desk = Desk::new();
        let all = ["liv", "noah", "amal", "erik", "sanna", "rut"].map(|sid| (sid, word));
        let files = masters(lilla(), &all).with("legal.csv", format!("{LEGAL}liv,erik,,,,,,,,yes,yes,\n"));
        let report = desk.import(&files);
        assert_eq!(blocks(&desk).len(), 1, "{word}: {report}");
        assert_eq!(people(&desk).iter().filter(|person| person.protected_identity).count(), 1, "{word}");
        let told = report.times(Code::IdPlaceholder) + report.times(Code::IdShared);
        // NULL is an empty cell.
        assert!((told > 0 || word == "null") && report.times(Code::SamePerson) == 0, "{word}: {report}");
        // Nor does it tell anybody under another id.
        let report = desk.import(&under_another_id(files, "sanna", "s-2"));
        assert_eq!(report.times(Code::IdChanged), 0, "{word}: {report}");
    }
}

#[test]
fn people_who_cannot_be_one_are_not_made_one() {
    let shared = |files: Files, who: &[&str]| -> (Desk, ImportReport) {
        let mut desk = Desk::new();
        let of: Vec<(&str, &str)> = who.iter().map(|sid| (*sid, "M-100")).collect();
        let report = desk.import(&masters(files, &of).with("legal.csv", format!("{LEGAL}liv,erik,,,,,,,,yes,,\n")));
        (desk, report)
    };
    let twins = lilla()
        .and_row("users.csv", "liv2,,,true,liv2,,Liv,Åkesson,,,,,,,04,")
        .and_row("roles.csv", "r9,,,liv2,primary,student,,,S1,")
        .and_row("demographics.csv", "liv2,,,2014-01-01,");
    for (files, who) in [
        (twins, vec!["liv", "liv2"]),
        (lilla(), vec!["liv", "noah"]),
        (lilla(), vec!["liv", "erik"]),
        (lilla(), vec!["erik", "amal"]),
        (lilla(), vec!["erik", "amal", "sanna"]),
    ] {
        let (desk, report) = shared(files, &who);
        assert_eq!((blocks(&desk).len(), report.times(Code::IdShared)), (1, 1), "{who:?}: {report}");
    }
    // A teacher who is a parent too, under two ids, is one: in any letter case.
    let mut desk = Desk::new();
    let both = lilla()
        .and_row("users.csv", "erik2,,,true,erik2,,Erik Olof,Åkesson,,,,,,,,")
        .and_row("roles.csv", "r9,,,erik2,primary,teacher,,,S1,");
    let files = masters(both, &[("erik", "m-100"), ("erik2", "{M100}")]);
    let report = desk.import(&files.with("legal.csv", format!("{LEGAL}liv,erik,,,,,,,,yes,,\n")));
    assert_eq!((blocks(&desk).len(), report.times(Code::SamePerson)), (2, 1), "{report}");
    assert!(desk.is_blocked("S1", "liv", "erik2"));
}

#[test]
fn an_identifier_that_two_gone_people_had_is_held_and_one_with_another_name_too() {
    let mut desk = Desk::new();
    desk.import(&with_masters());
    let before = desk.stored.clone();
    // Liv is gone, and somebody else has her number.
    let files = under_another_id(with_masters(), "liv", "elev-1")
        .change("users.csv", "Liv,Åkesson", "Olle,Nyström")
        .change("demographics.csv", "2016-03-08", "2015-02-02");
    let report = desk.import(&files);
    assert_eq!((before == desk.stored, report.times(Code::IdChangeUnclear)), (true, 1), "{report}");
}

#[test]
fn a_delta_with_a_second_id_unites_bars_and_the_deleted_old_one_goes_over() {
    let mut desk = Desk::new();
    desk.import(&with_masters());
    let new = "e-2,,,true,e2,,Erik,Åkesson,,,,,,,,M-4";
    let head = with_masters().text("users.csv").lines().next().unwrap().to_owned();
    let delta = |rows: &str| {
        Files::default()
            .with("manifest.csv", "propertyName,value\noneroster.version,1.2\nfile.users,delta\n")
            .with("users.csv", format!("{head}\n{rows}\n"))
    };
    let mut other = Desk::new();
    (other.stored, other.said) = (desk.stored.clone(), desk.said.clone());
    let report = desk.import(&delta(new));
    assert!(desk.is_blocked("S1", "liv", "e-2") && report.times(Code::SamePerson) == 1, "{report}");
    assert!(guardian_of(&desk, "noah", "e-2").is_none(), "what one was given the other does not get");

    let report = other
        .import(&delta(&format!("erik,tobedeleted,2026-09-02T00:00:00Z,true,erik,,Erik,Åkesson,,,,,,,,M-4\n{new}")));
    assert_eq!(report.times(Code::IdChanged), 1, "{report}");
    assert!(other.person("S1", "erik").is_some() && other.person("S1", "e-2").is_none());
    assert!(other.is_blocked("S1", "liv", "erik") && guardian_of(&other, "noah", "erik") == CUSTODY);
}

/// Without identifier or birth date: a new id beside one that the delta does not repeat.
#[test]
fn in_a_delta_a_bar_holds_for_the_same_name_and_child_too() {
    let mut desk = Desk::new();
    desk.import(&lilla().with("legal.csv", format!("{LEGAL}liv,erik,,,,,,,,yes,,\n")));
    let delta = Files::default()
        .with("manifest.csv", "propertyName,value\noneroster.version,1.2\nfile.users,delta\nfile.roles,delta\n")
        .with(
            "users.csv",
            format!(
                "{}e-2,,,true,e2,,Erik,ÅKESSON,,,,,,liv,,\na-2,,,true,a2,,Amal,Haddad,,,,,,liv,,\n",
                roster_desk::USERS_1_2
            ),
        )
        .with("roles.csv", "sourcedId,userSourcedId,role,orgSourcedId\nr90,e-2,parent,S1\nr91,a-2,parent,S1\n");
    let report = desk.import(&delta);
    assert!(desk.is_blocked("S1", "liv", "e-2") && !desk.is_blocked("S1", "liv", "a-2"), "{report}");
    assert_eq!(report.times(Code::SamePerson), 1);
}

/// Barred people who come again by another name, or twice, beside the same child.
#[test]
fn a_bar_is_not_lost_by_a_new_id_with_a_new_family_name_or_by_a_second_row() {
    let law = lilla().with("legal.csv", format!("{LEGAL}liv,erik,,,,,,,,yes,,\n"));
    let mut desk = Desk::new();
    desk.import(&law);
    let before = desk.stored.clone();
    // Erik has married and has another id; what is said of it gives him nothing until somebody says who he is.
    let gives = format!("{LEGAL}liv,e-2,,,guardian,,,,yes,,,\n");
    let married = under_another_id(lilla(), "erik", "e-2").change("users.csv", "Erik,Åkesson", "Erik,Nygren");
    let report = desk.import(&married.clone().with("legal.csv", gives.clone()));
    assert_eq!((before == desk.stored, report.times(Code::IdChangeUnclear)), (true, 1), "{report}");
    desk.import(&married.with("legal.csv", format!("{LEGAL}liv,e-2,,,,,,,,,,nobody\n")));
    assert!(
        !desk.is_blocked("S1", "liv", "e-2") && desk.is_blocked("S1", "liv", "erik"),
        "somebody else, as it was said"
    );

    // Entered a second time, with the old row still there.
    let mut desk = Desk::new();
    desk.import(&law);
    let users = lilla().text("users.csv");
    let again: String = users
        .lines()
        .filter(|line| line.starts_with("erik,"))
        .map(|line| line.replace("erik,", "e-2,") + "\n")
        .collect();
    let twice = lilla()
        .with("users.csv", format!("{}\n{again}", users.trim_end()))
        .with("roles.csv", format!("{}\nr92,e-2,parent,S1\n", lilla().text("roles.csv").trim_end()));
    let twice = twice.change("users.csv", "\"amal,erik\"", "\"amal,erik,e-2\"").with("legal.csv", gives);
    let report = desk.import(&twice);
    assert!(desk.is_blocked("S1", "liv", "e-2") && !desk.is_blocked("S1", "liv", "amal"), "{report}");
    assert_eq!(report.times(Code::SamePerson), 1, "{report}");
}

#[test]
fn an_old_folder_knows_people_by_name_and_birth_date_from_the_first_import_on() {
    let mut desk = Desk::new();
    desk.import(&lilla().with("legal.csv", format!("{LEGAL}liv,erik,,,,,,,,yes,,\n")));
    // As a release that did not remember rows left it.
    desk.said.clear();
    let before = desk.stored.clone();
    let report = desk.import(&under_another_id(lilla(), "liv", "elev-1"));
    assert_eq!((before == desk.stored, report.times(Code::IdChanged)), (true, 1), "{report}");
}

#[test]
fn a_slipped_column_of_same_as_unites_nobody() {
    let mut desk = Desk::new();
    let rows: String = (0..20).map(|n| format!(",x{n},X,Nr{n},,,,,,,,0\n")).collect();
    let mut more: String = (0..20).map(|n| format!(",y{n},Y,Nr{n},,,,,,,,erik\n")).collect();
    more.push_str("liv,erik,,,,,,,,yes,,\n");
    let report = desk.import(&lilla().with("legal.csv", format!("{LEGAL}{rows}{more}")));
    assert_eq!(
        (blocks(&desk).len(), report.times(Code::IdPlaceholder), report.times(Code::IdShared)),
        (1, 20, 1),
        "{report}"
    );
}

/// Tens of thousands of people of two ids each, and as many bars: the work grows with them, and no faster.
#[test]
fn uniting_many_people_takes_steps_that_grow_with_them() {
    const PEOPLE: usize = 10_000;
    let mut users = lilla().text("users.csv").replace("grades,password", "grades,userMasterIdentifier");
    let mut roles = lilla().text("roles.csv");
    let mut legal = LEGAL.to_owned();
    for n in 0..PEOPLE {
        writeln!(users, "p{n},,,true,p{n},,Barn,Nr{n},,,,,,\"a{n},b{n}\",04,").unwrap();
        writeln!(roles, "rp{n},,,p{n},primary,student,,,S1,").unwrap();
        for id in ["a", "b"] {
            writeln!(users, "{id}{n},,,true,x,,Vuxen,Nr{n},,,,,,,,M-{n:05}").unwrap();
            writeln!(roles, "r{id}{n},,,{id}{n},primary,parent,,,S1,").unwrap();
        }
        writeln!(legal, "p{n},a{n},,,,,,,,yes,,").unwrap();
    }
    let files = lilla().with("users.csv", users).with("roles.csv", roles).with("legal.csv", legal);
    let (desk, start) = (Desk::new(), Instant::now());
    let plan = desk.plan(&files);
    println!("{PEOPLE} people of two ids, each barred once: planned in {:?}", start.elapsed());
    let report = plan.report();
    assert_eq!((report.times(Code::SamePerson), report.facts["block"].created), (PEOPLE as u64, 2 * PEOPLE as u64));
}

#[test]
fn a_pupil_who_comes_back_under_a_new_id_while_barred_is_known() {
    let mut desk = Desk::new();
    desk.import(&with_masters());
    // Gone over the summer; the bar waits.
    let gone = with_masters()
        .change("users.csv", "liv,,,true,liv,,Liv,Åkesson,,,,,,\"amal,erik\",04,M-1\n", "")
        .change("roles.csv", "r1,,,liv,primary,student,,,S1,\n", "")
        .change("enrollments.csv", "e1,,,4B,S1,liv,student,,,\n", "")
        .without("legal.csv");
    desk.import(&gone);
    assert!(desk.enrolment("S1", "liv").is_none() && desk.is_blocked("S1", "liv", "erik"));
    desk.import(&under_another_id(with_masters(), "liv", "elev-1").without("legal.csv"));
    let back: Option<Enrolment> = desk.enrolment("S1", "liv");
    assert!(back.is_some() && desk.person("S1", "elev-1").is_none(), "the same child, and the bar with her");
    assert_eq!(desk.person("S1", "liv").unwrap().birth_date, Some(day("2016-03-08")));
}
