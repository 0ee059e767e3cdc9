//! Lines that several screens share: where a pupil stands, who said what and when, and how far it has come.

use super::{
    frame::Frame,
    values::{
        Action, DayLine, Does, EndedLine, Figure, MarkLine, Reached, ReportLine, SaidReached, SaidRoll, SaidStatus,
    },
};
use crate::{
    device::PhoneError,
    domain::{
        attendance::{
            AttendanceNote, Explanation, Mark, PupilDay, Report, Session, Status,
            board::{Counts, RollState},
            note_key,
        },
        command::{CommandBody, CommandKind},
        ids::{CommandId, PersonId},
        world::Fact,
    },
    say,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Device and server may differ by this much before both times are told.
const SAME_TIME: TimeDelta = TimeDelta::seconds(90);

impl Frame<'_> {
    pub fn status(&self, status: Status, day: NaiveDate) -> SaidStatus {
        let text = self.texts.status(&status, day < self.today);
        SaidStatus::new(status, text)
    }

    /// A day of a child: where it stands, and what else is known of it.
    pub fn day_line(&self, day: NaiveDate, status: Status, facts: Option<&PupilDay>) -> DayLine {
        let main = facts.and_then(PupilDay::main);
        let told = match &status {
            Status::Reported { .. } | Status::NotInSession => None,
            Status::Expected
            | Status::Present
            | Status::Late { .. }
            | Status::Back { .. }
            | Status::OnLeave
            | Status::Unexplained { .. }
            | Status::LeftEarly { .. }
            | Status::SentHome { .. } => main.and_then(|main| {
                let extent = main.extent.as_ref()?;
                Some(self.texts.absence(main.kind, extent))
            }),
        };
        DayLine { day, label: self.label(day), status: self.status(status, day), absence: told }
    }

    pub fn reached(&self, here: bool, seen: Option<(PersonId, DateTime<Utc>)>, at: DateTime<Utc>) -> SaidReached {
        match (here, seen) {
            (true, _) => SaidReached::new(Reached::OnThisPhoneOnly, self.texts.on_this_phone_only()),
            (false, Some((by, at))) => {
                let text = self.texts.seen_by(&self.staff(by), &self.moment(at));
                SaidReached::new(Reached::Seen { by, at }, text)
            }
            (false, None) => SaidReached::new(Reached::AtSchool { at }, self.texts.at_the_school()),
        }
    }

    /// How far the day has come: the least of what this phone has said, or else the most of what others have.
    pub fn day_delivery(&self, facts: &PupilDay) -> Result<Option<SaidReached>, PhoneError> {
        let Some(main) = facts.main() else { return Ok(None) };
        let ended = main.ended.as_ref().map(|ended| (ended.command, ended.at));
        let told = main.reports.iter().map(|report| (report.command, report.received_at));
        let all: Vec<(CommandId, DateTime<Utc>)> = told.chain(ended).collect();
        let Some((_, first)) = all.first().copied() else { return Ok(None) };
        for (command, _) in &all {
            if self.is_here_only(*command)? {
                return Ok(Some(self.reached(true, None, first)));
            }
        }
        let holding = || main.reports.iter().filter(|report| report.holds());
        let seen = holding().filter_map(|report| report.seen).min_by_key(|seen| seen.at);
        let at = holding().map(|report| report.received_at).min().unwrap_or(all.last().map_or(first, |(_, at)| *at));
        Ok(Some(self.reached(false, seen.map(|seen| (seen.by, seen.at)), at)))
    }

    pub fn report_lines(&self, facts: &PupilDay) -> Result<Vec<ReportLine>, PhoneError> {
        let mut reports: Vec<&Report> = facts.reports().iter().collect();
        reports.sort_by_key(|report| (report.filed_at, report.command));
        reports.into_iter().map(|report| self.report_line(facts, report)).collect()
    }

    fn report_line(&self, facts: &PupilDay, report: &Report) -> Result<ReportLine, PhoneError> {
        let what = self.texts.absence(Some(report.kind), &report.extent);
        let who = match report.on_behalf_of {
            Some(teller) => say!(self.texts, "report-for", who = self.who(report.by), teller = self.who(teller)),
            None => self.who(report.by),
        };
        let (filed, received) = (self.moment(report.filed_at), self.moment(report.received_at));
        let here = self.is_here_only(report.command)?;
        let text = if !here && (report.received_at - report.filed_at).abs() > SAME_TIME {
            say!(self.texts, "report-line-waited", what = what, who = who, filed = filed, received = received)
        } else {
            say!(self.texts, "report-line", what = what, who = who, filed = filed)
        };
        let cutoff = facts.rules.as_ref().map(|rules| self.texts.clock(rules.attendance.cutoff));
        let late = cutoff.filter(|_| report.late).map(|cutoff| say!(self.texts, "report-late", cutoff = cutoff));
        let seen = report.seen.map(|seen| (seen.by, seen.at));
        let home = report.on_behalf_of.unwrap_or(report.by);
        let over = !report.holds();
        Ok(ReportLine {
            text: self.held(text, over),
            filed_at: report.filed_at,
            received_at: report.received_at,
            delivery: self.reached(here, seen, report.received_at),
            late,
            over,
            note: if report.has_note { self.note(facts.pupil, facts.day, home, report.command)? } else { None },
        })
    }

    /// The note of a command, where this phone holds it: with its author and staff.
    pub fn note(
        &self,
        pupil: PersonId,
        day: NaiveDate,
        home: PersonId,
        command: CommandId,
    ) -> Result<Option<String>, PhoneError> {
        for home in [Some(home), None] {
            let (scope, id) = note_key(pupil, day, home, command);
            match self.source.record(&scope, id)? {
                Fact::Known(record) => {
                    if let Ok(note) = AttendanceNote::try_from(record.body) {
                        return Ok(Some(note.text));
                    }
                }
                Fact::Absent | Fact::Unseen => {}
            }
        }
        Ok(None)
    }

    /// A line of what was said, and that it holds no longer where that is so.
    fn held(&self, line: String, over: bool) -> String {
        if over { say!(self.texts, "report-over", line = line) } else { line }
    }

    /// That school and home contradict each other, to whoever is at home: the pupil of age herself too.
    pub fn check_home(&self, pupil: PersonId) -> String {
        if pupil == self.source.me() {
            return say!(self.texts, "check-own");
        }
        say!(self.texts, "check-home", child = self.pupil(pupil).name)
    }

    /// Well again, or withdrawn: by whom and when, and whether a later report has overtaken it.
    pub fn ended_line(&self, facts: &PupilDay) -> Option<EndedLine> {
        let ended = facts.main()?.ended.as_ref()?;
        let (who, time) = (self.who(ended.by), self.moment(ended.filed_at));
        let overtakes = |report: &&Report| report.filed_at > ended.filed_at && ended.ends(report, facts.hours.open);
        let over = facts.reports().iter().filter(overtakes).any(Report::holds);
        let text = match (ended.withdrawn, ended.back_at) {
            (true, _) => say!(self.texts, "ended-withdrawn", who = who, time = time),
            (false, Some(back)) => {
                say!(self.texts, "ended-back-at", who = who, time = time, back = self.texts.clock(back))
            }
            (false, None) => say!(self.texts, "ended-well", who = who, time = time),
        };
        Some(EndedLine { text: self.held(text, over), filed_at: ended.filed_at, over })
    }

    pub fn mark_line(&self, session: Session, mark: &Mark, undo: Option<Action>) -> Result<MarkLine, PhoneError> {
        let what = self.texts.presence(mark.presence);
        let what = match session {
            Session::Day => what,
            Session::Lesson(number) => {
                let lesson = say!(self.texts, "session-lesson", number = number);
                say!(self.texts, "mark-in-lesson", what = what, lesson = lesson)
            }
        };
        let text = say!(self.texts, "mark-line", what = what, who = self.staff(mark.by), time = self.moment(mark.at));
        let here_only = self.is_here_only(mark.command)?;
        Ok(MarkLine { presence: mark.presence, session, text, here_only, undo })
    }

    /// What home said afterwards, and what staff made of it.
    pub fn explanation_lines(&self, explanation: &Explanation) -> Vec<String> {
        let kind = self.texts.absence_kind(explanation.kind);
        let (who, time) = (self.who(explanation.by), self.moment(explanation.at));
        let mut lines = vec![say!(self.texts, "explanation-line", what = kind, who = who, time = time)];
        if let Some(judged) = &explanation.judged {
            let key = if judged.accepted { "judgement-accepted" } else { "judgement-refused" };
            lines.push(say!(self.texts, key, who = self.staff(judged.by), time = self.moment(judged.at)));
            lines.extend(judged.reason.clone());
        }
        lines
    }

    pub fn roll(&self, state: RollState) -> SaidRoll {
        let text = match state {
            RollState::NoRoll => say!(self.texts, "roll-none"),
            RollState::Open => say!(self.texts, "roll-open"),
            RollState::Untaken => say!(self.texts, "roll-untaken"),
            RollState::Taken { by, at } => {
                say!(self.texts, "roll-taken", who = self.staff(by), time = self.moment(at))
            }
        };
        SaidRoll::new(state, text)
    }

    pub fn counts(&self, counts: &Counts) -> Vec<Figure> {
        let figure = |what: &str, number, key| Figure {
            what: what.to_owned(),
            number,
            text: say!(self.texts, key, count = number),
        };
        vec![
            figure("expected", counts.expected, "board-expected"),
            figure("present", counts.present, "board-present"),
            figure("sick", counts.sick, "board-sick"),
            figure("away", counts.away, "board-away"),
            figure("on_leave", counts.on_leave, "board-on-leave"),
            figure("unexplained", counts.unexplained, "board-unexplained"),
            figure("explained", counts.explained, "board-explained"),
            figure("gone", counts.gone, "board-gone"),
            figure("unmarked", counts.unmarked, "board-unmarked"),
        ]
    }

    /// What staff send when a roll or board with unseen reports is opened: shells send it at once, without asking.
    pub fn mark_seen(&self, pupils: &[PersonId], day: NaiveDate) -> Vec<Action> {
        let chunks = pupils.chunks(crate::domain::decide::MOST_IN_ONE_COMMAND);
        chunks
            .filter_map(|pupils| {
                let capacity = self.capacity_about(CommandKind::MarkSeen, pupils)?;
                let body = CommandBody::MarkSeen { pupils: pupils.to_vec(), day };
                let label = say!(self.texts, "action-mark-seen");
                Some(Action { does: Does::MarkSeen, label, capacity, body, adds: None })
            })
            .collect()
    }
}
