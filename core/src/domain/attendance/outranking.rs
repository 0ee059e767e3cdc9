//! What a presence mark leaves of a report: whoever was seen at school was at school (domain.md: *a presence mark
//! outranks a guardian's report*). It must never outrank a report by a mark that says nothing of that time: a pupil who
//! was there at eight may well be at the dentist's at one.

use super::{Extent, Mark, PartOfDay, Presence, Session};
use crate::domain::{rules::TimeSpan, time::local_datetime};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// One day of one pupil, as a clock on the wall: when it is open, and when its lessons are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    pub day: NaiveDate,
    pub tz: Tz,
    pub open: PartOfDay,
    pub lessons: Vec<TimeSpan>,
}

impl Hours {
    /// The time of day at that instant, within the hours; `None`: on another day.
    pub fn moment(&self, at: DateTime<Utc>) -> Option<NaiveTime> {
        let local = local_datetime(self.tz, at);
        let last = self.open.to - TimeDelta::minutes(1);
        (local.date() == self.day).then(|| local.time().max(self.open.from).min(last.max(self.open.from)))
    }

    /// What time of the day a mark or roll speaks of, to put them in order: one of a lesson speaks of that lesson, however
    /// late it was made. A mark made on a later day speaks of the whole day.
    pub fn speaks_of(&self, session: Session, at: DateTime<Utc>) -> (NaiveTime, DateTime<Utc>) {
        let span = self.span(session);
        let moment = self.moment(at).unwrap_or(self.open.to);
        (moment.max(span.from).min(span.to), at)
    }

    /// When a session is.
    pub fn span(&self, session: Session) -> PartOfDay {
        match session {
            Session::Day => self.open,
            Session::Lesson(number) => usize::from(number)
                .checked_sub(1)
                .and_then(|index| self.lessons.get(index))
                .map_or(self.open, |lesson| PartOfDay { from: lesson.from, to: lesson.to }),
        }
    }
}

/// A piece of what was reported, on its way through the marks.
#[derive(Clone, Copy)]
struct Piece {
    part: PartOfDay,
    whole: bool,
}

/// What is left of a piece after one mark, and whether the two contradict each other so that both sides should check.
fn after_mark(piece: Piece, session: Session, mark: &Mark, hours: &Hours) -> (Vec<PartOfDay>, bool) {
    let Piece { part, whole } = piece;
    let kept = (vec![part], false);
    let before = |time: NaiveTime| PartOfDay::new(part.from, part.to.min(time));
    let after = |time: NaiveTime| PartOfDay::new(part.from.max(time), part.to);
    let asks = match mark.presence {
        Presence::Unexplained => return kept,
        Presence::Present => true,
        // Whoever comes back sooner than said from an appointment contradicts nobody.
        Presence::Late { at } => whole || part.from >= at,
        Presence::LeftEarly { .. } => true,
        // Home has been told already.
        Presence::SentHomeSick { .. } => false,
    };
    let lesson = hours.span(session);
    match (session, mark.presence) {
        (_, Presence::Unexplained) => kept,
        (Session::Day, Presence::Present) => match hours.moment(mark.at) {
            Some(moment) if !whole && !part.contains(moment) => kept,
            // A mark made on a later day speaks of the whole day.
            Some(_) | None => (Vec::new(), asks),
        },
        (Session::Day, Presence::Late { at }) if part.contains(at) => (before(at).into_iter().collect(), asks),
        (Session::Day, Presence::LeftEarly { at } | Presence::SentHomeSick { at })
            if part.from < at && at <= part.to =>
        {
            (after(at).into_iter().collect(), asks)
        }
        (Session::Day, Presence::Late { .. } | Presence::LeftEarly { .. } | Presence::SentHomeSick { .. }) => kept,
        (Session::Lesson(_), presence) => {
            let there = match presence {
                Presence::Late { at } => PartOfDay::new(at.max(lesson.from), lesson.to),
                Presence::LeftEarly { at } | Presence::SentHomeSick { at } => {
                    PartOfDay::new(lesson.from, at.min(lesson.to))
                }
                Presence::Present | Presence::Unexplained => Some(lesson),
            };
            match there {
                Some(there) if part.overlaps(&there) => (part.without(&there), asks),
                Some(_) | None => kept,
            }
        }
    }
}

/// What the marks of a day leave of what was told, and whether any of them contradicts it.
pub fn after_marks<'a>(
    told: Option<Extent>,
    marks: impl IntoIterator<Item = (Session, &'a Mark)>,
    hours: &Hours,
) -> (Option<Extent>, bool) {
    let Some(told) = told else { return (None, false) };
    let whole = told.is_whole();
    let before = told.parts(hours.open);
    let (mut left, mut check) = (before.clone(), false);
    for (session, mark) in marks {
        let mut next = Vec::with_capacity(left.len());
        for part in left {
            let (rest, asks) = after_mark(Piece { part, whole }, session, mark, hours);
            next.extend(rest);
            check |= asks;
        }
        left = next;
    }
    if left == before { (Some(told), check) } else { (Extent::of_parts(left), check) }
}
