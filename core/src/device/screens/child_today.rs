//! One child on a guardian's *today*: where it stands, how far what was said has come, and the buttons. What a button may
//! do is asked of the rules; here is only what is worth asking.

use super::{
    frame::Frame,
    values::{Action, Cutoff, DayLine, Does, Person, ReportLine, SaidReached},
};
use crate::{
    device::PhoneError,
    domain::{
        attendance::{
            AbsenceKind, Extent, PartOfDay, PupilDay, Session, Status,
            board::DayBook,
            session::{day_to_report, next_in_session, previous_in_session, pupil_in_session},
        },
        command::{Capacity, CommandBody},
        ids::PersonId,
        record::{Record, RecordKind},
        time::{instant, local_datetime},
    },
    say,
};
use chrono::{DurationRound, NaiveDate, NaiveTime, TimeDelta, Timelike};
use serde::Serialize;
use std::collections::BTreeMap;

/// How far back an unexplained absence is asked about, and how far ahead a report is followed, in calendar days.
const BACK: u64 = 60;
const AHEAD: u64 = 200;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ChildToday {
    pub pupil: Person,
    /// The child's other schools, where what is said here is said too (`Phone::submit_everywhere`), and the same in words.
    pub elsewhere: Vec<String>,
    pub elsewhere_text: Option<String>,
    /// In words, where nothing that the child goes to is open today.
    pub closed: Option<String>,
    pub today: DayLine,
    /// The next day in session, what was said of it, and how far that has come.
    pub next: Option<DayLine>,
    pub next_reports: Vec<ReportLine>,
    pub next_delivery: Option<SaidReached>,
    /// The day that a report is about which names none: today until the school day is over, else the next one in session.
    /// None: none is to come.
    pub report_day: Option<NaiveDate>,
    pub delivery: Option<SaidReached>,
    /// Everything that was said of today, oldest first.
    pub reports: Vec<ReportLine>,
    /// Of the day that a report is about; none where none can be made.
    pub cutoff: Option<Cutoff>,
    /// School and home contradict each other.
    pub check: Option<String>,
    /// Days on which the child was missed and nobody at home has said why.
    pub to_explain: Vec<ToExplain>,
    pub actions: Vec<Action>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ToExplain {
    pub day: NaiveDate,
    pub session: Session,
    pub text: String,
    /// One for each kind of absence; none where it is too late to say it here.
    pub actions: Vec<Action>,
}

pub(super) fn child_today(frame: &Frame<'_>, pupil: PersonId) -> Result<ChildToday, PhoneError> {
    let records = frame.source.of_pupil_between(RecordKind::Attendance, pupil, frame.ago(BACK), frame.ahead(AHEAD))?;
    let roster = frame.source.roster();
    let child = Child {
        frame,
        pupil,
        days: frame.days_of(pupil, records.clone()),
        rolls: frame.source.between(RecordKind::RollClosed, frame.today, frame.today)?,
        records,
        open: pupil_in_session(roster, pupil, frame.today),
        next: next_in_session(roster, pupil, frame.today),
        due: day_to_report(roster, pupil, frame.now),
    };
    child.screen()
}

struct Child<'a> {
    frame: &'a Frame<'a>,
    pupil: PersonId,
    days: BTreeMap<NaiveDate, PupilDay>,
    records: Vec<Record>,
    /// Today's closed rolls, as far as homes hear of them.
    rolls: Vec<Record>,
    open: bool,
    next: Option<NaiveDate>,
    /// The day that a report is about which names none.
    due: Option<NaiveDate>,
}

impl Child<'_> {
    fn screen(&self) -> Result<ChildToday, PhoneError> {
        let (frame, today) = (self.frame, self.frame.today);
        let facts = self.days.get(&today);
        let next = self.next.and_then(|next| self.days.get(&next));
        let actions = self.actions();
        let name = frame.pupil(self.pupil);
        let check = facts.and_then(PupilDay::main).is_some_and(|main| main.check);
        Ok(ChildToday {
            // A school knows itself only; `Phone` adds what it knows of the others.
            elsewhere: Vec::new(),
            elsewhere_text: None,
            closed: (!self.open).then(|| self.closed()),
            today: self.line(today),
            next: self.next.map(|next| self.line(next)),
            next_reports: next.map(|facts| frame.report_lines(facts)).transpose()?.unwrap_or_default(),
            next_delivery: next.map(|facts| frame.day_delivery(facts)).transpose()?.flatten(),
            report_day: self.due,
            delivery: facts.map(|facts| frame.day_delivery(facts)).transpose()?.flatten(),
            reports: facts.map(|facts| frame.report_lines(facts)).transpose()?.unwrap_or_default(),
            cutoff: self.cutoff(&actions),
            check: check.then(|| frame.check_home(self.pupil)),
            to_explain: self.to_explain(),
            actions,
            pupil: name,
        })
    }

    fn line(&self, day: NaiveDate) -> DayLine {
        let frame = self.frame;
        let records = self.records.iter().chain(&self.rolls).filter(|record| record.day == Some(day)).cloned();
        let book = DayBook::new(frame.source.roster(), day, frame.now, records);
        let mut line = frame.day_line(day, book.whereabouts(self.pupil), self.days.get(&day));
        let over = day == frame.today && book.is_over(self.pupil);
        if over && line.status.state == Status::Expected {
            // In the evening nobody is expected any more.
            line.status.text = frame.texts.status(&Status::Expected, true);
        } else if !over
            && line.status.state == Status::Present
            && let Some(since) = book.present_since(self.pupil)
        {
            let time = frame.texts.clock_at(since, frame.tz);
            line.status.text = say!(frame.texts, "status-present-since", time = time);
        }
        line
    }

    fn closed(&self) -> String {
        let frame = self.frame;
        let roster = frame.source.roster();
        let facts = roster.pupil(self.pupil);
        let calendars = facts.into_iter().flat_map(|facts| roster.calendars_of(facts.form, None));
        let holiday = calendars.filter_map(|calendar| calendar.holiday_on(frame.today)).next();
        match holiday {
            Some(holiday) => say!(frame.texts, "closed-holiday", holiday = &holiday.name),
            None => say!(frame.texts, "closed"),
        }
    }

    fn cutoff(&self, actions: &[Action]) -> Option<Cutoff> {
        let (frame, today) = (self.frame, self.frame.today);
        let day = self.due?;
        let at = frame.empty_day(self.pupil, day).rules?.attendance.cutoff;
        let time = frame.texts.clock(at);
        if day != today {
            let offered = actions.iter().any(|action| action.does == Does::ReportSick);
            let text = say!(frame.texts, "cutoff-on", time = time, day = frame.texts.day_by_name(day, today));
            return offered.then_some(Cutoff { at, past: false, text });
        }
        let past = frame.now > instant(frame.tz, today, at);
        let key = if past { "cutoff-past" } else { "cutoff-before" };
        Some(Cutoff { at, past, text: say!(frame.texts, key, time = time) })
    }

    fn to_explain(&self) -> Vec<ToExplain> {
        let frame = self.frame;
        let mut found = Vec::new();
        for (day, facts) in self.days.range(..=frame.today).rev() {
            for session in facts.sessions.keys().copied() {
                if facts.unanswered(session).is_none() {
                    continue;
                }
                let kinds = [AbsenceKind::Sick, AbsenceKind::Appointment, AbsenceKind::Other];
                let actions: Vec<Action> = kinds
                    .into_iter()
                    .filter_map(|kind| {
                        let (pupil, day) = (self.pupil, *day);
                        let body = CommandBody::ExplainAbsence { pupil, day, session, kind, note: None };
                        self.offer(Does::Explain, frame.texts.absence_kind(kind), body)
                    })
                    .collect();
                // It stays until somebody has said why, also where that can no longer be done here.
                let day_text = frame.texts.day_and_session(*day, session, frame.today);
                // A pupil of age is asked herself.
                let own = self.pupil == frame.source.me();
                let text = match (actions.as_slice(), frame.source.roster().school()) {
                    ([], Some(school)) => {
                        let key = if own { "explain-call-own" } else { "explain-call" };
                        say!(frame.texts, key, day = day_text, phone = &school.phone)
                    }
                    ([], None) | ([_, ..], _) => {
                        say!(frame.texts, if own { "explain-question-own" } else { "explain-question" }, day = day_text)
                    }
                };
                found.push(ToExplain { day: *day, session, text, actions });
            }
        }
        found
    }

    /// A button, if the rules on this phone would take its command and it would change anything.
    fn offer(&self, does: Does, label: String, body: CommandBody) -> Option<Action> {
        let capacity = Capacity::Home;
        self.frame.would(capacity, &body).then_some(Action { does, label, capacity, body, adds: None })
    }

    fn told(&self, day: NaiveDate) -> Option<(Option<AbsenceKind>, Extent)> {
        let facts = self.days.get(&day)?;
        Some((facts.main()?.kind, facts.told()?))
    }

    fn actions(&self) -> Vec<Action> {
        let today = self.frame.today;
        let longer = self.longer();
        let mut actions = Vec::new();
        if let Some(day) = self.due {
            // Once the day is over, the same again tomorrow is what *away longer* says.
            let goes_on = |kind: AbsenceKind| {
                let runs = self.told(today).is_some_and(|(of, _)| of == Some(kind));
                day != today && runs && longer.is_some()
            };
            if !goes_on(AbsenceKind::Sick) {
                actions.extend(self.report_sick(day));
            }
            let whole_today = self.told(today).is_some_and(|(_, extent)| extent.is_whole());
            if day == today || !whole_today || longer.is_none() {
                actions.extend(self.same_as_before(day));
            }
            // School is over, and a club goes on.
            if day != today && self.is_open_still() {
                actions.extend(self.report_sick(today));
            }
        }
        actions.extend(self.well_again());
        actions.extend(longer);
        actions.extend(self.withdraw());
        actions
    }

    fn is_whole(&self, day: NaiveDate) -> bool {
        self.told(day).is_some_and(|(_, extent)| extent.is_whole())
    }

    /// Whether anything that the child goes to today has not closed yet.
    fn is_open_still(&self) -> bool {
        let closes = || self.frame.empty_day(self.pupil, self.frame.today).hours.open.to;
        self.open && local_datetime(self.frame.tz, self.frame.now).time() < closes()
    }

    fn report_sick(&self, day: NaiveDate) -> Option<Action> {
        let texts = &self.frame.texts;
        if self.is_whole(day) {
            return None;
        }
        let label = match day == self.frame.today {
            true => say!(texts, "action-report-sick"),
            false => say!(texts, "action-report-sick-on", day = texts.day_by_name(day, self.frame.today)),
        };
        self.offer(Does::ReportSick, label, report_on(vec![self.pupil], AbsenceKind::Sick, None, day))
    }

    /// What was told of the last day in session before `day`, for that day. Whoever was sent home is offered the whole day.
    fn same_as_before(&self, day: NaiveDate) -> Option<Action> {
        let (frame, today) = (self.frame, self.frame.today);
        if self.is_whole(day) {
            return None;
        }
        let before = previous_in_session(frame.source.roster(), self.pupil, day)?;
        let (kind, extent) = self.told(before)?;
        let kind = kind?;
        let sent_home = self.days.get(&before).is_some_and(|facts| facts.sent_home().is_some());
        let part = match extent {
            Extent::Whole => None,
            Extent::Parts(_) if sent_home => None,
            Extent::Parts(parts) => match parts.as_slice() {
                [only] => Some(*only),
                [] | [_, ..] => return None,
            },
        };
        let what = frame.texts.absence(Some(kind), &part.map_or(Extent::Whole, |part| Extent::Parts(vec![part])));
        let then = frame.texts.day(before, today);
        let label = match day == today {
            true => say!(frame.texts, "action-same-as-before", day = then, what = what),
            false => {
                let on = frame.texts.day_by_name(day, today);
                say!(frame.texts, "action-same-on", day = on, before = then, what = what)
            }
        };
        self.offer(Does::SameAsYesterday, label, report_on(vec![self.pupil], kind, part, day))
    }

    fn well_again(&self) -> Vec<Action> {
        let (frame, today) = (self.frame, self.frame.today);
        let texts = &frame.texts;
        let mut actions = Vec::new();
        if self.told(today).is_some()
            && let Some(facts) = self.days.get(&today)
            && let Some(now) = next_five_minutes(local_datetime(frame.tz, frame.now).time())
            // Of a day that is over nothing can be taken back: well tomorrow is all that is left to say.
            && now < facts.hours.open.to
        {
            // Where the school has seen the child all along, home agrees.
            let agrees = facts.extent().is_none();
            let back_at = Some(now).filter(|now| *now > facts.starts() && !agrees);
            let label = match back_at {
                Some(at) => say!(texts, "action-well-from", time = texts.clock(at)),
                None => say!(texts, "action-well-today"),
            };
            let body = CommandBody::EndAbsence { pupil: self.pupil, back_on: today, back_at };
            actions.extend(self.offer(Does::WellAgainToday, label, body));
        }
        if let Some(next) = self.next
            && (self.told(today).is_some() || self.runs_over_closed_days())
            && self.told(next).is_some()
        {
            let label = say!(texts, "action-well-on", day = texts.day_by_name(next, today));
            let body = CommandBody::EndAbsence { pupil: self.pupil, back_on: next, back_at: None };
            actions.extend(self.offer(Does::WellAgainLater, label, body));
        }
        actions
    }

    /// Whether an absence goes on over the days without school that today is one of.
    fn runs_over_closed_days(&self) -> bool {
        let before = previous_in_session(self.frame.source.roster(), self.pupil, self.frame.today);
        let kind = |day: Option<NaiveDate>| day.and_then(|day| self.told(day)).map(|(kind, _)| kind);
        !self.open && kind(before).is_some() && kind(before) == kind(self.next)
    }

    /// One day more of the absence that runs today.
    fn longer(&self) -> Option<Action> {
        let (frame, roster) = (self.frame, self.frame.source.roster());
        let first = if self.runs_over_closed_days() { self.next? } else { frame.today };
        let (kind, _) = self.told(first)?;
        let same = |day: &NaiveDate| self.told(*day).is_some_and(|(other, _)| other == kind);
        let run = std::iter::successors(Some(first), |day| next_in_session(roster, self.pupil, *day).filter(same));
        let last = run.take(usize::try_from(AHEAD).unwrap_or(usize::MAX)).last()?;
        let to = next_in_session(roster, self.pupil, last)?;
        let label = say!(frame.texts, "action-extend", day = frame.texts.day_by_name(to, frame.today));
        self.offer(Does::Extend, label, CommandBody::ExtendAbsence { pupil: self.pupil, to })
    }

    /// The first absence that has not begun.
    fn withdraw(&self) -> Option<Action> {
        let frame = self.frame;
        let roster = frame.source.roster();
        let (first, kind) = self.days.range(frame.today..).find_map(|(day, _)| {
            let (kind, _) = self.told(*day)?;
            let before = previous_in_session(roster, self.pupil, *day).and_then(|before| self.told(before));
            let begins = before.is_none_or(|(other, _)| other != kind);
            let ahead = *day > frame.today || self.line(*day).absence.is_some();
            (begins && ahead).then_some((*day, kind))
        })?;
        let run = std::iter::successors(Some(first), |day| {
            next_in_session(roster, self.pupil, *day).filter(|next| self.told(*next).is_some_and(|(k, _)| k == kind))
        });
        let last = run.take(usize::try_from(AHEAD).unwrap_or(usize::MAX)).last()?;
        let label = say!(frame.texts, "action-withdraw", days = frame.texts.days(first, last, frame.today));
        let body = CommandBody::WithdrawAbsence { pupil: self.pupil, from: first, to: last };
        self.offer(Does::Withdraw, label, body)
    }
}

pub(super) fn report_on(
    pupils: Vec<PersonId>,
    kind: AbsenceKind,
    part: Option<PartOfDay>,
    day: NaiveDate,
) -> CommandBody {
    CommandBody::ReportAbsence {
        pupils,
        kind,
        from: day,
        to: day,
        part,
        note: None,
        on_behalf_of: None,
        phoned_at: None,
    }
}

/// The next round time, as one would say when one is on the way.
fn next_five_minutes(time: NaiveTime) -> Option<NaiveTime> {
    let today = NaiveDate::default().and_time(time.with_nanosecond(0)?);
    let rounded = today.duration_trunc(TimeDelta::minutes(5)).ok()?;
    let rounded = if rounded < today { rounded + TimeDelta::minutes(5) } else { rounded };
    (rounded.date() == today.date()).then(|| rounded.time())
}

/// The day on which a child still counts as expected, for a button that reports several at once: that of its own button.
pub(super) fn can_be_reported(child: &ChildToday) -> Option<NaiveDate> {
    let day = child.report_day?;
    let line = [Some(&child.today), child.next.as_ref()].into_iter().flatten().find(|line| line.day == day)?;
    let expected = match line.status.state {
        Status::Expected | Status::Back { .. } => line.absence.is_none(),
        Status::NotInSession
        | Status::Present
        | Status::Late { .. }
        | Status::Reported { .. }
        | Status::OnLeave
        | Status::Unexplained { .. }
        | Status::LeftEarly { .. }
        | Status::SentHome { .. } => false,
    };
    let of_that_day = |action: &Action| {
        let from_day = matches!(&action.body, CommandBody::ReportAbsence { from, .. } if *from == day);
        from_day && action.does == Does::ReportSick
    };
    (expected && child.actions.iter().any(of_that_day)).then_some(day)
}
