//! From statements to steps: what would change, counted; and the changes in the safe order, in small batches.
//!
//! It never writes to the store. Each step is compared again with what is stored when it is applied, so a plan that has
//! grown old, or was applied by half, does no harm and can be made anew.

use super::{
    Staged,
    codes::Code,
    current::CurrentRoster,
    error::RosterError,
    intake::Intake,
    report::{ImportReport, Outcome, Place, Stopped},
    settle::{Scope, settle},
    staging::Phase,
    told::{Settled, Told, settle as compare},
};
use crate::{engine::PlannedChange, store::StoredEntry};
use rusqlite::params;
use skolebro_core::domain::{
    ids::SchoolId,
    roster::{Origin, RosterChange, RosterEntry, RosterKey},
};
use std::collections::BTreeMap;

/// A bundle compared with what is stored.
#[derive(Debug)]
pub struct Plan {
    intake: Intake,
    scope: Scope,
}

/// One statement to apply, in its order.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub school: SchoolId,
    pub told: Told,
    pub origin: Origin,
}

/// Where a batch ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    phase: i64,
    school: String,
    id: i64,
}

impl Step {
    /// What it is about.
    pub fn key(&self) -> RosterKey {
        self.told.key()
    }

    /// The change that it comes to, given what is stored under its key now; `None` when there is nothing to do.
    pub fn change(&self, stored: Option<&StoredEntry>) -> Option<RosterChange> {
        match compare(&self.told, self.origin, stored) {
            Settled::Put(StoredEntry { entry, origin }) => Some(RosterChange::Put { entry, origin }),
            Settled::Remove(entry) => Some(RosterChange::Remove(entry)),
            Settled::Unchanged | Settled::Outranked | Settled::Unable(_) => None,
        }
    }
}

impl PlannedChange for Step {
    fn key(&self) -> RosterKey {
        self.told.key()
    }
    fn change(&self, stored: Option<&StoredEntry>) -> Option<RosterChange> {
        Step::change(self, stored)
    }
}

impl Staged {
    /// Compares with what is stored.
    ///
    /// # Errors
    /// The store's, or the staging file's.
    pub fn plan(self, current: &dyn CurrentRoster) -> Result<Plan, RosterError> {
        let mut intake = self.intake;
        for school in current.schools()? {
            let staging = &intake.staging;
            current.each(school, &mut |entry| staging.store(school, &entry))?;
        }
        let scope = settle(&mut intake)?;
        let mut plan = Plan { intake, scope };
        plan.survey()?;
        Ok(plan)
    }
}

impl Plan {
    /// What was read, and what would become of it.
    pub fn report(&self) -> &ImportReport {
        &self.intake.reporter.report
    }

    pub fn report_mut(&mut self) -> &mut ImportReport {
        &mut self.intake.reporter.report
    }

    /// The schools that the bundle has whole.
    pub fn schools(&self) -> impl Iterator<Item = SchoolId> {
        self.scope.schools.iter().copied()
    }

    /// Why the plan must not be applied without leave: a school would lose more than that share of its roster.
    ///
    /// # Errors
    /// The staging file's.
    pub fn too_much_ending(&self, percent: u32) -> Result<Option<Stopped>, RosterError> {
        let query = "SELECT t.school, count(*), (SELECT count(*) FROM stored s
                         WHERE s.school = t.school AND s.origin <> '\"staff\"'
                           AND s.kind NOT IN ('school', 'rule_set', 'calendar'))
                     FROM told t WHERE t.outcome = ?1 AND t.phase <> ?2 AND t.kind NOT IN ('rule_set', 'calendar')
                     GROUP BY t.school ORDER BY t.school";
        let mut statement = self.intake.staging.db.prepare_cached(query)?;
        let mut rows = statement.query([code(Outcome::Ended), Phase::Lifts as i64])?;
        while let Some(row) = rows.next()? {
            let (school, ending, stored): (String, u64, u64) =
                (row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs(), row.get::<_, i64>(2)?.unsigned_abs());
            if ending * 100 > stored * u64::from(percent) {
                let (name, files) = (self.name_of(&school)?, self.ending_files(&school)?);
                return Ok(Some(Stopped::TooMuchEnding { school, name, ending, stored, percent, files }));
            }
        }
        Ok(None)
    }

    fn name_of(&self, school: &str) -> Result<String, RosterError> {
        let query = "SELECT body FROM stored WHERE school = ?1 AND kind = 'school'";
        let mut statement = self.intake.staging.db.prepare_cached(query)?;
        let mut rows = statement.query([school])?;
        let Some(row) = rows.next()? else { return Ok(String::new()) };
        let entry: RosterEntry = serde_json::from_str(&row.get::<_, String>(0)?)?;
        let RosterEntry::School(school) = entry else { return Ok(String::new()) };
        Ok(school.name)
    }

    /// How many facts of a school each file would end.
    fn ending_files(&self, school: &str) -> Result<BTreeMap<String, u64>, RosterError> {
        let query = "SELECT file, count(*) FROM told WHERE school = ?1 AND outcome = ?2 AND phase <> ?3
                         AND kind NOT IN ('rule_set', 'calendar') GROUP BY file";
        let mut statement = self.intake.staging.db.prepare_cached(query)?;
        let values = params![school, code(Outcome::Ended), Phase::Lifts as i64];
        let rows = statement.query_map(values, |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many steps change something.
    ///
    /// # Errors
    /// The staging file's.
    pub fn len(&self) -> Result<u64, RosterError> {
        let query = "SELECT count(*) FROM told WHERE outcome IN (?1, ?2, ?3)";
        let values = [code(Outcome::Created), code(Outcome::Changed), code(Outcome::Ended)];
        let count: i64 = self.intake.staging.db.query_row(query, values, |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Whether nothing would change.
    ///
    /// # Errors
    /// The staging file's.
    pub fn is_empty(&self) -> Result<bool, RosterError> {
        Ok(self.len()? == 0)
    }

    /// The next steps of one school and one phase, at most `limit`; empty at the end. The order is safe over all
    /// schools: what bars, ends and narrows comes before anything that gives.
    ///
    /// # Errors
    /// The staging file's.
    pub fn batch(&self, after: &mut Cursor, limit: usize) -> Result<Vec<Step>, RosterError> {
        let query = "SELECT phase, school, id, body, origin FROM told
                     WHERE (phase, school, id) > (?1, ?2, ?3) AND outcome IN (?4, ?5, ?6)
                     ORDER BY phase, school, id LIMIT ?7";
        let mut statement = self.intake.staging.db.prepare_cached(query)?;
        let limit = i64::try_from(limit.max(1)).unwrap_or(i64::MAX);
        let [created, changed, ended] = [Outcome::Created, Outcome::Changed, Outcome::Ended].map(code);
        let mut rows = statement.query(params![after.phase, after.school, after.id, created, changed, ended, limit])?;
        let mut steps: Vec<Step> = Vec::new();
        let mut first: Option<(i64, String)> = None;
        while let Some(row) = rows.next()? {
            let cursor = Cursor { phase: row.get(0)?, school: row.get(1)?, id: row.get(2)? };
            let unit = (cursor.phase, cursor.school.clone());
            if *first.get_or_insert_with(|| unit.clone()) != unit {
                break;
            }
            let body: String = row.get(3)?;
            let origin: String = row.get(4)?;
            let Ok(school) = cursor.school.parse() else { continue };
            steps.push(Step { school, told: serde_json::from_str(&body)?, origin: serde_json::from_str(&origin)? });
            *after = cursor;
        }
        Ok(steps)
    }

    /// Compares every statement with what is stored, and counts.
    fn survey(&mut self) -> Result<(), RosterError> {
        let mut last = 0_i64;
        loop {
            type Row = (i64, String, String, String, String, String, String, Option<i64>);
            let page: Vec<Row> = {
                let query = "SELECT id, school, kind, key, body, origin, file, line FROM told
                             WHERE id > ?1 ORDER BY id LIMIT 1000";
                let mut statement = self.intake.staging.db.prepare_cached(query)?;
                let rows = statement.query_map([last], |row| {
                    let (kind, key): (String, String) = (row.get(2)?, row.get(3)?);
                    let (body, origin): (String, String) = (row.get(4)?, row.get(5)?);
                    Ok((row.get(0)?, row.get(1)?, kind, key, body, origin, row.get(6)?, row.get(7)?))
                })?;
                rows.collect::<Result<_, _>>()?
            };
            let Some((id, ..)) = page.last() else { return Ok(()) };
            last = *id;
            for (id, school, kind, key, body, origin, file, line) in page {
                let told: Told = serde_json::from_str(&body)?;
                let origin: Origin = serde_json::from_str(&origin)?;
                let stored = self.intake.staging.stored(&school, &kind, &key)?;
                let settled = compare(&told, origin, stored.as_ref());
                let place = Place { file: &file, line: line.map(i64::unsigned_abs), column: None };
                let outcome = self.outcome(&settled, stored.as_ref(), place, &key);
                self.intake.reporter.report.count(&file, &kind, outcome);
                self.intake
                    .staging
                    .db
                    .prepare_cached("UPDATE told SET outcome = ?2 WHERE id = ?1")?
                    .execute([id, code(outcome)])?;
            }
        }
    }

    fn outcome(&mut self, settled: &Settled, stored: Option<&StoredEntry>, place: Place<'_>, key: &str) -> Outcome {
        match settled {
            Settled::Put(_) if stored.is_some() => Outcome::Changed,
            Settled::Put(_) => Outcome::Created,
            Settled::Remove(_) => Outcome::Ended,
            Settled::Unchanged => Outcome::Unchanged,
            Settled::Outranked => {
                let what = "staff or the legal layer said otherwise, and that stands";
                self.intake.reporter.issue(place, Code::Outranked, Some(key), what);
                Outcome::Unchanged
            }
            Settled::Unable(code) => {
                let what = "the person is neither in the roster nor named in the row";
                self.intake.reporter.issue(place, *code, Some(key), what);
                Outcome::Unchanged
            }
        }
    }
}

/// As the staging file keeps it; 0 is not yet compared.
fn code(outcome: Outcome) -> i64 {
    match outcome {
        Outcome::Created => 1,
        Outcome::Changed => 2,
        Outcome::Unchanged => 3,
        Outcome::Ended => 4,
    }
}

/// The phase of a batch that only bars, ends or narrows: everything up to here may be applied before any grant.
pub fn is_safe(cursor: &Cursor) -> bool {
    cursor.phase <= Phase::Narrowing as i64
}
