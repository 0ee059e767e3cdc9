//! Every cell of the access table, with the wrong person tried beside the right one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::NaiveDate;
use skolebro_core::domain::{
    access::{self, Needs, Place, Relation, may, reads, relations},
    access_page::{self, system_commands},
    command::{Capacity, CommandKind, CommandSubject},
    ids::{GroupId, PersonId, SchoolId},
    people::*,
    roster::{Roster, RosterEntry},
    scope::{Circle, Scope, Subject, Topic},
};
use std::collections::BTreeSet;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn today() -> NaiveDate {
    day("2026-11-23")
}
fn person(name: &str) -> PersonId {
    PersonId::derive(&[&name])
}
fn group(name: &str) -> GroupId {
    GroupId::derive(&[&name])
}

/// Liv is in 4B, Omar in 4C; Amal is Liv's adult of the kind under test, Erik her guardian, Nora Omar's guardian.
struct Village(Roster);

impl Village {
    fn new() -> Self {
        let mut roster = Roster::default();
        let school = School {
            id: SchoolId::derive(&[&"björk"]),
            name: "Björkskolan".into(),
            organiser: "Exempelkommun".into(),
            time_zone: chrono_tz::Europe::Stockholm,
            phone: "021-000 00".into(),
            language: Language::Sv,
        };
        roster.put(&RosterEntry::School(school));
        for (pupil, class) in [("Liv", "4B"), ("Omar", "4C")] {
            roster.put(
                &Group {
                    id: group(class),
                    name: class.into(),
                    kind: GroupKind::Class,
                    form: SchoolForm::Compulsory,
                    code: None,
                    location: None,
                }
                .into(),
            );
            roster
                .put(&Enrolment { pupil: person(pupil), form: SchoolForm::Compulsory, dates: Dates::default() }.into());
            roster.put(&Membership { pupil: person(pupil), group: group(class), dates: Dates::default() }.into());
        }
        let mut village = Self(roster);
        village.adult("Erik", "Liv", GuardianshipKind::Guardian, &[]);
        village.adult("Nora", "Omar", GuardianshipKind::Guardian, &[]);
        village
    }

    fn adult(&mut self, name: &str, pupil: &str, kind: GuardianshipKind, topics: &[Topic]) {
        self.0.put(&RosterEntry::Guardianship(Guardianship {
            pupil: person(pupil),
            person: person(name),
            kind,
            standing: Standing::Confirmed,
            dates: Dates::default(),
            topics: topics.to_vec(),
        }));
    }

    /// A pupil of 4B, born on that day where it is known.
    fn pupil(&mut self, name: &str, born: Option<&str>) {
        let pupil = person(name);
        self.0.put(&Enrolment { pupil, form: SchoolForm::UpperSecondary, dates: Dates::default() }.into());
        self.0.put(&Membership { pupil, group: group("4B"), dates: Dates::default() }.into());
        self.0.put(&RosterEntry::Person(Person {
            id: pupil,
            given_name: name.into(),
            family_name: String::new(),
            language: None,
            phone: None,
            email: None,
            birth_date: born.map(day),
            protected_identity: false,
        }));
    }

    fn staff(&mut self, name: &str, role: Role, reach: Reach) {
        self.0.put(&RosterEntry::Assignment(Assignment { person: person(name), role, reach, dates: Dates::default() }));
    }

    fn reads(&self, who: &str, scope: Scope) -> bool {
        access::subscriptions(&self.0, person(who), today()).0.contains_key(&scope)
    }

    fn may(&self, who: &str, capacity: Capacity, kind: CommandKind, pupil: &str) -> bool {
        access::may_about_pupil(&self.0, person(who), capacity, kind, person(pupil), today())
    }
}

/// The scope that a column means for the adult or member of staff under test, about this pupil and its class.
fn scope(place: Place, pupil: &str, class: &str, relation: Relation) -> Scope {
    let (pupil, class) = (person(pupil), group(class));
    match place {
        Place::SchoolAll(topic) => Scope::school(topic, Circle::All),
        Place::SchoolStaff(topic) => Scope::school(topic, Circle::Staff),
        Place::GroupAll(topic) => Scope::group(class, topic, Circle::All),
        Place::GroupStaff(topic) => Scope::group(class, topic, Circle::Staff),
        Place::PupilAll(topic) => Scope::pupil(pupil, topic, Circle::All),
        Place::PupilStaff(topic) => Scope::pupil(pupil, topic, Circle::Staff),
        Place::PupilParty(topic) => {
            let own = if matches!(relation, Relation::Staff(_)) { person("Erik") } else { person("Amal") };
            Scope::pupil(pupil, topic, Circle::Party(own))
        }
        Place::Own(topic) => Scope::own(person("Amal"), topic),
    }
}

fn village_with(relation: Relation, topics: &[Topic]) -> Village {
    let mut village = Village::new();
    match relation {
        Relation::Home(kind) => village.adult("Amal", "Liv", kind, topics),
        Relation::Staff(role) => village.staff("Amal", role, Reach::Group(group("4B"))),
        Relation::AdultPupil => village.pupil("Amal", Some("2008-11-23")),
        Relation::Itself => village.adult("Amal", "Liv", GuardianshipKind::Guardian, &[]),
    }
    village
}

/// The pupil that the one under test has that relation to: a pupil of age has it to itself.
fn own_pupil(relation: Relation) -> &'static str {
    if relation == Relation::AdultPupil { "Amal" } else { "Liv" }
}

#[test]
fn every_reading_cell_gives_what_it_says_and_nothing_else() {
    for relation in relations() {
        for place in access_page::places() {
            let needs = reads(relation).iter().find(|(p, _)| *p == place).map(|(_, needs)| *needs);
            let topic = match place {
                Place::SchoolAll(t)
                | Place::GroupAll(t)
                | Place::SchoolStaff(t)
                | Place::GroupStaff(t)
                | Place::PupilAll(t)
                | Place::PupilStaff(t)
                | Place::PupilParty(t)
                | Place::Own(t) => t,
            };
            // Itself is tried through a guardian's own scopes; its other columns are that guardian's.
            if relation == Relation::Itself && !matches!(place, Place::Own(_)) {
                continue;
            }
            let own = matches!(place, Place::Own(_)) && relation != Relation::Itself;
            for topics in [vec![], vec![topic], vec![Topic::Book]] {
                let village = village_with(relation, &topics);
                let custody = !matches!(relation, Relation::Home(kind) if !kind.has_custody());
                let delegated = |t: &Topic| {
                    !custody && relation != Relation::Home(GuardianshipKind::Unspecified) && topics.contains(t)
                };
                let expected = match needs {
                    None => own && !access::subscriptions(&village.0, person("Amal"), today()).0.is_empty(),
                    Some(Needs::Nothing) => true,
                    Some(Needs::Delegation) => delegated(&topic),
                    Some(Needs::AnyDelegation) => !custody && !topics.is_empty(),
                };
                // What the school's staff keep together needs an assignment that reaches the school; see below.
                let expected = expected && !matches!(place, Place::SchoolStaff(_));
                let got = village.reads("Amal", scope(place, own_pupil(relation), "4B", relation));
                assert_eq!(got, expected, "{relation:?} × {place:?} with {topics:?} delegated");
                if !matches!(place, Place::SchoolAll(_) | Place::SchoolStaff(_) | Place::Own(_)) {
                    let other = village.reads("Amal", scope(place, "Omar", "4C", relation));
                    assert!(!other, "{relation:?} × {place:?} must not reach another child or class");
                }
                if relation == Relation::AdultPupil && matches!(place, Place::PupilAll(_) | Place::PupilParty(_)) {
                    let mate = village.reads("Amal", scope(place, "Liv", "4B", relation));
                    assert!(!mate, "{place:?}: of oneself, and of nobody in one's class");
                }
                assert!(!village.reads("stranger", scope(place, "Liv", "4B", relation)), "a stranger reads {place:?}");
            }
        }
    }
}

fn capacity_of(relation: Relation) -> Capacity {
    match relation {
        Relation::Home(_) | Relation::AdultPupil | Relation::Itself => Capacity::Home,
        Relation::Staff(role) => Capacity::Staff(role),
    }
}

/// Whether the engine lets that one, about Liv, her class or the school.
fn lets(village: &Village, who: &str, capacity: Capacity, kind: CommandKind, pupil: &str, class: &str) -> bool {
    match kind.subject() {
        CommandSubject::Pupil | CommandSubject::OthersPupil => village.may(who, capacity, kind, pupil),
        CommandSubject::Group | CommandSubject::WholeGroup => {
            access::may_about_group(&village.0, person(who), capacity, kind, group(class), today())
        }
        CommandSubject::School => access::may_about_school(&village.0, person(who), capacity, kind, today()),
        // Of one's own scope, in whatever capacity: told as a story in attendance/missing.rs.
        CommandSubject::Oneself => false,
    }
}

#[test]
fn every_command_cell_gives_what_it_says_and_nothing_else() {
    for relation in relations().into_iter().filter(|relation| *relation != Relation::Itself) {
        for kind in CommandKind::ALL.iter().copied() {
            let needs = may(relation, kind);
            let capacity = capacity_of(relation);
            for topics in [vec![], vec![Topic::Attendance], vec![Topic::Book]] {
                let village = village_with(relation, &topics);
                let in_the_table = match needs {
                    None => false,
                    Some(Needs::Nothing) => true,
                    Some(Needs::Delegation) => topics.contains(&Topic::Attendance),
                    Some(Needs::AnyDelegation) => !topics.is_empty(),
                };
                let what = format!("{relation:?} × {kind:?} {topics:?}");
                // What is of the school is not for one whose assignment reaches a class.
                let expected =
                    in_the_table && !matches!(kind.subject(), CommandSubject::School | CommandSubject::Oneself);
                assert_eq!(lets(&village, "Amal", capacity, kind, own_pupil(relation), "4B"), expected, "{what}");
                assert!(!lets(&village, "Amal", capacity, kind, "Omar", "4C"), "{what} about another child or class");
                assert!(!lets(&village, "stranger", capacity, kind, "Liv", "4B"), "a stranger × {kind:?}");
                assert!(!lets(&village, "Amal", Capacity::System, kind, "Liv", "4B"), "nobody acts as the clock");
                let Relation::Staff(role) = relation else { continue };
                let mut whole = Village::new();
                whole.staff("Amal", role, Reach::School);
                let expected = in_the_table && kind.subject() != CommandSubject::Oneself;
                assert_eq!(lets(&whole, "Amal", capacity, kind, "Omar", "4C"), expected, "{what} of the whole school");
                assert!(
                    !lets(&whole, "Amal", capacity, kind, "Nobody", "9Z") || kind.subject() == CommandSubject::School,
                    "{what}"
                );
            }
        }
    }
}

/// Whatever that relation may ask for, about Liv, her class and the school, where its assignment is of the whole school.
fn asks_for(relation: Relation, topics: &[Topic]) -> BTreeSet<&'static str> {
    let mut village = village_with(relation, topics);
    if let Relation::Staff(role) = relation {
        village.staff("Amal", role, Reach::School);
    }
    let kinds = CommandKind::ALL.iter().copied();
    let may = kinds.filter(|kind| lets(&village, "Amal", capacity_of(relation), *kind, own_pupil(relation), "4B"));
    may.map(CommandKind::as_str).collect()
}

/// The scopes that it reads, with the names of those they are about.
fn scopes_of(relation: Relation, topics: &[Topic], reach: Reach) -> BTreeSet<String> {
    let mut village = village_with(relation, topics);
    if let (Relation::Staff(role), Reach::School) = (relation, reach) {
        village.staff("Amal", role, Reach::School);
    }
    let named = |scope: Scope| {
        let mut text = scope.to_string();
        for name in ["Liv", "Omar", "Amal", "Erik", "Nora"] {
            text = text.replace(&person(name).to_string(), name);
        }
        ["4B", "4C"].iter().fold(text, |text, name| text.replace(&group(name).to_string(), name))
    };
    access::subscriptions(&village.0, person("Amal"), today()).0.into_keys().map(named).collect()
}

fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    items.into_iter().collect()
}

const AT_HOME: [&str; 5] = ["report_absence", "end_absence", "extend_absence", "withdraw_absence", "explain_absence"];
const ROLL: [&str; 4] = ["mark_roll", "undo_mark", "close_roll", "mark_seen"];

/// The sentences of domain.md, written out: a wrong cell fails here, whatever the table says.
#[test]
fn what_domain_md_says_of_each_at_home() {
    use GuardianshipKind as G;
    let whole = ["school/info/all", "group:4B/info/all", "person:Amal/info/all", "person:Amal/attendance/all"];
    let custody = ["info", "attendance", "plan", "care"].map(|topic| format!("pupil:Liv/{topic}/all"));
    let mut reads = set(custody.into_iter().chain(whole.map(str::to_owned)));
    reads.insert("pupil:Liv/attendance/party:Amal".to_owned());
    let mut says = set(AT_HOME);
    says.insert("delegate_topics");
    for kind in [G::Guardian, G::SpeciallyAppointedGuardian, G::AppointedRepresentative] {
        let home = Relation::Home(kind);
        assert_eq!(scopes_of(home, &[], Reach::School), reads, "{kind:?} has a guardian's full powers");
        assert_eq!(asks_for(home, &[]), says, "{kind:?}");
    }
    for kind in [G::Carer, G::ParentWithoutCustody] {
        let home = Relation::Home(kind);
        assert_eq!(scopes_of(home, &[], Reach::School), set([]), "{kind:?}: by default nothing");
        assert_eq!(asks_for(home, &[]), set([]), "{kind:?}: by default nothing");
        let mut delegated = set(whole.map(str::to_owned));
        let of_liv = ["pupil:Liv/info/all", "pupil:Liv/attendance/all", "pupil:Liv/attendance/party:Amal"];
        delegated.extend(of_liv.map(str::to_owned));
        assert_eq!(scopes_of(home, &[Topic::Attendance], Reach::School), delegated, "{kind:?}: that topic alone");
        assert_eq!(asks_for(home, &[Topic::Attendance]), set(AT_HOME), "{kind:?} reports the child sick");
        assert_eq!(asks_for(home, &[Topic::Leave, Topic::Book]), set([]), "{kind:?}: not what was not delegated");
    }
    let every = Topic::ALL;
    assert_eq!(scopes_of(Relation::Home(G::Unspecified), every, Reach::School), set([]), "an import gives no custody");
    assert_eq!(asks_for(Relation::Home(G::Unspecified), every), set([]));
}

#[test]
fn a_pupil_has_from_its_18th_birthday_what_its_guardians_had_until_then() {
    let whole = ["school/info/all", "group:4B/info/all", "person:Amal/info/all", "person:Amal/attendance/all"];
    let mut reads = set(whole.map(str::to_owned));
    reads.extend(["info", "attendance", "plan", "care"].map(|topic| format!("pupil:Amal/{topic}/all")));
    reads.insert("pupil:Amal/attendance/party:Amal".to_owned());
    assert_eq!(scopes_of(Relation::AdultPupil, &[], Reach::School), reads);
    assert_eq!(
        asks_for(Relation::AdultPupil, &[]),
        set(AT_HOME),
        "it delegates nothing: there is nobody to answer for it"
    );
    // The day before, and where nobody knows the day, it is a child like any other.
    for born in [Some("2008-11-24"), None] {
        let mut village = Village::new();
        village.pupil("Amal", born);
        assert!(access::subscriptions(&village.0, person("Amal"), today()).0.is_empty(), "{born:?}");
        for kind in CommandKind::ALL.iter().copied() {
            assert!(!lets(&village, "Amal", Capacity::Home, kind, "Amal", "4B"), "{born:?} {kind:?}");
        }
    }
    // Neither for a classmate, nor as another's former guardian, nor after it has left, nor once it is barred.
    let mut village = village_with(Relation::AdultPupil, &[]);
    village.adult("Mona", "Amal", GuardianshipKind::Guardian, &[]);
    for (who, of) in [("Amal", "Liv"), ("Mona", "Amal"), ("Erik", "Amal"), ("Liv", "Amal")] {
        assert!(!village.may(who, Capacity::Home, CommandKind::ReportAbsence, of), "{who} of {of}");
    }
    let left = Dates { from: None, until: Some(day("2026-11-22")) };
    village.0.put(&Enrolment { pupil: person("Amal"), form: SchoolForm::UpperSecondary, dates: left }.into());
    assert!(!village.may("Amal", Capacity::Home, CommandKind::ReportAbsence, "Amal"));
}

#[test]
fn staff_read_what_a_pupil_of_age_writes_to_them_and_nobody_else_at_home_does() {
    let mut village = village_with(Relation::AdultPupil, &[]);
    village.staff("Olle", Role::Office, Reach::School);
    let own = Scope::pupil(person("Amal"), Topic::Attendance, Circle::Party(person("Amal")));
    assert!(village.reads("Olle", own) && village.reads("Amal", own));
    assert!(!village.reads("Erik", own) && !village.reads("Liv", own));
    let child = Scope::pupil(person("Liv"), Topic::Attendance, Circle::Party(person("Liv")));
    assert!(!village.reads("Olle", child), "a child has no circle of its own");
}

#[test]
fn what_domain_md_says_of_each_member_of_staff() {
    let organiser = Relation::Staff(Role::Organiser);
    let own = ["school/info/all", "person:Amal/info/all", "person:Amal/attendance/all"].map(str::to_owned);
    assert_eq!(scopes_of(organiser, &[], Reach::School), set(own), "the organiser reads no pupil and no class");
    assert_eq!(asks_for(organiser, &[]), set([]));
    for role in [Role::SpecialEducator, Role::PupilHealth] {
        assert_eq!(
            asks_for(Relation::Staff(role), &[]),
            set(["handle_follow_up"]),
            "{role:?}, where it is told of one"
        );
        let reads = scopes_of(Relation::Staff(role), &[], Reach::Group(group("4B")));
        assert!(reads.contains("pupil:Liv/attendance/all") && !reads.iter().any(|scope| scope.contains("party")));
    }
    for role in [Role::Teacher, Role::PreschoolStaff, Role::AfterSchoolStaff] {
        let mut teaching = set(ROLL);
        teaching.insert("handle_follow_up");
        assert_eq!(asks_for(Relation::Staff(role), &[]), teaching, "{role:?} calls the roll");
    }
    let mut contact = set(ROLL);
    contact.extend(["judge_explanation", "log_call", "handle_follow_up"]);
    assert_eq!(asks_for(Relation::Staff(Role::ContactTeacher), &[]), contact);
    let mut office = contact.clone();
    office.extend(["report_absence", "end_absence", "extend_absence", "withdraw_absence"]);
    office.extend(["confirm_adult", "block_adult", "add_substitute", "assign_staff", "end_assignment"]);
    office.extend(["record_adult_consent", "grant_strong_assurance"]);
    assert_eq!(
        asks_for(Relation::Staff(Role::Office), &[]),
        office,
        "it files on behalf of a guardian, explains nothing"
    );
    office.insert("lift_block");
    for role in [Role::Principal, Role::DeputyPrincipal] {
        assert_eq!(asks_for(Relation::Staff(role), &[]), office, "{role:?} alone lifts a block");
    }
    // Who reads plans and extended collaboration, and who hears of the calls to make.
    for role in Role::ALL.iter().copied() {
        let reads = scopes_of(Relation::Staff(role), &[], Reach::School);
        let leads = matches!(role, Role::Principal | Role::DeputyPrincipal);
        for sensitive in ["pupil:Liv/plan/all", "pupil:Liv/care/all"] {
            assert_eq!(reads.contains(sensitive), leads || role == Role::ContactTeacher, "{role:?} {sensitive}");
        }
        assert_eq!(reads.contains("school/attendance/staff"), leads || role == Role::Office, "{role:?}");
        assert!(!reads.iter().any(|scope| scope.starts_with("person:") && !scope.contains("Amal")), "{role:?}");
    }
}

#[test]
fn a_notice_alone_is_for_the_person_itself() {
    for kind in CommandKind::ALL.iter().copied() {
        assert_eq!(may(Relation::Itself, kind).is_some(), kind == CommandKind::MarkNoticeRead, "{kind:?}");
    }
}

#[test]
fn what_the_schools_staff_keep_together_needs_an_assignment_to_the_whole_school() {
    for role in Role::ALL.iter().copied() {
        let mut village = Village::new();
        village.staff("Amal", role, Reach::School);
        for place in access_page::places().into_iter().filter(|place| matches!(place, Place::SchoolStaff(_))) {
            let listed = reads(Relation::Staff(role)).iter().any(|(p, _)| *p == place);
            assert_eq!(village.reads("Amal", scope(place, "Liv", "4B", Relation::Staff(role))), listed, "{role:?}");
        }
    }
}

#[test]
fn nobody_may_give_the_clocks_commands() {
    for relation in relations() {
        for kind in system_commands() {
            assert_eq!(may(relation, kind), None, "{relation:?} × {kind:?}");
        }
    }
}

#[test]
fn a_capacity_that_one_does_not_hold_gives_nothing() {
    let village = village_with(Relation::Staff(Role::Teacher), &[]);
    assert!(village.may("Amal", Capacity::Staff(Role::Teacher), CommandKind::MarkRoll, "Liv"));
    assert!(!village.may("Amal", Capacity::Staff(Role::Principal), CommandKind::MarkRoll, "Liv"));
    assert!(!village.may("Amal", Capacity::Home, CommandKind::ReportAbsence, "Liv"));
}

#[test]
fn pending_blocked_and_out_of_date_adults_have_nothing() {
    let mut village = village_with(Relation::Home(GuardianshipKind::Guardian), &[]);
    assert!(village.may("Amal", Capacity::Home, CommandKind::ReportAbsence, "Liv"));

    village.0.put(&Block { pupil: person("Liv"), person: person("Amal") }.into());
    assert_eq!(access::subscriptions(&village.0, person("Amal"), today()).0.len(), 0, "a block outranks custody");
    assert!(village.may("Erik", Capacity::Home, CommandKind::ReportAbsence, "Liv"), "and is for one person");

    let mut pending = village_with(Relation::Home(GuardianshipKind::Guardian), &[]);
    let mut guardianship = pending.0.guardianship(person("Liv"), person("Amal")).unwrap().clone();
    guardianship.standing = Standing::Pending;
    pending.0.put(&guardianship.clone().into());
    assert_eq!(access::subscriptions(&pending.0, person("Amal"), today()).0.len(), 0);

    guardianship.standing = Standing::Confirmed;
    guardianship.dates = Dates { from: None, until: Some(day("2026-11-22")) };
    pending.0.put(&guardianship.into());
    assert_eq!(access::subscriptions(&pending.0, person("Amal"), today()).0.len(), 0, "it ended yesterday");
}

/// What of Liv, or of her class with her in it, one may read.
fn of_liv(village: &Village, who: &str) -> Vec<Scope> {
    let scopes = access::subscriptions(&village.0, person(who), today()).0.into_keys();
    let hers = |scope: &Scope| match scope.subject {
        Subject::Pupil(pupil) => pupil == person("Liv"),
        Subject::Group(class) => class == group("4B") && scope.circle == Circle::Staff,
        Subject::School => scope.circle == Circle::Staff,
        Subject::Person(_) => false,
    };
    scopes.filter(hers).collect()
}

#[test]
fn a_block_outranks_every_role() {
    for role in Role::ALL.iter().copied() {
        for reach in [Reach::Group(group("4B")), Reach::School] {
            let mut village = village_with(Relation::Home(GuardianshipKind::Guardian), &[]);
            village.staff("Amal", role, reach);
            village.0.put(&Block { pupil: person("Liv"), person: person("Amal") }.into());
            assert_eq!(of_liv(&village, "Amal"), [], "{role:?} {reach:?}");
            for kind in CommandKind::ALL.iter().copied() {
                for capacity in [Capacity::Home, Capacity::Staff(role)] {
                    assert!(!village.may("Amal", capacity, kind, "Liv"), "{role:?} {reach:?} {kind:?}");
                }
            }
            let closes = CommandKind::CloseRoll;
            assert!(!may_about_group(&village, "Amal", role, closes, "4B"), "{role:?} says nothing of Liv unnamed");
            assert!(
                !access::readers(&village.0, &Scope::group(group("4B"), Topic::Attendance, Circle::Staff), today())
                    .iter()
                    .any(|(reader, _)| *reader == person("Amal"))
            );
            // The class and the other children stay.
            let other = Scope::pupil(person("Omar"), Topic::Attendance, Circle::All);
            let teaches = reads(Relation::Staff(role)).iter().any(|(place, _)| *place == Place::PupilAll(other.topic));
            assert_eq!(village.reads("Amal", other), teaches && reach == Reach::School, "{role:?}");
            assert!(village.reads("Amal", Scope::school(Topic::Info, Circle::All)));

            village.0.remove(&Block { pupil: person("Liv"), person: person("Amal") }.into());
            let liv = Scope::pupil(person("Liv"), Topic::Attendance, Circle::All);
            assert!(village.reads("Amal", liv), "and all is as it was");
        }
    }
}

fn may_about_group(village: &Village, who: &str, role: Role, kind: CommandKind, class: &str) -> bool {
    access::may_about_group(&village.0, person(who), Capacity::Staff(role), kind, group(class), today())
}

#[test]
fn a_substitute_has_the_group_until_midnight_in_the_schools_time() {
    let mut village = Village::new();
    let dates = Dates { from: Some(today()), until: Some(today()) };
    let assignment =
        Assignment { person: person("Sanna"), role: Role::Teacher, reach: Reach::Group(group("4B")), dates };
    village.0.put(&assignment.into());
    let scopes = access::subscriptions(&village.0, person("Sanna"), today());
    let until = scopes.0[&Scope::pupil(person("Liv"), Topic::Attendance, Circle::All)].unwrap();
    assert_eq!(until.to_rfc3339(), "2026-11-23T23:00:00+00:00", "midnight in Stockholm");
    assert!(access::subscriptions(&village.0, person("Sanna"), day("2026-11-24")).0.is_empty());
    assert!(access::subscriptions(&village.0, person("Sanna"), day("2026-11-22")).0.is_empty(), "nor before");
}

#[test]
fn custody_ends_on_the_18th_birthday_and_consent_keeps_access() {
    let mut village = Village::new();
    let born = |date: &str| {
        RosterEntry::Person(Person {
            id: person("Liv"),
            given_name: "Liv".into(),
            family_name: "Ek".into(),
            language: None,
            phone: None,
            email: None,
            birth_date: Some(day(date)),
            protected_identity: false,
        })
    };
    let liv = Scope::pupil(person("Liv"), Topic::Attendance, Circle::All);
    village.0.put(&born("2008-11-24"));
    let until = access::subscriptions(&village.0, person("Erik"), today()).0[&liv].unwrap();
    assert_eq!(until.to_rfc3339(), "2026-11-23T23:00:00+00:00", "the phone knows when it ends, with no network");
    assert!(access::subscriptions(&village.0, person("Erik"), day("2026-11-24")).0.is_empty());

    let consent = AdultConsent { pupil: person("Liv"), person: person("Erik"), dates: Dates::default() };
    village.0.put(&consent.into());
    assert!(access::subscriptions(&village.0, person("Erik"), day("2026-11-24")).0.contains_key(&liv));
    assert_eq!(access::majority(day("2008-02-29")), day("2026-03-01"), "born on a leap day");
}

#[test]
fn delegation_lasts_only_as_long_as_the_delegating_guardians_custody() {
    let mut village = village_with(Relation::Home(GuardianshipKind::ParentWithoutCustody), &[]);
    assert!(!village.may("Amal", Capacity::Home, CommandKind::ReportAbsence, "Liv"));
    let delegation = Delegation {
        pupil: person("Liv"),
        to: person("Amal"),
        by: person("Erik"),
        topics: vec![Topic::Attendance],
        dates: Dates::default(),
    };
    village.0.put(&delegation.into());
    assert!(village.may("Amal", Capacity::Home, CommandKind::ReportAbsence, "Liv"));
    assert!(!village.reads("Amal", Scope::pupil(person("Liv"), Topic::Plan, Circle::All)), "that topic alone");
    assert!(!village.may("Amal", Capacity::Home, CommandKind::DelegateTopics, "Liv"), "and not to pass on");

    village.0.put(&Block { pupil: person("Liv"), person: person("Erik") }.into());
    assert!(!village.may("Amal", Capacity::Home, CommandKind::ReportAbsence, "Liv"));
}

#[test]
fn each_topic_ends_with_the_latest_delegation_that_gives_it() {
    let mut village = village_with(Relation::Home(GuardianshipKind::ParentWithoutCustody), &[]);
    village.adult("Eva", "Liv", GuardianshipKind::Guardian, &[]);
    let mut delegate = |by: &str, topics: &[Topic], until: Option<&str>| {
        let (pupil, to, dates) = (person("Liv"), person("Amal"), Dates { from: None, until: until.map(day) });
        village.0.put(&Delegation { pupil, to, by: person(by), topics: topics.to_vec(), dates }.into());
    };
    delegate("Erik", &[Topic::Attendance], None);
    delegate("Eva", &[Topic::Plan], Some("2026-11-23"));
    let scopes = access::subscriptions(&village.0, person("Amal"), today()).0;
    let tonight = "2026-11-23T23:00:00Z".parse().ok();
    let all = |topic| Scope::pupil(person("Liv"), topic, Circle::All);
    assert_eq!(scopes[&all(Topic::Attendance)], None, "it is open, whatever else ends tonight");
    assert_eq!(scopes[&all(Topic::Plan)], tonight);
    for with_any in [all(Topic::Info), Scope::own(person("Amal"), Topic::Attendance)] {
        assert_eq!(scopes[&with_any], None, "{with_any}: as long as any topic is");
    }
    let mut delegate = |by: &str, topics: &[Topic], until: Option<&str>| {
        let (pupil, to, dates) = (person("Liv"), person("Amal"), Dates { from: None, until: until.map(day) });
        village.0.put(&Delegation { pupil, to, by: person(by), topics: topics.to_vec(), dates }.into());
    };
    delegate("Erik", &[Topic::Attendance], Some("2026-11-23"));
    delegate("Eva", &[Topic::Attendance], Some("2026-11-24"));
    let scopes = access::subscriptions(&village.0, person("Amal"), today()).0;
    assert_eq!(scopes[&all(Topic::Attendance)], "2026-11-24T23:00:00Z".parse().ok(), "of two that give it, the later");
    assert_eq!(scopes.get(&all(Topic::Plan)), None);
}

#[test]
fn readers_of_a_scope_are_those_who_subscribe_to_it() {
    let mut village = village_with(Relation::Home(GuardianshipKind::ParentWithoutCustody), &[Topic::Attendance]);
    village.staff("Sanna", Role::Teacher, Reach::Group(group("4B")));
    village.staff("Pia", Role::Principal, Reach::School);
    let scope = Scope::pupil(person("Liv"), Topic::Attendance, Circle::All);
    let readers: Vec<PersonId> = access::readers(&village.0, &scope, today()).into_iter().map(|(p, _)| p).collect();
    let mut expected = vec![person("Amal"), person("Erik"), person("Pia"), person("Sanna")];
    expected.sort_unstable();
    assert_eq!(readers, expected);
    // A parent with another topic alone does not read it; one who also teaches her does, as a teacher.
    village.adult("Kaj", "Liv", GuardianshipKind::ParentWithoutCustody, &[Topic::Leave]);
    village.staff("Kaj", Role::Teacher, Reach::Group(group("4B")));
    let found = access::readers(&village.0, &scope, today());
    assert!(found.contains(&(person("Kaj"), Relation::Staff(Role::Teacher))), "{found:?}");
    for who in ["Amal", "Erik", "Pia", "Sanna", "Nora"] {
        assert_eq!(readers.contains(&person(who)), village.reads(who, scope), "{who}");
    }
}

#[test]
fn the_documentation_page_is_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/access-table.md");
    let page = access_page::page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == page,
        "docs/access-table.md is stale: UPDATE_DOCS=1 cargo test -p skolebro-core --test access_table"
    );
}

#[test]
fn codes_for_a_next_phone_are_made_by_the_office_and_those_who_lead_the_whole_school() {
    use access::{CodeFor, NoCode, may_make_code};
    for relation in relations() {
        let Relation::Staff(role) = relation else {
            assert!(!access::makes_codes(relation), "{relation:?}");
            continue;
        };
        let makes = matches!(role, Role::Office | Role::Principal | Role::DeputyPrincipal);
        assert_eq!(access::makes_codes(relation), makes, "{role:?}");
        for reach in [Reach::School, Reach::Group(group("4B"))] {
            let mut village = Village::new();
            village.staff("Olle", role, reach);
            village.staff("Sanna", Role::Teacher, Reach::Group(group("4B")));
            village.pupil("Amal", Some("2008-11-23"));
            let ask = |whom: &str| may_make_code(&village.0, person("Olle"), person(whom), today());
            let may = makes && reach == Reach::School;
            for (whom, is) in [("Erik", CodeFor::Home), ("Amal", CodeFor::Home), ("Sanna", CodeFor::Staff)] {
                assert_eq!(ask(whom), if may { Ok(is) } else { Err(NoCode::NotYours) }, "{role:?} {reach:?} {whom}");
            }
            for whom in ["Liv", "nobody"] {
                assert_eq!(ask(whom), Err(NoCode::NotYours), "{role:?} {whom}");
            }
            assert_eq!(ask("Olle"), Err(if may { NoCode::Oneself } else { NoCode::NotYours }));
        }
    }
}

#[test]
fn a_leader_of_tomorrow_is_one_today_for_codes_and_a_substitutes_code_ends_with_the_assignment() {
    use access::{NoCode, may_make_code};
    let mut village = Village::new();
    village.staff("Olle", Role::Office, Reach::School);
    let ask = |village: &Village, whom: &str| may_make_code(&village.0, person("Olle"), person(whom), today());
    let put = |village: &mut Village, role, from: &str, until: &str| {
        let dates = Dates { from: Some(day(from)), until: Some(day(until)) };
        village.0.put(&Spell(Assignment { person: person("Vera"), role, reach: Reach::School, dates }).into());
    };
    put(&mut village, Role::Teacher, "2026-11-01", "2026-11-22");
    assert_eq!(ask(&village, "Vera"), Err(NoCode::NotYours), "over yesterday");
    put(&mut village, Role::Teacher, "2026-11-01", "2026-11-23");
    assert!(ask(&village, "Vera").is_ok());
    put(&mut village, Role::DeputyPrincipal, "2026-11-24", "2026-12-31");
    assert_eq!(ask(&village, "Vera"), Err(NoCode::Leader));
}
