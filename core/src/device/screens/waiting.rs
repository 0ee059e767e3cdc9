//! What waits for staff until somebody has dealt with it, whatever day it is of: a pupil whom home believes at school, an
//! explanation without an answer, a roll that nobody has called.

use super::{
    Source,
    board::judge_actions,
    desk::{Desk, not_theirs},
    evacuation::class_of,
    frame::Frame,
    roll_call::is_given,
    today_staff::{own_groups, sees_school},
    values::{Action, ExplanationLines, Person, Window},
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        attendance::{
            Attendance, RollTaken, Session,
            board::{DayBook, RollState},
            roll_key, sessions_of,
        },
        command::CommandKind,
        ids::{GroupId, PersonId},
        people::SchoolForm,
        record::{Record, RecordKind},
        world::Fact,
    },
    say,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The most that is looked through. A school with more has stopped answering.
pub(super) const MOST: u32 = 500;
/// How many lines of each kind *today* shows.
pub(super) const LINES: usize = 20;
/// How far back an untaken roll is looked for, in days, where the rule set lets it be called so late.
const ROLLS: u64 = 14;
/// Longer than any holidays, in days.
const BREAK: u64 = 120;

/// A pupil who is missing, and whom home believes at school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AlarmLine {
    pub pupil: Person,
    pub class: String,
    pub day: NaiveDate,
    pub session: Session,
    /// When home said so.
    pub since: DateTime<Utc>,
    pub text: String,
}

/// What home has said of a day, and nobody has answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ExplanationLine {
    pub pupil: Person,
    pub class: String,
    pub day: NaiveDate,
    pub label: String,
    pub explanation: Vec<String>,
    /// The note that went with it.
    pub note: Option<String>,
    /// Accept or refuse.
    pub actions: Vec<Action>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ExplanationList {
    pub heading: String,
    /// In words, where none waits.
    pub empty: Option<String>,
    /// Newest day first.
    pub explanations: ExplanationLines,
}

/// The rolls of a group's day that are due and not closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UntakenLine {
    pub group: GroupId,
    pub name: String,
    pub day: NaiveDate,
    pub sessions: Vec<Session>,
    pub text: String,
}

/// The days that ask something of staff, each with its pupil; newest day first.
pub(super) struct Asking {
    alarms: Vec<(PersonId, NaiveDate)>,
    to_judge: Vec<(PersonId, NaiveDate)>,
}

impl Asking {
    pub fn read(frame: &Frame<'_>) -> Result<Self, PhoneError> {
        let (mut alarms, mut to_judge) = (Vec::new(), Vec::new());
        for Record { pupil, day, body, .. } in frame.source.asking(RecordKind::Attendance, MOST)? {
            let (Some(pupil), Some(day), Ok(attendance)) = (pupil, day, Attendance::try_from(body)) else { continue };
            let at = (pupil, day);
            if attendance.answered.as_ref().is_some_and(|answer| !answer.outcome.settles()) && !alarms.contains(&at) {
                alarms.push(at);
            }
            if attendance.waits_for_judgement() && to_judge.last() != Some(&at) && !to_judge.contains(&at) {
                to_judge.push(at);
            }
        }
        Ok(Self { alarms, to_judge })
    }

    /// For whoever calls the pupil's roll, or is responsible for those who do.
    pub fn alarms(&self, frame: &Frame<'_>) -> Result<Vec<AlarmLine>, PhoneError> {
        let mut lines = Vec::new();
        for (pupil, day) in &self.alarms {
            if frame.capacity_about(CommandKind::MarkSeen, &[*pupil]).is_none() {
                continue;
            }
            let facts = frame.days(*pupil, *day, *day)?;
            let Some((session, answer)) = facts.get(day).and_then(|facts| facts.any_alarm()) else { continue };
            if is_found_since(frame, *pupil, *day)? {
                continue;
            }
            let person = frame.pupil(*pupil);
            let text = frame.alarm_text(&person.name, *day, session, answer);
            lines.push(AlarmLine {
                class: class_of(frame, *pupil),
                pupil: person,
                day: *day,
                session,
                since: answer.at,
                text,
            });
        }
        lines.sort_by_key(|line| (std::cmp::Reverse(line.day), line.since, line.pupil.id));
        Ok(lines)
    }

    /// Those that this person may answer; never of their own child.
    pub fn explanations(&self, frame: &Frame<'_>) -> Vec<(PersonId, NaiveDate)> {
        let mut may: BTreeMap<PersonId, bool> = BTreeMap::new();
        let mut judges = |pupil: PersonId| {
            *may.entry(pupil).or_insert_with(|| {
                let own = frame.source.roster().guardianship(pupil, frame.source.me()).is_some();
                !own && frame.capacity_about(CommandKind::JudgeExplanation, &[pupil]).is_some()
            })
        };
        self.to_judge.iter().copied().filter(|(pupil, _)| judges(*pupil)).collect()
    }
}

/// Whether a pupil who was sought on an earlier day has been seen at school since, or home has been asked again.
pub(super) fn is_found_since(frame: &Frame<'_>, pupil: PersonId, sought: NaiveDate) -> Result<bool, PhoneError> {
    let roster = frame.source.roster();
    let later = || sought.iter_days().skip(1).take_while(|day| *day <= frame.today);
    let Some(next) = later().next() else { return Ok(false) };
    for facts in frame.days(pupil, next, frame.today)?.values() {
        let answered = facts.sessions.values().any(|record| record.answered.is_some());
        if answered || facts.marks().any(|(_, mark)| mark.presence.was_there()) {
            return Ok(true);
        }
    }
    let places = roster.pupil(pupil).map(|facts| facts.memberships.as_slice()).unwrap_or_default();
    for day in later() {
        for place in places.iter().filter(|place| place.dates.contain(day)) {
            for session in sessions_of(roster, place.group, day) {
                let (scope, id) = roll_key(frame.source.school(), place.group, day, session);
                let Fact::Known(record) = frame.source.record(&scope, id)? else { continue };
                if RollTaken::try_from(record.body).is_ok_and(|roll| !roll.absent.contains(&pupil)) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

pub(super) fn explanation_line(
    frame: &Frame<'_>,
    (pupil, day): (PersonId, NaiveDate),
) -> Result<ExplanationLine, PhoneError> {
    let days = frame.days(pupil, day, day)?;
    let empty = frame.empty_day(pupil, day);
    let facts = days.get(&day).unwrap_or(&empty);
    let said = || facts.sessions.values().flat_map(|record| &record.explanations);
    let mut note = None;
    for said in said().filter(|said| said.has_note) {
        note = frame.note(pupil, day, said.by, said.command)?;
    }
    Ok(ExplanationLine {
        pupil: frame.pupil(pupil),
        class: class_of(frame, pupil),
        day,
        label: frame.label(day),
        explanation: said().flat_map(|said| frame.explanation_lines(said)).collect(),
        note,
        actions: judge_actions(frame, facts),
    })
}

/// Every explanation that waits for this person, or for a colleague in the same place. None: this person answers none.
///
/// # Errors
/// The mirror cannot be read.
pub fn explanations(source: &dyn Source, texts: Texts, window: Window) -> Result<Option<ExplanationList>, PhoneError> {
    if not_theirs(source, texts, Desk::Waiting).is_some() {
        return Ok(None);
    }
    let frame = Frame::new(source, texts);
    let waiting = Asking::read(&frame)?.explanations(&frame);
    Ok(Some(ExplanationList {
        heading: frame.heading(frame.today),
        empty: waiting.is_empty().then(|| say!(texts, "explanations-empty")),
        explanations: window.make(&waiting, |at| explanation_line(&frame, *at))?,
    }))
}

/// The untaken rolls of this person's groups, or of the school for whoever sees it: newest day first, by group within it.
/// Of earlier days those that can still be called, since a group of that form first called one: a school that calls no
/// rolls here, or a club that calls none, is not reminded of each.
pub(super) fn untaken(frame: &Frame<'_>, groups: &[GroupId]) -> Result<Vec<UntakenLine>, PhoneError> {
    let records = frame.source.between(RecordKind::RollTaken, frame.ago(ROLLS), frame.today)?;
    let mut by_day: BTreeMap<NaiveDate, Vec<Record>> = BTreeMap::new();
    for record in records {
        if let Some(day) = record.day {
            by_day.entry(day).or_default().push(record);
        }
    }
    let mut begun = forms_of(frame, &called_before(frame)?);
    let mut lines = Vec::new();
    for day in frame.ago(ROLLS).iter_days().take_while(|day| *day <= frame.today) {
        let rolls = by_day.remove(&day).unwrap_or_default();
        begun.extend(forms_of(frame, &rolls));
        let book = DayBook::new(frame.source.roster(), day, frame.now, rolls);
        for group in groups {
            let form = frame.source.roster().group(*group).map(|group| group.form);
            let begun = form.is_some_and(|form| begun.contains(&form));
            if day < frame.today && !(begun && can_be_called(frame, *group, day)) {
                continue;
            }
            let sessions = sessions_of(frame.source.roster(), *group, day);
            let untaken = |session: &Session| book.roll_state(*group, *session) == RollState::Untaken;
            let sessions: Vec<Session> = sessions.into_iter().filter(untaken).collect();
            if !sessions.is_empty() && frame.source.roster().members(*group, day).next().is_some() {
                lines.push(untaken_line(frame, *group, day, sessions));
            }
        }
    }
    // The groups come by name, and so they stay within a day.
    lines.sort_by_key(|line| std::cmp::Reverse(line.day));
    Ok(lines)
}

/// The last rolls before those that are looked through: a first day after the holidays is no beginning.
fn called_before(frame: &Frame<'_>) -> Result<Vec<Record>, PhoneError> {
    let newest = frame.source.newest_day(RecordKind::RollTaken, frame.ago(BREAK), frame.ago(ROLLS + 1))?;
    newest.map_or(Ok(Vec::new()), |day| frame.source.between(RecordKind::RollTaken, day, day))
}

fn forms_of(frame: &Frame<'_>, rolls: &[Record]) -> BTreeSet<SchoolForm> {
    let groups = rolls.iter().filter_map(|record| RollTaken::try_from(record.body.clone()).ok());
    groups.filter_map(|roll| frame.source.roster().group(roll.group).map(|group| group.form)).collect()
}

fn can_be_called(frame: &Frame<'_>, group: GroupId, day: NaiveDate) -> bool {
    let roster = frame.source.roster();
    let rules = roster.group(group).and_then(|group| roster.rules(group.form, day));
    rules.is_some_and(|rules| day >= frame.ago(u64::from(rules.attendance.days_back)))
}

fn untaken_line(frame: &Frame<'_>, group: GroupId, day: NaiveDate, sessions: Vec<Session>) -> UntakenLine {
    let texts = &frame.texts;
    let lessons: Vec<String> = sessions
        .iter()
        .filter_map(|session| match session {
            Session::Day => None,
            Session::Lesson(number) => Some(say!(texts, "session-lesson", number = *number)),
        })
        .collect();
    let (name, label) = (frame.group(group), texts.day(day, frame.today));
    let text = if lessons.is_empty() {
        say!(texts, "untaken-day", group = &name, day = label)
    } else {
        say!(texts, "untaken-lessons", group = &name, day = label, lessons = texts.list(&lessons))
    };
    UntakenLine { group, name, day, sessions, text }
}

/// The groups whose rolls this person answers for: the school's for whoever sees it, or else their own. Whoever is barred
/// from a pupil is not given its group's rolls, and would take each for untaken.
pub(super) fn groups_answered_for(frame: &Frame<'_>) -> Vec<GroupId> {
    if sees_school(frame) {
        return frame.by_name(frame.source.roster().groups().map(|group| group.id).collect());
    }
    own_groups(frame).into_iter().filter(|group| is_given(frame, *group, frame.today)).collect()
}
