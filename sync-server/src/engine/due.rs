//! What the areas of the domain owe by the clock. What they watch and what is owed is decided by core ([`watches`]); this
//! finds for whom it is worth asking, outside the writer: it looks at a whole day every few seconds, and mostly nothing is
//! owed.

use super::{
    refusal::Refusal,
    settle,
    tick::{Clockwork, Ticked, meta_key},
    turn::Turn,
    world::ServerWorld,
};
use crate::store::{Reading, Result};
use chrono::{DateTime, Days, NaiveDate, Utc};
use skolebro_core::domain::{
    command::AreaKind,
    due::{Due, Watch, When, watches},
    ids::{PersonId, SchoolId},
    time::{local_date, midnight_after},
    world::World,
};
use std::collections::BTreeSet;

/// Days that are made up for after the server was down.
const MADE_UP: u64 = 14;

#[derive(Clone, Default)]
struct Done {
    commands: usize,
    next: Option<DateTime<Utc>>,
}

/// Everything that any area watches.
pub(super) fn give_all(clock: &Clockwork<'_>, ticked: &mut Ticked) -> Result<(), Refusal> {
    for watch in AreaKind::ALL.iter().flat_map(|area| watches(*area)) {
        match watch.when {
            When::Today => today(clock, ticked, watch)?,
            When::DayOver { over } => days_over(clock, ticked, watch, over)?,
        }
    }
    Ok(())
}

fn today(clock: &Clockwork<'_>, ticked: &mut Ticked, watch: &'static Watch) -> Result<(), Refusal> {
    let school = clock.school;
    let found = clock.read(|reading, roster| {
        let today = local_date(roster.time_zone(), clock.now);
        Ok((today, of_day(reading, school, watch, today)?.into_iter().collect::<Vec<_>>()))
    });
    let Some((today, pupils)) = found else { return Ok(()) };
    give(clock, ticked, today, &pupils, watch)
}

/// The days that are over since the last time, and of earlier ones what was written since.
fn days_over(
    clock: &Clockwork<'_>,
    ticked: &mut Ticked,
    watch: &'static Watch,
    over: fn(&dyn World, PersonId, NaiveDate) -> DateTime<Utc>,
) -> Result<(), Refusal> {
    let school = clock.school;
    let days = clock.read(|reading, roster| {
        let today = local_date(roster.time_zone(), clock.now);
        let done = done_until(reading, school, watch)?.map(|(day, _)| day);
        let oldest = today.checked_sub_days(Days::new(MADE_UP)).unwrap_or(today);
        let first = match done {
            // A day that has not been yet was done by a clock that was wrong: what is done twice changes nothing.
            Some(done) if done > today => oldest,
            Some(done) => done.succ_opt().unwrap_or(today).max(oldest),
            None => today,
        };
        Ok(first.iter_days().take_while(|day| *day <= today).collect::<Vec<_>>())
    });
    for day in days.unwrap_or_default() {
        let found = clock.read(|reading, roster| {
            let pupils = candidates(reading, school, watch, day)?;
            let world = ServerWorld::new(reading, school, clock.now, roster);
            let last = pupils.iter().map(|pupil| over(&world, *pupil, day)).max();
            let whole_day = midnight_after(roster.time_zone(), day);
            Ok((pupils, Some(last.unwrap_or(whole_day)).filter(|over| *over > clock.now)))
        });
        let Some((pupils, not_yet)) = found else { return Ok(()) };
        if not_yet.is_some() {
            ticked.again_at(not_yet);
            break;
        }
        give(clock, ticked, day, &pupils, watch)?;
        clock.write(move |turn| {
            let head = turn.school(school)?.head.seq;
            turn.store.put_meta(&meta_key(watch.name, school), &format!("{day} {head}"))
        })?;
    }
    Ok(())
}

/// None: never, or unreadable, which is the same.
fn done_until(reading: &dyn Reading, school: SchoolId, watch: &Watch) -> Result<Option<(NaiveDate, u64)>> {
    let stored = reading.meta(&meta_key(watch.name, school))?;
    Ok(stored.and_then(|text| {
        let (day, seq) = text.split_once(' ')?;
        Some((day.parse().ok()?, seq.parse().ok()?))
    }))
}

/// Whose records of a day are worth asking about.
fn of_day(reading: &dyn Reading, school: SchoolId, watch: &Watch, day: NaiveDate) -> Result<BTreeSet<PersonId>> {
    let rows = reading.rows_of_day(school, watch.kind, day)?;
    let may_owe = rows.iter().filter(|row| row.body.as_deref().is_some_and(watch.may_owe));
    Ok(may_owe.filter_map(|row| row.pupil).collect())
}

/// The same, and those of whom something was written since the last time.
fn candidates(reading: &dyn Reading, school: SchoolId, watch: &Watch, day: NaiveDate) -> Result<Vec<PersonId>> {
    let mut pupils = of_day(reading, school, watch, day)?;
    if let Some((_, since)) = done_until(reading, school, watch)? {
        let head = reading.head(school)?.seq;
        reading.rows_by_sequence(school, since, head, &mut |row| {
            if row.kind == watch.kind {
                pupils.extend(row.pupil);
            }
            true
        })?;
    }
    Ok(pupils.into_iter().collect())
}

fn give(
    clock: &Clockwork<'_>,
    ticked: &mut Ticked,
    day: NaiveDate,
    pupils: &[PersonId],
    watch: &'static Watch,
) -> Result<(), Refusal> {
    let school = clock.school;
    let mut give = |pupils: &[PersonId]| {
        let pupils = pupils.to_vec();
        let done = clock.write(move |turn| {
            let mut done = Done::default();
            for pupil in &pupils {
                for command in &owed(turn, school, *pupil, day, watch)?.commands {
                    done.commands += usize::from(settle::settle_system(turn, school, command)?);
                }
                // Asked again: what was just given may owe something later.
                let next = owed(turn, school, *pupil, day, watch)?.next;
                done.next = match (done.next, next) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            Ok(done)
        })?;
        let is_done = done.is_some();
        let Done { commands, next } = done.unwrap_or_default();
        ticked.commands += commands;
        ticked.again_at(next);
        Ok::<_, Refusal>(is_done)
    };
    for pupils in pupils.chunks(clock.batch()) {
        if !give(pupils)? {
            // What cannot be read of one pupil keeps nothing from the others.
            for pupil in pupils {
                give(std::slice::from_ref(pupil))?;
            }
        }
    }
    Ok(())
}

fn owed(turn: &mut Turn<'_>, school: SchoolId, pupil: PersonId, day: NaiveDate, watch: &Watch) -> Result<Due> {
    let roster = turn.roster(school)?;
    let world = ServerWorld::new(&*turn.store, school, turn.now, &roster);
    let due = (watch.owes)(&world, pupil, day);
    world.into_seen()?;
    Ok(due)
}
