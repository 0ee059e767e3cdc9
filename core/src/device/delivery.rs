//! Where a command is, said honestly: on this phone only → at the school → seen by NAME.

use super::{
    error::PhoneError,
    store::entry::{Entry, EntryState},
    view::View,
};
use crate::{
    domain::{
        attendance::Seen,
        command::{Command, CommandKind},
        ids::{CommandId, PersonId, SchoolId},
        record::{Body, RecordKind},
        rejection::Rejection,
    },
    protocol::NotNow,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub enum Delivery {
    OnThisPhoneOnly {
        /// It has been on its way, and no answer has come: it can no longer be taken back.
        tried: bool,
        /// Why the server leaves it in the queue, if it has said so.
        not_now: Option<NotNow>,
    },
    AtSchool {
        at: DateTime<Utc>,
    },
    /// The first member of staff who saw it in a roll or a board; of several children, the last of them.
    Seen {
        by: PersonId,
        at: DateTime<Utc>,
    },
    /// By the server. Visible until the person mends, resends or dismisses it.
    Rejected {
        rejection: Rejection,
        at: DateTime<Utc>,
    },
}

/// One command in the outbox, for the person who gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxItem {
    pub id: CommandId,
    /// Its place in the outbox: never given to another, so that a line can be named by it.
    pub number: u32,
    pub school: SchoolId,
    /// None: an app of another version wrote it.
    pub command: Option<Arc<Command>>,
    /// The server's time, as far as the phone knew it.
    pub said_at: DateTime<Utc>,
    /// What the phone warned of; the person sent it anyway.
    pub advice: Option<Rejection>,
    pub depends_on: Option<CommandId>,
    pub delivery: Delivery,
    /// By the school's clock it was said later than it was answered: this phone's was ahead, and so was what it called today.
    pub said_ahead: bool,
    /// Those that were rejected because this one was. They are told of once, here, and go when it is dismissed.
    pub dependents: Vec<CommandId>,
}

/// What the phone says by itself is no news to the person.
pub(super) fn is_silent(command: Option<&Command>) -> bool {
    let kind = command.map(|command| command.body.kind());
    matches!(kind, Some(CommandKind::MarkSeen | CommandKind::MarkNoticeRead))
}

pub(super) fn of(entry: &Entry, view: &View) -> Result<Delivery, PhoneError> {
    Ok(match &entry.state {
        EntryState::Queued { not_now } => Delivery::OnThisPhoneOnly { tried: entry.sent > 0, not_now: *not_now },
        EntryState::Accepted { at, .. } => match &entry.command {
            Some(command) => seen(command, view)?.unwrap_or(Delivery::AtSchool { at: *at }),
            None => Delivery::AtSchool { at: *at },
        },
        EntryState::Rejected { rejection, at } => Delivery::Rejected { rejection: rejection.clone(), at: *at },
    })
}

fn seen(command: &Command, view: &View) -> Result<Option<Delivery>, PhoneError> {
    let Some(told) = command.body.absence_told() else { return Ok(None) };
    let from = told.from.unwrap_or_else(|| view.today().min(told.to));
    // Of several children it has been seen when the last of them has: until then it is at the school.
    let mut last: Option<Seen> = None;
    for pupil in told.pupils {
        let Some(seen) = seen_of_pupil(command.id, *pupil, from, told.to, view)? else { return Ok(None) };
        last = Some(last.filter(|last| last.at >= seen.at).unwrap_or(seen));
    }
    Ok(last.map(|seen| Delivery::Seen { by: seen.by, at: seen.at }))
}

/// Who saw a child's report, of the first of its days.
fn seen_of_pupil(
    command: CommandId,
    pupil: PersonId,
    from: NaiveDate,
    to: NaiveDate,
    view: &View,
) -> Result<Option<Seen>, PhoneError> {
    for record in view.of_pupil_between(RecordKind::Attendance, pupil, from, to)? {
        let Body::Attendance(attendance) = &record.body else { continue };
        if let Some(report) = attendance.reports.iter().find(|report| report.command == command) {
            return Ok(report.seen);
        }
    }
    Ok(None)
}
