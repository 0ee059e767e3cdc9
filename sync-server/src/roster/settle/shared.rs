//! `userMasterIdentifier`s that stand on several rows: of one person with several ids, or of nobody. One that more people
//! share than could be one unites nobody; it is told, and forgotten.

use super::{at, who::evidence};
use crate::roster::{codes::Code, error::RosterError, intake::Intake, marks::MarkKind, remembered::USERS};

/// More ids than these are not one person's.
const IDS_OF_ONE: i64 = 3;

/// Finds which of the rows that share a mark are one person, and takes away the marks that tell nobody apart.
pub fn marks(intake: &mut Intake) -> Result<(), RosterError> {
    let shared: Vec<(String, i64)> = {
        let query = "SELECT mark, count(*) FROM mark GROUP BY mark HAVING count(*) > 1";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (mark, ids) in shared {
        let master = MarkKind::of(&mark) == Some(MarkKind::Master);
        if !master || !of_one(intake, &mark, ids)? {
            intake.staging.db.prepare_cached("DELETE FROM mark WHERE mark = ?1")?.execute([&mark])?;
        }
    }
    Ok(())
}

/// Whether the rows that share a `userMasterIdentifier` can be one person; then they are.
fn of_one(intake: &mut Intake, mark: &str, ids: i64) -> Result<bool, RosterError> {
    let sids: Vec<String> = {
        let mut statement =
            intake.staging.db.prepare_cached("SELECT sid FROM mark WHERE mark = ?1 ORDER BY sid LIMIT 4")?;
        let rows = statement.query_map([mark], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    };
    let mut users = Vec::new();
    for sid in &sids {
        users.extend(evidence::user(intake, sid)?);
    }
    let Some((first, others)) = users.split_first() else { return Ok(true) };
    let place = at(USERS, first.line, "userMasterIdentifier");
    if ids > IDS_OF_ONE {
        let what = format!("{ids} rows share one; more than could be one person, so it unites nobody");
        intake.reporter.issue(place, Code::IdShared, Some(&first.sid), what);
        return Ok(false);
    }
    let pairs = users.iter().enumerate().flat_map(|(at, one)| users.iter().skip(at + 1).map(move |two| (one, two)));
    if let Some((one, two)) = pairs.into_iter().find(|(one, two)| !one.traits.can_be(&two.traits)) {
        let what = format!("{} shares it and is somebody else, by name, birth date or role; it unites nobody", two.sid);
        let place = at(USERS, one.line, "userMasterIdentifier");
        intake.reporter.issue(place, Code::IdShared, Some(&one.sid), what);
        return Ok(false);
    }
    for other in others {
        let ids = [&first.sid, &other.sid].map(|sid| intake.person_id(sid).to_string());
        let query = "INSERT OR IGNORE INTO same (one, two) VALUES (?1, ?2)";
        intake.staging.db.prepare_cached(query)?.execute(ids)?;
        let what = format!("the same person as {}, by userMasterIdentifier; bars and protection unite", first.sid);
        let place = at(USERS, other.line, "userMasterIdentifier");
        intake.reporter.issue(place, Code::SamePerson, Some(&other.sid), what);
    }
    Ok(true)
}
