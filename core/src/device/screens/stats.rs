//! A child's school year in figures, by the rules' own count.

use super::{
    Source,
    frame::Frame,
    values::{Figure, Person},
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        attendance::{
            AbsenceKind, Validity,
            stats::{Cause, Statistics, of_days},
        },
        calendar::school_year_of,
        ids::PersonId,
    },
    say,
};
use chrono::{Days, NaiveDate};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Stats {
    pub pupil: Person,
    /// `2026/27`.
    pub school_year: String,
    /// *Läsåret 2026/27, till och med i dag*.
    pub heading: String,
    /// *12 av 68 skoldagar*.
    pub summary: String,
    pub figures: Vec<Figure>,
    /// The days away by cause, under a heading; they add up to the days of the summary.
    pub by_cause_heading: String,
    pub by_cause: Vec<Figure>,
    /// The same days by what the school makes of them. What nobody has explained is not valid.
    pub by_validity_heading: String,
    pub by_validity: Vec<Figure>,
    pub numbers: Statistics,
}

/// The school year that `day` is in, up to today.
///
/// # Errors
/// The mirror cannot be read.
pub fn stats(source: &dyn Source, texts: Texts, pupil: PersonId, day: NaiveDate) -> Result<Stats, PhoneError> {
    of_year(&Frame::new(source, texts), pupil, day)
}

pub(super) fn of_year(frame: &Frame<'_>, pupil: PersonId, day: NaiveDate) -> Result<Stats, PhoneError> {
    let texts = &frame.texts;
    let from = frame.school_year_start(day);
    let last = frame.school_year_start(from.checked_add_days(Days::new(400)).unwrap_or(from)).pred_opt();
    let to = frame.today.min(last.unwrap_or(frame.today)).max(from);
    let days = frame.days(pupil, from, to)?;
    let numbers = of_days(frame.source.roster(), pupil, from, to, &days);
    let figure = |what: &str, number: u16, key| Figure {
        what: what.to_owned(),
        number: number.into(),
        text: say!(texts, key, count = number),
    };
    let school_year = school_year_of(day);
    let until = texts.day(to, frame.today);
    Ok(Stats {
        heading: say!(texts, "stats-heading", year = &school_year, day = until),
        summary: say!(texts, "stats-summary", count = numbers.days, total = numbers.days_in_session),
        figures: vec![
            figure("whole_days", numbers.whole_days, "stats-whole-days"),
            figure("occasions", numbers.occasions, "stats-occasions"),
            figure("longest_run", numbers.longest_run, "stats-longest-run"),
            figure("late_arrivals", numbers.late_arrivals, "stats-late"),
        ],
        by_cause_heading: say!(texts, "stats-by-cause"),
        by_validity_heading: say!(texts, "stats-by-validity"),
        by_cause: numbers.by_cause.iter().map(|(cause, number)| cause_figure(frame, *cause, *number)).collect(),
        by_validity: numbers
            .by_validity
            .iter()
            .map(|(validity, number)| {
                let what = match validity {
                    Validity::Unjudged => "unjudged",
                    Validity::Valid => "valid",
                    Validity::Invalid => "invalid",
                };
                Figure { what: what.to_owned(), number: (*number).into(), text: texts.validity(*validity) }
            })
            .collect(),
        pupil: frame.pupil(pupil),
        school_year,
        numbers,
    })
}

fn cause_figure(frame: &Frame<'_>, cause: Cause, number: u16) -> Figure {
    let texts = &frame.texts;
    let (what, text) = match cause {
        Cause::Sick => ("sick", texts.absence_kind(AbsenceKind::Sick)),
        Cause::Appointment => ("appointment", texts.absence_kind(AbsenceKind::Appointment)),
        Cause::Other => ("other", texts.absence_kind(AbsenceKind::Other)),
        Cause::Leave => ("leave", say!(texts, "status-on-leave")),
        Cause::Unexplained => ("unexplained", say!(texts, "cause-unexplained")),
    };
    Figure { what: what.to_owned(), number: number.into(), text }
}
