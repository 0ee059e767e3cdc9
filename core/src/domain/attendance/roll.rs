//! Calling the roll: a teacher marks exceptions, can take a mark back for a minute, and closes the roll, which says of
//! everybody else that they were there.

use super::{
    AbsenceKind, Extent, Mark, PartOfDay, Presence, PupilDay, Report, RollClosed, RollTaken, Seen, Session, Undone,
    about::{About, record},
    roll_closed_key, roll_key,
    session::{group_in_session, group_next_in_session, session_starts, sessions_of},
};
use crate::domain::{
    command::RollMark,
    decide::a_fair_number,
    ids::{GroupId, PersonId},
    rejection::Rejection,
    rules::{AttendanceRules, RuleSet},
    time::instant,
    world::Changes,
};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use std::{collections::BTreeSet, sync::Arc};

/// How long before its start a lesson's roll can be closed: the class is in the room, and clocks differ a little.
const EARLY: TimeDelta = TimeDelta::minutes(5);

/// A roll: which group's, of which day and session.
#[derive(Clone, Copy)]
pub(super) struct Roll {
    pub group: GroupId,
    pub day: NaiveDate,
    pub session: Session,
}

impl About<'_> {
    /// Whether there is such a roll, and it can be called or mended now.
    fn open_roll(&self, roll: Roll) -> Result<Option<Arc<RuleSet>>, Rejection> {
        let roster = self.roster();
        let form = roster.group(roll.group).map(|group| group.form);
        let rules = form.and_then(|form| roster.rules(form, roll.day)).cloned();
        // A phone that does not hold the group leaves it to the server to know.
        if form.is_some() && !sessions_of(roster, roll.group, roll.day).contains(&roll.session) {
            return Err(Rejection::NoSuchSession);
        }
        let back = rules.as_ref().map_or(0, |rules| u64::from(rules.attendance.days_back));
        let first = self.filed_day.min(self.today).checked_sub_days(Days::new(back)).unwrap_or(roll.day);
        if roll.day > self.filed_day.max(self.today) || roll.day < first {
            return Err(Rejection::RollNotOpen { day: roll.day });
        }
        if form.is_some() && !group_in_session(roster, roll.group, roll.day) {
            return Err(Rejection::NotInSession { next: group_next_in_session(roster, roll.group, roll.day) });
        }
        Ok(rules)
    }

    /// Whether the roll has that pupil, for this one: a pupil whom one is barred from reads like one of another group.
    fn is_called(&self, roll: Roll, pupil: PersonId) -> Result<bool, Rejection> {
        let barred = self.roster().is_blocked(pupil, self.person()?);
        Ok(!barred && self.roster().is_member(pupil, roll.group, roll.day))
    }

    pub fn mark(&self, roll: Roll, marks: &[RollMark]) -> Result<Changes, Rejection> {
        a_fair_number(marks.len())?;
        let rules = self.open_roll(roll)?;
        let mut named = BTreeSet::new();
        for mark in marks {
            if !named.insert(mark.pupil) {
                return Err(Rejection::MarkedTwice { pupil: mark.pupil });
            }
            if !self.is_called(roll, mark.pupil)? {
                return Err(Rejection::NotInGroup { pupil: mark.pupil });
            }
            inside_the_day(rules.as_deref(), mark.presence)?;
        }
        let mut changes = Changes::none();
        let mut days = Vec::with_capacity(marks.len());
        for mark in marks {
            let before = PupilDay::load(self.world, mark.pupil, roll.day);
            if self.was_given(&before, roll) {
                continue;
            }
            let mut after = before.clone();
            let held = after.sessions.get(&roll.session).and_then(|record| record.mark_of(roll.group)).cloned();
            // *Not there* is said again where something had answered it since: the pupil has still not come.
            let says_nothing_new = |held: &Mark| {
                held.presence == mark.presence
                    && (mark.presence != Presence::Unexplained || before.is_missing(roll.session, held))
            };
            if held.as_ref().is_some_and(says_nothing_new) {
                continue;
            }
            let new = Mark {
                command: self.command.id,
                presence: mark.presence,
                by: self.person()?,
                at: self.filed_at,
                group: roll.group,
                previous: held.map(|held| Box::new(Mark { previous: None, ..held })),
            };
            replace_mark(&mut after, roll, Some(new));
            for later in self.closed_rolls(&after) {
                if !later.absent.contains(&mark.pupil) && seen_after_missed(&after, &later) {
                    after.session_mut(later.session).marks.push(later.presence());
                }
            }
            after.settle();
            self.write(&before, &after, &mut changes);
            days.push(after);
        }
        self.keep_roll_right(roll, &days, &mut changes);
        Ok(changes)
    }

    /// Whether this command has marked the pupil before, and perhaps been undone or marked over since.
    fn was_given(&self, day: &PupilDay, roll: Roll) -> bool {
        let Some(record) = day.sessions.get(&roll.session) else { return false };
        let mine = |mark: &Mark| mark.command == self.command.id;
        record.undone.is_some_and(|undone| undone.mark == self.command.id)
            || record.mark_of(roll.group).is_some_and(|mark| mine(mark) || mark.previous.as_deref().is_some_and(mine))
    }

    pub fn undo(&self, roll: Roll, pupil: PersonId) -> Result<Changes, Rejection> {
        let rules = self.open_roll(roll)?;
        if !self.is_called(roll, pupil)? {
            return Err(Rejection::NotInGroup { pupil });
        }
        let before = PupilDay::load(self.world, pupil, roll.day);
        let record = before.sessions.get(&roll.session);
        if record.and_then(|record| record.undone).is_some_and(|undone| undone.command == self.command.id) {
            return Ok(Changes::none());
        }
        let Some(held) = record.and_then(|record| record.mark_of(roll.group)).cloned() else {
            return Err(Rejection::NoMark);
        };
        // By the devices' own clocks: a teacher without a network sends both long after.
        let seconds = rules.as_ref().map_or(60, |rules| rules.attendance.undo_seconds);
        if (self.filed_at - held.at).num_seconds() > i64::from(seconds) {
            return Err(Rejection::UndoTooLate { seconds });
        }
        let mut after = before.clone();
        let undone = Undone { command: self.command.id, mark: held.command };
        after.session_mut(roll.session).undone = Some(undone);
        replace_mark(&mut after, roll, held.previous.map(|previous| *previous));
        let mut changes = Changes::none();
        self.write(&before, &after, &mut changes);
        self.keep_roll_right(roll, &[after], &mut changes);
        Ok(changes)
    }

    /// A closed roll says of everybody whom it does not name that they were there: of a lesson nobody can say that
    /// beforehand. A day has no such minute; some are there from the early hours on.
    fn has_begun(&self, roll: Roll, rules: &AttendanceRules) -> Result<(), Rejection> {
        let starts = match roll.session {
            Session::Day => return Ok(()),
            Session::Lesson(_) => session_starts(rules, roll.session),
        };
        let opens = instant(self.roster().time_zone(), roll.day, starts) - EARLY;
        // Whichever is later: a command waits for a network, a slow clock does not make it early.
        if self.filed_at.max(self.now) >= opens { Ok(()) } else { Err(Rejection::RollNotBegun { starts }) }
    }

    pub fn close(&self, roll: Roll) -> Result<Changes, Rejection> {
        let rules = self.open_roll(roll)?;
        let key = roll_key(self.school(), roll.group, roll.day, roll.session);
        if let Some(taken) = self.document::<RollTaken>(key) {
            return if taken.command == self.command.id {
                Ok(Changes::none())
            } else {
                Err(Rejection::RollClosed { by: taken.by, at: taken.at })
            };
        }
        rules.map_or(Ok(()), |rules| self.has_begun(roll, &rules.attendance))?;
        let mut taken = RollTaken {
            command: self.command.id,
            group: roll.group,
            session: roll.session,
            by: self.person()?,
            at: self.filed_at,
            absent: Vec::new(),
        };
        let mut changes = Changes::none();
        let mut members: Vec<PersonId> = self.roster().members(roll.group, roll.day).collect();
        members.sort_unstable();
        for pupil in members {
            let before = PupilDay::load(self.world, pupil, roll.day);
            if before.absent_from_roll(&taken) {
                taken.absent.push(pupil);
            } else if seen_after_missed(&before, &taken) || contradicted(&before, &taken) {
                let mut after = before.clone();
                replace_mark(&mut after, roll, Some(taken.presence()));
                self.write(&before, &after, &mut changes);
            }
        }
        let closed = roll_closed_key(self.school(), roll.group, roll.day, roll.session);
        changes.put.push(record(closed, None, roll.day, RollClosed::from(&taken)));
        changes.put.push(record(key, None, roll.day, taken));
        Ok(changes)
    }

    /// Marks after the roll was closed, a pupil who comes late, keep its list of absent pupils right.
    fn keep_roll_right(&self, roll: Roll, days: &[PupilDay], changes: &mut Changes) {
        let key = roll_key(self.school(), roll.group, roll.day, roll.session);
        let Some(taken) = self.document::<RollTaken>(key) else { return };
        let mut absent: BTreeSet<PersonId> = taken.absent.iter().copied().collect();
        for day in days {
            if day.absent_from_roll(&taken) {
                absent.insert(day.pupil);
            } else {
                absent.remove(&day.pupil);
            }
        }
        let mended = RollTaken { absent: absent.into_iter().collect(), ..taken.clone() };
        if mended.absent.len() != taken.absent.len() || mended.absent.iter().any(|p| !taken.absent.contains(p)) {
            changes.put.push(record(key, None, roll.day, mended));
        }
    }
}

/// Whether a closed roll saw a pupil whom the newest mark misses: missed in an earlier lesson, and there in this one. It
/// becomes a mark like any other, so that home's phone, which holds no rolls, sees it too, and a notice is corrected.
fn seen_after_missed(day: &PupilDay, roll: &RollTaken) -> bool {
    let missed = day.newest_mark().filter(|(_, mark)| mark.presence == Presence::Unexplained);
    let earlier = missed.is_some_and(|(session, mark)| {
        day.hours.speaks_of(session, mark.at) <= day.hours.speaks_of(roll.session, roll.at)
    });
    earlier && !has_marked(day, roll)
}

/// Whether a report that arrived after a roll was closed, though before the roll itself did, says something else.
fn contradicted(day: &PupilDay, roll: &RollTaken) -> bool {
    !has_marked(day, roll) && day.contradicts(day.told().as_ref(), roll)
}

fn has_marked(day: &PupilDay, roll: &RollTaken) -> bool {
    day.sessions.get(&roll.session).is_some_and(|record| record.mark_of(roll.group).is_some())
}

/// Puts a group's mark in the place of the one it has. Whoever is sent home sick is away for the rest of the day on the
/// school's own word, for as long as that mark stands.
fn replace_mark(day: &mut PupilDay, roll: Roll, mark: Option<Mark>) {
    let open = day.hours.open;
    let record = day.session_mut(roll.session);
    let place = record.marks.iter().position(|held| held.group == roll.group);
    let old = place.map(|place| record.marks.remove(place));
    if let (Some(old), Some(main)) = (old, day.sessions.get_mut(&Session::Day)) {
        main.reports.retain(|report| report.command != old.command);
    }
    if let Some(mark) = mark {
        if let Presence::SentHomeSick { at } = mark.presence
            && let Some(rest) = PartOfDay::new(at.max(open.from), open.to)
        {
            let report = sent_home(&mark, rest);
            day.session_mut(Session::Day).reports.push(report);
        }
        day.session_mut(roll.session).marks.push(mark);
    }
    day.settle();
}

fn sent_home(mark: &Mark, rest: PartOfDay) -> Report {
    Report {
        command: mark.command,
        kind: AbsenceKind::Sick,
        extent: Extent::Parts(vec![rest]),
        by: mark.by,
        on_behalf_of: None,
        filed_at: mark.at,
        received_at: mark.at,
        late: false,
        has_note: false,
        seen: Some(Seen { by: mark.by, at: mark.at }),
        ended_from: None,
    }
}

fn inside_the_day(rules: Option<&RuleSet>, presence: Presence) -> Result<(), Rejection> {
    let at: Option<NaiveTime> = match presence {
        Presence::Late { at } | Presence::LeftEarly { at } | Presence::SentHomeSick { at } => Some(at),
        Presence::Present | Presence::Unexplained => None,
    };
    let (Some(at), Some(rules)) = (at, rules) else { return Ok(()) };
    let (day_starts, day_ends) = (rules.attendance.day_starts, rules.attendance.day_ends);
    if at < day_starts || at > day_ends { Err(Rejection::PartOutsideDay { day_starts, day_ends }) } else { Ok(()) }
}
