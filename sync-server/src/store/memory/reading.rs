//! Reading from memory: a reader's snapshot and the writer's own copy are read by the same code.

use super::{state::State, writing::Transaction};
use crate::store::{
    ActivationCode, Assurance, Device, Head, LoggedCommand, NOTE, Payloads, Place, REJECTED, Reading, Result,
    SourceRow, StoredEntry, StoredRow, Subscription,
};
use chrono::{DateTime, NaiveDate, Utc};
use skolebro_core::domain::{
    ids::{CommandId, DeviceId, PersonId, RecordId, SchoolId},
    record::RecordKind,
    roster::RosterKey,
    scope::{Circle, Scope, Subject, Topic},
};
use std::ops::Bound::{Excluded, Included, Unbounded};
use uuid::Uuid;

pub(super) trait Holding {
    fn state(&self) -> &State;
}

impl Holding for State {
    fn state(&self) -> &State {
        self
    }
}

impl Holding for Transaction<'_> {
    fn state(&self) -> &State {
        &self.working.state
    }
}

/// Where a span of keys starts.
const FIRST_ID: RecordId = RecordId(Uuid::nil());
const FIRST_SCOPE: Scope = Scope::new(Subject::School, Topic::Attendance, Circle::All);

impl<T: Holding> Reading for T {
    fn epoch(&self) -> Result<Uuid> {
        Ok(self.state().epoch)
    }

    fn schools(&self) -> Result<Vec<SchoolId>> {
        Ok(self.state().heads.keys().copied().collect())
    }

    fn head(&self, school: SchoolId) -> Result<Head> {
        Ok(self.state().heads.get(&school).copied().unwrap_or_default())
    }

    fn row(&self, school: SchoolId, scope: &Scope, id: RecordId) -> Result<Option<StoredRow>> {
        Ok(self.state().rows.get(&(school, *scope, id)).cloned())
    }

    fn rows_by_sequence(
        &self,
        school: SchoolId,
        after: u64,
        upto: u64,
        each: &mut dyn FnMut(StoredRow) -> bool,
    ) -> Result<()> {
        if after >= upto {
            return Ok(());
        }
        let state = self.state();
        let span = state.by_sequence.range((Excluded((school, after)), Included((school, upto))));
        for row in span.filter_map(|(_, (scope, id))| state.rows.get(&(school, *scope, *id))) {
            if !each(row.clone()) {
                break;
            }
        }
        Ok(())
    }

    fn rows_by_scope(
        &self,
        school: SchoolId,
        scope: &Scope,
        after: u64,
        upto: u64,
        with_gone: bool,
        limit: usize,
    ) -> Result<Vec<StoredRow>> {
        if after >= upto {
            return Ok(Vec::new());
        }
        let state = self.state();
        Ok(state
            .by_scope
            .range((Excluded((school, *scope, after)), Included((school, *scope, upto))))
            .filter_map(|(_, id)| state.rows.get(&(school, *scope, *id)))
            .filter(|row| with_gone || row.body.is_some())
            .take(limit)
            .cloned()
            .collect())
    }

    fn rows_of_pupil(
        &self,
        school: SchoolId,
        kind: RecordKind,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<StoredRow>> {
        let state = self.state();
        let start = (school, pupil, kind, from, FIRST_ID, FIRST_SCOPE);
        Ok(state
            .by_pupil
            .range((Included(start), Unbounded))
            .take_while(|(s, p, k, day, ..)| (*s, *p, *k) == (school, pupil, kind) && *day <= to)
            .filter_map(|(.., id, scope)| state.rows.get(&(school, *scope, *id)).cloned())
            .collect())
    }

    fn rows_of_day(&self, school: SchoolId, kind: RecordKind, day: NaiveDate) -> Result<Vec<StoredRow>> {
        let state = self.state();
        Ok(state
            .by_day
            .range((Included((school, kind, day, FIRST_ID, FIRST_SCOPE)), Unbounded))
            .take_while(|(s, k, d, ..)| (*s, *k, *d) == (school, kind, day))
            .filter_map(|(.., id, scope)| state.rows.get(&(school, *scope, *id)).cloned())
            .collect())
    }

    fn rows_before(
        &self,
        school: SchoolId,
        kind: RecordKind,
        before: NaiveDate,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<StoredRow>> {
        let start = match after {
            None => Included((school, kind, NaiveDate::MIN, FIRST_ID, FIRST_SCOPE)),
            Some((day, id, scope)) => Excluded((school, kind, day, id, scope)),
        };
        let state = self.state();
        Ok(state
            .by_day
            .range((start, Unbounded))
            .take_while(|(s, k, day, ..)| (*s, *k) == (school, kind) && *day < before)
            .filter_map(|(.., id, scope)| state.rows.get(&(school, *scope, *id)).cloned())
            .take(limit)
            .collect())
    }

    fn subscriptions(&self, school: SchoolId, person: PersonId) -> Result<Vec<Subscription>> {
        Ok(self
            .state()
            .subscriptions
            .range((Included((school, person, FIRST_SCOPE)), Unbounded))
            .take_while(|((s, p, _), _)| (*s, *p) == (school, person))
            .map(|(_, subscription)| subscription.clone())
            .collect())
    }

    fn lapsed_subscriptions(&self, school: SchoolId, now: DateTime<Utc>) -> Result<Vec<(PersonId, Subscription)>> {
        let has_lapsed = |s: &Subscription| s.revoked.is_none() && s.until.is_some_and(|until| until <= now);
        Ok(self
            .state()
            .subscriptions
            .range((Included((school, PersonId(Uuid::nil()), FIRST_SCOPE)), Unbounded))
            .take_while(|((s, ..), _)| *s == school)
            .filter(|(_, subscription)| has_lapsed(subscription))
            .map(|((_, person, _), subscription)| (*person, subscription.clone()))
            .collect())
    }

    fn subscribers(&self, school: SchoolId) -> Result<Vec<PersonId>> {
        let mut persons: Vec<PersonId> =
            self.state().subscriptions.keys().filter(|(at, ..)| *at == school).map(|(_, person, _)| *person).collect();
        persons.sort_unstable();
        persons.dedup();
        Ok(persons)
    }

    fn assurance(&self, school: SchoolId, device: DeviceId) -> Result<Option<Assurance>> {
        Ok(self.state().assurances.get(&(school, device)).copied())
    }

    fn lapsed_assurances(&self, school: SchoolId, now: DateTime<Utc>) -> Result<Vec<(DeviceId, Assurance)>> {
        Ok(self
            .state()
            .assurances
            .range((Included((school, DeviceId(Uuid::nil()))), Unbounded))
            .take_while(|((s, _), _)| *s == school)
            .filter(|(_, assurance)| assurance.lapsed.is_none() && assurance.until <= now)
            .map(|((_, device), assurance)| (*device, *assurance))
            .collect())
    }

    fn command(&self, school: SchoolId, id: CommandId) -> Result<Option<LoggedCommand>> {
        Ok(self.state().commands.get(&(school, id)).cloned())
    }

    fn payloads_before(
        &self,
        school: SchoolId,
        before: DateTime<Utc>,
        which: Payloads,
        after: Option<CommandId>,
        limit: usize,
    ) -> Result<Vec<CommandId>> {
        let start = after.map_or(Included((school, CommandId(Uuid::nil()))), |after| Excluded((school, after)));
        let span = self.state().commands.range((start, Unbounded)).take_while(|((at, _), _)| *at == school);
        let is_meant = |line: &LoggedCommand| match which {
            Payloads::All => line.payload.is_some(),
            Payloads::WithNotes => {
                let notes = |payload: &str| payload.contains(NOTE) || line.outcome.starts_with(REJECTED);
                line.payload.as_deref().is_some_and(notes)
            }
        };
        let old = span.filter(|(_, line)| line.at < before && is_meant(line));
        Ok(old.map(|((_, id), _)| *id).take(limit).collect())
    }

    fn roster(&self, school: SchoolId, each: &mut dyn FnMut(StoredEntry)) -> Result<()> {
        let first = RosterKey { kind: "", key: String::new() };
        let span = self.state().roster.range((Included((school, first)), Unbounded));
        span.take_while(|((s, _), _)| *s == school).for_each(|(_, entry)| each(entry.clone()));
        Ok(())
    }

    fn roster_entry(&self, school: SchoolId, key: &RosterKey) -> Result<Option<StoredEntry>> {
        Ok(self.state().roster.get(&(school, key.clone())).cloned())
    }

    fn source_rows(&self, organiser: &str, each: &mut dyn FnMut(SourceRow)) -> Result<()> {
        let first = (organiser.to_owned(), String::new(), String::new());
        let span = self.state().source_rows.range((Included(first), Unbounded));
        for ((organiser, file, id), said) in span.take_while(|((of, ..), _)| of == organiser) {
            let (organiser, file, id) = (organiser.clone(), file.clone(), id.clone());
            each(SourceRow { organiser, file, id, said: said.clone() });
        }
        Ok(())
    }

    fn schools_of(&self, person: PersonId) -> Result<Vec<SchoolId>> {
        let first = (person, SchoolId(Uuid::nil()), RosterKey { kind: "", key: String::new() });
        let span = self.state().known.range((Included(first), Unbounded));
        let mut schools: Vec<_> = span.take_while(|(p, ..)| *p == person).map(|(_, school, _)| *school).collect();
        schools.dedup();
        Ok(schools)
    }

    fn device(&self, device: DeviceId) -> Result<Option<Device>> {
        Ok(self.state().devices.get(&device).cloned())
    }

    fn device_by_token(&self, token_hash: &[u8; 32]) -> Result<Option<Device>> {
        let state = self.state();
        Ok(state.tokens.get(token_hash).and_then(|id| state.devices.get(id)).cloned())
    }

    fn devices_of(&self, person: PersonId) -> Result<Vec<Device>> {
        Ok(self.state().devices.values().filter(|device| device.person == person).cloned().collect())
    }

    fn code(&self, selector: &str) -> Result<Option<ActivationCode>> {
        Ok(self.state().codes.get(selector).cloned())
    }

    fn codes_of(&self, person: PersonId) -> Result<Vec<ActivationCode>> {
        Ok(self.state().codes.values().filter(|code| code.person == person).cloned().collect())
    }

    fn living_codes(&self, now: DateTime<Utc>) -> Result<Vec<ActivationCode>> {
        let living = |code: &&ActivationCode| code.used_at.is_none() && code.expires_at > now;
        Ok(self.state().codes.values().filter(living).cloned().collect())
    }

    fn meta(&self, key: &str) -> Result<Option<String>> {
        Ok(self.state().meta.get(key).cloned())
    }
}
