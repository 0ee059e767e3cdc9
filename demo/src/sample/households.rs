//! The kinds of homes that children come from, and how many of each. Must never seat a persona; see `personas`.

use super::{ATTENDANCE_AND_INFO, Legal, PersonNo, RosterRole, families::Town, schools::Seat};
use rand::RngExt;
use skolebro_core::domain::{
    people::{Dates, GuardianshipKind},
    scope::Topic,
};

/// One adult's tie to the children of a home.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tie {
    pub adult: PersonNo,
    pub roster: Option<RosterRole>,
    pub legal: Option<Legal>,
}

impl Tie {
    pub fn guardian(adult: PersonNo) -> Self {
        Self { adult, roster: Some(RosterRole::Guardian), legal: Some(Legal::confirmed(GuardianshipKind::Guardian)) }
    }

    /// In the legal layer, but nobody at school has confirmed yet.
    pub fn unconfirmed_guardian(adult: PersonNo) -> Self {
        let legal = Legal { confirmed: false, ..Legal::confirmed(GuardianshipKind::Guardian) };
        Self { legal: Some(legal), ..Self::guardian(adult) }
    }

    pub fn blocked(self) -> Self {
        Self { legal: self.legal.map(|legal| Legal { block: true, ..legal }), ..self }
    }

    pub fn without_custody(adult: PersonNo, topics: &'static [Topic]) -> Self {
        let legal = Legal { topics, ..Legal::confirmed(GuardianshipKind::ParentWithoutCustody) };
        Self { adult, roster: Some(RosterRole::Parent), legal: Some(legal) }
    }

    /// Foster parents are in the roster as relatives; a residential home's staff are not in it at all.
    pub fn carer(adult: PersonNo, roster: Option<RosterRole>, dates: Dates) -> Self {
        let legal = Legal { topics: ATTENDANCE_AND_INFO, dates, ..Legal::confirmed(GuardianshipKind::Carer) };
        Self { adult, roster, legal: Some(legal) }
    }

    /// Known from the decision that appoints them, not from the roster.
    pub fn appointed(adult: PersonNo, kind: GuardianshipKind) -> Self {
        Self { adult, roster: None, legal: Some(Legal::confirmed(kind)) }
    }

    /// In the roster only: what the person is to the child, nobody has said.
    pub fn roster_only(adult: PersonNo, role: RosterRole) -> Self {
        Self { adult, roster: Some(role), legal: None }
    }
}

/// Homes in a thousand. Guardians per pupil come to about 1.75.
enum Home {
    Together,
    Apart,
    Alone,
    WithoutCustody,
    AttendanceDelegated,
    Stepparent,
    Unconfirmed,
    RosterOnly,
    Foster,
    Protected,
    Blocked,
}

fn draw_home(ticket: u32) -> Home {
    match ticket {
        0..556 => Home::Together,
        556..740 => Home::Apart,
        740..884 => Home::Alone,
        884..944 => Home::WithoutCustody,
        944..964 => Home::AttendanceDelegated,
        964..976 => Home::Stepparent,
        976..984 => Home::Unconfirmed,
        984..990 => Home::RosterOnly,
        990..994 => Home::Foster,
        994..997 => Home::Protected,
        _ => Home::Blocked,
    }
}

/// A family for the seats.
pub(super) fn draw(town: &mut Town, seats: &[Seat]) {
    let home = draw_home(town.rng.random_range(0..1000));
    let tradition = town.names.tradition(&mut town.rng);
    let household = town.new_household();

    let first_is_woman = town.rng.random_bool(0.55);
    let first_name = town.names.draw(&mut town.rng, tradition, first_is_woman, None);
    let language = town.language_of(first_name);
    let first = town.adult(first_name, household, language);
    // The other adult's name, if the home has one: some couples share a name, some come from different places.
    let elsewhere = town.rng.random_bool(0.15);
    let other_tradition = if elsewhere { town.names.tradition(&mut town.rng) } else { tradition };
    let shared = town.rng.random_bool(0.55).then_some(first_name.family);
    let other_name = town.names.draw(&mut town.rng, other_tradition, !first_is_woman, shared);

    let ties = match home {
        Home::Together | Home::Protected => {
            let other = town.adult(other_name, household, language);
            vec![Tie::guardian(first), Tie::guardian(other)]
        }
        Home::Apart => {
            let other = elsewhere_living(town, other_name);
            vec![Tie::guardian(first), Tie::guardian(other)]
        }
        Home::Alone => vec![Tie::guardian(first)],
        Home::WithoutCustody => {
            let other = elsewhere_living(town, other_name);
            vec![Tie::guardian(first), Tie::without_custody(other, &[])]
        }
        Home::AttendanceDelegated => {
            let other = elsewhere_living(town, other_name);
            vec![Tie::guardian(first), Tie::without_custody(other, ATTENDANCE_AND_INFO)]
        }
        Home::Stepparent => {
            let other = elsewhere_living(town, other_name);
            let stepparent = town.names.draw(&mut town.rng, tradition, !first_is_woman, None);
            let stepparent = town.adult(stepparent, household, language);
            vec![Tie::guardian(first), Tie::guardian(other), Tie::roster_only(stepparent, RosterRole::Parent)]
        }
        Home::Unconfirmed => {
            let other = town.adult(other_name, household, language);
            vec![Tie::unconfirmed_guardian(first), Tie::unconfirmed_guardian(other)]
        }
        Home::RosterOnly => {
            let other = town.adult(other_name, household, language);
            vec![Tie::roster_only(first, RosterRole::Guardian), Tie::roster_only(other, RosterRole::Guardian)]
        }
        Home::Foster => {
            let name = town.names.anyone(&mut town.rng);
            let carer = elsewhere_living(town, name);
            vec![Tie::guardian(first), Tie::carer(carer, Some(RosterRole::Relative), Dates::default())]
        }
        Home::Blocked => {
            let other = elsewhere_living(town, other_name);
            vec![Tie::guardian(first), Tie::guardian(other).blocked()]
        }
    };
    let mut siblings = Vec::with_capacity(seats.len());
    let mut pupils = Vec::with_capacity(seats.len());
    for seat in seats {
        let girl = town.rng.random_bool(0.5);
        let name = town.names.draw(&mut town.rng, tradition, girl, Some(first_name.family));
        let born = town.birth_date(seat.grade, &siblings);
        siblings.push((seat.grade, born));
        // One roster row in 250 does not know when the child was born; staff must be told.
        let known = !town.rng.random_ratio(1, 250);
        pupils.push(town.child(name, household, *seat, known.then_some(born)));
    }
    if matches!(home, Home::Protected) {
        protect(town, ties.iter().map(|tie| tie.adult).chain(pupils.iter().copied()));
    }
    town.bind(&pupils, &ties);
}

fn elsewhere_living(town: &mut Town, name: super::names::Name) -> PersonNo {
    let household = town.new_household();
    let language = town.language_of(name);
    town.adult(name, household, language)
}

/// Skyddade personuppgifter.
pub(super) fn protect(town: &mut Town, people: impl Iterator<Item = PersonNo>) {
    for person in people {
        town.people[person.index()].protected_identity = true;
    }
}
