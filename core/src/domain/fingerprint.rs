//! What cards and rights this version makes of a roster, as one short word: where it is another than the one that a school's
//! stored cards and subscriptions were made with, all of them are made anew.
//!
//! It is taken of what the rules do and not of what they are called: everybody whom the access table knows, in every standing,
//! is put in one small school, and everything that follows for them is read off. So nobody has to remember to raise a number.

use super::{
    access::{reads, relations, subscriptions},
    directory::{Directory, Entry},
    ids::{GroupId, PersonId, SchoolId},
    people::{
        AdultConsent, Assignment, Block, Dates, Delegation, Enrolment, Group, GroupKind, Guardianship,
        GuardianshipKind, Language, Membership, Person, Reach, Role, School, SchoolForm, StaffMember, Standing,
    },
    roster::{Roster, RosterEntry},
    rules::Country,
    samples,
    scope::Topic,
};
use chrono::NaiveDate;
use std::{collections::BTreeMap, fmt::Write as _, sync::LazyLock};
use uuid::Uuid;

/// Raise it where cards or rights change in a way that the model below does not show.
const UNSEEN_CHANGES: u32 = 0;

/// The same for as long as the same cards and rights follow from the same facts.
pub fn fingerprint() -> String {
    static MADE: LazyLock<String> = LazyLock::new(make);
    #[cfg(feature = "testing")]
    if let Some(other) = super::access::other_table::fingerprint(make) {
        return other;
    }
    MADE.clone()
}

fn make() -> String {
    let mut text = format!("{UNSEEN_CHANGES}\n");
    for relation in relations() {
        let _ = writeln!(text, "{relation:?} {:?}", reads(relation));
    }
    for topic in Topic::ALL.iter().filter(|topic| topic.is_sensitive()) {
        let _ = writeln!(text, "{topic:?} is sensitive");
    }
    Model::new().write(&mut text);
    Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()).to_string()
}

/// Where each is named for what it is.
struct Model {
    roster: Roster,
    people: BTreeMap<PersonId, Person>,
}

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 10, 5).expect("a day");
const BORN: NaiveDate = NaiveDate::from_ymd_opt(2014, 10, 5).expect("a day");
const BORN_EARLIER: NaiveDate = NaiveDate::from_ymd_opt(2007, 10, 5).expect("a day");
const LATER: Dates = Dates { from: Some(TODAY), until: TODAY.checked_add_days(chrono::Days::new(30)) };

fn group() -> GroupId {
    GroupId::derive(&[&"model"])
}

impl Model {
    fn new() -> Self {
        let mut model = Self { roster: Roster::default(), people: BTreeMap::new() };
        model.put(School {
            id: SchoolId::derive(&[&"model"]),
            name: "A school".to_owned(),
            organiser: "An organiser".to_owned(),
            time_zone: chrono_tz::Europe::Stockholm,
            phone: "1".to_owned(),
            language: Language::Sv,
        });
        for rules in samples::rules(Country::Sweden).into_iter().flatten().take(1) {
            model.put(rules);
        }
        for calendar in samples::calendars(Country::Sweden).into_iter().flatten().take(1) {
            model.put(calendar);
        }
        model.put(Group {
            id: group(),
            name: "A class".to_owned(),
            kind: GroupKind::Class,
            form: SchoolForm::Compulsory,
            code: Some("A".to_owned()),
            location: Some("Here".to_owned()),
        });
        for (pupil, born, protected) in [
            ("child", Some(BORN), false),
            ("protected", Some(BORN), true),
            ("unknown", None, false),
            ("of age", Some(BORN_EARLIER), false),
        ] {
            model.pupil(pupil, born, protected);
            model.homes_of(pupil);
        }
        model.staff();
        model
    }

    fn put(&mut self, entry: impl Into<RosterEntry>) {
        self.roster.put(&entry.into());
    }

    fn person(&mut self, name: &str, birth_date: Option<NaiveDate>, protected_identity: bool) -> PersonId {
        let id = PersonId::derive(&[&"model", &name]);
        let person = Person {
            id,
            given_name: name.to_owned(),
            family_name: "Model".to_owned(),
            language: Some(Language::Da),
            phone: Some("2".to_owned()),
            email: Some("3".to_owned()),
            birth_date,
            protected_identity,
        };
        self.put(person.clone());
        self.people.insert(id, person);
        id
    }

    fn pupil(&mut self, name: &str, born: Option<NaiveDate>, protected: bool) {
        let pupil = self.person(name, born, protected);
        self.put(Enrolment { pupil, form: SchoolForm::Compulsory, dates: Dates::default() });
        self.put(Membership { pupil, group: group(), dates: LATER });
    }

    /// Every kind of adult in every standing.
    fn homes_of(&mut self, name: &str) {
        let pupil = PersonId::derive(&[&"model", &name]);
        let by = self.person(&format!("guardian of {name}"), None, false);
        for &kind in GuardianshipKind::ALL {
            for standing in
                ["pending", "confirmed", "with topics", "delegated", "barred", "protected", "consenting", "for a time"]
            {
                let person = self.person(&format!("{kind:?} {standing} of {name}"), None, standing == "protected");
                self.put(Guardianship {
                    pupil,
                    person,
                    kind,
                    standing: if standing == "pending" { Standing::Pending } else { Standing::Confirmed },
                    dates: if standing == "for a time" { LATER } else { Dates::default() },
                    topics: if standing == "with topics" { Topic::ALL.to_vec() } else { Vec::new() },
                });
                if standing == "delegated" {
                    self.put(Delegation { pupil, to: person, by, topics: vec![Topic::Attendance], dates: LATER });
                }
                if standing == "barred" {
                    self.put(Block { pupil, person });
                }
                if standing == "consenting" {
                    self.put(AdultConsent { pupil, person, dates: LATER });
                }
            }
        }
        let (standing, dates, kind) = (Standing::Confirmed, Dates::default(), GuardianshipKind::Guardian);
        self.put(Guardianship { pupil, person: by, kind, standing, dates, topics: Vec::new() });
    }

    /// Every role, in the group and in the whole school; one of each is barred from a child of it.
    fn staff(&mut self) {
        for &role in Role::ALL {
            for reach in [Reach::School, Reach::Group(group())] {
                for barred in [false, true] {
                    let person = self.person(&format!("{role:?} {reach:?} {barred}"), None, false);
                    self.put(StaffMember { person, added_here: barred });
                    self.put(Assignment { person, role, reach, dates: if barred { LATER } else { Dates::default() } });
                    if barred {
                        self.put(Block { pupil: PersonId::derive(&[&"model", &"child"]), person });
                    }
                }
            }
        }
    }

    fn write(&self, text: &mut String) {
        let named = |person: PersonId| self.people.get(&person).cloned();
        let directory =
            Directory { school: SchoolId::derive(&[&"model"]), roster: &self.roster, today: TODAY, people: &named };
        let mut card = |((scope, id), record): Entry| {
            let Some(record) = record else { return };
            let body = record.body.to_json().unwrap_or_default();
            let _ = writeln!(text, "{scope} {id} {:?} {body}", record.body.kind());
        };
        card(directory.school());
        let keys = self.roster.rule_sets().map(|rules| RosterEntry::from(rules.as_ref().clone()).key().key);
        keys.for_each(|key| card(directory.rule_set(&key)));
        let keys = self.roster.calendars().map(|calendar| RosterEntry::from(calendar.as_ref().clone()).key().key);
        keys.for_each(|key| card(directory.calendar(&key)));
        card(directory.group(group()));
        let mut pupils: Vec<PersonId> = self.roster.pupils().map(|(pupil, _)| pupil).collect();
        pupils.sort_unstable();
        for person in self.people.keys() {
            card(directory.pupil(*person));
            card(directory.staff(*person));
            card(directory.colleague(*person));
            card(directory.role(*person));
            for pupil in &pupils {
                card(directory.contact(*pupil, *person));
                card(directory.relation(*pupil, *person));
            }
        }
        for person in self.people.keys() {
            for (scope, until) in subscriptions(&self.roster, *person, TODAY).0 {
                let _ = writeln!(text, "{person} {scope} {until:?}");
            }
        }
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::*;
    use crate::domain::access::{Needs, Place, Relation, other_table};

    #[test]
    fn it_is_the_same_as_long_as_nothing_changes_and_another_with_any_cell_of_the_table() {
        let now = fingerprint();
        assert_eq!(now, fingerprint());
        // The least that can change: the health staff lose a place.
        fn other(relation: Relation) -> &'static [(Place, Needs)] {
            let standard = other_table::of_this_version(relation);
            let least = Relation::Staff(Role::PupilHealth);
            standard.split_last().filter(|_| relation == least).map_or(standard, |(_, rest)| rest)
        }
        let other = other_table::on_this_thread(Some(other));
        assert_ne!(now, fingerprint());
        drop(other);
        assert_eq!(now, fingerprint());
    }

    #[test]
    fn the_model_has_a_card_of_every_kind_and_a_reader_of_every_cell() {
        let mut text = String::new();
        Model::new().write(&mut text);
        for kind in [
            "School",
            "RuleSet",
            "Calendar",
            "Group",
            "PupilCard",
            "GuardianContact",
            "StaffCard",
            "Colleague",
            "Relation",
            "Role",
        ] {
            assert!(text.contains(&format!(" {kind} {{")), "{kind}");
        }
    }
}
