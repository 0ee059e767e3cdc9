//! Where a pupil stands, as a roll, a board and home show it: from the day's records and rolls, never from guesses.

use super::{AbsenceKind, Explanation, Extent, Mark, Presence, PupilDay, RollTaken, Session};
use crate::domain::ids::GroupId;
use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// What home has said of an unexplained absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Told {
    Nothing,
    /// Explained; staff have not judged it yet.
    Waiting,
    Accepted,
    Refused,
}

impl Told {
    fn of(explanation: Option<&Explanation>) -> Self {
        match explanation.map(|explanation| explanation.judged.as_ref().map(|judged| judged.accepted)) {
            None => Told::Nothing,
            Some(None) => Told::Waiting,
            Some(Some(true)) => Told::Accepted,
            Some(Some(false)) => Told::Refused,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Status {
    /// Nothing that the pupil goes to is open.
    NotInSession,
    /// Nobody has said otherwise, and no roll has been closed.
    Expected,
    /// Marked, or not named as absent by a closed roll.
    Present,
    Late {
        at: NaiveTime,
    },
    Reported {
        kind: AbsenceKind,
        extent: Extent,
    },
    /// Reported away and well again; not seen yet.
    Back {
        at: Option<NaiveTime>,
    },
    OnLeave,
    Unexplained {
        told: Told,
    },
    LeftEarly {
        at: NaiveTime,
    },
    SentHome {
        at: NaiveTime,
    },
}

impl PupilDay {
    /// Where the pupil stands in one group's roll. `roll_says_present`: the roll is closed and does not name the pupil.
    pub fn status_in(&self, group: GroupId, session: Session, roll_says_present: bool, now: DateTime<Utc>) -> Status {
        let own = self.sessions.get(&session).and_then(|record| record.mark_of(group)).map(|mark| (session, mark));
        // A pupil whom another roll misses or has seen leave is not expected to walk in here.
        let elsewhere = || {
            self.marks().max_by_key(|(_, mark)| mark.at).filter(|(at, mark)| match mark.presence {
                Presence::Unexplained => *at == session,
                Presence::LeftEarly { .. } | Presence::SentHomeSick { .. } => true,
                Presence::Present | Presence::Late { .. } => false,
            })
        };
        let marked = own.or_else(|| elsewhere().filter(|_| !roll_says_present));
        self.status_by(marked, session, roll_says_present, now)
    }

    /// Where the pupil is, whichever roll said so last.
    pub fn whereabouts(&self, session: Session, roll: Option<&RollTaken>, now: DateTime<Utc>) -> Status {
        let there = roll.filter(|roll| !roll.absent.contains(&self.pupil));
        // A roll that was closed later than a mark, or of a later lesson, knows better where it did not miss the pupil.
        let older = |(session, mark): &(Session, &Mark)| {
            let told = self.hours.speaks_of(*session, mark.at);
            there.is_some_and(|roll| {
                mark.presence == Presence::Unexplained && told < self.hours.speaks_of(roll.session, roll.at)
            })
        };
        let marked = self.newest_mark().filter(|mark| !older(mark));
        self.status_by(marked, session, there.is_some(), now)
    }

    /// Whether the absence in force is of this session, or of this moment where the day is today.
    fn away(&self, session: Session, now: DateTime<Utc>) -> Option<Status> {
        let main = self.main()?;
        let extent = main.extent.as_ref()?;
        let away = match (session, self.hours.moment(now)) {
            (Session::Lesson(_), _) => extent.overlaps(&self.hours.span(session)),
            (Session::Day, Some(moment)) => extent.contains(moment),
            (Session::Day, None) => true,
        };
        let then = self.hours.moment(now).filter(|_| session == Session::Day);
        let kind = then.and_then(|moment| self.kind_at(moment)).or(main.kind).unwrap_or(AbsenceKind::Other);
        away.then(|| Status::Reported { kind, extent: extent.clone() })
    }

    fn status_by(
        &self,
        marked: Option<(Session, &Mark)>,
        session: Session,
        roll_says_present: bool,
        now: DateTime<Utc>,
    ) -> Status {
        let is_today = self.hours.moment(now).is_some();
        let away = self.away(session, now);
        // Whoever was there in the morning may be at the dentist's now; of a day that is over, the mark is told.
        let away_now = || away.clone().filter(|_| is_today);
        let later = |at: NaiveTime| self.hours.moment(now).is_some_and(|moment| moment < at);
        match marked.map(|(of, mark)| (of, mark, mark.presence)) {
            Some((_, _, Presence::Present)) => return away_now().unwrap_or(Status::Present),
            Some((_, _, Presence::Late { at })) => return away_now().unwrap_or(Status::Late { at }),
            Some((_, _, Presence::LeftEarly { at })) => {
                return if later(at) { Status::Present } else { Status::LeftEarly { at } };
            }
            Some((_, _, Presence::SentHomeSick { at })) => {
                return if later(at) { Status::Present } else { Status::SentHome { at } };
            }
            // Whatever else has been written: home believes the pupil here.
            Some((of, mark, Presence::Unexplained)) if self.is_sought(of, mark) => {
                return Status::Unexplained { told: Told::Nothing };
            }
            Some((of, mark, Presence::Unexplained)) if !self.explains(of, mark) => {
                let answer = self.sessions.get(&of).and_then(|record| record.answer_to(mark));
                return Status::Unexplained { told: Told::of(answer) };
            }
            Some((_, _, Presence::Unexplained)) | None => {}
        }
        if self.main().is_some_and(|main| main.on_leave) {
            return Status::OnLeave;
        }
        if let Some(reported) = away {
            return reported;
        }
        if roll_says_present {
            return Status::Present;
        }
        let ended = self.main().and_then(|main| main.ended.as_ref());
        match ended.filter(|ended| !ended.withdrawn && self.reports().iter().any(|r| r.ended_from.is_some())) {
            Some(ended) => Status::Back { at: ended.back_at },
            None => Status::Expected,
        }
    }

    /// What home has said of a session in which the pupil was missed; nothing, where it was missed again since.
    pub fn told_of(&self, session: Session) -> Told {
        let last = self.sessions.get(&session).and_then(|record| record.explanations.last());
        Told::of(last.filter(|_| self.unanswered(session).is_none()))
    }
}
