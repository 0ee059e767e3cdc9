//! The roster and the names, read off the directory's cards: the part of the school that this person may see.
//!
//! Built anew when a card has changed, and shared by everything that reads in between.

use super::{error::PhoneError, merged::Merged};
use crate::domain::{
    directory::{ColleagueCard, PupilCard, RelationCard, RoleCard, StaffCard, kind, standing},
    ids::PersonId,
    people::{
        Block, Dates, Enrolment, Group, GroupKind, Guardianship, GuardianshipKind, Membership, Person, Spell,
        StaffMember, Standing,
    },
    record::{Body, Record, RecordKind},
    roster::{Roster, RosterEntry},
    scope::Topic,
};
use crate::reading::known_ones;
use serde::Deserialize;
use std::{borrow::Cow, collections::HashMap, sync::Arc};

/// What the roster is made of.
const KINDS: [RecordKind; 10] = [
    RecordKind::School,
    RecordKind::RuleSet,
    RecordKind::Calendar,
    RecordKind::PupilCard,
    RecordKind::Group,
    RecordKind::StaffCard,
    RecordKind::Colleague,
    RecordKind::GuardianContact,
    RecordKind::Relation,
    RecordKind::Role,
];

/// Whether a change of that kind is a change of the roster or the names.
pub(super) fn is_directory(kind: &str) -> bool {
    KINDS.iter().any(|known| known.as_str() == kind)
}

#[derive(Clone, Debug, Default)]
pub(super) struct Directory {
    pub roster: Arc<Roster>,
    pub names: Arc<HashMap<PersonId, Arc<str>>>,
}

impl Directory {
    /// Reads every card that is held.
    pub fn read(merged: &Merged<'_>, me: PersonId) -> Result<Self, PhoneError> {
        let mut builder = Builder { me, roster: Roster::default(), names: HashMap::new() };
        for kind in KINDS {
            // Own relations after what staff know of the same adults, and the other adults before it.
            if kind == RecordKind::GuardianContact {
                for record in merged.of_kind(RecordKind::Relation)? {
                    if let Body::Relation(card) = &record.body {
                        builder.other_adults(card);
                    }
                }
                merged.each_of_kind(kind, |pupil, body| builder.contact(pupil, body))?;
                continue;
            }
            for record in merged.of_kind(kind)? {
                builder.take(&record);
            }
        }
        Ok(Self { roster: Arc::new(builder.roster), names: Arc::new(builder.names) })
    }
}

/// What the roster takes of a [`GuardianContact`](crate::domain::directory::GuardianContact), borrowed.
#[derive(Deserialize)]
struct KnownAdult<'a> {
    person: PersonId,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(deserialize_with = "kind")]
    kind: GuardianshipKind,
    #[serde(deserialize_with = "standing")]
    standing: Standing,
    blocked: bool,
    #[serde(deserialize_with = "known_ones")]
    topics: Vec<Topic>,
    dates: Dates,
}

struct Builder {
    me: PersonId,
    roster: Roster,
    names: HashMap<PersonId, Arc<str>>,
}

impl Builder {
    fn put(&mut self, entry: impl Into<RosterEntry>) {
        self.roster.put(&entry.into());
    }

    fn name(&mut self, person: PersonId, name: &str) {
        self.names.entry(person).or_insert_with(|| name.into());
    }

    fn take(&mut self, record: &Record) {
        match &record.body {
            Body::School(school) => self.put(school.clone()),
            Body::RuleSet(rules) => self.put(rules.clone()),
            Body::Calendar(calendar) => self.put(calendar.clone()),
            Body::Group(group) => self.put(group.clone()),
            Body::PupilCard(card) => self.pupil(card),
            Body::StaffCard(card) => self.staff(card),
            Body::Colleague(card) => self.colleague(card),
            Body::Relation(card) => self.relation(card),
            Body::Role(card) => self.role(card),
            // Read lighter, above: there are two for every pupil.
            Body::GuardianContact(_)
            | Body::Attendance(_)
            | Body::AttendanceNote(_)
            | Body::RollTaken(_)
            | Body::RollClosed(_)
            | Body::Notice(_)
            | Body::CallListEntry(_)
            | Body::FollowUpSignal(_) => {}
        }
    }

    fn pupil(&mut self, card: &PupilCard) {
        self.name(card.person, &card.name);
        self.put(Enrolment { pupil: card.person, form: card.form, dates: card.dates });
        for place in &card.groups {
            if self.roster.group(place.group).is_none() {
                // The group's own record, where it is held, says better.
                let (name, kind) = (place.name.clone(), GroupKind::Class);
                self.put(Group { id: place.group, name, kind, form: place.form, code: None, location: None });
            }
            self.put(Membership { pupil: card.person, group: place.group, dates: place.dates });
        }
    }

    fn other_adults(&mut self, card: &RelationCard) {
        for other in card.others.iter().chain(&card.delegable) {
            self.name(other.person, &other.name);
            self.put(Guardianship {
                pupil: card.pupil,
                person: other.person,
                kind: other.kind,
                standing: Standing::Confirmed,
                dates: Dates::default(),
                topics: Vec::new(),
            });
        }
    }

    fn contact(&mut self, pupil: Option<PersonId>, body: &str) {
        let Some((pupil, card)) = pupil.zip(serde_json::from_str::<KnownAdult<'_>>(body).ok()) else { return };
        self.name(card.person, &card.name);
        self.put(Guardianship {
            pupil,
            person: card.person,
            kind: card.kind,
            standing: card.standing,
            dates: card.dates,
            topics: card.topics,
        });
        if card.blocked {
            self.put(Block { pupil, person: card.person });
        }
    }

    fn relation(&mut self, card: &RelationCard) {
        if card.pupil == self.me {
            self.of_age(card);
            return;
        }
        self.put(Guardianship {
            pupil: card.pupil,
            person: self.me,
            kind: card.kind,
            standing: Standing::Confirmed,
            dates: card.dates,
            topics: card.topics.clone(),
        });
    }

    /// A pupil of age is itself at home.
    fn of_age(&mut self, card: &RelationCard) {
        self.put(Person {
            id: card.pupil,
            given_name: String::new(),
            family_name: String::new(),
            language: None,
            phone: None,
            email: None,
            birth_date: card.birth_date,
            protected_identity: false,
        });
    }

    fn staff(&mut self, card: &StaffCard) {
        self.name(card.person, &card.name);
        for assignment in &card.assignments {
            self.put(Spell(*assignment));
        }
    }

    fn colleague(&mut self, card: &ColleagueCard) {
        self.name(card.person, &card.name);
        self.put(StaffMember { person: card.person, added_here: card.added_here });
    }

    fn role(&mut self, card: &RoleCard) {
        self.names.insert(card.person, card.name.as_str().into());
        for assignment in &card.assignments {
            self.put(Spell(*assignment));
        }
    }
}
