//! Reading overlay over mirror, for one school at one moment. Rows that this version cannot read, and scopes that have
//! ended, are not there.

use super::{error::PhoneError, overlay::Overlay, scopes::Scopes, store::reader::RawRecord, store::reader::Reader};
use crate::domain::{
    ids::{PersonId, RecordId},
    record::{Body, Record, RecordKind},
    scope::Scope,
    world::Fact,
};
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use uuid::Uuid;

/// Where a record stands among those that are listed by when they were said. To the microsecond, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    pub at: DateTime<Utc>,
    pub id: RecordId,
}

impl Said {
    pub fn of(record: &Record) -> Option<Self> {
        let at = record.body.said_at()?;
        Some(Self { at: at.trunc_subsecs(6), id: record.id })
    }
}

#[derive(Clone, Copy)]
pub(super) struct Merged<'a> {
    pub reader: &'a Reader,
    /// The school's number in the mirror; none: nothing of it is held.
    pub school: Option<i64>,
    pub scopes: &'a Scopes,
    pub overlay: &'a Overlay,
}

impl Merged<'_> {
    pub fn record(&self, scope: &Scope, id: RecordId) -> Result<Fact<Record>, PhoneError> {
        if let Some(changed) = self.overlay.get(scope, id) {
            return Ok(changed.map_or(Fact::Absent, |record| Fact::Known(record.as_ref().clone())));
        }
        let Some((number, held)) = self.scopes.find(scope) else { return Ok(Fact::Unseen) };
        Ok(match self.reader.record(number, id)? {
            Some(raw) => self.decode(raw).map_or(Fact::Unseen, Fact::Known),
            None if held.filling => Fact::Unseen,
            None => Fact::Absent,
        })
    }

    pub fn in_scope(&self, scope: &Scope) -> Result<Vec<Record>, PhoneError> {
        let Some((number, _)) = self.scopes.find(scope) else { return Ok(Vec::new()) };
        Ok(self.merge(self.reader.in_scope(number)?, |record| record.scope == *scope))
    }

    pub fn of_kind(&self, kind: RecordKind) -> Result<Vec<Record>, PhoneError> {
        let Some(school) = self.school else { return Ok(Vec::new()) };
        Ok(self.merge(self.reader.of_kind(school, kind)?, |record| record.body.kind() == kind))
    }

    /// The confirmed documents of a kind as they stand, each lent for a moment.
    pub fn each_of_kind(
        &self,
        kind: RecordKind,
        mut take: impl FnMut(Option<PersonId>, &str),
    ) -> Result<(), PhoneError> {
        let Some(school) = self.school else { return Ok(()) };
        self.reader.each_of_kind(school, kind, |scope, pupil, body| {
            if self.scopes.visible(scope).is_some() {
                take(pupil, body);
            }
        })
    }

    pub fn between(&self, kind: RecordKind, from: NaiveDate, to: NaiveDate) -> Result<Vec<Record>, PhoneError> {
        let Some(school) = self.school else { return Ok(Vec::new()) };
        let raw = self.reader.between(school, kind, from, to)?;
        Ok(self.merge(raw, |record| record.body.kind() == kind && within(record, from, to)))
    }

    /// The newest day of the span that may have records of the kind: of a scope that has ended it has none.
    pub fn newest_day(
        &self,
        kind: RecordKind,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<NaiveDate>, PhoneError> {
        let Some(school) = self.school else { return Ok(None) };
        let here = self.overlay.records().filter(|record| record.body.kind() == kind && within(record, from, to));
        let here = here.filter_map(|record| record.day).max();
        Ok(self.reader.newest_day(school, kind, from, to)?.max(here))
    }

    /// What asks something of staff ([`Body::asks_staff`]), newest day first; at most so many of the confirmed ones.
    pub fn asking(&self, kind: RecordKind, most: u32) -> Result<Vec<Record>, PhoneError> {
        let Some(school) = self.school else { return Ok(Vec::new()) };
        let raw = self.reader.asking(school, kind, most)?;
        let mut records = self.merge(raw, |record| record.body.kind() == kind && record.body.asks_staff());
        records.sort_by_key(|record| std::cmp::Reverse(record.day));
        Ok(records)
    }

    /// Of a kind that is listed by when it was said, newest first: at most so many after this place, or from the newest on.
    pub fn said_before(&self, kind: RecordKind, after: Option<Said>, most: usize) -> Result<Vec<Record>, PhoneError> {
        let Some(school) = self.school else { return Ok(Vec::new()) };
        let newest = Said { at: DateTime::<Utc>::MAX_UTC, id: RecordId(Uuid::max()) };
        let is_after = |said: Said| after.is_none_or(|after| said < after);
        let mut found: Vec<(Said, Record)> = Vec::new();
        let mut from = after.unwrap_or(newest);
        loop {
            let limit = u32::try_from(most).unwrap_or(u32::MAX);
            let raw = self.reader.said_before(school, kind, (from.at, from.id), limit)?;
            let full = raw.len() >= most;
            let last = raw.last().map(|(at, raw)| Said { at: *at, id: raw.id });
            for record in self.merge(raw.into_iter().map(|(_, raw)| raw).collect(), |_| false) {
                found.extend(Said::of(&record).map(|said| (said, record)));
            }
            match last {
                // Rows that are not to be seen take no place on the page.
                Some(last) if full && found.len() < most => from = last,
                Some(_) | None => break,
            }
        }
        let here = self.overlay.records().filter(|record| record.body.kind() == kind);
        found
            .extend(here.filter_map(|record| Some((Said::of(record).filter(|said| is_after(*said))?, record.clone()))));
        found.sort_by_key(|(said, _)| std::cmp::Reverse(*said));
        found.truncate(most);
        Ok(found.into_iter().map(|(_, record)| record).collect())
    }

    pub fn of_pupil(&self, kind: RecordKind, pupil: PersonId) -> Result<Vec<Record>, PhoneError> {
        let Some(school) = self.school else { return Ok(Vec::new()) };
        let raw = self.reader.of_pupil(school, kind, pupil)?;
        Ok(self.merge(raw, |record| record.body.kind() == kind && record.pupil == Some(pupil)))
    }

    pub fn of_pupil_between(
        &self,
        kind: RecordKind,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Record>, PhoneError> {
        let Some(school) = self.school else { return Ok(Vec::new()) };
        let raw = self.reader.of_pupil_between(school, kind, pupil, from, to)?;
        let wanted =
            |record: &Record| record.body.kind() == kind && record.pupil == Some(pupil) && within(record, from, to);
        Ok(self.merge(raw, wanted))
    }

    fn merge(&self, raw: Vec<RawRecord>, wanted: impl Fn(&Record) -> bool) -> Vec<Record> {
        let mut records: Vec<Record> = raw
            .into_iter()
            .filter_map(|raw| self.decode(raw))
            .filter(|record| !self.overlay.covers(&record.scope, record.id))
            .collect();
        if !self.overlay.is_empty() {
            let before = records.len();
            records.extend(self.overlay.records().filter(|record| wanted(record)).cloned());
            if records.len() > before {
                records.sort_by_key(|record| record.day);
            }
        }
        records
    }

    fn decode(&self, raw: RawRecord) -> Option<Record> {
        let scope = self.scopes.visible(raw.scope)?;
        let body = Body::from_json(RecordKind::parse(&raw.kind)?, &raw.body).ok()?;
        Some(Record { id: raw.id, scope, pupil: raw.pupil, day: raw.day, body })
    }
}

fn within(record: &Record, from: NaiveDate, to: NaiveDate) -> bool {
    record.day.is_some_and(|day| from <= day && day <= to)
}
