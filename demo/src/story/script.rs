//! The script of the morning: who does what and when, drawn from the seed, with the tally of it. It must never look at the
//! server or a phone; that both come to the same is what the demonstration shows.

use super::{tally::Tally, town::Town};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use skolebro_core::domain::{
    attendance::{AbsenceKind, CallOutcome, PartOfDay, Presence, Told},
    command::{Capacity, CommandBody, RollMark},
    people::Role,
};
use skolebro_demo::sample::{GroupNo, PersonNo, PersonaKind as Kind, SchoolNo};
use std::collections::{BTreeMap, BTreeSet};

/// What somebody does with a phone.
#[derive(Clone, Debug)]
pub enum Act {
    /// Opens the app, which syncs.
    Open,
    /// Says something; without network it waits on the phone.
    Say { capacity: Capacity, body: CommandBody, offline: bool },
    /// Says something of which the phone must warn, and then something else.
    Mend { first: CommandBody, then: CommandBody },
    /// Tries what the school must refuse.
    Try(CommandBody),
    /// Opens a roll: what was reported there is seen.
    OpenRoll(GroupNo),
    /// Reads the notice about a pupil.
    ReadNotice(PersonNo),
}

#[derive(Clone, Debug)]
pub struct Step {
    pub who: PersonNo,
    pub school: SchoolNo,
    pub act: Act,
}

#[derive(Debug)]
pub struct Script {
    /// Those of one time happen side by side, but each person's in order.
    pub steps: BTreeMap<NaiveTime, Vec<Step>>,
    pub tally: Tally,
    pub guardians: BTreeSet<PersonNo>,
    /// Contact teachers.
    pub teachers: BTreeMap<GroupNo, PersonNo>,
    /// Whom no code may be made for.
    pub denied: Vec<PersonNo>,
}

pub const fn time(hour: u32, minute: u32, second: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, minute, second) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

pub const BEGIN: NaiveTime = time(6, 50, 0);
pub const FIRST_TICK: NaiveTime = time(8, 27, 0);
pub const SECOND_TICK: NaiveTime = time(9, 0, 0);
pub const END: NaiveTime = time(9, 20, 0);
/// Of a hundred pupils, how many are away.
const AWAY: usize = 8;
/// Guardians that the personas alone need.
pub const FEWEST_PHONES: usize = 24;

/// Writes the script.
pub fn write(town: &Town, seed: u64, phones: usize) -> Script {
    let mut writer = Writer {
        town,
        rng: StdRng::seed_from_u64(seed ^ 0x6d6f_726e_696e_6721),
        phones: phones.max(FEWEST_PHONES),
        used: BTreeSet::new(),
        alone: BTreeSet::new(),
        script: Script {
            steps: BTreeMap::new(),
            tally: Tally::default(),
            guardians: BTreeSet::new(),
            teachers: BTreeMap::new(),
            denied: Vec::new(),
        },
    };
    writer.rolls();
    writer.personas();
    writer.oddities();
    writer.most_families();
    writer.onlookers();
    writer.script
}

struct Writer<'a> {
    town: &'a Town,
    rng: StdRng,
    phones: usize,
    /// Pupils who have a story.
    used: BTreeSet<PersonNo>,
    /// Adults whose phone nothing else may bring to the network.
    alone: BTreeSet<PersonNo>,
    script: Script,
}

impl Writer<'_> {
    fn step(&mut self, at: NaiveTime, who: PersonNo, school: SchoolNo, act: Act) {
        self.script.steps.entry(at).or_default().push(Step { who, school, act });
    }

    fn home(&mut self, at: NaiveTime, who: PersonNo, school: SchoolNo, body: CommandBody, offline: bool) {
        self.script.guardians.insert(who);
        self.step(at, who, school, Act::Say { capacity: Capacity::Home, body, offline });
    }

    fn place(&self, pupil: PersonNo) -> (SchoolNo, GroupNo) {
        self.town.made.pupil(pupil).map_or((SchoolNo(0), GroupNo(0)), |seat| (seat.school, seat.class))
    }

    fn adult(&self, kind: Kind, nth: usize) -> Option<(PersonNo, PersonNo)> {
        let persona = self.town.made.persona(kind)?;
        Some((*persona.pupils.first()?, *persona.adults.get(nth)?))
    }

    fn report(&self, pupils: &[PersonNo], kind: AbsenceKind, days: u64, part: Option<PartOfDay>) -> CommandBody {
        let last = self.town.day.checked_add_days(Days::new(days)).unwrap_or(self.town.day);
        self.report_until(pupils, kind, last, part)
    }

    fn report_until(
        &self,
        pupils: &[PersonNo],
        kind: AbsenceKind,
        to: NaiveDate,
        part: Option<PartOfDay>,
    ) -> CommandBody {
        CommandBody::ReportAbsence {
            pupils: pupils.iter().map(|pupil| self.town.person(*pupil)).collect(),
            kind,
            from: self.town.day,
            to,
            part,
            note: None,
            on_behalf_of: None,
            phoned_at: None,
        }
    }

    /// Home reports one child, and the tally knows.
    fn tell(&mut self, at: NaiveTime, who: PersonNo, pupil: PersonNo, kind: AbsenceKind, part: Option<PartOfDay>) {
        let body = self.report(&[pupil], kind, 0, part);
        self.used.insert(pupil);
        self.home(at, who, self.place(pupil).0, body, false);
        let said = self.script.tally.word(pupil);
        (said.absence, said.part) = (Some(kind), part);
    }

    /// Each contact teacher calls the roll, but for a few; Liv's teacher is one of these, and is left to the spectator.
    fn rolls(&mut self) {
        let liv = self.town.made.persona(Kind::MarriedTwoSchools).and_then(|persona| persona.pupils.first().copied());
        let livs = liv.map(|liv| self.place(liv).1);
        let mut classes: Vec<GroupNo> = self.town.classes().map(|class| class.no).collect();
        classes.shuffle(&mut self.rng);
        let untaken = (classes.len() / 20).max(1);
        let others = classes.iter().copied().filter(|class| Some(*class) != livs);
        let untaken: BTreeSet<GroupNo> = livs.into_iter().chain(others.take(untaken - 1)).collect();
        for class in self.town.classes() {
            self.script.teachers.insert(class.no, class.lead);
            if untaken.contains(&class.no) {
                continue;
            }
            self.script.tally.taken.insert(class.no);
            let (group, day, session) = (self.town.group(class.no), self.town.day, self.town.session(class.school));
            let capacity = Capacity::Staff(Role::ContactTeacher);
            self.step(time(8, 21, 0), class.lead, class.school, Act::OpenRoll(class.no));
            let body = CommandBody::CloseRoll { group, day, session };
            self.step(time(8, 25, 0), class.lead, class.school, Act::Say { capacity, body, offline: false });
        }
        self.script.tally.untaken = untaken;
    }

    /// The teacher marks a pupil.
    fn mark(&mut self, at: NaiveTime, pupil: PersonNo, presence: Presence) {
        let (school, class) = self.place(pupil);
        let marks = vec![RollMark { pupil: self.town.person(pupil), presence }];
        let (group, day, session) = (self.town.group(class), self.town.day, self.town.session(school));
        self.teacher(at, pupil, CommandBody::MarkRoll { group, day, session, marks });
        self.script.tally.word(pupil).mark = Some(presence);
    }

    fn teacher(&mut self, at: NaiveTime, pupil: PersonNo, body: CommandBody) {
        let (school, class) = self.place(pupil);
        let lead = self.town.made.group(class).lead;
        let capacity = Capacity::Staff(Role::ContactTeacher);
        self.step(at, lead, school, Act::Say { capacity, body, offline: false });
    }

    fn personas(&mut self) {
        let sick = AbsenceKind::Sick;
        // Amal and Erik have the app open; Liv and Elias are well, and left to the spectator.
        if let (Some((liv, amal)), Some((_, erik))) =
            (self.adult(Kind::MarriedTwoSchools, 0), self.adult(Kind::MarriedTwoSchools, 1))
        {
            let school = self.place(liv).0;
            self.used
                .extend(self.town.made.persona(Kind::MarriedTwoSchools).into_iter().flat_map(|p| p.pupils.clone()));
            self.script.guardians.extend([amal, erik]);
            self.step(time(7, 4, 0), erik, school, Act::Open);
            // A guardian of another child: the school refuses, and tells nothing.
            if let Some((zofia, _)) = self.adult(Kind::BlockedFather, 0) {
                let body = self.report(&[zofia], sick, 0, None);
                let school = self.place(zofia).0;
                if school == self.place(liv).0 {
                    self.script.tally.refused += 1;
                    self.step(time(7, 16, 0), amal, school, Act::Try(body));
                } else {
                    self.step(time(7, 16, 0), amal, self.place(liv).0, Act::Open);
                }
            }
        }
        let dentist = Some(PartOfDay { from: time(8, 20, 0), to: time(10, 0, 0) });
        for (kind, nth, at, what, part) in [
            (Kind::AttendanceDelegated, 0, time(6, 56, 0), sick, None),
            (Kind::FosterHome, 0, time(7, 0, 0), sick, None),
            (Kind::ResidentialHome, 0, time(7, 8, 0), AbsenceKind::Appointment, dentist),
            (Kind::AppointedRepresentative, 0, time(7, 12, 0), sick, None),
            (Kind::ProtectedIdentity, 0, time(7, 20, 0), sick, None),
            (Kind::TeacherAndGuardian, 0, time(7, 24, 0), sick, None),
            (Kind::SeparatedGuardians, 0, time(7, 0, 0), sick, None),
        ] {
            if let Some((pupil, adult)) = self.adult(kind, nth).filter(|(pupil, _)| !self.used.contains(pupil)) {
                self.tell(at, adult, pupil, what, part);
            }
        }
        // The other foster parent says the same: one absence.
        if let Some((pupil, adult)) = self.adult(Kind::FosterHome, 1) {
            let body = self.report(&[pupil], sick, 0, None);
            self.home(time(7, 28, 0), adult, self.place(pupil).0, body, false);
        }
        // The guardian of the other home says that the child is well again.
        if let Some((pupil, adult)) = self.adult(Kind::SeparatedGuardians, 1) {
            self.well(time(7, 48, 0), adult, pupil);
        }
        for kind in [Kind::BlockedFather, Kind::PendingStepfather, Kind::WithoutCustody] {
            let Some(persona) = self.town.made.persona(kind) else { continue };
            let (denied, pupil, other) = (persona.adults.clone(), persona.pupils.first(), persona.others.first());
            self.script.denied.extend(denied);
            // The mother beside them is heard.
            if let (Some(pupil), Some(other)) = (pupil.copied(), other.copied()) {
                self.tell(time(7, 36, 0), other, pupil, sick, None);
            }
        }
    }

    fn well(&mut self, at: NaiveTime, who: PersonNo, pupil: PersonNo) {
        let body = CommandBody::EndAbsence { pupil: self.town.person(pupil), back_on: self.town.day, back_at: None };
        self.home(at, who, self.place(pupil).0, body, false);
        self.script.tally.word(pupil).well = true;
    }

    /// A pupil without a story yet, whose roll is called, with somebody who may report it and has no other story.
    fn pick(&mut self, day_roll: bool) -> Option<(PersonNo, PersonNo)> {
        let mut pupils: Vec<_> = self.town.made.pupils.iter().map(|pupil| pupil.person).collect();
        pupils.shuffle(&mut self.rng);
        let found = pupils.into_iter().find_map(|pupil| {
            let (school, class) = self.place(pupil);
            let fits = !self.used.contains(&pupil)
                && self.script.tally.taken.contains(&class)
                && !(day_roll && self.town.is_upper(school));
            let teller = self.town.tellers(pupil).first().copied().filter(|_| fits)?;
            let free = !self.script.guardians.contains(&teller) && !self.alone.contains(&teller);
            free.then_some((pupil, teller))
        })?;
        self.used.insert(found.0);
        Some(found)
    }

    fn may_use(&self, adult: PersonNo) -> bool {
        let has_phone = self.script.guardians.contains(&adult);
        !self.alone.contains(&adult) && (has_phone || self.script.guardians.len() < self.phones)
    }

    /// Each kind of morning that goes otherwise than planned.
    fn oddities(&mut self) {
        let many = (self.town.made.pupils.len() / 500).max(1);
        let (sick, unexplained, roll) = (AbsenceKind::Sick, Presence::Unexplained, time(8, 22, 0));
        for nth in 0..many {
            // Missed, and there twelve minutes later: the notice is corrected.
            for _ in 0..2 {
                if let Some((pupil, _)) = self.pick(false) {
                    self.mark(roll, pupil, unexplained);
                    self.mark(time(8, 34, 0), pupil, Presence::Late { at: time(8, 33, 0) });
                }
            }
            // Missed; home reads the notice, and says no more.
            if let Some((pupil, adult)) = self.pick(false).filter(|(_, adult)| self.may_use(*adult)) {
                self.mark(roll, pupil, unexplained);
                self.script.guardians.insert(adult);
                self.step(time(8, 40, 0), adult, self.place(pupil).0, Act::ReadNotice(pupil));
            }
            // Missed; home reads the notice and explains; staff accept the first of them.
            if let Some((pupil, adult)) = self.pick(false).filter(|(_, adult)| self.may_use(*adult)) {
                self.missed_and_explained(pupil, adult, nth == 0);
            }
            // Missed, and nobody at home reads of it: the office calls. The second one answers.
            for second in [false, true] {
                if let Some((pupil, _)) = self.pick(true) {
                    self.mark(roll, pupil, unexplained);
                    self.called(pupil, second);
                }
            }
            // Phoned in before school; the office comes to it later.
            if let Some((pupil, adult)) = self.pick(true) {
                self.mark(roll, pupil, unexplained);
                self.phoned(pupil, adult);
            }
            // Reported in the lift, sent when the train has come out of the tunnel.
            for _ in 0..2 {
                if let Some((pupil, adult)) = self.pick(false).filter(|(_, adult)| self.may_use(*adult)) {
                    self.without_network(time(7, 10, 0), time(8, 38, 0), pupil, adult);
                    self.mark(roll, pupil, unexplained);
                }
            }
            for _ in 0..4 {
                if let Some((pupil, adult)) = self.pick(false).filter(|(_, adult)| self.may_use(*adult)) {
                    self.without_network(time(7, 14, 0), time(7, 44, 0), pupil, adult);
                }
            }
            // After the cutoff, before the roll.
            for _ in 0..3 {
                if let Some((pupil, adult)) = self.pick(false).filter(|(_, adult)| self.may_use(*adult)) {
                    self.tell(time(8, 18, 0), adult, pupil, sick, None);
                    self.script.tally.word(pupil).late = true;
                }
            }
            // At school, and home at nine.
            if let Some((pupil, _)) = self.pick(false) {
                self.mark(time(9, 2, 0), pupil, Presence::SentHomeSick { at: time(9, 0, 0) });
            }
            // Better after breakfast.
            if let Some((pupil, adult)) = self.pick(false).filter(|(_, adult)| self.may_use(*adult)) {
                self.tell(time(7, 2, 0), adult, pupil, sick, None);
                self.well(time(7, 52, 0), adult, pupil);
            }
        }
        // Behind the door: the teacher takes the mark back within the minute.
        if let Some((pupil, _)) = self.pick(false) {
            self.mark(roll, pupil, unexplained);
            let (school, class) = self.place(pupil);
            let (group, day, session) = (self.town.group(class), self.town.day, self.town.session(school));
            let body = CommandBody::UndoMark { group, day, session, pupil: self.town.person(pupil) };
            self.teacher(roll + TimeDelta::seconds(30), pupil, body);
            self.script.tally.word(pupil).mark = None;
        }
        // Reported without network, went all the same, and the report comes after the roll.
        if let Some((pupil, adult)) = self.pick(true).filter(|(_, adult)| self.may_use(*adult)) {
            self.without_network(time(7, 18, 0), time(8, 38, 0), pupil, adult);
            self.script.tally.word(pupil).contradicted = true;
        }
        // Two months ahead: the phone warns, and the guardian says today instead.
        if let Some((pupil, adult)) = self.pick(false).filter(|(_, adult)| self.may_use(*adult)) {
            self.script.guardians.insert(adult);
            self.script.tally.advised += 1;
            let (first, then) = (self.report(&[pupil], sick, 60, None), self.report(&[pupil], sick, 0, None));
            self.step(time(7, 32, 0), adult, self.place(pupil).0, Act::Mend { first, then });
            self.script.tally.word(pupil).absence = Some(sick);
        }
    }

    fn without_network(&mut self, said: NaiveTime, sent: NaiveTime, pupil: PersonNo, adult: PersonNo) {
        let school = self.place(pupil).0;
        let body = self.report(&[pupil], AbsenceKind::Sick, 0, None);
        self.home(said, adult, school, body, true);
        self.alone.insert(adult);
        self.step(sent, adult, school, Act::Open);
        self.script.tally.word(pupil).absence = Some(AbsenceKind::Sick);
    }

    fn missed_and_explained(&mut self, pupil: PersonNo, adult: PersonNo, judged: bool) {
        let school = self.place(pupil).0;
        let (who, day, session) = (self.town.person(pupil), self.town.day, self.town.session(school));
        self.mark(time(8, 22, 0), pupil, Presence::Unexplained);
        self.script.guardians.insert(adult);
        self.step(time(8, 42, 0), adult, school, Act::ReadNotice(pupil));
        let body = CommandBody::ExplainAbsence { pupil: who, day, session, kind: AbsenceKind::Sick, note: None };
        self.home(time(8, 44, 0), adult, school, body, false);
        if judged {
            let body = CommandBody::JudgeExplanation { pupil: who, day, session, accept: true, reason: None };
            self.teacher(time(8, 50, 0), pupil, body);
        }
        self.script.tally.word(pupil).explained = Some(if judged { Told::Accepted } else { Told::Waiting });
    }

    fn called(&mut self, pupil: PersonNo, reached: bool) {
        let school = self.place(pupil).0;
        let Some(office) = self.town.office(school) else { return };
        let (who, day, session) = (self.town.person(pupil), self.town.day, self.town.session(school));
        let outcome = reached.then_some(CallOutcome::AtHome);
        let body = CommandBody::LogCall { pupil: who, day, session, called: None, reached, outcome, note: None };
        let capacity = Capacity::Staff(Role::Office);
        self.step(time(9, 6, 0), office, school, Act::Say { capacity, body, offline: false });
        self.script.tally.calls.insert(pupil, !reached);
    }

    fn phoned(&mut self, pupil: PersonNo, adult: PersonNo) {
        let school = self.place(pupil).0;
        let Some(office) = self.town.office(school) else { return };
        let body = CommandBody::ReportAbsence {
            pupils: vec![self.town.person(pupil)],
            kind: AbsenceKind::Sick,
            from: self.town.day,
            to: self.town.day,
            part: None,
            note: None,
            on_behalf_of: Some(self.town.person(adult)),
            phoned_at: Some(self.town.at(time(8, 12, 0))),
        };
        let capacity = Capacity::Staff(Role::Office);
        self.step(time(8, 40, 0), office, school, Act::Say { capacity, body, offline: false });
        self.script.tally.word(pupil).absence = Some(AbsenceKind::Sick);
    }

    /// Reports until about eight pupils in a hundred are away, or there are no more phones.
    fn most_families(&mut self) {
        let mut pupils: Vec<PersonNo> = self.town.made.pupils.iter().map(|pupil| pupil.person).collect();
        pupils.shuffle(&mut self.rng);
        let enough = self.town.made.pupils.len() * AWAY / 100;
        let mut away = self.script.tally.words.values().filter(|said| said.absence.is_some()).count();
        for pupil in pupils {
            if away >= enough {
                break;
            }
            let tellers = self.town.tellers(pupil);
            let Some(adult) = tellers.first().copied().filter(|adult| self.may_use(*adult)) else { continue };
            if self.used.contains(&pupil) {
                continue;
            }
            let second = tellers.get(1).copied();
            away += self.one_family(pupil, adult, second);
        }
    }

    fn one_family(&mut self, pupil: PersonNo, adult: PersonNo, second: Option<PersonNo>) -> usize {
        let school = self.place(pupil).0;
        let mut pupils = vec![pupil];
        if self.rng.random_bool(0.3) {
            let siblings: Vec<PersonNo> = self.town.made.pupils_of(adult).map(|relation| relation.pupil).collect();
            let here = |sibling: &PersonNo| {
                *sibling != pupil
                    && self.place(*sibling).0 == school
                    && !self.used.contains(sibling)
                    && self.town.tellers(*sibling).contains(&adult)
            };
            pupils.extend(siblings.into_iter().filter(here));
        }
        let kind = match self.rng.random_range(0..100) {
            0..80 => AbsenceKind::Sick,
            80..92 => AbsenceKind::Appointment,
            _ => AbsenceKind::Other,
        };
        let part = match (kind, self.rng.random_bool(0.5)) {
            (AbsenceKind::Sick | AbsenceKind::Other, _) => None,
            (AbsenceKind::Appointment, true) => Some(PartOfDay { from: time(8, 20, 0), to: time(10, 0, 0) }),
            (AbsenceKind::Appointment, false) => Some(PartOfDay { from: time(13, 0, 0), to: time(15, 0, 0) }),
        };
        let days = if part.is_none() && self.rng.random_bool(0.2) { self.rng.random_range(1..5) } else { 0 };
        let at = time(6, 52, 0) + TimeDelta::minutes(4 * self.rng.random_range(0..=14_i64));
        let again = at + TimeDelta::minutes(8);
        let body = self.report(&pupils, kind, days, part);
        self.home(at, adult, school, body.clone(), false);
        // Not sure whether it went, and said once more; or both guardians say the same.
        if self.rng.random_bool(0.05) {
            self.home(again, adult, school, body, false);
        } else if let Some(second) = second.filter(|second| self.may_use(*second))
            && self.rng.random_bool(0.12)
        {
            let body = self.report(&[pupil], kind, 0, part);
            self.home(again, second, school, body, false);
        }
        for pupil in &pupils {
            self.used.insert(*pupil);
            let said = self.script.tally.word(*pupil);
            (said.absence, said.part) = (Some(kind), part);
        }
        pupils.len()
    }

    /// Guardians with nothing to say, who look all the same.
    fn onlookers(&mut self) {
        let mut pupils: Vec<PersonNo> = self.town.made.pupils.iter().map(|pupil| pupil.person).collect();
        pupils.shuffle(&mut self.rng);
        for pupil in pupils {
            let Some(adult) = self.town.tellers(pupil).last().copied() else { continue };
            if self.script.guardians.len() >= self.phones {
                break;
            }
            // One whom the office must call has not looked; and nobody opens the app of somebody else's story.
            if self.script.guardians.contains(&adult)
                || self.script.tally.calls.keys().any(|p| self.town.tellers(*p).contains(&adult))
            {
                continue;
            }
            self.script.guardians.insert(adult);
            let at = time(7, 0, 0) + TimeDelta::minutes(4 * self.rng.random_range(0..=16_i64));
            self.step(at, adult, self.place(pupil).0, Act::Open);
        }
    }
}
