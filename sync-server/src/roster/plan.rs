//! From statements to steps: what would change, counted; and the changes in the safe order, in small batches.
//!
//! It never writes to the store. Each step is compared again with what is stored when it is applied, so a plan that has
//! grown old, or was applied by half, does no harm and can be made anew.

use super::{
    Staged, brake,
    codes::Code,
    current::CurrentRoster,
    error::RosterError,
    intake::Intake,
    legal,
    remembered::Remember,
    report::{Fate, ImportReport, Outcome, Place, Safeguard, Stopped},
    settle::{Scope, settle},
    staging::Phase,
    told::{Settled, Told, settle as compare},
};
use crate::{engine::PlannedChange, store::StoredEntry};
use rusqlite::params;
use skolebro_core::domain::{
    ids::{PersonId, SchoolId},
    roster::{Origin, RosterChange, RosterEntry, RosterKey},
};

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
        let today = intake.options.today;
        for school in current.schools()? {
            let staging = &intake.staging;
            current.each(school, &mut |entry| staging.store(school, &entry, &brake::weight(&entry, today)))?;
        }
        let staging = &intake.staging;
        current.said(&intake.options.organiser, &mut |row| staging.said(&row))?;
        let scope = settle(&mut intake)?;
        let mut plan = Plan { intake, scope };
        plan.survey()?;
        plan.intake.reporter.settle_safeguards();
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

    /// Why the plan must not be applied without leave: a school would lose more than that share of some kind of fact, or
    /// all of it.
    ///
    /// # Errors
    /// The staging file's.
    pub fn too_much_ending(&self, percent: u32) -> Result<Option<Stopped>, RosterError> {
        let losses = brake::losses(&self.intake.staging, percent)?;
        Ok((!losses.is_empty()).then_some(Stopped::TooMuchEnding { percent, losses }))
    }

    /// What is to be remembered of the bundle's rows, in order, behind `after`; empty at the end. It belongs between what
    /// ends and what gives (see [`is_safe`]): whatever a run may have given before it was stopped is then remembered.
    ///
    /// # Errors
    /// The staging file's.
    pub fn remember(&self, after: &mut Option<(String, String)>, limit: usize) -> Result<Vec<Remember>, RosterError> {
        let query = "SELECT file, sid, body FROM says WHERE (file, sid) > (?1, ?2) ORDER BY file, sid LIMIT ?3";
        let (file, sid) = after.clone().unwrap_or_default();
        let mut statement = self.intake.staging.db.prepare_cached(query)?;
        let limit = i64::try_from(limit.max(1)).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![file, sid, limit], |row| {
            Ok(Remember { file: row.get(0)?, id: row.get(1)?, said: row.get(2)? })
        })?;
        let rows: Vec<Remember> = rows.collect::<Result<_, _>>()?;
        *after = rows.last().map(|last| (last.file.clone(), last.id.clone())).or(after.take());
        Ok(rows)
    }

    /// Whose rows they are.
    pub fn organiser(&self) -> &str {
        &self.intake.options.organiser
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

    /// The next steps of one school and one phase, at most `limit`; empty at the end, and where the report says why
    /// nothing must be applied. The order is safe over all
    /// schools: what bars, ends and narrows comes before anything that gives.
    ///
    /// # Errors
    /// The staging file's.
    pub fn batch(&self, after: &mut Cursor, limit: usize) -> Result<Vec<Step>, RosterError> {
        if self.report().stopped.is_some() {
            return Ok(Vec::new());
        }
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
                brake::weigh(&self.intake, id, &settled, stored.as_ref())?;
                let place = Place { file: &file, line: line.map(i64::unsigned_abs), column: None };
                let outcome = self.outcome(&settled, stored.as_ref(), place, &key);
                self.safeguard(&told, &settled, stored.as_ref(), place)?;
                self.intake.reporter.report.count(&file, &kind, outcome);
                self.intake
                    .staging
                    .db
                    .prepare_cached("UPDATE told SET outcome = ?2 WHERE id = ?1")?
                    .execute([id, code(outcome)])?;
            }
        }
    }

    /// Notes what became of a row of the legal layer that guards a child.
    fn safeguard(
        &mut self,
        told: &Told,
        settled: &Settled,
        stored: Option<&StoredEntry>,
        place: Place<'_>,
    ) -> Result<(), RosterError> {
        let ours = place.line.filter(|_| place.file == legal::FILE);
        let (guard, line) = match told {
            Told::Entry(RosterEntry::Block(_)) | Told::Lift(_) => (Safeguard::Bar, ours),
            Told::Legal { .. } | Told::NoRelation { .. } | Told::Entry(RosterEntry::AdultConsent(_)) => {
                (Safeguard::Custody, ours)
            }
            Told::Person(id, person) if person.legal.protected_identity.is_some() => {
                (Safeguard::Protection, self.line_that_protects(*id)?)
            }
            Told::School(_) | Told::Person(..) | Told::Entry(_) | Told::Named { .. } | Told::End(_) => return Ok(()),
        };
        let Some(line) = line else { return Ok(()) };
        let fate = match settled {
            Settled::Put(new) if guard == Safeguard::Protection => {
                match (is_protected(stored), is_protected(Some(new))) {
                    (false, true) => Fate::New,
                    (true, false) => Fate::Ended,
                    (true, true) | (false, false) => Fate::Unchanged,
                }
            }
            Settled::Put(_) if stored.is_some() => Fate::Changed,
            Settled::Put(_) => Fate::New,
            Settled::Remove(_) => Fate::Ended,
            Settled::Unchanged => Fate::Unchanged,
            Settled::Outranked => Fate::Outranked,
            Settled::Unable(_) => Fate::NotUnderstood,
        };
        self.intake.reporter.safeguard(guard, fate, line);
        Ok(())
    }

    fn line_that_protects(&self, id: PersonId) -> Result<Option<u64>, RosterError> {
        let query = "SELECT protected_line FROM legal_person WHERE id = ?1";
        let mut statement = self.intake.staging.db.prepare_cached(query)?;
        let mut rows = statement.query([id.to_string()])?;
        let line = rows.next()?.map(|row| row.get::<_, Option<i64>>(0)).transpose()?;
        Ok(line.flatten().map(i64::unsigned_abs))
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

fn is_protected(stored: Option<&StoredEntry>) -> bool {
    matches!(stored, Some(StoredEntry { entry: RosterEntry::Person(person), .. }) if person.protected_identity)
}

/// As the staging file keeps it; 0 is not yet compared.
pub fn code(outcome: Outcome) -> i64 {
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
