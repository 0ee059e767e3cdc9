//! A new day at a school: facts that begin or end on it, birthdays, and how far the sequence had come.
//!
//! Dates are compared with the last day that was begun, so that days on which the server was down are made up for. A last
//! day that has not been yet was begun by a clock that was wrong: then everything is made anew.

use super::{
    directory, rebuild,
    refusal::Refusal,
    renewal, settle, subscriptions,
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
/// The last day until which it was looked who came of age.
const OF_AGE: &str = "of_age";
/// Where the sequence stood when each day began, as JSON.
const HEADS: &str = "heads";

/// Notes on a school's first roster that its facts are as of today.
pub(super) fn note(turn: &mut Turn<'_>, school: SchoolId) -> Result<()> {
    let key = meta_key(DAY, school);
    if turn.store.meta(&key)?.is_none() {
        let today = turn.today(school)?;
        turn.store.put_meta(&key, &today.to_string())?;
        renewal::note(turn, school)?;
    }
    Ok(())
}

#[derive(Clone, Default)]
struct Begun {
    /// The last day that was begun is still to come.
    is_ahead: bool,
    facts: Vec<RosterEntry>,
    of_age: Vec<PersonId>,
}

/// Whether all of it could be done.
pub(super) fn begin(clock: &Clockwork<'_>, ticked: &mut Ticked) -> Result<bool, Refusal> {
    let school = clock.school;
    let may_destroy = clock.may_destroy;
    let begun = clock.write(move |turn| {
        let (today, roster) = (turn.today(school)?, turn.roster(school)?);
        let last = last_day(turn, school)?;
        let facts = if last == Some(today) { Vec::new() } else { edges(&roster, last, today) };
        let of_age = if may_destroy { of_age(turn, school, &roster, last, today)? } else { Vec::new() };
        let key = meta_key(OF_AGE, school);
        if let Some(last) = last.filter(|last| *last < today && !may_destroy)
            && turn.store.meta(&key)?.is_none()
        {
            // The days go on meanwhile; those who come of age on them are not forgotten.
            turn.store.put_meta(&key, &last.to_string())?;
        }
        Ok(Begun { is_ahead: last.is_some_and(|last| last > today), facts, of_age })
    })?;
    let Some(begun) = begun else { return Ok(false) };
    if begun.is_ahead {
        tracing::warn!(%school, "a day was begun that has not been yet; cards and rights are made anew from the roster");
        rebuild::school(clock)?;
    }
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
    if may_destroy && is_whole {
        clock.write(move |turn| {
            let (key, today) = (meta_key(OF_AGE, school), turn.today(school)?.to_string());
            if turn.store.meta(&key)?.as_deref() == Some(today.as_str()) {
                return Ok(());
            }
            turn.store.put_meta(&key, &today)
        })?;
    }
    Ok(is_whole)
}

/// Who came of age since that was last looked at; a day that is still to come was not looked at.
fn of_age(
    turn: &Turn<'_>,
    school: SchoolId,
    roster: &Roster,
    last: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Vec<PersonId>> {
    let looked = turn.store.meta(&meta_key(OF_AGE, school))?.and_then(|day| day.parse::<NaiveDate>().ok());
    let since = looked.or(last).filter(|day| *day <= today).unwrap_or(NaiveDate::MIN);
    if since == today {
        return Ok(Vec::new());
    }
    let came =
        |pupil: &PersonId| roster.birth_date(*pupil).map(majority).is_some_and(|day| since < day && day <= today);
    let mut of_age: Vec<PersonId> = roster.pupils().map(|(pupil, _)| pupil).filter(came).collect();
    of_age.sort_unstable();
    Ok(of_age)
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

/// After everything else of the day: the next tick finds it begun. Gives whether it was new.
pub(super) fn finish(clock: &Clockwork<'_>, ticked: &mut Ticked) -> Result<bool, Refusal> {
    let school = clock.school;
    let finished = clock.write(move |turn| {
        let today = turn.today(school)?;
        let is_new = last_day(turn, school)? != Some(today);
        if is_new {
            turn.store.put_meta(&meta_key(DAY, school), &today.to_string())?;
        }
        let mut heads = heads(turn, school)?;
        if !heads.contains_key(&today) {
            let kept = u64::from(turn.shared.config.limits.gone_days) + 31;
            let oldest = today.checked_sub_days(Days::new(kept)).unwrap_or(today);
            heads.retain(|day, _| (oldest..today).contains(day));
            heads.insert(today, turn.school(school)?.head.seq);
            let json = serde_json::to_string(&heads).unwrap_or_default();
            turn.store.put_meta(&meta_key(HEADS, school), &json)?;
        }
        Ok((midnight_after(turn.roster(school)?.time_zone(), today), is_new))
    })?;
    let (midnight, is_new) = finished.unzip();
    ticked.again_at(midnight);
    Ok(is_new.unwrap_or(false))
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

/// The facts that began after `last` and until `today`, or ended from `last` on and before `today`; enrolments also of who
/// came of age.
fn edges(roster: &Roster, last: Option<NaiveDate>, today: NaiveDate) -> Vec<RosterEntry> {
    let last = last.unwrap_or(NaiveDate::MIN);
    let new = |day: NaiveDate| last < day && day <= today;
    let edge =
        |dates: Dates| dates.from.is_some_and(new) || dates.until.and_then(|until| until.succ_opt()).is_some_and(new);
    let mut facts = Vec::new();
    for (pupil, of_pupil) in roster.pupils() {
        let enrolment = Enrolment { pupil, form: of_pupil.form, dates: of_pupil.dates };
        let of_age = roster.birth_date(pupil).map(majority).is_some_and(new);
        if of_age || edge(of_pupil.dates) {
            facts.push(enrolment.into());
        }
        facts.extend(of_pupil.memberships.iter().filter(|m| edge(m.dates)).map(|m| RosterEntry::from(*m)));
        let held = roster.guardianships(pupil).iter().filter(|g| edge(g.dates));
        facts.extend(held.cloned().map(RosterEntry::from));
        let delegated = roster.delegations(pupil).iter().filter(|d| edge(d.dates));
        facts.extend(delegated.cloned().map(RosterEntry::from));
        let consents = roster.consents(pupil).iter().filter(|c| edge(c.dates));
        facts.extend(consents.copied().map(RosterEntry::from));
    }
    for person in roster.adults() {
        let held = roster.assignments(person).iter().filter(|a| edge(a.dates));
        facts.extend(held.copied().map(RosterEntry::from));
    }
    // In one order, whatever the roster's maps give: a simulation must repeat exactly.
    facts.sort_by_cached_key(RosterEntry::key);
    facts
}
