//! Rows of a delta that came before under the same id: what they said then is taken back where they now say something
//! else. What other rows said of the same places is taken along, so that nothing ends that is still said.

use super::is_known_user;
use crate::roster::{
    codes::Code,
    error::RosterError,
    intake::Intake,
    oneroster::words::bits,
    remembered::{self, CLASSES, ENROLLMENTS, ROLES, SaidEnrollment, SaidRole, SaidUser, USERS},
    report::{FileMode, Place},
    staging::state,
};
use rusqlite::{OptionalExtension, params};
use skolebro_core::domain::{
    ids::{PersonId, SchoolId},
    people::Role,
};
use std::collections::BTreeSet;

/// Takes back what rows of deltas no longer say.
pub fn again(intake: &mut Intake) -> Result<(), RosterError> {
    if intake.mode(CLASSES) == FileMode::Delta {
        classes(intake)?;
    }
    if intake.mode(USERS) == FileMode::Delta {
        users(intake)?;
    }
    if intake.mode(ROLES) == FileMode::Delta {
        not_remembered(intake, ROLES, "enrolment")?;
        roles(intake)?;
    }
    if intake.mode(ENROLLMENTS) == FileMode::Delta {
        not_remembered(intake, ENROLLMENTS, "membership")?;
        enrollments(intake)?;
    }
    Ok(())
}

/// A delta over what was imported before rows were remembered: what its rows take back does not show.
fn not_remembered(intake: &mut Intake, file: &str, kind: &str) -> Result<(), RosterError> {
    let query = "SELECT 1 WHERE EXISTS (SELECT 1 FROM restated WHERE file = ?1)
                     AND EXISTS (SELECT 1 FROM stored WHERE kind = ?2 AND origin = '\"import\"')
                     AND NOT EXISTS (SELECT 1 FROM said WHERE file = ?1)";
    if intake.staging.db.prepare_cached(query)?.exists([file, kind])? {
        let what = "the stored rows came before their ids were remembered, so what these rows replace does not show";
        intake.reporter.issue(Place::file(file), Code::DeltaTooEarly, None, what);
    }
    Ok(())
}

/// Rows that came before and come again, and could be used: id, line, and what they said.
fn restated(intake: &Intake, file: &str) -> Result<Vec<(String, i64, String)>, RosterError> {
    let query = "SELECT r.sid, r.line, s.body FROM restated r JOIN said s ON s.file = r.file AND s.sid = r.sid
                 WHERE r.file = ?1 AND NOT (r.file = 'enrollments.csv' AND EXISTS (
                     SELECT 1 FROM enrollment e WHERE e.sid = r.sid AND e.state = 2))
                 ORDER BY r.sid";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let rows = statement.query_map([file], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Other rows that said something about the two, and do not come again.
fn others(intake: &Intake, file: &str, one: &str, two: &str) -> Result<Vec<(String, String)>, RosterError> {
    let query = "SELECT s.sid, s.body FROM said s WHERE s.file = ?1 AND s.one = ?2 AND s.two = ?3
                     AND NOT EXISTS (SELECT 1 FROM restated r WHERE r.file = s.file AND r.sid = s.sid)";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let rows = statement.query_map([file, one, two], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a role gave that is said no longer.
fn take_back_role(
    intake: &Intake,
    user: &str,
    school: SchoolId,
    role: &str,
    from: (&str, i64),
) -> Result<(), RosterError> {
    let person = intake.person_id(user);
    if role != "pupil" {
        // Another role at the school keeps its holder there.
        intake.staging.gone("staff_member", &format!("{school}:{person}"), from.0, from.1)?;
    }
    let (kind, key) = match role {
        "pupil" => ("enrolment", format!("{school}:{person}")),
        "principal" => ("assignment", format!("{school}:{person}/{}/school", Role::Principal.as_str())),
        "office" => ("assignment", format!("{school}:{person}/{}/school", Role::Office.as_str())),
        // Whoever teaches: what and whom, the enrollments say.
        _ => return Ok(()),
    };
    intake.staging.gone(kind, &key, from.0, from.1)
}

fn roles(intake: &mut Intake) -> Result<(), RosterError> {
    let mut touched: BTreeSet<(String, String)> = BTreeSet::new();
    for (sid, line, body) in restated(intake, ROLES)? {
        let Some(before) = remembered::read::<SaidRole>(&body) else { continue };
        if !is_role_usable(intake, &sid)? {
            continue;
        }
        let query = "SELECT user FROM user_role WHERE sid = ?1 AND school = ?2 AND role = ?3";
        let school = before.school.to_string();
        let still = same_person_in(intake, query, &[&sid, &school, &before.role], &before.user)?;
        if !still {
            take_back_role(intake, &before.user, before.school, &before.role, (ROLES, line))?;
        }
        touched.insert((before.user, school));
    }
    touched.extend(pairs(intake, "SELECT DISTINCT user, school FROM user_role WHERE file = 'roles.csv'")?);
    for (user, school) in touched {
        for (sid, body) in others(intake, ROLES, &user, &school)? {
            let Some(said) = remembered::read::<SaidRole>(&body) else { continue };
            let query = "INSERT INTO user_role (user, school, role, first, until, file, line, sid)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)";
            let values = params![
                said.user,
                school,
                said.role,
                said.first.map(|day| day.to_string()),
                said.until.map(|day| day.to_string()),
                ROLES,
                sid
            ];
            intake.staging.db.prepare_cached(query)?.execute(values)?;
            let bit = if said.role == "pupil" { bits::PUPIL } else { bits::STAFF };
            let query =
                "INSERT INTO user_is (user, roles) VALUES (?1, ?2) ON CONFLICT (user) DO UPDATE SET roles = roles | ?2";
            intake.staging.db.prepare_cached(query)?.execute(params![said.user, bit])?;
        }
    }
    Ok(())
}

/// Whether everything that a role's row refers to is there; what it said before stands otherwise. A row that gives nothing
/// refers to nothing.
pub fn is_role_usable(intake: &Intake, sid: &str) -> Result<bool, RosterError> {
    for (user, school) in pairs_of(intake, "SELECT user, school FROM user_role WHERE sid = ?1", sid)? {
        let at = school.as_str();
        let known = intake.staging.is_told(at, "school", "")? || intake.staging.stored(at, "school", "")?.is_some();
        if !known || !is_known_user(intake, &user)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether everything that an enrollment's row refers to is there. One that is to be deleted needs nothing.
pub fn is_enrollment_usable(intake: &Intake, sid: &str) -> Result<bool, RosterError> {
    let query = "SELECT user, class FROM enrollment WHERE sid = ?1 AND state <> 1";
    for (user, class) in pairs_of(intake, query, sid)? {
        let staged = intake
            .staging
            .db
            .prepare_cached("SELECT state = 0 FROM class WHERE sid = ?1")?
            .query_row([&class], |row| row.get(0))
            .optional()?;
        let class_known = match staged {
            Some(usable) => usable,
            None if intake.mode(CLASSES) == FileMode::Bulk => false,
            None => intake.staging.stored_group(&intake.group_id(&class).to_string())?.is_some(),
        };
        if !class_known || !is_known_user(intake, &user)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn pairs_of(intake: &Intake, query: &str, sid: &str) -> Result<Vec<(String, String)>, RosterError> {
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let rows = statement.query_map([sid], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether the rows that a query finds are about the user that was meant before, by whatever id.
fn same_person_in(intake: &Intake, query: &str, values: &[&String], before: &str) -> Result<bool, RosterError> {
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(0))?;
    for user in rows {
        if intake.person_id(&user?) == intake.person_id(before) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn pairs(intake: &Intake, query: &str) -> Result<Vec<(String, String)>, RosterError> {
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn enrollments(intake: &mut Intake) -> Result<(), RosterError> {
    let mut touched: BTreeSet<(String, String)> = BTreeSet::new();
    let mut left: Vec<(SaidEnrollment, i64)> = Vec::new();
    for (sid, line, body) in restated(intake, ENROLLMENTS)? {
        let Some(before) = remembered::read::<SaidEnrollment>(&body) else { continue };
        if !is_enrollment_usable(intake, &sid)? {
            continue;
        }
        let query = "SELECT user FROM enrollment WHERE sid = ?1 AND class = ?2 AND role = ?3
                         AND lead = CAST(?4 AS INTEGER) AND state <> 1";
        let lead = i64::from(before.lead).to_string();
        let still = same_person_in(intake, query, &[&sid, &before.class, &before.role, &lead], &before.user)?;
        if !still {
            take_back_place(intake, &before, line)?;
            left.push((before.clone(), line));
        }
        touched.insert((before.user, before.class));
    }
    touched.extend(pairs(intake, "SELECT DISTINCT user, class FROM enrollment")?);
    for (user, class) in touched {
        take_along(intake, &others(intake, ENROLLMENTS, &user, &class)?)?;
    }
    for (place, line) in left {
        if let Some(school) = place.school.filter(|_| place.role == "pupil")
            && !is_pupil_otherwise(intake, &place.user, school)?
        {
            take_back_role(intake, &place.user, school, "pupil", (ENROLLMENTS, line))?;
        }
    }
    Ok(())
}

/// Whether something else makes the user a pupil of the school: a role, or another class of it. Of a user who is not
/// remembered it does not show.
fn is_pupil_otherwise(intake: &Intake, user: &str, school: SchoolId) -> Result<bool, RosterError> {
    let (at, said) = (school.to_string(), said_user(intake, user)?);
    let Some(said) = said else { return Ok(true) };
    if said.roles.iter().any(|(of, role)| *of == school && role == "pupil") {
        return Ok(true);
    }
    let query = "SELECT 1 FROM user_role WHERE user = ?1 AND school = ?2 AND role = 'pupil'
                 UNION ALL
                 SELECT 1 FROM said s WHERE s.file = 'roles.csv' AND s.one = ?1 AND s.two = ?2
                     AND json_extract(s.body, '$.role') = 'pupil'
                     AND NOT EXISTS (SELECT 1 FROM restated r WHERE r.file = s.file AND r.sid = s.sid)
                 UNION ALL
                 SELECT 1 FROM said s WHERE s.file = 'enrollments.csv' AND s.one = ?1
                     AND json_extract(s.body, '$.role') = 'pupil' AND json_extract(s.body, '$.school') = ?2
                     AND NOT EXISTS (SELECT 1 FROM restated r WHERE r.file = s.file AND r.sid = s.sid)";
    Ok(intake.staging.db.prepare_cached(query)?.exists([user, &at])?)
}

fn said_user(intake: &Intake, sid: &str) -> Result<Option<SaidUser>, RosterError> {
    let query = "SELECT body FROM said WHERE file = 'users.csv' AND sid = ?1";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let mut rows = statement.query([sid])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(remembered::read(row.get_ref(0)?.as_str().unwrap_or_default()))
}

fn take_back_place(intake: &Intake, said: &SaidEnrollment, line: i64) -> Result<(), RosterError> {
    let kind = if said.role == "pupil" { "membership" } else { "teaching" };
    let key = format!("{}/{}", intake.person_id(&said.user), intake.group_id(&said.class));
    intake.staging.gone(kind, &key, ENROLLMENTS, line)
}

/// Stages rows as if the bundle had them.
fn take_along(intake: &Intake, rows: &[(String, String)]) -> Result<(), RosterError> {
    for (sid, body) in rows {
        let Some(said) = remembered::read::<SaidEnrollment>(body) else { continue };
        let query = "INSERT OR IGNORE INTO enrollment
                         (sid, hash, class, school, user, role, lead, first, until, line, state)
                     VALUES (?1, x'', ?2, '', ?3, ?4, ?5, ?6, ?7, 0, ?8)";
        intake.staging.db.prepare_cached(query)?.execute(params![
            sid,
            said.class,
            said.user,
            said.role,
            said.lead,
            said.first.map(|day| day.to_string()),
            said.until.map(|day| day.to_string()),
            state::ACTIVE
        ])?;
    }
    Ok(())
}

/// Classes that are at another school than they were: they leave the old one, and who is in them comes along.
fn classes(intake: &mut Intake) -> Result<(), RosterError> {
    let query = "SELECT c.sid, c.id, c.line, s.school FROM class c JOIN stored s ON s.kind = 'group' AND s.key = c.id
                 WHERE c.state = 0 AND s.school <> c.school ORDER BY c.sid";
    let moved: Vec<(String, String, i64, String)> = {
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (sid, group, line, from) in moved {
        intake.staging.gone("group", &format!("{from}:{group}"), CLASSES, line)?;
        if intake.mode(ENROLLMENTS) != FileMode::Bulk {
            let query = "SELECT s.sid, s.body FROM said s WHERE s.file = 'enrollments.csv' AND s.two = ?1
                             AND NOT EXISTS (SELECT 1 FROM restated r WHERE r.file = s.file AND r.sid = s.sid)";
            let rows: Vec<(String, String)> = {
                let mut statement = intake.staging.db.prepare_cached(query)?;
                let rows = statement.query_map([&sid], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.collect::<Result<_, _>>()?
            };
            take_along(intake, &rows)?;
        }
    }
    Ok(())
}

/// Users whose adults, roles or account are others than they were.
fn users(intake: &mut Intake) -> Result<(), RosterError> {
    let query = "SELECT u.sid, u.line, u.enabled, s.body FROM user u
                 JOIN said s ON s.file = 'users.csv' AND s.sid = u.sid WHERE u.state = 0 ORDER BY u.sid";
    let found: Vec<(String, i64, bool, String)> = {
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (sid, line, enabled, body) in found {
        let Some(before) = remembered::read::<SaidUser>(&body) else { continue };
        if intake.agents_told {
            for other in &before.agents {
                if !names(intake, &sid, other)? && !names_still(intake, other, &sid)? {
                    let (one, two) = (intake.person_id(&sid), intake.person_id(other));
                    take_back_relation(intake, one, two, line)?;
                }
            }
        }
        if intake.roles_in_users {
            for (school, role) in &before.roles {
                let query = "SELECT 1 FROM user_role WHERE user = ?1 AND school = ?2 AND role = ?3";
                let values = [sid.as_str(), &school.to_string(), role];
                if !intake.staging.db.prepare_cached(query)?.exists(values)? {
                    take_back_role(intake, &sid, *school, role, (USERS, line))?;
                }
            }
        }
        if !enabled {
            account_disabled(intake, &sid, &before, line)?;
        }
    }
    Ok(())
}

/// Whether the first one's row in the bundle names the other.
fn names(intake: &Intake, user: &str, other: &str) -> Result<bool, RosterError> {
    let query = "SELECT 1 FROM agent WHERE user = ?1 AND other = ?2";
    Ok(intake.staging.db.prepare_cached(query)?.exists([user, other])?)
}

/// Whether the first one's row names the other, in the bundle or, where the bundle lacks it, when it last came.
fn names_still(intake: &Intake, user: &str, other: &str) -> Result<bool, RosterError> {
    if intake.staging.db.prepare_cached("SELECT 1 FROM user WHERE sid = ?1")?.exists([user])? {
        return names(intake, user, other);
    }
    Ok(said_user(intake, user)?.is_some_and(|said| said.agents.iter().any(|agent| agent == other)))
}

fn take_back_relation(intake: &Intake, one: PersonId, two: PersonId, line: i64) -> Result<(), RosterError> {
    intake.staging.gone("guardianship", &format!("{one}/{two}"), USERS, line)?;
    intake.staging.gone("guardianship", &format!("{two}/{one}"), USERS, line)
}

/// A disabled account takes a member of staff's assignments, also those that the delta does not repeat.
fn account_disabled(intake: &Intake, sid: &str, before: &SaidUser, line: i64) -> Result<(), RosterError> {
    let query = "SELECT file, body FROM said WHERE one = ?1 AND file IN ('roles.csv', 'enrollments.csv')";
    let rows: Vec<(String, String)> = {
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([sid], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (file, body) in rows {
        if file == ROLES {
            if let Some(said) = remembered::read::<SaidRole>(&body).filter(|said| said.role != "pupil") {
                take_back_role(intake, sid, said.school, &said.role, (USERS, line))?;
            }
        } else if let Some(said) = remembered::read::<SaidEnrollment>(&body).filter(|said| said.role != "pupil") {
            take_back_place(intake, &said, line)?;
        }
    }
    for (school, role) in before.roles.iter().filter(|(_, role)| role != "pupil") {
        take_back_role(intake, sid, *school, role, (USERS, line))?;
    }
    Ok(())
}
