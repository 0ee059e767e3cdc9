//! Children, groups and adults by name, over all schools of this phone, from the cards that it holds.

use crate::{
    matching::{Label, NoPick, Sought, only, pick},
    session::{Session, school_name},
    trouble::{Trouble, usage},
};
use chrono::NaiveDate;
use skolebro_core::{
    device::{View, screens::staff_today},
    domain::{
        directory::PupilCard,
        ids::{GroupId, PersonId, SchoolId},
        names,
        record::{Body, RecordKind},
    },
    say,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    pub school: SchoolId,
    pub id: T,
    pub name: String,
    more: String,
}

pub type FoundPupil = Found<PersonId>;
pub type FoundGroup = Found<GroupId>;

impl<T: ToString> Found<T> {
    fn label(&self) -> Label {
        Label { name: self.name.clone(), more: self.more.clone(), id: self.id.to_string() }
    }
}

fn found(view: &View, card: PupilCard, school: &str) -> FoundPupil {
    let today = view.today();
    let groups = card.groups.into_iter().filter(|place| place.dates.contain(today)).map(|place| place.name);
    let mut more: Vec<String> = groups.collect();
    if !school.is_empty() {
        more.push(school.to_owned());
    }
    Found { school: view.school(), id: card.person, name: card.name, more: more.join(", ") }
}

/// The school's name, where more than one is meant.
fn tells_apart(views: &[View], view: &View) -> String {
    if views.len() > 1 { school_name(view) } else { String::new() }
}

fn person((id, name): &(PersonId, String)) -> Label {
    Label { name: name.clone(), more: String::new(), id: id.to_string() }
}

impl Session {
    fn sought(&self, what: &'static str) -> Sought {
        Sought { texts: self.texts, what }
    }

    fn all_pupils(&self, views: &[View]) -> Result<Vec<FoundPupil>, Trouble> {
        let mut all = Vec::new();
        for view in views {
            let school = tells_apart(views, view);
            for record in view.of_kind(RecordKind::PupilCard)? {
                if let Body::PupilCard(card) = record.body {
                    all.push(found(view, card, &school));
                }
            }
        }
        all.sort_by_cached_key(|pupil| (names::sort_key(self.texts.language(), &pupil.name), pupil.id));
        Ok(all)
    }

    fn own_children(&self, views: &[View], all: &[FoundPupil]) -> Result<Vec<FoundPupil>, Trouble> {
        let mut own = BTreeSet::new();
        for view in views {
            own.extend(view.relations()?.into_iter().map(|card| (view.school(), card.pupil)));
        }
        Ok(all.iter().filter(|pupil| own.contains(&(pupil.school, pupil.id))).cloned().collect())
    }

    /// The person's own children first, and every pupil that this phone knows if none of them is called that. Without a
    /// name: the only own child.
    ///
    /// # Errors
    /// Nobody or several fit.
    pub fn child(&self, name: Option<&str>) -> Result<FoundPupil, Trouble> {
        let views = self.views()?;
        let all = self.all_pupils(&views)?;
        let own = self.own_children(&views, &all)?;
        let Some(name) = name else { return Ok(only(self.sought("child"), &own, Found::label)?.clone()) };
        if self.acts_as_staff() == Some(true) {
            return Ok(pick(self.sought("pupil"), name, &all, Found::label)?.clone());
        }
        match pick(self.sought("child"), name, &own, Found::label) {
            Ok(found) => Ok(found.clone()),
            // Of two own children called that, no other pupil is meant.
            Err(several @ NoPick::Several(_)) => Err(several.into()),
            Err(nobody) if all.len() == own.len() || self.acts_as_staff() == Some(false) => Err(nobody.into()),
            Err(NoPick::Nobody(_)) => Ok(pick(self.sought("pupil"), name, &all, Found::label)?.clone()),
        }
    }

    /// One's own child wherever it goes to school: what is said of it is said at all its schools, unless one is named
    /// (`--school`). Anybody else as [`Session::child`] finds them.
    ///
    /// # Errors
    /// Nobody or several fit.
    pub fn child_anywhere(&self, name: Option<&str>) -> Result<FoundPupil, Trouble> {
        if self.acts_as_staff() == Some(true) {
            return self.child(name);
        }
        let views = self.views()?;
        let mut own: Vec<FoundPupil> = Vec::new();
        for child in self.own_children(&views, &self.all_pupils(&views)?)? {
            match own.iter_mut().find(|held| held.id == child.id) {
                Some(held) => held.more = format!("{}, {}", held.more, child.more),
                None => own.push(child),
            }
        }
        let found = match name {
            None => only(self.sought("child"), &own, Found::label).ok(),
            Some(name) => pick(self.sought("child"), name, &own, Found::label).ok(),
        };
        found.map_or_else(|| self.child(name), |found| Ok(found.clone()))
    }

    /// One's own child at each school where it goes, for what is shown or decided of it at all of them. Anybody else as
    /// [`Session::child`] finds them.
    ///
    /// # Errors
    /// Nobody or several fit.
    pub fn child_at_each(&self, name: Option<&str>) -> Result<Vec<FoundPupil>, Trouble> {
        let found = self.child_anywhere(name)?;
        if self.acts_as_staff() == Some(true) {
            return Ok(vec![found]);
        }
        let views = self.views()?;
        let mut own = self.own_children(&views, &self.all_pupils(&views)?)?;
        own.retain(|child| child.id == found.id);
        Ok(if own.is_empty() { vec![found] } else { own })
    }

    /// Every pupil that this phone knows.
    ///
    /// # Errors
    /// Nobody or several fit.
    pub fn pupil(&self, name: &str) -> Result<FoundPupil, Trouble> {
        let views = self.views()?;
        Ok(pick(self.sought("pupil"), name, &self.all_pupils(&views)?, Found::label)?.clone())
    }

    /// Somebody in a group on a day.
    ///
    /// # Errors
    /// Nobody or several fit.
    pub fn member(&self, group: &FoundGroup, day: NaiveDate, name: &str) -> Result<PersonId, Trouble> {
        let view = self.view(group.school)?;
        let members: Vec<(PersonId, String)> = view
            .roster()
            .members(group.id, day)
            .filter_map(|pupil| Some((pupil, view.name(pupil)?.to_string())))
            .collect();
        Ok(pick(self.sought("pupil"), name, &members, person)?.0)
    }

    /// By name, or the only one of the person's own.
    ///
    /// # Errors
    /// None or several fit.
    pub fn group(&self, name: Option<&str>) -> Result<FoundGroup, Trouble> {
        let views = self.views()?;
        let mut groups: Vec<FoundGroup> = Vec::new();
        for view in &views {
            let more = tells_apart(&views, view);
            let school = view.school();
            match name {
                Some(_) => groups.extend(view.roster().groups().map(|group| Found {
                    school,
                    id: group.id,
                    name: group.name.clone(),
                    more: more.clone(),
                })),
                None => {
                    let own = staff_today(view, self.texts)?.groups.into_iter();
                    groups.extend(own.map(|own| Found { school, id: own.group, name: own.name, more: more.clone() }));
                }
            }
        }
        groups.sort_by_cached_key(|group| (names::sort_key(self.texts.language(), &group.name), group.id));
        Ok(match name {
            Some(name) => pick(self.sought("group"), name, &groups, Found::label)?.clone(),
            None => only(self.sought("group"), &groups, Found::label)?.clone(),
        })
    }

    /// An adult around a pupil: staff's contact cards, and what one's own relation says of others at home.
    ///
    /// # Errors
    /// Nobody or several fit.
    pub fn adult(&self, pupil: &FoundPupil, name: &str) -> Result<PersonId, Trouble> {
        self.among(self.adults(pupil)?, name)
    }

    /// The same, or anybody who works at the school: a bar is on a person, in whatever capacity.
    ///
    /// # Errors
    /// Nobody or several fit.
    pub fn anybody(&self, pupil: &FoundPupil, name: &str) -> Result<PersonId, Trouble> {
        let mut all = self.adults(pupil)?;
        all.extend(self.view(pupil.school)?.colleagues()?.into_iter().map(|card| (card.person, card.name)));
        self.among(all, name)
    }

    fn among(&self, mut adults: Vec<(PersonId, String)>, name: &str) -> Result<PersonId, Trouble> {
        adults.sort();
        adults.dedup_by_key(|(person, _)| *person);
        if let Ok(id) = name.parse::<PersonId>() {
            return Ok(id);
        }
        Ok(pick(self.sought("adult"), name, &adults, person)?.0)
    }

    fn adults(&self, pupil: &FoundPupil) -> Result<Vec<(PersonId, String)>, Trouble> {
        let view = self.view(pupil.school)?;
        let mut adults: Vec<(PersonId, String)> =
            view.contacts(pupil.id)?.into_iter().map(|card| (card.person, card.name)).collect();
        for card in view.relations()?.into_iter().filter(|card| card.pupil == pupil.id) {
            let others = card.others.into_iter().chain(card.delegable);
            adults.extend(others.map(|other| (other.person, other.name)));
        }
        Ok(adults)
    }

    /// Anybody for whom a code could be asked: staff, adults at home and pupils of age, as far as this phone knows them.
    ///
    /// # Errors
    /// Nobody or several fit.
    pub fn somebody(&self, name: &str) -> Result<Found<PersonId>, Trouble> {
        let views = self.views()?;
        let mut found: BTreeMap<PersonId, Found<PersonId>> = BTreeMap::new();
        for view in &views {
            let (school, tells_apart) = (view.school(), tells_apart(&views, view));
            let mut add = |id, name: String, more: String| {
                let more = if more.is_empty() { tells_apart.clone() } else { more };
                found.entry(id).or_insert(Found { school, id, name, more });
            };
            for card in view.colleagues()? {
                add(card.person, card.name, String::new());
            }
            for record in view.of_kind(RecordKind::GuardianContact)? {
                let child = record.pupil.and_then(|pupil| view.name(pupil)).map(|name| name.to_string());
                if let Body::GuardianContact(card) = record.body {
                    add(card.person, card.name, child.unwrap_or_default());
                }
            }
            for record in view.of_kind(RecordKind::PupilCard)? {
                if let Body::PupilCard(card) = record.body
                    && card.of_age
                {
                    let groups = card.groups.into_iter().map(|place| place.name).collect::<Vec<_>>();
                    add(card.person, card.name, groups.join(", "));
                }
            }
        }
        let found: Vec<Found<PersonId>> = found.into_values().collect();
        Ok(pick(self.sought("person"), name, &found, Found::label)?.clone())
    }

    /// A member of staff, at the school where one is oneself.
    ///
    /// # Errors
    /// Nobody or several fit.
    pub fn staff(&self, name: &str) -> Result<Found<PersonId>, Trouble> {
        let views = self.views()?;
        let mut staff: Vec<Found<PersonId>> = Vec::new();
        for view in &views {
            let more = tells_apart(&views, view);
            let cards = view.colleagues()?.into_iter();
            staff.extend(cards.map(|card| Found {
                school: view.school(),
                id: card.person,
                name: card.name,
                more: more.clone(),
            }));
        }
        if let Ok(id) = name.parse::<PersonId>() {
            let [view] = views.as_slice() else {
                return Err(usage(say!(self.texts, "cli-which-school")));
            };
            return Ok(Found { school: view.school(), id, name: String::new(), more: String::new() });
        }
        Ok(pick(self.sought("staff"), name, &staff, Found::label)?.clone())
    }
}
