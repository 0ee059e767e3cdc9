//! The roster: one school's facts about people, in memory, without names. Rules and access are decided from it, on the
//! server from the whole and on a phone from the part that it holds.

mod entry;

pub use entry::{Origin, RosterChange, RosterEntry, RosterKey, UnreadEntry};

use super::{
    calendar::SchoolCalendar,
    ids::{GroupId, PersonId},
    names,
    people::{
        AdultConsent, Assignment, Dates, Delegation, Enrolment, Group, Guardianship, Membership, Reach, School,
        SchoolForm, Spell, StaffMember,
    },
    rules::RuleSet,
};
use chrono::NaiveDate;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// What rules need to know of a pupil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PupilFacts {
    pub form: SchoolForm,
    pub dates: Dates,
    pub memberships: Vec<Membership>,
}

#[derive(Clone, Debug, Default)]
pub struct Roster {
    school: Option<Arc<School>>,
    rule_sets: BTreeMap<String, Arc<RuleSet>>,
    calendars: BTreeMap<String, Arc<SchoolCalendar>>,
    groups: BTreeMap<GroupId, Arc<Group>>,
    /// By their names, as names are compared.
    called: HashMap<String, Vec<GroupId>>,
    /// Those with an enrolment, and nobody else.
    pupils: HashMap<PersonId, PupilFacts>,
    /// Places of those who have no enrolment: it may come after them, or have ended before them.
    waiting: HashMap<PersonId, Vec<Membership>>,
    /// By their places, enrolled or not.
    members: HashMap<GroupId, Vec<PersonId>>,
    birth_dates: HashMap<PersonId, NaiveDate>,
    protected: HashSet<PersonId>,
    guardianships: HashMap<PersonId, Vec<Guardianship>>,
    children: HashMap<PersonId, Vec<PersonId>>,
    delegations: HashMap<PersonId, Vec<Delegation>>,
    /// Who is barred, by pupil; and from whom, by person.
    barred: HashMap<PersonId, Vec<PersonId>>,
    bars: HashMap<PersonId, Vec<PersonId>>,
    consents: HashMap<PersonId, Vec<AdultConsent>>,
    staff_members: HashMap<PersonId, StaffMember>,
    posts: HashMap<PersonId, Vec<Assignment>>,
    spells: HashMap<PersonId, Vec<Assignment>>,
    /// Posts and spells together.
    assignments: HashMap<PersonId, Vec<Assignment>>,
    staff_of_group: HashMap<GroupId, Vec<PersonId>>,
    staff_of_school: Vec<PersonId>,
    /// Entries whose content cannot be read.
    unread: BTreeSet<RosterKey>,
    /// Of whom it is not known how old they are, nor whether they are protected: they are nobody's at home.
    closed: HashSet<PersonId>,
}

fn replace<T>(list: &mut Vec<T>, value: T, same: impl Fn(&T) -> bool) {
    match list.iter_mut().find(|item| same(item)) {
        Some(item) => *item = value,
        None => list.push(value),
    }
}

fn include<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// Takes out what is `same`; a list with nothing in it is none, as when the roster is read anew.
fn exclude<K: Eq + std::hash::Hash, T>(lists: &mut HashMap<K, Vec<T>>, key: &K, same: impl Fn(&T) -> bool) {
    if let Some(list) = lists.get_mut(key) {
        list.retain(|item| !same(item));
        if list.is_empty() {
            lists.remove(key);
        }
    }
}

impl Roster {
    pub fn apply(&mut self, change: &RosterChange) {
        match change {
            RosterChange::Put { entry, .. } => self.put(entry),
            RosterChange::Remove(entry) => self.remove(entry),
        }
    }

    pub fn put(&mut self, entry: &RosterEntry) {
        self.is_read(entry);
        match entry {
            RosterEntry::Unread(unread) => self.put_unread(unread),
            RosterEntry::School(school) => self.school = Some(Arc::new(school.clone())),
            RosterEntry::RuleSet(rules) => {
                self.rule_sets.insert(entry.key().key, Arc::new(rules.clone()));
            }
            RosterEntry::Calendar(calendar) => {
                self.calendars.insert(entry.key().key, Arc::new(calendar.clone()));
            }
            RosterEntry::Person(person) => {
                match person.birth_date {
                    Some(date) => self.birth_dates.insert(person.id, date),
                    None => self.birth_dates.remove(&person.id),
                };
                if person.protected_identity {
                    self.protected.insert(person.id);
                } else {
                    self.protected.remove(&person.id);
                }
            }
            RosterEntry::Group(group) => {
                self.uncall(group.id);
                include(self.called.entry(names::folded(&group.name)).or_default(), group.id);
                self.groups.insert(group.id, Arc::new(group.clone()));
            }
            RosterEntry::Enrolment(enrolment) => {
                let Enrolment { pupil, form, dates } = *enrolment;
                let memberships = match self.pupils.remove(&pupil) {
                    Some(facts) => facts.memberships,
                    None => self.waiting.remove(&pupil).unwrap_or_default(),
                };
                self.pupils.insert(pupil, PupilFacts { form, dates, memberships });
            }
            RosterEntry::Membership(membership) => {
                let places = match self.pupils.get_mut(&membership.pupil) {
                    Some(facts) => &mut facts.memberships,
                    None => self.waiting.entry(membership.pupil).or_default(),
                };
                replace(places, *membership, |m| m.group == membership.group);
                include(self.members.entry(membership.group).or_default(), membership.pupil);
            }
            RosterEntry::Guardianship(guardianship) => {
                let list = self.guardianships.entry(guardianship.pupil).or_default();
                replace(list, guardianship.clone(), |g| g.person == guardianship.person);
                include(self.children.entry(guardianship.person).or_default(), guardianship.pupil);
            }
            RosterEntry::Delegation(delegation) => {
                let list = self.delegations.entry(delegation.pupil).or_default();
                replace(list, delegation.clone(), |d| d.to == delegation.to && d.by == delegation.by);
            }
            RosterEntry::Block(block) => {
                include(self.barred.entry(block.pupil).or_default(), block.person);
                include(self.bars.entry(block.person).or_default(), block.pupil);
            }
            RosterEntry::AdultConsent(consent) => {
                replace(self.consents.entry(consent.pupil).or_default(), *consent, |c| c.person == consent.person);
            }
            RosterEntry::Assignment(assignment) => {
                let list = self.posts.entry(assignment.person).or_default();
                replace(list, *assignment, |a| a.role == assignment.role && a.reach == assignment.reach);
                self.assigned(assignment);
            }
            RosterEntry::StaffMember(member) => {
                self.staff_members.insert(member.person, *member);
            }
            RosterEntry::Spell(Spell(assignment)) => {
                replace(self.spells.entry(assignment.person).or_default(), *assignment, |a| a == assignment);
                self.assigned(assignment);
            }
        }
    }

    fn put_unread(&mut self, unread: &UnreadEntry) {
        if let Some(entry) = unread.stands_for() {
            self.put(&entry);
        }
        if unread.hides_its_people() {
            for person in unread.ids().map(PersonId) {
                self.birth_dates.remove(&person);
                self.protected.insert(person);
                self.closed.insert(person);
            }
        }
        self.unread.insert(RosterKey { kind: unread.kind, key: unread.key.clone() });
    }

    /// What could not be read before has been said anew, or taken away.
    fn is_read(&mut self, entry: &RosterEntry) {
        if self.unread.is_empty() {
            return;
        }
        self.unread.remove(&entry.key());
        if let RosterEntry::Person(person) = entry {
            self.closed.remove(&person.id);
        }
    }

    pub fn remove(&mut self, entry: &RosterEntry) {
        self.is_read(entry);
        match entry {
            RosterEntry::Unread(unread) => {
                if let Some(entry) = unread.stands_for() {
                    self.remove(&entry);
                }
                if unread.hides_its_people() {
                    for person in unread.ids().map(PersonId) {
                        self.protected.remove(&person);
                        self.closed.remove(&person);
                    }
                }
            }
            RosterEntry::School(_) => self.school = None,
            RosterEntry::RuleSet(_) => {
                self.rule_sets.remove(&entry.key().key);
            }
            RosterEntry::Calendar(_) => {
                self.calendars.remove(&entry.key().key);
            }
            RosterEntry::Person(person) => {
                self.birth_dates.remove(&person.id);
                self.protected.remove(&person.id);
            }
            RosterEntry::Group(group) => {
                self.uncall(group.id);
                self.groups.remove(&group.id);
            }
            RosterEntry::Enrolment(enrolment) => {
                // Places are facts of their own: they are stored, and so they are remembered.
                if let Some(facts) = self.pupils.remove(&enrolment.pupil).filter(|facts| !facts.memberships.is_empty())
                {
                    self.waiting.insert(enrolment.pupil, facts.memberships);
                }
            }
            RosterEntry::Membership(membership) => {
                if let Some(facts) = self.pupils.get_mut(&membership.pupil) {
                    facts.memberships.retain(|m| m.group != membership.group);
                }
                exclude(&mut self.waiting, &membership.pupil, |m| m.group == membership.group);
                exclude(&mut self.members, &membership.group, |pupil| *pupil == membership.pupil);
            }
            RosterEntry::Guardianship(guardianship) => {
                exclude(&mut self.guardianships, &guardianship.pupil, |g| g.person == guardianship.person);
                exclude(&mut self.children, &guardianship.person, |pupil| *pupil == guardianship.pupil);
            }
            RosterEntry::Delegation(delegation) => {
                exclude(&mut self.delegations, &delegation.pupil, |d| d.to == delegation.to && d.by == delegation.by);
            }
            RosterEntry::Block(block) => {
                exclude(&mut self.barred, &block.pupil, |person| *person == block.person);
                exclude(&mut self.bars, &block.person, |pupil| *pupil == block.pupil);
            }
            RosterEntry::AdultConsent(consent) => {
                exclude(&mut self.consents, &consent.pupil, |c| c.person == consent.person);
            }
            RosterEntry::Assignment(assignment) => {
                let same = |a: &Assignment| a.role == assignment.role && a.reach == assignment.reach;
                exclude(&mut self.posts, &assignment.person, same);
                self.assigned(assignment);
            }
            RosterEntry::StaffMember(member) => {
                self.staff_members.remove(&member.person);
            }
            RosterEntry::Spell(Spell(assignment)) => {
                exclude(&mut self.spells, &assignment.person, |a| a == assignment);
                self.assigned(assignment);
            }
        }
    }

    /// Before a group gets another name, or goes.
    fn uncall(&mut self, group: GroupId) {
        if let Some(before) = self.groups.get(&group) {
            exclude(&mut self.called, &names::folded(&before.name), |other| *other == group);
        }
    }

    /// Brings up to date what follows from a person's posts and spells, after a change of this one.
    fn assigned(&mut self, changed: &Assignment) {
        let Assignment { person, reach, .. } = *changed;
        let held = [&self.posts, &self.spells].map(|held| held.get(&person).map_or(&[][..], Vec::as_slice)).concat();
        let reaches = held.iter().any(|a| a.reach == reach);
        if held.is_empty() {
            self.assignments.remove(&person);
        } else {
            self.assignments.insert(person, held);
        }
        match reach {
            Reach::School if reaches => include(&mut self.staff_of_school, person),
            Reach::School => self.staff_of_school.retain(|other| *other != person),
            Reach::Group(group) if reaches => include(self.staff_of_group.entry(group).or_default(), person),
            Reach::Group(group) => exclude(&mut self.staff_of_group, &group, |other| *other == person),
        }
    }

    pub fn school(&self) -> Option<&Arc<School>> {
        self.school.as_ref()
    }
    /// The school's time zone; UTC where the school's own record is not held yet, and where it cannot be read that of the
    /// countries that this is made for: no right is to end later than at the school's own midnight.
    pub fn time_zone(&self) -> chrono_tz::Tz {
        let without = || if self.has_unread("school") { chrono_tz::Europe::Stockholm } else { chrono_tz::UTC };
        self.school.as_ref().map_or_else(without, |school| school.time_zone)
    }
    /// The entries whose content cannot be read.
    pub fn unread(&self) -> &BTreeSet<RosterKey> {
        &self.unread
    }
    pub fn has_unread(&self, kind: &str) -> bool {
        self.unread.iter().any(|entry| entry.kind == kind)
    }
    /// Whether nobody at home is to be served about the pupil, for it is not known how old it is.
    pub fn is_closed(&self, pupil: PersonId) -> bool {
        self.closed.contains(&pupil)
    }
    /// The rule set of a school form on a day: the latest that has begun and not ended.
    pub fn rules(&self, form: SchoolForm, day: NaiveDate) -> Option<&Arc<RuleSet>> {
        self.rule_sets
            .values()
            .filter(|r| r.form == form && r.valid_from <= day && r.valid_until.is_none_or(|until| day <= until))
            .max_by_key(|r| r.valid_from)
    }
    /// By the key of its entry.
    pub fn rule_set(&self, key: &str) -> Option<&Arc<RuleSet>> {
        self.rule_sets.get(key)
    }
    /// By the key of its entry.
    pub fn calendar(&self, key: &str) -> Option<&Arc<SchoolCalendar>> {
        self.calendars.get(key)
    }
    pub fn rule_sets(&self) -> impl Iterator<Item = &Arc<RuleSet>> {
        self.rule_sets.values()
    }
    pub fn calendars(&self) -> impl Iterator<Item = &Arc<SchoolCalendar>> {
        self.calendars.values()
    }
    /// The calendars that hold for a form, and for a group where it has one of its own.
    pub fn calendars_of(&self, form: SchoolForm, group: Option<GroupId>) -> impl Iterator<Item = &Arc<SchoolCalendar>> {
        let own = group.is_some_and(|g| self.calendars.values().any(|c| c.form == form && c.group == Some(g)));
        self.calendars.values().filter(move |c| c.form == form && c.group == if own { group } else { None })
    }
    pub fn group(&self, group: GroupId) -> Option<&Arc<Group>> {
        self.groups.get(&group)
    }
    pub fn groups(&self) -> impl Iterator<Item = &Arc<Group>> {
        self.groups.values()
    }
    /// The groups of one name, however it is written.
    pub fn groups_called(&self, name: &str) -> &[GroupId] {
        self.called.get(&names::folded(name)).map_or(&[], Vec::as_slice)
    }
    /// A group's name as people tell it from the school's others: with its code, or where it is taught, if others have the
    /// name; with the beginning of its id if nothing else tells.
    pub fn group_title(&self, id: GroupId) -> Option<String> {
        let group = self.groups.get(&id)?;
        let others: Vec<&Arc<Group>> = self
            .groups_called(&group.name)
            .iter()
            .filter(|other| **other != id)
            .filter_map(|other| self.groups.get(other))
            .collect();
        if others.is_empty() {
            return Some(group.name.clone());
        }
        let tells = |of: fn(&Group) -> Option<&String>| {
            let own = of(group).filter(|own| !names::same(own, &group.name))?;
            let alone = others.iter().all(|other| of(other).is_none_or(|theirs| !names::same(theirs, own)));
            alone.then(|| own.clone())
        };
        if let Some(code) = tells(|group| group.code.as_ref()) {
            return Some(format!("{} {code}", group.name));
        }
        if let Some(place) = tells(|group| group.location.as_ref()) {
            return Some(format!("{} ({place})", group.name));
        }
        let id = id.to_string();
        Some(format!("{} {}", group.name, id.get(..4).unwrap_or(&id)))
    }
    pub fn pupil(&self, pupil: PersonId) -> Option<&PupilFacts> {
        self.pupils.get(&pupil)
    }
    pub fn pupils(&self) -> impl Iterator<Item = (PersonId, &PupilFacts)> {
        self.pupils.iter().map(|(id, facts)| (*id, facts))
    }
    /// Members of a group on a day, in no particular order.
    pub fn members(&self, group: GroupId, day: NaiveDate) -> impl Iterator<Item = PersonId> + '_ {
        self.members.get(&group).into_iter().flatten().copied().filter(move |pupil| self.is_member(*pupil, group, day))
    }
    /// Members of a group on any day.
    pub fn ever_members(&self, group: GroupId) -> &[PersonId] {
        self.members.get(&group).map_or(&[], Vec::as_slice)
    }
    pub fn is_member(&self, pupil: PersonId, group: GroupId, day: NaiveDate) -> bool {
        self.pupils.get(&pupil).is_some_and(|facts| {
            facts.dates.contain(day) && facts.memberships.iter().any(|m| m.group == group && m.dates.contain(day))
        })
    }
    pub fn birth_date(&self, person: PersonId) -> Option<NaiveDate> {
        self.birth_dates.get(&person).copied()
    }
    pub fn is_protected(&self, person: PersonId) -> bool {
        self.protected.contains(&person)
    }
    pub fn guardianships(&self, pupil: PersonId) -> &[Guardianship] {
        self.guardianships.get(&pupil).map_or(&[], Vec::as_slice)
    }
    pub fn guardianship(&self, pupil: PersonId, person: PersonId) -> Option<&Guardianship> {
        self.guardianships(pupil).iter().find(|g| g.person == person)
    }
    /// Pupils to whom the person has any guardianship, of whatever kind or standing.
    pub fn children(&self, person: PersonId) -> &[PersonId] {
        self.children.get(&person).map_or(&[], Vec::as_slice)
    }
    /// The pupils whom a person may be at home for: the children, and itself where it is a pupil.
    pub fn own_pupils(&self, person: PersonId) -> impl Iterator<Item = PersonId> + '_ {
        let itself = self.pupils.contains_key(&person).then_some(person);
        self.children(person).iter().copied().filter(move |pupil| *pupil != person).chain(itself)
    }
    pub fn delegations(&self, pupil: PersonId) -> &[Delegation] {
        self.delegations.get(&pupil).map_or(&[], Vec::as_slice)
    }
    pub fn is_blocked(&self, pupil: PersonId, person: PersonId) -> bool {
        self.barred_from(person).contains(&pupil)
    }
    /// Each block as (pupil, person).
    pub fn blocks(&self) -> impl Iterator<Item = (PersonId, PersonId)> + '_ {
        self.bars.iter().flat_map(|(person, pupils)| pupils.iter().map(|pupil| (*pupil, *person)))
    }
    /// The pupils that a person is barred from, here or not.
    pub fn barred_from(&self, person: PersonId) -> &[PersonId] {
        self.bars.get(&person).map_or(&[], Vec::as_slice)
    }
    /// Whoever is barred from a pupil.
    pub fn barred(&self, pupil: PersonId) -> &[PersonId] {
        self.barred.get(&pupil).map_or(&[], Vec::as_slice)
    }
    /// Whether a person is barred from a pupil whom the group has, had or will have: what staff keep of the group
    /// together tells of that pupil too.
    pub fn is_barred_from_group(&self, person: PersonId, group: GroupId) -> bool {
        self.barred_from(person).iter().any(|pupil| self.ever_members(group).contains(pupil))
    }
    /// Whether a person is barred from a pupil whom the school has or had.
    pub fn is_barred_from_school(&self, person: PersonId) -> bool {
        let known = |pupil: &PersonId| self.pupils.contains_key(pupil) || self.waiting.contains_key(pupil);
        self.barred_from(person).iter().any(known)
    }
    pub fn consents(&self, pupil: PersonId) -> &[AdultConsent] {
        self.consents.get(&pupil).map_or(&[], Vec::as_slice)
    }
    pub fn assignments(&self, person: PersonId) -> &[Assignment] {
        self.assignments.get(&person).map_or(&[], Vec::as_slice)
    }
    /// Those of them that staff gave by hand.
    pub fn spells(&self, person: PersonId) -> &[Assignment] {
        self.spells.get(&person).map_or(&[], Vec::as_slice)
    }
    pub fn staff_member(&self, person: PersonId) -> Option<&StaffMember> {
        self.staff_members.get(&person)
    }
    /// Whether the school knows that adult: as one who works there, or as somebody's at home.
    pub fn knows_adult(&self, person: PersonId) -> bool {
        self.staff_members.contains_key(&person)
            || self.assignments.contains_key(&person)
            || self.children.contains_key(&person)
    }
    /// What ends a person's assignments of one role and reach today: those of these dates alone, or all of them. A period
    /// that staff gave is taken away. What an import or a file gave stays, as staff's word that it is over: taken away,
    /// it would be given back by the next import.
    pub fn ended_by_staff(&self, ended: &Assignment, dates: Option<Dates>, today: NaiveDate) -> Vec<RosterChange> {
        let meant = |held: &&Assignment| {
            held.role == ended.role && held.reach == ended.reach && dates.is_none_or(|dates| held.dates == dates)
        };
        let lasts = |held: &&Assignment| held.dates.until.is_none_or(|until| until >= today);
        let over = Dates { from: None, until: today.pred_opt() };
        let posts = self.posts.get(&ended.person).into_iter().flatten().filter(meant).filter(lasts);
        let spells = self.spells.get(&ended.person).into_iter().flatten().filter(meant);
        let posts = posts.map(|post| RosterChange::staff(Assignment { dates: over, ..*post }));
        posts.chain(spells.map(|spell| RosterChange::Remove(Spell(*spell).into()))).collect()
    }
    /// What gives a person a role for a time: a period of its own, beside what imports give. Where the role had been ended
    /// by hand, that word is taken back with it.
    pub fn given_by_staff(&self, given: Assignment, today: NaiveDate) -> Vec<RosterChange> {
        let over = |held: &&Assignment| {
            held.role == given.role && held.reach == given.reach && held.dates.until.is_some_and(|until| until < today)
        };
        let posts = self.posts.get(&given.person).into_iter().flatten().filter(over);
        let taken_back = posts.map(|post| RosterChange::Remove((*post).into()));
        taken_back.chain([RosterChange::staff(Spell(given))]).collect()
    }
    /// Everybody with an assignment that reaches the whole school.
    pub fn staff_of_school(&self) -> &[PersonId] {
        &self.staff_of_school
    }
    pub fn staff_of_group(&self, group: GroupId) -> &[PersonId] {
        self.staff_of_group.get(&group).map_or(&[], Vec::as_slice)
    }
    /// Everybody with an assignment or a guardianship here, each once.
    pub fn adults(&self) -> BTreeSet<PersonId> {
        self.children.keys().chain(self.assignments.keys()).copied().collect()
    }
}

#[cfg(test)]
mod tests;
