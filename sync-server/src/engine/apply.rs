//! Writes what an accepted command changes: rows, each under a number of its own, the roster and what follows from it,
//! and assurance. A row that says what it said before takes no number.

use super::{bars, budget, roster_changes, turn::Turn, world::Seen};
use crate::store::{Assurance, Result, StoreError, StoredRow};
use skolebro_core::domain::{
    ids::{RecordId, SchoolId},
    record::Record,
    scope::Scope,
    world::{AssuranceGrant, Changes},
};

pub(super) fn apply(turn: &mut Turn<'_>, school: SchoolId, changes: Changes, mut seen: Seen) -> Result<()> {
    if !changes.roster.is_empty() {
        // The fact and its line in the audit trail; cards and grants are counted where they are written.
        turn.growth += changes.roster.len() as u64 * 4 * budget::ROW;
        bars::spread(turn, school, &changes.roster)?;
        roster_changes::apply(turn, school, &changes.roster)?;
    }
    for (scope, id) in &changes.remove {
        let before = known(turn, school, &mut seen, scope, *id)?;
        remove(turn, school, before)?;
    }
    for record in &changes.put {
        let before = known(turn, school, &mut seen, &record.scope, record.id)?;
        put(turn, school, record, before)?;
    }
    if let Some(grant) = changes.assurance {
        assure(turn, school, grant)?;
    }
    Ok(())
}

fn known(
    turn: &mut Turn<'_>,
    school: SchoolId,
    seen: &mut Seen,
    scope: &Scope,
    id: RecordId,
) -> Result<Option<StoredRow>> {
    match seen.remove(&(*scope, id)) {
        Some(row) => Ok(row),
        None => turn.store.row(school, scope, id),
    }
}

/// Writes a record where it is not so already; whether it was written.
pub(super) fn put(turn: &mut Turn<'_>, school: SchoolId, record: &Record, before: Option<StoredRow>) -> Result<bool> {
    let unwritable = |_| StoreError::Unreadable(format!("record {} cannot be written", record.id));
    let json = record.body.to_json().map_err(unwritable)?;
    let (kind, pupil, day) = (record.body.kind(), record.pupil, record.day);
    let same = |row: &StoredRow| {
        row.body.as_deref() == Some(json.as_str()) && row.kind == kind && row.pupil == pupil && row.day == day
    };
    if before.as_ref().is_some_and(same) {
        return Ok(false);
    }
    let held = before.as_ref().map(|row| row.body.as_ref().map_or(0, |body| body.len()));
    let new_row = if held.is_none() { budget::ROW } else { 0 };
    turn.growth += new_row + json.len().saturating_sub(held.unwrap_or(0)) as u64;
    let body = Some(json.into_boxed_str());
    turn.put_row(school, StoredRow { scope: record.scope, id: record.id, seq: 0, kind, pupil, day, body })?;
    Ok(true)
}

/// Leaves a *gone* row where there is anything; whether there was. A gone row tells nothing of what it was about.
pub(super) fn remove(turn: &mut Turn<'_>, school: SchoolId, before: Option<StoredRow>) -> Result<bool> {
    let Some(row) = before.filter(|row| row.body.is_some()) else { return Ok(false) };
    turn.put_row(school, StoredRow { seq: 0, pupil: None, day: None, body: None, ..row })?;
    Ok(true)
}

/// A new grant of strong assurance, unless it is so already.
fn assure(turn: &mut Turn<'_>, school: SchoolId, grant: AssuranceGrant) -> Result<()> {
    let held = turn.store.assurance(school, grant.device)?;
    if held.is_some_and(|held| held.until == grant.until && held.is_strong(turn.now)) {
        return Ok(());
    }
    let granted = turn.take_number(school)?;
    turn.store.put_assurance(school, grant.device, &Assurance { granted, until: grant.until, lapsed: None })?;
    turn.touch_device(school, grant.device)?;
    turn.bump_access(school)
}
