//! The attendance board, of a group and of the whole school.

use super::{
    Source,
    desk::reaches,
    frame::Frame,
    roll_call::group_records,
    rows::{PupilRow, by_urgency, pupil_row, session_text, stands_out},
    today_staff::{group_today, sees_school, shown},
    values::{Action, Adds, BoardRows, Does, Figure, GroupLines, SaidRoll, Window},
    waiting::{AlarmLine, Asking},
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        attendance::{
            PupilDay, Session,
            board::{DayBook, RollState},
        },
        command::{CommandBody, CommandKind},
        ids::{GroupId, PersonId},
        names,
    },
    say,
};
use chrono::NaiveDate;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct GroupBoard {
    pub group: GroupId,
    pub name: String,
    pub day: NaiveDate,
    pub heading: String,
    pub session: Session,
    pub session_text: Option<String>,
    pub roll: SaidRoll,
    pub figures: Vec<Figure>,
    /// Whoever stands out, most urgent first; pupils of whom nothing is to be said are only counted.
    pub rows: BoardRows,
    /// To be sent at once when this is shown: only what the page shows.
    pub seen: Vec<Action>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BoardRow {
    #[serde(flatten)]
    pub row: PupilRow,
    /// Accept or refuse an explanation.
    pub actions: Vec<Action>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SchoolBoard {
    pub day: NaiveDate,
    pub heading: String,
    /// Pupils whom home believes at school, and who are missing that day.
    pub alarms: Vec<AlarmLine>,
    pub figures: Vec<Figure>,
    pub rolls_untaken: u32,
    /// By name; untaken rolls first. Only groups that this person has: of others nothing is known here.
    pub groups: GroupLines,
}

/// # Errors
/// The mirror cannot be read.
pub fn group_board(
    source: &dyn Source,
    texts: Texts,
    group: GroupId,
    day: NaiveDate,
    window: Window,
) -> Result<GroupBoard, PhoneError> {
    let frame = Frame::new(source, texts);
    let book = DayBook::new(source.roster(), day, frame.now, group_records(&frame, group, day)?);
    let session = book.session_now(group);
    let board = book.board(group, session);
    let rows: Vec<_> = by_urgency(&frame, board.rows).into_iter().filter(stands_out).collect();
    let page: BoardRows = window.make(&rows, |row| {
        let actions = book.pupil(row.pupil).map(|facts| judge_actions(&frame, facts)).unwrap_or_default();
        Ok::<_, PhoneError>(BoardRow { row: pupil_row(&frame, &book, day, row)?, actions })
    })?;
    let unseen: Vec<PersonId> = page.items.iter().filter(|row| row.row.unseen).map(|row| row.row.pupil.id).collect();
    Ok(GroupBoard {
        group,
        name: frame.group(group),
        day,
        heading: frame.heading(day),
        session,
        session_text: session_text(&frame, session),
        roll: frame.roll(board.roll),
        figures: shown(frame.counts(&board.counts)),
        rows: page,
        seen: frame.mark_seen(&unseen, day),
    })
}

/// The whole school's day, as far as this phone holds it.
///
/// # Errors
/// The mirror cannot be read.
pub fn school_board(
    source: &dyn Source,
    texts: Texts,
    day: NaiveDate,
    window: Window,
) -> Result<SchoolBoard, PhoneError> {
    let frame = Frame::new(source, texts);
    let book = DayBook::new(source.roster(), day, frame.now, frame.day_records(day)?);
    let school = book.school();
    let whole = sees_school(&frame);
    let mut groups: Vec<(bool, Vec<u8>, GroupId)> = school
        .groups
        .iter()
        .filter(|board| whole || reaches(&frame, board.group))
        .map(|board| {
            let taken = board.roll != RollState::Untaken;
            (taken, names::sort_key(texts.language(), &frame.group(board.group)), board.group)
        })
        .collect();
    groups.sort();
    Ok(SchoolBoard {
        day,
        heading: frame.heading(day),
        alarms: Asking::read(&frame)?.alarms(&frame)?.into_iter().filter(|line| line.day == day).collect(),
        figures: shown(frame.counts(&school.total)),
        rolls_untaken: school.rolls_untaken,
        groups: window.make(&groups, |(_, _, group)| Ok::<_, PhoneError>(group_today(&frame, &book, *group)))?,
    })
}

/// Accept or refuse each explanation of the day that waits, for whoever may.
pub(super) fn judge_actions(frame: &Frame<'_>, facts: &PupilDay) -> Vec<Action> {
    let mut actions = Vec::new();
    let (pupil, day) = (facts.pupil, facts.day);
    for (session, record) in &facts.sessions {
        let session = *session;
        if !record.waits_for_judgement() {
            continue;
        }
        let body = CommandBody::JudgeExplanation { pupil, day, session, accept: true, reason: None };
        let capacity = frame.capacity_about(CommandKind::JudgeExplanation, &[pupil]);
        // The table does not know whose own child it is; the rules do.
        let Some(capacity) = capacity.filter(|capacity| frame.would(*capacity, &body)) else { continue };
        let label = say!(frame.texts, "action-accept");
        actions.push(Action { does: Does::AcceptExplanation, label, capacity, body, adds: None });
        let body = CommandBody::JudgeExplanation { pupil, day, session, accept: false, reason: None };
        let label = say!(frame.texts, "action-refuse");
        actions.push(Action { does: Does::RefuseExplanation, label, capacity, body, adds: Some(Adds::Reason) });
    }
    actions
}
