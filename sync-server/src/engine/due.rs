//! What attendance owes by the clock: notices and calls during the day, follow-up once it is over. Which they are is
//! decided by core ([`attendance::due`]); this finds for whom it is worth asking, outside the writer: it looks at a whole
//! day every few seconds, and mostly nothing is owed.

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
    attendance::{self, due::Due},
    ids::{PersonId, SchoolId},
    record::RecordKind,
    time::{local_date, midnight_after},
    world::World,
};
use std::collections::BTreeSet;

/// The last day whose follow-up is done, and where the sequence stood then.
const FOLLOWED: &str = "followed";
/// Days that are made up for after the server was down.
const MADE_UP: u64 = 14;

#[derive(Clone, Default)]
struct Done {
    commands: usize,
    next: Option<DateTime<Utc>>,
}

/// Whoever is missing today without anybody having said why.
pub(super) fn missing(clock: &Clockwork<'_>, ticked: &mut Ticked) -> Result<(), Refusal> {
    let school = clock.school;
    let missing = clock.read(|reading, roster| {
        let today = local_date(roster.time_zone(), clock.now);
        let rows = reading.rows_of_day(school, RecordKind::Attendance, today)?;
        let may_owe = rows.iter().filter(|row| row.body.as_deref().is_some_and(attendance::due::may_be_missing));
        let pupils: BTreeSet<PersonId> = may_owe.filter_map(|row| row.pupil).collect();
        Ok((today, pupils.into_iter().collect::<Vec<_>>()))
    });
    let Some((today, pupils)) = missing else { return Ok(()) };
    give(clock, ticked, today, &pupils, attendance::due::missing)
}

/// Whoever was absent on a day that is over, or whose absence was told of or judged since the last time.
pub(super) fn follow_up(clock: &Clockwork<'_>, ticked: &mut Ticked) -> Result<(), Refusal> {
    let school = clock.school;
    let days = clock.read(|reading, roster| {
        let today = local_date(roster.time_zone(), clock.now);
        let followed = followed(reading, school)?.map(|(day, _)| day);
        let oldest = today.checked_sub_days(Days::new(MADE_UP)).unwrap_or(today);
        let first = match followed {
            // A day that has not been yet was followed up by a clock that was wrong: what is done twice changes nothing.
            Some(followed) if followed > today => oldest,
            Some(followed) => followed.succ_opt().unwrap_or(today).max(oldest),
            None => today,
        };
        Ok(first.iter_days().take_while(|day| *day <= today).collect::<Vec<_>>())
    });
    for day in days.unwrap_or_default() {
        let found = clock.read(|reading, roster| {
            let pupils = candidates(reading, school, day)?;
            let world = ServerWorld::new(reading, school, clock.now, roster);
            let over = |pupil: &PersonId| attendance::due::counted_at(&world, *pupil, day);
            let last = pupils.iter().map(over).max();
            let whole_day = midnight_after(roster.time_zone(), day);
            Ok((pupils, Some(last.unwrap_or(whole_day)).filter(|over| *over > clock.now)))
        });
        let Some((pupils, not_yet)) = found else { return Ok(()) };
        if not_yet.is_some() {
            ticked.again_at(not_yet);
            break;
        }
        give(clock, ticked, day, &pupils, attendance::due::follow_up)?;
        clock.write(move |turn| {
            let head = turn.school(school)?.head.seq;
            turn.store.put_meta(&meta_key(FOLLOWED, school), &format!("{day} {head}"))
        })?;
    }
    Ok(())
}

/// None: never, or unreadable, which is the same.
fn followed(reading: &dyn Reading, school: SchoolId) -> Result<Option<(NaiveDate, u64)>> {
    let stored = reading.meta(&meta_key(FOLLOWED, school))?;
    Ok(stored.and_then(|text| {
        let (day, seq) = text.split_once(' ')?;
        Some((day.parse().ok()?, seq.parse().ok()?))
    }))
}

fn candidates(reading: &dyn Reading, school: SchoolId, day: NaiveDate) -> Result<Vec<PersonId>> {
    let rows = reading.rows_of_day(school, RecordKind::Attendance, day)?;
    let mut pupils: BTreeSet<PersonId> = rows.iter().filter_map(|row| row.pupil).collect();
    if let Some((_, since)) = followed(reading, school)? {
        let head = reading.head(school)?.seq;
        reading.rows_by_sequence(school, since, head, &mut |row| {
            if row.kind == RecordKind::Attendance {
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
    owes: fn(&dyn World, PersonId, NaiveDate) -> Due,
) -> Result<(), Refusal> {
    let school = clock.school;
    for pupils in pupils.chunks(clock.batch()) {
        let pupils = pupils.to_vec();
        let done = clock.write(move |turn| {
            let mut done = Done::default();
            for pupil in &pupils {
                for command in &owed(turn, school, *pupil, day, owes)?.commands {
                    done.commands += usize::from(settle::settle_system(turn, school, command)?);
                }
                // Asked again: what was just given may owe something later.
                let next = owed(turn, school, *pupil, day, owes)?.next;
                done.next = match (done.next, next) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            Ok(done)
        })?;
        let Done { commands, next } = done.unwrap_or_default();
        ticked.commands += commands;
        ticked.again_at(next);
    }
    Ok(())
}

fn owed(
    turn: &mut Turn<'_>,
    school: SchoolId,
    pupil: PersonId,
    day: NaiveDate,
    owes: fn(&dyn World, PersonId, NaiveDate) -> Due,
) -> Result<Due> {
    let roster = turn.roster(school)?;
    let world = ServerWorld::new(&*turn.store, school, turn.now, &roster);
    let due = owes(&world, pupil, day);
    world.into_seen()?;
    Ok(due)
}
