//! What became of what was asked for: spans are clipped to the days in session and parts to the hours of the day, and what
//! is said in the evening is of the next day. A receipt says what was taken, not what was typed.

use super::frame::Frame;
use crate::{
    device::PhoneError,
    domain::{
        attendance::{Attendance, Ended, Extent},
        command::{Command, CommandBody},
        ids::PersonId,
        record::RecordKind,
    },
};
use chrono::{DateTime, Days, NaiveDate, Utc};

/// How far from where it was said an end or a longer absence may have taken effect, in calendar days.
const AROUND: u64 = 200;

/// The command, with the days and the part of them that the records here say it has taken. Where they say nothing (it was
/// refused, or changed nothing), as it was asked for.
pub(super) fn as_taken(
    frame: &Frame<'_>,
    command: &Command,
    said_at: DateTime<Utc>,
) -> Result<CommandBody, PhoneError> {
    let said_on = said_at.with_timezone(&frame.tz).date_naive();
    let around = |day: NaiveDate| day.checked_add_days(Days::new(AROUND)).unwrap_or(day);
    let mut body = command.body.clone();
    if let CommandBody::ReportAbsence { pupils, from, to, part, .. } = &mut body {
        let mut extents: Vec<Extent> = Vec::new();
        let mut span: Option<(NaiveDate, NaiveDate)> = None;
        for pupil in pupils.iter() {
            for (day, found) in attendance(frame, *pupil, *from, *to)? {
                let own = found.reports.iter().filter(|report| report.command == command.id);
                for report in own {
                    span = Some(span.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
                    if !extents.contains(&report.extent) {
                        extents.push(report.extent.clone());
                    }
                }
            }
        }
        if let Some(span) = span {
            (*from, *to) = span;
        }
        // Of days or children that differ, what was asked for says it best.
        match extents.as_slice() {
            [Extent::Whole] => *part = None,
            [Extent::Parts(parts)] => *part = parts.first().copied(),
            [] | [_, _, ..] => {}
        }
    } else if let CommandBody::ExtendAbsence { pupil, to } = &mut body {
        let days = attendance(frame, *pupil, said_on, *to)?.into_iter();
        let own = days.filter(|(_, found)| found.reports.iter().any(|report| report.command == command.id));
        *to = own.map(|(day, _)| day).max().unwrap_or(*to);
    } else if let CommandBody::EndAbsence { pupil, back_on, back_at } = &mut body {
        let days = attendance(frame, *pupil, *back_on, around(*back_on))?.into_iter();
        let ends: Vec<(NaiveDate, Ended)> = days.filter_map(|(day, found)| Some((day, found.ended?))).collect();
        let own = ends.iter().filter(|(_, end)| end.command == command.id).min_by_key(|(day, _)| *day);
        // Where a later end has taken the first of its days, those that are left are not what was said.
        let overtaken = |first: NaiveDate, at| ends.iter().any(|(day, end)| *day < first && end.at >= at);
        if let Some((day, end)) = own
            && !overtaken(*day, end.at)
        {
            (*back_on, *back_at) = (*day, end.back_at);
        }
    } else if let CommandBody::WithdrawAbsence { pupil, from, to } = &mut body {
        let days = attendance(frame, *pupil, *from, *to)?.into_iter();
        let own = days.filter(|(_, found)| found.ended.as_ref().is_some_and(|end| end.command == command.id));
        let own: Vec<NaiveDate> = own.map(|(day, _)| day).collect();
        if let (Some(first), Some(last)) = (own.iter().min(), own.iter().max()) {
            (*from, *to) = (*first, *last);
        }
    }
    // What all others say is taken as it stands, or not at all.
    Ok(body)
}

fn attendance(
    frame: &Frame<'_>,
    pupil: PersonId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(NaiveDate, Attendance)>, PhoneError> {
    let records = frame.source.of_pupil_between(RecordKind::Attendance, pupil, from, to)?;
    Ok(records.into_iter().filter_map(|record| Some((record.day?, Attendance::try_from(record.body).ok()?))).collect())
}
