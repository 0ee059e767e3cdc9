//! Signals of repeated or long absence: whom they are for, and what has become of each.

use super::{
    Source,
    desk::{Desk, not_theirs},
    frame::Frame,
    values::{Action, Adds, Does, FollowUpLines, Person, Window},
    waiting::MOST,
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        access::may_about_pupil,
        attendance::{FollowUpSignal, SIGNAL_REMEMBERED},
        command::{Capacity, CommandBody, CommandKind},
        ids::{PersonId, RecordId},
        people::{Assignment, Reach},
        record::{Record, RecordKind},
    },
    say,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;

/// How long one that has been dealt with stays in the list, in days. In the child's history it stays.
const HANDLED: u64 = 14;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SignalLine {
    pub signal: RecordId,
    pub pupil: Person,
    pub day: Option<NaiveDate>,
    pub at: DateTime<Utc>,
    /// The threshold's name in the rule set.
    pub threshold: String,
    pub text: String,
    pub handled: bool,
    /// Who has dealt with it, or taken that back, and their notes; oldest first.
    pub handling: Vec<String>,
    /// Dealt with, or waiting again.
    pub actions: Vec<Action>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FollowUpList {
    pub heading: String,
    /// In words, where none waits.
    pub empty: Option<String>,
    /// Those that wait, newest first; then those that were dealt with in the last two weeks.
    pub signals: FollowUpLines,
}

/// A signal as it is held.
pub(super) struct Held {
    id: RecordId,
    pupil: PersonId,
    day: Option<NaiveDate>,
    signal: FollowUpSignal,
}

impl Held {
    fn of(record: Record) -> Option<Self> {
        let Record { id, pupil, day, body, .. } = record;
        Some(Self { id, pupil: pupil?, day, signal: FollowUpSignal::try_from(body).ok()? })
    }

    fn reaches(&self, frame: &Frame<'_>, assignment: &Assignment) -> bool {
        match assignment.reach {
            Reach::School => true,
            Reach::Group(group) => frame.source.roster().is_member(self.pupil, group, frame.today),
        }
    }

    /// Whether the rule set tells this person of it.
    fn is_mine(&self, frame: &Frame<'_>) -> bool {
        frame.assignments().any(|held| self.signal.tell.contains(&held.role) && self.reaches(frame, held))
    }
}

/// Those that wait for this person, newest first. A signal is forgotten after a year, as the thresholds forget it.
pub(super) fn unhandled(frame: &Frame<'_>) -> Result<Vec<Held>, PhoneError> {
    let records = frame.source.asking(RecordKind::FollowUpSignal, MOST)?;
    let since = frame.ago(SIGNAL_REMEMBERED);
    let mut found: Vec<Held> = records.into_iter().filter_map(Held::of).collect();
    found.retain(|held| held.day.is_some_and(|day| day >= since) && held.is_mine(frame));
    found.sort_by_key(|held| (std::cmp::Reverse(held.signal.at), held.pupil, held.id));
    Ok(found)
}

fn handled(frame: &Frame<'_>) -> Result<Vec<Held>, PhoneError> {
    let records = frame.source.between(RecordKind::FollowUpSignal, frame.ago(SIGNAL_REMEMBERED), frame.today)?;
    let mut found: Vec<Held> = records.into_iter().filter_map(Held::of).collect();
    let since = frame.now.checked_sub_days(Days::new(HANDLED)).unwrap_or(frame.now);
    let newest = |held: &Held| held.signal.handling.last().map(|last| last.at);
    found.retain(|held| held.signal.is_handled() && newest(held).is_some_and(|at| at >= since) && held.is_mine(frame));
    found.sort_by_key(|held| (std::cmp::Reverse(newest(held)), held.id));
    Ok(found)
}

/// Every signal that waits for this person, and those just dealt with. None: it is not for them.
///
/// # Errors
/// The mirror cannot be read.
pub fn follow_ups(source: &dyn Source, texts: Texts, window: Window) -> Result<Option<FollowUpList>, PhoneError> {
    if not_theirs(source, texts, Desk::Waiting).is_some() {
        return Ok(None);
    }
    let frame = Frame::new(source, texts);
    let mut found = unhandled(&frame)?;
    let empty = found.is_empty().then(|| say!(texts, "follow-ups-empty"));
    found.extend(handled(&frame)?);
    let signals = window.make(&found, |held| Ok::<_, PhoneError>(signal_line(&frame, held)))?;
    Ok(Some(FollowUpList { heading: frame.heading(frame.today), empty, signals }))
}

/// A pupil's signals of the last year, newest first: for its page.
pub(super) fn of_pupil(frame: &Frame<'_>, pupil: PersonId) -> Result<Vec<SignalLine>, PhoneError> {
    let since = frame.ago(SIGNAL_REMEMBERED);
    let records = frame.source.of_pupil_between(RecordKind::FollowUpSignal, pupil, since, frame.today)?;
    let mut lines: Vec<SignalLine> =
        records.into_iter().filter_map(Held::of).map(|held| signal_line(frame, &held)).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    Ok(lines)
}

pub(super) fn signal_line(frame: &Frame<'_>, held: &Held) -> SignalLine {
    let (texts, signal) = (&frame.texts, &held.signal);
    let person = frame.pupil(held.pupil);
    let (count, days) = (signal.count, signal.within_days);
    let text = say!(texts, "signal", name = &person.name, threshold = &signal.threshold, count = count, days = days);
    let mut handling = Vec::new();
    for said in &signal.handling {
        let key = if said.handled { "signal-handled" } else { "signal-reopened" };
        handling.push(say!(texts, key, who = frame.staff(said.by), time = frame.moment(said.at)));
        handling.extend(said.note.as_ref().map(|note| texts.quoted(note)));
    }
    SignalLine {
        signal: held.id,
        pupil: person,
        day: held.day,
        at: signal.at,
        threshold: signal.threshold.clone(),
        text,
        handled: signal.is_handled(),
        handling,
        actions: action(frame, held).into_iter().collect(),
    }
}

/// Dealt with, or not after all: in the role that the signal is for.
fn action(frame: &Frame<'_>, held: &Held) -> Option<Action> {
    let (roster, me, pupil) = (frame.source.roster(), frame.source.me(), held.pupil);
    let may = |capacity| may_about_pupil(roster, me, capacity, CommandKind::HandleFollowUp, pupil, frame.today);
    let roles = frame.assignments().filter(|own| held.signal.is_for(own.role));
    let capacity = roles.map(|own| Capacity::Staff(own.role)).find(|capacity| may(*capacity))?;
    let handled = !held.signal.is_handled();
    let body = CommandBody::HandleFollowUp { pupil, signal: held.id, handled, note: None };
    let (does, key) = if handled {
        (Does::HandleFollowUp, "action-handle-follow-up")
    } else {
        (Does::ReopenFollowUp, "action-reopen-follow-up")
    };
    // Not of one's own child: the rules say so.
    let label = frame.texts.text(key, &[]);
    frame.would(capacity, &body).then_some(Action { does, label, capacity, body, adds: Some(Adds::Note) })
}
