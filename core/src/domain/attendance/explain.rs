//! Afterwards: home says why an unexplained pupil was not there, and staff accept or refuse it.

use super::{
    AbsenceKind, Explanation, Judgement, NoticeReason, Presence, PupilDay, Session,
    about::{About, text},
};
use crate::domain::{ids::PersonId, rejection::Rejection, world::Changes};
use chrono::{Days, NaiveDate};

impl About<'_> {
    pub fn explain(
        &self,
        pupil: PersonId,
        day: NaiveDate,
        session: Session,
        kind: AbsenceKind,
        note: Option<&String>,
    ) -> Result<Changes, Rejection> {
        self.allowed(pupil)?;
        let note = text(note)?;
        let before = PupilDay::load(self.world, pupil, day);
        let record = before.sessions.get(&session);
        let held = record.and_then(|record| record.explanation.as_ref());
        if held.is_some_and(|held| held.command == self.command.id) {
            return Ok(Changes::none());
        }
        if let Some(rules) = &before.rules {
            let back = Days::new(u64::from(rules.attendance.days_back));
            let first = self.filed_day.min(self.today).checked_sub_days(back);
            if let Some(first) = first.filter(|first| day < *first) {
                return Err(Rejection::TooFarBack { first });
            }
        }
        if let Some(judged) = held.and_then(|held| held.judged.as_ref()) {
            return Err(Rejection::AlreadyJudged { accepted: judged.accepted });
        }
        if before.unexplained(session).is_none() {
            let present = |presence: Presence| match presence {
                Presence::Present => true,
                Presence::Late { .. }
                | Presence::Unexplained
                | Presence::LeftEarly { .. }
                | Presence::SentHomeSick { .. } => false,
            };
            let here = record.is_some_and(|record| record.marks.iter().any(|mark| present(mark.presence)));
            return Err(if here { Rejection::MarkedPresent { day } } else { Rejection::NothingToExplain });
        }
        let mut after = before.clone();
        after.session_mut(session).explanation = Some(Explanation {
            command: self.command.id,
            kind,
            by: self.person()?,
            at: self.now,
            has_note: note.is_some(),
            judged: None,
        });
        after.settle();
        let mut changes = Changes::none();
        self.write(&before, &after, &mut changes);
        if let Some(note) = note {
            changes.put.push(self.note(pupil, day, None, note)?);
        }
        Ok(changes)
    }

    pub fn judge(
        &self,
        pupil: PersonId,
        day: NaiveDate,
        session: Session,
        accepted: bool,
        reason: Option<&String>,
    ) -> Result<Changes, Rejection> {
        self.allowed(pupil)?;
        self.not_own_child(pupil)?;
        let reason = text(reason)?;
        let before = PupilDay::load(self.world, pupil, day);
        let mut after = before.clone();
        let explanation = after.sessions.get_mut(&session).and_then(|record| record.explanation.as_mut());
        let Some(explanation) = explanation else { return Err(Rejection::NoExplanation) };
        if let Some(judged) = &explanation.judged {
            let mine = judged.command == self.command.id;
            return if mine {
                Ok(Changes::none())
            } else {
                Err(Rejection::AlreadyJudged { accepted: judged.accepted })
            };
        }
        if !accepted && reason.is_none() {
            return Err(Rejection::ReasonNeeded);
        }
        let by = self.person()?;
        explanation.judged = Some(Judgement { command: self.command.id, accepted, by, at: self.now, reason });
        after.settle();
        let mut changes = Changes::none();
        self.write(&before, &after, &mut changes);
        self.raise(&after, NoticeReason::ExplanationJudged, session, &mut changes);
        Ok(changes)
    }
}
