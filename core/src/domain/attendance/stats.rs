//! A child's absence in figures, for its guardians and for follow-up: days, occasions, kinds, validity, late arrivals.
//!
//! Days are days in session with any absence on them. Whoever was marked missing without a word from home counts as
//! absent without validity until somebody explains and staff accept it.

use super::{AbsenceKind, Presence, PupilDay, Validity, session::previous_in_session, session::pupil_in_session};
use crate::domain::{ids::PersonId, roster::Roster, rules::Measure, world::World};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why a pupil was away, as far as anybody has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Cause {
    Sick,
    Appointment,
    Other,
    Leave,
    Unexplained,
}

impl From<AbsenceKind> for Cause {
    fn from(kind: AbsenceKind) -> Self {
        match kind {
            AbsenceKind::Sick => Cause::Sick,
            AbsenceKind::Appointment => Cause::Appointment,
            AbsenceKind::Other => Cause::Other,
        }
    }
}

/// A day in session with any absence on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceDay {
    pub day: NaiveDate,
    pub cause: Cause,
    pub validity: Validity,
    pub whole: bool,
    /// The day in session before it has absence too: it is the same occasion.
    pub continues: bool,
}

/// The figures of a span, both days inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Statistics {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub days_in_session: u16,
    /// Days with any absence.
    pub days: u16,
    /// Of these, whole ones.
    pub whole_days: u16,
    /// Separate absences, however long each.
    pub occasions: u16,
    /// The longest unbroken run of days in session.
    pub longest_run: u16,
    pub late_arrivals: u16,
    pub by_cause: BTreeMap<Cause, u16>,
    pub by_validity: BTreeMap<Validity, u16>,
}

/// The longest span that days in session are counted over: a pupil's whole time at school.
const LONGEST_SPAN: usize = 366 * 20;

/// What a pupil's day counts as; `None`: there the whole day, as far as anybody knows.
fn absence_on(day: &PupilDay) -> Option<(Cause, Validity, bool)> {
    let main = day.main();
    if main.is_some_and(|main| main.on_leave) {
        return Some((Cause::Leave, Validity::Valid, true));
    }
    let reported = main.and_then(|main| {
        let extent = main.extent.as_ref()?;
        Some((main.kind.map_or(Cause::Other, Cause::from), main.validity, extent.is_whole()))
    });
    let missed = day.sessions.values().filter(|record| day.unexplained(record.session).is_some()).map(|record| {
        let whole = record.session == super::Session::Day;
        match record.explanations.last().filter(|_| day.unanswered(record.session).is_none()) {
            Some(explanation) => (Cause::from(explanation.kind), record.validity, whole),
            None => (Cause::Unexplained, Validity::Invalid, whole),
        }
    });
    reported.into_iter().chain(missed).reduce(|first, next| (first.0, worse(first.1, next.1), first.2 || next.2))
}

/// How valid the absence of a day is, as it is counted; `None`: there was none. Of a day and of a year the same is told.
pub fn validity_of(day: &PupilDay) -> Option<Validity> {
    absence_on(day).map(|(_, validity, _)| validity)
}

/// A day is as valid as the least valid thing on it.
fn worse(a: Validity, b: Validity) -> Validity {
    match (a, b) {
        (Validity::Invalid, _) | (_, Validity::Invalid) => Validity::Invalid,
        (Validity::Unjudged, _) | (_, Validity::Unjudged) => Validity::Unjudged,
        (Validity::Valid, Validity::Valid) => Validity::Valid,
    }
}

/// The absence days among a pupil's days, in order.
pub fn absence_days(roster: &Roster, pupil: PersonId, days: &BTreeMap<NaiveDate, PupilDay>) -> Vec<AbsenceDay> {
    let mut found: Vec<AbsenceDay> = Vec::new();
    for (day, facts) in days {
        let Some((cause, validity, whole)) = absence_on(facts) else { continue };
        if !pupil_in_session(roster, pupil, *day) {
            continue;
        }
        let last = found.last().map(|last| last.day);
        let continues = last.is_some() && previous_in_session(roster, pupil, *day) == last;
        found.push(AbsenceDay { day: *day, cause, validity, whole, continues });
    }
    found
}

/// The late arrivals of a day: a mark of each roll that says so, also where the pupil left again later.
fn late_arrivals(day: &PupilDay) -> usize {
    let late = |presence: Presence| match presence {
        Presence::Late { .. } => true,
        Presence::Present | Presence::Unexplained | Presence::LeftEarly { .. } | Presence::SentHomeSick { .. } => false,
    };
    let came_late = |(_, mark): &(super::Session, &super::Mark)| match mark.presence {
        Presence::LeftEarly { .. } | Presence::SentHomeSick { .. } => {
            mark.previous.as_ref().is_some_and(|previous| late(previous.presence))
        }
        Presence::Present | Presence::Late { .. } | Presence::Unexplained => late(mark.presence),
    };
    day.marks().filter(came_late).count()
}

/// What a threshold counts, among the absence days of a window, both ends inclusive.
pub fn measured(measure: Measure, absences: &[AbsenceDay], from: NaiveDate, to: NaiveDate) -> u16 {
    let window = || absences.iter().filter(|absence| from <= absence.day && absence.day <= to);
    let count = match measure {
        Measure::Days => window().count(),
        Measure::InvalidDays => window().filter(|absence| absence.validity == Validity::Invalid).count(),
        Measure::Occasions => {
            window().enumerate().filter(|(number, absence)| *number == 0 || !absence.continues).count()
        }
        Measure::ConsecutiveDays => longest_run(window()),
    };
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn longest_run<'a>(absences: impl Iterator<Item = &'a AbsenceDay>) -> usize {
    let (mut longest, mut run) = (0, 0);
    for absence in absences {
        run = if absence.continues { run + 1 } else { 1 };
        longest = longest.max(run);
    }
    longest
}

/// The figures of a span.
pub fn statistics(world: &dyn World, pupil: PersonId, from: NaiveDate, to: NaiveDate) -> Statistics {
    of_days(world.roster(), pupil, from, to, &PupilDay::load_span(world, pupil, from, to))
}

/// The same, from days that are at hand.
pub fn of_days(
    roster: &Roster,
    pupil: PersonId,
    from: NaiveDate,
    to: NaiveDate,
    days: &BTreeMap<NaiveDate, PupilDay>,
) -> Statistics {
    let absences = absence_days(roster, pupil, days);
    let number = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    let (mut by_cause, mut by_validity) = (BTreeMap::new(), BTreeMap::new());
    for absence in &absences {
        *by_cause.entry(absence.cause).or_default() += 1;
        *by_validity.entry(absence.validity).or_default() += 1;
    }
    let span = from.iter_days().take(LONGEST_SPAN).take_while(|day| *day <= to);
    Statistics {
        from,
        to,
        days_in_session: number(span.filter(|day| pupil_in_session(roster, pupil, *day)).count()),
        days: measured(Measure::Days, &absences, from, to),
        whole_days: number(absences.iter().filter(|absence| absence.whole).count()),
        occasions: measured(Measure::Occasions, &absences, from, to),
        longest_run: measured(Measure::ConsecutiveDays, &absences, from, to),
        late_arrivals: number(days.values().map(late_arrivals).sum()),
        by_cause,
        by_validity,
    }
}
