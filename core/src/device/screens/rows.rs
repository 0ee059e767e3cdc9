//! A pupil's row, as a roll and a board show it.

use super::{
    frame::Frame,
    values::{EndedLine, MarkLine, Person, ReportLine, SaidStatus},
    waiting::is_found_since,
};
use crate::{
    device::PhoneError,
    domain::{
        attendance::{
            Session, Status, Told,
            board::{DayBook, Row},
        },
        ids::PersonId,
        names,
    },
    say,
};
use chrono::NaiveDate;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PupilRow {
    pub pupil: Person,
    pub status: SaidStatus,
    /// The absence in force where the status does not say it.
    pub absence: Option<String>,
    pub reports: Vec<ReportLine>,
    /// Well again or withdrawn: who said so.
    pub ended: Option<EndedLine>,
    pub marks: Vec<MarkLine>,
    /// What home said of an unexplained absence, and what staff answered.
    pub explanation: Vec<String>,
    /// Home believes the pupil at school, and it is missing: before all else.
    pub alarm: Option<String>,
    /// School and home contradict each other.
    pub check: Option<String>,
    /// Nobody at school has seen a report of it.
    pub unseen: bool,
    pub to_judge: bool,
}

/// The row without its buttons.
pub(super) fn pupil_row(
    frame: &Frame<'_>,
    book: &DayBook<'_>,
    day: NaiveDate,
    row: &Row,
) -> Result<PupilRow, PhoneError> {
    let facts = book.pupil(row.pupil);
    let person = frame.pupil(row.pupil);
    let line = frame.day_line(day, row.status.clone(), facts);
    let mut marks = Vec::new();
    let mut explanation = Vec::new();
    for (session, record) in facts.into_iter().flat_map(|facts| &facts.sessions) {
        for mark in &record.marks {
            marks.push(frame.mark_line(*session, mark, None)?);
        }
        explanation.extend(record.explanations.iter().flat_map(|said| frame.explanation_lines(said)));
    }
    let sought = facts.and_then(|facts| facts.any_alarm());
    let alarm = match sought {
        Some((session, answer)) if !is_found_since(frame, row.pupil, day)? => {
            Some(frame.alarm_text(&person.name, day, session, answer))
        }
        Some(_) | None => None,
    };
    Ok(PupilRow {
        status: line.status,
        absence: line.absence,
        reports: facts.map(|facts| frame.report_lines(facts)).transpose()?.unwrap_or_default(),
        ended: facts.and_then(|facts| frame.ended_line(facts)),
        marks,
        explanation,
        alarm,
        check: row.check.then(|| say!(frame.texts, "check-staff", child = &person.name)),
        unseen: row.unseen,
        to_judge: row.to_judge,
        pupil: person,
    })
}

/// In name order.
pub(super) fn by_name(frame: &Frame<'_>, mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_cached_key(|row| (name_key(frame, row.pupil), row.pupil));
    rows
}

/// What asks for somebody first: sought, missing, contradicting, waiting for an answer, unseen, away; then the rest. By name
/// within each.
pub(super) fn by_urgency(frame: &Frame<'_>, mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_cached_key(|row| (urgency(row), name_key(frame, row.pupil), row.pupil));
    rows
}

fn name_key(frame: &Frame<'_>, pupil: PersonId) -> Vec<u8> {
    names::sort_key(frame.texts.language(), &frame.pupil(pupil).name)
}

/// Whether the row says anything that an empty day would not.
pub(super) fn stands_out(row: &Row) -> bool {
    urgency(row) < 10
}

fn urgency(row: &Row) -> u8 {
    match &row.status {
        _ if row.alarm => 0,
        Status::Unexplained { told: Told::Nothing } => 1,
        _ if row.check => 2,
        _ if row.to_judge => 3,
        _ if row.unseen => 4,
        Status::Reported { .. } => 5,
        Status::Unexplained { told: Told::Waiting | Told::Accepted | Told::Refused } => 6,
        Status::LeftEarly { .. } | Status::SentHome { .. } => 7,
        Status::OnLeave => 8,
        Status::Late { .. } | Status::Back { .. } => 9,
        Status::Expected | Status::Present if row.extent.is_some() => 9,
        Status::Expected | Status::Present | Status::NotInSession => 10,
    }
}

/// *Lektion 3*; nothing for the day.
pub(super) fn session_text(frame: &Frame<'_>, session: Session) -> Option<String> {
    match session {
        Session::Day => None,
        Session::Lesson(number) => Some(frame.texts.sentence(&say!(frame.texts, "session-lesson", number = number))),
    }
}
