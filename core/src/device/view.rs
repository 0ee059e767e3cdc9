//! What screens read: one school at one moment, overlay over mirror. Short-lived: take one, draw, drop it.
//!
//! It keeps a read connection; `suspend` closes the files of views that are dropped by then.

use super::{
    delivery::{self, Delivery},
    error::PhoneError,
    held::Held,
    merged::Said,
    store::{
        entry::Entry,
        outbox::Who,
        reader::{HeldRow, Reader},
    },
    world::PhoneWorld,
};
use crate::domain::{
    command::{Capacity, Command, CommandBody},
    directory::{ColleagueCard, GuardianContact, PupilCard, RelationCard, RoleCard, StaffCard},
    ids::{CommandId, PersonId, RecordId, SchoolId},
    names,
    people::{Role, SchoolForm},
    record::{Body, Record, RecordKind},
    rejection::Rejection,
    roster::Roster,
    rules::RuleSet,
    scope::{Circle, Scope, Topic},
    time::local_date,
    world::{Changes, Fact, World},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use parking_lot::Mutex;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

#[derive(Debug)]
pub struct View {
    pub(super) reader: Mutex<Reader>,
    pub(super) held: Arc<Held>,
    pub(super) who: Who,
    pub(super) entries: Arc<Vec<Entry>>,
    pub(super) now: DateTime<Utc>,
    pub(super) device_now: DateTime<Utc>,
    pub(super) sealed: u32,
}

impl View {
    pub fn school(&self) -> SchoolId {
        self.held.school
    }
    pub fn who(&self) -> &Who {
        &self.who
    }
    pub fn me(&self) -> PersonId {
        self.who.person
    }
    /// The server's time, as well as this phone knows it.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }
    /// What the phone's own clock shows.
    pub fn device_now(&self) -> DateTime<Utc> {
        self.device_now
    }
    pub fn time_zone(&self) -> Tz {
        self.roster().time_zone()
    }
    /// The day that it is at the school.
    pub fn today(&self) -> NaiveDate {
        local_date(self.time_zone(), self.now)
    }
    /// Whether the school has been pulled whole once. Before, screens say that they are waiting.
    pub fn is_known(&self) -> bool {
        self.held.is_known()
    }
    /// The facts that this phone holds, and what the outbox changes in them.
    pub fn roster(&self) -> &Roster {
        &self.held.roster
    }
    /// The rule set of a school form on a day.
    pub fn rules(&self, form: SchoolForm, day: NaiveDate) -> Option<&Arc<RuleSet>> {
        self.roster().rules(form, day)
    }
    /// A name from the directory; none where this person may not know it, or it has not come yet.
    pub fn name(&self, person: PersonId) -> Option<Arc<str>> {
        self.held.names().get(&person).cloned()
    }
    /// The scopes that are held and have not ended, in order.
    pub fn scopes(&self) -> BTreeSet<Scope> {
        self.held.scopes.all_visible().collect()
    }
    /// Whether a scope is held and has not ended.
    pub fn holds(&self, scope: &Scope) -> bool {
        self.held.scopes.find(scope).is_some()
    }

    /// # Errors
    /// The mirror cannot be read.
    pub fn record(&self, scope: &Scope, id: RecordId) -> Result<Fact<Record>, PhoneError> {
        self.held.merged(&self.reader.lock()).record(scope, id)
    }
    /// Everything in one scope.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn in_scope(&self, scope: &Scope) -> Result<Vec<Record>, PhoneError> {
        self.held.merged(&self.reader.lock()).in_scope(scope)
    }
    /// Every record of a kind, by day and id.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn of_kind(&self, kind: RecordKind) -> Result<Vec<Record>, PhoneError> {
        self.held.merged(&self.reader.lock()).of_kind(kind)
    }
    /// Of all pupils, by day; both days inclusive.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn between(&self, kind: RecordKind, from: NaiveDate, to: NaiveDate) -> Result<Vec<Record>, PhoneError> {
        self.held.merged(&self.reader.lock()).between(kind, from, to)
    }
    /// The newest day of the span, both ends inclusive, that may have records of a kind; no later one of it has any.
    /// Where their scopes have ended it has none itself.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn newest_day(
        &self,
        kind: RecordKind,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<NaiveDate>, PhoneError> {
        self.held.merged(&self.reader.lock()).newest_day(kind, from, to)
    }
    /// What asks something of staff that does not pass with the day, newest day first; at most so many.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn asking(&self, kind: RecordKind, most: u32) -> Result<Vec<Record>, PhoneError> {
        self.held.merged(&self.reader.lock()).asking(kind, most)
    }
    /// Of a kind that is listed by when it was said, newest first: at most so many after this place, or from the newest on.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn said_before(&self, kind: RecordKind, after: Option<Said>, most: usize) -> Result<Vec<Record>, PhoneError> {
        self.held.merged(&self.reader.lock()).said_before(kind, after, most)
    }
    /// # Errors
    /// The mirror cannot be read.
    pub fn on_day(&self, kind: RecordKind, day: NaiveDate) -> Result<Vec<Record>, PhoneError> {
        self.between(kind, day, day)
    }
    /// # Errors
    /// The mirror cannot be read.
    pub fn of_pupil(&self, kind: RecordKind, pupil: PersonId) -> Result<Vec<Record>, PhoneError> {
        self.held.merged(&self.reader.lock()).of_pupil(kind, pupil)
    }
    /// Of one pupil, by day; both days inclusive.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn of_pupil_between(
        &self,
        kind: RecordKind,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Record>, PhoneError> {
        self.held.merged(&self.reader.lock()).of_pupil_between(kind, pupil, from, to)
    }

    /// What this person is to pupils.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn relations(&self) -> Result<Vec<RelationCard>, PhoneError> {
        let own = self.in_scope(&Scope::own(self.me(), Topic::Info))?;
        Ok(own.into_iter().filter_map(|r| if let Body::Relation(card) = r.body { Some(card) } else { None }).collect())
    }
    /// This person's own name and assignments; none for one without any.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn role(&self) -> Result<Option<RoleCard>, PhoneError> {
        let own = self.in_scope(&Scope::own(self.me(), Topic::Info))?;
        Ok(own.into_iter().find_map(|r| if let Body::Role(card) = r.body { Some(card) } else { None }))
    }
    /// The roles that this person has today, each once.
    pub fn roles_today(&self) -> BTreeSet<Role> {
        let today = self.today();
        self.roster().assignments(self.me()).iter().filter(|a| a.dates.contain(today)).map(|a| a.role).collect()
    }
    /// # Errors
    /// The mirror cannot be read.
    pub fn pupil_card(&self, pupil: PersonId) -> Result<Option<PupilCard>, PhoneError> {
        let found = self.in_scope(&Scope::pupil(pupil, Topic::Info, Circle::All))?;
        Ok(found.into_iter().filter_map(|r| PupilCard::try_from(r.body).ok()).find(|card| card.person == pupil))
    }
    /// The adults at home, for staff.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn contacts(&self, pupil: PersonId) -> Result<Vec<GuardianContact>, PhoneError> {
        let found = self.in_scope(&Scope::pupil(pupil, Topic::Info, Circle::Staff))?;
        Ok(found
            .into_iter()
            .filter_map(|r| if let Body::GuardianContact(card) = r.body { Some(card) } else { None })
            .collect())
    }
    /// # Errors
    /// The mirror cannot be read.
    pub fn staff(&self) -> Result<Vec<StaffCard>, PhoneError> {
        let found = self.of_kind(RecordKind::StaffCard)?;
        Ok(found
            .into_iter()
            .filter_map(|r| if let Body::StaffCard(card) = r.body { Some(card) } else { None })
            .collect())
    }

    /// Whoever works at the school, with or without an assignment, as far as this person may know; each once.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn colleagues(&self) -> Result<Vec<ColleagueCard>, PhoneError> {
        let mut found = BTreeMap::new();
        for StaffCard { person, name, .. } in self.staff()? {
            found.insert(person, ColleagueCard { person, name, added_here: false });
        }
        for record in self.of_kind(RecordKind::Colleague)? {
            if let Body::Colleague(card) = record.body {
                found.insert(card.person, card);
            }
        }
        Ok(found.into_values().collect())
    }
    /// Those made by hand at the school, each with others of the same name: a roster may have brought the same human since.
    /// Nobody is ever taken for another by the name; who they are is for staff to settle.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn namesakes(&self) -> Result<Vec<(ColleagueCard, Vec<ColleagueCard>)>, PhoneError> {
        let all = self.colleagues()?;
        let of = |card: &ColleagueCard| -> Vec<ColleagueCard> {
            let same = |other: &&ColleagueCard| other.person != card.person && names::same(&other.name, &card.name);
            all.iter().filter(same).cloned().collect()
        };
        let doubtful = all.iter().filter(|card| card.added_here).map(|card| (card.clone(), of(card)));
        Ok(doubtful.filter(|(_, others)| !others.is_empty()).collect())
    }

    /// The same facts as `decide` sees them, for what the domain offers over a [`World`]: status, board, statistics.
    pub fn with_world<T>(&self, read: impl FnOnce(&dyn World) -> T) -> T {
        let reader = self.reader.lock();
        let merged = self.held.merged(&reader);
        read(&PhoneWorld { school: self.school(), merged, roster: self.roster(), now: self.now })
    }

    /// What the rules on this phone would say of a command, without queueing it: for a form that warns as it is filled in.
    ///
    /// # Errors
    /// The advice. It never stops the person: `submit` can send anyway.
    pub fn advise(&self, capacity: Capacity, body: CommandBody) -> Result<Changes, Rejection> {
        let command = Command {
            id: CommandId::new(),
            school: self.school(),
            capacity,
            device_time: self.device_now,
            depends_on: None,
            body,
        };
        let (decided, advice) = self.held.advise(&self.reader.lock(), &command, self.now);
        advice.map_or(decided, Err)
    }

    /// Where a command of this phone is. None: it is not in this phone's outbox (any more), so what it did is at the school.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn delivery(&self, command: CommandId) -> Result<Option<Delivery>, PhoneError> {
        let Some(entry) = self.entries.iter().find(|entry| entry.id == command) else { return Ok(None) };
        Ok(Some(delivery::of(entry, self)?))
    }

    /// The commands of this phone for this school that the school has not answered, in the order they were given.
    pub fn unsent(&self) -> impl Iterator<Item = &Arc<Command>> {
        let here = self.entries.iter().filter(|entry| entry.school == self.school() && entry.is_queued());
        here.filter_map(|entry| entry.command.as_ref())
    }

    /// Every confirmed row, of all schools and kinds, without the overlay: for comparing phones in tests and simulations.
    ///
    /// # Errors
    /// The mirror cannot be read.
    pub fn everything(&self) -> Result<Vec<HeldRow>, PhoneError> {
        self.reader.lock().everything()
    }
}
