//! What a screen may look at: one school at one moment, as this phone holds it. [`View`] is the real one; tests bring a
//! school in memory. Reads go by pupil and days, or by day, never over everything.

use crate::{
    device::{Delivery, PhoneError, Said, View, store::entry::EntryState},
    domain::{
        command::{Capacity, Command, CommandBody},
        directory::{GuardianContact, RelationCard},
        ids::{CommandId, PersonId, RecordId, SchoolId},
        record::{Record, RecordKind},
        rejection::Rejection,
        roster::Roster,
        scope::Scope,
        world::{Changes, Fact},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use std::sync::Arc;

pub trait Source {
    fn school(&self) -> SchoolId;
    fn me(&self) -> PersonId;
    /// The server's time, as well as this phone knows it.
    fn now(&self) -> DateTime<Utc>;
    fn roster(&self) -> &Roster;
    /// None: this person may not know it, or it has not come yet.
    fn name(&self, person: PersonId) -> Option<Arc<str>>;
    /// Whether the school has been pulled whole once.
    fn is_known(&self) -> bool;
    /// # Errors
    /// The mirror cannot be read, here and below.
    fn record(&self, scope: &Scope, id: RecordId) -> Result<Fact<Record>, PhoneError>;
    /// Of all pupils, by day and id; both days inclusive.
    ///
    /// # Errors
    /// As [`Source::record`].
    fn between(&self, kind: RecordKind, from: NaiveDate, to: NaiveDate) -> Result<Vec<Record>, PhoneError>;
    /// The newest day of the span, both ends inclusive, that may have records of a kind; no later one of it has any. For
    /// going back through days without asking each of the empty ones.
    ///
    /// # Errors
    /// As [`Source::record`].
    fn newest_day(&self, kind: RecordKind, from: NaiveDate, to: NaiveDate) -> Result<Option<NaiveDate>, PhoneError>;
    /// What asks something of staff that does not pass with the day, newest day first; at most so many. However long the
    /// history is.
    ///
    /// # Errors
    /// As [`Source::record`].
    fn asking(&self, kind: RecordKind, most: u32) -> Result<Vec<Record>, PhoneError>;
    /// Of a kind that is listed by when it was said, newest first: at most so many after this place, or from the newest on.
    ///
    /// # Errors
    /// As [`Source::record`].
    fn said_before(&self, kind: RecordKind, after: Option<Said>, most: usize) -> Result<Vec<Record>, PhoneError>;
    /// Of one pupil, by day; both days inclusive.
    ///
    /// # Errors
    /// As [`Source::record`].
    fn of_pupil_between(
        &self,
        kind: RecordKind,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Record>, PhoneError>;
    /// The adults at home, for staff.
    ///
    /// # Errors
    /// As [`Source::record`].
    fn contacts(&self, pupil: PersonId) -> Result<Vec<GuardianContact>, PhoneError>;
    /// What this person is to pupils.
    ///
    /// # Errors
    /// As [`Source::record`].
    fn relations(&self) -> Result<Vec<RelationCard>, PhoneError>;
    /// Where a command of this phone is; none: not of this phone, or settled long ago.
    ///
    /// # Errors
    /// As [`Source::record`].
    fn delivery(&self, command: CommandId) -> Result<Option<Delivery>, PhoneError>;
    /// What the school has not answered, in the order it was said.
    fn unsent(&self) -> Vec<Arc<Command>>;
    /// How many commands the school has refused and the person has not dealt with; not those refused with another.
    fn refused(&self) -> usize;
    /// How much waits on this phone, sealed, of people who are not signed in.
    fn sealed(&self) -> u32 {
        0
    }
    /// What the rules on this phone would say.
    ///
    /// # Errors
    /// The advice.
    fn advise(&self, capacity: Capacity, body: CommandBody) -> Result<Changes, Rejection>;
}

impl Source for View {
    fn school(&self) -> SchoolId {
        View::school(self)
    }
    fn me(&self) -> PersonId {
        View::me(self)
    }
    fn now(&self) -> DateTime<Utc> {
        View::now(self)
    }
    fn roster(&self) -> &Roster {
        View::roster(self)
    }
    fn name(&self, person: PersonId) -> Option<Arc<str>> {
        View::name(self, person)
    }
    fn is_known(&self) -> bool {
        View::is_known(self)
    }
    fn record(&self, scope: &Scope, id: RecordId) -> Result<Fact<Record>, PhoneError> {
        View::record(self, scope, id)
    }
    fn between(&self, kind: RecordKind, from: NaiveDate, to: NaiveDate) -> Result<Vec<Record>, PhoneError> {
        View::between(self, kind, from, to)
    }
    fn newest_day(&self, kind: RecordKind, from: NaiveDate, to: NaiveDate) -> Result<Option<NaiveDate>, PhoneError> {
        View::newest_day(self, kind, from, to)
    }
    fn asking(&self, kind: RecordKind, most: u32) -> Result<Vec<Record>, PhoneError> {
        View::asking(self, kind, most)
    }
    fn said_before(&self, kind: RecordKind, after: Option<Said>, most: usize) -> Result<Vec<Record>, PhoneError> {
        View::said_before(self, kind, after, most)
    }
    fn of_pupil_between(
        &self,
        kind: RecordKind,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Record>, PhoneError> {
        View::of_pupil_between(self, kind, pupil, from, to)
    }
    fn contacts(&self, pupil: PersonId) -> Result<Vec<GuardianContact>, PhoneError> {
        View::contacts(self, pupil)
    }
    fn relations(&self) -> Result<Vec<RelationCard>, PhoneError> {
        View::relations(self)
    }
    fn delivery(&self, command: CommandId) -> Result<Option<Delivery>, PhoneError> {
        View::delivery(self, command)
    }
    fn unsent(&self) -> Vec<Arc<Command>> {
        View::unsent(self).cloned().collect()
    }
    fn refused(&self) -> usize {
        let here = self.entries.iter().filter(|entry| entry.school == View::school(self));
        here.filter(|entry| match &entry.state {
            EntryState::Rejected { rejection, .. } => !matches!(rejection, Rejection::DependencyRejected { .. }),
            EntryState::Queued { .. } | EntryState::Accepted { .. } => false,
        })
        .count()
    }
    fn sealed(&self) -> u32 {
        self.sealed
    }
    fn advise(&self, capacity: Capacity, body: CommandBody) -> Result<Changes, Rejection> {
        View::advise(self, capacity, body)
    }
}
