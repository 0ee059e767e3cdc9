//! Grants and revocations: the access table's answer, kept as rows with numbers of their own.
//!
//! What is newly given, or given until another instant, is a new grant; what is no longer given is a revocation; what is
//! given unchanged keeps its grant, so that no phone fetches again what it has. Must never give what
//! [`access::subscriptions_about`] does not.

use super::{budget, lost, renewal, turn::Turn};
use crate::store::{Result, Subscription};
use chrono::NaiveDate;
use skolebro_core::domain::{
    access,
    ids::{PersonId, SchoolId},
    people::{Reach, Spell},
    roster::{Roster, RosterEntry},
    scope::{Circle, Scope, Subject, Topic},
};
use std::collections::{BTreeMap, BTreeSet};

/// Who must be asked about anew, and about what.
pub(super) type Pairs = BTreeSet<(PersonId, Subject)>;

/// Everybody to whom these facts make a difference, in the roster before and after.
pub(super) fn touched(rosters: &[&Roster], facts: &[RosterEntry], today: NaiveDate) -> Pairs {
    let mut pairs = Pairs::new();
    for roster in rosters {
        for fact in facts {
            touch(&mut pairs, roster, fact, today);
        }
    }
    pairs
}

fn touch(pairs: &mut Pairs, roster: &Roster, fact: &RosterEntry, today: NaiveDate) {
    match fact {
        RosterEntry::School(_) => {
            for person in access::related(roster, Subject::School, today) {
                everything(pairs, roster, person, today);
            }
        }
        RosterEntry::Group(group) => related(pairs, roster, Subject::Group(group.id), today),
        RosterEntry::Enrolment(enrolment) => about_pupil(pairs, roster, enrolment.pupil, today),
        RosterEntry::Membership(membership) => {
            related(pairs, roster, Subject::Pupil(membership.pupil), today);
            let homes = at_home(roster, membership.pupil, today);
            pairs.extend(homes.map(|home| (home, Subject::Group(membership.group))));
            // What staff keep of the group is closed to whoever is barred from one of it.
            let barred = roster.barred(membership.pupil).iter();
            pairs.extend(barred.map(|person| (*person, Subject::Group(membership.group))));
        }
        // A birth date moves the 18th birthday.
        RosterEntry::Person(person) if roster.pupil(person.id).is_some() => {
            about_pupil(pairs, roster, person.id, today)
        }
        RosterEntry::Guardianship(held) => {
            home(pairs, roster, held.person, held.pupil);
            about_pupil(pairs, roster, held.pupil, today);
        }
        RosterEntry::Delegation(delegation) => home(pairs, roster, delegation.to, delegation.pupil),
        // What a barred guardian had delegated to another goes too.
        RosterEntry::Block(block) => {
            about_pupil(pairs, roster, block.pupil, today);
            home(pairs, roster, block.person, block.pupil);
        }
        RosterEntry::AdultConsent(consent) => about_pupil(pairs, roster, consent.pupil, today),
        RosterEntry::Assignment(assignment) | RosterEntry::Spell(Spell(assignment)) => {
            let person = assignment.person;
            pairs.extend([(person, Subject::School), (person, Subject::Person(person))]);
            match assignment.reach {
                Reach::Group(group) => {
                    pairs.insert((person, Subject::Group(group)));
                    pairs.extend(roster.ever_members(group).iter().map(|pupil| (person, Subject::Pupil(*pupil))));
                }
                Reach::School => {
                    pairs.extend(roster.groups().map(|group| (person, Subject::Group(group.id))));
                    pairs.extend(roster.pupils().map(|(pupil, _)| (person, Subject::Pupil(pupil))));
                }
            }
        }
        // Whoever says it anew, or takes it away, says of whom it is.
        RosterEntry::Unread(_) => {}
        RosterEntry::Person(_) | RosterEntry::StaffMember(_) | RosterEntry::RuleSet(_) | RosterEntry::Calendar(_) => {}
    }
}

/// Everything that these persons have or had anything to do with.
pub(super) fn all_of(turn: &mut Turn<'_>, school: SchoolId, persons: &[PersonId]) -> Result<Pairs> {
    let (roster, today) = (turn.roster(school)?, turn.today(school)?);
    let mut pairs = Pairs::new();
    for person in persons {
        pairs.extend(access::subjects(&roster, *person, today).into_iter().map(|subject| (*person, subject)));
        let given = turn.store.subscriptions(school, *person)?;
        pairs.extend(given.into_iter().map(|held| (*person, held.scope.subject)));
    }
    Ok(pairs)
}

/// The adults at home, and the pupil itself once it is of age.
fn at_home(roster: &Roster, pupil: PersonId, today: NaiveDate) -> impl Iterator<Item = PersonId> + '_ {
    let itself = access::is_of_age(roster, pupil, today).then_some(pupil);
    roster.guardianships(pupil).iter().map(|adult| adult.person).chain(itself)
}

fn related(pairs: &mut Pairs, roster: &Roster, subject: Subject, today: NaiveDate) {
    pairs.extend(access::related(roster, subject, today).into_iter().map(|person| (person, subject)));
}

/// The pupil itself for everybody, and for those at home also what they reach through it.
fn about_pupil(pairs: &mut Pairs, roster: &Roster, pupil: PersonId, today: NaiveDate) {
    related(pairs, roster, Subject::Pupil(pupil), today);
    for person in at_home(roster, pupil, today) {
        home(pairs, roster, person, pupil);
    }
    for barred in roster.barred(pupil) {
        home(pairs, roster, *barred, pupil);
    }
}

fn home(pairs: &mut Pairs, roster: &Roster, adult: PersonId, pupil: PersonId) {
    pairs.extend([Subject::School, Subject::Person(adult), Subject::Pupil(pupil)].map(|subject| (adult, subject)));
    let places = roster.pupil(pupil).into_iter().flat_map(|facts| &facts.memberships);
    pairs.extend(places.map(|place| (adult, Subject::Group(place.group))));
}

fn everything(pairs: &mut Pairs, roster: &Roster, person: PersonId, today: NaiveDate) {
    for pupil in roster.own_pupils(person) {
        home(pairs, roster, person, pupil);
    }
    for assignment in roster.assignments(person) {
        touch(pairs, roster, &(*assignment).into(), today);
    }
}

/// Compares what is given with what the access table says now; how many were granted and revoked.
pub(super) fn renew(turn: &mut Turn<'_>, school: SchoolId, pairs: Pairs) -> Result<(usize, usize)> {
    renewal::begin(turn, school)?;
    let today = turn.today(school)?;
    let roster = turn.roster(school)?;
    let (mut granted, mut revoked) = (0, 0);
    let mut by_person: BTreeMap<PersonId, Vec<Subject>> = BTreeMap::new();
    for (person, subject) in pairs {
        by_person.entry(person).or_default().push(subject);
    }
    for (person, subjects) in by_person {
        let mut given = held(turn, school, person)?;
        let (mut changed, mut lost_topics) = (Vec::new(), lost::Lost::new());
        for subject in subjects {
            let wanted = access::subscriptions_about(&roster, person, subject, today).0;
            for (scope, until) in &wanted {
                let same = |held: &Subscription| held.revoked.is_none() && held.until == *until;
                if !given.get(scope).is_some_and(same) {
                    changed.push((*scope, Some(*until)));
                }
            }
            let lost =
                about(&given, subject).filter(|held| held.revoked.is_none() && !wanted.contains_key(&held.scope));
            changed.extend(lost.map(|held| (held.scope, None)));
            if let Subject::Pupil(pupil) = subject {
                let had = about(&given, subject).map(|held| held.scope.topic);
                let reads = |topic: &Topic| wanted.contains_key(&Scope::pupil(pupil, *topic, Circle::All));
                lost_topics.extend(had.filter(|topic| !reads(topic)).map(|topic| (topic, pupil)));
            }
        }
        lost::take_back(turn, school, person, &lost_topics)?;
        if changed.is_empty() {
            turn.school(school)?.subscriptions.insert(person, given);
            continue;
        }
        for (scope, until) in changed {
            let number = turn.take_number(school)?;
            let subscription = match until {
                Some(until) => {
                    granted += 1;
                    Subscription { scope, granted: number, revoked: None, until }
                }
                None => {
                    revoked += 1;
                    let (given_at, until) = given.get(&scope).map_or((0, None), |held| (held.granted, held.until));
                    Subscription { scope, granted: given_at, revoked: Some(number), until }
                }
            };
            turn.store.put_subscription(school, person, &subscription)?;
            if given.insert(scope, subscription).is_none() {
                turn.growth += budget::ROW;
            }
        }
        turn.school(school)?.subscriptions.insert(person, given);
        turn.touch_person(school, person)?;
    }
    if granted + revoked > 0 {
        turn.bump_access(school)?;
    }
    Ok((granted, revoked))
}

/// The person's subscriptions as they are within the transaction; put back by the caller.
fn held(turn: &mut Turn<'_>, school: SchoolId, person: PersonId) -> Result<BTreeMap<Scope, Subscription>> {
    if let Some(known) = turn.school(school)?.subscriptions.remove(&person) {
        return Ok(known);
    }
    let stored = turn.store.subscriptions(school, person)?;
    Ok(stored.into_iter().map(|subscription| (subscription.scope, subscription)).collect())
}

fn about(given: &BTreeMap<Scope, Subscription>, subject: Subject) -> impl Iterator<Item = &Subscription> {
    let first = Scope::new(subject, Topic::Attendance, Circle::All);
    given.range(first..).take_while(move |(scope, _)| scope.subject == subject).map(|(_, held)| held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_scope_of_a_subject_stands_before_the_first() {
        let person = PersonId::derive(&[&"Liv"]);
        for topic in Topic::ALL.iter().copied() {
            for circle in [Circle::All, Circle::Staff, Circle::Party(person)] {
                let subject = Subject::Pupil(person);
                assert!(Scope::new(subject, Topic::Attendance, Circle::All) <= Scope::new(subject, topic, circle));
            }
        }
    }
}
