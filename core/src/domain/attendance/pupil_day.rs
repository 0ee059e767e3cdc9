//! One pupil's day: the records of all its sessions together, and the one place where what they say is settled.
//!
//! Commands change a `PupilDay` and settle it; `effects` writes what is different. It never writes by itself.

use super::{
    AbsenceKind, Attendance, Extent, HomeAnswer, Mark, Presence, Report, RollTaken, Session, Validity,
    about::AHEAD,
    outranking::{Hours, after_marks},
    session::rules_and_hours,
};
use crate::domain::{
    ids::PersonId,
    record::{Record, RecordKind},
    roster::Roster,
    rules::RuleSet,
    time::{instant, local_datetime},
    world::World,
};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use std::{collections::BTreeMap, sync::Arc};

/// All that is so for a pupil on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct PupilDay {
    pub pupil: PersonId,
    pub day: NaiveDate,
    pub hours: Hours,
    /// `None`: this phone or school holds no rule set for the pupil's form that day; then nothing is refused by one.
    pub rules: Option<Arc<RuleSet>>,
    pub sessions: BTreeMap<Session, Attendance>,
}

impl PupilDay {
    pub fn empty(roster: &Roster, pupil: PersonId, day: NaiveDate) -> Self {
        let (rules, open, lessons) = rules_and_hours(roster, pupil, day);
        let hours = Hours { day, tz: roster.time_zone(), open, lessons };
        Self { pupil, day, hours, rules, sessions: BTreeMap::new() }
    }

    pub fn load(world: &dyn World, pupil: PersonId, day: NaiveDate) -> Self {
        let mut found = Self::empty(world.roster(), pupil, day);
        found.sessions.extend(world.pupil_records(RecordKind::Attendance, pupil, day, day).into_iter().filter_map(own));
        found
    }

    /// The days of a span that have records, both ends inclusive.
    pub fn load_span(
        world: &dyn World,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> BTreeMap<NaiveDate, PupilDay> {
        let mut days = BTreeMap::new();
        for record in world.pupil_records(RecordKind::Attendance, pupil, from, to) {
            let Some(day) = record.day else { continue };
            let found: &mut PupilDay = days.entry(day).or_insert_with(|| Self::empty(world.roster(), pupil, day));
            found.sessions.extend(own(record));
        }
        days
    }

    /// The day's own record, where reports are.
    pub fn main(&self) -> Option<&Attendance> {
        self.sessions.get(&Session::Day)
    }

    pub fn session_mut(&mut self, session: Session) -> &mut Attendance {
        self.sessions.entry(session).or_insert_with(|| Attendance::of(session))
    }

    pub fn reports(&self) -> &[Report] {
        self.main().map_or(&[], |main| &main.reports)
    }

    /// The absence in force.
    pub fn extent(&self) -> Option<&Extent> {
        self.main()?.extent.as_ref()
    }

    pub fn marks(&self) -> impl Iterator<Item = (Session, &Mark)> {
        self.sessions.iter().flat_map(|(session, record)| record.marks.iter().map(|mark| (*session, mark)))
    }

    /// What home and office have told and not taken back, whatever the roll says.
    pub fn told(&self) -> Option<Extent> {
        self.told_in(|_| true)
    }

    fn told_in(&self, counts: impl Fn(&Report) -> bool) -> Option<Extent> {
        let held = self.reports().iter().filter(|report| counts(report)).filter_map(|report| match report.ended_from {
            None => Some(report.extent.clone()),
            Some(time) => report.extent.until(time, self.hours.open),
        });
        held.reduce(|a, b| a.union(&b))
    }

    /// What kind of absence it is. The widest report says it, the first teller of several, in their latest words: a second
    /// guardian who says the same changes nothing, one who says it again mends it.
    fn told_kind(&self) -> Option<AbsenceKind> {
        self.kind_where(Report::holds)
    }

    /// The same of the reports that hold at a time; the day's own where none does.
    pub fn kind_at(&self, time: NaiveTime) -> Option<AbsenceKind> {
        let then = |report: &Report| report.extent.contains(time) && report.ended_from.is_none_or(|ended| time < ended);
        self.kind_where(then).or_else(|| self.told_kind())
    }

    fn kind_where(&self, counts: impl Fn(&Report) -> bool) -> Option<AbsenceKind> {
        let held: Vec<&Report> = self.reports().iter().filter(|report| counts(report)).collect();
        let whole = held.iter().any(|report| report.extent.is_whole());
        let widest = || held.iter().filter(|report| !whole || report.extent.is_whole());
        let teller = widest().next()?.teller();
        widest().rfind(|report| report.teller() == teller).map(|report| report.kind)
    }

    /// Brings what is in force into line with the reports and marks.
    pub fn settle(&mut self) {
        let (extent, check) = after_marks(self.told(), self.marks(), &self.hours);
        let kind = self.told_kind();
        let unanswered: Vec<Session> =
            self.sessions.keys().copied().filter(|session| self.unanswered(*session).is_some()).collect();
        for (session, record) in &mut self.sessions {
            let mut validity = Validity::Unjudged;
            if *session == Session::Day {
                record.extent.clone_from(&extent);
                record.kind = kind;
                record.check = check;
                validity = match kind {
                    Some(AbsenceKind::Sick | AbsenceKind::Appointment) => Validity::Valid,
                    Some(AbsenceKind::Other) | None => Validity::Unjudged,
                };
                if record.on_leave {
                    validity = Validity::Valid;
                }
            }
            let mut judged =
                record.explanations.iter().map(|explanation| explanation.judged.as_ref().map(|judged| judged.accepted));
            record.validity = if judged.clone().any(|accepted| accepted == Some(false)) {
                Validity::Invalid
            } else if !record.explanations.is_empty()
                && judged.all(|accepted| accepted == Some(true))
                && !unanswered.contains(session)
            {
                Validity::Valid
            } else {
                validity
            };
        }
    }

    /// Whether home has told why the pupil was not there when it was marked: a report of that time, or one that arrived
    /// after the mark and speaks of the time when it was filed.
    pub(super) fn explains(&self, session: Session, mark: &Mark) -> bool {
        let Some(main) = self.main() else { return false };
        if main.on_leave {
            return true;
        }
        let Some(extent) = &main.extent else { return false };
        let covers = match session {
            Session::Lesson(_) => extent.overlaps(&self.hours.span(session)),
            Session::Day => self.hours.moment(mark.at).is_none_or(|moment| extent.contains(moment)),
        };
        covers
            || session == Session::Day
                && main.reports.iter().any(|report| {
                    report.ended_from.is_none()
                        && report.received_at >= mark.at
                        && self
                            .hours
                            .moment(report.filed_at)
                            .is_some_and(|told| report.extent.starts(self.hours.open) <= told)
                })
    }

    /// The earliest mark of a session that says *not there*, where no report says why.
    pub fn unexplained(&self, session: Session) -> Option<&Mark> {
        let record = self.sessions.get(&session)?;
        let missed = record.marks.iter().filter(|mark| mark.presence == Presence::Unexplained);
        missed.filter(|mark| !self.explains(session, mark)).min_by_key(|mark| mark.at)
    }

    /// Like [`PupilDay::unexplained`], of the marks that no explanation of home's answers either.
    pub fn unanswered(&self, session: Session) -> Option<&Mark> {
        let record = self.sessions.get(&session)?;
        let missed = record.marks.iter().filter(|mark| mark.presence == Presence::Unexplained);
        missed
            .filter(|mark| !self.explains(session, mark) && record.answer_to(mark).is_none())
            .min_by_key(|mark| mark.at)
    }

    /// Whether a mark says *not there*, nobody at home has said why since, and the pupil has not come since: somebody
    /// must be told, or called. Whom home believes at school is missing whatever else has been written.
    pub fn is_missing(&self, session: Session, mark: &Mark) -> bool {
        let unanswered = || {
            (!self.explains(session, mark) || self.is_due_back(session, mark))
                && self.sessions.get(&session).is_none_or(|record| record.answer_to(mark).is_none())
        };
        mark.presence == Presence::Unexplained
            && (self.is_sought(session, mark) || unanswered())
            && !self.came_after(session, mark)
    }

    /// Whether home, called about this mark, has said that the pupil should be at school, and has not said otherwise since.
    pub(super) fn is_sought(&self, session: Session, mark: &Mark) -> bool {
        let answer = self.sessions.get(&session).and_then(|record| record.answered.as_ref());
        // Two devices' clocks: of a mark that seems a little newer it is still the answer. Better sought in vain.
        answer.is_some_and(|answer| !answer.outcome.settles() && mark.at <= answer.at + AHEAD)
    }

    /// The alarm: home believes the pupil at school, and it is not there. It stands until a roll has seen the pupil, or
    /// home has said something else on the telephone.
    pub fn alarm(&self, session: Session) -> Option<&HomeAnswer> {
        let record = self.sessions.get(&session)?;
        let sought = |mark: &Mark| self.is_missing(session, mark) && self.is_sought(session, mark);
        record.answered.as_ref().filter(|_| record.marks.iter().any(sought))
    }

    /// The day's first alarm.
    pub fn any_alarm(&self) -> Option<(Session, &HomeAnswer)> {
        self.sessions.keys().find_map(|session| Some((*session, self.alarm(*session)?)))
    }

    /// Keeps what home said, unless something newer is known. Gives whether it holds now.
    pub fn take_answer(&mut self, session: Session, answer: HomeAnswer) -> bool {
        let Some(record) = self.sessions.get_mut(&session) else { return false };
        let newer = |held: &HomeAnswer| (held.at, held.command) > (answer.at, answer.command);
        if record.answered.as_ref().is_some_and(newer) {
            return false;
        }
        record.answered = Some(answer);
        true
    }

    /// Whether a pupil who was missed, and whose absence home has told since, is said to be well again and back: expected,
    /// and nobody has seen it.
    pub fn is_due_back(&self, session: Session, mark: &Mark) -> bool {
        let Some(main) = self.main().filter(|main| !main.on_leave) else { return false };
        let Some(ended) = main.ended.as_ref().filter(|ended| !ended.withdrawn) else { return false };
        let told_since = || main.reports.iter().any(|r| r.ended_from.is_none() && r.filed_at > ended.filed_at);
        let missed = self.hours.speaks_of(session, mark.at).0;
        ended.back_at.is_some_and(|back| missed < back && !self.extent().is_some_and(|extent| extent.contains(back)))
            && !told_since()
    }

    /// Whether any roll has seen the pupil since a mark, also one that has missed it again later.
    fn came_after(&self, session: Session, mark: &Mark) -> bool {
        let missed = self.hours.speaks_of(session, mark.at);
        let seen =
            |of: Session, other: &Mark| other.presence.was_there() && self.hours.speaks_of(of, other.at) > missed;
        self.marks().any(|(of, mark)| seen(of, mark) || mark.previous.as_deref().is_some_and(|held| seen(of, held)))
    }

    /// The mark that speaks of the latest time of the day.
    pub fn newest_mark(&self) -> Option<(Session, &Mark)> {
        self.marks().max_by_key(|(session, mark)| self.hours.speaks_of(*session, mark.at))
    }

    /// The earliest mark of a session by which the pupil is missing.
    pub fn missing(&self, session: Session) -> Option<&Mark> {
        let marks = &self.sessions.get(&session)?.marks;
        marks.iter().filter(|mark| self.is_missing(session, mark)).min_by_key(|mark| mark.at)
    }

    /// Since when the pupil has been missing: the mark, or the end of the report that had explained it.
    pub fn missing_since(&self, session: Session) -> Option<DateTime<Utc>> {
        let mark = self.missing(session)?;
        let Some(ended) = self.main().and_then(|main| main.ended.as_ref()) else { return Some(mark.at) };
        let back = ended.back_at.filter(|_| self.is_due_back(session, mark)).map(|back| self.instant(back));
        Some(mark.at.max(ended.at).max(back.unwrap_or(mark.at)))
    }

    pub fn sent_home(&self) -> Option<(Session, &Mark)> {
        self.marks().find(|(_, mark)| match mark.presence {
            Presence::SentHomeSick { .. } => true,
            Presence::Present | Presence::Late { .. } | Presence::Unexplained | Presence::LeftEarly { .. } => false,
        })
    }

    /// Whether a roll counts the pupil as not there when it was closed. The mark of that roll says; or else a leave, a
    /// report that whoever closed it knew of, or a mark of another roll of the same session.
    pub fn absent_from_roll(&self, roll: &RollTaken) -> bool {
        let record = self.sessions.get(&roll.session);
        if let Some(own) = record.and_then(|record| record.mark_of(roll.group)) {
            return !own.presence.was_there();
        }
        if self.main().is_some_and(|main| main.on_leave) {
            return true;
        }
        let (known, _) = after_marks(self.told_in(|report| roll.knew_of(report)), self.marks(), &self.hours);
        let away = known.is_some_and(|extent| match (roll.session, self.hours.moment(roll.at)) {
            (Session::Lesson(_), _) => extent.overlaps(&self.hours.span(roll.session)),
            (Session::Day, Some(moment)) => extent.contains(moment),
            (Session::Day, None) => extent.is_whole(),
        });
        away || record.and_then(Attendance::latest_mark).is_some_and(|other| match other.presence {
            Presence::Present | Presence::Late { .. } => false,
            Presence::Unexplained | Presence::LeftEarly { .. } | Presence::SentHomeSick { .. } => true,
        })
    }

    /// Whether a report says something else than a roll that saw the pupil.
    pub fn contradicts(&self, told: Option<&Extent>, roll: &RollTaken) -> bool {
        after_marks(told.cloned(), [(roll.session, &roll.presence())], &self.hours).1
    }

    /// The instant at which a time of this day is.
    pub fn instant(&self, time: NaiveTime) -> DateTime<Utc> {
        instant(self.hours.tz, self.day, time)
    }

    /// When the pupil's own form starts; a club may be open long before.
    pub fn starts(&self) -> NaiveTime {
        self.rules.as_ref().map_or(self.hours.open.from, |rules| rules.attendance.day_starts)
    }

    /// Whether a report filed at that instant is late for this day: after the cutoff, or of a day that is over.
    pub fn is_late(&self, filed_at: DateTime<Utc>) -> bool {
        let filed = local_datetime(self.hours.tz, filed_at).date();
        filed > self.day
            || (filed == self.day
                && self.rules.as_ref().is_some_and(|rules| filed_at > self.instant(rules.attendance.cutoff)))
    }

    pub fn undo_window(&self) -> TimeDelta {
        TimeDelta::seconds(self.rules.as_ref().map_or(60, |rules| i64::from(rules.attendance.undo_seconds)))
    }
}

fn own(record: Record) -> Option<(Session, Attendance)> {
    Attendance::try_from(record.body).ok().map(|attendance| (attendance.session, attendance))
}
