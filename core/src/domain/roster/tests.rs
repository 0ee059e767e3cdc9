//! A roster that was changed step by step is the roster that is read anew from what is stored.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::people::{Block, GuardianshipKind, Role, Standing};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Entries of which some share their key and differ in what they say.
fn pool() -> Vec<RosterEntry> {
    let person = |name: &str| PersonId::derive(&[&name]);
    let classes = ["4B", "4C"].map(|name| GroupId::derive(&[&name]));
    let spans = [Dates::default(), Dates { from: Some(day("2026-08-17")), until: None }];
    let mut pool: Vec<RosterEntry> = Vec::new();
    for dates in spans {
        for pupil in ["Liv", "Nils"].map(person) {
            pool.push(Enrolment { pupil, form: SchoolForm::Compulsory, dates }.into());
            pool.extend(classes.map(|group| RosterEntry::from(Membership { pupil, group, dates })));
            for adult in ["Amal", "Erik"].map(person) {
                let (kind, standing, topics) = (GuardianshipKind::Guardian, Standing::Confirmed, Vec::new());
                pool.push(Guardianship { pupil, person: adult, kind, standing, dates, topics }.into());
                pool.push(AdultConsent { pupil, person: adult, dates }.into());
                pool.push(Block { pupil, person: adult }.into());
                pool.push(Delegation { pupil, by: adult, to: person("Pia"), topics: Vec::new(), dates }.into());
            }
        }
        for reach in [Reach::School, Reach::Group(classes[0])] {
            for role in [Role::Teacher, Role::Office] {
                let assignment = Assignment { person: person("Sanna"), role, reach, dates };
                pool.extend([assignment.into(), Spell(assignment).into()]);
            }
        }
    }
    for (class, names) in classes.into_iter().zip([["Matematik", "4B"], ["matematik", "Matematik"]]) {
        pool.extend(names.map(|name| group(class, name, None, None).into()));
    }
    pool
}

fn group(id: GroupId, name: &str, code: Option<&str>, location: Option<&str>) -> Group {
    let (kind, form) = (crate::domain::people::GroupKind::TeachingGroup, SchoolForm::Compulsory);
    let own = |text: Option<&str>| text.map(str::to_owned);
    Group { id, name: name.to_owned(), kind, form, code: own(code), location: own(location) }
}

/// All that it holds; lists whose order says nothing are put in order.
fn picture(roster: &Roster) -> BTreeMap<String, Vec<String>> {
    fn of<K: std::fmt::Debug, T: std::fmt::Debug>(
        what: &str,
        lists: &HashMap<K, Vec<T>>,
    ) -> Vec<(String, Vec<String>)> {
        let lists = lists.iter().map(|(key, list)| (format!("{what} {key:?}"), list));
        lists.map(|(key, list)| (key, list.iter().map(|item| format!("{item:?}")).collect())).collect()
    }
    let mut seen: Vec<(String, Vec<String>)> = Vec::new();
    for (pupil, facts) in &roster.pupils {
        let places = facts.memberships.iter().map(|place| format!("{place:?}")).collect();
        seen.push((format!("pupil {pupil:?} {:?} {:?}", facts.form, facts.dates), places));
    }
    seen.extend(of("called", &roster.called));
    seen.extend(of("waiting", &roster.waiting));
    seen.extend(of("members", &roster.members));
    seen.extend(of("guardianships", &roster.guardianships));
    seen.extend(of("children", &roster.children));
    seen.extend(of("delegations", &roster.delegations));
    seen.extend(of("consents", &roster.consents));
    seen.extend(of("posts", &roster.posts));
    seen.extend(of("spells", &roster.spells));
    seen.extend(of("assignments", &roster.assignments));
    seen.extend(of("staff", &roster.staff_of_group));
    seen.push(("staff".to_owned(), roster.staff_of_school.iter().map(|person| format!("{person:?}")).collect()));
    seen.extend(of("barred", &roster.barred));
    seen.extend(of("bars", &roster.bars));
    let in_order = |(key, mut list): (String, Vec<String>)| {
        list.sort();
        (key, list)
    };
    seen.into_iter().map(in_order).collect()
}

#[test]
fn whatever_comes_and_goes_memory_is_what_is_stored() {
    let pool = pool();
    for seed in 0..40_u64 {
        let mut number = seed;
        let mut draw = move |below: usize| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(number >> 33).unwrap() % below
        };
        let (mut live, mut stored) = (Roster::default(), BTreeMap::new());
        for step in 0..120 {
            let entry = &pool[draw(pool.len())];
            if draw(3) > 0 {
                live.put(entry);
                stored.insert(entry.key(), entry.clone());
            } else {
                live.remove(entry);
                stored.remove(&entry.key());
            }
            let mut read = Roster::default();
            stored.values().for_each(|entry| read.put(entry));
            assert_eq!(picture(&live), picture(&read), "seed {seed}, step {step}: {entry:?}");
        }
    }
}

#[test]
fn a_place_without_an_enrolment_makes_nobody_a_pupil() {
    let (liv, class, dates) = (PersonId::derive(&[&"Liv"]), GroupId::derive(&[&"4B"]), Dates::default());
    let (enrolled, place) =
        (Enrolment { pupil: liv, form: SchoolForm::Compulsory, dates }, Membership { pupil: liv, group: class, dates });
    let mut roster = Roster::default();
    roster.put(&place.into());
    assert!(roster.pupil(liv).is_none() && !roster.is_member(liv, class, day("2026-09-15")));
    roster.put(&enrolled.clone().into());
    assert!(roster.is_member(liv, class, day("2026-09-15")));
    roster.remove(&enrolled.clone().into());
    assert!(roster.pupil(liv).is_none());
    // Back again, and in the class that is stored still.
    roster.put(&enrolled.into());
    assert!(roster.is_member(liv, class, day("2026-09-15")));
}

#[test]
fn the_words_in_stored_keys_are_those_of_the_wire_and_stay() {
    for role in Role::ALL.iter().copied() {
        assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
    }
    for form in SchoolForm::ALL.iter().copied() {
        assert_eq!(serde_json::to_value(form).unwrap(), form.as_str());
    }
    // Another word would leave what is stored under the old one behind, for no import to end.
    let roles = Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" ");
    assert_eq!(
        roles,
        "contact_teacher teacher preschool_staff after_school_staff special_educator pupil_health office principal \
         deputy_principal organiser"
    );
    let forms = SchoolForm::ALL.iter().map(|form| form.as_str()).collect::<Vec<_>>().join(" ");
    assert_eq!(forms, "preschool preschool_class compulsory after_school upper_secondary");
    let person = PersonId::derive(&[&"Sanna"]);
    let held = Assignment { person, role: Role::ContactTeacher, reach: Reach::School, dates: Dates::default() };
    assert_eq!(RosterEntry::from(held).key().key, format!("{person}/contact_teacher/school"));
}

#[test]
fn groups_of_one_title_are_told_apart_by_what_is_their_own() {
    let id = |name: &str| GroupId::derive(&[&name]);
    let mut roster = Roster::default();
    roster.put(&group(id("one"), "Matematik", Some("MA-1"), Some("Sal 1")).into());
    let title = |roster: &Roster, name: &str| roster.group_title(id(name)).unwrap();
    assert_eq!(title(&roster, "one"), "Matematik", "alone it needs nothing");
    roster.put(&group(id("two"), "matematik", Some("MA-2"), Some("Sal 1")).into());
    assert_eq!(
        (title(&roster, "one"), title(&roster, "two")),
        ("Matematik MA-1".to_owned(), "matematik MA-2".to_owned())
    );
    // Codes that are the same, and rooms that are not.
    roster.put(&group(id("one"), "Matematik", Some("MA"), Some("Sal 1")).into());
    roster.put(&group(id("two"), "Matematik", Some("ma"), Some("Sal 2")).into());
    assert_eq!(
        (title(&roster, "one"), title(&roster, "two")),
        ("Matematik (Sal 1)".to_owned(), "Matematik (Sal 2)".to_owned())
    );
    // Nothing but ids.
    roster.put(&group(id("one"), "Matematik", None, None).into());
    roster.put(&group(id("two"), "Matematik", Some("Matematik"), None).into());
    assert_ne!(title(&roster, "one"), title(&roster, "two"));
    assert!(title(&roster, "one").starts_with("Matematik "));
    roster.remove(&group(id("two"), "Matematik", None, None).into());
    assert_eq!(title(&roster, "one"), "Matematik");
    assert_eq!(roster.group_title(id("two")), None);
}
