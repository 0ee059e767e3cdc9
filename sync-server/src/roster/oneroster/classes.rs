//! academicSessions.csv, courses.csv and classes.csv: groups, their form, and the terms that bound them.

use super::{
    twice::{Kind, Twice, compare, fingerprint},
    words,
};
use crate::roster::{
    codes::Code,
    error::RosterError,
    intake::{Cell, Intake, Skip, Status},
    report::FileMode,
    staging::state,
    table::{Row, Table},
    values::form_of_grade,
};
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};
use skolebro_core::{
    domain::people::{Group, GroupKind, SchoolForm},
    plain::plain,
};
use std::io::Read;

const SESSIONS: &str = "academicSessions.csv";
const COURSES: &str = "courses.csv";
const FILE: &str = "classes.csv";
const CLASS: Kind = Kind { file: FILE, table: "class", held: "group", lists: false };

pub fn sessions<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(row) = table.next_row(&mut intake.reporter)? {
        let Ok(sid) = intake.id(SESSIONS, &row, "sourcedId") else { continue };
        let Ok(first) = intake.date(SESSIONS, &row, "startDate") else { continue };
        let Ok(until) = intake.last_day(SESSIONS, &row, "endDate") else { continue };
        let added = intake
            .staging
            .db
            .prepare_cached("INSERT OR IGNORE INTO session (sid, first, until) VALUES (?1, ?2, ?3)")?
            .execute(params![sid, first.map(|day| day.to_string()), until.map(|day| day.to_string())])?;
        if added == 0 {
            let what = "the id stands twice; the first was used";
            intake.issue(SESSIONS, &row, "sourcedId", Code::DuplicateSame, Some(sid), what);
        }
    }
    Ok(())
}

pub fn courses<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(row) = table.next_row(&mut intake.reporter)? {
        let Ok(sid) = intake.id(COURSES, &row, "sourcedId") else { continue };
        let after_school = words::is_after_school(row.text("courseCode")) || words::is_after_school(row.text("title"));
        let form = forms(intake, COURSES, &row).map(|form| serde_json::to_string(&form)).transpose()?;
        let added = intake
            .staging
            .db
            .prepare_cached("INSERT OR IGNORE INTO course (sid, after_school, form) VALUES (?1, ?2, ?3)")?
            .execute(params![sid, after_school, form])?;
        if added == 0 {
            let what = "the id stands twice; the first was used";
            intake.issue(COURSES, &row, "sourcedId", Code::DuplicateSame, Some(sid), what);
        }
    }
    Ok(())
}

/// The school form of a row's grades.
pub fn forms(intake: &mut Intake, file: &str, row: &Row) -> Option<SchoolForm> {
    let mut forms = Vec::new();
    for grade in row.list("grades") {
        match form_of_grade(grade) {
            Some(form) => forms.push(form),
            None => intake.issue(file, row, "grades", Code::GradeUnknown, Some(grade), "the grade is not known"),
        }
    }
    if file != COURSES && forms.iter().any(|form| Some(form) != forms.first()) {
        let what = "the grades are of several school forms; the highest was used";
        intake.issue(file, row, "grades", Code::FormsMixed, row.value("grades"), what);
    }
    words::highest(forms)
}

pub fn classes<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    intake.codes_told = table.has("classCode");
    intake.locations_told = table.has("location");
    while let Some(row) = table.next_row(&mut intake.reporter)? {
        let Ok(sid) = intake.id(FILE, &row, "sourcedId") else { continue };
        if let Some(class) = stage(intake, &row, sid)? {
            let read = match class {
                Ok(()) => read_class(intake, &row, sid)?,
                Err(skip) => Err(skip),
            };
            if read.is_err() {
                intake.staging.hold("group", &intake.group_id(sid).to_string())?;
            }
        }
    }
    for sid in std::mem::take(&mut table.broken) {
        intake.staging.hold("group", &intake.group_id(&sid).to_string())?;
    }
    Ok(())
}

/// Stages the class as held, or as gone; `None` when there is no more to read of it.
fn stage(intake: &mut Intake, row: &Row, sid: &str) -> Result<Option<Cell<()>>, RosterError> {
    let Ok(status) = intake.status(FILE, row) else { return Ok(Some(Err(Skip))) };
    let words = [
        "title",
        "grades",
        "courseSourcedId",
        "classType",
        "schoolSourcedId",
        "termSourcedIds",
        "status",
        "classCode",
        "location",
    ];
    let hash = fingerprint(&words.map(|column| row.text(column)));
    match compare(intake, CLASS, row, sid, &hash)? {
        Twice::First | Twice::Replace | Twice::Merge => {}
        Twice::Leave => return Ok(None),
    }
    let id = intake.group_id(sid).to_string();
    let state = if status == Status::Gone { state::GONE } else { state::HELD };
    intake
        .staging
        .db
        .prepare_cached(
            "INSERT OR REPLACE INTO class (sid, id, line, hash, modified, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![sid, id, row.at(), hash, intake.modified(row), state])?;
    intake.staging.restate(FILE, Some(sid), row.at())?;
    if status == Status::Gone {
        intake.staging.gone("group", &id, FILE, row.at())?;
        return Ok(None);
    }
    Ok(Some(Ok(())))
}

fn read_class(intake: &mut Intake, row: &Row, sid: &str) -> Result<Cell<()>, RosterError> {
    if row.text("title").is_empty() {
        intake.issue(FILE, row, "title", Code::NameMissing, Some(sid), "the class has no title");
        return Ok(Err(Skip));
    }
    let Some(org) = row.value("schoolSourcedId") else {
        intake.issue(FILE, row, "schoolSourcedId", Code::OrgDangling, None, "the class has no school");
        return Ok(Err(Skip));
    };
    let Ok(school) = intake.school(FILE, row, "schoolSourcedId", org) else { return Ok(Err(Skip)) };
    let course = course(intake, row)?;
    let Ok((kind, form)) = kind_and_form(intake, row, sid, course) else { return Ok(Err(Skip)) };
    let (first, until) = terms(intake, row)?;
    if let Some(until) = until.filter(|until| *until < intake.options.today) {
        let what = format!("the last of the class's terms was over after {until}");
        intake.issue(FILE, row, "termSourcedIds", Code::TermOver, Some(sid), &what);
    }
    // Without grades the form waits: school.csv may tell it.
    let assumed = form.is_none();
    let form = form.unwrap_or(SchoolForm::Compulsory);
    let group = Group {
        id: intake.group_id(sid),
        name: row.text("title").to_owned(),
        kind,
        form,
        code: own(row, "classCode"),
        location: own(row, "location"),
    };
    intake
        .staging
        .db
        .prepare_cached(
            "UPDATE class SET state = ?2, school = ?3, entry = ?4, first = ?5, until = ?6, assumed = ?7 WHERE sid = ?1",
        )?
        .execute(params![
            sid,
            state::ACTIVE,
            school.to_string(),
            serde_json::to_string(&group)?,
            first.map(|day| day.to_string()),
            until.map(|day| day.to_string()),
            assumed
        ])?;
    Ok(Ok(()))
}

/// A cell that tells the class from others of its title.
fn own(row: &Row, column: &str) -> Option<String> {
    row.value(column).map(|text| plain(text).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether the class's course is the after-school club, and its form.
fn course(intake: &mut Intake, row: &Row) -> Result<(bool, Option<SchoolForm>), RosterError> {
    let Some(sid) = row.value("courseSourcedId") else { return Ok((false, None)) };
    let found = intake
        .staging
        .db
        .prepare_cached("SELECT after_school, form FROM course WHERE sid = ?1")?
        .query_row([sid], |row| Ok((row.get::<_, bool>(0)?, row.get::<_, Option<String>>(1)?)))
        .optional()?;
    let Some((after_school, form)) = found else {
        if intake.mode(COURSES) == FileMode::Bulk {
            let what = "courses.csv has no such course";
            intake.issue(FILE, row, "courseSourcedId", Code::CourseDangling, Some(sid), what);
        }
        return Ok((false, None));
    };
    Ok((after_school, form.map(|form| serde_json::from_str(&form)).transpose()?))
}

fn kind_and_form(
    intake: &mut Intake,
    row: &Row,
    sid: &str,
    (after_school, course_form): (bool, Option<SchoolForm>),
) -> Cell<(GroupKind, Option<SchoolForm>)> {
    let (kind, told) = match row.value("classType") {
        None => {
            let what = "the class has no type; it was read as a homeroom class";
            intake.issue(FILE, row, "classType", Code::ClassTypeMissing, Some(sid), what);
            (GroupKind::Class, None)
        }
        Some(word) => words::class_type(word).ok_or_else(|| {
            intake.issue(FILE, row, "classType", Code::ClassTypeUnknown, Some(word), "the class type is not known");
            Skip
        })?,
    };
    if kind == GroupKind::Club || (after_school && kind == GroupKind::TeachingGroup) {
        return Ok((GroupKind::Club, Some(SchoolForm::AfterSchool)));
    }
    // A department may hold a preschool class, so its grades outrank the word.
    Ok((kind, forms(intake, FILE, row).or(told).or(course_form)))
}

type Bounds = (Option<NaiveDate>, Option<NaiveDate>);

/// The days that the class's terms span. Without readable terms the class is not bounded.
fn terms(intake: &mut Intake, row: &Row) -> Result<Bounds, RosterError> {
    let (mut first, mut until) = (Vec::new(), Vec::new());
    for term in row.list("termSourcedIds") {
        let found = intake
            .staging
            .db
            .prepare_cached("SELECT first, until FROM session WHERE sid = ?1")?
            .query_row([term], |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?)))
            .optional()?;
        let Some((begins, ends)) = found else {
            if intake.mode(SESSIONS) == FileMode::Bulk {
                let what = "academicSessions.csv has no such session that could be read";
                intake.issue(FILE, row, "termSourcedIds", Code::TermDangling, Some(term), what);
            }
            return Ok((None, None));
        };
        first.push(begins.and_then(|day| day.parse::<NaiveDate>().ok()));
        until.push(ends.and_then(|day| day.parse::<NaiveDate>().ok()));
    }
    // An open end of one term opens the whole.
    let all = |days: Vec<Option<NaiveDate>>| days.into_iter().collect::<Option<Vec<_>>>();
    Ok((all(first).and_then(|days| days.into_iter().min()), all(until).and_then(|days| days.into_iter().max())))
}
