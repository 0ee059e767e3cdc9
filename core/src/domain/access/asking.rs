//! Whether a person, in a capacity, may ask for something about a pupil, a group or the school today. Decides nothing that
//! the table does not say.

use super::{Relation, home_holding, may, staff_holdings, topic_of};
use crate::domain::{
    command::{Capacity, CommandKind},
    ids::{GroupId, PersonId},
    people::Reach,
    roster::Roster,
};
use chrono::NaiveDate;

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
            may(holding.relation, command).is_some_and(|needs| holding.opens(needs, topic_of(command)).is_some())
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
        && !(about_everybody(command) && roster.is_barred_from_group(person, group))
        && staff_holdings(roster, person, today).iter().any(|(reach, holding)| {
            holding.relation == Relation::Staff(role)
                && match reach {
                    Reach::School => roster.group(group).is_some(),
                    Reach::Group(own) => *own == group,
                }
        })
}

/// A closed roll says of everybody whom it does not name that they were there: nobody says that of a pupil whom they are
/// barred from, and have not seen.
fn about_everybody(command: CommandKind) -> bool {
    command == CommandKind::CloseRoll
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
