//! Rows of a delta replace what they said before; and the brake on what a school would lose.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod roster_desk;

use roster_desk::{Desk, Files, group, lilla};
use skolebro_core::domain::{
    people::{Reach, Role},
    roster::RosterEntry,
};
use skolebro_server::roster::{codes::Code, report::Stopped};

/// Two schools and three classes.
fn town() -> Files {
    lilla()
        .and_row("orgs.csv", "S2,,,Stora skolan,school,,O")
        .and_row("school.csv", "S2,Europe/Stockholm,+46 8 765 43 21,sv")
        .and_row("classes.csv", "4C,,,4C,04,C,4C,homeroom,,S1,Y,,,")
        .and_row("classes.csv", "7X,,,7X,07,C,7X,homeroom,,S2,,,,")
}

/// A delta of some files; each is its head in the whole bundle and these rows.
fn delta(files: &[(&str, &str)]) -> Files {
    let mut manifest = "propertyName,value\noneroster.version,1.2\n".to_owned();
    let mut made = Files::default();
    for (name, rows) in files {
        manifest.push_str(&format!("file.{},delta\n", name.strip_suffix(".csv").unwrap()));
        let head = town().text(name).lines().next().unwrap().to_owned();
        made = made.with(name, format!("{head}\n{rows}\n"));
    }
    made.with("manifest.csv", manifest)
}

fn classes(desk: &Desk, sid: &str) -> Vec<&'static str> {
    ["4B", "4C", "7X"]
        .into_iter()
        .filter(|class| ["S1", "S2"].iter().any(|at| desk.membership(at, sid, class).is_some()))
        .collect()
}

#[test]
fn an_enrollment_that_comes_again_leaves_its_old_class() {
    let mut desk = Desk::new();
    desk.import(&town());
    let moved = delta(&[("enrollments.csv", "e1,active,,4C,S1,liv,student,,,")]);
    let report = desk.import(&moved);
    assert_eq!((classes(&desk, "liv"), report.facts["membership"].ended), (vec!["4C"], 1), "{report}");
    assert!(desk.import(&moved).is_quiet(), "the same delta again");
    desk.import(&delta(&[("enrollments.csv", "e1,active,,4B,S1,liv,student,,,")]));
    assert_eq!(classes(&desk, "liv"), ["4B"], "and back");
    assert_eq!(classes(&desk, "noah"), ["4B"], "nobody else's");
    // A bulk says it whole, and a delta goes on from there.
    desk.import(&town().change("enrollments.csv", "e1,,,4B,S1,liv", "e1,,,4C,S1,liv"));
    desk.import(&delta(&[("enrollments.csv", "e1,active,,4B,S1,liv,student,,,")]));
    assert_eq!(classes(&desk, "liv"), ["4B"]);
}

#[test]
fn an_id_that_is_given_to_another_child_or_deleted_ends_what_it_said_last() {
    let mut desk = Desk::new();
    desk.import(&town());
    desk.import(&delta(&[("enrollments.csv", "e1,active,,4C,S1,noah,student,,,")]));
    assert_eq!((classes(&desk, "liv"), classes(&desk, "noah")), (vec![], vec!["4B", "4C"]));
    desk.import(&delta(&[("enrollments.csv", "e1,tobedeleted,,4C,S1,noah,student,,,")]));
    assert_eq!(classes(&desk, "noah"), ["4B"]);
    // Deleted by its id alone, as some systems do.
    let report = desk.import(&delta(&[("enrollments.csv", "e2,tobedeleted,2026-09-02T00:00:00Z,,,,,,,")]));
    assert_eq!((classes(&desk, "noah"), report.times(Code::IdMissing)), (vec![], 0), "{report}");
}

/// A bundle without roles: the classes say who is a pupil where.
#[test]
fn a_pupil_by_class_alone_leaves_the_school_with_its_last_class() {
    let mut desk = Desk::new();
    let roleless = town().without("roles.csv").change("manifest.csv", "file.roles,bulk", "file.roles,absent");
    desk.import(&roleless.and_row("enrollments.csv", "e9,,,4C,S1,noah,student,,,"));
    desk.import(&delta(&[("enrollments.csv", "e1,active,,7X,S2,liv,student,,,\ne2,active,,7X,S2,noah,student,,,")]));
    let at = |sid: &str| ["S1", "S2"].map(|school| desk.enrolment(school, sid).is_some());
    assert_eq!((at("liv"), at("noah")), ([false, true], [true, true]), "Noah is in 4C still");
}

#[test]
fn a_place_that_another_row_still_gives_stays() {
    let mut desk = Desk::new();
    desk.import(&town().and_row("enrollments.csv", "e9,,,4B,S1,liv,student,,2026-08-01,2027-06-01"));
    desk.import(&delta(&[("enrollments.csv", "e1,active,,4C,S1,liv,student,,,")]));
    assert_eq!(classes(&desk, "liv"), ["4B", "4C"]);
    let dates = desk.membership("S1", "liv", "4B").unwrap().dates;
    assert!(dates.from.is_some() && dates.until.is_some(), "as the other row says");
    desk.import(&delta(&[("enrollments.csv", "e9,tobedeleted,,4B,S1,liv,student,,,")]));
    assert_eq!(classes(&desk, "liv"), ["4C"]);
}

#[test]
fn a_row_that_cannot_be_read_takes_nothing_back() {
    let mut desk = Desk::new();
    desk.import(&town());
    let before = desk.stored.clone();
    for rows in [
        "e1,active,,4C,S1,liv,student,,,07/08/2027",
        "e1,perhaps,,4C,S1,liv,student,,,",
        "e1,active,,9Z,S1,liv,student,,,",
        "e1,active,,4C,S1,ghost,student,,,",
    ] {
        let report = desk.import(&delta(&[("orgs.csv", "O,,,Storviks kommun,district,,"), ("enrollments.csv", rows)]));
        assert_eq!(classes(&desk, "liv"), ["4B"], "{rows}: {report}");
    }
    for rows in ["r1,active,,liv,primary,elev,,,S2,", "r1,active,,liv,primary,student,,31/31/2027,S2,"] {
        let report = desk.import(&delta(&[("roles.csv", rows)]));
        assert_eq!(before, desk.stored, "{rows}: {report}");
    }
    // What it said before it was unreadable is still known.
    desk.import(&delta(&[("enrollments.csv", "e1,active,,4C,S1,liv,student,,,")]));
    assert_eq!(classes(&desk, "liv"), ["4C"]);
}

#[test]
fn a_place_by_a_delta_is_bounded_by_the_terms_that_its_class_had() {
    let mut desk = Desk::new();
    desk.import(&town());
    desk.import(&delta(&[("enrollments.csv", "e1,active,,4C,S1,liv,student,,,")]));
    let until = desk.membership("S1", "liv", "4C").unwrap().dates.until;
    assert_eq!(until, Some(roster_desk::day("2027-06-30")), "not for ever");
}

#[test]
fn a_teacher_who_changes_class_or_task_leaves_the_old_one() {
    let mut desk = Desk::new();
    desk.import(&town());
    desk.import(&delta(&[("enrollments.csv", "e3,active,,4B,S1,sanna,teacher,false,,")]));
    assert_eq!(
        desk.roles("S1", "sanna"),
        [(Role::Teacher, Reach::Group(group("4B")))],
        "no longer the contact teacher"
    );
    desk.import(&delta(&[("enrollments.csv", "e3,active,,4C,S1,sanna,teacher,true,,")]));
    assert_eq!(desk.roles("S1", "sanna"), [(Role::ContactTeacher, Reach::Group(group("4C")))]);
}

#[test]
fn a_role_that_moves_leaves_its_old_school() {
    let mut desk = Desk::new();
    desk.import(&town());
    let report = desk.import(&delta(&[("roles.csv", "r1,active,,liv,primary,student,,,S2,")]));
    assert!(desk.enrolment("S1", "liv").is_none() && desk.enrolment("S2", "liv").is_some(), "{report}");
    assert!(desk.membership("S1", "liv", "4B").is_none(), "who is no pupil here is in no class");
    desk.import(&delta(&[("roles.csv", "r6,active,,rut,primary,siteAdministrator,,,S1,")]));
    assert_eq!(desk.roles("S1", "rut"), [(Role::Office, Reach::School)], "the principal's row says office now");
    desk.import(&delta(&[("roles.csv", "r6,active,,rut,primary,principal,,,S2,")]));
    assert_eq!((desk.roles("S1", "rut"), desk.roles("S2", "rut")), (vec![], vec![(Role::Principal, Reach::School)]));
    let works_at = |desk: &Desk, sid: &str| {
        let of = |at: &str| {
            desk.entries(at).any(|stored| {
                matches!(stored.entry, RosterEntry::StaffMember(member) if member.person == roster_desk::person(sid))
            })
        };
        [of("S1"), of("S2")]
    };
    assert_eq!((works_at(&desk, "rut"), works_at(&desk, "sanna")), ([false, true], [true, false]));
    // To a word that gives nothing.
    desk.import(&delta(&[("roles.csv", "r6,active,,rut,primary,counselor,,,S2,")]));
    assert_eq!(desk.roles("S2", "rut"), []);
}

#[test]
fn a_users_adults_are_those_that_the_row_names_now() {
    let mut desk = Desk::new();
    desk.import(&town());
    let liv = |agents: &str| format!("liv,,,true,liv,,Liv,Åkesson,,,,,,{agents},04,");
    let report = desk.import(&delta(&[("users.csv", &liv("amal"))]));
    assert!(desk.guardianship("S1", "liv", "erik").is_none(), "{report}");
    assert!(desk.guardianship("S1", "liv", "amal").is_some());
    // Named from the other side too: it stays until neither names the other.
    desk.import(&delta(&[("users.csv", "amal,,,true,amal,,Amal,Haddad,,,,,,liv,,")]));
    desk.import(&delta(&[("users.csv", &liv(""))]));
    assert!(desk.guardianship("S1", "liv", "amal").is_some());
    desk.import(&delta(&[("users.csv", "amal,,,true,amal,,Amal,Haddad,,,,,,,,")]));
    assert!(desk.guardianship("S1", "liv", "amal").is_none());
}

#[test]
fn a_disabled_account_takes_assignments_that_the_delta_does_not_repeat() {
    let mut desk = Desk::new();
    desk.import(&town());
    desk.import(&delta(&[(
        "users.csv",
        "sanna,,,false,sanna,,Sanna,Lind,,,,,,,,\nliv,,,false,liv,,Liv,Åkesson,,,,,,\"amal,erik\",04,",
    )]));
    assert_eq!((desk.roles("S1", "sanna"), classes(&desk, "liv")), (vec![], vec!["4B"]));
}

#[test]
fn a_class_that_moves_takes_its_pupils_and_teacher_along_and_leaves_the_old_school() {
    let mut desk = Desk::new();
    desk.import(&town());
    let report = desk.import(&delta(&[("classes.csv", "4B,,,4B,04,,4B,homeroom,,S2,,,,")]));
    assert!(desk.group("S1", "4B").is_none() && desk.group("S2", "4B").is_some(), "{report}");
    assert!(desk.membership("S1", "liv", "4B").is_none() && desk.membership("S2", "liv", "4B").is_some());
    assert_eq!((desk.roles("S1", "sanna"), desk.roles("S2", "sanna").len()), (vec![], 1));
}

#[test]
fn a_bulk_of_the_other_school_forgets_nothing_of_this_one() {
    let mut desk = Desk::new();
    desk.import(&town());
    let other = town()
        .change("orgs.csv", "S1,,,Lilla skolan,school,,O\n", "")
        .with("classes.csv", town().text("classes.csv").lines().filter(|line| !line.contains(",S1,")).map(|line| format!("{line}\n")).collect::<String>())
        .with("users.csv", format!("{}olle,,,true,olle,,Olle,Ek,,,,,,,07,\n", roster_desk::USERS_1_2))
        .with("roles.csv", "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\nr90,,,olle,primary,student,,,S2\n")
        .with("enrollments.csv", "sourcedId,classSourcedId,userSourcedId,role\ne90,7X,olle,student\n")
        .without("school.csv");
    let report = desk.import(&other);
    assert_eq!(classes(&desk, "olle"), ["7X"], "{report}");
    desk.import(&delta(&[("enrollments.csv", "e1,active,,4C,S1,liv,student,,,")]));
    assert_eq!(classes(&desk, "liv"), ["4C"], "what e1 said is still known");
}

#[test]
fn a_delta_over_a_folder_that_does_not_remember_says_so() {
    let mut desk = Desk::new();
    desk.import(&town());
    desk.said.clear();
    let report = desk.import(&delta(&[("enrollments.csv", "e1,active,,4C,S1,liv,student,,,")]));
    assert_eq!(report.times(Code::DeltaTooEarly), 1, "{report}");
    desk.said.clear();
    desk.import(&town());
    let report = desk.import(&delta(&[("enrollments.csv", "e1,active,,4C,S1,liv,student,,,")]));
    assert_eq!((report.times(Code::DeltaTooEarly), classes(&desk, "liv")), (0, vec!["4C"]), "{report}");
}

/// Of one school: so many pupils with a guardian each, two teachers, an office and a principal.
fn crowd(at: &str, pupils: usize) -> (String, String, String, String) {
    let (mut users, mut roles, mut places) = (String::new(), String::new(), String::new());
    for n in 0..pupils {
        users +=
            &format!("{at}p{n},,,true,x,,Barn{n},Ask,,,,,,{at}g{n},04,\n{at}g{n},,,true,x,,Vuxen{n},Ask,,,,,,,,\n");
        roles +=
            &format!("r{at}p{n},,,{at}p{n},primary,student,,,{at},\nr{at}g{n},,,{at}g{n},primary,parent,,,{at},\n");
        places += &format!("e{at}p{n},,,{at}K,{at},{at}p{n},student,,,\n");
    }
    for (who, role) in [("t1", "teacher"), ("t2", "teacher"), ("o1", "siteAdministrator"), ("h1", "principal")] {
        users += &format!("{at}{who},,,true,x,,{at}{who},Lind,,,,,,,,\n");
        roles += &format!("r{at}{who},,,{at}{who},primary,{role},,,{at},\n");
        if role == "teacher" {
            places += &format!("e{at}{who},,,{at}K,{at},{at}{who},teacher,true,,\n");
        }
    }
    (users, roles, places, format!("{at}K,,,4K,04,,K,homeroom,,{at},,,,\n"))
}

fn two_schools() -> Files {
    let mut files = town();
    for at in ["S1", "S2"] {
        let (users, roles, places, class) = crowd(at, 40);
        for (name, rows) in
            [("users.csv", users), ("roles.csv", roles), ("enrollments.csv", places), ("classes.csv", class)]
        {
            files = files.clone().with(name, format!("{}{rows}", files.text(name)));
        }
    }
    files
}

/// The bundle without rows that a word of theirs names.
fn without(files: Files, names: &[&str], lost: impl Fn(&str) -> bool) -> Files {
    names.iter().fold(files, |files, name| {
        let kept: String =
            files.text(name).lines().filter(|line| !lost(line)).map(|line| format!("{line}\n")).collect();
        files.with(name, kept)
    })
}

fn lost(desk: &Desk, files: &Files) -> Vec<(String, u64)> {
    match desk.plan(files).too_much_ending(5).unwrap() {
        Some(Stopped::ColumnsUnknown { .. }) | None => Vec::new(),
        Some(Stopped::TooMuchEnding { losses, .. }) => {
            losses.into_iter().map(|loss| (format!("{} {}", loss.name, loss.kind), loss.ending)).collect()
        }
    }
}

#[test]
fn a_school_does_not_lose_all_of_a_kind_without_a_question() {
    let mut desk = Desk::new();
    desk.import(&two_schools());
    assert_eq!(lost(&desk, &two_schools()), []);
    let kinds = |files: Files| -> Vec<String> { lost(&desk, &files).into_iter().map(|(kind, _)| kind).collect() };

    // All staff of one of the two.
    let staff = |line: &str| ["S2t", "S2o", "S2h"].iter().any(|who| line.split(',').any(|cell| cell.starts_with(who)));
    let found = kinds(without(two_schools(), &["users.csv", "roles.csv", "enrollments.csv"], staff));
    assert!(found.contains(&"Stora skolan assignment".to_owned()), "{found:?}");
    assert!(found.iter().all(|kind| !kind.starts_with("Lilla")), "{found:?}");
    // All adults at home: a column that came out empty.
    let files = two_schools();
    let text = files.text("users.csv");
    let emptied: String = text
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if line.starts_with("S1p") {
                cells[13] = "";
            }
            cells.join(",") + "\n"
        })
        .collect();
    let found = kinds(files.with("users.csv", emptied));
    assert_eq!(found, ["Lilla skolan guardianship"]);
    // All roles over since yesterday: nothing ends, and everything does.
    let over = two_schools().change("roles.csv", "primary,student,,,S2,", "primary,student,,2026-08-20,S2,");
    assert!(kinds(over).contains(&"Stora skolan enrolment".to_owned()));
    // Two accounts of two teachers disabled.
    let disabled = two_schools().change("users.csv", "S2t1,,,true", "S2t1,,,false").change(
        "users.csv",
        "S2t2,,,true",
        "S2t2,,,false",
    );
    assert_eq!(kinds(disabled), ["Stora skolan assignment/contact_teacher"]);
}

#[test]
fn what_changes_in_an_ordinary_week_is_no_question() {
    let mut desk = Desk::new();
    desk.import(&two_schools());
    let everywhere = ["users.csv", "roles.csv", "enrollments.csv"];
    // The head teacher retires, and the successor is not there yet; one teacher leaves; a child moves away.
    for who in ["S2h1", "S2t1", "S2p7"] {
        let files = without(two_schools(), &everywhere, |line| line.split(',').any(|cell| cell == who));
        assert_eq!(lost(&desk, &files), [], "{who}");
    }
    // Three children; then a fourth.
    let gone = |many: usize| {
        let who: Vec<String> = (0..many).map(|n| format!("S2p{n}")).collect();
        without(two_schools(), &everywhere, move |line| line.split(',').any(|cell| who.iter().any(|sid| sid == cell)))
    };
    assert_eq!(lost(&desk, &gone(3)), []);
    assert!(lost(&desk, &gone(4)).contains(&("Stora skolan enrolment".to_owned(), 4)));
    // The school's last member of staff.
    let mut small = Desk::new();
    small.import(&lilla());
    let alone = lilla().change("enrollments.csv", "e3,,,4B,S1,sanna,teacher,true,,\n", "").change(
        "roles.csv",
        "r6,,,rut,primary,principal,,,S1,\n",
        "",
    );
    let nobody: Vec<String> = lost(&small, &alone).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(nobody, ["Lilla skolan assignment"]);
}
