//! `codes`: who gets an activation code and who does not. The engine makes them, and decides who may have one.

use super::{
    answer::{Answer, Letter, Letters, Recipient, Trouble, WhyNot},
    book::Book,
    desk::Desk,
    letters, order,
};
use crate::engine::{Living, Offer};
use chrono::{DateTime, TimeDelta, Utc};
use skolebro_core::domain::{
    access::{home_holding, is_of_age, staff_holdings},
    ids::PersonId,
    people::Standing,
    time::local_date,
};
use std::collections::{BTreeMap, HashMap};

pub(super) fn make(desk: &Desk, wanted: &order::Codes, now: DateTime<Utc>) -> Result<Answer, Trouble> {
    if let Some(server) = &wanted.server {
        letters::check_server(server).map_err(Trouble::usage)?;
    }
    let (book, label, people) = match (&wanted.group, wanted.staff, &wanted.person) {
        (Some(group), false, None) => {
            let book = desk.book(&wanted.school, now)?;
            let people = homes(&book, group)?;
            (book, group.clone(), people)
        }
        (None, true, None) => {
            let book = desk.book(&wanted.school, now)?;
            let people = staff(&book);
            (book, String::new(), people)
        }
        (None, false, Some(person)) => {
            let person = desk.somebody(person, &wanted.school, now)?;
            let book = Book::of_person(&**desk.engine.store(), person, wanted.school.school.as_deref(), now)?;
            let pupils = book.roster.own_pupils(person).collect();
            (book, String::new(), vec![(person, pupils)])
        }
        _ => return Err(Trouble::usage("give one of --group, --staff and --person")),
    };
    let (mut wanted_by, mut left) = (Vec::new(), Vec::new());
    for (person, pupils) in people {
        if wanted.without_phone && desk.has_phone(person)? {
            continue;
        }
        // A letter is on the ground of the pupils of whom the person reads something; none is named to anybody else.
        let read: Vec<PersonId> = pupils.iter().copied().filter(|pupil| reads_about(&book, person, *pupil)).collect();
        let to = |pupils: &[PersonId]| recipient(&book, person, pupils);
        if wanted.group.is_some() && read.is_empty() {
            left.push((to(&pupils), why_not(&book, person, &pupils)));
        } else if book.is_named(person) {
            wanted_by.push(to(&read));
        } else {
            left.push((to(&read), WhyNot::NoName));
        }
    }
    let persons: Vec<PersonId> = wanted_by.iter().map(|to| to.person).collect();
    // Class by class, siblings' homes are asked for twice: their first letter must not die of it.
    let living = if wanted.again { Living::Replaced } else { Living::Kept };
    let made = desk.engine.offer_codes(&persons, living).map_err(|refused| Trouble::refused(refused.detail))?;
    let mut offers: HashMap<PersonId, Offer> = made.into_iter().collect();
    let mut letters = Vec::new();
    for to in wanted_by {
        match offers.remove(&to.person) {
            Some(Offer::Made(code)) => letters.push(Letter { to, code }),
            Some(Offer::Lives { made_at }) => {
                let made = local_date(book.roster.time_zone(), made_at);
                left.push((to, WhyNot::HasCode { made }));
            }
            Some(Offer::ReadsNothing) | None => {
                let pupils: Vec<PersonId> = book.roster.own_pupils(to.person).collect();
                let why = why_not(&book, to.person, &pupils);
                left.push((to, why));
            }
        }
    }
    let until = now + desk.engine.limits().code_life;
    tracing::info!(made = letters.len(), left = left.len(), "activation codes made");
    let school = book.roster.school();
    Ok(Answer::Codes(Letters {
        school: book.school_name(),
        school_phone: school.map(|school| school.phone.clone()).unwrap_or_default(),
        school_language: book.language(),
        group: label,
        server: wanted.server.clone(),
        made: book.today,
        // They end in the middle of their last day; the letter promises the days before.
        until: local_date(book.roster.time_zone(), until - TimeDelta::days(1)).max(book.today),
        letters,
        left,
    }))
}

type Addressees = Vec<(PersonId, Vec<PersonId>)>;

/// Those at home of a group's pupils, in the order of the pupils, each once: the adults, and a pupil of age itself.
fn homes(book: &Book, group: &str) -> Result<Addressees, Trouble> {
    let mut order: Addressees = Vec::new();
    let mut places: BTreeMap<PersonId, usize> = BTreeMap::new();
    for pupil in book.members(book.group(group)?) {
        let itself = is_of_age(&book.roster, pupil, book.today).then_some(pupil);
        for person in book.roster.guardianships(pupil).iter().map(|held| held.person).chain(itself) {
            let place = *places.entry(person).or_insert(order.len());
            match order.get_mut(place) {
                Some((_, pupils)) => pupils.push(pupil),
                None => order.push((person, vec![pupil])),
            }
        }
    }
    Ok(order)
}

fn staff(book: &Book) -> Addressees {
    let held = |person: &PersonId| !staff_holdings(&book.roster, *person, book.today).is_empty();
    let mut people: Vec<PersonId> = book.roster.adults().into_iter().filter(held).collect();
    people.sort_by_cached_key(|person| (book.family_first(*person), *person));
    people.into_iter().map(|person| (person, Vec::new())).collect()
}

fn reads_about(book: &Book, person: PersonId, pupil: PersonId) -> bool {
    home_holding(&book.roster, person, pupil, book.today).is_some_and(|holding| holding.reads_anything())
}

fn recipient(book: &Book, person: PersonId, pupils: &[PersonId]) -> Recipient {
    Recipient {
        person,
        name: book.name(person),
        language: book.people.get(&person).and_then(|person| person.language),
        // A letter to the home of a protected child gives its address away too.
        protected: std::iter::once(&person).chain(pupils).any(|one| book.roster.is_protected(*one)),
        is_staff: pupils.is_empty() && !staff_holdings(&book.roster, person, book.today).is_empty(),
        pupils: pupils.iter().map(|pupil| book.name(*pupil)).collect(),
    }
}

/// Why the engine made none: a code is for somebody who would read something with it, by whatever relation.
fn why_not(book: &Book, person: PersonId, children: &[PersonId]) -> WhyNot {
    if children.iter().any(|pupil| book.roster.is_blocked(*pupil, person)) {
        return WhyNot::Blocked;
    }
    let is_pending =
        |pupil: &PersonId| book.roster.guardianship(*pupil, person).is_some_and(|g| g.standing == Standing::Pending);
    if children.iter().any(is_pending) { WhyNot::Pending } else { WhyNot::Nothing }
}
