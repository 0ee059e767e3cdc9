//! academicSessions.csv, courses.csv and classes.csv: groups, their form, and the terms that bound them.

use super::{
    twice::{Kind, Twice, compare, fingerprint},
    words,
};
use crate::roster::{
    codes::Code,
    error::RosterError,
    held,
    intake::{Cell, Intake, Skip, Status},
    report::FileMode,
    staging::{assumed, bounds, course, state},
    table::{Line, Row, Table},
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
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        let row = match line {
            Line::Row(row) => row,
            Line::Broken(line) => {
                held::broken(intake, SESSIONS, &line)?;
                continue;
            }
        };
        let Ok(sid) = intake.id(SESSIONS, &row, "sourcedId") else { continue };
        let Ok((first, until)) = days_of_session(intake, &row) else {
            intake.staging.hold(held::kind::TERM, sid)?;
            continue;
        };
        let (first, until) = (first.map(|day| day.to_string()), until.map(|day| day.to_string()));
        let query = "INSERT OR IGNORE INTO session (sid, first, until) VALUES (?1, ?2, ?3)";
        if intake.staging.db.prepare_cached(query)?.execute(params![sid, first, until])? == 0 {
            let query = "SELECT 1 FROM session WHERE sid = ?1 AND first IS ?2 AND until IS ?3";
            let same = intake.staging.db.prepare_cached(query)?.exists(params![sid, first, until])?;
            twice_or_held(intake, SESSIONS, held::kind::TERM, &row, sid, same)?;
        }
    }
    Ok(())
}

fn days_of_session(intake: &mut Intake, row: &Row) -> Cell<Bounds> {
    if row.is_cut_before("startDate") || row.is_cut_before("endDate") {
        intake.issue(SESSIONS, row, "endDate", Code::RowCut, None, "the line ends before the session's dates");
        return Err(Skip);
    }
    let first = intake.date(SESSIONS, row, "startDate")?;
    let until = intake.last_day(SESSIONS, row, "endDate")?;
    intake.span(SESSIONS, row, first, until, "endDate")?;
    Ok((first, until))
}

/// An id that stands twice: with other words, neither row is used.
fn twice_or_held(
    intake: &mut Intake,
    file: &str,
    kind: &str,
    row: &Row,
    sid: &str,
    same: bool,
) -> Result<(), RosterError> {
    if same {
        intake.issue(file, row, "sourcedId", Code::DuplicateSame, Some(sid), "the id stands twice");
        return Ok(());
    }
    let what = "the id stands twice and says something else; neither was used";
    intake.issue(file, row, "sourcedId", Code::DuplicateDiffers, Some(sid), what);
    intake.staging.hold(kind, sid)
}

pub fn courses<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        let row = match line {
            Line::Row(row) => row,
            Line::Broken(line) => {
                held::broken(intake, COURSES, &line)?;
                continue;
            }
        };
        let Ok(sid) = intake.id(COURSES, &row, "sourcedId") else { continue };
        let after_school = words::is_after_school(row.text("courseCode")) || words::is_after_school(row.text("title"));
        let form = forms(intake, COURSES, &row).map(|form| serde_json::to_string(&form)).transpose()?;
        let query = "INSERT OR IGNORE INTO course (sid, after_school, form) VALUES (?1, ?2, ?3)";
        if intake.staging.db.prepare_cached(query)?.execute(params![sid, after_school, form])? == 0 {
            let query = "SELECT 1 FROM course WHERE sid = ?1 AND after_school = ?2 AND form IS ?3";
            let same = intake.staging.db.prepare_cached(query)?.exists(params![sid, after_school, form])?;
            twice_or_held(intake, COURSES, held::kind::COURSE, &row, sid, same)?;
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
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        let row = match line {
            Line::Row(row) => row,
            Line::Broken(line) => {
                held::broken(intake, FILE, &line)?;
                continue;
            }
        };
        let Ok(sid) = intake.id(FILE, &row, "sourcedId") else {
            intake.hold_file(FILE, None, row.line)?;
            continue;
        };
        if let Some(class) = stage(intake, &row, sid)? {
            let read = match class {
                Ok(()) => read_class(intake, &row, sid)?,
                Err(skip) => Err(skip),
            };
            if read.is_err() {
                intake.staging.hold(held::kind::GROUP, &intake.group_id(sid).to_string())?;
            }
        }
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
    let of_course = course_of(intake, row)?;
    let Ok((kind, form)) = kind_and_form(intake, row, sid, of_course) else { return Ok(Err(Skip)) };
    let ((first, until), known) = terms(intake, row)?;
    if let Some(until) = until.filter(|until| *until < intake.options.today) {
        let what = format!("the last of the class's terms was over after {until}");
        intake.issue(FILE, row, "termSourcedIds", Code::TermOver, Some(sid), &what);
    }
    // Without grades the form waits: school.csv may tell it.
    let unclear = !matches!(of_course, Course::Known(..)) || row.list("grades").any(|g| form_of_grade(g).is_none());
    let assumed = match form {
        Some(_) => assumed::NO,
        None if unclear => assumed::UNREADABLE,
        None => assumed::YES,
    };
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
            "UPDATE class SET state = ?2, school = ?3, entry = ?4, first = ?5, until = ?6, assumed = ?7, bounds = ?8,
                 course_unclear = ?9
             WHERE sid = ?1",
        )?
        .execute(params![
            sid,
            state::ACTIVE,
            school.to_string(),
            serde_json::to_string(&group)?,
            first.map(|day| day.to_string()),
            until.map(|day| day.to_string()),
            assumed,
            known,
            match of_course {
                Course::Known(..) => course::KNOWN,
                Course::NotHere => course::NOT_HERE,
                Course::Unreadable => course::UNREADABLE,
            }
        ])?;
    Ok(Ok(()))
}

/// A cell that tells the class from others of its title.
fn own(row: &Row, column: &str) -> Option<String> {
    row.value(column).map(|text| plain(text).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What is known of a class's course.
#[derive(Clone, Copy)]
enum Course {
    /// Whether it is the after-school club, and its form.
    Known(bool, Option<SchoolForm>),
    /// The bundle does not hold it.
    NotHere,
    Unreadable,
}

fn course_of(intake: &mut Intake, row: &Row) -> Result<Course, RosterError> {
    let Some(sid) = row.value("courseSourcedId") else { return Ok(Course::Known(false, None)) };
    if intake.is_unread(COURSES) || intake.staging.is_held(held::kind::COURSE, sid)? {
        return Ok(Course::Unreadable);
    }
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
        return Ok(Course::NotHere);
    };
    Ok(Course::Known(after_school, form.map(|form| serde_json::from_str(&form)).transpose()?))
}

fn kind_and_form(intake: &mut Intake, row: &Row, sid: &str, course: Course) -> Cell<(GroupKind, Option<SchoolForm>)> {
    let (after_school, course_form) = match course {
        Course::Known(after_school, form) => (after_school, form),
        // What is stored stands instead, where the class is stored.
        Course::NotHere | Course::Unreadable => (false, None),
    };
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

/// The days that the class's terms span, and whether they are known. A class that names no term is not bounded.
fn terms(intake: &mut Intake, row: &Row) -> Result<(Bounds, i64), RosterError> {
    if row.is_cut_before("termSourcedIds") {
        return Ok(((None, None), bounds::NOT_HERE));
    }
    let (mut first, mut until) = (Vec::new(), Vec::new());
    for term in row.list("termSourcedIds") {
        let found = intake
            .staging
            .db
            .prepare_cached("SELECT first, until FROM session WHERE sid = ?1")?
            .query_row([term], |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?)))
            .optional()?;
        if intake.is_unread(SESSIONS) || intake.staging.is_held(held::kind::TERM, term)? {
            let what = "the class's term could not be read";
            intake.issue(FILE, row, "termSourcedIds", Code::TermUnreadable, Some(term), what);
            return Ok(((None, None), bounds::UNREADABLE));
        }
        let Some((begins, ends)) = found else {
            if intake.mode(SESSIONS) != FileMode::Bulk {
                return Ok(((None, None), bounds::NOT_HERE));
            }
            let what = "academicSessions.csv has no such session that could be read";
            intake.issue(FILE, row, "termSourcedIds", Code::TermDangling, Some(term), what);
            return Ok(((None, None), bounds::UNREADABLE));
        };
        first.push(begins.and_then(|day| day.parse::<NaiveDate>().ok()));
        until.push(ends.and_then(|day| day.parse::<NaiveDate>().ok()));
    }
    // An open end of one term opens the whole.
    let all = |days: Vec<Option<NaiveDate>>| days.into_iter().collect::<Option<Vec<_>>>();
    let span = (all(first).and_then(|days| days.into_iter().min()), all(until).and_then(|days| days.into_iter().max()));
    Ok((span, bounds::KNOWN))
}
