//! The directory: the only records that carry names. Each card is for one audience, so that nobody's phone holds more
//! than its person may see (domain.md: *the directory is scoped too*).

use super::{
    access::{Holding, home_holding, is_of_age, subscriptions_about},
    calendar::SchoolCalendar,
    ids::{GroupId, PersonId, RecordId, SchoolId},
    people::{
        Assignment, Dates, Group, Guardianship, GuardianshipKind, Language, Person, School, SchoolForm, Standing,
    },
    record::{Body, Record},
    roster::Roster,
    rules::RuleSet,
    scope::{Circle, Scope, Subject, Topic},
};
use crate::reading::{known, known_ones, known_or_none};
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};

// What an older app reads off a newer server's card: a word that it does not know costs itself, and never the card. It is
// read as what gives least.

pub(crate) fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<GuardianshipKind, D::Error> {
    Ok(known(deserializer)?.unwrap_or(GuardianshipKind::Unspecified))
}

pub(crate) fn standing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Standing, D::Error> {
    Ok(known(deserializer)?.unwrap_or(Standing::Pending))
}

/// The pupil is still on the roll; by which rules, the school knows.
fn form<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SchoolForm, D::Error> {
    Ok(known(deserializer)?.unwrap_or(SchoolForm::Compulsory))
}

/// A pupil, for those who read about it (`pupil/info/all`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PupilCard {
    pub person: PersonId,
    pub name: String,
    #[serde(deserialize_with = "form")]
    pub form: SchoolForm,
    pub dates: Dates,
    #[serde(deserialize_with = "known_ones")]
    pub groups: Vec<GroupPlace>,
    /// It reads what stands about it itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_age: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPlace {
    pub group: GroupId,
    pub name: String,
    #[serde(deserialize_with = "form")]
    pub form: SchoolForm,
    pub dates: Dates,
}

/// An adult at home, for staff (`pupil/info/staff`). A protected identity, the adult's or the
/// pupil's, leaves out every contact detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianContact {
    pub person: PersonId,
    pub name: String,
    #[serde(deserialize_with = "kind")]
    pub kind: GuardianshipKind,
    #[serde(deserialize_with = "standing")]
    pub standing: Standing,
    pub blocked: bool,
    #[serde(deserialize_with = "known_ones")]
    pub topics: Vec<Topic>,
    pub dates: Dates,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default, deserialize_with = "known_or_none")]
    pub language: Option<Language>,
    pub protected_identity: bool,
}

/// A member of staff, for everybody at the school (`school/info/all`): name and what they do, no contact details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffCard {
    pub person: PersonId,
    pub name: String,
    #[serde(deserialize_with = "known_ones")]
    pub assignments: Vec<Assignment>,
}

/// One who works at the school, whether or not anything is given to do, for those who give it (`school/info/staff`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColleagueCard {
    pub person: PersonId,
    pub name: String,
    /// Made by hand here; an import that brings the same human brings another person of that name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub added_here: bool,
}

/// What this person is to a pupil, for the person alone (`person/info/all`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationCard {
    pub pupil: PersonId,
    #[serde(deserialize_with = "kind")]
    pub kind: GuardianshipKind,
    /// Topics delegated to this person.
    #[serde(deserialize_with = "known_ones")]
    pub topics: Vec<Topic>,
    pub dates: Dates,
    /// The other adults at home who read about the pupil. A protected identity is not among them.
    #[serde(deserialize_with = "known_ones")]
    pub others: Vec<OtherAdult>,
    /// For one with custody: the confirmed adults without it to whom topics can be delegated, with or without any so
    /// far. None of a protected child, nor a protected identity, nor anybody barred.
    #[serde(default, deserialize_with = "known_ones", skip_serializing_if = "Vec::is_empty")]
    pub delegable: Vec<OtherAdult>,
    /// On the card of a pupil of age about itself: from when it is that. Its `kind` is a guardian's, whose powers it has,
    /// and by which older phones know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherAdult {
    pub person: PersonId,
    pub name: String,
    #[serde(deserialize_with = "kind")]
    pub kind: GuardianshipKind,
    /// The topics that this adult reads about the pupil.
    #[serde(deserialize_with = "known_ones")]
    pub reads: Vec<Topic>,
}

/// This person's own name and assignments, for the person alone (`person/info/all`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCard {
    pub person: PersonId,
    pub name: String,
    #[serde(default, deserialize_with = "known_or_none")]
    pub language: Option<Language>,
    #[serde(deserialize_with = "known_ones")]
    pub assignments: Vec<Assignment>,
}

/// What the cards are made from: one school's facts, what day it is there, and the names.
#[derive(Clone, Copy)]
pub struct Directory<'a> {
    pub school: SchoolId,
    pub roster: &'a Roster,
    pub today: NaiveDate,
    /// Names and contact details; none for a person whom the roster knows by id only, who then has no card.
    pub people: &'a dyn Fn(PersonId) -> Option<Person>,
}

impl std::fmt::Debug for Directory<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Directory").field("school", &self.school).field("today", &self.today).finish_non_exhaustive()
    }
}

/// Where a pupil's card is.
pub fn pupil_card(school: SchoolId, pupil: PersonId) -> (Scope, RecordId) {
    (Scope::pupil(pupil, Topic::Info, Circle::All), RecordId::derive(&[&school, &"pupil", &pupil]))
}

/// A place in the directory, and what is to stand there: none where nothing is (any longer).
pub type Entry = ((Scope, RecordId), Option<Record>);

fn entry(key: (Scope, RecordId), pupil: Option<PersonId>, body: Option<Body>) -> Entry {
    let record = body.map(|body| Record { id: key.1, scope: key.0, pupil, day: None, body });
    (key, record)
}

/// All that a bar alone says: a relation that opens nothing.
fn barred(pupil: PersonId, person: PersonId) -> Guardianship {
    Guardianship {
        pupil,
        person,
        kind: GuardianshipKind::Unspecified,
        standing: Standing::Confirmed,
        dates: Dates::default(),
        topics: Vec::new(),
    }
}

fn not_over(dates: Dates, today: NaiveDate) -> bool {
    dates.until.is_none_or(|until| today <= until)
}

impl Directory<'_> {
    fn school_wide(&self, what: &str, key: &str) -> (Scope, RecordId) {
        (Scope::school(Topic::Info, Circle::All), RecordId::derive(&[&self.school, &what, &key]))
    }

    pub fn school(&self) -> Entry {
        let body = self.roster.school().map(|school| Body::School(School::clone(school)));
        entry(self.school_wide("school", ""), None, body)
    }

    /// By the key of its roster entry.
    pub fn rule_set(&self, key: &str) -> Entry {
        let body = self.roster.rule_set(key).map(|rules| Body::RuleSet(RuleSet::clone(rules)));
        entry(self.school_wide("rule-set", key), None, body)
    }

    /// By the key of its roster entry.
    pub fn calendar(&self, key: &str) -> Entry {
        let body = self.roster.calendar(key).map(|calendar| Body::Calendar(SchoolCalendar::clone(calendar)));
        entry(self.school_wide("calendar", key), None, body)
    }

    pub fn group(&self, group: GroupId) -> Entry {
        let key = (Scope::group(group, Topic::Info, Circle::All), RecordId::derive(&[&self.school, &"group", &group]));
        // Told apart here, where all the school's groups are known: a phone may hold only one of two.
        let titled = self.roster.group(group).map(|found| Group { name: self.title(found), ..Group::clone(found) });
        entry(key, None, titled.map(Body::Group))
    }

    fn title(&self, group: &Group) -> String {
        self.roster.group_title(group.id).unwrap_or_else(|| group.name.clone())
    }

    /// While the pupil is enrolled, or will be.
    pub fn pupil(&self, pupil: PersonId) -> Entry {
        let key = pupil_card(self.school, pupil);
        let facts = self.roster.pupil(pupil).filter(|facts| not_over(facts.dates, self.today));
        let body = facts.and_then(|facts| {
            let person = (self.people)(pupil)?;
            let mut groups: Vec<GroupPlace> = facts
                .memberships
                .iter()
                .filter_map(|place| {
                    let group = self.roster.group(place.group)?;
                    Some(GroupPlace { group: group.id, name: self.title(group), form: group.form, dates: place.dates })
                })
                .collect();
            groups.sort_unstable_by_key(|place| place.group);
            let of_age = is_of_age(self.roster, pupil, self.today);
            Some(PupilCard { person: pupil, name: person.name(), form: facts.form, dates: facts.dates, groups, of_age })
        });
        entry(key, Some(pupil), body.map(Body::from))
    }

    /// One adult at home, for staff: pending and barred ones too, and marked so.
    pub fn contact(&self, pupil: PersonId, adult: PersonId) -> Entry {
        let scope = Scope::pupil(pupil, Topic::Info, Circle::Staff);
        let key = (scope, RecordId::derive(&[&self.school, &"contact", &pupil, &adult]));
        let enrolled = self.roster.pupil(pupil).is_some_and(|facts| not_over(facts.dates, self.today));
        let blocked = self.roster.is_blocked(pupil, adult);
        let known = self.roster.guardianship(pupil, adult).filter(|g| not_over(g.dates, self.today)).cloned();
        // Whoever is barred is known to those who keep the bar, and may lift it, whatever else the person is or was.
        let held = known.or_else(|| blocked.then(|| barred(pupil, adult))).filter(|_| enrolled);
        let body = held.and_then(|guardianship| {
            let person = (self.people)(adult)?;
            // A protected child's home is not given away by its adults' numbers.
            let protected = person.protected_identity || self.roster.is_protected(pupil);
            let open = |detail: Option<String>| detail.filter(|_| !protected);
            let holding = home_holding(self.roster, adult, pupil, self.today);
            Some(GuardianContact {
                person: adult,
                name: person.name(),
                kind: guardianship.kind,
                standing: guardianship.standing,
                blocked,
                topics: match holding {
                    Some(holding) => holding.topics.into_keys().collect(),
                    None => guardianship.topics.clone(),
                },
                dates: guardianship.dates,
                phone: open(person.phone),
                email: open(person.email),
                language: person.language,
                protected_identity: protected,
            })
        });
        entry(key, Some(pupil), body.map(Body::from))
    }

    fn reads_about(&self, adult: PersonId, pupil: PersonId) -> Option<Holding> {
        let holding = home_holding(self.roster, adult, pupil, self.today)?;
        holding.reads_anything().then_some(holding)
    }

    /// What one adult is to the pupil, for that adult; only while it reads anything about the pupil.
    pub fn relation(&self, pupil: PersonId, adult: PersonId) -> Entry {
        let scope = Scope::own(adult, Topic::Info);
        let key = (scope, RecordId::derive(&[&self.school, &"relation", &pupil, &adult]));
        let held = match self.roster.guardianship(pupil, adult).filter(|_| pupil != adult) {
            Some(guardianship) => Some((guardianship.kind, guardianship.dates)),
            None => self.roster.pupil(pupil).map(|facts| (GuardianshipKind::Guardian, facts.dates)),
        };
        let body = held.zip(self.reads_about(adult, pupil)).map(|((kind, dates), holding)| {
            let others = self.named(pupil, adult, |other| self.reads_about(other.person, pupil).is_some());
            let may_delegate = pupil != adult && kind.has_custody() && !self.roster.is_protected(pupil);
            let delegable = self.named(pupil, adult, |other| may_delegate && self.takes_topics(other));
            let birth_date = self.roster.birth_date(pupil).filter(|_| pupil == adult);
            let topics = holding.topics.into_keys().collect();
            RelationCard { pupil, kind, topics, dates, others, delegable, birth_date }
        });
        entry(key, Some(pupil), body.map(Body::from))
    }

    fn takes_topics(&self, other: &Guardianship) -> bool {
        other.standing == Standing::Confirmed
            && matches!(other.kind, GuardianshipKind::Carer | GuardianshipKind::ParentWithoutCustody)
            && other.dates.contain(self.today)
            && !self.roster.is_blocked(other.pupil, other.person)
    }

    /// The other adults of a pupil, by id, without protected identities.
    fn named(&self, pupil: PersonId, but: PersonId, wanted: impl Fn(&Guardianship) -> bool) -> Vec<OtherAdult> {
        let others = self.roster.guardianships(pupil).iter().filter(|other| other.person != but && wanted(other));
        let mut named: Vec<OtherAdult> = others
            .filter_map(|other| {
                let person = (self.people)(other.person).filter(|person| !person.protected_identity)?;
                let holding = home_holding(self.roster, other.person, pupil, self.today);
                let reads = holding.map(|holding| holding.topics_read()).unwrap_or_default();
                Some(OtherAdult { person: other.person, name: person.name(), kind: other.kind, reads })
            })
            .collect();
        named.sort_unstable_by_key(|other| other.person);
        named
    }

    fn assignments(&self, person: PersonId) -> Vec<Assignment> {
        let held = self.roster.assignments(person).iter().filter(|a| not_over(a.dates, self.today));
        let mut assignments: Vec<Assignment> = held.copied().collect();
        assignments.sort_unstable_by_key(|a| (a.role, a.reach, a.dates));
        assignments
    }

    /// A member of staff, for everybody: while there is an assignment that is not over.
    pub fn staff(&self, person: PersonId) -> Entry {
        let assignments = self.assignments(person);
        let named = (self.people)(person).filter(|_| !assignments.is_empty());
        let body = named.map(|named| Body::from(StaffCard { person, name: named.name(), assignments }));
        entry(self.school_wide("staff", &person.to_string()), None, body)
    }

    /// The same, for those who give assignments, also before there is any.
    pub fn colleague(&self, person: PersonId) -> Entry {
        let scope = Scope::school(Topic::Info, Circle::Staff);
        let key = (scope, RecordId::derive(&[&self.school, &"colleague", &person]));
        let member = self.roster.staff_member(person);
        let body = member.zip((self.people)(person)).map(|(member, named)| {
            Body::from(ColleagueCard { person, name: named.name(), added_here: member.added_here })
        });
        entry(key, None, body)
    }

    /// Somebody's own card: while anything is read here.
    pub fn role(&self, person: PersonId) -> Entry {
        let scope = Scope::own(person, Topic::Info);
        let key = (scope, RecordId::derive(&[&self.school, &"role", &person]));
        let subject = Subject::Person(person);
        let reads = !subscriptions_about(self.roster, person, subject, self.today).0.is_empty();
        let body = (self.people)(person).filter(|_| reads).map(|named| {
            let (name, language) = (named.name(), named.language);
            Body::from(RoleCard { person, name, language, assignments: self.assignments(person) })
        });
        entry(key, None, body)
    }
}
