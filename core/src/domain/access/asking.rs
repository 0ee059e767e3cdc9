//! Whether a person, in a capacity, may ask for something about a pupil, a group or the school today. Decides nothing that
//! the table does not say.

use super::{Relation, Who, home_holding, may, staff_holdings};
use crate::domain::{
    command::{Capacity, CommandAbout, CommandBody, CommandKind, CommandSubject},
    decide::a_fair_number,
    ids::{GroupId, PersonId},
    people::Reach,
    rejection::Rejection,
    roster::Roster,
};
use chrono::NaiveDate;

/// Whether a person, acting in a capacity, may ask for that today, of all whom it is about.
pub fn may_about(
    roster: &Roster,
    person: PersonId,
    capacity: Capacity,
    command: &CommandBody,
    today: NaiveDate,
) -> bool {
    let kind = command.kind();
    match command.about() {
        CommandAbout::Pupils(pupils) => {
            pupils.iter().all(|pupil| may_about_pupil(roster, person, capacity, kind, *pupil, today))
        }
        CommandAbout::Group(group) => may_about_group(roster, person, capacity, kind, group, today),
        CommandAbout::School => may_about_school(roster, person, capacity, kind, today),
        CommandAbout::Oneself => may(Relation::Itself, kind).is_some(),
    }
}

/// The first thing that is asked of every command, whatever its area.
///
/// # Errors
/// [`Rejection::NotAPersonsCommand`] where only the clock, or only a person, may ask; [`Rejection::NothingNamed`] and
/// [`Rejection::TooMany`]; [`Rejection::NotYours`], which reads like something that does not exist;
/// [`Rejection::OwnChild`].
pub fn may_ask(
    roster: &Roster,
    person: Option<PersonId>,
    capacity: Capacity,
    command: &CommandBody,
    today: NaiveDate,
) -> Result<(), Rejection> {
    let by_the_clock = command.kind().by().contains(&Who::Clock);
    let Some(person) = person else {
        return if by_the_clock { Ok(()) } else { Err(Rejection::NotAPersonsCommand) };
    };
    if by_the_clock {
        return Err(Rejection::NotAPersonsCommand);
    }
    if let CommandAbout::Pupils(pupils) = command.about() {
        a_fair_number(pupils.len())?;
    }
    if !may_about(roster, person, capacity, command, today) {
        return Err(Rejection::NotYours);
    }
    let own = |pupil: &PersonId| person == *pupil || roster.guardianship(*pupil, person).is_some();
    match (capacity, command.kind().subject(), command.about()) {
        (Capacity::Staff(_), CommandSubject::OthersPupil, CommandAbout::Pupils(pupils)) if pupils.iter().any(own) => {
            Err(Rejection::OwnChild)
        }
        _ => Ok(()),
    }
}

/// Whether a person, acting in a capacity, may ask for that about a pupil today.
pub fn may_about_pupil(
    roster: &Roster,
    person: PersonId,
    capacity: Capacity,
    command: CommandKind,
    pupil: PersonId,
    today: NaiveDate,
) -> bool {
    match capacity {
        Capacity::Home => home_holding(roster, person, pupil, today).is_some_and(|holding| {
            may(holding.relation, command).is_some_and(|needs| holding.opens(needs, command.topic()).is_some())
        }),
        Capacity::Staff(role) => {
            may(Relation::Staff(role), command).is_some()
                // A bar is on the person, in whatever capacity.
                && !roster.is_blocked(pupil, person)
                && staff_holdings(roster, person, today).iter().any(|(reach, holding)| {
                    holding.relation == Relation::Staff(role)
                        && match reach {
                            Reach::School => roster.pupil(pupil).is_some_and(|facts| facts.dates.contain(today)),
                            Reach::Group(group) => roster.is_member(pupil, *group, today),
                        }
                })
        }
        Capacity::System => false,
    }
}

/// Whether a person, acting as staff, may ask for that about a group today.
pub fn may_about_group(
    roster: &Roster,
    person: PersonId,
    capacity: Capacity,
    command: CommandKind,
    group: GroupId,
    today: NaiveDate,
) -> bool {
    let Capacity::Staff(role) = capacity else { return false };
    may(Relation::Staff(role), command).is_some()
        // Who speaks of everybody says something of pupils whom they are barred from, and have not seen.
        && !(command.subject() == CommandSubject::WholeGroup && roster.is_barred_from_group(person, group))
        && staff_holdings(roster, person, today).iter().any(|(reach, holding)| {
            holding.relation == Relation::Staff(role)
                && match reach {
                    Reach::School => roster.group(group).is_some(),
                    Reach::Group(own) => *own == group,
                }
        })
}

/// Whether a person, acting as staff of the whole school, may ask for that today.
pub fn may_about_school(
    roster: &Roster,
    person: PersonId,
    capacity: Capacity,
    command: CommandKind,
    today: NaiveDate,
) -> bool {
    let Capacity::Staff(role) = capacity else { return false };
    may(Relation::Staff(role), command).is_some()
        && staff_holdings(roster, person, today)
            .iter()
            .any(|(reach, holding)| *reach == Reach::School && holding.relation == Relation::Staff(role))
}
