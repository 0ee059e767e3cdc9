//! enrollments.csv: who is in which class as what, and when. Rows are staged as they are; users and classes that they
//! refer to are looked up when all is put together.

use super::twice::fingerprint;
use crate::roster::{
    codes::Code,
    error::RosterError,
    held,
    intake::{Intake, Status},
    staging::state,
    table::{Line, Row, Table},
    values::yes_no,
};
use rusqlite::{OptionalExtension, params};
use std::io::Read;

const FILE: &str = "enrollments.csv";

pub fn read<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        let row = match line {
            Line::Row(row) => row,
            Line::Broken(line) => {
                held::broken(intake, FILE, &line)?;
                continue;
            }
        };
        if deleted_by_id(intake, &row)? {
            continue;
        }
        let (class, user) = (row.value("classSourcedId"), row.value("userSourcedId"));
        let (Some(class), Some(user)) = (class, user) else {
            half(intake, &row, class, user)?;
            if let Some(line) = row.as_broken() {
                held::broken(intake, FILE, &line)?;
            }
            continue;
        };
        if !enrollment(intake, &row, class, user)? {
            // What is stored about the two stays as it is; and nobody falls out of every class, where the row was to
            // bring them from one to the other.
            intake.hold_membership(user, class)?;
            intake.hold_person(held::kind::PLACES_UNLESS_ELSEWHERE, user)?;
            if let Some(line) = row.as_broken() {
                held::broken(intake, FILE, &line)?;
            }
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

/// A row that names only one of the two: what is stored about that one stays.
fn half(intake: &mut Intake, row: &Row, class: Option<&str>, user: Option<&str>) -> Result<(), RosterError> {
    let column = if class.is_none() { "classSourcedId" } else { "userSourcedId" };
    intake.issue(FILE, row, column, Code::IdMissing, None, "the row has no id");
    match (class, user) {
        (_, Some(user)) => intake.hold_person(held::kind::PLACES, user),
        (Some(class), None) => {
            let group = intake.group_id(class).to_string();
            intake.staging.hold(held::kind::MEMBERS_UNLESS_ELSEWHERE, &group)
        }
        (None, None) => intake.hold_file(FILE, None, row.line),
    }
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
            // A word that nobody knows may be the role that the person has there.
            return Ok(known);
        }
    };
    let lead = match row.value("primary").map(|text| (text, yes_no(text))) {
        Some((text, None)) if role == "teacher" => {
            let what = "it is neither true nor false, so it does not show what the teacher is to the class";
            intake.issue(FILE, row, "primary", Code::FlagUnreadable, Some(text), what);
            return Ok(false);
        }
        Some((text, None)) => {
            intake.issue(FILE, row, "primary", Code::FlagIgnored, Some(text), "it is neither true nor false");
            false
        }
        Some((_, Some(primary))) => primary && role == "teacher",
        None => false,
    };
    if row.is_cut_before("endDate") && row.value("beginDate").is_some() {
        intake.issue(FILE, row, "endDate", Code::RowCut, None, "the line ends before the enrollment's last day");
        return Ok(false);
    }
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
    intake.hold_membership(&user, &class)?;
    intake.hold_membership(row.text("userSourcedId"), row.text("classSourcedId"))?;
    Ok(true)
}
