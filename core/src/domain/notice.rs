//! Notices: what one person is told, whatever area of the domain it comes from.

use super::{
    access::subscriptions_about,
    attendance::Session,
    ids::{PersonId, RecordId, SchoolId},
    record::{Record, RecordKind},
    rejection::Rejection,
    scope::{Scope, Subject, Topic},
    world::{Changes, Fact, World},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum NoticeReason {
    /// The pupil is not at school and nobody has said why (skollagen 7 kap. 17 §: the same day).
    UnexplainedAbsence,
    /// School's roll and a report contradict each other: please check.
    CheckReport,
    SentHomeSick,
    /// Staff accepted or refused an explanation.
    ExplanationJudged,
    /// A topic was delegated to this person, or no longer is.
    DelegationChanged,
    /// Staff made a code for a next phone of this person's.
    CodeMade,
}

/// To one person, in that person's own scope of the reason's topic. The lock screen shows neither name nor content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub reason: NoticeReason,
    pub session: Session,
    pub at: DateTime<Utc>,
    /// What it said is no longer so (a late arrival, an explanation).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<DateTime<Utc>>,
}

impl NoticeReason {
    /// In which of the person's own scopes it stands. A sensitive one is read with strong assurance only.
    pub fn topic(self) -> Topic {
        match self {
            NoticeReason::UnexplainedAbsence
            | NoticeReason::CheckReport
            | NoticeReason::SentHomeSick
            | NoticeReason::ExplanationJudged => Topic::Attendance,
            // Where they have stood since the first version.
            NoticeReason::DelegationChanged | NoticeReason::CodeMade => Topic::Attendance,
        }
    }

    /// Whether it goes when its reader may not read that topic of the pupil any more. That a delegation ended is still for
    /// the one who had it to know.
    pub fn goes_with_the_topic(self) -> bool {
        match self {
            NoticeReason::UnexplainedAbsence
            | NoticeReason::CheckReport
            | NoticeReason::SentHomeSick
            | NoticeReason::ExplanationJudged => true,
            NoticeReason::DelegationChanged | NoticeReason::CodeMade => false,
        }
    }
}

/// Where a person's notice stands; one per reason, pupil, day and session.
pub fn notice_key(
    school: SchoolId,
    to: PersonId,
    reason: NoticeReason,
    pupil: PersonId,
    day: NaiveDate,
    session: Session,
) -> (Scope, RecordId) {
    let scope = Scope::own(to, reason.topic());
    let reason = match reason {
        NoticeReason::UnexplainedAbsence => "unexplained",
        NoticeReason::CheckReport => "check",
        NoticeReason::SentHomeSick => "sent-home",
        NoticeReason::ExplanationJudged => "judged",
        NoticeReason::DelegationChanged => "delegation",
        NoticeReason::CodeMade => "code",
    };
    (scope, RecordId::derive(&[&school, &"notice", &to, &reason, &pupil, &day, &session]))
}

/// Where it stands that a code was made for a person at that instant.
pub fn code_notice_key(school: SchoolId, to: PersonId, at: DateTime<Utc>) -> (Scope, RecordId) {
    let scope = Scope::own(to, NoticeReason::CodeMade.topic());
    (scope, RecordId::derive(&[&school, &"notice", &to, &"code", &at.timestamp_micros()]))
}

/// `MarkNoticeRead`: its reader has opened it. Nobody sees another's reading.
pub(super) fn read(world: &dyn World, person: PersonId, today: NaiveDate, id: RecordId) -> Result<Changes, Rejection> {
    let own = subscriptions_about(world.roster(), person, Subject::Person(person), today);
    let mut unseen = false;
    for scope in own.0.into_keys() {
        let held = match world.record(&scope, id) {
            Fact::Known(held) if held.body.kind() == RecordKind::Notice => held,
            Fact::Known(_) | Fact::Absent => continue,
            Fact::Unseen => {
                unseen = true;
                continue;
            }
        };
        let Ok(notice) = Notice::try_from(held.body) else { continue };
        if notice.read_at.is_some() {
            return Ok(Changes::none());
        }
        let body = Notice { read_at: Some(world.now()), ..notice }.into();
        return Ok(Changes {
            put: vec![Record { id, scope, pupil: held.pupil, day: held.day, body }],
            ..Changes::none()
        });
    }
    // A phone that does not hold it leaves it to the server to know.
    if unseen { Ok(Changes::none()) } else { Err(Rejection::NotYours) }
}
