//! One day of a school, read together: every pupil's records and every roll, and what they say of each pupil.

use super::{
    Attendance, PupilDay, RollClosed, RollTaken, Session, Status,
    board::{Counts, Evacuation, GroupBoard, RollState, Row, SchoolBoard},
    roll_key,
    session::{forms_in_session, group_in_session, pupil_in_session, session_starts, sessions_of},
};
use crate::domain::{
    ids::{GroupId, PersonId},
    people::{GroupKind, SchoolForm},
    record::{Record, RecordKind},
    roster::Roster,
    time::{instant, local_date, local_datetime},
    world::World,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeMap;

/// One day of a school, or of the part of it that is held: every pupil's records, and the rolls.
#[derive(Debug)]
pub struct DayBook<'a> {
    roster: &'a Roster,
    day: NaiveDate,
    now: DateTime<Utc>,
    pupils: BTreeMap<PersonId, PupilDay>,
    rolls: BTreeMap<(GroupId, Session), RollTaken>,
}

impl<'a> DayBook<'a> {
    /// From that day's records at hand; those of other days and kinds are passed over.
    pub fn new(
        roster: &'a Roster,
        day: NaiveDate,
        now: DateTime<Utc>,
        records: impl IntoIterator<Item = Record>,
    ) -> Self {
        let mut book = Self { roster, day, now, pupils: BTreeMap::new(), rolls: BTreeMap::new() };
        let mut closed: Vec<RollTaken> = Vec::new();
        for record in records.into_iter().filter(|record| record.day == Some(day)) {
            let Record { pupil, body, .. } = record;
            match Attendance::try_from(body) {
                Ok(attendance) => {
                    let Some(pupil) = pupil else { continue };
                    let facts = book.pupils.entry(pupil).or_insert_with(|| PupilDay::empty(roster, pupil, day));
                    facts.sessions.insert(attendance.session, attendance);
                }
                Err(other) => match RollTaken::try_from(other) {
                    Ok(roll) => {
                        book.rolls.insert((roll.group, roll.session), roll);
                    }
                    Err(other) => closed.extend(RollClosed::try_from(other).map(RollTaken::from)),
                },
            }
        }
        book.fill_in(closed);
        book
    }

    /// A home holds no rolls, only that they were closed: who was not there it knows of its own child, from the child's own
    /// day. The roll itself, where it is held, says better.
    fn fill_in(&mut self, closed: Vec<RollTaken>) {
        for mut roll in closed {
            let pupils = self.pupils.values();
            roll.absent = pupils.filter(|facts| facts.absent_from_roll(&roll)).map(|facts| facts.pupil).collect();
            self.rolls.entry((roll.group, roll.session)).or_insert(roll);
        }
    }

    /// One group's day, read pupil by pupil.
    pub fn of_group(world: &'a dyn World, group: GroupId, day: NaiveDate) -> Self {
        Self::of(world, &[group], day)
    }

    /// The whole school's day. Reads pupil by pupil: whoever can read a day at once gives [`DayBook::new`] the records.
    pub fn of_school(world: &'a dyn World, day: NaiveDate) -> Self {
        let groups: Vec<GroupId> = world.roster().groups().map(|group| group.id).collect();
        Self::of(world, &groups, day)
    }

    fn of(world: &'a dyn World, groups: &[GroupId], day: NaiveDate) -> Self {
        let roster = world.roster();
        let mut pupils: Vec<PersonId> = groups.iter().flat_map(|group| roster.members(*group, day)).collect();
        pupils.sort_unstable();
        pupils.dedup();
        let mut records = Vec::new();
        for group in groups {
            for session in sessions_of(roster, *group, day) {
                let (scope, id) = roll_key(world.school(), *group, day, session);
                records.extend(world.record(&scope, id).known());
            }
        }
        for pupil in pupils {
            records.extend(world.pupil_records(RecordKind::Attendance, pupil, day, day));
        }
        Self::new(roster, day, world.now(), records)
    }

    /// The pupil's day, where anything has been said of it.
    pub fn pupil(&self, pupil: PersonId) -> Option<&PupilDay> {
        self.pupils.get(&pupil)
    }

    /// Every pupil of whom anything has been said.
    pub fn pupils(&self) -> impl Iterator<Item = &PupilDay> {
        self.pupils.values()
    }

    pub fn roll(&self, group: GroupId, session: Session) -> Option<&RollTaken> {
        self.rolls.get(&(group, session))
    }

    /// The session that a group is in now, or will be first; of another day the last one.
    pub fn session_now(&self, group: GroupId) -> Session {
        let sessions = sessions_of(self.roster, group, self.day);
        let local = local_datetime(self.roster.time_zone(), self.now);
        let lessons = self.roster.group(group).and_then(|group| self.roster.rules(group.form, self.day));
        let started = |session: &Session| match session {
            Session::Day => true,
            Session::Lesson(number) => {
                local.date() > self.day
                    || (local.date() == self.day
                        && lessons
                            .and_then(|rules| rules.attendance.lesson(*number))
                            .is_some_and(|lesson| lesson.from <= local.time()))
            }
        };
        let current = sessions.iter().rev().find(|session| started(session));
        current.or(sessions.first()).copied().unwrap_or_default()
    }

    /// Whether the group meets that day and has a roll of its own.
    fn calls_roll(&self, group: GroupId) -> bool {
        group_in_session(self.roster, group, self.day) && !sessions_of(self.roster, group, self.day).is_empty()
    }

    pub fn roll_state(&self, group: GroupId, session: Session) -> RollState {
        if let Some(taken) = self.roll(group, session) {
            return RollState::Taken { by: taken.by, at: taken.at };
        }
        if !self.calls_roll(group) {
            return RollState::NoRoll;
        }
        if self.roster.group(group).is_some_and(|group| group.kind == GroupKind::TeachingGroup) {
            // Which of the day's lessons it has is in the timetable, which nobody has told.
            return RollState::Open;
        }
        let rules = self.roster.group(group).and_then(|group| self.roster.rules(group.form, self.day));
        let due = rules.map(|rules| {
            let starts = session_starts(&rules.attendance, session);
            let minutes = TimeDelta::minutes(i64::from(rules.attendance.roll_due_minutes));
            instant(self.roster.time_zone(), self.day, starts) + minutes
        });
        if due.is_some_and(|due| due <= self.now) { RollState::Untaken } else { RollState::Open }
    }

    /// Where a pupil stands in a group's roll.
    pub fn status_in(&self, pupil: PersonId, group: GroupId, session: Session) -> Status {
        let meets = self.roster.is_member(pupil, group, self.day) && group_in_session(self.roster, group, self.day);
        if meets { self.status_of_member(pupil, group, session) } else { Status::NotInSession }
    }

    fn status_of_member(&self, pupil: PersonId, group: GroupId, session: Session) -> Status {
        let present = self.roll(group, session).is_some_and(|roll| !roll.absent.contains(&pupil));
        match self.pupils.get(&pupil) {
            Some(facts) => facts.status_in(group, session, present, self.now),
            None if present => Status::Present,
            None => Status::Expected,
        }
    }

    /// Where a pupil is, whichever group says so.
    pub fn whereabouts(&self, pupil: PersonId) -> Status {
        if !pupil_in_session(self.roster, pupil, self.day) {
            return Status::NotInSession;
        }
        let places = self.roster.pupil(pupil).map(|facts| facts.memberships.as_slice()).unwrap_or_default();
        let groups = places.iter().filter(|place| place.dates.contain(self.day)).map(|place| place.group);
        let meeting: Vec<GroupId> = groups.filter(|group| group_in_session(self.roster, *group, self.day)).collect();
        let rolls = self.rolls.values().filter(|roll| meeting.contains(&roll.group));
        let session = meeting.first().map_or(Session::Day, |group| self.session_now(*group));
        match self.pupils.get(&pupil) {
            Some(facts) => {
                let latest = rolls.max_by_key(|roll| facts.hours.speaks_of(roll.session, roll.at));
                facts.whereabouts(session, latest, self.now)
            }
            None if rolls.max_by_key(|roll| roll.at).is_some_and(|roll| !roll.absent.contains(&pupil)) => {
                Status::Present
            }
            None => Status::Expected,
        }
    }

    pub fn board(&self, group: GroupId, session: Session) -> GroupBoard {
        let mut pupils: Vec<PersonId> = self.roster.members(group, self.day).collect();
        pupils.sort_unstable();
        let meets = group_in_session(self.roster, group, self.day);
        let mut counts = Counts::default();
        let row = |pupil: PersonId| {
            let status = if meets { self.status_of_member(pupil, group, session) } else { Status::NotInSession };
            counts.add(&status);
            self.row(pupil, status)
        };
        let rows = pupils.into_iter().map(row).collect();
        GroupBoard { group, session, roll: self.roll_state(group, session), counts, rows }
    }

    fn row(&self, pupil: PersonId, status: Status) -> Row {
        let facts = self.pupils.get(&pupil);
        let main = facts.and_then(PupilDay::main);
        let in_force = || facts.into_iter().flat_map(PupilDay::reports).filter(|report| report.holds());
        Row {
            pupil,
            status,
            extent: main.and_then(|main| main.extent.clone()),
            late_report: in_force().any(|report| report.late),
            unseen: in_force().any(|report| report.seen.is_none()),
            has_note: in_force().any(|report| report.has_note),
            check: main.is_some_and(|main| main.check),
            to_judge: facts.is_some_and(|facts| facts.sessions.values().any(Attendance::waits_for_judgement)),
            alarm: facts.is_some_and(|facts| facts.any_alarm().is_some()),
        }
    }

    pub fn school(&self) -> SchoolBoard {
        let meeting = self.roster.groups().map(|group| group.id);
        let meeting = meeting.filter(|group| self.calls_roll(*group));
        let groups: Vec<GroupBoard> = meeting.map(|group| self.board(group, self.session_now(group))).collect();
        let mut pupils: Vec<PersonId> = self.roster.pupils().map(|(pupil, _)| pupil).collect();
        pupils.sort_unstable();
        let mut total = Counts::default();
        let statuses = pupils.iter().map(|pupil| (*pupil, self.whereabouts(*pupil)));
        let evacuation = self.sort_out(statuses.inspect(|(_, status)| total.add(status)));
        let no_roll = pupils.into_iter().filter(|pupil| self.is_on_no_roll(*pupil)).collect();
        let untaken = groups.iter().filter(|board| board.roll == RollState::Untaken).count();
        let rolls_untaken = u32::try_from(untaken).unwrap_or(u32::MAX);
        SchoolBoard { groups, total, rolls_untaken, no_roll, evacuation }
    }

    /// Who of these groups is in the building.
    pub fn evacuation(&self, groups: &[GroupId]) -> Evacuation {
        let mut pupils: Vec<PersonId> = groups.iter().flat_map(|group| self.roster.members(*group, self.day)).collect();
        pupils.sort_unstable();
        pupils.dedup();
        self.sort_out(pupils.into_iter().map(|pupil| (pupil, self.whereabouts(pupil))))
    }

    fn sort_out(&self, pupils: impl Iterator<Item = (PersonId, Status)>) -> Evacuation {
        let mut evacuation = Evacuation::default();
        for (pupil, status) in pupils {
            match status {
                Status::Present | Status::Late { .. } if self.is_over(pupil) => evacuation.uncertain.push(pupil),
                Status::Present | Status::Late { .. } => evacuation.inside.push(pupil),
                Status::Expected | Status::Back { .. } => evacuation.uncertain.push(pupil),
                Status::Unexplained { .. } if self.may_be_inside(pupil) => evacuation.uncertain.push(pupil),
                Status::NotInSession
                | Status::Reported { .. }
                | Status::OnLeave
                | Status::Unexplained { .. }
                | Status::LeftEarly { .. }
                | Status::SentHome { .. } => {}
            }
        }
        evacuation
    }

    /// A pupil who should be at school and whom no roll would miss: the school's own, where the pupil's form is open; the
    /// club of the afternoon does not miss anybody in the morning.
    fn is_on_no_roll(&self, pupil: PersonId) -> bool {
        let Some(facts) = self.roster.pupil(pupil) else { return false };
        let open = forms_in_session(self.roster, pupil, self.day);
        let own_form = open.contains(&facts.form) && facts.form != SchoolForm::AfterSchool;
        let counts = |group: GroupId| {
            let is_club = self.roster.group(group).is_some_and(|group| group.kind == GroupKind::Club);
            (!own_form || !is_club) && self.calls_roll(group)
        };
        let mut groups = facts.memberships.iter().filter(|place| place.dates.contain(self.day));
        !open.is_empty() && !groups.any(|place| counts(place.group))
    }

    /// Whether somebody who was missed may be in the building after all: home believes so, or it was in an earlier lesson.
    fn may_be_inside(&self, pupil: PersonId) -> bool {
        self.pupils.get(&pupil).is_some_and(|facts| facts.any_alarm().is_some()) || self.was_missed_earlier(pupil)
    }

    /// Whether the pupil was missed in an earlier lesson than the one that its group is in now: it may have come since.
    fn was_missed_earlier(&self, pupil: PersonId) -> bool {
        let newest = self.pupils.get(&pupil).and_then(PupilDay::newest_mark);
        newest.is_some_and(|(session, mark)| session < self.session_now(mark.group))
    }

    /// Since when a pupil who is there has been seen: the first mark or closed roll after the last that missed it. `None`:
    /// nobody has seen it, or it was away for a part of the day.
    pub fn present_since(&self, pupil: PersonId) -> Option<DateTime<Utc>> {
        let facts = self.pupils.get(&pupil);
        if facts.and_then(PupilDay::extent).is_some() {
            return None;
        }
        let marks = || facts.into_iter().flat_map(PupilDay::marks).map(|(_, mark)| mark);
        let missed = marks().filter(|mark| !mark.presence.was_there()).map(|mark| mark.at).max();
        let seen = marks().filter(|mark| mark.presence.was_there()).map(|mark| mark.at);
        let places = self.roster.pupil(pupil).map(|facts| facts.memberships.as_slice()).unwrap_or_default();
        let member = |group: GroupId| places.iter().any(|place| place.group == group && place.dates.contain(self.day));
        let rolls = self.rolls.values().filter(|roll| member(roll.group) && !roll.absent.contains(&pupil));
        seen.chain(rolls.map(|roll| roll.at)).filter(|at| missed.is_none_or(|missed| missed < *at)).min()
    }

    /// Whether everything that the pupil goes to has closed for the day.
    pub fn is_over(&self, pupil: PersonId) -> bool {
        let tz = self.roster.time_zone();
        let ends = || PupilDay::empty(self.roster, pupil, self.day).hours.open.to;
        local_date(tz, self.now) > self.day || self.now >= instant(tz, self.day, ends())
    }
}
