//! The words of the standard and of its `ext:` extensions, in Skolebro's terms. docs/import.md lists them; a word that
//! is not here is reported and gives nothing.

use skolebro_core::domain::people::{GroupKind, Role, SchoolForm};

/// What a role in users.csv or roles.csv says of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserRole {
    Pupil,
    /// Teaches; what and whom, the enrollments say.
    Teaching,
    /// For the whole school, as the two that follow.
    Principal,
    Office,
    /// OneRoster 1.1 has one word for the principal and the office; the narrower one is given.
    Administrator,
    /// An adult at home: of whom, `agentSourcedIds` says; what in law, only the legal layer and staff.
    Home,
    /// Known to the standard, but too vague to give anything.
    NotTaken,
    Unknown,
}

/// Bits that remember what roles a user has.
pub mod bits {
    pub const PUPIL: i64 = 1;
    pub const STAFF: i64 = 2;
    pub const HOME: i64 = 4;
    pub const OTHER: i64 = 8;
    /// A word that nobody knows, or a row that could not be read: the person may be anything.
    pub const UNKNOWN: i64 = 16;
}

impl UserRole {
    pub fn of(word: &str) -> Self {
        match word.to_lowercase().as_str() {
            "student" => UserRole::Pupil,
            "teacher" | "aide" => UserRole::Teaching,
            "principal" => UserRole::Principal,
            "siteadministrator" => UserRole::Office,
            "administrator" => UserRole::Administrator,
            "guardian" | "parent" | "relative" => UserRole::Home,
            "counselor" | "districtadministrator" | "systemadministrator" | "proctor" => UserRole::NotTaken,
            _ => UserRole::Unknown,
        }
    }

    pub fn bit(self) -> i64 {
        match self {
            UserRole::Pupil => bits::PUPIL,
            UserRole::Teaching | UserRole::Principal | UserRole::Office | UserRole::Administrator => bits::STAFF,
            UserRole::Home => bits::HOME,
            UserRole::NotTaken => bits::OTHER,
            UserRole::Unknown => bits::UNKNOWN,
        }
    }
}

/// A class type, with the school form where the word tells it. `None`: the word is not known.
pub fn class_type(word: &str) -> Option<(GroupKind, Option<SchoolForm>)> {
    let word = word.to_lowercase();
    Some(match word.strip_prefix("ext:").unwrap_or(&word) {
        "homeroom" | "class" | "klass" | "klasse" => (GroupKind::Class, None),
        "scheduled" | "teaching_group" | "undervisningsgrupp" | "hold" | "faggruppe" => {
            (GroupKind::TeachingGroup, None)
        }
        "mentor" | "mentorgroup" | "mentor_group" | "mentorsgrupp" | "kontaktgruppe" => (GroupKind::MentorGroup, None),
        "department" | "avdelning" | "avdeling" | "stue" => (GroupKind::Department, Some(SchoolForm::Preschool)),
        "club" | "after_school" | "afterschool" | "fritids" | "fritidshem" | "sfo" | "aks" => {
            (GroupKind::Club, Some(SchoolForm::AfterSchool))
        }
        _ => return None,
    })
}

/// Whether a course, by its code or its whole title, is the after-school club: OneRoster has no other place to say it.
pub fn is_after_school(word: &str) -> bool {
    let word = word.trim().to_lowercase();
    matches!(
        word.strip_prefix("ext:").unwrap_or(&word),
        "fritids"
            | "fritidshem"
            | "sfo"
            | "aks"
            | "skolefritidsordning"
            | "aktivitetsskolen"
            | "after_school"
            | "afterschool"
            | "after-school club"
    )
}

/// The role of somebody who teaches a group, by what the group is.
pub fn teaching_role(lead: bool, kind: GroupKind, form: SchoolForm) -> Role {
    match (kind, form) {
        (_, SchoolForm::AfterSchool) => Role::AfterSchoolStaff,
        (GroupKind::Class | GroupKind::MentorGroup, _) if lead => Role::ContactTeacher,
        (_, SchoolForm::Preschool) => Role::PreschoolStaff,
        (_, SchoolForm::PreschoolClass | SchoolForm::Compulsory | SchoolForm::UpperSecondary) => Role::Teacher,
    }
}

/// The highest of several forms: a class of years 0 and 1 keeps the compulsory school's rules.
pub fn highest(forms: impl IntoIterator<Item = SchoolForm>) -> Option<SchoolForm> {
    forms.into_iter().max_by_key(|form| match form {
        SchoolForm::AfterSchool => 0,
        SchoolForm::Preschool => 1,
        SchoolForm::PreschoolClass => 2,
        SchoolForm::Compulsory => 3,
        SchoolForm::UpperSecondary => 4,
    })
}
