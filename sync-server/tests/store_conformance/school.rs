//! The people of these stories: Liv and her guardians Amal and Erik, the teacher Sanna, and Noor at another school.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use skolebro_core::domain::{
    ids::{CommandId, DeviceId, GroupId, PersonId, RecordId, SchoolId},
    record::RecordKind,
    scope::{Circle, Scope, Topic},
};
use skolebro_server::store::{LoggedCommand, Store, StoredRow, write};
use uuid::Uuid;

pub fn person(name: &str) -> PersonId {
    PersonId::derive(&[&name])
}
pub fn the_school() -> SchoolId {
    SchoolId::derive(&[&"Ekskolan"])
}
pub fn another_school() -> SchoolId {
    SchoolId::derive(&[&"Bjørkeskolen"])
}
pub fn class_4b() -> GroupId {
    GroupId::derive(&[&"4B"])
}
pub fn device(name: &str) -> DeviceId {
    DeviceId(Uuid::new_v5(&Uuid::nil(), name.as_bytes()))
}
pub fn record(name: impl std::fmt::Display) -> RecordId {
    RecordId::derive(&[&name])
}
pub fn attendance_of(pupil: &str) -> Scope {
    Scope::pupil(person(pupil), Topic::Attendance, Circle::All)
}
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
pub fn at(text: &str) -> DateTime<Utc> {
    format!("2026-09-{text}Z").parse().unwrap()
}
pub fn micros_later(time: DateTime<Utc>, micros: i64) -> DateTime<Utc> {
    time + TimeDelta::microseconds(micros)
}

/// An attendance document of a pupil and a day; its number is given when it is put.
pub fn attendance(pupil: &str, on: &str) -> StoredRow {
    StoredRow {
        scope: attendance_of(pupil),
        id: record(format!("{pupil} {on}")),
        seq: 0,
        kind: RecordKind::Attendance,
        pupil: Some(person(pupil)),
        day: Some(day(on)),
        body: Some(format!(r#"{{"of":"{pupil}","on":"{on}"}}"#).into()),
    }
}

pub fn gone(row: &StoredRow) -> StoredRow {
    StoredRow { body: None, ..row.clone() }
}

/// Puts a row under the school's next number and gives it back as it stands.
pub fn put_at(store: &dyn Store, school: SchoolId, row: &StoredRow) -> StoredRow {
    write(store, |school_store| {
        let row = StoredRow { seq: school_store.take_number(school)?, ..row.clone() };
        school_store.put_row(school, &row)?;
        Ok(row)
    })
    .unwrap()
}

pub fn put(store: &dyn Store, row: &StoredRow) -> StoredRow {
    put_at(store, the_school(), row)
}

/// Amal's report, as it is logged.
pub fn sick_report(id: CommandId) -> LoggedCommand {
    LoggedCommand {
        id,
        author: Some(person("Amal")),
        device: Some(device("Amal's phone")),
        payload_hash: [7; 32],
        outcome: r#"{"accepted":{"seq":3}}"#.into(),
        seq: 3,
        at: at("14T06:58:03.000021"),
        payload: Some(r#"{"report_sick":{"pupil":"Liv"}}"#.into()),
    }
}
