//! roles.csv: what people are at which school. A role tells what somebody is, never whose guardian.

use super::words::UserRole;
use crate::roster::{
    codes::Code,
    error::RosterError,
    held,
    intake::{Cell, Intake, OrgKind, SchoolOf, Skip, Status},
    table::{Line, Row, Table},
};
use rusqlite::params;
use skolebro_core::domain::people::Role;
use std::io::Read;

const ROLES: &str = "roles.csv";

pub fn roles<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        let row = match line {
            Line::Row(row) => row,
            Line::Broken(line) => {
                held::broken(intake, ROLES, &line)?;
                continue;
            }
        };
        let Ok(sid) = intake.id(ROLES, &row, "userSourcedId") else {
            let school = match row.value("orgSourcedId").map(|org| intake.school_of_org(org)) {
                Some(SchoolOf::School(school)) => Some(school),
                Some(SchoolOf::NotSchool | SchoolOf::Dangling) | None => None,
            };
            intake.hold_file(ROLES, school, row.line)?;
            continue;
        };
        if role(intake, &row, sid)?.is_err() {
            // Nothing of theirs ends by a row that could not be read.
            intake.hold_person(held::kind::ROLES, sid)?;
            remember(intake, sid, UserRole::Unknown)?;
            if let Some(line) = row.as_broken() {
                held::broken(intake, ROLES, &line)?;
            }
        }
    }
    Ok(())
}

fn role(intake: &mut Intake, row: &Row, sid: &str) -> Result<Cell<()>, RosterError> {
    let Ok(status) = intake.status(ROLES, row) else { return Ok(Err(Skip)) };
    let Some(word) = row.value("role") else {
        intake.issue(ROLES, row, "role", Code::RoleUnknown, None, "the row has no role");
        return Ok(Err(Skip));
    };
    let role = UserRole::of(word);
    if known(intake, ROLES, row, role, word).is_err() {
        // Also a role that gives nothing replaces what the row said before; a word that is not known does not.
        if role == UserRole::NotTaken {
            intake.staging.restate(ROLES, row.value("sourcedId"), row.at())?;
        }
        if role == UserRole::NotTaken && status == Status::Active {
            not_taken(intake, ROLES, row, sid, row.value("orgSourcedId"), word)?;
        }
        if role == UserRole::Unknown {
            return Ok(Err(Skip));
        }
        remember(intake, sid, role)?;
        return Ok(Ok(()));
    }
    if row.is_cut_before("endDate") && row.value("beginDate").is_some() {
        intake.issue(ROLES, row, "endDate", Code::RowCut, None, "the line ends before the role's last day");
        return Ok(Err(Skip));
    }
    let Ok(first) = intake.date(ROLES, row, "beginDate") else { return Ok(Err(Skip)) };
    let Ok(until) = intake.last_day(ROLES, row, "endDate") else { return Ok(Err(Skip)) };
    if intake.span(ROLES, row, first, until, "endDate").is_err() {
        return Ok(Err(Skip));
    }
    let Some(org) = row.value("orgSourcedId") else {
        intake.issue(ROLES, row, "orgSourcedId", Code::OrgDangling, None, "the role names no organisation");
        return Ok(Err(Skip));
    };
    if status == Status::Gone {
        return gone(intake, row, sid, org, role);
    }
    remember(intake, sid, role)?;
    Ok(role_at(intake, ROLES, row, (sid, org, role), "orgSourcedId", (first, until))?.map(|_| ()))
}

/// A role that is to be deleted ends what it gave at that school.
fn gone(intake: &mut Intake, row: &Row, sid: &str, org: &str, role: UserRole) -> Result<Cell<()>, RosterError> {
    let person = intake.person_id(sid);
    let Ok(school) = intake.school(ROLES, row, "orgSourcedId", org) else { return Ok(Err(Skip)) };
    intake.staging.restate(ROLES, row.value("sourcedId"), row.at())?;
    let post = |role: Role| format!("{school}:{person}/{}/school", role.as_str());
    match role {
        UserRole::Pupil => intake.staging.gone("enrolment", &format!("{school}:{person}"), ROLES, row.at())?,
        UserRole::Principal => intake.staging.gone("assignment", &post(Role::Principal), ROLES, row.at())?,
        UserRole::Office | UserRole::Administrator => {
            intake.staging.gone("assignment", &post(Role::Office), ROLES, row.at())?;
        }
        UserRole::Teaching | UserRole::Home | UserRole::NotTaken | UserRole::Unknown => {}
    }
    Ok(Ok(()))
}

pub fn known(intake: &mut Intake, file: &str, row: &Row, role: UserRole, word: &str) -> Cell<()> {
    match role {
        UserRole::Unknown => {
            intake.issue(file, row, "role", Code::RoleUnknown, Some(word), "the role is not known and gives nothing");
            Err(Skip)
        }
        // What comes of it shows when staff.csv was read too.
        UserRole::NotTaken => Err(Skip),
        UserRole::Administrator => {
            let what = "an administrator may be the principal or the office; the office's role was given";
            intake.issue(file, row, "role", Code::AdministratorAsOffice, Some(word), what);
            Ok(())
        }
        UserRole::Pupil | UserRole::Teaching | UserRole::Principal | UserRole::Office | UserRole::Home => Ok(()),
    }
}

/// Keeps a role that gives nothing by itself until it is known whether staff.csv gives the person something there.
pub fn not_taken(
    intake: &mut Intake,
    file: &str,
    row: &Row,
    sid: &str,
    org: Option<&str>,
    word: &str,
) -> Result<(), RosterError> {
    let school = match org.map(|org| intake.school_of_org(org)) {
        Some(SchoolOf::School(school)) => school.to_string(),
        // Of the organiser: at whatever school.
        Some(SchoolOf::NotSchool | SchoolOf::Dangling) | None => String::new(),
    };
    intake
        .staging
        .db
        .prepare_cached("INSERT INTO not_taken (user, school, word, file, line) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![sid, school, word, file, row.at()])?;
    Ok(())
}

/// Remembers what a user is, for telling the pupil from the adult.
pub fn remember(intake: &mut Intake, sid: &str, role: UserRole) -> Result<(), RosterError> {
    intake
        .staging
        .db
        .prepare_cached(
            "INSERT INTO user_is (user, roles) VALUES (?1, ?2) ON CONFLICT (user) DO UPDATE SET roles = roles | ?2",
        )?
        .execute(params![sid, role.bit()])?;
    Ok(())
}

type Span = (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>);

pub fn role_at(
    intake: &mut Intake,
    file: &'static str,
    row: &Row,
    (sid, org, role): (&str, &str, UserRole),
    column: &str,
    (first, until): Span,
) -> Result<Cell<bool>, RosterError> {
    let id = row.value("sourcedId").filter(|_| file == ROLES);
    // An adult at home belongs to a school through a pupil only.
    if role == UserRole::Home {
        intake.staging.restate(ROLES, id, row.at())?;
        return Ok(Ok(false));
    }
    let Ok(school) = intake.school(file, row, column, org) else {
        // Above any school nothing can be given, and so nothing is kept; elsewhere the reference may be misspelt.
        return Ok(match intake.school_of_org(org) {
            SchoolOf::NotSchool if intake.orgs.get(org).is_some_and(|org| org.kind == OrgKind::Above) => Ok(false),
            SchoolOf::NotSchool | SchoolOf::Dangling | SchoolOf::School(_) => {
                intake.hold_person(held::kind::ROLES, sid)?;
                Err(Skip)
            }
        });
    };
    intake.staging.restate(ROLES, id, row.at())?;
    let word = match role {
        UserRole::Pupil => "pupil",
        UserRole::Teaching => "teaching",
        UserRole::Principal => "principal",
        UserRole::Office | UserRole::Administrator => "office",
        UserRole::Home | UserRole::NotTaken | UserRole::Unknown => return Ok(Ok(false)),
    };
    let school = school.to_string();
    let twice = intake
        .staging
        .db
        .prepare_cached(
            "SELECT 1 FROM user_role WHERE user = ?1 AND school = ?2 AND role = ?3 AND first IS ?4 AND until IS ?5",
        )?
        .exists(params![sid, school, word, first.map(|day| day.to_string()), until.map(|day| day.to_string())])?;
    if twice {
        if file == ROLES {
            intake.issue(file, row, "userSourcedId", Code::DuplicateSame, Some(sid), "the role stands twice");
        }
        return Ok(Ok(false));
    }
    intake
        .staging
        .db
        .prepare_cached(
            "INSERT INTO user_role (user, school, role, first, until, file, line, sid)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            sid,
            school,
            word,
            first.map(|day| day.to_string()),
            until.map(|day| day.to_string()),
            file,
            row.at(),
            // A row of users.csv is remembered as the user's.
            id
        ])?;
    Ok(Ok(true))
}
