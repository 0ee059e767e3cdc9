//! *Today* for staff: their own groups, what waits for them, and, for an office or a principal, the school in one line.

use super::{
    Source,
    frame::Frame,
    today_home::Mail,
    values::{Figure, Person, SaidRoll},
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        attendance::{
            CallListEntry, FollowUpSignal, Session,
            board::{Counts, DayBook},
        },
        ids::{GroupId, RecordId, SchoolId},
        names,
        people::Reach,
        record::{Record, RecordKind},
        scope::{Circle, Scope, Topic},
        world::Fact,
    },
    say,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// How long a signal stays on *today*, in days. In the child's history it stays.
const SIGNALS: u64 = 14;
/// How far back an open call is looked for, in days.
pub(super) const CALLS: u64 = 7;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct StaffToday {
    pub school: SchoolId,
    pub school_name: String,
    pub day: NaiveDate,
    pub heading: String,
    /// Nothing has come from the school yet.
    pub waiting: Option<String>,
    /// The groups of this person's own assignments, by name.
    pub groups: Vec<GroupToday>,
    /// Absence that somebody in this person's role is to look at.
    pub signals: Vec<SignalLine>,
    pub mail: Mail,
    /// For whoever sees the whole school.
    pub office: Option<OfficeToday>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct GroupToday {
    pub group: GroupId,
    pub name: String,
    pub session: Session,
    pub roll: SaidRoll,
    pub figures: Vec<Figure>,
    /// Pupils with a report that nobody at school has seen.
    pub unseen: u32,
    pub unseen_text: Option<String>,
    /// Explanations that wait for an answer.
    pub to_judge: u32,
    pub to_judge_text: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SignalLine {
    pub pupil: Person,
    pub day: Option<NaiveDate>,
    pub at: DateTime<Utc>,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct OfficeToday {
    pub figures: Vec<Figure>,
    /// Homes to telephone.
    pub calls: u32,
    pub calls_text: String,
    pub rolls_untaken: u32,
    pub rolls_text: String,
    pub inside: u32,
    pub uncertain: u32,
    pub inside_text: String,
}

/// # Errors
/// The mirror cannot be read.
pub fn staff_today(source: &dyn Source, texts: Texts) -> Result<StaffToday, PhoneError> {
    let frame = Frame::new(source, texts);
    let records = frame.day_records(frame.today)?;
    let book = DayBook::new(source.roster(), frame.today, frame.now, records);
    let school = source.roster().school();
    Ok(StaffToday {
        school: source.school(),
        school_name: school.map(|school| school.name.clone()).unwrap_or_default(),
        day: frame.today,
        heading: frame.heading(frame.today),
        waiting: (!source.is_known()).then(|| say!(texts, "waiting-for-school")),
        groups: own_groups(&frame).into_iter().map(|group| group_today(&frame, &book, group)).collect(),
        signals: signals(&frame)?,
        mail: frame.mail()?,
        office: office(&frame, &book)?,
    })
}

/// The groups that this person has an assignment for today, by name.
pub(super) fn own_groups(frame: &Frame<'_>) -> Vec<GroupId> {
    let mut groups: Vec<GroupId> = frame
        .assignments()
        .filter_map(|assignment| match assignment.reach {
            Reach::Group(group) => Some(group),
            Reach::School => None,
        })
        .collect();
    groups.sort_by_cached_key(|group| (names::sort_key(frame.texts.language(), &frame.group(*group)), *group));
    groups.dedup();
    groups
}

/// Whether this person sees the whole school: the call list and the evacuation list are theirs. By what the school has
/// given, not by this phone's own reading of the table: whoever is barred from a pupil there is not given it, for a list
/// that leaves a child out is worse than none, and no phone is told of a bar.
pub(super) fn sees_school(frame: &Frame<'_>) -> bool {
    let place = Scope::school(Topic::Attendance, Circle::Staff);
    match frame.source.record(&place, RecordId::derive(&[&"anything"])) {
        Ok(Fact::Known(_) | Fact::Absent) => true,
        Ok(Fact::Unseen) | Err(_) => false,
    }
}

pub(super) fn group_today(frame: &Frame<'_>, book: &DayBook<'_>, group: GroupId) -> GroupToday {
    let session = book.session_now(group);
    let board = book.board(group, session);
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let unseen = number(board.rows.iter().filter(|row| row.unseen).count());
    let to_judge = number(board.rows.iter().filter(|row| row.to_judge).count());
    GroupToday {
        group,
        name: frame.group(group),
        session,
        roll: frame.roll(board.roll),
        figures: shown(frame.counts(&board.counts)),
        unseen,
        unseen_text: (unseen > 0).then(|| say!(frame.texts, "board-unseen", count = unseen)),
        to_judge,
        to_judge_text: (to_judge > 0).then(|| say!(frame.texts, "board-to-judge", count = to_judge)),
    }
}

/// What is worth a place: *expected* always, the rest where it is not nought.
pub(super) fn shown(figures: Vec<Figure>) -> Vec<Figure> {
    figures.into_iter().filter(|figure| figure.number > 0 || figure.what == "expected").collect()
}

fn signals(frame: &Frame<'_>) -> Result<Vec<SignalLine>, PhoneError> {
    let records = frame.source.between(RecordKind::FollowUpSignal, frame.ago(SIGNALS), frame.today)?;
    let mut lines: Vec<SignalLine> = Vec::new();
    for Record { pupil, day, body, .. } in records {
        let (Some(pupil), Ok(signal)) = (pupil, FollowUpSignal::try_from(body)) else { continue };
        let mine = frame.assignments().any(|assignment| {
            signal.tell.contains(&assignment.role)
                && match assignment.reach {
                    Reach::School => true,
                    Reach::Group(group) => frame.source.roster().is_member(pupil, group, frame.today),
                }
        });
        if mine {
            let person = frame.pupil(pupil);
            let text = signal_text(frame, &person.name, &signal);
            lines.push(SignalLine { pupil: person, day, at: signal.at, text });
        }
    }
    lines.sort_by_key(|line| (std::cmp::Reverse(line.at), line.pupil.id));
    Ok(lines)
}

pub(super) fn signal_text(frame: &Frame<'_>, name: &str, signal: &FollowUpSignal) -> String {
    let (count, days) = (signal.count, signal.within_days);
    say!(frame.texts, "signal", name = name, threshold = &signal.threshold, count = count, days = days)
}

fn office(frame: &Frame<'_>, book: &DayBook<'_>) -> Result<Option<OfficeToday>, PhoneError> {
    if !sees_school(frame) {
        return Ok(None);
    }
    let school = book.school();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let calls = frame.source.between(RecordKind::CallListEntry, frame.ago(CALLS), frame.today)?;
    let open = |record: Record| CallListEntry::try_from(record.body).ok().filter(|entry| entry.closed_at.is_none());
    let calls = number(calls.into_iter().filter_map(open).count());
    let (inside, uncertain) = (number(school.evacuation.inside.len()), number(school.evacuation.uncertain.len()));
    let total: &Counts = &school.total;
    Ok(Some(OfficeToday {
        figures: shown(frame.counts(total)),
        calls,
        calls_text: say!(frame.texts, "office-calls", count = calls),
        rolls_untaken: school.rolls_untaken,
        rolls_text: say!(frame.texts, "office-rolls", count = school.rolls_untaken),
        inside,
        uncertain,
        inside_text: say!(frame.texts, "office-inside", count = inside, uncertain = uncertain),
    }))
}

impl Frame<'_> {
    /// A day's attendance and rolls, of all that is held: by day, not by pupil.
    pub(super) fn day_records(&self, day: NaiveDate) -> Result<Vec<Record>, PhoneError> {
        let mut records = self.source.between(RecordKind::Attendance, day, day)?;
        records.extend(self.source.between(RecordKind::RollTaken, day, day)?);
        Ok(records)
    }
}
