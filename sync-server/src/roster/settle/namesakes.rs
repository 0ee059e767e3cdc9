//! Staff of a bundle who have the name of somebody whom the school made by hand: told, and never taken for one. A name is
//! not an identity; staff know whether the two are the same human, and end what was made by hand.

use super::at;
use crate::roster::{codes::Code, error::RosterError, intake::Intake};
use rusqlite::params;
use skolebro_core::domain::{names, roster::RosterEntry};
use std::collections::HashSet;

const USERS: &str = "users.csv";

pub fn namesakes(intake: &mut Intake) -> Result<(), RosterError> {
    let by_hand: Vec<(String, String)> = {
        let query = "SELECT school, key FROM stored WHERE kind = 'staff_member' AND origin = '\"staff\"'";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    let mut taken: HashSet<(String, String)> = HashSet::new();
    for (school, person) in by_hand {
        if let Some(stored) = intake.staging.stored(&school, "person", &person)?
            && let RosterEntry::Person(named) = stored.entry
        {
            taken.insert((school, names::folded(&named.name())));
        }
    }
    if taken.is_empty() {
        return Ok(());
    }
    let mut last = String::new();
    loop {
        type Member = (String, String, i64, String, String);
        let page: Vec<Member> = {
            let query = "SELECT u.sid, t.school, u.line, u.given, u.family FROM told t JOIN user u ON u.id = t.key
                         WHERE t.kind = 'staff_member' AND u.sid || ' ' || t.school > ?1
                         ORDER BY u.sid || ' ' || t.school LIMIT 500";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map(params![last], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        let Some((sid, school, ..)) = page.last() else { return Ok(()) };
        last = format!("{sid} {school}");
        for (sid, school, line, given, family) in page {
            if taken.contains(&(school, names::folded(&format!("{given} {family}")))) {
                let what = "the school has added somebody of that name by hand; the two were not united";
                intake.reporter.issue(at(USERS, line, ""), Code::Namesake, Some(&sid), what);
            }
        }
    }
}
