//! Who is who: finds people whose id has changed since the last import, and ids that have gone to somebody else, before
//! anything is put together. From here on [`Intake::person_id`] knows them.
//!
//! It must never give one human what another was given. Where it does not show, the row is held as it was, and told.

pub(super) mod evidence;

use super::at;
use crate::roster::{
    codes::Code,
    error::RosterError,
    intake::Intake,
    remembered::{self, SaidUser, USERS},
    report::FileMode,
    staging::state,
};
use evidence::{Found, User};
use rusqlite::params;
use skolebro_core::domain::ids::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// Finds who is who.
pub fn who(intake: &mut Intake) -> Result<(), RosterError> {
    super::shared::marks(intake)?;
    evidence::gather(intake)?;
    let mut present = Present { all: intake.mode(USERS) == FileMode::Bulk, ..Present::default() };
    let new = under_known_ids(intake, &mut present)?;
    if evidence::somebody_is_known(intake)? {
        // An adult is known by the child, so pupils come first.
        let (pupils, others): (Vec<String>, Vec<String>) = {
            let (mut pupils, mut others) = (Vec::new(), Vec::new());
            for sid in new {
                let Some(user) = evidence::user(intake, &sid)? else { continue };
                if user.traits.pupil == Some(true) { pupils.push(sid) } else { others.push(sid) }
            }
            (pupils, others)
        };
        under_new_ids(intake, &mut present, &pupils)?;
        under_new_ids(intake, &mut present, &others)?;
    }
    still_disputed(intake)?;
    apply(intake)
}

/// Who has a row in the bundle.
#[derive(Debug, Default)]
pub struct Present {
    /// The bundle has everybody: who has no row is gone.
    all: bool,
    here: BTreeSet<PersonId>,
    /// Whose row is to be deleted.
    gone: BTreeSet<PersonId>,
}

impl Present {
    fn is_gone(&self, person: PersonId) -> bool {
        !self.here.contains(&person) && (self.all || self.gone.contains(&person))
    }
}

/// Rows under ids that came before: of the same human as then, or told. Gives back the ids that are new.
fn under_known_ids(intake: &mut Intake, present: &mut Present) -> Result<Vec<String>, RosterError> {
    let mut new = Vec::new();
    let mut last = String::new();
    loop {
        let page: Vec<(String, i64, i64, Option<String>)> = {
            let query = "SELECT u.sid, u.line, u.state, s.body FROM user u
                         LEFT JOIN said s ON s.file = 'users.csv' AND s.sid = u.sid
                         WHERE u.sid > ?1 ORDER BY u.sid LIMIT 500";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map([&last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let Some((sid, ..)) = page.last() else { return Ok(new) };
        last.clone_from(sid);
        for (sid, line, row_state, said) in page {
            let said: Option<SaidUser> = said.as_deref().and_then(remembered::read);
            let derived = intake.person_id(&sid);
            let stored = evidence::is_stored(intake, derived)?;
            let person = match &said {
                Some(said) => said.person,
                None if !stored => {
                    if row_state == state::ACTIVE {
                        new.push(sid);
                    }
                    continue;
                }
                None if evidence::has_row_under_another_id(intake, derived, &sid)? => {
                    // The id was somebody's who has another one now: whoever has it today is somebody else.
                    intake.renamed.insert(sid.clone(), somebody_else(intake, &sid, derived));
                    continue;
                }
                None => derived,
            };
            if person != derived {
                intake.renamed.insert(sid.clone(), person);
            }
            if row_state == state::GONE {
                present.gone.insert(person);
                continue;
            }
            present.here.insert(person);
            if row_state == state::ACTIVE {
                same_human(intake, &sid, line, person)?;
            }
        }
    }
}

fn somebody_else(intake: &Intake, sid: &str, not: PersonId) -> PersonId {
    PersonId::derive(&[&intake.options.organiser, &sid, &"not", &not])
}

/// Whether the row is about the human whose id it was; otherwise it is held, or legal.csv has said that it is another.
fn same_human(intake: &mut Intake, sid: &str, line: i64, person: PersonId) -> Result<(), RosterError> {
    let Some(before) = evidence::of_person(intake, person)? else { return Ok(()) };
    let Some(user) = evidence::user(intake, sid)? else { return Ok(()) };
    if intake.still_same.contains(sid) || !user.traits.is_another(&before) {
        return Ok(());
    }
    if intake.somebody_else.contains(sid) {
        intake.renamed.insert(sid.to_owned(), somebody_else(intake, sid, person));
        let what = "the id has gone to somebody else, as legal.csv says; nothing went along";
        intake.reporter.issue(at(USERS, line, "sourcedId"), Code::IdChanged, Some(sid), what);
        return Ok(());
    }
    let what =
        "the id was another human's, by name, birth date or userMasterIdentifier; what is stored stays as it was";
    dispute(intake, sid, person, line, Code::IdReused, what)
}

/// Nothing goes by the row: what is stored about both stays as it is.
fn dispute(
    intake: &mut Intake,
    sid: &str,
    person: PersonId,
    line: i64,
    code: Code,
    what: &str,
) -> Result<(), RosterError> {
    intake
        .staging
        .db
        .prepare_cached("UPDATE user SET state = ?2 WHERE sid = ?1")?
        .execute(params![sid, state::HELD])?;
    intake.staging.hold("person", &person.to_string())?;
    intake.staging.hold("person", &intake.person_id(sid).to_string())?;
    intake.disputed.insert(sid.to_owned());
    intake.reporter.issue(at(USERS, line, "sourcedId"), code, Some(sid), what);
    Ok(())
}

/// Rows under ids that never came before: of somebody new, or of somebody whose id has changed.
fn under_new_ids(intake: &mut Intake, present: &mut Present, sids: &[String]) -> Result<(), RosterError> {
    let mut certain: BTreeMap<PersonId, Vec<(User, &'static str)>> = BTreeMap::new();
    for sid in sids {
        if intake.somebody_else.contains(sid) {
            continue;
        }
        let Some(user) = evidence::user(intake, sid)? else { continue };
        match evidence::find(intake, present, &user)? {
            Found::Nobody => {}
            Found::Certain(person, by) => certain.entry(person).or_default().push((user, by)),
            Found::Unclear(person, why) => unclear(intake, &user, person, why)?,
            Found::Beside(person, by) => {
                // Both may be in use: bars and protection unite, and nothing else.
                let query = "INSERT OR IGNORE INTO same (one, two) VALUES (?1, ?2)";
                let ids = [intake.person_id(sid).to_string(), person.to_string()];
                intake.staging.db.prepare_cached(query)?.execute(ids)?;
                let what = format!("somebody stored may be the same person, by {by}; bars and protection unite");
                let place = at(USERS, user.line, "sourcedId");
                intake.reporter.issue(place, Code::SamePerson, Some(sid), what);
            }
        }
    }
    for (person, mut users) in certain {
        if users.len() > 1 {
            for (user, _) in users {
                unclear(intake, &user, person, "several new ids could be the same person's")?;
            }
        } else if let Some((user, by)) = users.pop() {
            let what = format!("the id is new and the person is known, by {by}; everything went along");
            let place = at(USERS, user.line, "sourcedId");
            intake.reporter.issue(place, Code::IdChanged, Some(&user.sid), what);
            intake.renamed.insert(user.sid, person);
            present.here.insert(person);
        }
    }
    Ok(())
}

fn unclear(intake: &mut Intake, user: &User, person: PersonId, why: &str) -> Result<(), RosterError> {
    let what = format!("{why}; the row was not used, and what is stored stays as it was");
    dispute(intake, &user.sid, person, user.line, Code::IdChangeUnclear, &what)
}

/// Ids that were in dispute and have no row now.
fn still_disputed(intake: &mut Intake) -> Result<(), RosterError> {
    let query = "SELECT s.sid, s.body FROM said s WHERE s.file = 'users.csv' AND s.body LIKE '%\"disputed\":true%'
                     AND NOT EXISTS (SELECT 1 FROM user u WHERE u.sid = s.sid)";
    let found: Vec<(String, String)> = {
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (sid, body) in found {
        let Some(said) = remembered::read::<SaidUser>(&body).filter(|said| said.disputed) else { continue };
        intake.staging.hold("person", &said.person.to_string())?;
        intake.disputed.insert(sid);
    }
    Ok(())
}

/// Puts the persons found into what reading has staged under ids derived from the rows'.
fn apply(intake: &mut Intake) -> Result<(), RosterError> {
    if intake.renamed.is_empty() {
        return Ok(());
    }
    let mut to: BTreeMap<String, String> = BTreeMap::new();
    for (sid, person) in &intake.renamed {
        let person = person.to_string();
        intake.staging.db.prepare_cached("UPDATE user SET id = ?2 WHERE sid = ?1")?.execute([sid, &person])?;
        to.insert(PersonId::derive(&[&intake.options.organiser, &sid.as_str()]).to_string(), person);
    }
    for table in ["held", "gone"] {
        let rows: Vec<(String, String)> = {
            let mut statement = intake.staging.db.prepare(&format!("SELECT kind, key FROM {table}"))?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let update = format!("UPDATE OR REPLACE {table} SET key = ?3 WHERE kind = ?1 AND key = ?2");
        for (kind, key) in rows {
            let new = renamed_in(&key, &to);
            if new != key {
                intake.staging.db.prepare_cached(&update)?.execute([&kind, &key, &new])?;
            }
        }
    }
    for (table, column) in [("same", "one"), ("same", "two"), ("legal_person", "id")] {
        let update = format!("UPDATE OR REPLACE {table} SET {column} = ?2 WHERE {column} = ?1");
        let held: Vec<String> = {
            let mut statement = intake.staging.db.prepare(&format!("SELECT DISTINCT {column} FROM {table}"))?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for (id, new) in held.iter().filter_map(|id| Some((id, to.get(id)?))) {
            intake.staging.db.prepare_cached(&update)?.execute([id, new])?;
        }
    }
    // Under the old id the row is to be deleted; the person is not.
    let back = "DELETE FROM gone WHERE kind = 'person' AND key IN (SELECT id FROM user WHERE state = 0)";
    intake.staging.db.execute(back, [])?;
    Ok(())
}

/// A key with the ids in it that have become others.
fn renamed_in(key: &str, to: &BTreeMap<String, String>) -> String {
    let mut new = String::with_capacity(key.len());
    for part in key.split_inclusive(['/', ':']) {
        let id = part.trim_end_matches(['/', ':']);
        match to.get(id) {
            Some(other) => {
                new.push_str(other);
                new.push_str(&part[id.len()..]);
            }
            None => new.push_str(part),
        }
    }
    new
}
