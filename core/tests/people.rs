//! People commands as stories: who is what to whom, and every refusal of theirs beside what is accepted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_debug_implementations)]

#[path = "attendance/school.rs"]
#[allow(dead_code, unused_imports)]
mod school;

use chrono::TimeDelta;
use school::*;
use skolebro_core::domain::{
    access,
    command::{Capacity, CommandBody},
    ids::DeviceId,
    people::{Assignment, Block, Dates, GuardianshipKind, Reach, Role, StaffMember},
    people_commands::LONGEST_ASSURANCE,
    rejection::Rejection,
    scope::{Circle, Scope, Topic},
    world::Changes,
};

fn dates(from: i64, until: i64) -> Dates {
    Dates { from: Some(after(from)), until: Some(after(until)) }
}
const REVERSED: fn() -> Dates = || dates(2, 1);

fn delegate(to: &str, topics: &[Topic], dates: Dates) -> CommandBody {
    CommandBody::DelegateTopics { pupil: person("Liv"), to: person(to), topics: topics.to_vec(), dates }
}
fn confirm(pupil: &str, adult: &str) -> CommandBody {
    let kind = GuardianshipKind::Guardian;
    CommandBody::ConfirmAdult { pupil: person(pupil), person: person(adult), kind }
}
fn block(pupil: &str, adult: &str) -> CommandBody {
    CommandBody::BlockAdult { pupil: person(pupil), person: person(adult) }
}
fn lift(pupil: &str, adult: &str) -> CommandBody {
    CommandBody::LiftBlock { pupil: person(pupil), person: person(adult) }
}
fn consent(adult: &str, dates: Dates) -> CommandBody {
    CommandBody::RecordAdultConsent { pupil: person("Elias"), person: person(adult), dates }
}
fn post(who: &str, role: Role, reach: Reach, dates: Dates) -> Assignment {
    Assignment { person: person(who), role, reach, dates }
}
fn assign(who: &str, role: Role, reach: Reach, dates: Dates) -> CommandBody {
    CommandBody::AssignStaff { assignment: post(who, role, reach, dates) }
}
fn end(who: &str, role: Role, reach: Reach, dates: Dates) -> CommandBody {
    CommandBody::EndAssignment { person: person(who), assignment: post(who, role, reach, dates) }
}
fn substitute(given: &str, family: &str, role: Role, dates: Dates) -> CommandBody {
    let (given_name, family_name) = (given.to_owned(), family.to_owned());
    CommandBody::AddSubstitute { given_name, family_name, role, group: group("4B"), dates }
}
fn class() -> Reach {
    Reach::Group(group("4B"))
}

#[test]
fn topics_go_to_a_confirmed_adult_without_custody_and_to_nobody_else() {
    let mut school = School::new();
    for to in ["Erik", "Per", "Zlatan", "Ville", "Nora", "Amal"] {
        let refused = school.home("Amal", delegate(to, &[Topic::Attendance], Dates::default()));
        assert_eq!(refused, Err(Rejection::CannotDelegateTo), "{to}");
    }
    let refused = school.home("Amal", delegate("Bo", &[Topic::Plan], Dates::default()));
    assert_eq!(refused, Err(Rejection::TopicNotDelegable));
    let refused = school.home("Amal", delegate("Bo", &[Topic::Attendance], REVERSED()));
    assert_eq!(refused, Err(Rejection::SpanReversed));
    assert!(school.world.roster.delegations(person("Liv")).is_empty());
    school.home("Amal", delegate("Bo", &[Topic::Attendance], dates(0, 2))).unwrap();
    school.home("Bo", sick_today("Liv")).unwrap();
}

#[test]
fn custody_is_not_given_to_somebody_who_is_barred() {
    let mut school = School::new();
    school.give("Olle", OFFICE, confirm("Liv", "Per")).unwrap();
    assert_eq!(school.give("Olle", OFFICE, confirm("Liv", "Zlatan")), Err(Rejection::Blocked));
    assert_eq!(school.give("Olle", OFFICE, lift("Liv", "Zlatan")), Err(Rejection::NotYours), "a principal lifts");
    school.give("Petra", PRINCIPAL, lift("Liv", "Zlatan")).unwrap();
    school.home("Zlatan", sick_today("Liv")).unwrap();
}

#[test]
fn nobody_decides_as_staff_who_is_what_to_their_own_child() {
    let mut school = School::new();
    for (mother, capacity, role) in [("Lena", PRINCIPAL, Role::Principal), ("Ulf", PRINCIPAL, Role::Principal)] {
        school.put(post(mother, role, Reach::School, Dates::default()));
        let pupil = if mother == "Lena" { "Hugo" } else { "Elias" };
        for body in [confirm(pupil, mother), block(pupil, "Bo"), lift(pupil, "Bo")] {
            assert_eq!(school.give(mother, capacity, body), Err(Rejection::OwnChild), "{mother}");
        }
    }
    assert_eq!(school.give("Ulf", PRINCIPAL, consent("Eva", Dates::default())), Err(Rejection::OwnChild));
    // A colleague does.
    school.give("Petra", PRINCIPAL, consent("Eva", Dates::default())).unwrap();
    school.give("Petra", PRINCIPAL, block("Hugo", "Bo")).unwrap();
}

#[test]
fn an_adult_pupils_consent_has_its_dates_the_right_way_round() {
    let mut school = School::new();
    assert_eq!(school.give("Olle", OFFICE, consent("Eva", REVERSED())), Err(Rejection::SpanReversed));
    school.give("Olle", OFFICE, consent("Eva", dates(0, 30))).unwrap();
    let liv = CommandBody::RecordAdultConsent { pupil: person("Liv"), person: person("Amal"), dates: Dates::default() };
    assert_eq!(school.give("Olle", OFFICE, liv), Err(Rejection::NotAdult));
}

#[test]
fn a_role_is_given_by_those_who_may_give_it_and_never_to_oneself() {
    let mut school = School::new();
    let open = Dates::default();
    for (who, capacity, body, role) in [
        ("Olle", OFFICE, assign("Nora", Role::Office, Reach::School, open), Role::Office),
        ("Olle", OFFICE, assign("Nora", Role::Principal, class(), open), Role::Principal),
        ("Olle", OFFICE, assign("Olle", Role::Teacher, class(), open), Role::Teacher),
        ("Petra", PRINCIPAL, assign("Nora", Role::Teacher, Reach::School, open), Role::Teacher),
        ("Petra", PRINCIPAL, assign("Nora", Role::Principal, class(), open), Role::Principal),
        ("Petra", PRINCIPAL, assign("Nora", Role::Organiser, Reach::School, open), Role::Organiser),
        ("Petra", PRINCIPAL, assign("Petra", Role::Teacher, class(), open), Role::Teacher),
        ("Petra", PRINCIPAL, end("Petra", Role::Principal, Reach::School, open), Role::Principal),
    ] {
        assert_eq!(school.give(who, capacity, body), Err(Rejection::CannotAssign { role }), "{who} {role:?}");
    }
    for (who, capacity) in
        [("Sanna", STAFF_4B), ("Hedda", Capacity::Staff(Role::PupilHealth)), ("Amal", Capacity::Home)]
    {
        let refused = school.give(who, capacity, assign("Nora", Role::Teacher, class(), open));
        assert_eq!(refused, Err(Rejection::NotYours), "{who}");
    }
    let refused = school.give("Olle", OFFICE, assign("Nora", Role::Teacher, class(), REVERSED()));
    assert_eq!(refused, Err(Rejection::SpanReversed));
    school.give("Olle", OFFICE, assign("Nora", Role::Teacher, class(), open)).unwrap();
    school.give("Petra", PRINCIPAL, assign("Nora", Role::Office, Reach::School, open)).unwrap();
    // What an earlier version let be given is theirs to end.
    school.give("Petra", PRINCIPAL, end("Nora", Role::Teacher, Reach::School, open)).unwrap();
}

#[test]
fn strong_assurance_is_given_to_another_for_at_most_a_year_and_for_their_own_phone() {
    let mut school = School::new();
    let (hers, olles, nobodys) = (DeviceId::new(), DeviceId::new(), DeviceId::new());
    school.world.devices.extend([(hers, person("Amal")), (olles, person("Olle"))]);
    let latest = school.world.now + LONGEST_ASSURANCE;
    let grant = |who: &str, device, until| CommandBody::GrantStrongAssurance { person: person(who), device, until };
    for until in [school.world.now, latest + TimeDelta::seconds(1)] {
        assert_eq!(school.give("Olle", OFFICE, grant("Amal", hers, until)), Err(Rejection::AssuranceSpan { latest }));
    }
    assert_eq!(school.give("Olle", OFFICE, grant("Olle", olles, latest)), Err(Rejection::OwnChild), "face to face");
    for device in [olles, nobodys] {
        assert_eq!(school.give("Olle", OFFICE, grant("Amal", device, latest)), Err(Rejection::NotYours));
    }
    assert_eq!(school.give("Olle", OFFICE, grant("Per", hers, latest)), Err(Rejection::NotYours), "pending");
    // Given again it is the same grant again, which the engine knows.
    let command = school.command(OFFICE, grant("Amal", hers, latest));
    let given = school.world.submit(Some(person("Olle")), &command).unwrap().assurance.unwrap();
    assert_eq!((given.device, given.until), (hers, latest));
}

#[test]
fn a_substitute_has_monday_and_wednesday_and_a_teacher_loses_nothing_by_a_day() {
    let mut school = School::new();
    let liv = Scope::pupil(person("Liv"), Topic::Attendance, Circle::All);
    let reads = |school: &School, who: &str, day| {
        access::subscriptions(&school.world.roster, person(who), after(day)).0.contains_key(&liv)
    };
    for day in [0, 2] {
        school.give("Olle", OFFICE, assign("Nora", Role::Teacher, class(), dates(day, day))).unwrap();
    }
    assert_eq!([0, 1, 2, 3].map(|day| reads(&school, "Nora", day)), [true, false, true, false]);
    // The permanent teacher for one day more changes nothing.
    let again = school.give("Olle", OFFICE, assign("Sanna", Role::ContactTeacher, class(), dates(0, 0)));
    assert_eq!(again, Ok(Changes::none()));
    assert!(reads(&school, "Sanna", 30));
    // One day is ended, or whatever there is.
    school.give("Olle", OFFICE, end("Nora", Role::Teacher, class(), dates(2, 2))).unwrap();
    assert_eq!([0, 2].map(|day| reads(&school, "Nora", day)), [true, false]);
    school.give("Olle", OFFICE, assign("Nora", Role::Teacher, class(), dates(4, 4))).unwrap();
    school.give("Olle", OFFICE, end("Nora", Role::Teacher, class(), Dates::default())).unwrap();
    assert_eq!([0, 4].map(|day| reads(&school, "Nora", day)), [false, false]);
}

#[test]
fn a_pupil_of_age_reports_itself_and_hears_what_its_guardians_would_have_heard() {
    let mut school = School::new();
    school.home("Elias", sick_today("Elias")).unwrap();
    assert_eq!(school.whole_days("Elias", 0, 1), [0]);
    for (who, of) in [("Elias", "Omar"), ("Omar", "Elias"), ("Eva", "Elias"), ("Liv", "Liv"), ("Nora", "Elias")] {
        assert_eq!(school.home(who, sick_today(of)), Err(Rejection::NotYours), "{who} of {of}");
    }
    // Ulf, by consent, is told beside it, and may speak for it as before.
    let told = access::homes_reading(&school.world.roster, person("Elias"), Topic::Attendance, monday());
    assert_eq!(told, [person("Ulf"), person("Elias")]);
    // Of age and at work in the school's club, Elias still does not judge its own absence.
    school.put(post("Elias", Role::Office, Reach::School, Dates::default()));
    assert_eq!(school.give("Elias", OFFICE, sick_today("Elias")), Err(Rejection::OwnChild));
    for body in [confirm("Elias", "Eva"), block("Elias", "Eva"), consent("Eva", Dates::default())] {
        assert_eq!(school.give("Elias", OFFICE, body), Err(Rejection::OwnChild));
    }
}

#[test]
fn nobody_is_confirmed_before_somebody_says_what_they_are() {
    let mut school = School::new();
    let kind = GuardianshipKind::Unspecified;
    let ville = CommandBody::ConfirmAdult { pupil: person("Liv"), person: person("Ville"), kind };
    assert_eq!(school.give("Olle", OFFICE, ville), Err(Rejection::KindNeeded));
    assert_eq!(school.home("Ville", sick_today("Liv")), Err(Rejection::NotYours));
}

#[test]
fn the_office_makes_a_substitute_whom_nobody_knows_until_a_last_day() {
    let mut school = School::new();
    let kim = || substitute(" Kim ", "Dahl", Role::Teacher, dates(0, 4));
    for (who, capacity) in [("Amal", Capacity::Home), ("Lena", STAFF_4B), ("Tomas", TEACHER), ("Nora", OFFICE)] {
        assert_eq!(school.give(who, capacity, kim()), Err(Rejection::NotYours), "{who}");
    }
    for (body, refused) in [
        (substitute("Kim", "  ", Role::Teacher, dates(0, 4)), Rejection::NameNeeded),
        (substitute("\u{202e}\0", "Sund", Role::Teacher, dates(0, 4)), Rejection::NameNeeded),
        (substitute(&"K".repeat(101), "Dahl", Role::Teacher, dates(0, 4)), Rejection::NameTooLong { most: 100 }),
        (substitute("Kim", "Dahl", Role::Teacher, Dates::default()), Rejection::EndNeeded { latest: after(366) }),
        (substitute("Kim", "Dahl", Role::Teacher, dates(-3, -1)), Rejection::EndNeeded { latest: after(366) }),
        (substitute("Kim", "Dahl", Role::Teacher, dates(0, 367)), Rejection::EndNeeded { latest: after(366) }),
        (substitute("Kim", "Dahl", Role::Teacher, REVERSED()), Rejection::SpanReversed),
        (substitute("Kim", "Dahl", Role::Principal, dates(0, 4)), Rejection::CannotAssign { role: Role::Principal }),
        (substitute("Kim", "Dahl", Role::Office, dates(0, 4)), Rejection::CannotAssign { role: Role::Office }),
    ] {
        assert_eq!(school.give("Olle", OFFICE, body), Err(refused));
    }
    let command = school.command(OFFICE, kim());
    let changes = school.submit("Olle", &command).unwrap();
    assert_eq!(changes.roster.len(), 3);
    assert_eq!(school.submit("Olle", &command), Ok(Changes::none()), "once");
    let kim_is = skolebro_core::domain::ids::PersonId::derive(&[&"substitute", &command.id]);
    let reads = |school: &School| {
        let own = Scope::pupil(person("Liv"), Topic::Attendance, Circle::All);
        access::subscriptions(&school.world.roster, kim_is, school.today()).0.contains_key(&own)
    };
    assert!(reads(&school) && school.world.roster.staff_member(kim_is).unwrap().added_here);
    // Another of the same name is another person: never taken for one by the name.
    school.give("Olle", OFFICE, kim()).unwrap();
    let many = school.world.roster.staff_of_group(group("4B")).len();
    school.give("Olle", OFFICE, kim()).unwrap();
    assert_eq!(school.world.roster.staff_of_group(group("4B")).len(), many + 1);
    school.on(after(5), "07:00");
    assert!(!reads(&school), "it ends by itself");
    // Known from now on, so that the same substitute comes back without being made anew.
    let back = Assignment { person: kim_is, role: Role::Teacher, reach: class(), dates: dates(5, 6) };
    school.give("Olle", OFFICE, CommandBody::AssignStaff { assignment: back }).unwrap();
    assert!(reads(&school));
}

#[test]
fn whoever_is_barred_from_a_pupil_makes_no_substitute_for_its_group() {
    let mut school = School::new();
    school.put(Block { pupil: person("Adam"), person: person("Olle") });
    let kim = substitute("Kim", "Dahl", Role::Teacher, dates(0, 4));
    assert_eq!(school.give("Olle", OFFICE, kim.clone()), Err(Rejection::NotYours));
    school.give("Petra", PRINCIPAL, kim).unwrap();
}

#[test]
fn a_role_goes_to_somebody_whom_the_school_knows() {
    let mut school = School::new();
    for who in ["nobody", "Omar"] {
        for (by, capacity) in [("Olle", OFFICE), ("Petra", PRINCIPAL)] {
            let refused = school.give(by, capacity, assign(who, Role::Teacher, class(), Dates::default()));
            assert_eq!(refused, Err(Rejection::NotYours), "{by} {who}");
        }
    }
    // A teacher who has nothing to do yet, and somebody's mother who steps in.
    school.put(StaffMember { person: person("Tove"), added_here: false });
    for who in ["Tove", "Nora"] {
        school.give("Olle", OFFICE, assign(who, Role::Teacher, class(), dates(0, 1))).unwrap();
    }
}
