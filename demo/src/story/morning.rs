//! Plays the script on the phones, moves the clock, and draws the board as the offices' phones show it.

use super::{
    board::{Standing, day_book},
    clock::StoryClock,
    interrupt::Interrupt,
    orders::Operator,
    phones::{Fleet, FleetError},
    script::{Act, END, FIRST_TICK, SECOND_TICK, Script, Step},
    show::Show,
    town::Town,
};
use chrono::NaiveTime;
use skolebro_core::{
    device::{Draft, IfAdvised, Phone, Submission},
    domain::{
        command::{Capacity, CommandBody},
        notice::{Notice, NoticeReason},
        people::Role,
        record::{Body, RecordKind},
        scope::{Scope, Topic},
    },
};
use skolebro_demo::sample::{GroupNo, PersonNo, SchoolNo};
use skolebro_server::operate::{answer::Trouble, order::Order};
use std::collections::{BTreeMap, BTreeSet};

pub struct Morning<'a> {
    pub town: &'a Town,
    pub script: &'a Script,
    pub fleet: &'a Fleet,
    pub clock: &'a StoryClock,
    pub operator: &'a Operator,
    pub interrupt: &'a Interrupt,
}

impl From<FleetError> for Trouble {
    fn from(error: FleetError) -> Self {
        Trouble::refused(error.to_string())
    }
}

/// What a spectator without a live board is told of the morning, when it has come so far.
const CHAPTERS: [(NaiveTime, &str); 6] = [
    (super::script::time(7, 30, 0), "half past seven: homes report, some from where there is no network"),
    (super::script::time(8, 16, 0), "the cutoff has passed"),
    (super::script::time(8, 26, 0), "the rolls are called; a few are not"),
    (super::script::time(8, 36, 0), "notices have gone out; some children came late after all"),
    (super::script::time(8, 52, 0), "some homes have read and explained, and phones came out of tunnels"),
    (super::script::time(9, 8, 0), "nobody has read about some: the office calls"),
];

impl Morning<'_> {
    /// Plays it to the end. False: it was told to stop.
    ///
    /// # Errors
    /// Something went otherwise than the script has it.
    pub fn play(&self, show: &mut Show) -> Result<bool, Trouble> {
        let mut times: BTreeSet<NaiveTime> = self.script.steps.keys().copied().collect();
        times.extend([FIRST_TICK, SECOND_TICK, END]);
        times.extend(CHAPTERS.map(|(at, _)| at));
        for at in times {
            if self.interrupt.was_told() {
                show.end_board();
                return Ok(false);
            }
            self.clock.advance_to(self.town.at(at));
            if at == FIRST_TICK || at == SECOND_TICK {
                self.operator.give(&Order::Tick)?;
            }
            self.scene(self.script.steps.get(&at).map_or(&[], Vec::as_slice))?;
            if at == END {
                self.fleet.everybody()?;
            }
            let board = self.board()?;
            if let Some((_, what)) = CHAPTERS.iter().find(|(chapter, _)| *chapter == at) {
                show.line(&format!("{}  {what}", at.format("%H:%M")));
            }
            show.draw(at, &board);
        }
        show.end_board();
        show.line(&format!("{}  the board, as each office's phone shows it", END.format("%H:%M")));
        show.board(&self.board()?);
        Ok(true)
    }

    /// What happens at one time, everybody side by side.
    fn scene(&self, steps: &[Step]) -> Result<(), FleetError> {
        let mut people: BTreeMap<PersonNo, Vec<&Step>> = BTreeMap::new();
        for step in steps {
            people.entry(step.who).or_default().push(step);
        }
        self.fleet.all_at_once(people.into_iter().collect(), |phone, _, steps| {
            steps.into_iter().try_for_each(|step| self.act(phone, step))
        })
    }

    fn act(&self, phone: &Phone, step: &Step) -> Result<(), FleetError> {
        let school = self.town.school(step.school);
        match &step.act {
            Act::Open => {}
            Act::Say { capacity, body, offline } => {
                phone.submit(school, *capacity, body.clone(), None)?;
                if *offline {
                    return Ok(());
                }
            }
            Act::Mend { first, then } => {
                let draft = Draft { school, capacity: Capacity::Home, body: first.clone(), depends_on: None };
                match phone.submit_draft(draft, IfAdvised::Ask)? {
                    Submission::Advised(_) => self.fleet.sums.lock().advised += 1,
                    Submission::Kept(_) | Submission::OtherDay { .. } => {
                        return Err(FleetError::Unexpected("a phone did not warn of what is too far ahead".to_owned()));
                    }
                }
                phone.submit(school, Capacity::Home, then.clone(), None)?;
            }
            Act::Try(body) => {
                let tried = phone.submit(school, Capacity::Home, body.clone(), None)?;
                self.fleet.sync(phone)?;
                // Not so: the person has seen it.
                phone.dismiss(tried.id)?;
            }
            Act::OpenRoll(group) => {
                self.fleet.sync(phone)?;
                self.see(phone, step.school, *group)?;
            }
            Act::ReadNotice(pupil) => {
                self.fleet.sync(phone)?;
                self.read_notice(phone, step.school, *pupil)?;
            }
        }
        self.fleet.sync(phone)
    }

    /// As a roll's screen does when it is opened.
    fn see(&self, phone: &Phone, school: SchoolNo, group: GroupNo) -> Result<(), FleetError> {
        let id = self.town.school(school);
        let view = phone.view(id)?;
        let rows = day_book(&view, self.town)?.board(self.town.group(group), self.town.session(school)).rows;
        let pupils: Vec<_> = rows.into_iter().filter(|row| row.unseen).map(|row| row.pupil).collect();
        drop(view);
        if !pupils.is_empty() {
            let body = CommandBody::MarkSeen { pupils, day: self.town.day };
            phone.submit(id, Capacity::Staff(Role::ContactTeacher), body, None)?;
        }
        Ok(())
    }

    fn read_notice(&self, phone: &Phone, school: SchoolNo, pupil: PersonNo) -> Result<(), FleetError> {
        let (id, pupil) = (self.town.school(school), self.town.person(pupil));
        let view = phone.view(id)?;
        let own = Scope::own(view.me(), Topic::Attendance);
        let asks = |notice: &Notice| notice.reason == NoticeReason::UnexplainedAbsence && notice.corrected_at.is_none();
        let is_it = |body: &Body| matches!(body, Body::Notice(notice) if asks(notice));
        let notices = view.of_kind(RecordKind::Notice)?;
        let found = notices.into_iter().find(|n| n.scope == own && n.pupil == Some(pupil) && is_it(&n.body));
        let Some(notice) = found else {
            return Err(FleetError::Unexpected("a notice did not reach a guardian's phone".to_owned()));
        };
        drop(view);
        phone.submit(id, Capacity::Home, CommandBody::MarkNoticeRead { notice: notice.id }, None)?;
        Ok(())
    }

    /// Each school, as its office's phone shows it.
    fn board(&self) -> Result<Vec<Standing>, FleetError> {
        let mut board = Vec::new();
        for school in self.town.schools() {
            let Some(office) = self.town.office(school.no) else { continue };
            let phone = self.fleet.phone(office)?;
            phone.resume()?;
            self.fleet.sync(phone)?;
            board.push(Standing::read(phone, self.town, school.no)?);
            phone.suspend();
        }
        Ok(board)
    }
}
