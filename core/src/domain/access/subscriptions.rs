//! The scopes that a person reads, from the relations that hold: what the pull filters by. It never gives a scope that the
//! table does not.

use super::{
    Holding,
    Place::{GroupAll, GroupStaff, Own, PupilAll, PupilParty, PupilStaff, SchoolAll, SchoolStaff},
    Relation,
    holding::{is_of_age, later},
    holdings, staff_holdings,
};
use crate::domain::{
    ids::{GroupId, PersonId},
    people::Reach,
    roster::Roster,
    scope::{Circle, Scope, Subject},
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// Scope → the instant it ends by itself (none: open). Relations add up: the latest end counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscriptions(pub BTreeMap<Scope, Option<DateTime<Utc>>>);

impl Subscriptions {
    fn give(&mut self, scope: Scope, until: Option<DateTime<Utc>>) {
        self.0.entry(scope).and_modify(|held| *held = later(*held, until)).or_insert(until);
    }

    fn of_school(&mut self, holding: &Holding) {
        for (place, until) in holding.reads() {
            match place {
                SchoolAll(topic) => self.give(Scope::school(topic, Circle::All), until),
                SchoolStaff(topic) if holding.school_wide && !holding.barred => {
                    self.give(Scope::school(topic, Circle::Staff), until)
                }
                SchoolStaff(_) | GroupAll(_) | GroupStaff(_) | PupilAll(_) | PupilStaff(_) | PupilParty(_) | Own(_) => {
                }
            }
        }
    }

    fn of_group(&mut self, holding: &Holding, group: GroupId) {
        for (place, until) in holding.reads() {
            match place {
                GroupAll(topic) => self.give(Scope::group(group, topic, Circle::All), until),
                GroupStaff(topic) if !holding.barred => self.give(Scope::group(group, topic, Circle::Staff), until),
                GroupStaff(_) | SchoolAll(_) | SchoolStaff(_) | PupilAll(_) | PupilStaff(_) | PupilParty(_)
                | Own(_) => {}
            }
        }
    }

    fn of_pupil(&mut self, roster: &Roster, person: PersonId, holding: &Holding, pupil: PersonId, today: NaiveDate) {
        for (place, until) in holding.reads() {
            match place {
                PupilAll(topic) => self.give(Scope::pupil(pupil, topic, Circle::All), until),
                PupilStaff(topic) => self.give(Scope::pupil(pupil, topic, Circle::Staff), until),
                PupilParty(topic) => match holding.relation {
                    Relation::Home(_) | Relation::AdultPupil => {
                        self.give(Scope::pupil(pupil, topic, Circle::Party(person)), until)
                    }
                    Relation::Staff(_) | Relation::Itself => {
                        let adults = roster.guardianships(pupil).iter().map(|adult| adult.person);
                        let itself = is_of_age(roster, pupil, today).then_some(pupil);
                        for home in adults.chain(itself) {
                            self.give(Scope::pupil(pupil, topic, Circle::Party(home)), until);
                        }
                    }
                },
                SchoolAll(_) | SchoolStaff(_) | GroupAll(_) | GroupStaff(_) | Own(_) => {}
            }
        }
    }

    /// What one relation gives of a subject.
    fn of(roster: &Roster, person: PersonId, subject: Subject, holding: &Holding, today: NaiveDate) -> Self {
        let mut scopes = Self::default();
        match subject {
            Subject::School => scopes.of_school(holding),
            Subject::Group(group) => scopes.of_group(holding, group),
            Subject::Pupil(pupil) => scopes.of_pupil(roster, person, holding, pupil, today),
            Subject::Person(itself) => {
                for (place, until) in holding.reads() {
                    if let Own(topic) = place {
                        scopes.give(Scope::own(itself, topic), until);
                    }
                }
            }
        }
        scopes
    }
}

/// The scopes about one subject that a person reads on a day. What changes about a subject changes only these.
pub fn subscriptions_about(roster: &Roster, person: PersonId, subject: Subject, today: NaiveDate) -> Subscriptions {
    let mut scopes = Subscriptions::default();
    for holding in holdings(roster, person, subject, today) {
        for (scope, until) in Subscriptions::of(roster, person, subject, &holding, today).0 {
            scopes.give(scope, until);
        }
    }
    scopes
}

/// Every subject that a person has a relation to.
pub fn subjects(roster: &Roster, person: PersonId, today: NaiveDate) -> Vec<Subject> {
    let mut subjects = vec![Subject::School, Subject::Person(person)];
    for pupil in roster.own_pupils(person) {
        subjects.push(Subject::Pupil(pupil));
        let places = roster.pupil(pupil).into_iter().flat_map(|facts| &facts.memberships);
        subjects.extend(places.map(|place| Subject::Group(place.group)));
    }
    for (reach, _) in staff_holdings(roster, person, today) {
        match reach {
            Reach::School => {
                subjects.extend(roster.groups().map(|group| Subject::Group(group.id)));
                subjects.extend(roster.pupils().map(|(pupil, _)| Subject::Pupil(pupil)));
            }
            Reach::Group(group) => {
                subjects.push(Subject::Group(group));
                subjects.extend(roster.members(group, today).map(Subject::Pupil));
            }
        }
    }
    subjects.sort_unstable();
    subjects.dedup();
    subjects
}

/// All scopes that a person reads on a day.
pub fn subscriptions(roster: &Roster, person: PersonId, today: NaiveDate) -> Subscriptions {
    let mut scopes = Subscriptions::default();
    for subject in subjects(roster, person, today) {
        scopes.0.extend(subscriptions_about(roster, person, subject, today).0);
    }
    scopes
}

/// Everybody who may have a relation to a subject, each once; of the pupils those who are of age on that day.
pub fn related(roster: &Roster, subject: Subject, today: NaiveDate) -> Vec<PersonId> {
    let of_age = |pupil: &PersonId| is_of_age(roster, *pupil, today);
    let mut people: Vec<PersonId> = match subject {
        Subject::School => {
            roster.adults().into_iter().chain(roster.pupils().map(|(pupil, _)| pupil).filter(of_age)).collect()
        }
        Subject::Person(person) => vec![person],
        Subject::Group(group) => {
            let pupils = roster.ever_members(group).iter();
            let homes = pupils.clone().flat_map(|pupil| roster.guardianships(*pupil)).map(|g| g.person);
            let staff = roster.staff_of_group(group).iter().chain(roster.staff_of_school());
            homes.chain(pupils.copied().filter(of_age)).chain(staff.copied()).collect()
        }
        Subject::Pupil(pupil) => {
            let groups = roster.pupil(pupil).into_iter().flat_map(|facts| &facts.memberships);
            let staff = groups.flat_map(|m| roster.staff_of_group(m.group)).chain(roster.staff_of_school());
            let itself = Some(pupil).filter(of_age);
            roster.guardianships(pupil).iter().map(|g| g.person).chain(itself).chain(staff.copied()).collect()
        }
    };
    people.sort_unstable();
    people.dedup();
    people
}

/// Everybody who reads a scope on a day, and as what: by the first of their relations that gives it.
pub fn readers(roster: &Roster, scope: &Scope, today: NaiveDate) -> Vec<(PersonId, Relation)> {
    let reader = |person: PersonId| {
        let held = holdings(roster, person, scope.subject, today);
        let gives =
            |held: &&Holding| Subscriptions::of(roster, person, scope.subject, held, today).0.contains_key(scope);
        held.iter().find(gives).map(|holding| (person, holding.relation))
    };
    related(roster, scope.subject, today).into_iter().filter_map(reader).collect()
}
