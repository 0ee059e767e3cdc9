//! The inbox: notices, newest first, in the app with the child's name. The lock screen has a text of its own.

use super::{
    Source,
    frame::Frame,
    values::{Action, Does, NoticeLines, Page, Person, at_most},
};
use crate::{
    device::{
        PhoneError, Said,
        text::{NoticeFacts, NoticeText, Texts},
    },
    domain::{
        attendance::{Attendance, attendance_key},
        command::{Capacity, CommandBody},
        ids::{PersonId, RecordId},
        notice::{Notice, NoticeReason},
        record::{Record, RecordKind},
        world::Fact,
    },
    say,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Inbox {
    pub notices: NoticeLines,
    /// In words, where there is nothing.
    pub empty: Option<String>,
}

/// Where the next page begins: after this notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct InboxPlace {
    pub at: DateTime<Utc>,
    pub id: RecordId,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NoticeLine {
    pub id: RecordId,
    pub reason: NoticeReason,
    pub pupil: Option<Person>,
    pub day: Option<NaiveDate>,
    pub at: DateTime<Utc>,
    pub time: String,
    #[serde(flatten)]
    pub text: NoticeText,
    pub unread: bool,
    /// What it said is no longer so.
    pub corrected: bool,
    /// To be sent when the person has opened it.
    pub read: Option<Action>,
}

/// # Errors
/// The mirror cannot be read.
pub fn inbox(source: &dyn Source, texts: Texts, after: Option<InboxPlace>, limit: u32) -> Result<Inbox, PhoneError> {
    let frame = Frame::new(source, texts);
    let limit = at_most(limit);
    let after = after.map(|InboxPlace { at, id }| Said { at, id });
    let mut found = source.said_before(RecordKind::Notice, after, limit.saturating_add(1))?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().and_then(Said::of).filter(|_| more);
    let next = last.map(|Said { at, id }| InboxPlace { at, id });
    let found: Vec<(Record, Notice)> = found
        .into_iter()
        .filter_map(|record| Notice::try_from(record.body.clone()).ok().map(|notice| (record, notice)))
        .collect();
    let empty = (found.is_empty() && after.is_none()).then(|| say!(texts, "inbox-empty"));
    let items = found.iter().map(|(record, notice)| line(&frame, record, notice)).collect::<Result<_, _>>()?;
    Ok(Inbox { notices: Page { items, next }.into(), empty })
}

fn line(frame: &Frame<'_>, record: &Record, notice: &Notice) -> Result<NoticeLine, PhoneError> {
    let day = record.day.unwrap_or(frame.today);
    let day_text = frame.texts.day_and_session(day, notice.session, frame.today);
    let accepted = match notice.reason {
        NoticeReason::ExplanationJudged => {
            record.pupil.map(|pupil| judged(frame, pupil, day, notice)).transpose()?.flatten()
        }
        NoticeReason::UnexplainedAbsence
        | NoticeReason::CheckReport
        | NoticeReason::SentHomeSick
        | NoticeReason::DelegationChanged
        | NoticeReason::CodeMade => None,
    };
    let child = match record.pupil {
        Some(pupil) => frame.pupil(pupil).name,
        None => frame.texts.a_pupil(),
    };
    let corrected = notice.corrected_at.is_some();
    let facts = NoticeFacts { reason: notice.reason, corrected, accepted, child: &child, day: &day_text };
    let body = CommandBody::MarkNoticeRead { notice: record.id };
    let unread = notice.read_at.is_none();
    let read = unread.then(|| {
        let label = say!(frame.texts, "action-read");
        Action { does: Does::MarkNoticeRead, label, capacity: capacity(frame), body, adds: None }
    });
    Ok(NoticeLine {
        id: record.id,
        reason: notice.reason,
        pupil: record.pupil.map(|pupil| frame.pupil(pupil)),
        day: record.day,
        at: notice.at,
        time: frame.texts.sentence(&frame.moment(notice.at)),
        text: frame.texts.notice(facts),
        unread,
        corrected,
        read,
    })
}

/// As whom the person reads: at home where there is a child here, or else as staff.
fn capacity(frame: &Frame<'_>) -> Capacity {
    let staff = frame.assignments().next().map(|assignment| Capacity::Staff(assignment.role));
    if super::today_home::own_children(frame).is_empty() { staff.unwrap_or(Capacity::Home) } else { Capacity::Home }
}

fn judged(frame: &Frame<'_>, pupil: PersonId, day: NaiveDate, notice: &Notice) -> Result<Option<bool>, PhoneError> {
    let (scope, id) = attendance_key(frame.source.school(), pupil, day, notice.session);
    Ok(match frame.source.record(&scope, id)? {
        Fact::Known(record) => Attendance::try_from(record.body).ok().and_then(|attendance| {
            attendance.explanations.into_iter().rev().find_map(|said| Some(said.judged?.accepted))
        }),
        Fact::Absent | Fact::Unseen => None,
    })
}
