//! What is known of people, stored and in the bundle, and what it says of who they are.

use super::Present;
use crate::roster::{
    alike::{Likeness, Traits, traits},
    error::RosterError,
    intake::Intake,
    marks::MarkKind,
    oneroster::words::bits,
    settle::day,
};
use rusqlite::{OptionalExtension, params};
use skolebro_core::domain::{
    ids::{PersonId, SchoolId},
    roster::RosterEntry,
};
use std::collections::BTreeSet;

/// A row of users.csv, as far as it tells who somebody is.
#[derive(Clone, Debug)]
pub struct User {
    pub sid: String,
    pub line: i64,
    pub traits: Traits,
}

/// Who a new id may be.
pub enum Found {
    Nobody,
    /// One who is gone under the old id; and by what it is known.
    Certain(PersonId, &'static str),
    /// It may be, or not.
    Unclear(PersonId, &'static str),
    /// The same person, who may still be there under the other id.
    Beside(PersonId, &'static str),
}

/// Puts the stored persons of the bundle's organiser where they are found by name.
pub fn gather(intake: &Intake) -> Result<(), RosterError> {
    let own: BTreeSet<SchoolId> = intake.orgs.keys().map(|sid| intake.school_id(sid)).collect();
    let mut after = (String::new(), String::new());
    loop {
        let page: Vec<(String, String, String)> = {
            let query = "SELECT school, key, body FROM stored WHERE kind = 'person' AND (school, key) > (?1, ?2)
                         ORDER BY school, key LIMIT 500";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map([&after.0, &after.1], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let Some((school, key, _)) = page.last() else { return Ok(()) };
        after = (school.clone(), key.clone());
        for (school, key, body) in page {
            // Where the bundle names its schools, those of another organiser on the same server are left out.
            if !own.is_empty() && !school.parse().is_ok_and(|school| own.contains(&school)) {
                continue;
            }
            let RosterEntry::Person(person) = serde_json::from_str(&body)? else { continue };
            let known = traits(&person.given_name, &person.family_name, person.birth_date);
            let query = "INSERT INTO known (person, given, family, full, born) VALUES (?1, ?2, ?3, ?4, ?5)
                         ON CONFLICT (person) DO UPDATE SET born = coalesce(born, excluded.born)";
            intake.staging.db.prepare_cached(query)?.execute(params![
                key,
                known.given,
                known.family,
                known.full_name(),
                known.born.map(|day| day.to_string())
            ])?;
        }
    }
}

pub fn somebody_is_known(intake: &Intake) -> Result<bool, RosterError> {
    let query = "SELECT 1 FROM known UNION ALL SELECT 1 FROM said WHERE file = 'users.csv'";
    Ok(intake.staging.db.prepare_cached(query)?.exists([])?)
}

pub fn is_stored(intake: &Intake, person: PersonId) -> Result<bool, RosterError> {
    Ok(intake.staging.db.prepare_cached("SELECT 1 FROM known WHERE person = ?1")?.exists([person.to_string()])?)
}

/// Whether the person has a row in the bundle under an id that is not this one.
pub fn has_row_under_another_id(intake: &Intake, person: PersonId, sid: &str) -> Result<bool, RosterError> {
    let query = "SELECT 1 FROM said s JOIN user u ON u.sid = s.sid AND u.state = 0
                 WHERE s.file = 'users.csv' AND s.one = ?1 AND s.sid <> ?2";
    Ok(intake.staging.db.prepare_cached(query)?.exists(params![person.to_string(), sid])?)
}

/// What the bundle says of a user whose row can be used.
pub fn user(intake: &Intake, sid: &str) -> Result<Option<User>, RosterError> {
    let query = "SELECT u.line, u.given, u.family, coalesce(l.born, b.born), coalesce(i.roles, 0) FROM user u
                 LEFT JOIN born b ON b.user = u.sid LEFT JOIN user_is i ON i.user = u.sid
                 LEFT JOIN legal_person l ON l.sid = u.sid WHERE u.sid = ?1 AND u.state = 0";
    type Row = (i64, String, String, Option<String>, i64);
    let found: Option<Row> = intake
        .staging
        .db
        .prepare_cached(query)?
        .query_row([sid], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .optional()?;
    let Some((line, given, family, born, roles)) = found else { return Ok(None) };
    let masters = marks(intake, sid)?.into_iter().filter(|mark| MarkKind::of(mark) == Some(MarkKind::Master)).collect();
    let pupil = (roles != 0).then_some(roles & bits::PUPIL != 0);
    let traits = Traits { masters, pupil, ..traits(&given, &family, day(born)) };
    Ok(Some(User { sid: sid.to_owned(), line, traits }))
}

pub fn marks(intake: &Intake, sid: &str) -> Result<Vec<String>, RosterError> {
    let mut statement = intake.staging.db.prepare_cached("SELECT mark FROM mark WHERE sid = ?1 ORDER BY mark")?;
    let rows = statement.query_map([sid], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What is stored and remembered of a person.
pub fn of_person(intake: &Intake, person: PersonId) -> Result<Option<Traits>, RosterError> {
    let id = person.to_string();
    let known = intake
        .staging
        .db
        .prepare_cached("SELECT given, family, born FROM known WHERE person = ?1")?
        .query_row([&id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((given, family, born)) = known else { return Ok(None) };
    let masters = {
        let query = "SELECT mark FROM said_mark WHERE person = ?1 AND mark >= 'm' AND mark < 'n'";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([&id], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    };
    Ok(Some(Traits { given, family, born: day(born), masters, pupil: is_pupil(intake, &id)? }))
}

/// Whether a stored person is a pupil, now or before; nothing where that does not show, or both do.
fn is_pupil(intake: &Intake, person: &str) -> Result<Option<bool>, RosterError> {
    let is = |query: &str| Ok::<_, RosterError>(intake.staging.db.prepare_cached(query)?.exists([person])?);
    let pupil =
        is("SELECT 1 FROM stored WHERE one = ?1 AND kind IN ('enrolment', 'membership', 'guardianship', 'block')")?;
    let adult = is("SELECT 1 FROM stored WHERE one = ?1 AND kind = 'assignment'
                    UNION ALL SELECT 1 FROM stored WHERE two = ?1 AND kind IN ('guardianship', 'block')")?;
    Ok((pupil != adult).then_some(pupil))
}

/// Who a row under a new id may be.
pub fn find(intake: &Intake, present: &Present, user: &User) -> Result<Found, RosterError> {
    if let Some(person) = said_so(intake, present, &user.sid)? {
        return Ok(Found::Certain(person, "same_as in legal.csv"));
    }
    let (mut masters, mut weak) = (BTreeSet::new(), BTreeSet::new());
    for mark in marks(intake, &user.sid)? {
        let into = if MarkKind::of(&mark) == Some(MarkKind::Master) { &mut masters } else { &mut weak };
        into.extend(persons(intake, "SELECT person FROM said_mark WHERE mark = ?1 LIMIT 4", [&mark])?);
    }
    match by_master(intake, present, user, &masters)? {
        Found::Nobody => {}
        found => return Ok(found),
    }
    let named = match user.traits.born {
        Some(born) => {
            let query = "SELECT person FROM known WHERE full = ?1 AND born = ?2 LIMIT 4";
            persons(intake, query, [&user.traits.full_name(), &born.to_string()])?
        }
        None => BTreeSet::new(),
    };
    let gone = |people: &BTreeSet<PersonId>| -> Vec<PersonId> {
        people.iter().copied().filter(|person| present.is_gone(*person)).collect()
    };
    for person in gone(&named) {
        let Some(before) = of_person(intake, person)?.filter(|before| is_candidate(user, before)) else { continue };
        if named.len() > 1 || user.traits.masters(&before) == Likeness::Different {
            return Ok(Found::Unclear(person, "name and birth date are those of somebody who is no longer there"));
        }
        return Ok(Found::Certain(person, "name and birth date"));
    }
    for person in gone(&weak) {
        let Some(before) = of_person(intake, person)?.filter(|before| is_candidate(user, before)) else { continue };
        let sure = user.traits.is_called_the_same(&before) && user.traits.masters(&before) != Likeness::Different;
        if sure && weak.len() == 1 {
            return Ok(Found::Certain(person, "identifier and name"));
        }
    }
    if let Some(person) = named.iter().find(|person| !present.here.contains(person) && !present.all) {
        return Ok(Found::Beside(*person, "name and birth date"));
    }
    by_name_and_place(intake, present, user)
}

/// legal.csv says that the new id is an older one's person.
fn said_so(intake: &Intake, present: &Present, sid: &str) -> Result<Option<PersonId>, RosterError> {
    let mut found = None;
    for (one, two) in &intake.same_as {
        let other = if one == sid {
            two
        } else if two == sid {
            one
        } else {
            continue;
        };
        let query = "SELECT body FROM said WHERE file = 'users.csv' AND sid = ?1";
        let said: Option<String> =
            intake.staging.db.prepare_cached(query)?.query_row([other], |row| row.get(0)).optional()?;
        let said = said.as_deref().and_then(crate::roster::remembered::read::<crate::roster::remembered::SaidUser>);
        let person = said.map_or_else(|| intake.person_id(other), |said| said.person);
        if present.is_gone(person) && is_stored(intake, person)? {
            found = Some(person);
        }
    }
    Ok(found)
}

fn by_master(
    intake: &Intake,
    present: &Present,
    user: &User,
    people: &BTreeSet<PersonId>,
) -> Result<Found, RosterError> {
    let by = "userMasterIdentifier";
    for person in people {
        if present.here.contains(person) {
            continue;
        }
        let contradicts = match of_person(intake, *person)? {
            Some(before) => user.traits.contradicts(&before),
            None => false,
        };
        return Ok(match (present.is_gone(*person), contradicts || people.len() > 1) {
            (true, false) => Found::Certain(*person, by),
            (true, true) => Found::Unclear(
                *person,
                "userMasterIdentifier is that of somebody who is no longer there, and the rest differs",
            ),
            (false, false) => Found::Beside(*person, by),
            (false, true) => Found::Unclear(*person, "userMasterIdentifier is somebody else's, and the rest differs"),
        });
    }
    Ok(Found::Nobody)
}

/// Of the same kind, and given by users.csv: whom only our own files name is not missing there.
fn is_candidate(user: &User, before: &Traits) -> bool {
    user.traits.pupil.is_none_or(|pupil| before.pupil.is_none_or(|before| before == pupil))
        && user.traits.birth_dates(before) != Likeness::Different
}

/// Somebody of the same name who is no longer there, at the same school or of the same child. That may be the same person
/// or a namesake.
fn by_name_and_place(intake: &Intake, present: &Present, user: &User) -> Result<Found, RosterError> {
    let query = "SELECT person FROM known WHERE full = ?1 LIMIT 20";
    for person in persons(intake, query, [&user.traits.full_name()])? {
        if present.here.contains(&person) || !was_a_user(intake, person)? {
            continue;
        }
        let Some(before) = of_person(intake, person)? else { continue };
        let alike = user.traits.is_called_the_same(&before) && is_candidate(user, &before);
        if !alike || !are_together(intake, user, person)? {
            continue;
        }
        if present.is_gone(person) {
            return Ok(Found::Unclear(person, "the name is that of somebody who is no longer there"));
        }
        // In a delta both may well be there. A bar too many is lifted; one too few is not noticed.
        if is_barred(intake, person)? {
            return Ok(Found::Beside(person, "name and place"));
        }
    }
    beside_a_bar(intake, present, user)
}

/// Somebody who is barred from a child of the row's and may be the same person: one with a given name in common who is no
/// longer there, for family names change with ids; or one of the same name who still is, entered twice.
fn beside_a_bar(intake: &Intake, present: &Present, user: &User) -> Result<Found, RosterError> {
    let itself = intake.person_id(&user.sid);
    for child in children(intake, user)? {
        let query = "SELECT two FROM stored WHERE kind = 'block' AND one = ?1 LIMIT 20";
        for person in persons(intake, query, [&intake.person_id(&child).to_string()])? {
            let Some(before) = of_person(intake, person)?.filter(|before| is_candidate(user, before)) else { continue };
            if person == itself || user.traits.masters(&before) == Likeness::Different {
                continue;
            }
            if user.traits.is_called_the_same(&before) {
                return Ok(Found::Beside(person, "the name and the child that one of them is barred from"));
            }
            let missing = !present.here.contains(&person) && was_a_user(intake, person)?;
            if missing && user.traits.has_given_name_of(&before) {
                let why =
                    "somebody of that given name is barred from the child and is no longer there, or not repeated";
                return Ok(Found::Unclear(person, why));
            }
        }
    }
    Ok(Found::Nobody)
}

fn is_barred(intake: &Intake, person: PersonId) -> Result<bool, RosterError> {
    let query = "SELECT 1 FROM stored WHERE kind = 'block' AND (one = ?1 OR two = ?1)";
    Ok(intake.staging.db.prepare_cached(query)?.exists([person.to_string()])?)
}

/// Whether the person came by users.csv; before rows were remembered it does not show.
fn was_a_user(intake: &Intake, person: PersonId) -> Result<bool, RosterError> {
    let query = "SELECT 1 FROM said WHERE file = 'users.csv' AND one = ?1";
    if intake.staging.db.prepare_cached(query)?.exists([person.to_string()])? {
        return Ok(true);
    }
    Ok(!intake.staging.db.prepare_cached("SELECT 1 FROM said WHERE file = 'users.csv'")?.exists([])?)
}

/// Whether the new row and the stored person are at one school as the same, or of one child.
fn are_together(intake: &Intake, user: &User, person: PersonId) -> Result<bool, RosterError> {
    let query = "SELECT school FROM user_role WHERE user = ?1
                 UNION SELECT c.school FROM enrollment e JOIN class c ON c.sid = e.class WHERE e.user = ?1";
    for school in intake.staging.schools(query, [user.sid.as_str()])? {
        let query = "SELECT 1 FROM stored WHERE one = ?1 AND school = ?2 AND kind IN ('enrolment', 'assignment')";
        if intake.staging.db.prepare_cached(query)?.exists([person.to_string(), school.to_string()])? {
            return Ok(true);
        }
    }
    for child in children(intake, user)? {
        let key = format!("{}/{person}", intake.person_id(&child));
        let query = "SELECT 1 FROM stored WHERE kind IN ('guardianship', 'block') AND key = ?1";
        if intake.staging.db.prepare_cached(query)?.exists([key])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The ids that the row names as its own, or that name it: an adult's children, a pupil's adults.
fn children(intake: &Intake, user: &User) -> Result<Vec<String>, RosterError> {
    let query = "SELECT other FROM agent WHERE user = ?1 UNION SELECT user FROM agent WHERE other = ?1";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let rows = statement.query_map([&user.sid], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn persons<const N: usize>(
    intake: &Intake,
    query: &str,
    values: [&String; N],
) -> Result<BTreeSet<PersonId>, RosterError> {
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(0))?;
    let mut found = BTreeSet::new();
    for row in rows {
        found.extend(row?.parse::<PersonId>().ok());
    }
    Ok(found)
}
