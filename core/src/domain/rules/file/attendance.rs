//! The `[rule_set.attendance]` table.

use super::{A_YEAR, span, span_in_order};
use crate::domain::{
    people::Role,
    rules::{AttendanceRules, Measure, RollBy, Threshold, TimeSpan},
    toml_file::{Mistakes, Problem, Section},
};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// How long before the day starts a cutoff can be meant.
const EARLIEST_CUTOFF: TimeDelta = TimeDelta::hours(3);

pub(super) fn attendance(mut section: Section<'_>, mistakes: &mut Mistakes) -> Option<AttendanceRules> {
    let lesson_tables = section.sections("lesson", mistakes);
    let lessons: Vec<TimeSpan> = lesson_tables.iter().filter_map(|table| span(table, mistakes)).collect();
    let mut names = BTreeSet::new();
    let mut thresholds = Vec::new();
    for mut table in section.sections("threshold", mistakes) {
        let Some(read) = threshold(&mut table, mistakes) else { continue };
        if !names.insert(read.name.clone()) {
            table.mistake("name", Problem::Twice { what: format!("{:?}", read.name) }, mistakes);
        }
        thresholds.push(read);
    }
    let read = section.read::<AttendanceRules>(&["lessons", "thresholds"], mistakes)?;
    for (key, number, range) in [
        ("days_ahead", read.days_ahead, 1..=A_YEAR),
        ("days_back", read.days_back, 0..=A_YEAR),
        ("longest_run", read.longest_run, 1..=A_YEAR),
        ("roll_due_minutes", read.roll_due_minutes, 1..=600),
        ("undo_seconds", read.undo_seconds, 1..=3600),
        ("notice_read_minutes", read.notice_read_minutes, 1..=600),
        ("warn_minutes_before_cutoff", read.warn_minutes_before_cutoff, 1..=600),
    ] {
        section.within(key, number, range, mistakes);
    }
    let day = TimeSpan { from: read.day_starts, to: read.day_ends };
    let day = span_in_order(day, "day_ends", &section, mistakes);
    let cutoff = read.cutoff;
    if let Some(day) = day
        && (cutoff > day.to || (cutoff < day.from && day.from - cutoff > EARLIEST_CUTOFF))
    {
        section.mistake("cutoff", Problem::CutoffOutsideDay { cutoff, starts: day.from, ends: day.to }, mistakes);
    }
    if lessons.len() == lesson_tables.len() {
        check_lessons(&lessons, &lesson_tables, day, mistakes);
    }
    if read.roll == RollBy::Lesson && lesson_tables.is_empty() {
        section.mistake("roll", Problem::NoLessons, mistakes);
    }
    Some(AttendanceRules { lessons, thresholds, ..read })
}

fn check_lessons(lessons: &[TimeSpan], tables: &[Section<'_>], day: Option<TimeSpan>, mistakes: &mut Mistakes) {
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

fn threshold(section: &mut Section<'_>, mistakes: &mut Mistakes) -> Option<Threshold> {
    // By itself: on its way to a phone a role that is unknown is passed over, and here it is a mistake.
    let tell = section.need::<Vec<Role>>("tell", mistakes);
    let read = section.read::<Threshold>(&["tell"], mistakes)?;
    section.within("count", read.count, 1..=A_YEAR, mistakes);
    section.within("within_days", read.within_days, 1..=A_YEAR, mistakes);
    let per_day = match read.measure {
        // Lessons of one day can be separate absences.
        Measure::Occasions => false,
        Measure::Days | Measure::ConsecutiveDays | Measure::InvalidDays => true,
    };
    if per_day && read.count > read.within_days {
        let problem = Problem::NeverReached { count: read.count, within_days: read.within_days };
        section.mistake("count", problem, mistakes);
    }
    Some(Threshold { tell: tell?, ..read })
}
