//! The roll of one group, day and session: pupils in name order, what was reported of each, and the buttons.

use super::{
    Source,
    frame::Frame,
    rows::{PupilRow, by_name, pupil_row, session_text},
    values::{Action, Does, Figure, SaidRoll},
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        attendance::{
            Mark, Presence, PupilDay, Session,
            board::{Counts, DayBook, RollState},
            roll_closed_key, roll_key, sessions_of,
        },
        command::{Capacity, CommandBody, RollMark},
        ids::{GroupId, PersonId},
        record::{Record, RecordKind},
        time::local_datetime,
        world::Fact,
    },
    say,
};
use chrono::{NaiveDate, NaiveTime, TimeDelta, Timelike};
use serde::Serialize;

/// A mark older than this is not asked about taking back: the rule set gives a minute.
const UNDO_AT_MOST: TimeDelta = TimeDelta::minutes(15);

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RollCall {
    pub group: GroupId,
    pub name: String,
    pub day: NaiveDate,
    pub session: Session,
    pub heading: String,
    /// Which lesson, where the roll is called by lesson.
    pub session_text: Option<String>,
    /// The rolls that this group's day has.
    pub sessions: Vec<Session>,
    /// In words, where the group's day has no such roll; then there is nothing else to show.
    pub no_such: Option<String>,
    pub roll: SaidRoll,
    pub figures: Vec<Figure>,
    pub rows: Vec<RollRow>,
    pub close: Option<Action>,
    /// To be sent at once when this is shown.
    pub seen: Vec<Action>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RollRow {
    #[serde(flatten)]
    pub row: PupilRow,
    /// The mark of this roll.
    pub mark: Option<Presence>,
    pub undo: Option<Action>,
    /// The other marks. Times are now, within the school day; a shell may ask for another.
    pub marks: Vec<Action>,
}

/// The roll of `session`, or of the one that is now.
///
/// # Errors
/// The mirror cannot be read.
pub fn roll_call(
    source: &dyn Source,
    texts: Texts,
    group: GroupId,
    day: NaiveDate,
    session: Option<Session>,
) -> Result<RollCall, PhoneError> {
    let frame = Frame::new(source, texts);
    let book = DayBook::new(source.roster(), day, frame.now, group_records(&frame, group, day)?);
    let sessions = sessions_of(source.roster(), group, day);
    let no_such = session.filter(|session| source.roster().group(group).is_some() && !sessions.contains(session));
    let no_such = no_such.map(|_| no_such_roll(&frame, group, &sessions));
    let session = session.unwrap_or_else(|| book.session_now(group));
    let mut board = book.board(group, session);
    if no_such.is_some() {
        board.rows.clear();
        board.counts = Counts::default();
        board.roll = RollState::NoRoll;
    }
    let buttons = Buttons::new(&frame, group, day, session, board.rows.first().map(|row| row.pupil));
    let unseen: Vec<PersonId> = board.rows.iter().filter(|row| row.unseen).map(|row| row.pupil).collect();
    let mut rows = Vec::with_capacity(board.rows.len());
    for row in by_name(&frame, board.rows) {
        let held = book.pupil(row.pupil).and_then(|facts| facts.sessions.get(&session)?.mark_of(group));
        let mark = held.map(|mark| mark.presence);
        // Whoever was missed, and has been explained since, can be missed again.
        let still = |held: &Mark| book.pupil(row.pupil).is_some_and(|facts| facts.is_missing(session, held));
        let says = held.filter(|held| held.presence != Presence::Unexplained || still(held)).map(|held| held.presence);
        let young = held.is_some_and(|mark| (frame.now - mark.at).abs() <= UNDO_AT_MOST);
        rows.push(RollRow {
            row: pupil_row(&frame, &book, day, &row)?,
            mark,
            undo: if young { buttons.undo(row.pupil) } else { None },
            marks: buttons.marks(row.pupil, says),
        });
    }
    Ok(RollCall {
        group,
        name: frame.group(group),
        day,
        session,
        heading: frame.heading(day),
        session_text: session_text(&frame, session),
        sessions,
        no_such,
        figures: super::today_staff::shown(frame.counts(&board.counts)),
        rows,
        close: buttons.close(board.roll),
        roll: frame.roll(board.roll),
        seen: frame.mark_seen(&unseen, day),
    })
}

/// Which rolls there are instead.
fn no_such_roll(frame: &Frame<'_>, group: GroupId, sessions: &[Session]) -> String {
    if sessions.is_empty() {
        return say!(frame.texts, "roll-none");
    }
    let lessons = sessions.iter().filter_map(|session| match session {
        Session::Day => None,
        Session::Lesson(number) => Some(*number),
    });
    let group = frame.group(group);
    match (lessons.clone().min(), lessons.max()) {
        (Some(first), Some(last)) => {
            say!(frame.texts, "roll-no-such-lesson", group = group, first = first, last = last)
        }
        (None, _) | (_, None) => say!(frame.texts, "roll-no-lessons", group = group),
    }
}

/// Whether this phone is given a group's rolls. Whoever is barred from a pupil of it is not.
pub(super) fn is_given(frame: &Frame<'_>, group: GroupId, day: NaiveDate) -> bool {
    let (scope, id) = roll_key(frame.source.school(), group, day, Session::Day);
    !matches!(frame.source.record(&scope, id), Ok(Fact::Unseen) | Err(_))
}

/// The records of one group's day: by pupil for a class, so that a phone that holds a whole school reads only thirty.
pub(super) fn group_records(frame: &Frame<'_>, group: GroupId, day: NaiveDate) -> Result<Vec<Record>, PhoneError> {
    let source = frame.source;
    let mut records = Vec::new();
    for session in sessions_of(source.roster(), group, day) {
        let (scope, id) = roll_key(source.school(), group, day, session);
        records.extend(source.record(&scope, id)?.known());
        // Whoever is not given the roll is told that it was closed.
        let (scope, id) = roll_closed_key(source.school(), group, day, session);
        records.extend(source.record(&scope, id)?.known());
    }
    for pupil in source.roster().members(group, day) {
        records.extend(source.of_pupil_between(RecordKind::Attendance, pupil, day, day)?);
    }
    Ok(records)
}

struct Buttons<'a> {
    frame: &'a Frame<'a>,
    group: GroupId,
    day: NaiveDate,
    session: Session,
    /// As whom this person may mark; none: the roll is not open to them.
    capacity: Option<Capacity>,
    now: NaiveTime,
}

impl<'a> Buttons<'a> {
    fn new(frame: &'a Frame<'a>, group: GroupId, day: NaiveDate, session: Session, anybody: Option<PersonId>) -> Self {
        let mut buttons = Self { frame, group, day, session, capacity: None, now: NaiveTime::MIN };
        if let Some(pupil) = anybody {
            buttons.now = buttons.time(&frame.empty_day(pupil, day));
            buttons.capacity = frame.capacity_for(group, &buttons.mark(pupil, Presence::Unexplained));
        }
        buttons
    }

    /// Now, within the school day.
    fn time(&self, facts: &PupilDay) -> NaiveTime {
        let rules = facts.rules.as_ref().map(|rules| (rules.attendance.day_starts, rules.attendance.day_ends));
        let (starts, ends) = rules.unwrap_or((facts.hours.open.from, facts.hours.open.to));
        let now = local_datetime(self.frame.tz, self.frame.now).time();
        let now = now.with_second(0).and_then(|time| time.with_nanosecond(0)).unwrap_or(now);
        now.clamp(starts, ends.max(starts))
    }

    fn mark(&self, pupil: PersonId, presence: Presence) -> CommandBody {
        let (group, day, session) = (self.group, self.day, self.session);
        CommandBody::MarkRoll { group, day, session, marks: vec![RollMark { pupil, presence }] }
    }

    fn action(&self, does: Does, label: String, body: CommandBody) -> Option<Action> {
        Some(Action { does, label, capacity: self.capacity?, body, adds: None })
    }

    fn marks(&self, pupil: PersonId, held: Option<Presence>) -> Vec<Action> {
        let (texts, at) = (&self.frame.texts, self.now);
        let choices = [
            (Presence::Present, "mark-present"),
            (Presence::Late { at }, "mark-late"),
            (Presence::Unexplained, "mark-absent"),
            (Presence::LeftEarly { at }, "mark-left-early"),
            (Presence::SentHomeSick { at }, "mark-sent-home"),
        ];
        let other = choices.into_iter().filter(|(presence, _)| {
            held.is_none_or(|held| std::mem::discriminant(&held) != std::mem::discriminant(presence))
        });
        let label = |key: &str| texts.text(key, &[]);
        other.filter_map(|(presence, key)| self.action(Does::Mark, label(key), self.mark(pupil, presence))).collect()
    }

    fn undo(&self, pupil: PersonId) -> Option<Action> {
        let (group, day, session) = (self.group, self.day, self.session);
        let body = CommandBody::UndoMark { group, day, session, pupil };
        let would = self.capacity.is_some_and(|capacity| self.frame.would(capacity, &body));
        would.then(|| self.action(Does::UndoMark, say!(self.frame.texts, "action-undo"), body)).flatten()
    }

    fn close(&self, roll: RollState) -> Option<Action> {
        match roll {
            RollState::NoRoll | RollState::Taken { .. } => None,
            RollState::Open | RollState::Untaken => {
                let (group, day, session) = (self.group, self.day, self.session);
                let body = CommandBody::CloseRoll { group, day, session };
                // Whoever is barred from a pupil of the group is not given its roll: that one is not theirs to close.
                let given = is_given(self.frame, group, day);
                let would = given && self.capacity.is_some_and(|capacity| self.frame.would(capacity, &body));
                would.then(|| self.action(Does::CloseRoll, say!(self.frame.texts, "action-close-roll"), body)).flatten()
            }
        }
    }
}
