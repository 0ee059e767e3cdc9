//! A child's page: its history day by day, newest first, the year's figures, and what staff need beside it.

use super::{
    Source,
    board::judge_actions,
    child_today::{ChildToday, child_today},
    follow_ups::{self, SignalLine},
    frame::Frame,
    stats::{Stats, of_year},
    today_home::own_children,
    values::{Action, ChildDays, DayLine, EndedLine, MarkLine, Page, Person, ReportLine, SaidValidity, at_most},
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        attendance::{PupilDay, board::DayBook, stats::validity_of},
        ids::PersonId,
        names,
        record::{Record, RecordKind},
    },
};
use chrono::{Days, NaiveDate};
use serde::Serialize;

/// How many days are read at a time, how far ahead a report may reach, and how far back there is anything to read.
const STRIDE: u64 = 180;
const AHEAD: u64 = 200;
const FARTHEST: u64 = 366 * 14;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Child {
    pub pupil: Person,
    /// Names of the groups that the child is in today.
    pub groups: Vec<String>,
    /// For an adult at home; none for staff.
    pub today: Option<ChildToday>,
    pub days: ChildDays,
    /// On the first page only.
    pub stats: Option<Stats>,
    /// For staff, on the first page only.
    pub signals: Vec<SignalLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ChildDay {
    pub line: DayLine,
    pub reports: Vec<ReportLine>,
    pub ended: Option<EndedLine>,
    pub marks: Vec<MarkLine>,
    pub explanation: Vec<String>,
    /// The note that went with the explanation, where this person may read it.
    pub explanation_note: Option<String>,
    /// None: nothing of the day was an absence.
    pub validity: Option<SaidValidity>,
    pub check: Option<String>,
    /// For staff: accept or refuse.
    pub actions: Vec<Action>,
}

/// The days before `before`, or all from the latest on.
///
/// # Errors
/// The mirror cannot be read.
pub fn child(
    source: &dyn Source,
    texts: Texts,
    pupil: PersonId,
    before: Option<NaiveDate>,
    limit: u32,
) -> Result<Child, PhoneError> {
    let frame = Frame::new(source, texts);
    let at_home = own_children(&frame).contains(&pupil);
    let first = before.is_none();
    let roster = source.roster();
    let places = roster.pupil(pupil).map(|facts| facts.memberships.as_slice()).unwrap_or_default();
    let mut groups: Vec<String> =
        places.iter().filter(|place| place.dates.contain(frame.today)).map(|place| frame.group(place.group)).collect();
    groups.sort_by_cached_key(|group| names::sort_key(texts.language(), group));
    Ok(Child {
        pupil: frame.pupil(pupil),
        groups,
        today: if at_home && first { Some(child_today(&frame, pupil)?) } else { None },
        days: history(&frame, pupil, before, at_most(limit))?,
        stats: if first { Some(of_year(&frame, pupil, frame.today)?) } else { None },
        signals: if at_home || !first { Vec::new() } else { follow_ups::of_pupil(&frame, pupil)? },
    })
}

fn history(
    frame: &Frame<'_>,
    pupil: PersonId,
    before: Option<NaiveDate>,
    limit: usize,
) -> Result<ChildDays, PhoneError> {
    let started = frame.source.roster().pupil(pupil).and_then(|facts| facts.dates.from);
    let floor = started.unwrap_or(NaiveDate::MIN).max(frame.ago(FARTHEST));
    let latest = frame.ahead(AHEAD);
    let mut to = before.map_or(Some(latest), |before| before.pred_opt()).unwrap_or(floor);
    let mut found: Vec<(NaiveDate, Vec<Record>)> = Vec::new();
    while found.len() <= limit && to >= floor {
        let from = to.checked_sub_days(Days::new(STRIDE)).unwrap_or(floor).max(floor);
        let mut stride: Vec<(NaiveDate, Vec<Record>)> = Vec::new();
        for record in frame.source.of_pupil_between(RecordKind::Attendance, pupil, from, to)? {
            let Some(day) = record.day else { continue };
            match stride.last_mut() {
                Some((last, records)) if *last == day => records.push(record),
                Some(_) | None => stride.push((day, vec![record])),
            }
        }
        found.extend(stride.into_iter().rev());
        let Some(earlier) = from.pred_opt() else { break };
        to = earlier;
    }
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().map(|(day, _)| *day).filter(|_| more);
    let items = found
        .into_iter()
        .map(|(day, records)| child_day(frame, pupil, day, records))
        .collect::<Result<_, PhoneError>>()?;
    Ok(Page { items, next }.into())
}

fn child_day(frame: &Frame<'_>, pupil: PersonId, day: NaiveDate, records: Vec<Record>) -> Result<ChildDay, PhoneError> {
    let book = DayBook::new(frame.source.roster(), day, frame.now, records);
    let empty = frame.empty_day(pupil, day);
    let facts: &PupilDay = book.pupil(pupil).unwrap_or(&empty);
    let mut marks = Vec::new();
    let (mut explanation, mut explanation_note) = (Vec::new(), None);
    for (session, record) in &facts.sessions {
        for mark in &record.marks {
            marks.push(frame.mark_line(*session, mark, None)?);
        }
        for said in &record.explanations {
            explanation.extend(frame.explanation_lines(said));
            if said.has_note {
                explanation_note = frame.note(pupil, day, said.by, said.command)?;
            }
        }
    }
    Ok(ChildDay {
        line: frame.day_line(day, book.whereabouts(pupil), Some(facts)),
        reports: frame.report_lines(facts)?,
        ended: frame.ended_line(facts),
        marks,
        explanation,
        explanation_note,
        validity: validity_of(facts).map(|validity| SaidValidity::new(validity, frame.texts.validity(validity))),
        check: facts.main().is_some_and(|main| main.check).then(|| frame.check_home(pupil)),
        actions: judge_actions(frame, facts),
    })
}
