//! OneRoster bundles as real exporters write them: each oddity a short story.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod roster_desk;

use roster_desk::{Desk, Files, USERS_1_2, as_delta, day, group, lilla, person, school, steps};
use skolebro_core::domain::{
    people::{GroupKind, GuardianshipKind, Language, Reach, Role, SchoolForm, Standing},
    roster::{RosterChange, RosterEntry},
};
use skolebro_server::roster::{
    codes::{Code, Effect},
    error::RosterError,
    options::EndDates,
    report::FileMode,
};

#[test]
fn a_plain_bundle_gives_people_places_and_pending_adults() {
    let mut desk = Desk::new();
    let report = desk.import(&lilla());
    assert_eq!(report.version.as_deref(), Some("1.2"));
    assert_eq!(report.times(Code::FileUnknown), 0);
    for (name, file) in &report.files {
        let expected = [Code::RulesMissing, Code::CalendarMissing];
        assert!(file.counts.keys().all(|code| expected.contains(code)), "{name}: {:?}", file.issues);
    }

    let liv = desk.person("S1", "liv").unwrap();
    assert_eq!((liv.name().as_str(), liv.birth_date), ("Liv Åkesson", Some(day("2016-03-08"))));
    assert_eq!(desk.person("S1", "noah").unwrap().birth_date, None, "unknown is unknown");
    assert_eq!(desk.enrolment("S1", "liv").unwrap().form, SchoolForm::Compulsory);
    assert!(desk.membership("S1", "liv", "4B").is_some());
    assert_eq!(desk.group("S1", "4B").unwrap().kind, GroupKind::Class);
    assert_eq!(desk.roles("S1", "sanna"), [(Role::ContactTeacher, Reach::Group(group("4B")))]);
    assert_eq!(desk.roles("S1", "rut"), [(Role::Principal, Reach::School)]);

    for adult in ["amal", "erik"] {
        let relation = desk.guardianship("S1", "liv", adult).unwrap();
        assert_eq!((relation.kind, relation.standing), (GuardianshipKind::Unspecified, Standing::Pending));
        assert!(desk.guardianship("S1", "noah", adult).is_none());
    }
    assert_eq!(desk.person("S1", "amal").unwrap().phone.as_deref(), Some("+46700000001"));
    let RosterEntry::School(lilla) = &desk.entries("S1").next_back_school() else { panic!() };
    assert_eq!((lilla.organiser.as_str(), lilla.phone.as_str()), ("Storviks kommun", "+46 8 123 45 67"));
}

/// Finds the school among entries.
trait School {
    fn next_back_school(self) -> RosterEntry;
}
impl<'a, I: Iterator<Item = &'a skolebro_server::store::StoredEntry>> School for I {
    fn next_back_school(mut self) -> RosterEntry {
        self.find(|stored| matches!(stored.entry, RosterEntry::School(_))).unwrap().entry.clone()
    }
}

#[test]
fn the_same_bundle_twice_changes_nothing() {
    let mut desk = Desk::new();
    let first = desk.import(&lilla());
    assert!(!first.is_quiet());
    let before = desk.stored.clone();
    let plan = desk.plan(&lilla());
    assert!(plan.report().is_quiet(), "{}", plan.report());
    assert_eq!(steps(&plan), []);
    assert_eq!(plan.report().facts["person"].unchanged, 6);
    desk.import(&lilla());
    assert_eq!(before, desk.stored);
}

#[test]
fn oneroster_1_1_has_roles_and_organisations_on_the_user() {
    let users = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n\
        liv,active,2026-08-01,true,S1,student,,,Liv,Åkesson,,,,,,amal,04,\n\
        amal,active,2026-08-01,true,S1,parent,,,Amal,Haddad,,,,,,,,\n\
        sanna,active,2026-08-01,true,S1,teacher,,,Sanna,Lind,,,,,,,,\n\
        rut,active,2026-08-01,true,S1,administrator,,,Rut,Ek,,,,,,,,\n\
        old,inactive,2026-08-01,true,S1,teacher,,,Olle,Dahl,,,,,,,,\n";
    let files = lilla()
        .with("users.csv", users)
        .without("roles.csv")
        .change("manifest.csv", "file.roles,bulk\n", "")
        .change("manifest.csv", ",1.2", ",1.1")
        .change("enrollments.csv", "e2,,,4B,S1,noah,student,,,\n", "");
    let mut desk = Desk::new();
    let report = desk.import(&files);
    assert_eq!(desk.guardianship("S1", "liv", "amal").unwrap().standing, Standing::Pending);
    assert_eq!(desk.enrolment("S1", "liv").unwrap().form, SchoolForm::Compulsory);
    assert_eq!(desk.roles("S1", "rut"), [(Role::Office, Reach::School)], "1.1 cannot say who is the principal");
    assert_eq!(report.times(Code::AdministratorAsOffice), 1);
    assert!(desk.person("S1", "old").is_none());
}

#[test]
fn letters_survive_every_encoding() {
    let users = lilla().text("users.csv");
    let crlf = users.replace('\n', "\r\n");
    let utf16 = |big: bool| {
        let mut bytes = if big { vec![0xfe, 0xff] } else { vec![0xff, 0xfe] };
        for unit in crlf.encode_utf16() {
            bytes.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        }
        bytes
    };
    let latin: Vec<u8> = users.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (what, bytes, notes) in [
        ("a byte order mark and CRLF", format!("\u{feff}{crlf}").into_bytes(), 0),
        ("old Mac line ends", users.replace('\n', "\r").into_bytes(), 0),
        ("UTF-16, little end first", utf16(false), 0),
        ("UTF-16, big end first", utf16(true), 0),
        ("Latin-1", latin, 2),
    ] {
        let mut desk = Desk::new();
        let report = desk.import(&lilla().with("users.csv", bytes));
        assert_eq!(desk.person("S1", "liv").unwrap().family_name, "Åkesson", "{what}");
        assert_eq!(desk.person("S1", "erik").unwrap().family_name, "Åkesson", "{what}");
        assert_eq!(report.times(Code::NotUtf8), notes, "{what}");
    }
    let mut desk = Desk::new();
    let report = desk.import(&lilla().change("users.csv", "Åkesson", "Ã…kesson"));
    assert_eq!(report.times(Code::GarbledText), 2, "text that was garbled before it came here");
}

#[test]
fn files_may_be_in_one_folder_but_not_in_two() {
    let mut inside = Files::default().with("__MACOSX/export/._users.csv", "junk").with("readme.txt", "hello");
    let mut twice = Files::default();
    for (name, bytes) in lilla().files {
        inside.files.insert(format!("export/{}", name.to_uppercase()), bytes.clone());
        twice.files.insert(format!("a/{name}"), bytes.clone());
        twice.files.insert(format!("b/{name}"), bytes);
    }
    let mut desk = Desk::new();
    let report = desk.import(&inside);
    assert!(desk.membership("S1", "liv", "4B").is_some());
    assert_eq!(report.times(Code::FileElsewhere), 1);
    assert!(matches!(desk.try_plan(&twice), Err(RosterError::TwoBundles { .. })));
}

#[test]
fn a_bundle_that_is_not_one_is_refused() {
    let desk = Desk::new();
    let path = desk.folder.path().join("notes.bin");
    std::fs::write(&path, "just text").unwrap();
    let read = |path: &std::path::Path, options| {
        skolebro_server::roster::read(path, desk.folder.path(), options, &mut |_| {}).map(|_| ())
    };
    assert!(matches!(read(&path, desk.options.clone()), Err(RosterError::NotABundle)));
    std::fs::write(&path, "PK\u{3}\u{4} and then nothing").unwrap();
    assert!(matches!(read(&path, desk.options.clone()), Err(RosterError::Damaged(_))));

    // A zip of one word, very often.
    let bomb = lilla().with("users.csv", format!("{USERS_1_2}{}", "liv,,,true,,,A,B,,,,,,,,\n".repeat(200_000)));
    let path = desk.path(&bomb);
    let mut options = desk.options.clone();
    options.limits.ratio_from = 1 << 20;
    options.limits.ratio = 50;
    assert!(matches!(read(&path, options.clone()), Err(RosterError::TooLarge { file, .. }) if file == "users.csv"));
    options.limits.ratio = 10_000;
    options.limits.file_bytes = 1 << 20;
    assert!(matches!(read(&path, options.clone()), Err(RosterError::TooLarge { .. })));
    options.limits.entries = 2;
    assert!(matches!(read(&path, options), Err(RosterError::TooLarge { .. })));
}

#[test]
fn semicolons_and_the_line_that_excel_adds_are_read() {
    let semicolons = lilla().text("enrollments.csv").replace(',', ";");
    for text in [semicolons.clone(), format!("sep=;\r\n{semicolons}")] {
        let mut desk = Desk::new();
        let report = desk.import(&lilla().with("enrollments.csv", text.clone()));
        assert!(desk.membership("S1", "liv", "4B").is_some());
        assert_eq!(report.times(Code::Delimiter), u64::from(!text.starts_with("sep")));
    }
}

#[test]
fn columns_are_found_whatever_their_case_and_misspelt_ones_named() {
    let mut desk = Desk::new();
    let files = lilla()
        .change("users.csv", "sourcedId,status", "SourcedID,Status")
        .change("users.csv", ",email,", ",emial,")
        .change("users.csv", ",username,", ",metadata.x,");
    let report = desk.import(&files);
    assert_eq!(report.times(Code::ColumnRespelt), 2);
    let unknown = report.files["users.csv"].issues.iter().find(|issue| issue.code == Code::ColumnUnknown).unwrap();
    assert!(unknown.what.contains("did you mean email?"), "{}", unknown.what);
    assert_eq!(desk.person("S1", "amal").unwrap().email, None, "a column that is only similar is not read");

    // Without names the file cannot be read, and so it ends nobody.
    let before = desk.stored.clone();
    let report = desk.import(&lilla().change("users.csv", "familyName", "famliyNmae"));
    assert_eq!(report.times(Code::ColumnMissing), 1);
    assert_eq!(report.files["users.csv"].mode, FileMode::Absent);
    assert_eq!(
        desk.person("S1", "liv"),
        Some(
            before
                .values()
                .find_map(|stored| match &stored.entry {
                    RosterEntry::Person(found) if found.id == person("liv") => Some(found.clone()),
                    _ => None,
                })
                .unwrap()
        )
    );
    assert_eq!(report.facts.values().map(|tally| tally.ended).sum::<u64>(), 0, "{report}");
}

#[test]
fn missing_optional_files_and_columns_change_nothing() {
    let mut desk = Desk::new();
    desk.import(&lilla());
    let before = desk.stored.clone();
    let files = lilla()
        .without("demographics.csv")
        .without("courses.csv")
        .without("academicSessions.csv")
        .with("classes.csv", "sourcedId,title,classType,schoolSourcedId\n4B,4B,homeroom,S1\n")
        .with(
            "enrollments.csv",
            "classSourcedId,userSourcedId,role,primary\n4B,liv,student,\n4B,noah,student,\n4B,sanna,teacher,true\n",
        );
    let report = desk.import(&files);
    assert_eq!(before, desk.stored, "{report}");
    assert_eq!(report.times(Code::ManifestDiffers), 3);
}

#[test]
fn without_a_manifest_every_file_holds_everything() {
    let mut desk = Desk::new();
    let report = desk.import(&lilla().without("manifest.csv"));
    assert_eq!(report.times(Code::ManifestMissing), 1);
    assert_eq!(report.files["users.csv"].mode, FileMode::Bulk);
    let report =
        desk.import(&lilla().without("manifest.csv").change("enrollments.csv", "e2,,,4B,S1,noah,student,,,\n", ""));
    assert_eq!(report.facts["membership"].ended, 1);
}

#[test]
fn quoted_newlines_are_read_and_an_open_quote_costs_its_own_row_only() {
    let mut desk = Desk::new();
    let files = lilla().change("users.csv", "Noah,Berg", "Noah,\"Berg\r\n af \"\"Sund\"\"\"");
    let report = desk.import(&files);
    assert_eq!(desk.person("S1", "noah").unwrap().family_name, "Berg af \"Sund\"");
    assert_eq!(report.files["users.csv"].counts.len(), 0);
    let amal = report.files["users.csv"].read;
    assert_eq!(amal, 6);

    let report = desk.import(&lilla().change("users.csv", "Noah,Berg", "Noah,\"Berg"));
    assert_eq!(report.times(Code::QuoteOpen), 1);
    let issue = &report.files["users.csv"].issues[0];
    assert_eq!((issue.line, issue.code), (Some(3), Code::QuoteOpen));
    assert_eq!((report.files["users.csv"].read, report.files["users.csv"].skipped), (6, 1));
    assert!(desk.membership("S1", "noah", "4B").is_some(), "what could not be read ends nothing");
    assert!(desk.person("S1", "sanna").is_some());
}

#[test]
fn rows_of_the_wrong_length_are_told() {
    let mut desk = Desk::new();
    let files = lilla().change("users.csv", "Erik,Åkesson,,,,,,,,\n", "Erik,Åkesson\n").change(
        "users.csv",
        "rut,,,true,rut,,Rut,Ek,,,,,,,,",
        "rut,,,true,rut,,Rut,Ek,,,a,b,c,d,e,f,g,h",
    );
    let report = desk.import(&files);
    assert_eq!((report.times(Code::RowShort), report.times(Code::RowLong)), (1, 1));
    assert!(desk.person("S1", "erik").is_some());
    assert_eq!(desk.roles("S1", "rut"), []);
    let long = lilla().change("users.csv", "Noah,Berg", &format!("Noah,{}", "B".repeat(70_000)));
    let report = desk.import(&long);
    assert_eq!(report.times(Code::RowTooLong), 1);
    assert!(desk.person("S1", "rut").is_some());
}

#[test]
fn a_date_that_reads_two_ways_is_not_guessed_and_ends_nothing() {
    let mut desk = Desk::new();
    desk.import(&lilla());
    let files = lilla()
        .change("enrollments.csv", "liv,student,,,", "liv,student,,07/08/2026,")
        .change("enrollments.csv", "noah,student,,,", "noah,student,,17/08/2026,2027-06-12T00:00:00.000Z")
        .change("demographics.csv", "2016-03-08", "03/08/2016");
    let report = desk.import(&files);
    assert_eq!((report.times(Code::DateAmbiguous), report.times(Code::DateForm)), (1, 2));
    assert!(desk.membership("S1", "liv", "4B").is_some(), "the stored place stays");
    let noah = desk.membership("S1", "noah", "4B").unwrap().dates;
    assert_eq!((noah.from, noah.until), (Some(day("2026-08-17")), Some(day("2027-06-11"))), "an end is exclusive");
    let masked = report.files["demographics.csv"].issues[0].clone();
    assert_eq!((masked.code, masked.value.as_deref()), (Code::BirthDateUnreadable, Some("##/##/####")));
    assert_eq!(desk.person("S1", "liv").unwrap().birth_date, Some(day("2016-03-08")), "silence takes nothing back");

    let mut desk = Desk::new();
    desk.options.end_dates = EndDates::Inclusive;
    desk.import(&files);
    assert_eq!(desk.membership("S1", "noah", "4B").unwrap().dates.until, Some(day("2027-06-12")));
    assert_eq!(desk.person("S1", "liv").unwrap().birth_date, None);
}

#[test]
fn a_substitute_without_a_day_gets_none() {
    let mut desk = Desk::new();
    let files = lilla().change("enrollments.csv", "sanna,teacher,true,,", "sanna,teacher,true,2026-09-01,2026-09-01");
    let report = desk.import(&files);
    assert_eq!(report.times(Code::DatesEmpty), 1);
    assert_eq!(desk.roles("S1", "sanna"), []);
}

#[test]
fn terms_bound_an_enrollment_without_dates() {
    let mut desk = Desk::new();
    let files =
        lilla().change("classes.csv", ",S1,,,,", ",S1,Y,,,").change("academicSessions.csv", "2027-07-01", "2026-08-31");
    let report = desk.import(&files);
    assert_eq!(desk.membership("S1", "liv", "4B").unwrap().dates.until, Some(day("2026-08-30")));
    assert_eq!(report.times(Code::TermOver), 1);
    let report = desk.import(&lilla().change("classes.csv", ",S1,,,,", ",S1,NOPE,,,"));
    assert_eq!(report.times(Code::TermDangling), 1);
}

#[test]
fn unknown_words_are_told_and_give_nothing() {
    let mut desk = Desk::new();
    let files = lilla()
        .change("roles.csv", "rut,primary,principal", "rut,primary,ext:rektorsassistent")
        .change("roles.csv", "sanna,primary,teacher", "sanna,primary,districtAdministrator")
        .and_row("classes.csv", "F1,,,Fritids,KG,C,F1,ext:fritids,,S1,,,,")
        .and_row("classes.csv", "X1,,,Okänd,04,C,X1,ext:elevgrupp,,S1,,,,")
        .and_row("classes.csv", "M1,,,Matematik,04,C,M1,scheduled,,S1,,,,")
        .and_row("enrollments.csv", "e9,,,X1,S1,liv,student,,,")
        .and_row("enrollments.csv", "e10,,,4B,S1,rut,proctor,,,")
        .change("users.csv", "amal,,,true", "amal,funny,,true");
    let report = desk.import(&files);
    assert_eq!(desk.roles("S1", "rut"), []);
    let codes =
        [Code::RoleUnknown, Code::RoleNotTaken, Code::ClassTypeUnknown, Code::ReferenceHeld, Code::StatusUnknown];
    assert_eq!(codes.map(|code| report.times(code)), [1, 2, 1, 1, 1], "{report}");
    assert_eq!(
        desk.roles("S1", "sanna"),
        [(Role::ContactTeacher, Reach::Group(group("4B")))],
        "the enrollment says it"
    );
    let club = desk.group("S1", "F1").unwrap();
    assert_eq!((club.kind, club.form), (GroupKind::Club, SchoolForm::AfterSchool));
    assert_eq!(desk.group("S1", "M1").unwrap().kind, GroupKind::TeachingGroup);
    assert!(desk.group("S1", "X1").is_none());
    assert!(desk.guardianship("S1", "liv", "amal").is_none(), "the adult's row could not be used");
    let value = |code| report.files["roles.csv"].issues.iter().find(|issue| issue.code == code).unwrap().value.clone();
    assert_eq!(value(Code::RoleUnknown).as_deref(), Some("ext:rektorsassistent"));
}

#[test]
fn an_id_that_stands_twice_is_never_a_coin_toss() {
    // The same words: said once.
    let mut desk = Desk::new();
    let row = "noah,,,true,noah,,Noah,Berg,,,,,,,04,";
    assert_eq!(desk.import(&lilla().and_row("users.csv", row)).times(Code::DuplicateSame), 1);
    assert!(desk.enrolment("S1", "noah").is_some());

    // Other lists only: both.
    let more = "noah,,,true,noah,,Noah,Berg,,,,,,erik,04,";
    assert_eq!(desk.import(&lilla().and_row("users.csv", more)).times(Code::DuplicateMerged), 1);
    assert!(desk.guardianship("S1", "noah", "erik").is_some());

    // Another name: neither, and what is stored stays.
    let before = desk.stored.clone();
    let other = "noah,,,true,noah,,Nova,Berg,,,,,,erik,04,";
    let report = desk.import(&lilla().change("users.csv", row, more).and_row("users.csv", other));
    assert_eq!(report.times(Code::DuplicateDiffers), 1);
    assert_eq!(report.files["users.csv"].skipped, 2);
    assert_eq!(before, desk.stored, "{report}");

    // The one modified last.
    let older = row.replace("noah,,,true", "noah,,2026-08-01T10:00:00Z,true");
    let newer = other.replace("noah,,,true", "noah,,2026-08-02T10:00:00.000Z,true");
    let report = desk.import(&lilla().change("users.csv", row, &newer).and_row("users.csv", &older));
    assert_eq!(report.times(Code::DuplicateNewer), 1);
    assert_eq!(desk.person("S1", "noah").unwrap().given_name, "Nova");

    // An enrollment's id for two different pupils: neither is placed, nobody is thrown out.
    let report = desk.import(&lilla().change("enrollments.csv", "e2,", "e1,"));
    assert_eq!(report.times(Code::DuplicateDiffers), 1);
    assert!(desk.membership("S1", "noah", "4B").is_some() && desk.membership("S1", "liv", "4B").is_some());
}

#[test]
fn references_to_nothing_are_told_by_line() {
    let mut desk = Desk::new();
    let files = lilla()
        .and_row("enrollments.csv", "e7,,,9Z,S1,liv,student,,,")
        .and_row("enrollments.csv", "e8,,,4B,S1,nobody,student,,,")
        .and_row("classes.csv", "5A,,,5A,05,C,5A,homeroom,,S9,,,,")
        .and_row("classes.csv", "5B,,,5B,05,NOPE,5B,homeroom,,S1,,,,")
        .and_row("classes.csv", "5C,,,5C,05,C,5C,homeroom,,O,,,,")
        .and_row("roles.csv", "r9,,,ghost,primary,principal,,,S1,")
        .change("users.csv", "\"amal,erik\"", "\"amal; erik ; ghost\"")
        .and_row("users.csv", "maj,,,true,maj,,Maj,Sten,,,,,,,,")
        .and_row("roles.csv", "r10,,,maj,primary,relative,,,S1,");
    let report = desk.import(&files);
    for (code, times) in [
        (Code::ClassDangling, 1),
        (Code::UserDangling, 2),
        (Code::OrgDangling, 1),
        (Code::OrgNotSchool, 1),
        (Code::CourseDangling, 1),
        (Code::AgentDangling, 1),
        (Code::AdultWithoutPupil, 1),
    ] {
        assert_eq!(report.times(code), times, "{code}: {report}");
    }
    let issue = report.files["enrollments.csv"].issues.iter().find(|issue| issue.code == Code::ClassDangling).unwrap();
    assert_eq!(
        (issue.line, issue.column.as_deref(), issue.value.as_deref()),
        (Some(5), Some("classSourcedId"), Some("9Z"))
    );
    assert_eq!(desk.roles("S1", "ghost"), []);
    assert!(desk.person("S1", "maj").is_none());
    assert!(desk.guardianship("S1", "liv", "erik").is_some());
}

#[test]
fn adults_are_found_in_either_direction_and_never_between_two_pupils() {
    let mut desk = Desk::new();
    let files = lilla()
        .change("users.csv", "\"amal,erik\"", "amal")
        .change("users.csv", "Erik,Åkesson,,,,,,,,", "Erik,Åkesson,,,,,,liv;noah,,")
        .change("users.csv", "noah,,,true,noah,,Noah,Berg,,,,,,,04", "noah,,,true,noah,,Noah,Berg,,,,,,liv,04")
        .change("users.csv", "Sanna,Lind,,,,,,,,", "Sanna,Lind,,,,,,rut,,");
    let report = desk.import(&files);
    for (pupil, adult) in [("liv", "amal"), ("liv", "erik"), ("noah", "erik")] {
        let relation = desk.guardianship("S1", pupil, adult).unwrap();
        assert_eq!((relation.kind, relation.standing), (GuardianshipKind::Unspecified, Standing::Pending));
    }
    assert!(desk.guardianship("S1", "liv", "noah").is_none() && desk.guardianship("S1", "noah", "liv").is_none());
    assert_eq!(report.times(Code::AgentUnclear), 2, "two pupils; two of the staff");
    // A teacher can be somebody's adult too.
    desk.import(&lilla().change("users.csv", "\"amal,erik\"", "sanna"));
    assert_eq!(desk.guardianship("S1", "liv", "sanna").unwrap().standing, Standing::Pending);
}

#[test]
fn a_pupil_who_teaches_and_a_teacher_who_is_taught_are_told() {
    let mut desk = Desk::new();
    let files = lilla()
        .and_row("enrollments.csv", "e7,,,4B,S1,noah,teacher,true,,")
        .and_row("enrollments.csv", "e8,,,4B,S1,amal,teacher,true,,")
        .and_row("enrollments.csv", "e9,,,4B,S1,rut,student,,,");
    let report = desk.import(&files);
    assert_eq!(report.times(Code::RoleConflict), 3);
    assert_eq!((desk.roles("S1", "noah"), desk.roles("S1", "amal")), (vec![], vec![]));
    assert!(desk.membership("S1", "rut", "4B").is_none());
}

#[test]
fn a_disabled_account_gives_no_role_and_a_role_that_is_over_none_in_its_class() {
    let mut desk = Desk::new();
    let files =
        lilla().change("users.csv", "sanna,,,true", "sanna,,,false").change("users.csv", "rut,,,true", "rut,,,False");
    assert_eq!(desk.import(&files).times(Code::NotEnabled), 2);
    assert_eq!((desk.roles("S1", "sanna"), desk.roles("S1", "rut")), (vec![], vec![]));

    let files = lilla().change("roles.csv", "sanna,primary,teacher,,", "sanna,primary,teacher,2026-08-17,2026-10-01");
    desk.import(&files);
    let dates = desk.assignments("S1", "sanna")[0].dates;
    assert_eq!((dates.from, dates.until), (Some(day("2026-08-17")), Some(day("2026-09-30"))));
}

#[test]
fn a_delta_changes_what_it_names_and_ends_what_it_deletes() {
    let mut desk = Desk::new();
    desk.import(&lilla());
    let delta = as_delta(lilla())
        .with("orgs.csv", "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n")
        .with("classes.csv", "sourcedId,status,dateLastModified,title,classType,schoolSourcedId\n")
        .with("users.csv", format!("{USERS_1_2}noah,tobedeleted,2026-09-01,true,noah,,Noah,Berg,,,,,,,04,\nerik,active,2026-09-01,true,erik,,Erik,Åkesson-Ny,,,,,,,,\n"))
        .with("roles.csv", "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\nr6,tobedeleted,,rut,primary,principal,,,S1,\n")
        .with("enrollments.csv", "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\ne3,tobedeleted,,4B,S1,sanna,teacher,true,,\ne11,active,,4B,S1,rut,teacher,false,2026-09-01,\ne12,active,,4C,S1,rut,teacher,false,2026-09-01,\n")
        .without("school.csv");
    let report = desk.import(&delta);
    assert!(desk.person("S1", "noah").is_none() && desk.enrolment("S1", "noah").is_none());
    assert!(desk.membership("S1", "noah", "4B").is_none() && desk.membership("S1", "liv", "4B").is_some());
    assert_eq!(desk.person("S1", "erik").unwrap().family_name, "Åkesson-Ny");
    assert_eq!(desk.person("S1", "liv").unwrap().family_name, "Åkesson", "a delta need not repeat her");
    assert_eq!(desk.roles("S1", "sanna"), []);
    assert_eq!(desk.roles("S1", "rut"), [(Role::Teacher, Reach::Group(group("4B")))], "{report}");
    assert_eq!(report.times(Code::ClassDangling), 1, "4C is neither in the bundle nor stored");
    assert!(desk.guardianship("S1", "liv", "erik").is_some());
    assert_eq!(report.times(Code::StatusInBulk), 0);
}

#[test]
fn a_bulk_file_ends_what_it_no_longer_has_but_an_absent_one_does_not() {
    let mut desk = Desk::new();
    desk.import(&lilla());
    let before = desk.stored.clone();
    let report = desk.import(&lilla().without("enrollments.csv"));
    assert_eq!((report.times(Code::ManifestDiffers), before == desk.stored), (1, true));

    let gone = lilla()
        .change("users.csv", "noah,,,true,noah,,Noah,Berg,,,,,,,04,\n", "")
        .change("roles.csv", "r2,,,noah,primary,student,,,S1,\n", "")
        .change("enrollments.csv", "e2,,,4B,S1,noah,student,,,\n", "");
    assert!(desk.plan(&gone).too_much_ending(5).unwrap().is_none(), "one pupil who leaves is no question");
    let report = desk.import(&gone);
    assert_eq!(report.facts.values().map(|tally| tally.ended).sum::<u64>(), 3);
    assert!(desk.person("S1", "noah").is_none() && desk.person("S1", "liv").is_some());

    let empty = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n";
    let report = desk.plan(&lilla().with("enrollments.csv", empty)).report().clone();
    assert_eq!(report.times(Code::FileEmpty), 1);

    // A bundle of another school says nothing about this one.
    let other = lilla()
        .change("orgs.csv", "S1,,,Lilla skolan", "S2,,,Stora skolan")
        .change("classes.csv", ",S1,", ",S2,")
        .change("roles.csv", ",S1,", ",S2,")
        .change("enrollments.csv", ",S1,", ",S2,")
        .change("school.csv", "S1,", "S2,");
    let lilla_before = desk.entries("S1").cloned().collect::<Vec<_>>();
    let report = desk.import(&other);
    assert_eq!(report.times(Code::SchoolMissing), 1);
    assert_eq!(desk.entries("S1").cloned().collect::<Vec<_>>().len(), lilla_before.len(), "{report}");
}

#[test]
fn grades_classes_and_school_csv_tell_the_form_and_nothing_else_does_in_silence() {
    let mut desk = Desk::new();
    let bare = lilla().change("users.csv", ",04,\n", ",,\n").change("classes.csv", "4B,04,", "4B,,");
    let report = desk.import(&bare);
    assert_eq!(report.times(Code::FormAssumed), 1, "said once, for the class; its pupils follow it: {report}");
    let mut desk = Desk::new();
    let told = bare.with("school.csv", "school,time_zone,phone,language,form\nS1,Europe/Oslo,1,nb,upper_secondary\n");
    assert_eq!(desk.import(&told).times(Code::FormAssumed), 0);
    assert_eq!(desk.enrolment("S1", "liv").unwrap().form, SchoolForm::UpperSecondary);
    let report = desk.import(&lilla().change("users.csv", ",04,\n", ",4b,\n"));
    assert_eq!(report.times(Code::GradeUnknown), 2);
}

#[test]
fn schools_without_settings_get_defaults_that_are_told() {
    let mut desk = Desk::new();
    assert_eq!(desk.import(&lilla().without("school.csv")).times(Code::SettingsMissing), 1);
    let report = desk.import(&lilla().change("school.csv", "Europe/Stockholm", "Sweden/Stockholm").change(
        "school.csv",
        ",sv",
        ",fi",
    ));
    assert_eq!((report.times(Code::ZoneUnknown), report.times(Code::LanguageUnknown)), (1, 1));
    let report = desk.import(&lilla().without("school.csv"));
    assert_eq!(report.times(Code::SettingsMissing), 0, "it is stored by now");
    assert!(report.is_quiet(), "and silence keeps it: {report}");
    desk.import(
        &lilla()
            .change("users.csv", "agentSourcedIds,grades,password", "agentSourcedIds,grades,metadata.preferredLanguage")
            .change(
                "users.csv",
                "liv,,,true,liv,,Liv,Åkesson,,,,,,\"amal,erik\",04,",
                "liv,,,true,liv,,Liv,Åkesson,,,,,,\"amal,erik\",04,nb-NO",
            ),
    );
    assert_eq!(desk.person("S1", "liv").unwrap().language, Some(Language::Nb));
}

#[test]
fn unknown_files_are_named_and_texts_carried_along() {
    let desk = Desk::new();
    let files = lilla()
        .with("enrolments.csv", "x\n")
        .with("userProfiles.csv", "x\n")
        .with("rules.toml", "# rules\n")
        .with("calendar-2026.toml", "# year\n");
    let staged =
        skolebro_server::roster::read(&desk.path(&files), desk.folder.path(), desk.options.clone(), &mut |_| {})
            .unwrap();
    let names: Vec<&str> = staged.texts().iter().map(|text| text.name.as_str()).collect();
    assert_eq!(names, ["calendar-2026.toml", "rules.toml"]);
    let issue = &staged.report().files["enrolments.csv"].issues[0];
    assert_eq!(issue.code, Code::FileUnknown);
    assert!(issue.what.contains("did you mean enrollments.csv?"));
    assert!(!staged.report().files.contains_key("userprofiles.csv"));
}

#[test]
fn a_report_names_no_person_and_keeps_few_issues_of_many() {
    let mut desk = Desk::new();
    desk.options.issues_kept = 2;
    let mut files = lilla().change("users.csv", "Liv,Åkesson", "\"Liv,Åkesson").change(
        "demographics.csv",
        "2016-03-08",
        "2016-13-41",
    );
    for at in 0..30 {
        files = files.and_row("enrollments.csv", &format!("x{at},,,4B,S1,ghost{at},student,,,"));
    }
    let report = desk.import(&files);
    assert_eq!(report.times(Code::UserDangling), 30);
    let kept = report.files["enrollments.csv"].issues.iter().filter(|issue| issue.code == Code::UserDangling).count();
    assert_eq!(kept, 2);
    let (json, text) = (serde_json::to_string(&report).unwrap(), report.to_string());
    for name in ["Liv", "Åkesson", "Amal", "Haddad", "Noah", "Berg", "Sanna", "+46700000001", "example.org", "2016-13"]
    {
        assert!(!json.contains(name) && !text.contains(name), "{name} in {text}");
    }
    assert!(text.contains("enrollments.csv: user_dangling, 30 times."), "{text}");
    assert_eq!(serde_json::from_str::<skolebro_server::roster::report::ImportReport>(&json).unwrap(), report);
    assert!(json.contains("\"do\":") && json.contains("\"user_dangling\":30"));
}

#[test]
fn what_bars_and_ends_comes_before_what_gives_in_every_school() {
    let mut desk = Desk::new();
    let two = lilla()
        .and_row("orgs.csv", "S2,,,Stora skolan,school,,O")
        .and_row("classes.csv", "7A,,,7A,07,C,7A,homeroom,,S2,,,,")
        .and_row("users.csv", "vera,,,true,vera,,Vera,Holm,,,,,,erik,07,")
        .and_row("roles.csv", "r8,,,vera,primary,student,,,S2,")
        .and_row("enrollments.csv", "e8,,,7A,S2,vera,student,,,");
    desk.import(&two);
    let next = two
        .change("enrollments.csv", "e2,,,4B,S1,noah,student,,,\n", "")
        .and_row("enrollments.csv", "e9,,,7A,S2,rut,teacher,true,,")
        .with("legal.csv", "pupil,person,kind,confirmed,block\nliv,amal,guardian,yes,\nvera,erik,,,yes\n");
    let steps = steps(&desk.plan(&next));
    let rank =
        |step: &skolebro_server::roster::plan::Step| match step.change(desk.stored.get(&(step.school, step.key()))) {
            Some(RosterChange::Put { entry: RosterEntry::Block(_), .. }) => 0,
            Some(RosterChange::Remove(_)) => 1,
            _ => 2,
        };
    let ranks: Vec<i32> = steps.iter().map(rank).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    assert_eq!((ranks.first(), ranks.last()), (Some(&0), Some(&2)));
    assert_eq!(steps[0].school, school("S2"));
}

#[test]
fn every_code_is_explained() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/import.md")).unwrap();
    let row = |code: &Code| {
        let effect = match code.effect() {
            Effect::Note => "note",
            Effect::ValueIgnored => "value left out",
            Effect::RowSkipped => "row skipped",
            Effect::FileSkipped => "file not read",
        };
        format!("| `{code}` | {effect} | {} |", code.remedy())
    };
    let missing: Vec<String> = Code::ALL.iter().map(row).filter(|row| !docs.contains(row)).collect();
    assert!(missing.is_empty(), "docs/import.md lacks these rows:\n{}", missing.join("\n"));
}
