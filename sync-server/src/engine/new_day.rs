//! A new day at a school: facts that begin or end on it, birthdays, and how far the sequence had come.
//!
//! Dates are compared with the last day that was begun, so that days on which the server was down are made up for.

use super::{
    directory,
    refusal::Refusal,
    settle, subscriptions,
    tick::{Clockwork, Ticked, meta_key},
    turn::Turn,
};
use crate::store::Result;
use chrono::{Days, NaiveDate};
use skolebro_core::domain::{
    access::majority,
    command::{Capacity, Command, CommandBody, CommandKind, system_command_id},
    ids::{PersonId, SchoolId},
    people::{Dates, Enrolment},
    roster::{Roster, RosterEntry},
    time::midnight_after,
};
use std::collections::BTreeMap;

/// The last day that was begun.
const DAY: &str = "day";
/// Where the sequence stood when each day began, as JSON.
const HEADS: &str = "heads";

/// Notes on a school's first roster that its facts are as of today.
pub(super) fn note(turn: &mut Turn<'_>, school: SchoolId) -> Result<()> {
    let key = meta_key(DAY, school);
    if turn.store.meta(&key)?.is_none() {
        let today = turn.today(school)?;
        turn.store.put_meta(&key, &today.to_string())?;
    }
    Ok(())
}

#[derive(Clone, Default)]
struct Begun {
    facts: Vec<RosterEntry>,
    of_age: Vec<PersonId>,
}

/// Whether all of it could be done.
pub(super) fn begin(clock: &Clockwork<'_>, ticked: &mut Ticked) -> Result<bool, Refusal> {
    let school = clock.school;
    let begun = clock.write(move |turn| {
        let (today, roster) = (turn.today(school)?, turn.roster(school)?);
        let last = last_day(turn, school)?;
        Ok(if last == Some(today) { Begun::default() } else { edges(&roster, last, today) })
    })?;
    let Some(begun) = begun else { return Ok(false) };
    let mut is_whole = true;
    for facts in begun.facts.chunks(clock.batch()) {
        if !renewed(clock, facts)? {
            // One of them spoils the batch; the others are not to wait for it.
            for fact in facts {
                is_whole &= renewed(clock, std::slice::from_ref(fact))?;
            }
        }
    }
    for pupils in begun.of_age.chunks(clock.batch()) {
        let pupils = pupils.to_vec();
        let done = clock.write(move |turn| {
            let mut done = 0;
            for pupil in &pupils {
                let command = Command {
                    id: system_command_id(CommandKind::ReachMajority, &[&school, pupil]),
                    school,
                    capacity: Capacity::System,
                    device_time: turn.now,
                    depends_on: None,
                    body: CommandBody::ReachMajority { pupil: *pupil },
                };
                done += usize::from(settle::settle_system(turn, school, &command)?);
            }
            Ok(done)
        })?;
        is_whole &= done.is_some();
        ticked.commands += done.unwrap_or_default();
    }
    Ok(is_whole)
}

/// Writes what follows from facts that begin or end, in one transaction; whether that could be done.
fn renewed(clock: &Clockwork<'_>, facts: &[RosterEntry]) -> Result<bool, Refusal> {
    let (school, facts) = (clock.school, facts.to_vec());
    let done = clock.write(move |turn| {
        let (roster, today) = (turn.roster(school)?, turn.today(school)?);
        directory::project(turn, school, directory::touched(&[&*roster], &facts, today))?;
        subscriptions::renew(turn, school, subscriptions::touched(&[&*roster], &facts, today)).map(|_| ())
    })?;
    Ok(done.is_some())
}

/// After everything else of the day: the next tick finds it begun.
pub(super) fn finish(clock: &Clockwork<'_>, ticked: &mut Ticked) -> Result<(), Refusal> {
    let school = clock.school;
    let midnight = clock.write(move |turn| {
        let today = turn.today(school)?;
        if last_day(turn, school)? != Some(today) {
            turn.store.put_meta(&meta_key(DAY, school), &today.to_string())?;
        }
        let mut heads = heads(turn, school)?;
        if !heads.contains_key(&today) {
            let kept = u64::from(turn.shared.config.limits.gone_days) + 31;
            let oldest = today.checked_sub_days(Days::new(kept)).unwrap_or(today);
            heads.retain(|day, _| *day >= oldest);
            heads.insert(today, turn.school(school)?.head.seq);
            let json = serde_json::to_string(&heads).unwrap_or_default();
            turn.store.put_meta(&meta_key(HEADS, school), &json)?;
        }
        Ok(midnight_after(turn.roster(school)?.time_zone(), today))
    })?;
    ticked.again_at(midnight);
    Ok(())
}

/// None: never, or unreadable, which is the same.
pub(super) fn last_day(turn: &Turn<'_>, school: SchoolId) -> Result<Option<NaiveDate>> {
    Ok(turn.store.meta(&meta_key(DAY, school))?.and_then(|day| day.parse().ok()))
}

/// Where the sequence stood at the first tick of each day.
pub(super) fn heads(turn: &Turn<'_>, school: SchoolId) -> Result<BTreeMap<NaiveDate, u64>> {
    let stored = turn.store.meta(&meta_key(HEADS, school))?;
    Ok(stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

/// The facts that began after `last` and until `today`, or ended from `last` on and before `today`; and who came of age.
fn edges(roster: &Roster, last: Option<NaiveDate>, today: NaiveDate) -> Begun {
    let last = last.unwrap_or(NaiveDate::MIN);
    let new = |day: NaiveDate| last < day && day <= today;
    let edge =
        |dates: Dates| dates.from.is_some_and(new) || dates.until.and_then(|until| until.succ_opt()).is_some_and(new);
    let mut begun = Begun::default();
    for (pupil, facts) in roster.pupils() {
        let enrolment = Enrolment { pupil, form: facts.form, dates: facts.dates };
        let of_age = roster.birth_date(pupil).map(majority).is_some_and(new);
        if of_age {
            begun.of_age.push(pupil);
        }
        if of_age || edge(facts.dates) {
            begun.facts.push(enrolment.into());
        }
        begun.facts.extend(facts.memberships.iter().filter(|m| edge(m.dates)).map(|m| RosterEntry::from(*m)));
        let held = roster.guardianships(pupil).iter().filter(|g| edge(g.dates));
        begun.facts.extend(held.cloned().map(RosterEntry::from));
        let delegated = roster.delegations(pupil).iter().filter(|d| edge(d.dates));
        begun.facts.extend(delegated.cloned().map(RosterEntry::from));
        let consents = roster.consents(pupil).iter().filter(|c| edge(c.dates));
        begun.facts.extend(consents.copied().map(RosterEntry::from));
    }
    for person in roster.adults() {
        let held = roster.assignments(person).iter().filter(|a| edge(a.dates));
        begun.facts.extend(held.copied().map(RosterEntry::from));
    }
    // In one order, whatever the roster's maps give: a simulation must repeat exactly.
    begun.facts.sort_by_cached_key(RosterEntry::key);
    begun.of_age.sort_unstable();
    begun
}
