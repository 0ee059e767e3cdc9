//! Follow-up: repeated or long absence, valid or not, past the rule set's thresholds, is told to those whom the rule set
//! names. Once, until it has fallen below and risen again; and it waits until somebody has dealt with it.

use super::{
    FollowUpSignal, Handling, PupilDay,
    about::{About, record, text},
    signal_key, signal_scope,
    stats::{AbsenceDay, absence_days, measured},
};
use crate::domain::{
    command::Capacity,
    ids::{PersonId, RecordId},
    record::RecordKind,
    rejection::Rejection,
    rules::Threshold,
    time::instant,
    world::{Changes, Fact, World},
};
use chrono::{DateTime, Days, NaiveDate, Utc};

/// How long an earlier signal is remembered, in calendar days.
pub const REMEMBERED: u64 = 366;
/// The newest words on one signal that are kept.
const HANDLING_KEPT: usize = 20;

/// A threshold that is passed on a day, and by how much.
pub(super) struct Passed {
    pub threshold: Threshold,
    pub count: u16,
    /// Somebody has been told, and it has not fallen below since.
    pub told: bool,
}

fn window_from(day: NaiveDate, threshold: &Threshold) -> NaiveDate {
    let back = Days::new(u64::from(threshold.within_days.saturating_sub(1)));
    day.checked_sub_days(back).unwrap_or(day)
}

/// The thresholds that a pupil's absence passes on a day.
pub(super) fn passed(world: &dyn World, pupil: PersonId, day: NaiveDate) -> Vec<Passed> {
    let roster = world.roster();
    let Some(rules) = PupilDay::empty(roster, pupil, day).rules else { return Vec::new() };
    let thresholds = &rules.attendance.thresholds;
    let Some(longest) = thresholds.iter().map(|threshold| u64::from(threshold.within_days)).max() else {
        return Vec::new();
    };
    let from = day.checked_sub_days(Days::new(REMEMBERED + longest)).unwrap_or(day);
    let absences = absence_days(roster, pupil, &PupilDay::load_span(world, pupil, from, day));
    let since = day.checked_sub_days(Days::new(REMEMBERED)).unwrap_or(day);
    let signals: Vec<(NaiveDate, FollowUpSignal)> = world
        .pupil_records(RecordKind::FollowUpSignal, pupil, since, day)
        .into_iter()
        .filter_map(|held| Some((held.day?, FollowUpSignal::try_from(held.body).ok()?)))
        .collect();
    let over = thresholds.iter().filter_map(|threshold| {
        let count = measured(threshold.measure, &absences, window_from(day, threshold), day);
        (count > 0 && count >= threshold.count).then(|| {
            let last = signals.iter().filter(|(_, s)| s.threshold == threshold.name).map(|(day, _)| *day).max();
            let told = last.is_some_and(|last| never_below(threshold, &absences, last, day));
            Passed { threshold: threshold.clone(), count, told }
        })
    });
    over.collect()
}

/// Whether the count has stood at the threshold on every day since it was told.
fn never_below(threshold: &Threshold, absences: &[AbsenceDay], told: NaiveDate, day: NaiveDate) -> bool {
    let since = told.iter_days().skip(1).take_while(|between| *between <= day);
    let count = |on: NaiveDate| measured(threshold.measure, absences, window_from(on, threshold), on);
    since.map(count).all(|count| count >= threshold.count)
}

/// When a day's absence is counted: once it is over, so that a late arrival in the morning is no signal.
pub(super) fn counted_at(world: &dyn World, pupil: PersonId, day: NaiveDate) -> DateTime<Utc> {
    let facts = PupilDay::empty(world.roster(), pupil, day);
    instant(facts.hours.tz, day, facts.hours.open.to)
}

impl About<'_> {
    pub fn follow_up(&self, pupil: PersonId, day: NaiveDate) -> Result<Changes, Rejection> {
        if counted_at(self.world, pupil, day) > self.now {
            return Err(Rejection::NotDue);
        }
        let passed = passed(self.world, pupil, day);
        if passed.is_empty() {
            return Err(Rejection::NotDue);
        }
        let mut changes = Changes::none();
        for Passed { threshold, count, .. } in passed.into_iter().filter(|passed| !passed.told) {
            let key = signal_key(self.school(), pupil, &threshold.name, day);
            let Threshold { name, within_days, tell, .. } = threshold;
            let (at, handling) = (self.now, Vec::new());
            let signal = FollowUpSignal { threshold: name, count, within_days, tell, at, handling };
            changes.put.push(record(key, Some(pupil), day, signal));
        }
        Ok(changes)
    }

    /// Somebody whom it was told to has dealt with a signal, or takes that back. By time: what waited for a network does
    /// not overrule what a colleague has said meanwhile.
    pub fn handle(
        &self,
        pupil: PersonId,
        signal: RecordId,
        handled: bool,
        note: Option<&String>,
    ) -> Result<Changes, Rejection> {
        let note = text(note)?;
        let place = (signal_scope(pupil), signal);
        let (day, mut held) = match self.world.record(&place.0, signal) {
            Fact::Known(record) => match (record.day, FollowUpSignal::try_from(record.body)) {
                (Some(day), Ok(held)) => (day, held),
                (_, Ok(_) | Err(_)) => return Err(Rejection::NotYours),
            },
            Fact::Absent => return Err(Rejection::NotYours),
            // A phone that does not hold it leaves it to the server to know.
            Fact::Unseen => return Ok(Changes::none()),
        };
        if let Capacity::Staff(role) = self.command.capacity
            && !held.is_for(role)
        {
            return Err(Rejection::NotYours);
        }
        let (command, by, at) = (self.command.id, self.person()?, self.filed_at);
        let is_said = held.handling.iter().any(|said| said.command == command);
        if is_said || (held.is_handled() == handled && note.is_none()) {
            return Ok(Changes::none());
        }
        held.handling.push(Handling { command, handled, by, at, note });
        held.handling.sort_by_key(|said| (said.at, said.command));
        if held.handling.len() > HANDLING_KEPT {
            held.handling.remove(0);
        }
        Ok(Changes { put: vec![record(place, Some(pupil), day, held)], ..Changes::none() })
    }
}
