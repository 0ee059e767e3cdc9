//! A later bundle with something in it that cannot be understood: what stood before stands afterwards, and the report
//! says so. Each damage is tried on a school that an undamaged bundle filled the night before.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod roster_desk;

use roster_desk::{Desk, Files, as_delta, day, group, lilla};
use skolebro_core::domain::{
    people::{GroupKind, Reach, Role, SchoolForm},
    roster::RosterEntry,
};
use skolebro_server::roster::{
    codes::{Code, Effect},
    report::ImportReport,
};

const STAFF: &str = "person,given_name,family_name,role,school,group,from,until\n";

/// Lilla skolan with terms, an after-school club that only its course tells of, a second class, and a staff.csv.
fn school_year() -> Files {
    lilla()
        .change("classes.csv", "4B,,,4B,04,C,4B,homeroom,,S1,,,,", "4B,,,4B,04,C,4B,homeroom,,S1,Y,,,")
        .and_row("classes.csv", "5A,,,5A,05,C,5A,homeroom,,S1,Y,,,")
        .and_row("classes.csv", "lind,,,Linden,,F,lind,scheduled,,S1,Y,,,")
        .and_row("courses.csv", "F,,,Y,Fritids,fritids,,S1,,")
        .and_row("enrollments.csv", "f1,,,lind,S1,noah,student,,,")
        .and_row("enrollments.csv", "f2,,,lind,S1,vera,teacher,true,,")
        .and_row("users.csv", "vera,,,true,vera,,Vera,Holm,,,,,,,,")
        .and_row("users.csv", "olle,,,true,olle,,Olle,Dahl,,,,,,,,")
        .and_row("roles.csv", "r7,,,vera,primary,teacher,2026-08-01,2027-03-01,S1,")
        .and_row("roles.csv", "r8,,,olle,primary,siteAdministrator,2026-08-01,2027-02-01,S1,")
        .with(
            "staff.csv",
            format!("{STAFF}sanna,,,special_educator,S1,,,2026-12-18\nolle,,,deputy_principal,S1,,,2026-12-18\n"),
        )
}

fn needs_a_look(report: &ImportReport) -> bool {
    report.files.values().flat_map(|file| file.counts.keys()).any(|code| code.effect() != Effect::Note)
}

/// Each damage by itself leaves everything as it stood the night before.
fn nothing_moves(damages: &[(&str, &str, &str)]) {
    for (file, from, to) in damages {
        let mut desk = Desk::new();
        desk.import(&school_year());
        let before = desk.stored.clone();
        let report = desk.import(&school_year().change(file, from, to));
        for (key, stored) in &before {
            assert_eq!(desk.stored.get(key), Some(stored), "{file}: {to}\n{report}");
        }
        assert_eq!(desk.stored.len(), before.len(), "{file}: {to} gave something\n{report}");
        assert!(needs_a_look(&report), "{file}: {to} is told\n{report}");
    }
}

#[test]
fn a_damaged_enrollment_takes_nobody_off_a_roll_and_no_class_from_a_teacher() {
    const LIV: &str = "e1,,,4B,S1,liv,student,,,\n";
    nothing_moves(&[
        ("enrollments.csv", LIV, "e1,,,4B,S1,liv,student,,,,\n"),
        ("enrollments.csv", LIV, "e1,,,4B,S1,liv,student,,,,a,b\n"),
        ("enrollments.csv", LIV, "e1,,,4B,S1,liv,\"student,,,\n"),
        ("enrollments.csv", LIV, "\"e1,,,4B,S1,liv,student,,,\n"),
        ("enrollments.csv", LIV, "e1,,,4B,S1,liv,elev,,,\n"),
        ("enrollments.csv", LIV, "e1,,,4B,S1,liv,,,,\n"),
        ("enrollments.csv", LIV, "e1,,,4BB,S1,liv,student,,,\n"),
        ("enrollments.csv", LIV, "e1,,,,S1,liv,student,,,\n"),
        ("enrollments.csv", LIV, "e1,,,4B,S1,lvi,student,,,\n"),
        ("enrollments.csv", LIV, "e1,,,4B,S1,,student,,,\n"),
        ("enrollments.csv", LIV, "e1,,,,S1,,student,,,\n"),
        ("enrollments.csv", LIV, "e1,,4B,S1,liv,student,,,\n"),
        ("enrollments.csv", LIV, "e1,aktiv,,4B,S1,liv,student,,,\n"),
        ("enrollments.csv", LIV, "e1,,,4B,S9,liv,student,,,\n"),
        ("enrollments.csv", LIV, "e1,,,4B,S1,liv,student,,,efter jul\n"),
        ("enrollments.csv", LIV, "e1,,,4B,S1,liv,student,,2026-09-01\n"),
        ("enrollments.csv", LIV, "e1,,,4B,S1,liv,teacher,,,\n"),
        ("enrollments.csv", LIV, "\"e1,,,4B,S1,liv,student,,,\"\n"),
        ("enrollments.csv", LIV, "e1,,,4B,\"S1,liv\",student,,,\n"),
        ("enrollments.csv", ",teacher,true,", ",lærer,true,"),
        ("enrollments.csv", ",teacher,true,", ",teacher,kanske,"),
        ("enrollments.csv", ",teacher,true,", ",teacher,true,,"),
    ]);
}

#[test]
fn a_damaged_role_ends_no_pupils_place_and_no_office() {
    const LIV: &str = "r1,,,liv,primary,student,,,S1,";
    nothing_moves(&[
        ("roles.csv", LIV, "r1,,,liv,primary,elev,,,S1,"),
        ("roles.csv", LIV, "r1,,,liv,primary,,,,S1,"),
        ("roles.csv", LIV, "r1,,,liv,primary,student,,,S9,"),
        ("roles.csv", LIV, "r1,,,liv,primary,student,,,,"),
        ("roles.csv", LIV, "r1,,,liv,primary,student,,,S1,,"),
        ("roles.csv", LIV, "r1,,,liv,primary,\"student,,,S1,"),
        ("roles.csv", LIV, "r1,,,,primary,student,,,S1,"),
        ("roles.csv", LIV, "r1,okänd,,liv,primary,student,,,S1,"),
        ("roles.csv", "vera,primary,teacher,2026-08-01,2027-03-01", "vera,primary,teacher,2026-08-01,i vår"),
        ("roles.csv", "vera,primary,teacher,2026-08-01,2027-03-01", "vera,primary,lærer,2026-08-01,2027-03-01"),
        ("roles.csv", ",primary,teacher,", ",primary,lärare,"),
        (
            "roles.csv",
            "olle,primary,siteAdministrator,2026-08-01,2027-02-01",
            "olle,primary,siteAdministrator,2026-08-01,31/12",
        ),
        ("roles.csv", "rut,primary,principal", "rut,primary,rektor"),
        ("roles.csv", "rut,primary,principal,,,S1,", "rut,primary,principal,,,S1,,x"),
        ("users.csv", "sanna,,,true", "sanna,,,kanske"),
        ("users.csv", "rut,,,true", "rut,,,på"),
    ]);
}

#[test]
fn a_damaged_user_school_class_or_course_leaves_what_refers_to_it() {
    nothing_moves(&[
        ("users.csv", "liv,,,true,liv,,Liv,Åkesson,,", "liv,,,true,liv,,Liv,Åkesson, jr,,"),
        ("users.csv", "liv,,,true,liv,,Liv,Åkesson", "liv,,,true,liv,,\"Liv,Åkesson"),
        ("users.csv", "liv,,,true,liv,,Liv,Åkesson", "liv,ja,,true,liv,,Liv,Åkesson"),
        ("users.csv", "rut,,,true,rut,,Rut,Ek", "rut,,,true,rut,,,"),
        ("users.csv", "rut,,,true,rut,,Rut,Ek,,,,,,,,", "\"rut,,,true,rut,,Rut,Ek,,,,,,,,\""),
        ("users.csv", "rut,,,true,rut,,Rut,Ek", "rut,,,true,rut,,\"Rut,Ek\""),
        ("users.csv", "\"amal,erik\"", "\"amla,erik\""),
        ("classes.csv", "4B,,,4B,04,C,4B,homeroom,,S1,Y,,,", "\"4B,,,4B,04,C,4B,homeroom,,S1,Y,,,\""),
        ("orgs.csv", "S1,,,Lilla skolan,school,,O", "S1,,,Lilla skolan,school,,O,"),
        ("orgs.csv", "S1,,,Lilla skolan,school,,O", "S1,,,Lilla skolan,skola,,O"),
        ("orgs.csv", "S1,,,Lilla skolan,school,,O", "S1,aktiv,,Lilla skolan,school,,O"),
        ("classes.csv", "4B,,,4B,04,C,4B,homeroom,,S1,Y,,,", "4B,,,4B,04,C,4B,homeroom,,S1,Y,,,,"),
        ("classes.csv", "4B,,,4B,04,C,4B,homeroom,,S1,Y,,,", "4B,,,4B,04,C,4B,hemklass,,S1,Y,,,"),
        ("classes.csv", "4B,,,4B,04,C,4B,homeroom,,S1,Y,,,", "4B,,,,04,C,4B,homeroom,,S1,Y,,,"),
        ("classes.csv", "4B,,,4B,04,C,4B,homeroom,,S1,Y,,,", ",,,4B,04,C,4B,homeroom,,S1,Y,,,"),
        ("classes.csv", "4B,,,4B,04,C,4B,homeroom,,S1,Y,,,", "4B,,,4B,fyran,C,4B,homeroom,,S1,Y,,,"),
        ("classes.csv", "lind,,,Linden,,F,lind,scheduled", "lind,,,Linden,,FF,lind,scheduled"),
        ("courses.csv", "F,,,Y,Fritids,fritids,,S1,,", "F,,,Y,Fritids,fritids,,S1,,,a"),
        ("courses.csv", "F,,,Y,Fritids,fritids,,S1,,", "\"F,,,Y,Fritids,fritids,,S1,,"),
        ("courses.csv", "sourcedId,", "kursnummer,"),
        ("academicSessions.csv", "2027-07-01", "2027-07-01,"),
        ("academicSessions.csv", "2027-07-01", "sommaren"),
        ("academicSessions.csv", "Y,,,Läsåret", "YY,,,Läsåret"),
        ("academicSessions.csv", "startDate", "börjar"),
        ("demographics.csv", "2016-03-08", "8 mars"),
        ("demographics.csv", "2016-03-08,", "2016-03-08,,"),
        ("users.csv", "Noah,Berg,,,,,,,04", "Noah,Berg,,,,,,,fyran"),
        ("school.csv", "S1,Europe/Stockholm", "S1,,Europe/Stockholm"),
        ("school.csv", "Europe/Stockholm", "svensk tid"),
    ]);
}

#[test]
fn a_damaged_row_of_staff_csv_ends_nothing_and_gives_nothing_without_an_end() {
    const OLLE: &str = "olle,,,deputy_principal,S1,,,2026-12-18";
    nothing_moves(&[
        ("staff.csv", OLLE, "olle,,,biträdande rektor,S1,,,2026-12-18"),
        ("staff.csv", OLLE, "olle,,,deputy_principal,S9,,,2026-12-18"),
        ("staff.csv", OLLE, "olle,,,deputy_principal,S1,,,till jul"),
        ("staff.csv", OLLE, "olle,,,deputy_principal,S1,,,2026-12-18,"),
        ("staff.csv", OLLE, "olle,Olle, jr,Dahl,deputy_principal,S1,,,2026-12-18"),
        ("staff.csv", OLLE, "olle,,,\"deputy_principal,S1,,,2026-12-18"),
        ("staff.csv", OLLE, ",,,deputy_principal,S1,,,2026-12-18"),
        ("staff.csv", OLLE, "ollle,,,deputy_principal,S1,,,2026-12-18"),
        ("staff.csv", OLLE, "olle,,,deputy_principal,S1"),
    ]);
    // An end that is left out is another thing: the row says so.
    let mut desk = Desk::new();
    desk.import(&school_year());
    desk.import(&school_year().change("staff.csv", OLLE, "olle,,,deputy_principal,S1,,,"));
    assert!(
        desk.assignments("S1", "olle")
            .iter()
            .any(|post| post.role == Role::DeputyPrincipal && post.dates.until.is_none())
    );
}

#[test]
fn a_whole_file_that_cannot_be_read_ends_and_widens_nothing() {
    for (file, from, to) in [
        ("roles.csv", "userSourcedId", "användare"),
        ("users.csv", "givenName", "tilltalsnamn"),
        ("classes.csv", "schoolSourcedId", "skola"),
        ("orgs.csv", "sourcedId,", "nummer,"),
        ("manifest.csv", "propertyName,value", "egenskap;värde"),
    ] {
        let mut desk = Desk::new();
        desk.import(&school_year());
        let before = desk.stored.clone();
        let report = desk.import(&school_year().change(file, from, to));
        assert_eq!(desk.stored, before, "{file}\n{report}");
    }
}

/// The next night's export of the same school, where a file's last line breaks off.
#[test]
fn a_file_that_breaks_off_ends_nobody_after_the_break() {
    let mut desk = Desk::new();
    desk.import(&lilla());
    let before = desk.stored.clone();
    let text = lilla().text("enrollments.csv");
    let cut = text.split("liv,stu").next().unwrap().to_owned() + "liv,stu";
    let report = desk.import(&lilla().with("enrollments.csv", cut));
    assert_eq!(desk.stored, before, "{report}");
    assert_eq!((report.times(Code::FileCut), report.times(Code::RowCut)), (1, 1));
}

#[test]
fn a_mark_that_opens_in_one_row_and_closes_in_another_swallows_no_row_between_them() {
    let mut desk = Desk::new();
    let rows = "e1,,,4B,S1,liv,\"student,,,\ne2,,,4B,S1,noah,student,,,\ne3,,,4B,S1,sanna,teacher,true,,\n\
                e4,,,4B,S1,rut,student\",,,\n";
    let head = lilla().text("enrollments.csv").lines().next().unwrap().to_owned();
    let report = desk.import(&lilla().with("enrollments.csv", format!("{head}\n{rows}")));
    assert_eq!(report.times(Code::QuoteOpen), 1, "{report}");
    assert!(desk.membership("S1", "noah", "4B").is_some());
    assert_eq!(desk.roles("S1", "sanna"), [(Role::ContactTeacher, Reach::Group(group("4B")))]);
}

#[test]
fn what_a_row_moves_from_stays_until_it_is_known_where_to() {
    let mut desk = Desk::new();
    desk.import(&school_year());
    // Liv goes from 4B to 5A, and the row that says so is damaged; Noah goes, and his is not.
    let moved = school_year()
        .change("enrollments.csv", "e1,,,4B,S1,liv,student,,,\n", "e9,,,5A,S1,liv,student,,31/02,\n")
        .change("enrollments.csv", "e2,,,4B,S1,noah", "e2,,,5A,S1,noah");
    desk.import(&moved);
    assert!(desk.membership("S1", "liv", "4B").is_some() && desk.membership("S1", "liv", "5A").is_none());
    assert!(desk.membership("S1", "noah", "4B").is_none() && desk.membership("S1", "noah", "5A").is_some());
    // Mended, the move is made.
    desk.import(&moved.change("enrollments.csv", "31/02", "2026-09-01"));
    assert!(desk.membership("S1", "liv", "4B").is_none() && desk.membership("S1", "liv", "5A").is_some());
    // A row of last year's class that nobody has any more holds nothing.
    let stale = school_year()
        .change("enrollments.csv", "e1,,,4B,S1,liv", "e1,,,5A,S1,liv")
        .and_row("enrollments.csv", "e77,,,3B,S1,liv,student,,,");
    desk.import(&school_year());
    desk.import(&stale);
    assert!(desk.membership("S1", "liv", "4B").is_none() && desk.membership("S1", "liv", "5A").is_some());
}

#[test]
fn a_term_that_cannot_be_read_gives_nobody_a_place_without_an_end() {
    let mut desk = Desk::new();
    desk.import(&school_year());
    let until = desk.membership("S1", "liv", "4B").unwrap().dates.until;
    assert_eq!(until, Some(day("2027-06-30")));
    // Noah is new in 4B, and ends as the others do; the first of a new class gets nothing that would never end.
    let next = school_year()
        .change("academicSessions.csv", "2027-07-01", "midsommar")
        .and_row("classes.csv", "6A,,,6A,06,C,6A,homeroom,,S1,Y,,,")
        .and_row("users.csv", "kim,,,true,kim,,Kim,Vik,,,,,,,04,")
        .and_row("roles.csv", "r9,,,kim,primary,student,,,S1,")
        .and_row("enrollments.csv", "e7,,,4B,S1,kim,student,,,")
        .and_row("enrollments.csv", "e8,,,6A,S1,liv,student,,,");
    let report = desk.import(&next);
    assert_eq!(desk.membership("S1", "liv", "4B").unwrap().dates.until, until);
    assert_eq!(desk.membership("S1", "kim", "4B").unwrap().dates.until, until, "{report}");
    assert!(desk.membership("S1", "liv", "6A").is_none(), "{report}");
    assert!(report.times(Code::TermUnreadable) > 0 && report.times(Code::ReferenceHeld) > 0);
    // A delta of enrollments need not bring the terms; the end stays.
    let delta = as_delta(school_year()).without("academicSessions.csv").change(
        "manifest.csv",
        "file.academicSessions,delta",
        "file.academicSessions,absent",
    );
    desk.import(&delta);
    assert_eq!(desk.membership("S1", "liv", "4B").unwrap().dates.until, until);
}

#[test]
fn of_two_periods_one_that_cannot_be_read_cuts_nothing_off() {
    let mut desk = Desk::new();
    let two = lilla()
        .change(
            "enrollments.csv",
            "e1,,,4B,S1,liv,student,,,\n",
            "e1,,,4B,S1,liv,student,,2026-08-17,2026-12-19\ne11,,,4B,S1,liv,student,,2026-12-19,2027-07-01\n",
        )
        .change(
            "roles.csv",
            "r1,,,liv,primary,student,,,S1,",
            "r1,,,liv,primary,student,2026-08-17,2027-01-01,S1,\nr11,,,liv,primary,student,2027-01-01,2027-07-01,S1,",
        );
    desk.import(&two);
    let before = desk.stored.clone();
    for (file, to) in [("enrollments.csv", "2026-12-19,hela våren\n"), ("roles.csv", "2027-01-01,till sommaren,S1")] {
        let from = if file == "roles.csv" { "2027-01-01,2027-07-01,S1" } else { "2026-12-19,2027-07-01\n" };
        let report = desk.import(&two.clone().change(file, from, to));
        assert_eq!(desk.stored, before, "{file}\n{report}");
    }
}

#[test]
fn the_role_of_oneroster_1_1_in_another_language_ends_nobody() {
    let old = lilla()
        .without("roles.csv")
        .change("manifest.csv", "file.roles,bulk", "file.roles,absent")
        .with(
            "users.csv",
            "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n\
             liv,,,true,S1,student,liv,,Liv,Åkesson,,,,,,,04,\nnoah,,,true,S1,student,noah,,Noah,Berg,,,,,,,04,\n\
             sanna,,,true,S1,teacher,sanna,,Sanna,Lind,,,,,,,,\nrut,,,true,S1,administrator,rut,,Rut,Ek,,,,,,,,\n",
        );
    for (from, to) in
        [(",student,", ",elev,"), (",teacher,", ",lærer,"), (",administrator,", ",rektor,"), (",S1,", ",S9,")]
    {
        let mut desk = Desk::new();
        desk.import(&old);
        let before = desk.stored.clone();
        let report = desk.import(&old.clone().change("users.csv", from, to));
        assert_eq!(desk.stored, before, "{to}\n{report}");
        assert!(needs_a_look(&report));
    }
}

#[test]
fn a_class_whose_course_is_damaged_is_not_made_anew_as_another_kind() {
    let mut desk = Desk::new();
    let report = desk.import(&school_year().change("courses.csv", "fritids,,S1,,", "fritids,,S1,,,"));
    assert!(desk.group("S1", "lind").is_none(), "{report}");
    assert_eq!(desk.roles("S1", "vera"), []);
    desk.import(&school_year());
    let club = desk.group("S1", "lind").unwrap();
    assert_eq!((club.kind, club.form), (GroupKind::Club, SchoolForm::AfterSchool));
    // Its name may change all the same.
    let renamed =
        school_year().change("courses.csv", "fritids,,S1,,", "fritids,,S1,,,").change("classes.csv", "Linden", "Eken");
    desk.import(&renamed);
    let club = desk.group("S1", "lind").unwrap();
    assert_eq!((club.kind, club.name.as_str()), (GroupKind::Club, "Eken"));
}

#[test]
fn one_damaged_rules_file_of_two_ends_no_rule_set() {
    let path = format!("{}/../core/samples/rules/se.toml", env!("CARGO_MANIFEST_DIR"));
    let rules = std::fs::read_to_string(path).unwrap();
    let other = rules.replacen("valid_from = ", "valid_from = 2019-08-01 # ", 99);
    let both = lilla().with("rules-a.toml", &rules).with("rules-b.toml", &other);
    let mut desk = Desk::new();
    desk.import(&both);
    let count =
        |desk: &Desk| desk.entries("S1").filter(|stored| matches!(stored.entry, RosterEntry::RuleSet(_))).count();
    let all = count(&desk);
    assert!(desk.import(&both).is_quiet() && count(&desk) == all, "two files are one whole");
    for broken in [other.replacen("cutoff", "cutof", 1).into_bytes(), vec![0xff, 0xfe, 0x00]] {
        desk.import(&lilla().with("rules-a.toml", &rules).with("rules-b.toml", broken));
        assert_eq!(count(&desk), all);
    }
    desk.import(&lilla().with("rules-a.toml", &rules));
    assert!(count(&desk) < all, "what a readable whole lacks is ended");
}

#[test]
fn two_exports_put_together_are_read_also_where_the_second_has_another_order() {
    let mut desk = Desk::new();
    let text = lilla().text("enrollments.csv");
    let head = text.lines().next().unwrap();
    let other = "\u{feff}userSourcedId,classSourcedId,role,primary,endDate,beginDate,schoolSourcedId\nrut,4B,teacher,false,2026-12-19,,S1\n";
    let files = lilla().with("enrollments.csv", format!("{text}{head}\n{other}"));
    let report = desk.import(&files);
    assert_eq!(report.times(Code::HeaderRepeated), 2, "{report}");
    let rut = desk.assignments("S1", "rut").into_iter().find(|post| post.reach != Reach::School).unwrap();
    assert_eq!(rut.dates.until, Some(day("2026-12-18")));
    assert!(desk.membership("S1", "noah", "4B").is_some());
    assert_eq!(desk.entries("S1").filter(|stored| matches!(stored.entry, RosterEntry::Person(_))).count(), 6);
}

/// The same export, read as Latin-1 and written as UTF-8 on its way.
#[test]
fn names_that_were_garbled_on_the_way_do_not_replace_those_that_stand() {
    let mut desk = Desk::new();
    let files = lilla().and_row("classes.csv", "h,,,Blåsippan,04,C,h,homeroom,,S1,,,,");
    desk.import(&files);
    let before = desk.stored.clone();
    let garbled =
        files.change("users.csv", "Åkesson", "Ã…kesson").change("classes.csv", "Blåsippan", "Bl\u{fffd}sippan");
    let report = desk.import(&garbled);
    assert_eq!(desk.stored, before, "{report}");
    assert_eq!(report.times(Code::GarbledText), 3);
}

#[test]
fn a_class_row_that_breaks_off_before_its_terms_opens_no_end() {
    let mut desk = Desk::new();
    desk.import(&school_year());
    let before = desk.stored.clone();
    let report = desk.import(&school_year().change(
        "classes.csv",
        "4B,,,4B,04,C,4B,homeroom,,S1,Y,,,",
        "4B,,,4B,04,C,4B,homeroom,,S1",
    ));
    assert_eq!(desk.stored, before, "{report}");
}
