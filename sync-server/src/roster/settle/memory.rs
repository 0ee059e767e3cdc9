//! What is to be remembered of this bundle's rows, for the next one. Written when everything is settled, it goes to the
//! store after what ends and before what gives: a run that is stopped then remembers what it may have given, never less.

use super::{
    again::{is_enrollment_usable, is_role_usable},
    day,
    ends::Scope,
    who::evidence,
};
use crate::roster::{
    error::RosterError,
    held::kind,
    intake::Intake,
    remembered::{self, CLASSES, ENROLLMENTS, ROLES, SaidClass, SaidEnrollment, SaidRole, SaidUser, USERS},
    report::FileMode,
    staging::{Phase, state},
};
use rusqlite::params;
use serde::Serialize;
use skolebro_core::domain::ids::{PersonId, SchoolId};

/// Stages what is to be remembered and forgotten.
pub fn memory(intake: &Intake, scope: &Scope) -> Result<(), RosterError> {
    if intake.mode(USERS) != FileMode::Absent {
        users(intake)?;
    }
    if intake.mode(ROLES) != FileMode::Absent {
        roles(intake)?;
    }
    if intake.mode(CLASSES) != FileMode::Absent {
        classes(intake)?;
    }
    if intake.mode(ENROLLMENTS) != FileMode::Absent {
        enrollments(intake)?;
    }
    forget(intake, scope)
}

/// Stages it where it is not what is remembered already.
fn say(intake: &Intake, file: &str, sid: &str, said: &impl Serialize) -> Result<(), RosterError> {
    let query = "INSERT OR REPLACE INTO says (file, sid, body)
                 SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM said WHERE file = ?1 AND sid = ?2 AND body = ?3)";
    let body = serde_json::to_string(said)?;
    intake.staging.db.prepare_cached(query)?.execute([file, sid, &body])?;
    Ok(())
}

fn say_nothing(intake: &Intake, file: &str, sid: &str) -> Result<(), RosterError> {
    let query = "INSERT OR REPLACE INTO says (file, sid, body) VALUES (?1, ?2, NULL)";
    intake.staging.db.prepare_cached(query)?.execute([file, sid])?;
    Ok(())
}

fn said_user(intake: &Intake, sid: &str) -> Result<Option<SaidUser>, RosterError> {
    let query = "SELECT body FROM said WHERE file = 'users.csv' AND sid = ?1";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let mut rows = statement.query([sid])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(remembered::read(row.get_ref(0)?.as_str().unwrap_or_default()))
}

fn users(intake: &Intake) -> Result<(), RosterError> {
    let mut last = String::new();
    loop {
        let page: Vec<(String, String, i64)> = {
            let query = "SELECT sid, id, state FROM user WHERE sid > ?1 ORDER BY sid LIMIT 500";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map([&last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let Some((sid, ..)) = page.last() else { return Ok(()) };
        last.clone_from(sid);
        for (sid, id, row_state) in page {
            let Ok(person) = id.parse::<PersonId>() else { continue };
            let before = said_user(intake, &sid)?;
            match row_state {
                state::ACTIVE => {
                    let said = SaidUser {
                        person,
                        marks: evidence::marks(intake, &sid)?,
                        agents: match before {
                            Some(before) if !intake.agents_told => before.agents,
                            _ => agents(intake, &sid)?,
                        },
                        roles: if intake.roles_in_users { roles_of(intake, &sid)? } else { Vec::new() },
                        disputed: false,
                    };
                    say(intake, USERS, &sid, &said)?;
                }
                // A new id in dispute is nobody's yet.
                state::HELD => {
                    if let Some(before) = disputed(intake, &sid, before, person)? {
                        say(intake, USERS, &sid, &before)?;
                    }
                }
                _ => {
                    if !is_kept(intake, person)? {
                        say_nothing(intake, USERS, &sid)?;
                    }
                }
            }
        }
    }
}

/// An id that was somebody's and is in dispute now: remembered as such, until that is settled.
fn disputed(
    intake: &Intake,
    sid: &str,
    before: Option<SaidUser>,
    person: PersonId,
) -> Result<Option<SaidUser>, RosterError> {
    if !intake.disputed.contains(sid) {
        return Ok(None);
    }
    Ok(match before {
        Some(before) => Some(SaidUser { disputed: true, ..before }),
        None if evidence::is_stored(intake, person)? => {
            Some(SaidUser { person, marks: vec![], agents: vec![], roles: vec![], disputed: true })
        }
        None => None,
    })
}

fn agents(intake: &Intake, sid: &str) -> Result<Vec<String>, RosterError> {
    let mut statement = intake.staging.db.prepare_cached("SELECT other FROM agent WHERE user = ?1 ORDER BY other")?;
    let rows = statement.query_map([sid], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn roles_of(intake: &Intake, sid: &str) -> Result<Vec<(SchoolId, String)>, RosterError> {
    let query = "SELECT DISTINCT school, role FROM user_role WHERE user = ?1 AND file = 'users.csv' ORDER BY 1, 2";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let rows = statement.query_map([sid], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (school, role) = row?;
        found.extend(school.parse().ok().map(|school| (school, role)));
    }
    Ok(found)
}

/// Whether something of a person who has no row any longer stands: then the id, and what tells the person by another, is
/// still wanted.
fn is_kept(intake: &Intake, person: PersonId) -> Result<bool, RosterError> {
    let query = "SELECT 1 FROM stored s WHERE (s.one = ?1 OR s.two = ?1) AND NOT EXISTS (SELECT 1 FROM told t
                     WHERE t.school = s.school AND t.kind = s.kind AND t.key = s.key AND t.phase = ?2)
                 UNION ALL SELECT 1 FROM told WHERE kind = 'person' AND key = ?1 AND phase <> ?2";
    let values = params![person.to_string(), Phase::Ends as i64];
    Ok(intake.staging.db.prepare_cached(query)?.exists(values)?)
}

fn roles(intake: &Intake) -> Result<(), RosterError> {
    let query = "SELECT sid, user, school, role, first, until FROM user_role
                 WHERE file = 'roles.csv' AND sid IS NOT NULL ORDER BY sid";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if !is_role_usable(intake, &row.get::<_, String>(0)?)? {
            continue;
        }
        let school: String = row.get(2)?;
        let Ok(school) = school.parse() else { continue };
        let (first, until) = (day(row.get(4)?), day(row.get(5)?));
        let said = SaidRole { user: row.get(1)?, school, role: row.get(3)?, first, until };
        say(intake, ROLES, &row.get::<_, String>(0)?, &said)?;
    }
    Ok(())
}

/// Of a class whose terms are not known what was said before stays.
fn classes(intake: &Intake) -> Result<(), RosterError> {
    let query = "SELECT sid, school, first, until FROM class WHERE state = 0 AND bounds = 0 ORDER BY sid";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let school: String = row.get(1)?;
        let Ok(school) = school.parse() else { continue };
        let said = SaidClass { school, first: day(row.get(2)?), until: day(row.get(3)?) };
        say(intake, CLASSES, &row.get::<_, String>(0)?, &said)?;
    }
    Ok(())
}

fn enrollments(intake: &Intake) -> Result<(), RosterError> {
    let query = "SELECT e.sid, e.class, e.user, e.role, e.lead, e.first, e.until, c.school
                 FROM enrollment e LEFT JOIN class c ON c.sid = e.class AND c.state = 0
                 WHERE e.state = 0 AND e.sid IS NOT NULL ORDER BY e.sid";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        // What could not be used did not replace what the row said before.
        if !is_enrollment_usable(intake, &row.get::<_, String>(0)?)? {
            continue;
        }
        let class: String = row.get(1)?;
        let school = match row.get::<_, Option<String>>(7)? {
            Some(school) => school.parse().ok(),
            None => intake.staging.stored_group(&intake.group_id(&class).to_string())?.map(|(school, _)| school),
        };
        let said = SaidEnrollment {
            class,
            user: row.get(2)?,
            role: row.get(3)?,
            lead: row.get(4)?,
            school,
            first: day(row.get(5)?),
            until: day(row.get(6)?),
        };
        say(intake, ENROLLMENTS, &row.get::<_, String>(0)?, &said)?;
    }
    Ok(())
}

/// Rows that a delta deletes, and those that a bulk file no longer has: at the bundle's schools, and not where a row about
/// the same could not be read.
fn forget(intake: &Intake, scope: &Scope) -> Result<(), RosterError> {
    for file in [ENROLLMENTS, ROLES, CLASSES, USERS] {
        let mode = intake.mode(file);
        if mode == FileMode::Absent {
            continue;
        }
        let mut last = String::new();
        loop {
            let page: Vec<(String, String, bool)> = {
                let query =
                    "SELECT s.sid, s.body, EXISTS (SELECT 1 FROM restated r WHERE r.file = s.file AND r.sid = s.sid)
                             FROM said s WHERE s.file = ?1 AND s.sid > ?2 ORDER BY s.sid LIMIT 500";
                let mut statement = intake.staging.db.prepare_cached(query)?;
                let rows = statement.query_map([file, &last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
                rows.collect::<Result<_, _>>()?
            };
            let Some((sid, ..)) = page.last() else { break };
            last.clone_from(sid);
            for (sid, body, came_again) in page {
                let over = match (came_again, mode) {
                    (true, _) => !is_staged(intake, file, &sid)?,
                    (false, FileMode::Bulk) => is_missing(intake, scope, file, &body)?,
                    (false, FileMode::Delta | FileMode::Absent) => false,
                };
                if over {
                    say_nothing(intake, file, &sid)?;
                }
            }
        }
    }
    Ok(())
}

/// Whether a row that came again still says something. Users say so where they are told of.
fn is_staged(intake: &Intake, file: &str, sid: &str) -> Result<bool, RosterError> {
    let query = match file {
        ENROLLMENTS => "SELECT 1 FROM enrollment WHERE sid = ?1 AND state <> 1",
        ROLES => "SELECT 1 FROM user_role WHERE sid = ?1",
        CLASSES => "SELECT 1 FROM class WHERE sid = ?1 AND state <> 1",
        _ => return Ok(true),
    };
    Ok(intake.staging.db.prepare_cached(query)?.exists([sid])?)
}

/// Whether what a row said is over because a bulk file does not have the row.
fn is_missing(intake: &Intake, scope: &Scope, file: &str, body: &str) -> Result<bool, RosterError> {
    let held = |kind: &str, key: String| intake.staging.is_held(kind, &key);
    Ok(match file {
        ENROLLMENTS => match remembered::read::<SaidEnrollment>(body) {
            Some(said) => {
                let (person, group) = (intake.person_id(&said.user), intake.group_id(&said.class));
                said.school.is_none_or(|school| scope.schools.contains(&school))
                    && !held("membership", format!("{person}/{group}"))?
                    && !held("person", person.to_string())?
                    && !held("group", group.to_string())?
                    && !held(kind::PLACES, person.to_string())?
                    && !held(kind::FILE, ENROLLMENTS.to_owned())?
            }
            None => true,
        },
        ROLES => match remembered::read::<SaidRole>(body) {
            Some(said) => {
                let person = intake.person_id(&said.user).to_string();
                scope.schools.contains(&said.school)
                    && !held("person", person.clone())?
                    && !held(kind::ROLES, person)?
                    && !held(kind::FILE, ROLES.to_owned())?
            }
            None => true,
        },
        CLASSES => match remembered::read::<SaidClass>(body) {
            Some(said) => scope.schools.contains(&said.school),
            None => true,
        },
        _ => match remembered::read::<SaidUser>(body) {
            Some(said) => !is_kept(intake, said.person)?,
            None => true,
        },
    })
}
