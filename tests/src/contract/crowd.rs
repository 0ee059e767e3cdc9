//! A large class, and its absences: what a list must page.

use crate::{
    raw::command,
    town::Town,
    village::{assignment, day, group, person, school},
};
use chrono::NaiveDate;
use skolebro_core::domain::{
    attendance::{AbsenceKind, session::pupil_in_session},
    command::{Capacity, Command, CommandBody},
    ids::PersonId,
    people::*,
    roster::{Origin, Roster, RosterChange, RosterEntry},
};
use skolebro_server::store;

pub const CLASS: &str = "6C";
/// She helps in the office where a crowd is away, so that nobody's phones are used for it.
const HELPER: &str = "Stina";
/// Pupils in one command, and school days in one report, at most.
const PUPILS: usize = 200;
const DAYS: usize = 10;

/// Adds pupils after the `first` ones; their given names.
pub fn grow(town: &Town, first: usize, pupils: usize) -> Vec<String> {
    let form = SchoolForm::Compulsory;
    let mut entries: Vec<RosterEntry> = vec![
        Group { id: group(CLASS), name: CLASS.into(), kind: GroupKind::Class, form, code: None, location: None }.into(),
    ];
    let names: Vec<String> = (first..first + pupils).map(|number| format!("Elev{:04}", number + 1)).collect();
    for name in &names {
        let pupil = person(name);
        let card = Person {
            id: pupil,
            given_name: name.clone(),
            family_name: "Åsgård".into(),
            language: Some(Language::Sv),
            phone: None,
            email: None,
            birth_date: Some(day("2014-03-02")),
            protected_identity: false,
        };
        entries.push(card.into());
        entries.push(Enrolment { pupil, form, dates: Dates::default() }.into());
        entries.push(Membership { pupil, group: group(CLASS), dates: Dates::default() }.into());
    }
    town.apply(entries.into_iter().map(|entry| RosterChange::Put { entry, origin: Origin::Import }).collect());
    names
}

/// Reports the pupils sick on so many school days from `from` on, as the office does; how many records that makes.
pub fn absences(town: &Town, pupils: &[String], days: usize, from: NaiveDate) -> Result<usize, String> {
    let pupils: Vec<PersonId> = pupils.iter().map(|name| person(name)).collect();
    let first = *pupils.first().ok_or("nobody is named")?;
    let roster = store::read(town.engine().store().as_ref(), |reading| {
        let mut roster = Roster::default();
        reading.roster(school(), &mut |stored| roster.put(&stored.entry))?;
        Ok(roster)
    })
    .unwrap();
    let open = from.iter_days().take(366).filter(|day| pupil_in_session(&roster, first, *day));
    let open: Vec<NaiveDate> = open.take(days).collect();
    town.put(assignment(HELPER, Role::Office, Reach::School));
    let now = town.engine().now().to_rfc3339();
    let mut commands: Vec<Command> = Vec::new();
    for span in open.chunks(DAYS) {
        let (Some(from), Some(to)) = (span.first(), span.last()) else { continue };
        for pupils in pupils.chunks(PUPILS) {
            let (kind, from, to) = (AbsenceKind::Sick, *from, *to);
            let (part, note, on_behalf_of, phoned_at) = (None, None, None, None);
            let pupils = pupils.to_vec();
            let body = CommandBody::ReportAbsence { pupils, kind, from, to, part, note, on_behalf_of, phoned_at };
            commands.push(command(Capacity::Staff(Role::Office), body, &now));
        }
    }
    for outcome in town.raw(HELPER).push(&commands) {
        if outcome.get("accepted").is_none() {
            return Err(format!("not taken: {outcome}"));
        }
    }
    Ok(pupils.len() * open.len())
}
