//! For whom staff make the code of a next phone. Whoever holds a code becomes that person, so none is made for those who
//! lead, for oneself, for the other adults of one's own child, nor for anybody who reads of a pupil whom one is barred
//! from. What is refused as [`NoCode::NotYours`] does not tell *unknown*, *pending* and *barred* apart.

use super::{Relation, holdings, home_holding, makes_codes, staff_holdings};
use crate::domain::{
    ids::PersonId,
    people::{Reach, Role},
    roster::Roster,
    scope::Subject,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// Why no code is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum NoCode {
    /// There is no such person, or none for whom this one makes codes.
    NotYours,
    /// A colleague makes it.
    Oneself,
    /// Of principals, deputies and the organiser: the operator makes it.
    Leader,
    /// One's own child of age, or another adult of one's own child: a colleague makes it.
    OwnChild,
    /// Somebody at home who has never had a phone here: the first code comes by letter.
    FirstByLetter,
    /// A reason of a newer server.
    #[serde(other)]
    Newer,
}

impl NoCode {
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// As it is on the wire and in the catalogues (`no-code-CODE`).
    pub fn as_str(self) -> &'static str {
        match self {
            NoCode::NotYours => "not_yours",
            NoCode::Oneself => "oneself",
            NoCode::Leader => "leader",
            NoCode::OwnChild => "own_child",
            NoCode::FirstByLetter => "first_by_letter",
            NoCode::Newer => "newer",
        }
    }
}

/// What a person is at a school for whom a code can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFor {
    /// Works here, with an assignment today.
    Staff,
    /// At home of a pupil, and reads something of it.
    Home,
}

/// Whether somebody makes a code for a person at this school today.
///
/// # Errors
/// Why not.
pub fn may_make_code(roster: &Roster, by: PersonId, person: PersonId, today: NaiveDate) -> Result<CodeFor, NoCode> {
    let makes = |(reach, holding): &(Reach, super::Holding)| *reach == Reach::School && makes_codes(holding.relation);
    if !staff_holdings(roster, by, today).iter().any(makes) {
        return Err(NoCode::NotYours);
    }
    if by == person {
        return Err(NoCode::Oneself);
    }
    if leads(roster, person, today) {
        return Err(NoCode::Leader);
    }
    if is_of_own_child(roster, by, person) {
        return Err(NoCode::OwnChild);
    }
    if reads_past_a_bar(roster, by, person, today) {
        return Err(NoCode::NotYours);
    }
    if !staff_holdings(roster, person, today).is_empty() {
        return Ok(CodeFor::Staff);
    }
    let reads = |pupil| home_holding(roster, person, pupil, today).is_some_and(|holding| holding.reads_anything());
    if roster.own_pupils(person).any(reads) { Ok(CodeFor::Home) } else { Err(NoCode::NotYours) }
}

/// Whether a code would give the one who makes it more than at the school where it is asked for: what the person is at
/// another school, where nobody of this one has a say.
pub fn code_reaches_too_far(
    roster: &Roster,
    by: PersonId,
    person: PersonId,
    at_home_here: bool,
    today: NaiveDate,
) -> bool {
    let works = !staff_holdings(roster, person, today).is_empty();
    leads(roster, person, today)
        || (works && at_home_here)
        || is_of_own_child(roster, by, person)
        || reads_past_a_bar(roster, by, person, today)
}

/// Now or later: a code outlasts the day on which it is made.
fn leads(roster: &Roster, person: PersonId, today: NaiveDate) -> bool {
    roster.assignments(person).iter().filter(|held| held.dates.until.is_none_or(|until| today <= until)).any(|held| {
        match held.role {
            Role::Principal | Role::DeputyPrincipal | Role::Organiser => true,
            Role::ContactTeacher
            | Role::Teacher
            | Role::PreschoolStaff
            | Role::AfterSchoolStaff
            | Role::SpecialEducator
            | Role::PupilHealth
            | Role::Office => false,
        }
    })
}

fn is_of_own_child(roster: &Roster, by: PersonId, person: PersonId) -> bool {
    let own = |child: &PersonId| *child == person || roster.guardianship(*child, person).is_some();
    roster.children(by).iter().any(own)
}

fn reads_past_a_bar(roster: &Roster, by: PersonId, person: PersonId, today: NaiveDate) -> bool {
    let reads = |pupil: &PersonId| {
        let held = holdings(roster, person, Subject::Pupil(*pupil), today);
        held.iter().any(super::Holding::reads_anything)
    };
    roster.barred_from(by).iter().any(reads)
}

/// Whether a relation makes codes for others: what the documentation page says.
pub fn relations_making_codes() -> Vec<Relation> {
    super::relations().into_iter().filter(|relation| makes_codes(*relation)).collect()
}
