//! The `[rule_set.attendance]` table.

use super::{A_YEAR, span, span_in_order};
use crate::domain::{
    people::Role,
    rules::{AttendanceRules, Measure, Reporting, RollBy, Threshold, TimeSpan},
    toml_file::{Mistakes, Problem, Section, list, text, time, whole, word},
};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// How long before the day starts a cutoff can be meant.
const EARLIEST_CUTOFF: TimeDelta = TimeDelta::hours(3);

pub(super) fn attendance(section: &Section<'_, '_>, mistakes: &mut Mistakes) -> Option<AttendanceRules> {
    let cutoff = section.need("cutoff", time, mistakes);
    let day_starts = section.need("day_starts", time, mistakes);
    let day_ends = section.need("day_ends", time, mistakes);
    let reporting = section.need("reporting", word(&[Reporting::Daily, Reporting::MultiDay]), mistakes);
    let days_ahead = section.need("days_ahead", whole(1..=A_YEAR), mistakes);
    let days_back = section.need("days_back", whole(0..=A_YEAR), mistakes);
    let longest_run = section.need("longest_run", whole(1..=A_YEAR), mistakes);
    let roll = section.need("roll", word(&[RollBy::Day, RollBy::Lesson]), mistakes);
    let lesson_tables = section.tables("lesson", mistakes);
    let roll_due_minutes = section.need("roll_due_minutes", whole(1..=600), mistakes);
    let undo_seconds = section.may("undo_seconds", whole(1..=3600), mistakes);
    let notice_read_minutes = section.need("notice_read_minutes", whole(1..=600), mistakes);
    let warn_minutes_before_cutoff = section.need("warn_minutes_before_cutoff", whole(1..=600), mistakes);
    let threshold_tables = section.tables("threshold", mistakes);
    section.done(mistakes);

    let day = match (day_starts, day_ends) {
        (Some(from), Some(to)) => span_in_order(TimeSpan { from, to }, "day_ends", section, mistakes),
        _ => None,
    };
    if let (Some(cutoff), Some(day)) = (cutoff, day)
        && (cutoff > day.to || (cutoff < day.from && day.from - cutoff > EARLIEST_CUTOFF))
    {
        section.mistake("cutoff", Problem::CutoffOutsideDay { cutoff, starts: day.from, ends: day.to }, mistakes);
    }
    let lessons: Vec<TimeSpan> = lesson_tables.iter().filter_map(|table| span(table, mistakes)).collect();
    if lessons.len() == lesson_tables.len() {
        check_lessons(&lessons, &lesson_tables, day, mistakes);
    }
    if roll == Some(RollBy::Lesson) && lesson_tables.is_empty() {
        section.mistake("roll", Problem::NoLessons, mistakes);
    }
    let mut names = BTreeSet::new();
    let mut thresholds = Vec::new();
    for table in &threshold_tables {
        if let Some(read) = threshold(table, mistakes) {
            if !names.insert(read.name.clone()) {
                table.mistake("name", Problem::Twice { what: format!("{:?}", read.name) }, mistakes);
            }
            thresholds.push(read);
        }
    }
    Some(AttendanceRules {
        cutoff: cutoff?,
        day_starts: day_starts?,
        day_ends: day_ends?,
        reporting: reporting?,
        days_ahead: days_ahead?,
        days_back: days_back?,
        longest_run: longest_run?,
        roll: roll?,
        lessons,
        roll_due_minutes: roll_due_minutes?,
        undo_seconds: undo_seconds.unwrap_or(60),
        notice_read_minutes: notice_read_minutes?,
        warn_minutes_before_cutoff: warn_minutes_before_cutoff?,
        thresholds,
    })
}

fn check_lessons(lessons: &[TimeSpan], tables: &[Section<'_, '_>], day: Option<TimeSpan>, mistakes: &mut Mistakes) {
    for (index, (lesson, table)) in lessons.iter().zip(tables).enumerate() {
        let number = index + 1;
        if day.is_some_and(|day| lesson.from < day.from || lesson.to > day.to) {
            table.mistake("", Problem::LessonOutsideDay { number }, mistakes);
        }
        let Some(before) = index.checked_sub(1).and_then(|before| lessons.get(before)) else { continue };
        if lesson.overlaps(before) {
            table.mistake("from", Problem::LessonsOverlap { number }, mistakes);
        } else if lesson.from < before.from {
            table.mistake("from", Problem::LessonsOutOfOrder { number }, mistakes);
        }
    }
}

fn threshold(section: &Section<'_, '_>, mistakes: &mut Mistakes) -> Option<Threshold> {
    const MEASURES: [Measure; 4] = [Measure::Occasions, Measure::Days, Measure::ConsecutiveDays, Measure::InvalidDays];
    let name = section.need("name", text, mistakes);
    let measure = section.need("measure", word(&MEASURES), mistakes);
    let count = section.need("count", whole(1..=A_YEAR), mistakes);
    let within_days = section.need("within_days", whole(1..=A_YEAR), mistakes);
    let tell = section.need("tell", list(word(Role::ALL)), mistakes);
    section.done(mistakes);
    let (count, within_days) = (count?, within_days?);
    let per_day = match measure? {
        // Lessons of one day can be separate absences.
        Measure::Occasions => false,
        Measure::Days | Measure::ConsecutiveDays | Measure::InvalidDays => true,
    };
    if per_day && count > within_days {
        section.mistake("count", Problem::NeverReached { count, within_days }, mistakes);
    }
    Some(Threshold { name: name?, measure: measure?, count, within_days, tell: tell? })
}
