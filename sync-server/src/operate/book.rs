//! One school's roster with its names, read from the store for one order: the operator's commands name people, rules do not.

use super::answer::{AdultLine, PupilLine, Trouble};
use crate::store::{Store, read};
use chrono::{DateTime, NaiveDate, Utc};
use skolebro_core::{
    domain::{
        ids::{GroupId, PersonId, SchoolId},
        names,
        people::{Guardianship, Language, Person},
        roster::{Roster, RosterEntry},
        time::local_date,
    },
    plain::plain,
};
use std::collections::HashMap;

#[derive(Debug)]
pub struct Book {
    pub school: SchoolId,
    pub roster: Roster,
    pub people: HashMap<PersonId, Person>,
    pub today: NaiveDate,
}

impl Book {
    /// # Errors
    /// The store's.
    pub fn of(store: &dyn Store, school: SchoolId, now: DateTime<Utc>) -> Result<Self, Trouble> {
        let (roster, people) = read(store, |reading| {
            let (mut roster, mut people) = (Roster::default(), HashMap::new());
            reading.roster(school, &mut |stored| {
                roster.put(&stored.entry);
                if let RosterEntry::Person(person) = stored.entry {
                    people.insert(person.id, person);
                }
            })?;
            Ok((roster, people))
        })?;
        let today = local_date(roster.time_zone(), now);
        Ok(Self { school, roster, people, today })
    }

    /// The one school, or the one of that name or id: a name fits whole first, and by the beginnings of its words after
    /// that.
    ///
    /// # Errors
    /// None or several fit.
    pub fn find(store: &dyn Store, wanted: Option<&str>, now: DateTime<Utc>) -> Result<Self, Trouble> {
        let mut books = Self::all(store, now)?;
        let all = Self::listed(&books);
        if let Some(wanted) = wanted {
            let whole = books.iter().any(|book| book.is_called(wanted));
            books
                .retain(|book| if whole { book.is_called(wanted) } else { names::begins(&book.school_name(), wanted) });
        }
        let names = Self::listed(&books);
        match (books.pop(), books.is_empty()) {
            (Some(book), true) => Ok(book),
            (Some(_), false) => Err(Trouble::usage(format!("say which school with --school: {names}"))),
            (None, _) if all.is_empty() => Err(Trouble::refused("there is no school yet; import a roster first")),
            (None, _) => Err(Trouble::usage(format!("no school is called that; there is {all}"))),
        }
    }

    fn listed(books: &[Self]) -> String {
        let named = books.iter().map(|book| format!("{} ({})", plain(&book.school_name()), book.school));
        named.collect::<Vec<_>>().join(", ")
    }

    /// The school that has the person as adult or pupil.
    ///
    /// # Errors
    /// None has, or several and none was named.
    pub fn of_person(
        store: &dyn Store,
        person: PersonId,
        wanted: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Self, Trouble> {
        let schools = read(store, |reading| reading.schools_of(person))?;
        let mut books = Vec::new();
        for school in schools {
            books.push(Self::of(store, school, now)?);
        }
        if let Some(wanted) = wanted {
            let school = Self::find(store, Some(wanted), now)?.school;
            books.retain(|book| book.school == school);
        }
        let names = Self::listed(&books);
        match (books.pop(), books.is_empty()) {
            (Some(book), true) => Ok(book),
            (Some(_), false) => {
                Err(Trouble::usage(format!("that person is at several schools; say which with --school: {names}")))
            }
            (None, _) => Err(Trouble::usage("no school knows that person")),
        }
    }

    /// # Errors
    /// The store's.
    pub fn all(store: &dyn Store, now: DateTime<Utc>) -> Result<Vec<Self>, Trouble> {
        let mut schools = read(store, |reading| reading.schools())?;
        schools.sort_unstable();
        schools.into_iter().map(|school| Self::of(store, school, now)).collect()
    }

    /// Those of which an order may mean somebody: all, or the one that is named.
    ///
    /// # Errors
    /// No school is called that, or the store's.
    pub fn meant(store: &dyn Store, wanted: Option<&str>, now: DateTime<Utc>) -> Result<Vec<Self>, Trouble> {
        match wanted {
            Some(_) => Ok(vec![Self::find(store, wanted, now)?]),
            None => Self::all(store, now),
        }
    }

    fn is_called(&self, wanted: &str) -> bool {
        self.school.to_string() == wanted || names::same(&self.school_name(), wanted)
    }

    pub fn school_name(&self) -> String {
        self.roster.school().map(|school| school.name.clone()).unwrap_or_default()
    }

    pub fn language(&self) -> Language {
        self.roster.school().map_or(Language::default(), |school| school.language)
    }

    pub fn is_named(&self, person: PersonId) -> bool {
        self.people.get(&person).is_some_and(|person| !person.name().trim().is_empty())
    }

    /// The id stands in for a name that is not known.
    pub fn name(&self, person: PersonId) -> String {
        let name = self.people.get(&person).map(Person::name).unwrap_or_default();
        if name.is_empty() { person.to_string() } else { name }
    }

    /// # Errors
    /// No group of the school has that name, title, code or id, or several have.
    pub fn group(&self, wanted: &str) -> Result<GroupId, Trouble> {
        let folded = names::folded(wanted);
        let by = |of: &dyn Fn(GroupId) -> Option<String>| -> Vec<GroupId> {
            let groups = self.roster.groups().map(|group| group.id);
            groups.filter(|id| of(*id).is_some_and(|text| names::folded(&text) == folded)).collect()
        };
        // What is one group's own comes before what others may share.
        let ways: [&dyn Fn(GroupId) -> Option<String>; 4] = [
            &|id| Some(id.to_string()),
            &|id| self.roster.group_title(id),
            &|id| self.roster.group(id).map(|group| group.name.clone()),
            &|id| self.roster.group(id).and_then(|group| group.code.clone()),
        ];
        let found = ways.iter().map(|way| by(way)).find(|found| !found.is_empty()).unwrap_or_default();
        match found.as_slice() {
            [group] => Ok(*group),
            [] => Err(Trouble::usage(format!("{} has no group {wanted}", self.school_name()))),
            several => {
                let titles: Vec<String> = several.iter().map(|id| format!("{} ({id})", self.title(*id))).collect();
                Err(Trouble::usage(format!("several groups are called {wanted}; say which: {}", titles.join(", "))))
            }
        }
    }

    /// As people tell it from the school's others.
    fn title(&self, group: GroupId) -> String {
        self.roster.group_title(group).unwrap_or_else(|| group.to_string())
    }

    /// Names of the pupil's groups today, in order.
    pub fn groups_of(&self, pupil: PersonId) -> Vec<String> {
        let places = self.roster.pupil(pupil).into_iter().flat_map(|facts| &facts.memberships);
        let mut groups: Vec<String> = places
            .filter(|place| place.dates.contain(self.today))
            .filter_map(|place| self.roster.group_title(place.group))
            .collect();
        groups.sort_by_cached_key(|name| names::sort_key(self.language(), name));
        groups
    }

    pub fn pupil_line(&self, pupil: PersonId) -> PupilLine {
        PupilLine { pupil, name: self.name(pupil), groups: self.groups_of(pupil) }
    }

    pub fn adult_line(&self, guardianship: &Guardianship) -> AdultLine {
        AdultLine {
            person: guardianship.person,
            name: self.name(guardianship.person),
            pupil: guardianship.pupil,
            pupil_name: self.name(guardianship.pupil),
            groups: self.groups_of(guardianship.pupil),
            kind: guardianship.kind,
        }
    }

    /// Pupils of the school today, in order of group and name.
    pub fn pupils(&self) -> Vec<PersonId> {
        let here = self.roster.pupils().filter(|(_, facts)| facts.dates.contain(self.today)).map(|(pupil, _)| pupil);
        self.in_order(here)
    }

    /// Members of a group today, in order of name.
    pub fn members(&self, group: GroupId) -> Vec<PersonId> {
        self.in_order(self.roster.members(group, self.today))
    }

    fn in_order(&self, pupils: impl Iterator<Item = PersonId>) -> Vec<PersonId> {
        let mut pupils: Vec<PersonId> = pupils.collect();
        pupils.sort_by_cached_key(|pupil| {
            let groups = self.groups_of(*pupil);
            let groups: Vec<_> = groups.iter().map(|name| names::sort_key(self.language(), name)).collect();
            (groups, self.family_first(*pupil), *pupil)
        });
        pupils
    }

    /// Sorts people by family name and given name, in the order of the school's language.
    pub fn family_first(&self, person: PersonId) -> (Vec<u8>, Vec<u8>) {
        let key = |name: &str| names::sort_key(self.language(), name);
        self.people.get(&person).map(|p| (key(&p.family_name), key(&p.given_name))).unwrap_or_default()
    }
}
