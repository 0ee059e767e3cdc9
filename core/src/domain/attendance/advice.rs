//! What has been said already: a phone's advice before the same is said twice. Never the school's decision: of two people
//! who say the same without a network neither is refused.

use super::{PupilDay, about::About, running::Runs, session::next_in_session};
use crate::domain::{
    command::AttendanceCommand,
    ids::PersonId,
    record::{Body, RecordKind},
    rejection::Rejection,
    world::Changes,
};
use chrono::NaiveDate;

impl About<'_> {
    /// What somebody has said before, where a command says the same and nothing more; `decided` is what the rules make
    /// of it.
    pub fn said_already(
        &self,
        asked: AttendanceCommand<'_>,
        decided: &Result<Changes, Rejection>,
    ) -> Option<Rejection> {
        if let (AttendanceCommand::ReportAbsence { .. }, Ok(changes)) = (asked, decided) {
            return self.reported_already(changes);
        }
        let ends_nothing = match decided {
            Ok(changes) => changes.is_empty(),
            Err(why) => *why == Rejection::NoAbsence,
        };
        if let AttendanceCommand::EndAbsence { pupil, back_on, .. } = asked
            && ends_nothing
        {
            return self.well_already(*pupil, *back_on);
        }
        if let (AttendanceCommand::ExplainAbsence { pupil, day, session, kind, .. }, Ok(changes)) = (asked, decided)
            && !has_note(changes)
        {
            let before = PupilDay::load(self.world, *pupil, *day);
            let held = before.sessions.get(session)?.explanations.last()?;
            let same = held.kind == *kind && held.judged.is_none() && before.unanswered(*session).is_none();
            return same.then_some(Rejection::AlreadyExplained { pupil: *pupil, day: *day, by: held.by });
        }
        // Nothing else is said twice without the rules minding.
        None
    }

    /// A report that leaves every day as it was told before, in extent and kind.
    fn reported_already(&self, changes: &Changes) -> Option<Rejection> {
        let mut first: Option<(PersonId, NaiveDate)> = None;
        for record in &changes.put {
            // A note is news, and so is whatever follows from it.
            let Body::Attendance(after) = &record.body else { return None };
            let (pupil, day) = (record.pupil?, record.day?);
            let before = PupilDay::load(self.world, pupil, day);
            let mut told = before.clone();
            told.sessions.insert(after.session, after.clone());
            let same = before.told().is_some()
                && before.told() == told.told()
                && before.main().and_then(|main| main.kind) == after.kind;
            if !same {
                return None;
            }
            first = Some(first.map_or((pupil, day), |first| if day < first.1 { (pupil, day) } else { first }));
        }
        let (pupil, day) = first?;
        let runs = Runs::around(self, pupil, day);
        let run = runs.run(day);
        let before = PupilDay::load(self.world, pupil, day);
        let by = before.reports().iter().find(|report| report.holds())?.teller();
        let kind = before.main()?.kind?;
        Some(Rejection::AlreadyReported { pupil, kind, by, from: day, to: run.last().copied().unwrap_or(day) })
    }

    /// An end that somebody has said before: of the day, or of the next one in session.
    fn well_already(&self, pupil: PersonId, back_on: NaiveDate) -> Option<Rejection> {
        let next = next_in_session(self.roster(), pupil, back_on);
        [Some(back_on), next].into_iter().flatten().find_map(|day| {
            let before = PupilDay::load(self.world, pupil, day);
            let ended = before.main()?.ended.as_ref().filter(|ended| !ended.withdrawn)?;
            Some(Rejection::AlreadyWell { pupil, by: ended.by, back_on: day, back_at: ended.back_at })
        })
    }
}

fn has_note(changes: &Changes) -> bool {
    changes.put.iter().any(|record| record.body.kind() == RecordKind::AttendanceNote)
}
