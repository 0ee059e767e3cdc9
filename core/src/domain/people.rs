//! People and the law between them: the facts that rules and access are decided from (domain.md, *People*).
//!
//! Names and contact details are in [`Person`] only, and reach a phone only through the directory records.

use super::{
    ids::{GroupId, PersonId, SchoolId},
    scope::Topic,
};
use crate::reading::{known, known_or_none};
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use strum::VariantArray;

/// The languages that the app speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Language {
    #[default]
    Sv,
    Da,
    Nb,
    En,
}

impl Language {
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Sv => "sv",
            Language::Da => "da",
            Language::Nb => "nb",
            Language::En => "en",
        }
    }

    /// From a BCP 47 tag as roster systems write it (`sv-SE`, `nb_NO`, `nn`, `no`).
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match primary.as_str() {
            "sv" | "swe" => Some(Language::Sv),
            "da" | "dan" => Some(Language::Da),
            "nb" | "nn" | "no" | "nob" | "nor" | "nno" => Some(Language::Nb),
            "en" | "eng" => Some(Language::En),
            _ => None,
        }
    }
}

/// School form (skolform): preschool, preschool class, compulsory, after-school club, upper secondary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum SchoolForm {
    /// Förskola, børnehave, barnehage.
    Preschool,
    /// Förskoleklass, børnehaveklasse.
    PreschoolClass,
    /// Grundskola, folkeskole, grunnskole.
    Compulsory,
    /// Fritidshem, SFO.
    AfterSchool,
    /// Gymnasieskola, videregående.
    UpperSecondary,
}

impl SchoolForm {
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// As on the wire and in the keys of what is stored: never another word for what is there.
    pub fn as_str(self) -> &'static str {
        match self {
            SchoolForm::Preschool => "preschool",
            SchoolForm::PreschoolClass => "preschool_class",
            SchoolForm::Compulsory => "compulsory",
            SchoolForm::AfterSchool => "after_school",
            SchoolForm::UpperSecondary => "upper_secondary",
        }
    }
}

/// A human being. `birth_date` unknown is unknown: it is listed for staff, never assumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub given_name: String,
    pub family_name: String,
    #[serde(default, deserialize_with = "known_or_none")]
    pub language: Option<Language>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub birth_date: Option<NaiveDate>,
    /// Skyddade personuppgifter: no address, phone, class list or photo leaves the school.
    #[serde(default)]
    pub protected_identity: bool,
}

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }
}

/// One that this version does not speak is its own first one.
fn language<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Language, D::Error> {
    Ok(known(deserializer)?.unwrap_or_default())
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    pub id: SchoolId,
    pub name: String,
    /// The organiser's name (huvudman, kommune).
    pub organiser: String,
    /// IANA name, for example `Europe/Stockholm`. All days and times of the school are in it.
    pub time_zone: chrono_tz::Tz,
    /// The office's telephone number, shown when a report is still unsent near the cutoff.
    pub phone: String,
    #[serde(deserialize_with = "language")]
    pub language: Language,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    Class,
    MentorGroup,
    Club,
    Department,
    /// Pupils taught together in a subject (undervisningsgrupp, hold, faggruppe). It has lessons, but no day roll.
    TeachingGroup,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: GroupId,
    /// Not always its own: systems give the sections of one course one title. Shown to people is
    /// [`Roster::group_title`](super::roster::Roster::group_title).
    pub name: String,
    pub kind: GroupKind,
    pub form: SchoolForm,
    /// The source system's short code (`classCode`), for example `MA-1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Where it is taught.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

/// From and until are days, both inclusive, in the school's time zone; `None` is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Dates {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

impl Dates {
    pub fn contain(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether every one of these days is one of the other's.
    pub fn are_within(&self, other: Dates) -> bool {
        let from = other.from.is_none_or(|other| self.from.is_some_and(|from| from >= other));
        let until = other.until.is_none_or(|other| self.until.is_some_and(|until| until <= other));
        from && until
    }

    pub fn are_reversed(&self) -> bool {
        self.from.zip(self.until).is_some_and(|(from, until)| until < from)
    }
}

/// A pupil's place at the school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    pub pupil: PersonId,
    pub form: SchoolForm,
    pub dates: Dates,
}

/// A pupil's place in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub pupil: PersonId,
    pub group: GroupId,
    pub dates: Dates,
}

/// What an adult is to a pupil (seed 004). A role in an import never gives custody by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum GuardianshipKind {
    /// Vårdnadshavare, forældremyndighedsindehaver, foresatt.
    Guardian,
    /// Särskilt förordnad vårdnadshavare.
    SpeciallyAppointedGuardian,
    /// God man of an unaccompanied minor; acts with a guardian's full powers.
    AppointedRepresentative,
    /// Foster home (familjehem), or a named and dated member of a residential home's staff (HVB): delegated topics only.
    Carer,
    /// By default nothing; a guardian or an authority's decision can delegate topics.
    ParentWithoutCustody,
    /// Named by an import, with no legal relation known. Nothing, until staff say what the person is.
    Unspecified,
}

impl GuardianshipKind {
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Whether the kind carries custody, so that topics need no delegation.
    pub fn has_custody(self) -> bool {
        match self {
            Self::Guardian | Self::SpeciallyAppointedGuardian | Self::AppointedRepresentative => true,
            Self::Carer | Self::ParentWithoutCustody | Self::Unspecified => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Brought by an import; staff have not confirmed. No access, no code, no contact.
    Pending,
    Confirmed,
}

/// One adult's relation to one pupil; there is one per (pupil, person).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guardianship {
    pub pupil: PersonId,
    pub person: PersonId,
    pub kind: GuardianshipKind,
    pub standing: Standing,
    pub dates: Dates,
    /// Topics delegated by an authority's decision or the legal layer.
    #[serde(default)]
    pub topics: Vec<Topic>,
}

/// Topics that a guardian has delegated to an adult who has none (seed 004). One per (pupil, to, by).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    pub pupil: PersonId,
    pub to: PersonId,
    pub by: PersonId,
    pub topics: Vec<Topic>,
    pub dates: Dates,
}

/// A manual bar on one person for one pupil. It outranks every import and survives every re-import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub pupil: PersonId,
    pub person: PersonId,
}

/// An adult pupil lets a former guardian keep access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdultConsent {
    pub pupil: PersonId,
    pub person: PersonId,
    pub dates: Dates,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Role {
    /// Mentor, klasslärare, kontaktlærer.
    ContactTeacher,
    Teacher,
    /// Förskollärare, pædagog, barnehagelærer.
    PreschoolStaff,
    /// Fritidspersonal, SFO-ansatt.
    AfterSchoolStaff,
    /// Specialpedagog.
    SpecialEducator,
    /// Elevhälsa.
    PupilHealth,
    /// Skolexpedition, skolens kontor.
    Office,
    /// Rektor, skoleleder.
    Principal,
    /// Biträdande rektor, viceskoleleder.
    DeputyPrincipal,
    /// Huvudman: the municipality or owner.
    Organiser,
}

impl Role {
    /// Whether an assignment of this role is for a group, never for a whole school.
    pub fn is_for_groups(self) -> bool {
        match self {
            Role::ContactTeacher | Role::Teacher | Role::PreschoolStaff | Role::AfterSchoolStaff => true,
            Role::SpecialEducator
            | Role::PupilHealth
            | Role::Office
            | Role::Principal
            | Role::DeputyPrincipal
            | Role::Organiser => false,
        }
    }

    /// Whether it is for the whole school, never for one group.
    pub fn is_for_school(self) -> bool {
        match self {
            Role::Office | Role::Principal | Role::DeputyPrincipal | Role::Organiser => true,
            Role::ContactTeacher
            | Role::Teacher
            | Role::PreschoolStaff
            | Role::AfterSchoolStaff
            | Role::SpecialEducator
            | Role::PupilHealth => false,
        }
    }

    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// As on the wire and in the keys of what is stored: never another word for what is there.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::ContactTeacher => "contact_teacher",
            Role::Teacher => "teacher",
            Role::PreschoolStaff => "preschool_staff",
            Role::AfterSchoolStaff => "after_school_staff",
            Role::SpecialEducator => "special_educator",
            Role::PupilHealth => "pupil_health",
            Role::Office => "office",
            Role::Principal => "principal",
            Role::DeputyPrincipal => "deputy_principal",
            Role::Organiser => "organiser",
        }
    }
}

/// Somebody who works at the school, whether or not anything has been given to do yet. It opens nothing by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    pub person: PersonId,
    /// Made by hand at the school, of somebody whom no import knows (a substitute).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub added_here: bool,
}

/// Where an assignment holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Reach {
    School,
    Group(GroupId),
}

/// A member of staff's role, where and when. A substitute's ends at midnight of its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Assignment {
    pub person: PersonId,
    pub role: Role,
    pub reach: Reach,
    pub dates: Dates,
}

/// An assignment that staff give by hand, beside what the roster gives and beside each other: a substitute may have the
/// same group on Monday and on Wednesday. No file ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Spell(pub Assignment);
