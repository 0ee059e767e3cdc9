//! enrollments.csv: who is in which class as what, and when. Rows are staged as they are; users and classes that they
//! refer to are looked up when all is put together.

use super::twice::fingerprint;
use crate::roster::{
    codes::Code,
    error::RosterError,
    intake::{Intake, Status},
    staging::state,
    table::{Row, Table},
    values::yes_no,
};
use rusqlite::{OptionalExtension, params};
use std::io::Read;

const FILE: &str = "enrollments.csv";

pub fn read<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(row) = table.next_row(&mut intake.reporter)? {
        if deleted_by_id(intake, &row)? {
            continue;
        }
        let Ok(class) = intake.id(FILE, &row, "classSourcedId") else { continue };
        let Ok(user) = intake.id(FILE, &row, "userSourcedId") else { continue };
        let (pupil, group) = (intake.person_id(user), intake.group_id(class));
        if !enrollment(intake, &row, class, user)? {
            // What is stored about the two stays as it is.
            intake.staging.hold("membership", &format!("{pupil}/{group}"))?;
        }
    }
    Ok(())
}

/// A row of a delta that deletes by its id and says nothing else: what it said before is remembered.
fn deleted_by_id(intake: &mut Intake, row: &Row) -> Result<bool, RosterError> {
    let bare = row.value("classSourcedId").is_none() || row.value("userSourcedId").is_none();
    let gone = matches!(row.text("status").to_lowercase().as_str(), "tobedeleted" | "inactive");
    let (true, true, Some(sid)) = (bare, gone, row.value("sourcedId")) else { return Ok(false) };
    intake.staging.restate(FILE, Some(sid), row.at())?;
    Ok(true)
}

/// Stages a row; `false` when it could not be used.
fn enrollment(intake: &mut Intake, row: &Row, class: &str, user: &str) -> Result<bool, RosterError> {
    let Ok(status) = intake.status(FILE, row) else { return Ok(false) };
    let role = match row.value("role").map(str::to_lowercase).as_deref() {
        Some("student") => "pupil",
        Some("teacher" | "aide") => "teacher",
        other => {
            let known = matches!(other, Some("administrator" | "proctor" | "guardian" | "parent" | "relative"));
            let code = if known { Code::RoleNotTaken } else { Code::RoleUnknown };
            intake.issue(FILE, row, "role", code, row.value("role"), "the role gives nothing in a class");
            return Ok(true);
        }
    };
    let lead = match row.value("primary").map(|text| (text, yes_no(text))) {
        Some((text, None)) => {
            intake.issue(FILE, row, "primary", Code::FlagIgnored, Some(text), "it is neither true nor false");
            false
        }
        Some((_, Some(primary))) => primary && role == "teacher",
        None => false,
    };
    let Ok(first) = intake.date(FILE, row, "beginDate") else { return Ok(false) };
    let Ok(until) = intake.last_day(FILE, row, "endDate") else { return Ok(false) };
    if intake.span(FILE, row, first, until, "endDate").is_err() {
        return Ok(false);
    }
    let school = match row.value("schoolSourcedId").map(|sid| intake.school(FILE, row, "schoolSourcedId", sid)) {
        Some(Ok(school)) => school.to_string(),
        Some(Err(_)) => return Ok(false),
        None => String::new(),
    };
    let words = ["status", "classSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"];
    let hash = fingerprint(&words.map(|column| row.text(column)));
    let sid = row.value("sourcedId");
    intake.staging.restate(FILE, sid, row.at())?;
    if let Some(sid) = sid
        && twice(intake, row, sid, &hash)?
    {
        return Ok(true);
    }
    intake
        .staging
        .db
        .prepare_cached(
            "INSERT INTO enrollment (sid, hash, class, school, user, role, lead, first, until, line, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            sid,
            hash,
            class,
            school,
            user,
            role,
            lead,
            first.map(|day| day.to_string()),
            until.map(|day| day.to_string()),
            row.at(),
            if status == Status::Gone { state::GONE } else { state::ACTIVE }
        ])?;
    Ok(true)
}

/// Whether the id came before; then the row is left, and a different one takes the first out too.
fn twice(intake: &mut Intake, row: &Row, sid: &str, hash: &[u8]) -> Result<bool, RosterError> {
    let found = intake
        .staging
        .db
        .prepare_cached("SELECT line, hash, class, user, state FROM enrollment WHERE sid = ?1")?
        .query_row([sid], |row| {
            let hash: Vec<u8> = row.get(1)?;
            let state: i64 = row.get(4)?;
            Ok((row.get::<_, i64>(0)?, hash, row.get::<_, String>(2)?, row.get::<_, String>(3)?, state))
        })
        .optional()?;
    let Some((line, other, class, user, was)) = found else { return Ok(false) };
    if other == hash {
        let what = format!("the id stands on line {line} too");
        intake.issue(FILE, row, "sourcedId", Code::DuplicateSame, Some(sid), &what);
        return Ok(true);
    }
    let what = format!("the id stands on line {line} too and says something else; neither was used");
    intake.issue(FILE, row, "sourcedId", Code::DuplicateDiffers, Some(sid), &what);
    if was != state::HELD {
        intake.reporter.report.file(FILE).skipped += 1;
        intake
            .staging
            .db
            .prepare_cached("UPDATE enrollment SET state = ?2 WHERE sid = ?1")?
            .execute(params![sid, state::HELD])?;
    }
    for (class, user) in [(class.as_str(), user.as_str()), (row.text("classSourcedId"), row.text("userSourcedId"))] {
        let key = format!("{}/{}", intake.person_id(user), intake.group_id(class));
        intake.staging.hold("membership", &key)?;
    }
    Ok(true)
}
