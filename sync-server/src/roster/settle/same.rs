//! Persons who turn out to be one: two users with the same `userMasterIdentifier`, or `same_as` in legal.csv.
//!
//! Their bars and their protection unite, and nothing else: ids stay, and what one was given the other does not get.

use super::relations::{schools_of_pupil, tell_block};
use crate::roster::{error::RosterError, intake::Intake, legal, told::Told};
use skolebro_core::domain::{
    ids::{PersonId, SchoolId},
    people::Block,
    roster::RosterEntry,
};
use std::collections::BTreeSet;

/// Finds who is who, and unites bars. Protection follows where persons are told of.
pub fn same(intake: &mut Intake) -> Result<(), RosterError> {
    for (one, two) in pairs(intake)? {
        let mut all: BTreeSet<String> = BTreeSet::from([one, two]);
        for id in all.clone() {
            all.extend(intake.aliases.get(&id).into_iter().flatten().cloned());
        }
        for id in &all {
            let others = all.iter().filter(|other| *other != id).cloned().collect();
            intake.aliases.insert(id.clone(), others);
        }
    }
    let ids: Vec<String> = intake.aliases.keys().cloned().collect();
    for id in ids {
        for (school, block) in bars(intake, &id)? {
            unite(intake, school, block)?;
        }
    }
    Ok(())
}

fn pairs(intake: &Intake) -> Result<Vec<(String, String)>, RosterError> {
    let query = "SELECT one, two FROM same WHERE one <> two
                 UNION ALL
                 SELECT a.id, b.id FROM user a JOIN user b ON b.master = a.master AND b.id > a.id
                 WHERE a.master IS NOT NULL";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every bar that somebody is part of, stored or told now.
fn bars(intake: &Intake, id: &str) -> Result<Vec<(SchoolId, Block)>, RosterError> {
    let mut found = Vec::new();
    {
        let query = "SELECT school, body FROM stored WHERE kind = 'block' AND (one = ?1 OR two = ?1)";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            let (school, body): (String, String) = (row.get(0)?, row.get(1)?);
            if let (Ok(school), RosterEntry::Block(block)) = (school.parse(), serde_json::from_str(&body)?) {
                found.push((school, block));
            }
        }
    }
    let query = "SELECT school, body FROM told WHERE kind = 'block' AND instr(key, ?1) > 0";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let mut rows = statement.query([id])?;
    while let Some(row) = rows.next()? {
        let (school, body): (String, String) = (row.get(0)?, row.get(1)?);
        if let (Ok(school), Told::Entry(RosterEntry::Block(block))) = (school.parse(), serde_json::from_str(&body)?) {
            found.push((school, block));
        }
    }
    Ok(found)
}

fn unite(intake: &Intake, school: SchoolId, block: Block) -> Result<(), RosterError> {
    for pupil in ids(intake, block.pupil) {
        let mut schools = schools_of_pupil(intake, &pupil.to_string())?;
        schools.insert(school);
        for person in ids(intake, block.person) {
            for school in &schools {
                tell_block(intake, *school, Block { pupil, person }, (legal::FILE, None))?;
            }
        }
    }
    Ok(())
}

/// A person's ids, its own among them.
fn ids(intake: &Intake, id: PersonId) -> Vec<PersonId> {
    let others = intake.aliases.get(&id.to_string()).into_iter().flatten();
    std::iter::once(id).chain(others.filter_map(|other| other.parse().ok())).collect()
}
