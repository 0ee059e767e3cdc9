//! staff.csv and school.csv, our own: roles that OneRoster has no word for, and a school's settings. docs/import.md
//! describes both. Dates are inclusive on both ends.

use super::{
    codes::Code,
    error::RosterError,
    header::{Guard, Shape, nearest},
    held,
    intake::{Intake, SchoolOf, Settings},
    table::{Line, Row, Table},
    values::form_of_grade,
};
use rusqlite::params;
use skolebro_core::domain::people::{Role, SchoolForm};
use std::io::Read;

pub const STAFF: &str = "staff.csv";
pub const SCHOOL: &str = "school.csv";

/// What office staff in the Nordic countries call these columns.
pub const FROM: &[&str] = &["från", "fra", "från_och_med", "fra_og_med", "fom", "f.o.m.", "fr.o.m."];
pub const UNTIL: &[&str] = &["till", "til", "till_och_med", "til_og_med", "tom", "t.o.m."];
pub const LANGUAGE: &[&str] = &["språk", "sprog"];
const SCHOOLS: &[&str] = &["skola", "skole", "school_id"];

pub const STAFF_SHAPE: Shape = Shape {
    file: STAFF,
    columns: &["person", "given_name", "family_name", "role", "school", "group", "from", "until"],
    required: &["person", "role"],
    guard: Guard::All(&[
        ("person", &["person_id"]),
        ("given_name", &["förnamn", "fornavn", "first_name"]),
        ("family_name", &["efternamn", "efternavn", "etternavn", "last_name", "surname"]),
        ("role", &["roll", "rolle"]),
        ("school", SCHOOLS),
        ("group", &["grupp", "gruppe", "klass", "klasse", "class"]),
        ("from", FROM),
        ("until", UNTIL),
    ]),
};

pub const SCHOOL_SHAPE: Shape = Shape {
    file: SCHOOL,
    columns: &["school", "time_zone", "phone", "language", "form"],
    required: &["school"],
    guard: Guard::All(&[
        ("school", SCHOOLS),
        ("time_zone", &["tidszon", "tidszone", "tidssone"]),
        ("phone", &["telefon"]),
        ("language", LANGUAGE),
        ("form", &["skolform", "skoleform"]),
    ]),
};

/// The words of staff.csv.
pub const ROLES: [(&str, Role); 11] = [
    ("contact_teacher", Role::ContactTeacher),
    ("teacher", Role::Teacher),
    // What a substitute gets is a teacher's, for the dates given.
    ("substitute", Role::Teacher),
    ("preschool_staff", Role::PreschoolStaff),
    ("after_school_staff", Role::AfterSchoolStaff),
    ("special_educator", Role::SpecialEducator),
    ("pupil_health", Role::PupilHealth),
    ("office", Role::Office),
    ("principal", Role::Principal),
    ("deputy_principal", Role::DeputyPrincipal),
    ("organiser", Role::Organiser),
];

pub fn staff<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        let row = match line {
            Line::Row(row) => row,
            Line::Broken(line) => {
                held::broken(intake, STAFF, &line)?;
                continue;
            }
        };
        let Ok(person) = intake.id(STAFF, &row, "person") else {
            let school = match row.value("school").map(|sid| intake.school_of_org(sid)) {
                Some(SchoolOf::School(school)) => Some(school),
                Some(SchoolOf::NotSchool | SchoolOf::Dangling) | None => None,
            };
            intake.hold_file(STAFF, school, row.line)?;
            continue;
        };
        if !post(intake, &row, person)? {
            // What is stored of the person's posts stays.
            intake.hold_person(held::kind::POST, person)?;
        }
    }
    Ok(())
}

fn post(intake: &mut Intake, row: &Row, person: &str) -> Result<bool, RosterError> {
    let word = row.text("role").to_lowercase();
    let substitute = word == "substitute";
    let Some((_, role)) = ROLES.iter().find(|(name, _)| *name == word).copied() else {
        let what = match nearest(&word, ROLES.iter().map(|(name, _)| *name)) {
            Some(near) => format!("the role is not known; did you mean {near}?"),
            None => "the role is not known".to_owned(),
        };
        intake.issue(STAFF, row, "role", Code::StaffRoleUnknown, Some(&word), &what);
        return Ok(false);
    };
    let Ok(first) = intake.date(STAFF, row, "from") else { return Ok(false) };
    let Ok(until) = intake.date(STAFF, row, "until") else { return Ok(false) };
    if intake.span(STAFF, row, first, until, "until").is_err() {
        return Ok(false);
    }
    if substitute && until.is_none() {
        intake.issue(STAFF, row, "until", Code::DateUnreadable, None, "a substitute's last day must be given");
        return Ok(false);
    }
    let group = row.value("group");
    if group.is_none() && role.is_for_groups() {
        intake.issue(STAFF, row, "group", Code::GroupNeeded, Some(&word), "the row names no group");
        return Ok(false);
    }
    let school = match row.value("school") {
        Some(sid) => match intake.school(STAFF, row, "school", sid) {
            Ok(school) => school.to_string(),
            Err(_) => return Ok(false),
        },
        // An organiser's role holds at every school; a group tells its own.
        None if role == Role::Organiser || group.is_some() => String::new(),
        None => {
            intake.issue(STAFF, row, "school", Code::OrgDangling, None, "the row names no school");
            return Ok(false);
        }
    };
    let name = |column| Some(row.text(column)).filter(|name| !name.is_empty());
    intake
        .staging
        .db
        .prepare_cached(
            "INSERT INTO post (line, person, given, family, role, school, class, first, until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            row.at(),
            person,
            name("given_name"),
            name("family_name"),
            serde_json::to_string(&role)?,
            school,
            group,
            first.map(|day| day.to_string()),
            until.map(|day| day.to_string())
        ])?;
    Ok(true)
}

pub fn schools<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        // Silence leaves a school's settings as they are.
        let Line::Row(row) = line else { continue };
        let Ok(sid) = intake.id(SCHOOL, &row, "school") else { continue };
        if intake.school(SCHOOL, &row, "school", sid).is_err() {
            continue;
        }
        let time_zone = row.value("time_zone").and_then(|name| {
            let zone = name.parse::<chrono_tz::Tz>().ok();
            if zone.is_none() {
                intake.issue(SCHOOL, &row, "time_zone", Code::ZoneUnknown, Some(name), "the time zone is not known");
            }
            zone
        });
        let form = row.value("form").and_then(|word| {
            let form = match word.to_lowercase().as_str() {
                "preschool_class" => Some(SchoolForm::PreschoolClass),
                _ => form_of_grade(word),
            };
            if form.is_none() {
                intake.issue(SCHOOL, &row, "form", Code::GradeUnknown, Some(word), "the school form is not known");
            }
            form
        });
        let language = intake.language(SCHOOL, &row, "language");
        let phone = row.value("phone").map(str::to_owned);
        let settings = Settings { line: row.line, time_zone, phone, language, form };
        if intake.settings.contains_key(sid) {
            let what = "the school stands twice; the first row was used";
            intake.issue(SCHOOL, &row, "school", Code::DuplicateDiffers, Some(sid), what);
            continue;
        }
        intake.settings.insert(sid.to_owned(), settings);
    }
    Ok(())
}
