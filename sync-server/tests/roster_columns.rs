//! Columns under names that the import does not know: one that may bar, end or narrow stops it before anything is
//! applied, others are only told of; and what our own files are called where the offices write them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod roster_desk;

use roster_desk::{Desk, Files, lilla, steps};
use skolebro_core::domain::people::{Role, Standing};
use skolebro_server::roster::{
    codes::Code,
    report::{Stopped, UnknownColumn},
};

const LEGAL: &str = "pupil,person,given_name,family_name,kind,from,until,topics,confirmed,block,protected_identity,language,birth_date,consent_until,same_as\n";
const STAFF: &str = "person,given_name,family_name,role,school,group,from,until\n";

fn full() -> Files {
    lilla()
        .with("legal.csv", format!("{LEGAL}liv,amal,,,guardian,,,,yes,,,,,,\n"))
        .with("staff.csv", format!("{STAFF}sanna,,,special_educator,S1,,,2026-12-18\n"))
}

fn stopped(files: &Files) -> Vec<UnknownColumn> {
    let desk = Desk::new();
    let plan = desk.plan(files);
    match &plan.report().stopped {
        Some(Stopped::ColumnsUnknown { columns }) => {
            assert_eq!(steps(&plan).len(), 0, "nothing is applied");
            columns.clone()
        }
        other => panic!("{other:?}: {}", plan.report()),
    }
}

#[test]
fn a_column_of_our_own_files_that_nobody_knows_stops_everything() {
    for (file, from, to, near) in [
        ("legal.csv", "block", "blocked", Some("block")),
        ("legal.csv", "block", "blok", Some("block")),
        ("legal.csv", "until", "untill", Some("until")),
        ("legal.csv", "protected_identity", "protected_identiy", Some("protected_identity")),
        ("legal.csv", "topics", "områden", None),
        ("legal.csv", "consent_until", "until", None),
        ("legal.csv", "confirmed", "block", None),
        ("legal.csv", "pupil,", "elevens nummer,", None),
        ("staff.csv", "until", "slutar", None),
        ("staff.csv", "role", "rolen", Some("role")),
        ("school.csv", "language", "languge", Some("language")),
        ("school.csv", "phone", "metadata.phone", None),
    ] {
        let found = stopped(&full().change(file, from, to));
        let first = &found[0];
        assert_eq!(first.file, file);
        if near.is_some() {
            assert_eq!(first.near.as_deref(), near, "{to}");
        }
    }
    // A file whose line of names is missing: the first row stands in its place.
    assert!(!stopped(&full().with("legal.csv", "liv,erik,,,,,,,,yes,,,,,\n")).is_empty());
    let report = Desk::new().plan(&full().change("legal.csv", "block", "blok")).report().clone();
    let text = report.to_string();
    assert!(text.starts_with("STOPPED, nothing was applied: columns are not understood"), "{text}");
    assert!(text.contains("legal.csv, “blok”") && text.contains("did you mean block?"), "{text}");
    assert!(!text.contains("--allow-ending"), "no leave can be given: {text}");
}

#[test]
fn a_column_near_one_of_oneroster_s_that_ends_or_narrows_stops_everything() {
    for (file, from, to, near) in [
        ("enrollments.csv", "endDate", "endDat", "endDate"),
        ("enrollments.csv", "endDate", "ends", "endDate"),
        ("enrollments.csv", "endDate", "slutdatum", "endDate"),
        ("enrollments.csv", "beginDate", "startDate", "beginDate"),
        ("enrollments.csv", "status", "staus", "status"),
        ("enrollments.csv", "primary", "primry", "primary"),
        ("roles.csv", "endDate", "til og med", "endDate"),
        ("roles.csv", "status", "statuskode", "status"),
        ("users.csv", "enabledUser", "enabled", "enabledUser"),
        ("users.csv", "enabledUser", "enabeldUser", "enabledUser"),
        ("users.csv", "status", "state", "status"),
        ("classes.csv", "termSourcedIds", "termSourcedId", "termSourcedIds"),
        ("classes.csv", "status", "statu", "status"),
    ] {
        let found = stopped(&lilla().change(file, from, to));
        assert_eq!((found[0].file.as_str(), found[0].near.as_deref()), (file, Some(near)), "{to}");
    }
}

#[test]
fn a_column_of_an_exporters_own_stops_nothing() {
    for (file, from, to) in [
        ("enrollments.csv", "status,", "lastChangedBy,"),
        ("users.csv", "username", "nickname"),
        ("users.csv", "identifier", "locker"),
        ("orgs.csv", "identifier", "street"),
        ("classes.csv", "location", "roomNote"),
        ("roles.csv", "roleType", "notes"),
        ("users.csv", "email", "emial"),
        ("users.csv", "email", "metadata.endDate"),
    ] {
        let mut desk = Desk::new();
        let report = desk.import(&lilla().change(file, from, to));
        assert_eq!(report.stopped, None, "{to}: {report}");
        assert!(desk.membership("S1", "liv", "4B").is_some());
    }
    // A column that is there is not looked for under other names.
    let mut desk = Desk::new();
    let files = lilla().change("users.csv", "username", "enabled");
    assert_eq!(desk.import(&files).stopped, None);
}

#[test]
fn the_words_of_nordic_offices_are_read_where_they_are_certain() {
    for head in [
        "elev,vuxen,förnamn,efternamn,kind,från,till och med,topics,bekräftad,spärr,skyddad identitet,språk",
        "elev,voksen,fornavn,efternavn,kind,fra,til og med,topics,bekræftet,spærret,beskyttet identitet,sprog",
        "elev,voksen,fornavn,etternavn,kind,fra,t.o.m.,topics,bekreftet,sperret,beskyttet,språk",
    ] {
        let mut desk = Desk::new();
        let rows = "liv,amal,,,guardian,,,,ja,,,nb\nliv,erik,,,carer,2026-08-17,2026-09-30,attendance,ja,,,\nnoah,erik,,,,,,,,ja,,\nnoah,,,,,,,,,,ja,\n";
        let report = desk.import(&lilla().with("legal.csv", format!("{head}\n{rows}")));
        assert_eq!(report.stopped, None, "{head}");
        assert!(report.times(Code::ColumnRespelt) > 8, "{report}");
        assert_eq!(desk.guardianship("S1", "liv", "amal").unwrap().standing, Standing::Confirmed);
        let erik = desk.guardianship("S1", "liv", "erik").unwrap();
        assert_eq!(erik.dates.until, Some(roster_desk::day("2026-09-30")));
        assert!(desk.is_blocked("S1", "noah", "erik") && desk.person("S1", "noah").unwrap().protected_identity);
    }
    let mut desk = Desk::new();
    let staff = "person,fornavn,etternavn,rolle,skole,gruppe,fra,til\nolle,Olle,Dahl,office,S1,,,2026-12-18\n";
    desk.import(&lilla().with("staff.csv", staff));
    assert_eq!(desk.assignments("S1", "olle")[0].role, Role::Office);
    assert!(desk.assignments("S1", "olle")[0].dates.until.is_some());
}
