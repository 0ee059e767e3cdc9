//! Words for people: what they are to a pupil, what they do, and what to call one whose card this phone does not hold.

use super::Texts;
use crate::{
    domain::{
        ids::PersonId,
        people::{GuardianshipKind, Language, Role},
        scope::Topic,
    },
    say,
};
use std::collections::BTreeMap;

/// Who is who, as far as this phone may know. An id is never shown instead.
pub trait Names {
    fn name(&self, person: PersonId) -> Option<String>;
    /// Whether it is the person who reads: *you*, instead of a name.
    fn is_me(&self, _person: PersonId) -> bool {
        false
    }
}

impl Names for BTreeMap<PersonId, String> {
    fn name(&self, person: PersonId) -> Option<String> {
        self.get(&person).cloned()
    }
}

impl<F: Fn(PersonId) -> Option<String>> Names for F {
    fn name(&self, person: PersonId) -> Option<String> {
        self(person)
    }
}

impl Texts {
    pub fn a_guardian(&self) -> String {
        say!(self, "person-unknown-guardian")
    }

    pub fn someone_at_school(&self) -> String {
        say!(self, "person-unknown-staff")
    }

    pub fn a_pupil(&self) -> String {
        say!(self, "person-unknown-pupil")
    }

    pub fn pupil_named(&self, names: &dyn Names, pupil: PersonId) -> String {
        names.name(pupil).unwrap_or_else(|| self.a_pupil())
    }

    pub fn guardian_named(&self, names: &dyn Names, person: PersonId) -> String {
        names.name(person).unwrap_or_else(|| self.a_guardian())
    }

    /// Whose word it was, after *by*: *you*, a name, or a guardian whose card is not here.
    pub fn teller_named(&self, names: &dyn Names, person: PersonId) -> String {
        if names.is_me(person) { say!(self, "person-you") } else { self.guardian_named(names, person) }
    }

    pub fn staff_named(&self, names: &dyn Names, person: PersonId) -> String {
        names.name(person).unwrap_or_else(|| self.someone_at_school())
    }

    pub fn role(&self, role: Role) -> String {
        self.text(
            match role {
                Role::ContactTeacher => "role-contact-teacher",
                Role::Teacher => "role-teacher",
                Role::PreschoolStaff => "role-preschool-staff",
                Role::AfterSchoolStaff => "role-after-school-staff",
                Role::SpecialEducator => "role-special-educator",
                Role::PupilHealth => "role-pupil-health",
                Role::Office => "role-office",
                Role::Principal => "role-principal",
                Role::DeputyPrincipal => "role-deputy-principal",
                Role::Organiser => "role-organiser",
            },
            &[],
        )
    }

    /// The language's name, in this language.
    pub fn language_name(&self, language: Language) -> String {
        self.text(
            match language {
                Language::Sv => "language-sv",
                Language::Da => "language-da",
                Language::Nb => "language-nb",
                Language::En => "language-en",
            },
            &[],
        )
    }

    pub fn guardianship(&self, kind: GuardianshipKind) -> String {
        self.text(
            match kind {
                GuardianshipKind::Guardian => "guardianship-guardian",
                GuardianshipKind::SpeciallyAppointedGuardian => "guardianship-specially-appointed",
                GuardianshipKind::AppointedRepresentative => "guardianship-representative",
                GuardianshipKind::Carer => "guardianship-carer",
                GuardianshipKind::ParentWithoutCustody => "guardianship-without-custody",
                GuardianshipKind::Unspecified => "guardianship-unspecified",
            },
            &[],
        )
    }

    pub fn topic(&self, topic: Topic) -> String {
        self.text(
            match topic {
                Topic::Attendance => "topic-attendance",
                Topic::Leave => "topic-leave",
                Topic::Book => "topic-book",
                Topic::Talks => "topic-talks",
                Topic::Plan => "topic-plan",
                Topic::Care => "topic-care",
                Topic::Info => "topic-info",
            },
            &[],
        )
    }
}
