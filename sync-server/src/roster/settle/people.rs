//! Persons: names, contact details, language, birth date and protection, told to every school that they belong to.

use super::at;
use crate::roster::{
    codes::Code,
    error::RosterError,
    intake::Intake,
    oneroster::words::bits,
    staging::Phase,
    table::is_garbled,
    told::{LegalPerson, Told, ToldPerson},
};
use rusqlite::{OptionalExtension, params};
use skolebro_core::domain::{
    ids::{PersonId, SchoolId},
    people::Language,
    roster::Origin,
};
use std::collections::BTreeSet;

const USERS: &str = "users.csv";

/// Tells of every person that belongs to a school.
pub fn people(intake: &mut Intake) -> Result<(), RosterError> {
    users(intake)?;
    others(intake)
}

struct User {
    sid: String,
    id: PersonId,
    line: i64,
    told: ToldPerson,
    roles: i64,
}

fn users(intake: &mut Intake) -> Result<(), RosterError> {
    let mut last = String::new();
    loop {
        let page: Vec<User> = {
            let query = "SELECT u.sid, u.id, u.line, u.given, u.family, u.phone, u.email, u.language, b.born,
                                coalesce(i.roles, 0)
                         FROM user u LEFT JOIN born b ON b.user = u.sid LEFT JOIN user_is i ON i.user = u.sid
                         WHERE u.sid > ?1 AND u.state = 0
                           AND NOT EXISTS (SELECT 1 FROM user o WHERE o.id = u.id AND o.sid < u.sid AND o.state = 0)
                         ORDER BY u.sid LIMIT 500";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map([&last], |row| {
                let id: String = row.get(1)?;
                let language: Option<String> = row.get(7)?;
                let (given, family): (String, String) = (row.get(3)?, row.get(4)?);
                let told = ToldPerson {
                    names_garbled: is_garbled(&given) || is_garbled(&family),
                    given_name: Some(given),
                    family_name: Some(family),
                    phone: row.get(5)?,
                    email: row.get(6)?,
                    language: language.as_deref().and_then(Language::from_tag),
                    birth_date: super::day(row.get(8)?),
                    ..ToldPerson::default()
                };
                Ok((
                    id,
                    User {
                        sid: row.get(0)?,
                        id: PersonId(uuid::Uuid::nil()),
                        line: row.get(2)?,
                        told,
                        roles: row.get(9)?,
                    },
                ))
            })?;
            let rows: Vec<(String, User)> = rows.collect::<Result<_, _>>()?;
            rows.into_iter().filter_map(|(id, user)| Some(User { id: id.parse().ok()?, ..user })).collect()
        };
        let Some(user) = page.last() else { return Ok(()) };
        last.clone_from(&user.sid);
        for user in page {
            let legal = legal(intake, &user.sid)?.map(|(legal, ..)| legal).unwrap_or_default();
            let told = ToldPerson { legal, ..user.told };
            let schools = tell(intake, user.id, told, (USERS, user.line), Origin::Import)?;
            if schools == 0 {
                let place = at(USERS, user.line, "");
                if user.roles & bits::HOME != 0 {
                    let what = "no pupil names the adult, and the adult names none";
                    intake.reporter.issue(place, Code::AdultWithoutPupil, Some(&user.sid), what);
                } else {
                    let what = "the person belongs to no school of the bundle";
                    intake.reporter.issue(place, Code::PersonWithoutSchool, Some(&user.sid), what);
                }
            }
        }
    }
}

/// Persons that only the legal layer or staff.csv tells of.
fn others(intake: &mut Intake) -> Result<(), RosterError> {
    type Other = (String, i64, Option<String>, Option<String>, bool);
    let found: Vec<Other> = {
        let query = "SELECT sid, line, coalesce(given, (SELECT max(p.given) FROM post p WHERE p.person = sid)),
                            coalesce(family, (SELECT max(p.family) FROM post p WHERE p.person = sid)), 1
                     FROM legal_person
                     WHERE NOT EXISTS (SELECT 1 FROM user u WHERE u.sid = legal_person.sid AND u.state = 0)
                     UNION ALL
                     SELECT person, min(line), max(given), max(family), 0 FROM post
                     WHERE NOT EXISTS (SELECT 1 FROM user u WHERE u.sid = post.person AND u.state = 0)
                       AND NOT EXISTS (SELECT 1 FROM legal_person l WHERE l.sid = post.person)
                     GROUP BY person";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (sid, line, given, family, in_legal) in found {
        let id = intake.person_id(&sid);
        let file = if in_legal { "legal.csv" } else { "staff.csv" };
        let stored = !intake.staging.schools_storing("person", &id.to_string())?.is_empty();
        let (legal, given, family) = match legal(intake, &sid)? {
            // Of two humans who may be meant, both are protected, and nothing else goes over.
            Some((legal, ..)) if intake.disputed.contains(&sid) => {
                let protected_identity = legal.protected_identity.filter(|protected| *protected);
                (LegalPerson { protected_identity, ..LegalPerson::default() }, None, None)
            }
            Some((legal, ..)) => (legal, given, family),
            None => (LegalPerson::default(), given, family),
        };
        if !stored && (given.is_none() || family.is_none()) {
            // Each row of staff.csv was told of already.
            if in_legal {
                let what = "the person is neither in the roster nor named in the row";
                intake.reporter.issue(at(file, line, "person"), Code::PersonUnknown, Some(&sid), what);
            }
            continue;
        }
        // A stored person keeps the name that the roster gave.
        let told = ToldPerson {
            given_name: given.filter(|_| !stored),
            family_name: family.filter(|_| !stored),
            legal,
            ..ToldPerson::default()
        };
        // Only naming somebody in our own files makes nothing of them outrank the roster.
        let origin = if stored && told.legal.is_silent() { Origin::Import } else { Origin::Legal };
        tell(intake, id, told, (file, line), origin)?;
    }
    Ok(())
}

fn legal(intake: &Intake, sid: &str) -> Result<Option<(LegalPerson, i64)>, RosterError> {
    let query = "SELECT protected, language, born, line FROM legal_person WHERE sid = ?1";
    let found = intake.staging.db.prepare_cached(query)?.query_row(params![sid], |row| {
        let language: Option<String> = row.get(1)?;
        let legal = LegalPerson {
            protected_identity: row.get(0)?,
            language: language.as_deref().and_then(Language::from_tag),
            birth_date: super::day(row.get(2)?),
        };
        Ok((legal, row.get(3)?))
    });
    Ok(found.optional()?)
}

/// Tells every school that the person belongs to; how many there are.
fn tell(
    intake: &Intake,
    id: PersonId,
    told: ToldPerson,
    (file, line): (&str, i64),
    origin: Origin,
) -> Result<usize, RosterError> {
    let person = id.to_string();
    let staged = intake.staging.schools("SELECT school FROM present WHERE person = ?1", [person.as_str()])?;
    let stored = intake.staging.schools_storing("person", &person)?;
    let protected = protected_schools(intake, &person, &stored)?;
    let by_alias = protected_by_alias(intake, &person)?;
    let schools: BTreeSet<SchoolId> = staged.into_iter().chain(stored).collect();
    for school in &schools {
        let elsewhere = by_alias || protected.iter().any(|other| other != school);
        let told = ToldPerson { protected_elsewhere: elsewhere, ..told.clone() };
        let protects = told.legal.protected_identity == Some(true) || elsewhere;
        let phase = if protects { Phase::Protection } else { Phase::People };
        intake.staging.tell(phase, *school, &Told::Person(id, Box::new(told)), origin, (file, Some(line)))?;
    }
    Ok(schools.len())
}

/// Whether another id of the same person is protected, in the bundle or stored.
fn protected_by_alias(intake: &Intake, person: &str) -> Result<bool, RosterError> {
    for alias in intake.aliases.get(person).into_iter().flatten() {
        let said = "SELECT 1 FROM legal_person WHERE id = ?1 AND protected";
        if intake.staging.db.prepare_cached(said)?.exists([alias])? {
            return Ok(true);
        }
        let schools = intake.staging.schools_storing("person", alias)?;
        if !protected_schools(intake, alias, &schools)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The schools that hold the person as protected.
fn protected_schools(intake: &Intake, person: &str, stored: &[SchoolId]) -> Result<Vec<SchoolId>, RosterError> {
    use skolebro_core::domain::roster::RosterEntry;
    let mut protected = Vec::new();
    for school in stored {
        if let Some(entry) = intake.staging.stored(&school.to_string(), "person", person)?
            && matches!(&entry.entry, RosterEntry::Person(person) if person.protected_identity)
        {
            protected.push(*school);
        }
    }
    Ok(protected)
}
