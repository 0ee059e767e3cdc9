//! The directory: the only records that carry names. Each card is for one audience, so that nobody's phone holds more
//! than its person may see (domain.md: *the directory is scoped too*).

use super::{
    ids::{GroupId, PersonId},
    people::{Assignment, Dates, GuardianshipKind, Language, SchoolForm, Standing},
    scope::Topic,
};
use serde::{Deserialize, Serialize};

/// A pupil, for those who read about it (`pupil/info/all`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PupilCard {
    pub person: PersonId,
    pub name: String,
    pub form: SchoolForm,
    pub dates: Dates,
    pub groups: Vec<GroupPlace>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPlace {
    pub group: GroupId,
    pub name: String,
    pub form: SchoolForm,
    pub dates: Dates,
}

/// An adult at home, for staff (`pupil/info/staff`). A protected identity leaves out every contact detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianContact {
    pub person: PersonId,
    pub name: String,
    pub kind: GuardianshipKind,
    pub standing: Standing,
    pub blocked: bool,
    pub topics: Vec<Topic>,
    pub dates: Dates,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub language: Option<Language>,
    pub protected_identity: bool,
}

/// A member of staff, for everybody at the school (`school/info/all`): name and what they do, no contact details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffCard {
    pub person: PersonId,
    pub name: String,
    pub assignments: Vec<Assignment>,
}

/// What this person is to a pupil, for the person alone (`person/info/all`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationCard {
    pub pupil: PersonId,
    pub kind: GuardianshipKind,
    /// Topics delegated to this person.
    pub topics: Vec<Topic>,
    pub dates: Dates,
    /// The other adults at home who read about the pupil. A protected identity is not among them.
    pub others: Vec<OtherAdult>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherAdult {
    pub person: PersonId,
    pub name: String,
    pub kind: GuardianshipKind,
}

/// This person's own name and assignments, for the person alone (`person/info/all`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCard {
    pub person: PersonId,
    pub name: String,
    pub language: Option<Language>,
    pub assignments: Vec<Assignment>,
}
