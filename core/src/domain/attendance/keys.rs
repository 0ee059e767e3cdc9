//! Where the documents of attendance stand: ids are derived where nature allows only one, so that two phones that say
//! the same thing meet in one record.

use super::Session;
use crate::domain::{
    ids::{CommandId, GroupId, PersonId, RecordId, SchoolId},
    scope::{Circle, Scope, Topic},
};
use chrono::NaiveDate;

/// Where a pupil's attendance of one day and session stands.
pub fn attendance_key(school: SchoolId, pupil: PersonId, day: NaiveDate, session: Session) -> (Scope, RecordId) {
    let scope = Scope::pupil(pupil, Topic::Attendance, Circle::All);
    (scope, RecordId::derive(&[&school, &"attendance", &pupil, &day, &session]))
}

/// Where the roll of a group, day and session stands.
pub fn roll_key(school: SchoolId, group: GroupId, day: NaiveDate, session: Session) -> (Scope, RecordId) {
    let scope = Scope::group(group, Topic::Attendance, Circle::Staff);
    (scope, RecordId::derive(&[&school, &"roll", &group, &day, &session]))
}

/// Where it stands for the homes of a group that its roll was closed.
pub fn roll_closed_key(school: SchoolId, group: GroupId, day: NaiveDate, session: Session) -> (Scope, RecordId) {
    let scope = Scope::group(group, Topic::Info, Circle::All);
    (scope, RecordId::derive(&[&school, &"roll-closed", &group, &day, &session]))
}

/// Where the note of a command stands: with the adult at home whose word it is, or with staff alone where none is named.
pub fn note_key(pupil: PersonId, day: NaiveDate, home: Option<PersonId>, command: CommandId) -> (Scope, RecordId) {
    let scope = Scope::pupil(pupil, Topic::Attendance, home.map_or(Circle::Staff, Circle::Party));
    (scope, RecordId::derive(&[&"note", &pupil, &day, &command]))
}

/// Where the office's call about a pupil, day and session stands.
pub fn call_key(school: SchoolId, pupil: PersonId, day: NaiveDate, session: Session) -> (Scope, RecordId) {
    let scope = Scope::school(Topic::Attendance, Circle::Staff);
    (scope, RecordId::derive(&[&school, &"call", &pupil, &day, &session]))
}

/// Where a follow-up signal stands; one per pupil, threshold and day it was passed.
pub fn signal_key(school: SchoolId, pupil: PersonId, threshold: &str, day: NaiveDate) -> (Scope, RecordId) {
    (signal_scope(pupil), RecordId::derive(&[&school, &"signal", &pupil, &threshold, &day]))
}

/// Where a pupil's signals stand.
pub fn signal_scope(pupil: PersonId) -> Scope {
    Scope::pupil(pupil, Topic::Attendance, Circle::Staff)
}
