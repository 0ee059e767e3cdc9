//! What each family said and each teacher marked, kept by the script alone, and where it leaves each pupil. Deliberately
//! plain: it must never use the rules that it is there to check.

use chrono::NaiveTime;
use skolebro_core::domain::attendance::{AbsenceKind, Extent, PartOfDay, Presence, Status, Told};
use skolebro_demo::sample::{GroupNo, PersonNo};
use std::collections::{BTreeMap, BTreeSet};

/// One pupil's morning, as it was told.
#[derive(Clone, Debug, Default)]
pub struct Word {
    pub absence: Option<AbsenceKind>,
    /// Of the absence; none: the whole day.
    pub part: Option<PartOfDay>,
    /// Told after the cutoff.
    pub late: bool,
    /// Reported, and well again before school.
    pub well: bool,
    /// What stands in the roll.
    pub mark: Option<Presence>,
    pub explained: Option<Told>,
    /// Home says away and the teacher saw the pupil: both are asked to check.
    pub contradicted: bool,
}

#[derive(Debug, Default)]
pub struct Tally {
    pub words: BTreeMap<PersonNo, Word>,
    /// Classes whose roll was closed.
    pub taken: BTreeSet<GroupNo>,
    /// Classes whose roll nobody called.
    pub untaken: BTreeSet<GroupNo>,
    /// Whom the office had to call about, and whether it still has to.
    pub calls: BTreeMap<PersonNo, bool>,
    /// Commands that the school must refuse.
    pub refused: usize,
    /// Commands of which the phone must warn.
    pub advised: usize,
}

impl Tally {
    pub fn word(&mut self, pupil: PersonNo) -> &mut Word {
        self.words.entry(pupil).or_default()
    }

    /// Where the school must see the pupil at `now`.
    pub fn status(&self, pupil: PersonNo, class: GroupNo, now: NaiveTime) -> Status {
        let said = self.words.get(&pupil).cloned().unwrap_or_default();
        let taken = self.taken.contains(&class);
        match said.mark {
            Some(Presence::Late { at }) => return Status::Late { at },
            Some(Presence::SentHomeSick { at }) => return Status::SentHome { at },
            Some(Presence::LeftEarly { at }) => return Status::LeftEarly { at },
            Some(Presence::Present) => return Status::Present,
            Some(Presence::Unexplained) | None => {}
        }
        if let Some(kind) = said.absence.filter(|_| !said.well && !said.contradicted) {
            match said.part {
                None => return Status::Reported { kind, extent: Extent::Whole },
                Some(part) if part.from <= now && now < part.to => {
                    return Status::Reported { kind, extent: Extent::Parts(vec![part]) };
                }
                Some(_) => {}
            }
        }
        if said.mark == Some(Presence::Unexplained) {
            return Status::Unexplained { told: said.explained.unwrap_or(Told::Nothing) };
        }
        match (taken, said.well) {
            (true, _) => Status::Present,
            (false, true) => Status::Back { at: None },
            (false, false) => Status::Expected,
        }
    }

    pub fn is_late(&self, pupil: PersonNo) -> bool {
        self.words.get(&pupil).is_some_and(|said| said.late)
    }

    pub fn is_contradicted(&self, pupil: PersonNo) -> bool {
        self.words.get(&pupil).is_some_and(|said| said.contradicted)
    }
}
