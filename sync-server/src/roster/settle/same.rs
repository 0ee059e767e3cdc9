//! Persons who turn out to be one: rows that share a `userMasterIdentifier`, or `same_as` in legal.csv.
//!
//! Their bars and their protection unite, and nothing else: ids stay, and what one was given the other does not get.

use super::{
    at,
    relations::{schools_of_pupil, tell_block},
};
use crate::roster::{codes::Code, error::RosterError, intake::Intake, legal, report::Place, told::Told};
use skolebro_core::domain::{
    ids::{PersonId, SchoolId},
    people::Block,
    roster::RosterEntry,
};
use std::collections::{BTreeMap, BTreeSet};

/// More ids than these are not one person's, whoever says so: a column has slipped.
const IDS_OF_ONE: usize = 10;

/// Finds who is who, and unites bars. Protection follows where persons are told of.
pub fn same(intake: &mut Intake) -> Result<(), RosterError> {
    let mut circles = Circles::default();
    for (one, two) in pairs(intake)? {
        circles.join(&one, &two);
    }
    for circle in circles.of_several() {
        if circle.len() > IDS_OF_ONE {
            let what = format!("{} ids would be one person; they unite nobody", circle.len());
            intake.reporter.issue(Place::file(legal::FILE), Code::IdShared, circle.first().map(String::as_str), what);
            continue;
        }
        for id in &circle {
            let others = circle.iter().filter(|other| *other != id).cloned().collect();
            intake.aliases.insert(id.clone(), others);
        }
    }
    if intake.aliases.is_empty() {
        return Ok(());
    }
    // Each bar once, however many people are united.
    for (school, block) in bars(intake)? {
        unite(intake, school, block)?;
    }
    say_so(intake)
}

/// What legal.csv united is listed; rows that share an identifier were listed where they were found.
fn say_so(intake: &mut Intake) -> Result<(), RosterError> {
    for (one, two) in intake.same_as.clone() {
        let (first, second) = (intake.person_id(&one), intake.person_id(&two));
        let united = intake.aliases.get(&first.to_string()).is_some_and(|ids| ids.contains(&second.to_string()));
        if united {
            let what = format!("the same person as {two}; bars and protection unite");
            intake.reporter.issue(at(legal::FILE, 0, "same_as"), Code::SamePerson, Some(&one), what);
        }
    }
    Ok(())
}

fn pairs(intake: &Intake) -> Result<Vec<(String, String)>, RosterError> {
    let mut statement = intake.staging.db.prepare_cached("SELECT one, two FROM same WHERE one <> two")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Ids in circles of one person each: the smaller circle goes over to the larger, so that joining stays cheap.
#[derive(Debug, Default)]
struct Circles {
    of: BTreeMap<String, usize>,
    members: Vec<BTreeSet<String>>,
}

impl Circles {
    fn circle(&mut self, id: &str) -> usize {
        if let Some(circle) = self.of.get(id) {
            return *circle;
        }
        let circle = self.members.len();
        self.members.push(BTreeSet::from([id.to_owned()]));
        self.of.insert(id.to_owned(), circle);
        circle
    }

    fn size(&self, circle: usize) -> usize {
        self.members.get(circle).map_or(0, BTreeSet::len)
    }

    fn join(&mut self, one: &str, two: &str) {
        let (one, two) = (self.circle(one), self.circle(two));
        if one == two {
            return;
        }
        let (small, large) = if self.size(one) < self.size(two) { (one, two) } else { (two, one) };
        let moved = self.members.get_mut(small).map(std::mem::take).unwrap_or_default();
        for id in &moved {
            self.of.insert(id.clone(), large);
        }
        if let Some(members) = self.members.get_mut(large) {
            members.extend(moved);
        }
    }

    fn of_several(self) -> impl Iterator<Item = BTreeSet<String>> {
        self.members.into_iter().filter(|circle| circle.len() > 1)
    }
}

/// Every bar of somebody who has several ids, stored or told now.
fn bars(intake: &Intake) -> Result<Vec<(SchoolId, Block)>, RosterError> {
    let mut found = BTreeSet::new();
    let mut take = |school: &str, entry: RosterEntry| {
        if let (Ok(school), RosterEntry::Block(block)) = (school.parse::<SchoolId>(), entry)
            && [block.pupil, block.person].iter().any(|id| intake.aliases.contains_key(&id.to_string()))
        {
            found.insert((school, block.pupil, block.person));
        }
    };
    {
        let mut statement = intake.staging.db.prepare_cached("SELECT school, body FROM stored WHERE kind = 'block'")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (school, body): (String, String) = (row.get(0)?, row.get(1)?);
            take(&school, serde_json::from_str(&body)?);
        }
    }
    let mut statement = intake.staging.db.prepare_cached("SELECT school, body FROM told WHERE kind = 'block'")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (school, body): (String, String) = (row.get(0)?, row.get(1)?);
        if let Told::Entry(entry) = serde_json::from_str(&body)? {
            take(&school, entry);
        }
    }
    Ok(found.into_iter().map(|(school, pupil, person)| (school, Block { pupil, person })).collect())
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
