//! Keeps the directory's cards in step with the roster. The cards are core's ([`Directory`]); this finds out which of them
//! a change touches, and writes those that are different. A card that is no longer current leaves a *gone* row.

use super::{apply, renewal, turn::Turn};
use crate::store::Result;
use chrono::NaiveDate;
use skolebro_core::domain::{
    access::is_of_age,
    directory::{Directory, Entry},
    ids::{GroupId, PersonId, RecordId, SchoolId},
    people::{Person, Spell},
    roster::{Roster, RosterEntry},
    scope::Scope,
};
use std::collections::{BTreeSet, HashMap};

/// A card, or several that change together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Card {
    School,
    RuleSet(String),
    Calendar(String),
    Group(GroupId),
    Pupil(PersonId),
    /// One adult at home of a pupil: contact and relation. What is so of one adult shows on the others' cards.
    Adult(PersonId, PersonId),
    Staff(PersonId),
    Role(PersonId),
}

/// The cards that these facts make a difference to, in the roster before and after.
pub(super) fn touched(rosters: &[&Roster], facts: &[RosterEntry], today: NaiveDate) -> BTreeSet<Card> {
    let mut cards = BTreeSet::new();
    for roster in rosters {
        for fact in facts {
            touch(&mut cards, roster, fact, today);
        }
    }
    cards
}

fn touch(cards: &mut BTreeSet<Card>, roster: &Roster, fact: &RosterEntry, today: NaiveDate) {
    let family = |cards: &mut BTreeSet<Card>, pupil| family(cards, roster, pupil, today);
    match fact {
        RosterEntry::Unread(_) => {}
        RosterEntry::School(_) => {
            cards.insert(Card::School);
        }
        RosterEntry::RuleSet(_) => {
            cards.insert(Card::RuleSet(fact.key().key));
        }
        RosterEntry::Calendar(_) => {
            cards.insert(Card::Calendar(fact.key().key));
        }
        RosterEntry::Group(group) => {
            // Those of the same name are told apart by each other.
            for group in roster.groups_called(&group.name).iter().chain([&group.id]) {
                cards.insert(Card::Group(*group));
                cards.extend(roster.ever_members(*group).iter().map(|pupil| Card::Pupil(*pupil)));
            }
        }
        RosterEntry::Person(person) => {
            cards.extend([Card::Pupil(person.id), Card::Staff(person.id), Card::Role(person.id)]);
            family(cards, person.id);
            cards.extend(roster.barred_from(person.id).iter().map(|pupil| Card::Adult(*pupil, person.id)));
            for child in roster.children(person.id) {
                family(cards, *child);
            }
        }
        RosterEntry::Enrolment(enrolment) => {
            cards.insert(Card::Pupil(enrolment.pupil));
            family(cards, enrolment.pupil);
        }
        RosterEntry::Membership(membership) => {
            cards.insert(Card::Pupil(membership.pupil));
        }
        RosterEntry::Guardianship(held) => {
            cards.extend([Card::Adult(held.pupil, held.person), Card::Role(held.person)]);
            family(cards, held.pupil);
        }
        RosterEntry::Delegation(delegation) => family(cards, delegation.pupil),
        RosterEntry::Block(block) => {
            cards.insert(Card::Adult(block.pupil, block.person));
            family(cards, block.pupil);
        }
        RosterEntry::AdultConsent(consent) => family(cards, consent.pupil),
        RosterEntry::StaffMember(member) => {
            cards.insert(Card::Staff(member.person));
        }
        RosterEntry::Assignment(assignment) | RosterEntry::Spell(Spell(assignment)) => {
            cards.extend([Card::Staff(assignment.person), Card::Role(assignment.person)]);
        }
    }
}

fn family(cards: &mut BTreeSet<Card>, roster: &Roster, pupil: PersonId, today: NaiveDate) {
    let itself = is_of_age(roster, pupil, today).then_some(pupil);
    for person in roster.guardianships(pupil).iter().map(|adult| adult.person).chain(itself) {
        cards.extend([Card::Adult(pupil, person), Card::Role(person)]);
    }
    cards.extend(roster.barred(pupil).iter().map(|person| Card::Adult(pupil, *person)));
}

/// Writes the cards that differ from what is stored; how many.
pub(super) fn project(turn: &mut Turn<'_>, school: SchoolId, cards: BTreeSet<Card>) -> Result<usize> {
    project_each(turn, school, cards, &mut |_, _| {})
}

/// The same, and tells where each card stands that is current.
pub(super) fn project_each(
    turn: &mut Turn<'_>,
    school: SchoolId,
    cards: BTreeSet<Card>,
    current: &mut dyn FnMut(Scope, RecordId),
) -> Result<usize> {
    renewal::begin(turn, school)?;
    let (roster, today) = (turn.roster(school)?, turn.today(school)?);
    let people = names(turn, school, &roster, &cards)?;
    let named = |person: PersonId| people.get(&person).cloned();
    let directory = Directory { school, roster: &roster, today, people: &named };
    let mut written = 0;
    for card in cards {
        for ((scope, id), wanted) in entries(&directory, &card) {
            let before = turn.store.row(school, &scope, id)?;
            let changed = match wanted {
                Some(record) => {
                    current(scope, id);
                    apply::put(turn, school, &record, before)?
                }
                None => apply::remove(turn, school, before)?,
            };
            written += usize::from(changed);
        }
    }
    Ok(written)
}

fn entries(directory: &Directory<'_>, card: &Card) -> Vec<Entry> {
    match card {
        Card::School => vec![directory.school()],
        Card::RuleSet(key) => vec![directory.rule_set(key)],
        Card::Calendar(key) => vec![directory.calendar(key)],
        Card::Group(group) => vec![directory.group(*group)],
        Card::Pupil(pupil) => vec![directory.pupil(*pupil)],
        Card::Adult(pupil, adult) => vec![directory.contact(*pupil, *adult), directory.relation(*pupil, *adult)],
        Card::Staff(person) => vec![directory.staff(*person), directory.colleague(*person)],
        Card::Role(person) => vec![directory.role(*person)],
    }
}

/// The names that these cards carry.
fn names(
    turn: &mut Turn<'_>,
    school: SchoolId,
    roster: &Roster,
    cards: &BTreeSet<Card>,
) -> Result<HashMap<PersonId, Person>> {
    let mut wanted = BTreeSet::new();
    for card in cards {
        match card {
            Card::School | Card::RuleSet(_) | Card::Calendar(_) | Card::Group(_) => {}
            Card::Pupil(person) | Card::Staff(person) | Card::Role(person) => {
                wanted.insert(*person);
            }
            Card::Adult(pupil, adult) => {
                wanted.insert(*adult);
                wanted.extend(roster.guardianships(*pupil).iter().map(|other| other.person));
            }
        }
    }
    let mut people = HashMap::new();
    for person in wanted {
        people.extend(turn.person(school, person)?.map(|found| (person, found)));
    }
    Ok(people)
}
