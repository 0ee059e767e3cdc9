//! The legal layer and staff.csv: what outranks OneRoster, what staff have said, and that nothing widens in silence.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod roster_desk;

use roster_desk::{Desk, Files, day, group, lilla, person, school, steps};
use skolebro_core::domain::{
    ids::PersonId,
    people::{Assignment, Dates, Guardianship, GuardianshipKind, Language, Reach, Role, Spell, Standing},
    roster::{Origin, RosterEntry},
    scope::Topic,
};
use skolebro_server::roster::{
    codes::Code,
    report::{Fate, ImportReport, Safeguard},
};

const HEAD: &str = "pupil,person,given_name,family_name,kind,from,until,topics,confirmed,block,protected_identity,language,birth_date,consent_until\n";

fn legal(rows: &str) -> Files {
    lilla().with("legal.csv", format!("{HEAD}{rows}"))
}

/// Only our own file, as it may be given alone.
fn alone(rows: &str) -> Files {
    Files::default().with("legal.csv", format!("{HEAD}{rows}"))
}

fn guardian(standing: Standing) -> Guardianship {
    Guardianship {
        pupil: person("liv"),
        person: person("amal"),
        kind: GuardianshipKind::Guardian,
        standing,
        dates: Dates::default(),
        topics: Vec::new(),
    }
}

#[test]
fn the_legal_layer_says_what_adults_are_and_confirms_them_beforehand() {
    let mut desk = Desk::new();
    let report = desk.import(&legal(
        "liv,amal,,,guardian,,,,yes,no,,en,1985-04-02,\n\
         liv,erik,,,parent_without_custody,,,attendance,yes,,,,,\n\
         noah,home-7,Kim,Vik,carer,2026-08-01,2026-12-31,attendance; info,yes,,,,,\n\
         noah,rut,,,appointed_representative,,,,,,,,,\n",
    ));
    assert!(report.files["legal.csv"].counts.is_empty(), "{report}");
    assert_eq!(desk.guardianship("S1", "liv", "amal").unwrap(), guardian(Standing::Confirmed));
    let amal = desk.person("S1", "amal").unwrap();
    assert_eq!((amal.language, amal.birth_date), (Some(Language::En), Some(day("1985-04-02"))));
    let erik = desk.guardianship("S1", "liv", "erik").unwrap();
    assert_eq!((erik.kind, erik.topics.as_slice()), (GuardianshipKind::ParentWithoutCustody, &[Topic::Attendance][..]));
    let kim = desk.guardianship("S1", "noah", "home-7").unwrap();
    assert_eq!(
        (kim.kind, kim.dates.until),
        (GuardianshipKind::Carer, Some(day("2026-12-31"))),
        "an end is the last day"
    );
    assert_eq!(desk.person("S1", "home-7").unwrap().name(), "Kim Vik");
    assert_eq!(desk.guardianship("S1", "noah", "rut").unwrap().standing, Standing::Pending, "nobody confirmed it");

    // OneRoster alone, later, takes nothing of it back.
    let before = desk.stored.clone();
    let report = desk.import(&lilla());
    assert_eq!(before, desk.stored, "{report}");
}

#[test]
fn what_a_row_cannot_say_clearly_it_does_not_give_but_its_bar_holds() {
    let mut desk = Desk::new();
    let report = desk.import(&legal(
        "liv,amal,,,guardian,,07/08/2027,,yes,yes,,,,\n\
         liv,erik,,,gaurdian,,,,yes,,,,,\n\
         noah,amal,,,guardian,,,,perhaps,,,,,\n\
         noah,erik,,,guardian,,,,yes,maybe,,,,\n\
         noah,,,,,,,,,,maybe,,2016-99-99,\n\
         noah,,Kim,Vik,carer,,,,yes,,,,,\n\
         ghost,amal,,,guardian,,,,yes,,,,,\n\
         liv,stranger,,,guardian,,,,yes,,,,,\n\
         liv,rut,,,carer,,,attendance;everything,yes,,,,,\n",
    ));
    assert!(desk.is_blocked("S1", "liv", "amal"));
    assert!(desk.is_blocked("S1", "noah", "erik"), "a misspelt word in the place of a yes bars");
    for (pupil, adult) in [("noah", "amal"), ("noah", "erik"), ("liv", "stranger")] {
        assert!(desk.guardianship("S1", pupil, adult).is_none(), "{pupil} {adult}");
    }
    for adult in ["amal", "erik"] {
        let relation = desk.guardianship("S1", "liv", adult).unwrap();
        assert_eq!((relation.kind, relation.standing), (GuardianshipKind::Unspecified, Standing::Pending));
    }
    assert!(desk.person("S1", "noah").unwrap().protected_identity, "of two readings the one that protects");
    assert_eq!(desk.guardianship("S1", "liv", "rut").unwrap().topics, [Topic::Attendance]);
    for (code, times) in [
        (Code::DateAmbiguous, 1),
        (Code::KindUnknown, 1),
        (Code::FlagUnreadable, 1),
        (Code::FlagBars, 1),
        (Code::FlagProtects, 1),
        (Code::BirthDateUnreadable, 1),
        (Code::IdMissing, 1),
        (Code::PupilUnknown, 1),
        (Code::PersonUnknown, 2),
        (Code::TopicUnknown, 1),
    ] {
        assert_eq!(report.times(code), times, "{code}: {report}");
    }
}

#[test]
fn two_rows_that_contradict_each_other_give_nothing_and_their_bars_unite() {
    let mut desk = Desk::new();
    let report = desk.import(&legal(
        "liv,amal,,,guardian,,,,yes,yes,,,,\n\
         liv,amal,,,none,,,,,lift,no,,,\n\
         liv,erik,,,guardian,,,,yes,,,,,\nliv,erik,,,guardian,,,,yes,,yes,,,\n",
    ));
    assert_eq!(report.times(Code::LegalConflict), 1);
    assert!(desk.is_blocked("S1", "liv", "amal"));
    assert_eq!(desk.guardianship("S1", "liv", "amal").unwrap().standing, Standing::Pending, "OneRoster's word only");
    assert_eq!(desk.guardianship("S1", "liv", "erik").unwrap().standing, Standing::Confirmed, "twice the same");
    assert!(desk.person("S1", "erik").unwrap().protected_identity);
}

#[test]
fn a_block_survives_every_import_until_it_is_lifted() {
    let mut desk = Desk::new();
    desk.import(&legal("liv,erik,,,guardian,,,,yes,yes,,,,\n"));
    let silent = legal("liv,erik,,,guardian,,,,yes,,,,,\n");
    let says_no = legal("liv,erik,,,guardian,,,,yes,no,,,,\n");
    for (bundle, told) in [(lilla(), false), (silent, false), (says_no, true)] {
        let report = desk.import(&bundle);
        assert!(desk.is_blocked("S1", "liv", "erik"));
        assert_eq!(report.to_string().contains("bar_stands"), told, "{report}");
    }
    // The adult leaves the roster and comes back.
    let without = lilla()
        .change("users.csv", "erik,,,true,erik,,Erik,Åkesson,,,,,,,,\n", "")
        .change("users.csv", "\"amal,erik\"", "amal")
        .change("roles.csv", "r4,,,erik,primary,parent,,,S1,\n", "");
    desk.import(&without);
    assert!(desk.is_blocked("S1", "liv", "erik"));
    desk.import(&lilla());
    assert!(desk.is_blocked("S1", "liv", "erik"));
    let report = desk.import(&alone("liv,erik,,,,,,,,lift,,,,\n"));
    assert!(!desk.is_blocked("S1", "liv", "erik"), "{report}");
}

#[test]
fn a_pupil_who_changes_school_brings_bars_and_protection() {
    let mut desk = Desk::new();
    desk.import(&legal("liv,erik,,,,,,,,yes,,,,\nliv,,,,,,,,,,yes,,,\n"));
    let moved = lilla()
        .and_row("orgs.csv", "S2,,,Stora skolan,school,,O")
        .and_row("classes.csv", "4X,,,4X,04,C,4X,homeroom,,S2,,,,")
        .change("roles.csv", "liv,primary,student,,,S1", "liv,primary,student,,,S2")
        .change("enrollments.csv", "e1,,,4B,S1,liv", "e1,,,4X,S2,liv");
    let plan = desk.plan(&moved);
    let first = steps(&plan).into_iter().find(|step| step.key().kind == "block").unwrap();
    assert_eq!(first.school, school("S2"));
    desk.import(&moved);
    assert!(desk.is_blocked("S2", "liv", "erik") && desk.is_blocked("S1", "liv", "erik"));
    assert!(desk.person("S2", "liv").unwrap().protected_identity);
    assert!(!desk.person("S2", "amal").unwrap().protected_identity);
    assert!(desk.enrolment("S1", "liv").is_none() && desk.enrolment("S2", "liv").is_some());
}

#[test]
fn a_bar_waits_for_a_pupil_who_comes_later() {
    let mut desk = Desk::new();
    let report = desk.import(&legal("vera,erik,,,guardian,,,,yes,yes,,,,\n"));
    assert_eq!(report.times(Code::PupilUnknown), 1);
    assert!(desk.is_blocked("S1", "vera", "erik"));
    assert!(desk.guardianship("S1", "vera", "erik").is_none());
}

#[test]
fn staff_have_the_last_word_unless_the_legal_layer_narrows() {
    let mut desk = Desk::new();
    desk.import(&lilla());
    // Staff confirm Amal, and take custody from Erik, by hand.
    desk.by_hand("S1", guardian(Standing::Confirmed));
    let erik = Guardianship {
        person: person("erik"),
        kind: GuardianshipKind::ParentWithoutCustody,
        ..guardian(Standing::Confirmed)
    };
    desk.by_hand("S1", erik.clone());
    desk.import(&lilla());
    assert_eq!(desk.guardianship("S1", "liv", "amal").unwrap().standing, Standing::Confirmed, "no row lowers it");

    let report = desk.import(&legal("liv,erik,,,guardian,,,,yes,,,,,\n"));
    assert_eq!(report.times(Code::Outranked), 1);
    assert_eq!(desk.guardianship("S1", "liv", "erik").unwrap(), erik, "an old file does not undo what staff narrowed");

    desk.import(&legal("liv,amal,,,guardian,,2026-12-31,,,,,,,\n"));
    let amal = desk.guardianship("S1", "liv", "amal").unwrap();
    assert_eq!(
        (amal.standing, amal.dates.until),
        (Standing::Confirmed, Some(day("2026-12-31"))),
        "a narrower one counts"
    );
    desk.import(&alone("liv,amal,,,none,,,,,,,,,\n"));
    assert!(desk.guardianship("S1", "liv", "amal").is_none());

    // Without the two in the roster, what staff gave still stands, and is told.
    desk.by_hand("S1", guardian(Standing::Confirmed));
    let without = lilla()
        .change("users.csv", "amal,,,true,amal,,Amal,Haddad,,,amal@example.org,+46700000001,,,,\n", "")
        .change("users.csv", "\"amal,erik\"", "")
        .change("roles.csv", "r3,,,amal,primary,guardian,,,S1,\n", "");
    let report = desk.import(&without);
    assert_eq!(report.times(Code::StillGiven), 1);
    assert!(desk.guardianship("S1", "liv", "amal").is_some() && desk.person("S1", "amal").is_some());
    assert!(desk.guardianship("S1", "liv", "erik").is_some(), "by hand too");

    // Once it is over, nothing holds the person here any more.
    let over = Dates { from: None, until: Some(day("2026-08-01")) };
    desk.by_hand("S1", Guardianship { dates: over, ..desk.guardianship("S1", "liv", "amal").unwrap() });
    assert_eq!(desk.import(&without).times(Code::StillGiven), 0);
    assert!(desk.person("S1", "amal").is_none());
}

#[test]
fn a_confirmation_does_not_go_over_to_a_wider_kind() {
    let mut desk = Desk::new();
    desk.import(&legal("liv,amal,,,carer,,,attendance,yes,,,,,\n"));
    desk.import(&legal("liv,amal,,,guardian,,,,,,,,,\n"));
    let amal = desk.guardianship("S1", "liv", "amal").unwrap();
    assert_eq!((amal.kind, amal.standing), (GuardianshipKind::Guardian, Standing::Pending));
    desk.import(&legal("liv,amal,,,guardian,,,,yes,,,,,\n"));
    desk.import(&legal("liv,amal,,,guardian,,,,,,,,,\n"));
    assert_eq!(desk.guardianship("S1", "liv", "amal").unwrap().standing, Standing::Confirmed);
}

#[test]
fn the_legal_layer_outranks_oneroster_about_persons_too() {
    let mut desk = Desk::new();
    desk.import(&legal("liv,,,,,,,,,,yes,nb,2016-03-09,\n"));
    desk.import(&lilla().change("users.csv", "Liv,Åkesson", "Liv,Nyman"));
    let liv = desk.person("S1", "liv").unwrap();
    assert_eq!((liv.family_name.as_str(), liv.protected_identity), ("Nyman", true));
    assert_eq!((liv.language, liv.birth_date), (Some(Language::Nb), Some(day("2016-03-09"))), "not the 8th again");
    desk.import(&alone("liv,,,,,,,,,,no,,,\n"));
    assert!(!desk.person("S1", "liv").unwrap().protected_identity);
}

#[test]
fn an_adult_pupils_consent_has_a_last_day() {
    let mut desk = Desk::new();
    desk.import(&legal("liv,amal,,,,,,,,,,,,2027-06-30\n"));
    let consent = desk.entries("S1").find_map(|stored| match &stored.entry {
        RosterEntry::AdultConsent(consent) => Some(*consent),
        _ => None,
    });
    assert_eq!(consent.unwrap().dates.until, Some(day("2027-06-30")));
}

#[test]
fn the_legal_file_alone_reaches_pupils_who_are_stored() {
    let mut desk = Desk::new();
    desk.import(&lilla());
    let path = desk.folder.path().join("legal.csv");
    std::fs::write(&path, format!("{HEAD}liv,amal,,,guardian,,,,yes,,,,,\n")).unwrap();
    let staged = skolebro_server::roster::read(&path, desk.folder.path(), desk.options.clone(), &mut |_| {}).unwrap();
    let plan = staged.plan(&desk).unwrap();
    for step in steps(&plan) {
        desk.apply(&step);
    }
    assert_eq!(desk.guardianship("S1", "liv", "amal").unwrap(), guardian(Standing::Confirmed));
    assert_eq!(plan.report().facts.values().map(|tally| tally.ended).sum::<u64>(), 0);
    assert!(desk.membership("S1", "noah", "4B").is_some());
}

const STAFF: &str = "person,given_name,family_name,role,school,group,from,until\n";

#[test]
fn staff_csv_says_what_oneroster_has_no_word_for() {
    let mut desk = Desk::new();
    let files = lilla().with(
        "staff.csv",
        format!(
            "{STAFF}olle,Olle,Dahl,office,S1,,,\nsanna,,,special_educator,S1,,,\n\
             vik,Vera,Vik,substitute,S1,4B,2026-09-01,2026-09-01\nvik2,Ved,Vik,substitute,S1,4B,2026-09-01,\n\
             rut,,,teacher,S1,,,\nrut,,,caretaker,S1,,,\nnils,,,office,S1,,,\nrut,,,organiser,,,,\nrut,,,teacher,,9Z,,\n"
        ),
    );
    let report = desk.import(&files);
    assert_eq!(desk.roles("S1", "olle"), [(Role::Office, Reach::School)]);
    assert!(desk.roles("S1", "sanna").contains(&(Role::SpecialEducator, Reach::School)));
    assert!(desk.roles("S1", "sanna").contains(&(Role::ContactTeacher, Reach::Group(group("4B")))));
    let substitute = desk.assignments("S1", "vik")[0];
    assert_eq!((substitute.role, substitute.dates.until), (Role::Teacher, Some(day("2026-09-01"))), "until midnight");
    assert_eq!(desk.roles("S1", "vik2"), [], "a substitute has a last day");
    assert_eq!(desk.roles("S1", "nils"), [], "nobody knows who that is");
    assert_eq!(desk.roles("S1", "rut"), [(Role::Organiser, Reach::School), (Role::Principal, Reach::School)]);
    for (code, times) in [
        (Code::DateUnreadable, 1),
        (Code::GroupNeeded, 1),
        (Code::StaffRoleUnknown, 1),
        (Code::PersonUnknown, 1),
        (Code::ClassDangling, 1),
    ] {
        assert_eq!(report.times(code), times, "{code}: {report}");
    }

    // The file is whole for what it gave; without it nothing of that ends.
    desk.import(&lilla());
    assert_eq!(desk.roles("S1", "olle").len(), 1);
    desk.import(&lilla().with("staff.csv", format!("{STAFF}sanna,,,special_educator,S1,,,\n")));
    assert_eq!((desk.roles("S1", "olle"), desk.roles("S1", "sanna").len()), (vec![], 2));
    assert_eq!(desk.roles("S1", "rut"), [(Role::Principal, Reach::School)]);

    // What staff assigned by hand stays.
    let by_hand =
        Assignment { person: person("erik"), role: Role::Office, reach: Reach::School, dates: Dates::default() };
    desk.by_hand("S1", by_hand);
    desk.import(&lilla().with("staff.csv", STAFF));
    assert_eq!(desk.roles("S1", "erik"), [(Role::Office, Reach::School)]);
    let origin = desk.entries("S1").find(|stored| stored.entry == RosterEntry::Assignment(by_hand)).unwrap().origin;
    assert_eq!(origin, Origin::Staff);
}

#[test]
fn two_persons_who_turn_out_to_be_one_unite_bars_and_protection_and_nothing_else() {
    let mut desk = Desk::new();
    let twice = legal("liv,erik,,,guardian,,,,yes,yes,,,,\nnoah,erik,,,guardian,,,,yes,,yes,,,\n")
        .and_row("users.csv", "erik2,,,true,erik2,,Erik,Åkesson,,,,,,liv,,")
        .and_row("roles.csv", "r44,,,erik2,primary,relative,,,S1,");
    desk.import(&twice);
    assert!(!desk.is_blocked("S1", "liv", "erik2"));

    // OneRoster's own word for it.
    let known = twice
        .clone()
        .change("users.csv", "agentSourcedIds,grades,password", "agentSourcedIds,grades,userMasterIdentifier")
        .change("users.csv", "Erik,Åkesson,,,,,,,,", "Erik,Åkesson,,,,,,,,M-1")
        .change("users.csv", "Erik,Åkesson,,,,,,liv,,", "Erik,Åkesson,,,,,,liv,,M-1");
    let mut other = Desk::new();
    other.stored.clone_from(&desk.stored);
    // Or ours.
    let ours = Files::default().with("legal.csv", "pupil,person,same_as\n,erik2,erik\n");
    for (desk, files) in [(&mut desk, known), (&mut other, ours)] {
        desk.import(&files);
        assert!(desk.is_blocked("S1", "liv", "erik2") && desk.is_blocked("S1", "liv", "erik"));
        assert!(!desk.is_blocked("S1", "noah", "erik2"));
        assert!(desk.person("S1", "erik2").unwrap().protected_identity);
        assert!(desk.guardianship("S1", "noah", "erik2").is_none(), "what one was given the other does not get");
        assert_eq!(desk.guardianship("S1", "liv", "erik2").unwrap().standing, Standing::Pending);
        desk.import(&twice);
        assert!(desk.is_blocked("S1", "liv", "erik2") && desk.person("S1", "erik2").unwrap().protected_identity);
    }
}

/// A name that would turn round what stands beside it on a list, and one that would fill a table.
#[test]
fn a_name_is_kept_as_one_line_of_letters_and_not_without_end() {
    let mut desk = Desk::new();
    let long = "Å".repeat(5_000);
    let files = lilla().change("users.csv", "Amal,Haddad", "Am\u{202e}al\u{1b}[2J,Haddad").change(
        "users.csv",
        "Noah,Berg",
        &format!("Noah,{long}"),
    );
    let report = desk.import(&files);
    let amal = desk.person("S1", "amal").unwrap();
    assert_eq!((amal.given_name.as_str(), amal.family_name.as_str()), ("Amal [2J", "Haddad"));
    assert_eq!(desk.person("S1", "noah").unwrap().family_name, "Å".repeat(100));
    assert_eq!(report.files["users.csv"].counts[&Code::NameLong], 1);
    assert!(desk.import(&files).is_quiet(), "the same again changes nothing");
}

#[test]
fn a_substitute_made_by_hand_outlives_every_import_and_is_not_taken_for_a_namesake() {
    use skolebro_core::domain::people::{Person, StaffMember};
    let mut desk = Desk::new();
    desk.import(&lilla());
    let member = |desk: &Desk, id| {
        let found = desk.entries("S1").find_map(|stored| match stored.entry {
            RosterEntry::StaffMember(member) if member.person == id => Some(member),
            _ => None,
        });
        found.map(|member| member.added_here)
    };
    assert_eq!(member(&desk, person("sanna")), Some(false), "known at work, with or without a class");
    assert_eq!(member(&desk, person("amal")), None);

    let kim = PersonId::derive(&[&"substitute", &"a command"]);
    let (given_name, family_name) = ("Kim".to_owned(), "Dahl".to_owned());
    let named = Person {
        id: kim,
        given_name,
        family_name,
        language: None,
        phone: None,
        email: None,
        birth_date: None,
        protected_identity: false,
    };
    let class = Assignment {
        person: kim,
        role: Role::Teacher,
        reach: Reach::Group(group("4B")),
        dates: Dates { from: None, until: Some(day("2027-01-31")) },
    };
    desk.by_hand("S1", named.clone());
    desk.by_hand("S1", StaffMember { person: kim, added_here: true });
    desk.by_hand("S1", Spell(class));
    let with_kim = lilla()
        .and_row("users.csv", "kd,,,true,kd,,KIM,dahl,,,,,,,,")
        .and_row("roles.csv", "r9,,,kd,primary,teacher,,,S1,");
    for _ in 0..2 {
        let report = desk.import(&with_kim);
        assert_eq!(report.times(Code::Namesake), 1, "{report}");
        assert_eq!(member(&desk, kim), Some(true));
        assert_eq!(member(&desk, person("kd")), Some(false), "another person, as far as a file can tell");
        assert!(desk.entries("S1").any(|stored| stored.entry == RosterEntry::Person(named.clone())));
        assert!(desk.entries("S1").any(|stored| stored.entry == RosterEntry::Spell(Spell(class))));
    }
    // The roster's own ends where the roster says no more of it; what was made by hand does not.
    let report = desk.import(&lilla());
    assert_eq!((member(&desk, person("kd")), member(&desk, kim)), (None, Some(true)), "{report}");
}

/// A row whose cells do not stand where they should bars and protects, keeps what the two had, and gives nothing.
#[test]
fn a_damaged_row_of_the_legal_layer_bars_and_protects_and_gives_nothing() {
    let before = legal("liv,amal,,,guardian,,,,yes,,,,,\nnoah,rut,,,carer,,2026-12-31,attendance;leave,yes,,,,,\n");
    for (row, barred, protected) in [
        ("liv,amal,,,guardian,,,,yes,yes,,,,,\n", true, false),
        ("liv,amal,,,guardian,,,,yes,yes,,,,,x\n", true, false),
        ("liv,amal,Amal,Haddad, fil. dr,guardian,,,,yes,yes,,,,\n", true, false),
        ("liv,amal,Amal,Haddad, fil. dr,guardian,,,,yes,,,,,\n", false, false),
        ("liv,amal,,guardian,,,,yes,yes,,,,\n", true, false),
        ("liv,amal,,,guardian,,,,yes,yes\n", true, false),
        ("liv,amal,\"Amal,,guardian,,,,yes,yes,yes,,,\n", true, true),
        ("\"liv,amal,,,guardian,,,,yes,yes,,,,\"\n", true, false),
        ("liv,amal,,,guardian,,,,yes,jepp,,,,\n", true, false),
        ("liv,amal,,,guardian,,,,yes,,jo,,,\n", false, true),
        ("liv,amal,Amal,Haddad, fil. dr,gaurdian,,,,perhaps,yes,yes,,,\n", true, true),
    ] {
        let mut desk = Desk::new();
        desk.import(&before);
        let report = desk.import(&legal(row));
        assert_eq!(desk.is_blocked("S1", "liv", "amal"), barred, "{row}{report}");
        assert_eq!(desk.person("S1", "amal").unwrap().protected_identity, protected, "{row}{report}");
        assert_eq!(desk.guardianship("S1", "liv", "amal").unwrap(), guardian(Standing::Confirmed), "{row}{report}");
        assert!(report.has_safeguards_to_look_at(), "{row}{report}");
        // Somebody new gets nothing by such a row.
        let mut desk = Desk::new();
        desk.import(&lilla());
        let report = desk.import(&legal(row));
        let relation = desk.guardianship("S1", "liv", "amal").unwrap();
        assert!(relation.standing == Standing::Pending || row.contains(",jo,"), "{row}{report}");
        assert_eq!(desk.is_blocked("S1", "liv", "amal"), barred, "{row}");
    }
}

#[test]
fn a_damaged_row_holds_also_where_another_row_about_the_two_is_in_order() {
    let mut desk = Desk::new();
    desk.import(&legal("noah,rut,,,carer,,2026-12-31,attendance,yes,,,,,\n"));
    let before = desk.guardianship("S1", "noah", "rut").unwrap();
    let wide = "noah,rut,,,guardian,,,,yes,,,,,\n";
    for damaged in
        ["noah,rut,,,carer,,nyår,attendance,yes,,,,,\n", "noah,rut,,,carer,,2026-12-31,attendance,yes,yes,,,,,\n"]
    {
        for rows in [format!("{wide}{damaged}"), format!("{damaged}{wide}")] {
            let report = desk.import(&legal(&rows));
            assert_eq!(desk.guardianship("S1", "noah", "rut").unwrap(), before, "{rows}{report}");
        }
    }
    assert!(desk.is_blocked("S1", "noah", "rut"));
    // One that is about a pupil alone protects the pupil.
    let report = desk.import(&legal("noah,,,,,,,,,,yes,,,,\n"));
    assert!(desk.person("S1", "noah").unwrap().protected_identity, "{report}");
}

#[test]
fn an_end_or_a_topic_that_cannot_be_read_neither_ends_nor_opens_a_relation() {
    let mut desk = Desk::new();
    desk.import(&legal("noah,rut,,,carer,,2026-12-31,attendance;leave,yes,,,,,\n"));
    let before = desk.guardianship("S1", "noah", "rut").unwrap();
    for row in [
        "noah,rut,,,carer,,nyår,attendance;leave,yes,,,,,\n",
        "noah,rut,,,carer,,31/12,attendnce,yes,,,,,\n",
        "noah,rut,,,carer,,9999-12-31,attendance;leave,yes,,,,,\n",
        "noah,rut,,,carer,snart,2026-12-31,attendance;leave,yes,,,,,\n",
        "noah,rut,,,carer,,2026-12-31,attendance;leave,kanske,,,,,\n",
        "noah,rut,,,ingen,,,,,,,,,\n",
        "noah,rut,,,carer,,2026-12-31,attendnce;leave,yes,,,,,\n",
        "noah,rut,,,none,,,,,jepp,,,,\n",
    ] {
        let report = desk.import(&legal(row));
        assert_eq!(desk.guardianship("S1", "noah", "rut").unwrap(), before, "{row}{report}");
    }
    // The same words about somebody new give nothing that has no end.
    let mut desk = Desk::new();
    desk.import(&legal(
        "noah,rut,,,carer,,nyår,attendance;leave,yes,,,,,\nliv,rut,,,carer,,31/12,attendnce,yes,,,,,\n",
    ));
    assert!(desk.guardianship("S1", "noah", "rut").is_none() && desk.guardianship("S1", "liv", "rut").is_none());
}

#[test]
fn a_bar_that_names_only_one_of_the_two_is_told() {
    let mut desk = Desk::new();
    let report = desk.import(&legal(",erik,,,,,,,,yes,,,,\nliv,,,,,,,,,yes,,,,\n,amal,,,,,,,,,yes,,,\n"));
    assert_eq!(report.times(Code::BarUnplaced), 2, "{report}");
    assert!(report.has_safeguards_to_look_at());
    assert!(desk.person("S1", "amal").unwrap().protected_identity, "protection is about one person");
    let report = desk.import(&legal(",amal,,,,,,,,,no,,,\n"));
    assert_eq!(report.times(Code::BarUnplaced), 0);
}

#[test]
fn the_report_says_of_every_row_that_guards_what_became_of_it() {
    let mut desk = Desk::new();
    let first = "liv,amal,,,guardian,,,,yes,,,,,\nliv,erik,,,,,,,,yes,,,,\nnoah,,,,,,,,,,yes,,,\nnoah,rut,,,carer,,,attendance,yes,,,,,\n";
    let report = desk.import(&legal(first));
    let lines = |report: &ImportReport, guard, fate| -> Vec<u64> {
        report.safeguards.get(&guard).and_then(|fates| fates.get(&fate)).into_iter().flatten().copied().collect()
    };
    assert_eq!(lines(&report, Safeguard::Custody, Fate::New), [2, 5], "{report}");
    assert_eq!(lines(&report, Safeguard::Bar, Fate::New), [3]);
    assert_eq!(lines(&report, Safeguard::Protection, Fate::New), [4]);
    assert!(!report.has_safeguards_to_look_at());

    let next = "liv,amal,,,guardian,,hösten,,yes,,,,,\nliv,erik,,,,,,,,lift,,,,\nnoah,,,,,,,,,,yes,,,\nnoah,rut,,,none,,,,,,,,,\n\
                ghost,erik,,,guardian,,,,yes,,,,,\nnoah,amal,,,,,,,,jepp,,,,\n";
    let report = desk.import(&legal(next));
    assert_eq!(lines(&report, Safeguard::Custody, Fate::Held), [2], "{report}");
    assert_eq!(lines(&report, Safeguard::Custody, Fate::Ended), [5]);
    assert_eq!(lines(&report, Safeguard::Custody, Fate::NotUnderstood), [6]);
    assert_eq!(lines(&report, Safeguard::Bar, Fate::Ended), [3]);
    assert_eq!(lines(&report, Safeguard::Bar, Fate::New), [7]);
    assert_eq!(lines(&report, Safeguard::Bar, Fate::NotUnderstood), [7]);
    assert_eq!(lines(&report, Safeguard::Protection, Fate::Unchanged), [4]);
    assert!(report.to_string().contains("legal.csv bars: 1 new (line 7); 1 ended (line 3); 1 not understood (line 7)"));
}
