//! Afterwards: home says why an unexplained pupil was not there, and staff accept or refuse it.

use super::{
    AbsenceKind, EXPLANATIONS_KEPT, Explanation, Judgement, Presence, PupilDay, Session,
    about::{About, text},
};
use crate::domain::{ids::PersonId, notice::NoticeReason, rejection::Rejection, world::Changes};
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
        let note = text(note)?;
        let before = PupilDay::load(self.world, pupil, day);
        let record = before.sessions.get(&session);
        let held = record.map(|record| record.explanations.as_slice()).unwrap_or_default();
        if held.iter().any(|held| held.command == self.command.id) {
            return Ok(Changes::none());
        }
        if let Some(rules) = &before.rules {
            let back = Days::new(u64::from(rules.attendance.days_back));
            let first = self.filed_day.min(self.today).checked_sub_days(back);
            if let Some(first) = first.filter(|first| day < *first) {
                return Err(Rejection::TooFarBack { first });
            }
        }
        let Some(missed) = before.unexplained(session) else {
            let present = |presence: Presence| match presence {
                Presence::Present => true,
                Presence::Late { .. }
                | Presence::Unexplained
                | Presence::LeftEarly { .. }
                | Presence::SentHomeSick { .. } => false,
            };
            let here = record.is_some_and(|record| record.marks.iter().any(|mark| present(mark.presence)));
            return Err(if here { Rejection::MarkedPresent { day } } else { Rejection::NothingToExplain });
        };
        let mut said = Explanation {
            command: self.command.id,
            kind,
            by: self.person()?,
            at: self.filed_at,
            has_note: note.is_some(),
            judged: None,
        };
        let mut after = before.clone();
        let explanations = &mut after.session_mut(session).explanations;
        // It speaks of what home knew: a mark made later asks anew, and what was said of an earlier one stands.
        let asked_anew = before.unanswered(session).is_some_and(|mark| mark.at <= self.filed_at);
        match explanations.last_mut() {
            None => said.at = said.at.max(missed.at),
            Some(_) if asked_anew => {}
            Some(Explanation { judged: Some(judged), .. }) => {
                return Err(Rejection::AlreadyJudged { accepted: judged.accepted });
            }
            // Said better, before anybody has judged.
            Some(last) => {
                said.at = said.at.max(last.at);
                explanations.pop();
            }
        }
        explanations.push(said);
        if explanations.len() > EXPLANATIONS_KEPT {
            // What it answered is answered by those that came after it.
            explanations.remove(0);
        }
        after.settle();
        let mut changes = Changes::none();
        self.write(&before, &after, &mut changes);
        if let Some(note) = note {
            self.keep_note(pupil, day, None, note, &mut changes)?;
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
        let reason = text(reason)?;
        let before = PupilDay::load(self.world, pupil, day);
        let mut after = before.clone();
        let explanations = after.sessions.get_mut(&session).map(|record| &mut record.explanations);
        let explanations = explanations.map(Vec::as_mut_slice).unwrap_or_default();
        let mine = |judged: &Judgement| judged.command == self.command.id;
        if explanations.iter().any(|explanation| explanation.judged.as_ref().is_some_and(mine)) {
            return Ok(Changes::none());
        }
        let Some((last, earlier)) = explanations.split_last_mut() else { return Err(Rejection::NoExplanation) };
        // Whoever answers after an answer mends it, and the newest holds; one that was given before, and waited for a
        // network, does not overrule what a colleague has said meanwhile.
        if let Some(judged) = &last.judged
            && (judged.accepted == accepted || judged.at >= self.filed_at)
        {
            return Err(Rejection::AlreadyJudged { accepted: judged.accepted });
        }
        if !accepted && reason.is_none() {
            return Err(Rejection::ReasonNeeded);
        }
        let by = self.person()?;
        let waiting = earlier.iter_mut().filter(|explanation| explanation.judged.is_none());
        for explanation in waiting.chain([last]) {
            let (command, reason) = (self.command.id, reason.clone());
            explanation.judged = Some(Judgement { command, accepted, by, at: self.now, reason });
        }
        after.settle();
        let mut changes = Changes::none();
        self.write(&before, &after, &mut changes);
        self.raise(&after, NoticeReason::ExplanationJudged, session, &mut changes);
        Ok(changes)
    }
}
