//! Retention: a record goes when its rule set says that it is no longer needed. What no rule set names stays; the roster's
//! own records are not its business.

use super::{
    attendance::FURTHEST,
    command::CommandKind,
    ids::RecordId,
    people::SchoolForm,
    record::{Record, RecordKind},
    rejection::Rejection,
    roster::Roster,
    rules::RuleSet,
    scope::{Scope, Subject},
    world::{Changes, Fact, World},
};
use chrono::{Datelike, Days, NaiveDate};
use std::sync::Arc;

/// While a rule set of the school cannot be read, nothing of it is erased: it may be the one that keeps longer.
const RULE_SET: &str = "rule_set";

/// The last day of the school year that `day` is in: 31 July.
fn school_year_ends(day: NaiveDate) -> NaiveDate {
    let year = if day.month() >= 8 { day.year() + 1 } else { day.year() };
    NaiveDate::from_ymd_opt(year, 7, 31).unwrap_or(NaiveDate::MAX)
}

/// The first day on which a record may go. `None`: it is kept.
pub fn erased_on(roster: &Roster, record: &Record, today: NaiveDate) -> Option<NaiveDate> {
    let kind = record.body.kind();
    if !kind.ages() || roster.has_unread(RULE_SET) {
        return None;
    }
    let days = kept_days(roster, record, kind, today)?;
    school_year_ends(record.day?).checked_add_days(Days::new(u64::from(days) + 1))
}

/// Records of days before this one may be due, where their kind is kept for so many days: the day after the last school
/// year that ended so long ago.
pub fn due_before(today: NaiveDate, days: u32) -> Option<NaiveDate> {
    let latest = today.checked_sub_days(Days::new(u64::from(days) + 1))?;
    let ends = |year| NaiveDate::from_ymd_opt(year, 7, 31);
    let ended = ends(latest.year()).filter(|end| *end <= latest).or_else(|| ends(latest.year() - 1))?;
    ended.succ_opt()
}

/// No record that is kept can have come from a command that was settled before this day: every day that it could concern
/// is past the longest retention of any rule set. `None`: something is kept for ever, or there are no rules.
pub fn payloads_until(roster: &Roster, today: NaiveDate) -> Option<NaiveDate> {
    if roster.has_unread(RULE_SET) {
        return None;
    }
    let longest = |rules: &Arc<RuleSet>| {
        let each: Option<Vec<u32>> = RecordKind::ageing().map(|kind| rules.retention.days(kind)).collect();
        each?.into_iter().max()
    };
    let each: Option<Vec<u32>> = roster.rule_sets().map(longest).collect();
    due_before(today, each?.into_iter().max()?)?.checked_sub_days(Days::new(FURTHEST.into()))
}

/// What was written before this day and is kept as records of a kind are, is kept nowhere any more: the longest that any
/// rule set keeps that kind, counted as for a record of the day on which it was said. `None`: it is kept for ever, or there
/// are no rules.
pub fn texts_until(roster: &Roster, kind: RecordKind, today: NaiveDate) -> Option<NaiveDate> {
    if roster.has_unread(RULE_SET) {
        return None;
    }
    let each: Option<Vec<u32>> = roster.rule_sets().map(|rules| rules.retention.days(kind)).collect();
    due_before(today, each?.into_iter().max()?)
}

/// The commands in which something is written freely that is kept as records of that kind are: each with its field.
pub fn texts_kept_as(kind: RecordKind) -> Vec<(&'static str, &'static str)> {
    let texts = CommandKind::ALL.iter().filter_map(|command| Some((command.as_str(), command.text()?)));
    texts.filter(|(_, text)| text.kept_as == kind).map(|(command, text)| (command, text.field)).collect()
}

/// How long the kind is kept: as the rule set of the pupil's or group's form says, or, where that is no longer known,
/// the longest of the school's.
fn kept_days(roster: &Roster, record: &Record, kind: RecordKind, today: NaiveDate) -> Option<u32> {
    let group = match record.scope.subject {
        Subject::Group(group) => roster.group(group).map(|group| group.form),
        Subject::School | Subject::Pupil(_) | Subject::Person(_) => None,
    };
    let form: Option<SchoolForm> = record.pupil.and_then(|pupil| roster.pupil(pupil)).map(|facts| facts.form).or(group);
    if let Some(rules) = form.and_then(|form| roster.rules(form, today)) {
        return rules.retention.days(kind);
    }
    let each: Option<Vec<u32>> = roster.rule_sets().map(|rules| rules.retention.days(kind)).collect();
    each?.into_iter().max()
}

/// The clock's `Erase`.
pub(super) fn erase(world: &dyn World, today: NaiveDate, scope: &Scope, id: RecordId) -> Result<Changes, Rejection> {
    let held = match world.record(scope, id) {
        Fact::Known(held) => held,
        Fact::Absent | Fact::Unseen => return Ok(Changes::none()),
    };
    match erased_on(world.roster(), &held, today) {
        Some(day) if day <= today => Ok(Changes { remove: vec![(*scope, id)], ..Changes::none() }),
        Some(_) | None => Err(Rejection::NotDue),
    }
}
