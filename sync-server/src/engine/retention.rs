//! Erases what its rule set says is no longer needed, and forgets old *gone* rows. Once a day, in batches.
//!
//! What is erased leaves a gone row, so that phones drop it too, and takes the payloads of the commands that wrote it out
//! of the log; the log's lines stay.

use super::{
    new_day,
    refusal::Refusal,
    scrub, settle,
    tick::{Clockwork, Ticked, meta_key},
    turn::Turn,
    world::to_record,
};
use crate::store::{Payloads, Place, Result};
use chrono::{Days, NaiveDate};
use serde_json::Value;
use skolebro_core::domain::{
    command::{Capacity, Command, CommandBody, CommandKind, system_command_id},
    ids::{CommandId, SchoolId},
    record::RecordKind,
    retention::{self, erased_on},
    roster::Roster,
    time::midnight_after,
};

pub(super) fn erase(clock: &Clockwork<'_>, ticked: &mut Ticked) -> Result<(), Refusal> {
    let (school, batch) = (clock.school, clock.batch());
    // What is due stays due: the next day that is begun by a clock that has stood erases it.
    if !clock.may_destroy {
        return Ok(());
    }
    let due = clock.write(move |turn| Ok(new_day::last_day(turn, school)? != Some(turn.today(school)?)))?;
    // A fault ends what it is met in until tomorrow: the same again would meet it again.
    if due != Some(true) {
        return Ok(());
    }
    for kind in RecordKind::ageing() {
        // Rows that are kept longer than others of their kind are passed over, not read again with each batch.
        let mut after = None;
        while let Some(done) = clock.write(move |turn| erase_batch(turn, school, kind, after, batch))? {
            ticked.erased += done.erased;
            after = done.last;
            if after.is_none() {
                break;
            }
        }
    }
    payloads(clock)?;
    while clock.write(move |turn| forget_gone(turn, school, batch))? == Some(false) {}
    Ok(())
}

struct Erased {
    erased: usize,
    /// The last row that was looked at; none: there are no more.
    last: Option<Place>,
}

/// The next `batch` rows of a kind, of which those that are due are erased.
fn erase_batch(
    turn: &mut Turn<'_>,
    school: SchoolId,
    kind: RecordKind,
    after: Option<Place>,
    batch: usize,
) -> Result<Erased> {
    let (roster, today) = (turn.roster(school)?, turn.today(school)?);
    let shortest = roster.rule_sets().filter_map(|rules| rules.retention.days(kind)).min();
    let Some(before) = shortest.and_then(|days| retention::due_before(today, days)) else {
        return Ok(Erased { erased: 0, last: None });
    };
    let rows = turn.store.rows_before(school, kind, before, after, batch)?;
    let full = rows.len() >= batch;
    let last = rows.last().filter(|_| full).and_then(|row| Some((row.day?, row.id, row.scope)));
    let mut erased = 0;
    for row in &rows {
        let record = match to_record(row) {
            Ok(record) => record,
            Err(error) => {
                // It keeps no other from going.
                tracing::error!(%error, %school, "a record past its retention cannot be read, and stays");
                continue;
            }
        };
        let Some(record) = record else { continue };
        let Some(day) = erased_on(&roster, &record, today).filter(|day| *day <= today) else { continue };
        let (scope, id) = (record.scope, record.id);
        let command = Command {
            id: system_command_id(CommandKind::Erase, &[&school, &scope, &id, &day, &row.seq]),
            school,
            capacity: Capacity::System,
            device_time: turn.now,
            depends_on: None,
            body: CommandBody::Erase { scope, record: id },
        };
        if settle::settle_system(turn, school, &command)? {
            for wrote in row.body.as_deref().map(commands_in).unwrap_or_default() {
                turn.store.erase_payload(school, wrote)?;
            }
            erased += 1;
        }
    }
    if erased > 0 {
        scrub::is_due(turn)?;
    }
    Ok(Erased { erased, last })
}

/// Takes the payloads out of commands that no record names any more. What was written freely goes no later than records of
/// its kind do: that of a command which was refused, or of which nothing is left, too. Everything goes once no record can
/// have come of it. The days until which that is so move once a year, and so does this.
fn payloads(clock: &Clockwork<'_>) -> Result<(), Refusal> {
    old_payloads(clock, "payloads", &Payloads::All, retention::payloads_until)?;
    for kind in RecordKind::ageing() {
        let texts = Payloads::Saying(retention::texts_kept_as(kind));
        let done = format!("payloads/{}", kind.as_str());
        old_payloads(clock, &done, &texts, move |roster, today| retention::texts_until(roster, kind, today))?;
    }
    // Of what was refused nothing was ever kept; as long as of the shortest of texts.
    old_payloads(clock, "payloads/rejected", &Payloads::Rejected, |roster, today| {
        let texts = CommandKind::ALL.iter().filter_map(|command| command.text());
        texts.filter_map(|text| retention::texts_until(roster, text.kept_as, today)).max()
    })
}

/// `done`: under which name it is kept until which day they have been taken out.
fn old_payloads(
    clock: &Clockwork<'_>,
    done: &str,
    which: &Payloads,
    until: impl Fn(&Roster, NaiveDate) -> Option<NaiveDate> + Send + 'static,
) -> Result<(), Refusal> {
    let (school, batch) = (clock.school, clock.batch());
    let key = meta_key(done, school);
    let until = clock.write(move |turn| {
        let (roster, today) = (turn.roster(school)?, turn.today(school)?);
        let begin = |day: NaiveDate| Some((day, midnight_after(roster.time_zone(), day.pred_opt()?)));
        Ok(until(&roster, today).and_then(begin))
    })?;
    let Some((until, before)) = until.flatten() else { return Ok(()) };
    let engine = clock.engine;
    if engine.shared.read(|reading| reading.meta(&key))?.is_some_and(|done| done == until.to_string()) {
        return Ok(());
    }
    let mut after = None;
    loop {
        // Found outside the writer: that passes over the whole log.
        let old = engine.shared.read(|reading| reading.payloads_before(school, before, which, after, batch))?;
        after = old.last().copied();
        if after.is_none() {
            break;
        }
        let done = clock.write(move |turn| {
            scrub::is_due(turn)?;
            old.iter().try_for_each(|id| turn.store.erase_payload(school, *id))
        })?;
        if done.is_none() {
            return Ok(());
        }
    }
    clock.write(move |turn| turn.store.put_meta(&key, &until.to_string())).map(|_| ())
}

/// The commands that a document names as those that wrote it.
fn commands_in(json: &str) -> Vec<CommandId> {
    fn collect(value: &Value, found: &mut Vec<CommandId>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let named = if name == "command" { value.as_str() } else { None };
                    found.extend(named.and_then(|id| id.parse::<CommandId>().ok()));
                    collect(value, found);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(document) = serde_json::from_str(json) {
        collect(&document, &mut found);
    }
    found
}

/// Raises the floor to where the sequence stood so many days ago; whether it is there.
fn forget_gone(turn: &mut Turn<'_>, school: SchoolId, batch: usize) -> Result<bool> {
    let today = turn.today(school)?;
    let kept = u64::from(turn.shared.config.limits.gone_days);
    let Some(oldest) = today.checked_sub_days(Days::new(kept)) else { return Ok(true) };
    let heads = new_day::heads(turn, school)?;
    let Some(floor) = heads.range(..=oldest).next_back().map(|(_, seq)| *seq) else { return Ok(true) };
    Ok(turn.raise_floor(school, floor, batch)? >= floor)
}
