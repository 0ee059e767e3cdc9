//! Compares what the offices' phones show with what was said, pupil by pupil. It must never use the one to correct the
//! other.

use super::{
    board::day_book,
    phones::{Fleet, FleetError},
    script::{END, Script},
    town::Town,
};
use skolebro_core::{
    device::{Delivery, Phone},
    domain::{
        attendance::{CallListEntry, PupilDay},
        ids::PersonId,
        record::RecordKind,
    },
};
use skolebro_demo::sample::SchoolNo;
use std::collections::BTreeMap;

/// What was compared, and every difference in words.
#[derive(Debug, Default)]
pub struct Verdict {
    pub pupils: usize,
    pub differences: Vec<String>,
}

/// # Errors
/// A phone cannot be read.
pub fn compare(town: &Town, script: &Script, fleet: &Fleet) -> Result<Verdict, FleetError> {
    let mut verdict = Verdict::default();
    for school in town.schools() {
        let Some(office) = town.office(school.no) else { continue };
        let phone = fleet.phone(office)?;
        phone.resume()?;
        let compared = verdict.school(town, script, phone, school.no);
        phone.suspend();
        compared?;
    }
    for who in fleet.people() {
        let phone = fleet.phone(who)?;
        phone.resume()?;
        let waiting = phone.outbox()?.into_iter().filter(|item| match item.delivery {
            Delivery::OnThisPhoneOnly { .. } | Delivery::Rejected { .. } => true,
            Delivery::AtSchool { .. } | Delivery::Seen { .. } => false,
        });
        for item in waiting {
            let kind = item.command.as_ref().map_or("a command", |command| command.body.kind().as_str());
            verdict.differ(format!("{}: {kind} ended as {:?}", town.name(who), item.delivery));
        }
        phone.suspend();
    }
    let sums = *fleet.sums.lock();
    verdict.same("refusals", script.tally.refused, sums.rejected as usize);
    verdict.same("warnings", script.tally.advised, sums.advised);
    Ok(verdict)
}

impl Verdict {
    pub fn differ(&mut self, what: String) {
        self.differences.push(what);
    }

    fn same<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, said: T, seen: T) {
        if said != seen {
            self.differ(format!("{what}: said {said:?}, seen {seen:?}"));
        }
    }

    fn school(&mut self, town: &Town, script: &Script, phone: &Phone, school: SchoolNo) -> Result<(), FleetError> {
        let view = phone.view(town.school(school))?;
        let book = day_book(&view, town)?;
        let board = book.school();
        let tally = &script.tally;
        let pupils = || town.made.pupils.iter().filter(|pupil| pupil.school == school);
        for pupil in pupils() {
            let (no, id) = (pupil.person, town.person(pupil.person));
            self.pupils += 1;
            let who = format!("{} in {}", town.name(no), town.made.group(pupil.class).name);
            self.same(&who, tally.status(no, pupil.class, END), book.whereabouts(id));
            let facts = book.pupil(id);
            let late = facts.is_some_and(|day| day.reports().iter().any(|report| report.holds() && report.late));
            self.same(&format!("{who}, late report"), tally.is_late(no), late);
            let check = facts.and_then(PupilDay::main).is_some_and(|main| main.check);
            self.same(&format!("{who}, to be checked"), tally.is_contradicted(no), check);
        }
        let name = &town.made.school(school).name;
        let on_board = board.total.pupils as usize;
        self.same(&format!("{name}, pupils"), pupils().count(), on_board);
        let untaken = tally.untaken.iter().filter(|class| town.made.group(**class).school == school).count();
        self.same(&format!("{name}, rolls untaken"), untaken, board.rolls_untaken as usize);

        let said: BTreeMap<PersonId, bool> = tally
            .calls
            .iter()
            .filter(|(pupil, _)| pupils().any(|other| other.person == **pupil))
            .map(|(pupil, open)| (town.person(*pupil), *open))
            .collect();
        let entries = view.on_day(RecordKind::CallListEntry, town.day)?;
        let seen = entries.into_iter().filter_map(|record| {
            let entry = CallListEntry::try_from(record.body).ok()?;
            Some((record.pupil?, entry.closed_at.is_none()))
        });
        self.same(&format!("{name}, call list"), said, seen.collect());
        Ok(())
    }
}
