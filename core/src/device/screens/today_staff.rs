//! *Today* for staff: their own groups, what waits for them, and, for an office or a principal, the school in one line.

use super::{
    Source,
    follow_ups::{SignalLine, signal_line, unhandled},
    frame::Frame,
    today_home::Mail,
    values::{Figure, Person, SaidRoll},
    waiting::{AlarmLine, Asking, ExplanationLine, LINES, UntakenLine, explanation_line, groups_answered_for, untaken},
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        attendance::{
            CallListEntry, Session,
            board::{Counts, DayBook},
        },
        ids::{GroupId, PersonId, RecordId, SchoolId},
        names,
        people::Reach,
        record::{Record, RecordKind},
        scope::{Circle, Scope, Topic},
        world::Fact,
    },
    say,
};
use chrono::NaiveDate;
use serde::Serialize;

/// How far back an open call is looked for, in days.
pub(super) const CALLS: u64 = 7;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct StaffToday {
    pub school: SchoolId,
    pub school_name: String,
    pub day: NaiveDate,
    pub heading: String,
    /// Nothing has come from the school yet.
    pub waiting: Option<String>,
    /// In words, where nothing of all that is below waits, and no group or school stands here.
    pub nothing: Option<String>,
    /// Pupils whom home believes at school, and who are missing: before all else, until they are found.
    pub alarms: Vec<AlarmLine>,
    /// The groups of this person's own assignments, by name.
    pub groups: Vec<GroupToday>,
    /// Rolls that are due and not closed, of today and of the days that can still be called; newest day first.
    pub untaken: Vec<UntakenLine>,
    /// Explanations that this person may answer, whatever day they are of; newest day first.
    pub to_judge: Vec<ExplanationLine>,
    /// Absence that somebody in this person's role is to look at, until somebody has dealt with it; newest first.
    pub signals: Vec<SignalLine>,
    /// In words, where there is more of these than is shown.
    pub more: Vec<String>,
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
pub struct OfficeToday {
    pub figures: Vec<Figure>,
    /// Homes to telephone.
    pub calls: u32,
    pub calls_text: String,
    /// Groups with a roll of today that is due and not closed.
    pub rolls_untaken: u32,
    pub rolls_text: String,
    /// Pupils who should be at school today, and whom no roll would miss.
    pub no_roll: u32,
    pub no_roll_text: Option<String>,
    /// The first of them, by name.
    pub no_roll_pupils: Vec<Person>,
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
    let mut more = Vec::new();
    let mut rest = |what, all: usize| more.extend(frame.rest(what, all));
    let mut untaken = untaken(&frame, &groups_answered_for(&frame))?;
    let asking = Asking::read(&frame)?;
    let to_judge = asking.explanations(&frame);
    let signals = unhandled(&frame)?;
    let office = office(&frame, &book, &untaken)?;
    rest("rolls", untaken.len());
    rest("explanations", to_judge.len());
    rest("signals", signals.len());
    let alarms = asking.alarms(&frame)?;
    let groups = own_groups(&frame);
    let waits = !(alarms.is_empty() && untaken.is_empty() && to_judge.is_empty() && signals.is_empty());
    let mail = frame.mail()?;
    let blank = source.is_known() && !waits && groups.is_empty() && office.is_none() && mail.is_empty();
    untaken.truncate(LINES);
    Ok(StaffToday {
        school: source.school(),
        school_name: school.map(|school| school.name.clone()).unwrap_or_default(),
        day: frame.today,
        heading: frame.heading(frame.today),
        waiting: (!source.is_known()).then(|| say!(texts, "waiting-for-school")),
        nothing: blank.then(|| say!(texts, "staff-nothing-waits")),
        alarms,
        groups: groups.into_iter().map(|group| group_today(&frame, &book, group)).collect(),
        untaken,
        to_judge: to_judge.into_iter().take(LINES).map(|at| explanation_line(&frame, at)).collect::<Result<_, _>>()?,
        signals: signals.iter().take(LINES).map(|held| signal_line(&frame, held)).collect(),
        more,
        mail,
        office,
    })
}

/// The groups that this person has an assignment for today, by name.
pub(super) fn own_groups(frame: &Frame<'_>) -> Vec<GroupId> {
    let groups = frame
        .assignments()
        .filter_map(|assignment| match assignment.reach {
            Reach::Group(group) => Some(group),
            Reach::School => None,
        })
        .collect();
    frame.by_name(groups)
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

fn office(frame: &Frame<'_>, book: &DayBook<'_>, untaken: &[UntakenLine]) -> Result<Option<OfficeToday>, PhoneError> {
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
    let rolls_untaken = number(untaken.iter().filter(|line| line.day == frame.today).count());
    let no_roll = number(school.no_roll.len());
    Ok(Some(OfficeToday {
        figures: shown(frame.counts(total)),
        calls,
        calls_text: say!(frame.texts, "office-calls", count = calls),
        rolls_untaken,
        rolls_text: say!(frame.texts, "office-rolls", count = rolls_untaken),
        no_roll,
        no_roll_text: (no_roll > 0).then(|| say!(frame.texts, "office-no-roll", count = no_roll)),
        no_roll_pupils: frame.pupils_by_name(school.no_roll).into_iter().take(LINES).collect(),
        inside,
        uncertain,
        inside_text: say!(frame.texts, "office-inside", count = inside, uncertain = uncertain),
    }))
}

impl Frame<'_> {
    /// In words, where there is more than *today* shows.
    fn rest(&self, what: &str, all: usize) -> Option<String> {
        let rest = all.checked_sub(LINES).filter(|rest| *rest > 0)?;
        Some(say!(self.texts, "waiting-more", what = what, count = rest))
    }

    fn pupils_by_name(&self, pupils: Vec<PersonId>) -> Vec<Person> {
        let mut people: Vec<Person> = pupils.into_iter().map(|pupil| self.pupil(pupil)).collect();
        people.sort_by_cached_key(|person| (names::sort_key(self.texts.language(), &person.name), person.id));
        people
    }

    /// A day's attendance and rolls, of all that is held: by day, not by pupil.
    pub(super) fn day_records(&self, day: NaiveDate) -> Result<Vec<Record>, PhoneError> {
        let mut records = self.source.between(RecordKind::Attendance, day, day)?;
        records.extend(self.source.between(RecordKind::RollTaken, day, day)?);
        // Whoever is not given a group's roll is told that it was closed.
        records.extend(self.source.between(RecordKind::RollClosed, day, day)?);
        Ok(records)
    }
}
