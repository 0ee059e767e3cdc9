//! users.csv: people, and in OneRoster 1.1 what they are at which school.
//!
//! Names are staged and go nowhere else. `agentSourcedIds` says who belongs together, never what anybody may.

use super::{
    classes::forms,
    roles::{known, not_taken, remember, role_at},
    twice::{Kind, Twice, compare, fingerprint},
    words::UserRole,
};
use crate::roster::{
    codes::Code,
    error::RosterError,
    held,
    intake::{Cell, Intake, Skip, Status},
    marks::{self, Marks},
    report::FileMode,
    staging::{enabled, state},
    table::{Line, Row, Table},
    told::NAME_MAX,
    values::{form_of_grade, yes_no},
};
use rusqlite::params;
use std::io::Read;

const USERS: &str = "users.csv";
const ROLES: &str = "roles.csv";
const USER: Kind = Kind { file: USERS, table: "user", held: "person", lists: true };

/// Everything of a user but the lists, which may differ between rows of one person.
const WORDS: [&str; 13] = [
    "status",
    "enabledUser",
    "role",
    "givenName",
    "familyName",
    "preferredGivenName",
    "preferredFamilyName",
    "email",
    "sms",
    "phone",
    "grades",
    "username",
    "metadata.preferredLanguage",
];

pub fn users<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    intake.agents_told = table.has("agentSourcedIds");
    let roles_here = table.has("role");
    if roles_here && intake.mode(ROLES) != FileMode::Absent {
        let what = "users.csv has a role column as OneRoster 1.1 does, and there is a roles.csv as in 1.2";
        let place = crate::roster::report::Place::line(USERS, 1).column("role");
        intake.reporter.issue(place, Code::RoleColumnUnused, None, what);
    } else {
        intake.roles_in_users = roles_here;
        if !roles_here && intake.mode(ROLES) == FileMode::Absent {
            let what = "neither users.csv nor roles.csv says what people are";
            intake.reporter.issue(crate::roster::report::Place::file(USERS), Code::RolesMissing, None, what);
        }
    }
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        let row = match line {
            Line::Row(row) => row,
            Line::Broken(line) => {
                held::broken(intake, USERS, &line)?;
                continue;
            }
        };
        let Ok(sid) = intake.id(USERS, &row, "sourcedId") else {
            intake.hold_file(USERS, None, row.line)?;
            continue;
        };
        if user(intake, &row, sid)?.is_err() {
            intake.hold_person(held::kind::PERSON, sid)?;
        }
        if row.is_cut_before("agentSourcedIds") {
            // Whose adult it is, or who its adults are, stood where the line breaks off.
            intake.hold_person(held::kind::AGENTS, sid)?;
        }
    }
    Ok(())
}

fn user(intake: &mut Intake, row: &Row, sid: &str) -> Result<Cell<()>, RosterError> {
    let Ok(status) = intake.status(USERS, row) else { return Ok(Err(Skip)) };
    let hash = fingerprint(&WORDS.map(|column| row.text(column)));
    let twice = compare(intake, USER, row, sid, &hash)?;
    match twice {
        Twice::Leave => return Ok(Ok(())),
        Twice::Merge => {
            let more = lists(intake, row, sid)?;
            let (code, what) = if more {
                (Code::DuplicateMerged, "the id stands twice, with other organisations or adults; both were used")
            } else {
                (Code::DuplicateSame, "the id stands twice")
            };
            intake.issue(USERS, row, "sourcedId", code, Some(sid), what);
            return Ok(Ok(()));
        }
        Twice::First => {}
        Twice::Replace => {
            intake.staging.db.prepare_cached("DELETE FROM agent WHERE user = ?1")?.execute([sid])?;
            if intake.roles_in_users {
                intake.staging.db.prepare_cached("DELETE FROM user_role WHERE user = ?1")?.execute([sid])?;
                intake.staging.db.prepare_cached("DELETE FROM user_is WHERE user = ?1")?.execute([sid])?;
            }
        }
    }
    let id = intake.person_id(sid).to_string();
    if status == Status::Gone {
        intake.staging.gone("person", &id, USERS, row.at())?;
        put(intake, row, sid, &hash, state::GONE)?;
        return Ok(Ok(()));
    }
    let (given, family) = names(row);
    if given.is_empty() && family.is_empty() {
        intake.issue(USERS, row, "givenName", Code::NameMissing, Some(sid), "the person has no name");
        put(intake, row, sid, &hash, state::HELD)?;
        return Ok(Err(Skip));
    }
    for (column, name) in [("givenName", given), ("familyName", family)] {
        if name.chars().count() > NAME_MAX {
            intake.issue(USERS, row, column, Code::NameLong, Some(sid), "no name is as long as this");
        }
    }
    put(intake, row, sid, &hash, state::ACTIVE)?;
    lists(intake, row, sid)?;
    Ok(Ok(()))
}

/// The names that the person prefers, where it says so.
fn names(row: &Row) -> (&str, &str) {
    let or = |first: &'static str, second: &'static str| {
        let preferred = row.text(first);
        if preferred.is_empty() { row.text(second) } else { preferred }
    };
    (or("preferredGivenName", "givenName"), or("preferredFamilyName", "familyName"))
}

fn put(intake: &mut Intake, row: &Row, sid: &str, hash: &[u8], state: i64) -> Result<(), RosterError> {
    let (given, family) = names(row);
    // A mobile number outranks the other; a missing column says nothing, an empty cell says that there is none.
    let told = row.has("sms") || row.has("phone");
    let phone = told.then(|| row.value("sms").or_else(|| row.value("phone")).unwrap_or_default());
    let email = row.has("email").then(|| row.value("email").unwrap_or_default());
    let column = "metadata.preferredLanguage";
    let (language, form) = if state == state::ACTIVE {
        (intake.language(USERS, row, column), forms(intake, USERS, row))
    } else {
        (None, None)
    };
    let enabled = match row.value("enabledUser").map(|text| (text, yes_no(text))) {
        None | Some((_, Some(true))) => enabled::YES,
        Some((_, Some(false))) => enabled::NO,
        Some((text, None)) => {
            let what = "it is neither true nor false; what the person has as staff stays as it is";
            intake.issue(USERS, row, "enabledUser", Code::EnabledUnclear, Some(text), what);
            enabled::UNREADABLE
        }
    };
    let unclear = row.list("grades").any(|grade| form_of_grade(grade).is_none());
    intake
        .staging
        .db
        .prepare_cached(
            "INSERT OR REPLACE INTO user
                 (sid, id, line, hash, modified, state, given, family, phone, email, language, form, enabled,
                  grade_unclear)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            sid,
            intake.person_id(sid).to_string(),
            row.at(),
            hash,
            intake.modified(row),
            state,
            given,
            family,
            phone,
            email,
            language.map(|language| language.tag()),
            form.map(|form| serde_json::to_string(&form)).transpose()?,
            enabled,
            unclear
        ])?;
    known_by(intake, row, sid, state)
}

/// Stages what tells the person beside the id. Only a row that can be used tells anything.
fn known_by(intake: &mut Intake, row: &Row, sid: &str, state: i64) -> Result<(), RosterError> {
    intake.staging.db.prepare_cached("DELETE FROM mark WHERE sid = ?1")?.execute([sid])?;
    if state != state::ACTIVE {
        return Ok(());
    }
    let Marks { marks, placeholder } = marks::of_row(&intake.options.organiser, row, sid);
    if let Some(text) = placeholder {
        let what = "it stands for no identifier, so it tells nobody";
        intake.issue(USERS, row, "userMasterIdentifier", Code::IdPlaceholder, Some(&text), what);
    }
    for mark in marks {
        let query = "INSERT OR IGNORE INTO mark (mark, sid) VALUES (?1, ?2)";
        intake.staging.db.prepare_cached(query)?.execute([&mark, sid])?;
    }
    Ok(())
}

/// Stages the adults or pupils that a row names, and in 1.1 its role at its organisations. Whether any was new.
fn lists(intake: &mut Intake, row: &Row, sid: &str) -> Result<bool, RosterError> {
    let mut more = false;
    for other in row.list("agentSourcedIds") {
        if other == sid {
            intake.issue(USERS, row, "agentSourcedIds", Code::AgentUnclear, Some(other), "the row names itself");
            continue;
        }
        let added = intake
            .staging
            .db
            .prepare_cached("INSERT OR IGNORE INTO agent (user, other, line) VALUES (?1, ?2, ?3)")?
            .execute(params![sid, other, row.at()])?;
        more |= added > 0;
    }
    if intake.roles_in_users {
        let Some(word) = row.value("role") else {
            intake.issue(USERS, row, "role", Code::RoleUnknown, None, "the user has no role");
            intake.hold_person(held::kind::ROLES, sid)?;
            return Ok(more);
        };
        let role = UserRole::of(word);
        if let Err(Skip) = known(intake, USERS, row, role, word) {
            if role == UserRole::NotTaken {
                let mut orgs = row.list("orgSourcedIds");
                let only = orgs.next().filter(|_| orgs.next().is_none());
                not_taken(intake, USERS, row, sid, only, word)?;
            }
            if role == UserRole::Unknown {
                intake.hold_person(held::kind::ROLES, sid)?;
            }
            remember(intake, sid, role)?;
            return Ok(more);
        }
        let orgs: Vec<&str> = row.list("orgSourcedIds").collect();
        for org in orgs {
            more |= role_at(intake, USERS, row, (sid, org, role), "orgSourcedIds", (None, None))?.unwrap_or(false);
        }
        remember(intake, sid, role)?;
    }
    Ok(more)
}
