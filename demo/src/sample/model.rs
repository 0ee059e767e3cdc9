//! What a sample municipality consists of, typed, so that the demo can find people without reading its own files.
//! Must never hold access rules: what a person may see is the server's to say.

use super::{Persona, PersonaKind, SampleSpec};
use chrono::NaiveDate;
use skolebro_core::domain::{
    people::{Dates, GroupKind, GuardianshipKind, Language, Role, SchoolForm},
    scope::Topic,
};

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The `sourcedId` in every file.
            pub fn sourced_id(self) -> String {
                format!(concat!($prefix, "-{:06}"), self.0)
            }

            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

numbers! {
    /// Place in [`Municipality::people`].
    PersonNo "person",
    /// Place in [`Municipality::schools`].
    SchoolNo "school",
    /// Place in [`Municipality::groups`].
    GroupNo "group",
}

/// A fictional organiser (huvudman, kommune) with everybody in its schools.
#[derive(Debug)]
pub struct Municipality {
    pub spec: SampleSpec,
    pub name: &'static str,
    pub schools: Vec<School>,
    /// Classes and after-school clubs.
    pub groups: Vec<Group>,
    /// Staff first, then family by family.
    pub people: Vec<Person>,
    /// By person number.
    pub pupils: Vec<Pupil>,
    pub posts: Vec<Post>,
    /// By (pupil, adult); one per pair.
    pub relations: Vec<Relation>,
    pub personas: Vec<Persona>,
}

/// A school unit.
#[derive(Clone, Debug)]
pub struct School {
    pub no: SchoolNo,
    pub name: String,
    /// The office's number, from a range for fiction.
    pub phone: String,
    /// `UpperSecondary`, or `Compulsory` with a preschool class and a club where the country has them.
    pub form: SchoolForm,
}

/// A class, or an after-school club.
#[derive(Clone, Debug)]
pub struct Group {
    pub no: GroupNo,
    pub school: SchoolNo,
    /// `4B`; in a small school years share a class: `4-5`.
    pub name: String,
    /// `Class` or `Club`.
    pub kind: GroupKind,
    pub form: SchoolForm,
    /// Lowest and highest year; 0 is the preschool class, and upper secondary goes on where the compulsory school ends.
    pub grades: (u8, u8),
    /// Contact teacher; in a club the one who leads it.
    pub lead: PersonNo,
    /// The other teacher, or the other one in the club.
    pub second: PersonNo,
}

/// Anybody: pupil, adult at home, staff, or several of these.
#[derive(Clone, Debug)]
pub struct Person {
    pub no: PersonNo,
    pub given_name: &'static str,
    pub family_name: &'static str,
    pub language: Language,
    /// Pupils have one, save a few whose roster does not know it; adults have none.
    pub birth_date: Option<NaiveDate>,
    pub protected_identity: bool,
    /// Who shares it lives at one address.
    pub household: u32,
    /// In the OneRoster bundle; others are known from the legal layer only.
    pub in_roster: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Pupil {
    pub person: PersonNo,
    pub school: SchoolNo,
    pub class: GroupNo,
    pub grade: u8,
    pub club: Option<GroupNo>,
}

/// A member of staff's assignment.
#[derive(Clone, Copy, Debug)]
pub struct Post {
    pub person: PersonNo,
    pub role: Role,
    pub school: SchoolNo,
    /// `None`: the whole school.
    pub group: Option<GroupNo>,
    pub dates: Dates,
}

/// How the roster names an adult. None of them gives custody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RosterRole {
    Guardian,
    Parent,
    Relative,
}

/// One adult and one pupil.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    pub pupil: PersonNo,
    pub adult: PersonNo,
    /// What the roster says; `None`: nothing.
    pub roster: Option<RosterRole>,
    /// What the legal layer says; `None`: nothing, so that the adult stays pending.
    pub legal: Option<Legal>,
}

/// A row of the legal layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Legal {
    pub kind: GuardianshipKind,
    pub dates: Dates,
    /// Delegated topics.
    pub topics: &'static [Topic],
    /// Confirmed beforehand by staff.
    pub confirmed: bool,
    pub block: bool,
    /// Last day of an adult pupil's consent to a former guardian.
    pub consent_until: Option<NaiveDate>,
}

impl Municipality {
    pub fn person(&self, no: PersonNo) -> &Person {
        &self.people[no.index()]
    }

    pub fn school(&self, no: SchoolNo) -> &School {
        &self.schools[no.index()]
    }

    pub fn group(&self, no: GroupNo) -> &Group {
        &self.groups[no.index()]
    }

    pub fn pupil(&self, no: PersonNo) -> Option<&Pupil> {
        self.pupils.binary_search_by_key(&no, |pupil| pupil.person).ok().map(|index| &self.pupils[index])
    }

    /// A pupil's adults, of whatever kind.
    pub fn adults_of(&self, pupil: PersonNo) -> &[Relation] {
        let start = self.relations.partition_point(|relation| relation.pupil < pupil);
        let end = self.relations.partition_point(|relation| relation.pupil <= pupil);
        &self.relations[start..end]
    }

    /// An adult's pupils. Looks through all relations.
    pub fn pupils_of(&self, adult: PersonNo) -> impl Iterator<Item = &Relation> {
        self.relations.iter().filter(move |relation| relation.adult == adult)
    }

    /// The pupils of a class or club. Looks through all pupils.
    pub fn pupils_in(&self, group: GroupNo) -> impl Iterator<Item = &Pupil> {
        self.pupils.iter().filter(move |pupil| pupil.class == group || pupil.club == Some(group))
    }

    /// Everybody with a post, each once, in order.
    pub fn staff(&self) -> Vec<PersonNo> {
        let mut staff: Vec<PersonNo> = self.posts.iter().map(|post| post.person).collect();
        staff.sort_unstable();
        staff.dedup();
        staff
    }

    /// Named special cases; `TurningEighteen` and every other is there once.
    pub fn personas(&self) -> &[Persona] {
        &self.personas
    }

    pub fn persona(&self, kind: PersonaKind) -> Option<&Persona> {
        self.personas.iter().find(|persona| persona.kind == kind)
    }

    /// An address in no town. It is in no file: nothing in the app needs it, and a protected one must not leave the school.
    pub fn address(&self, no: PersonNo) -> String {
        self.spec.country.street(self.person(no).household)
    }

    /// A telephone number for fiction (see [`super::Country`]); pupils have none.
    pub fn phone(&self, no: PersonNo) -> Option<String> {
        self.pupil(no).is_none().then(|| self.spec.country.mobile(no.0))
    }

    /// At example.org, which is reserved (RFC 2606). Pupils have none.
    pub fn email(&self, no: PersonNo) -> Option<String> {
        let person = self.person(no);
        self.pupil(no).is_none().then(|| {
            let given = super::names::ascii(person.given_name);
            let family = super::names::ascii(person.family_name);
            format!("{given}.{family}.{}@example.org", no.0)
        })
    }
}

impl Legal {
    /// Open-ended and confirmed, with nothing delegated.
    pub const fn confirmed(kind: GuardianshipKind) -> Self {
        Self {
            kind,
            dates: Dates { from: None, until: None },
            topics: &[],
            confirmed: true,
            block: false,
            consent_until: None,
        }
    }
}

/// What a guardian or an authority usually delegates.
pub const ATTENDANCE_AND_INFO: &[Topic] = &[Topic::Attendance, Topic::Info];
pub const ATTENDANCE: &[Topic] = &[Topic::Attendance];
