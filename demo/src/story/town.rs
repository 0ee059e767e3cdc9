//! The municipality as the script knows it: who is whose, and the ids that the import derives. It must never ask the
//! server: what the script knows is what is compared with what the school sees.

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use skolebro_core::domain::{
    attendance::Session,
    ids::{GroupId, PersonId, SchoolId},
    people::{GroupKind, Role, SchoolForm},
    scope::Topic,
    time::instant,
};
use skolebro_demo::sample::{GroupNo, Municipality, PersonNo, School, SchoolNo};

/// The organiser's id, from which the import derives all others.
pub const ORGANISER: &str = "demo";

#[derive(Debug)]
pub struct Town {
    pub made: Municipality,
    pub day: NaiveDate,
}

impl Town {
    pub fn person(&self, no: PersonNo) -> PersonId {
        PersonId::derive(&[&ORGANISER, &no.sourced_id()])
    }

    pub fn school(&self, no: SchoolNo) -> SchoolId {
        SchoolId::derive(&[&ORGANISER, &no.sourced_id()])
    }

    pub fn group(&self, no: GroupNo) -> GroupId {
        GroupId::derive(&[&ORGANISER, &no.sourced_id()])
    }

    pub fn name(&self, no: PersonNo) -> String {
        let person = self.made.person(no);
        format!("{} {}", person.given_name, person.family_name)
    }

    /// The instant at which the school's clock shows `time` on the day of the story.
    pub fn at(&self, time: NaiveTime) -> DateTime<Utc> {
        instant(chrono_tz::Europe::Stockholm, self.day, time)
    }

    pub fn classes(&self) -> impl Iterator<Item = &skolebro_demo::sample::Group> {
        self.made.groups.iter().filter(|group| group.kind == GroupKind::Class)
    }

    /// The session whose roll the story calls: the day, or the first lesson where rolls are called by lesson.
    pub fn session(&self, school: SchoolNo) -> Session {
        if self.is_upper(school) { Session::Lesson(1) } else { Session::Day }
    }

    pub fn is_upper(&self, school: SchoolNo) -> bool {
        self.made.school(school).form == SchoolForm::UpperSecondary
    }

    pub fn schools(&self) -> &[School] {
        &self.made.schools
    }

    /// One member of the office of each school.
    pub fn office(&self, school: SchoolNo) -> Option<PersonNo> {
        self.made.posts.iter().find(|post| post.school == school && post.role == Role::Office).map(|post| post.person)
    }

    /// The adults who may report this pupil, by the law that the sample was made from. None for a pupil who is of age, or
    /// of whom nobody knows.
    pub fn tellers(&self, pupil: PersonNo) -> Vec<PersonNo> {
        let majority =
            self.made.person(pupil).birth_date.and_then(|born| born.checked_add_months(Months::new(18 * 12)));
        if majority.is_none_or(|day| day <= self.day) {
            return Vec::new();
        }
        let may = |relation: &&skolebro_demo::sample::Relation| {
            relation.legal.is_some_and(|legal| {
                let by_law = legal.kind.has_custody() || legal.topics.contains(&Topic::Attendance);
                legal.confirmed && !legal.block && legal.dates.contain(self.day) && by_law
            })
        };
        self.made.adults_of(pupil).iter().filter(may).map(|relation| relation.adult).collect()
    }
}
