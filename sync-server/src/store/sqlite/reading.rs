//! Reading from the file. Each statement names its index where more than one could serve, so that a plan never changes
//! with what is in the tables.

use super::{
    codec::{Day, Document, Id, Kind, Micros, Number, Said, ScopeKey, Scoped},
    transaction::Transaction,
};
use crate::store::{
    ActivationCode, Assurance, Device, Head, LoggedCommand, Payloads, Place, REJECTED, Reading, Result, SourceRow,
    StoreError, StoredEntry, StoredRow, Subscription, unread,
};
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Row, params};
use skolebro_core::domain::{
    ids::{CommandId, DeviceId, PersonId, RecordId, SchoolId},
    record::RecordKind,
    roster::{Origin, RosterEntry, RosterKey, UnreadEntry},
    scope::Scope,
};
use uuid::Uuid;

macro_rules! select_rows {
    ($rest:literal) => {
        concat!("SELECT scope, id, seq, kind, pupil, day, body FROM record ", $rest)
    };
}

macro_rules! select_devices {
    ($rest:literal) => {
        concat!("SELECT id, person, name, token_hash, enrolled_at, last_seen, revoked_at FROM device ", $rest)
    };
}

macro_rules! select_codes {
    ($rest:literal) => {
        concat!(
            "SELECT selector, secret_hash, person, made_at, expires_at, tries, used_at FROM activation_code ",
            $rest
        )
    };
}

fn stored_row(row: &Row<'_>) -> rusqlite::Result<StoredRow> {
    Ok(StoredRow {
        scope: row.get::<_, Scoped>(0)?.0,
        id: RecordId(row.get::<_, Id>(1)?.0),
        seq: row.get::<_, Number>(2)?.0,
        kind: row.get::<_, Kind>(3)?.0,
        pupil: row.get::<_, Option<Id>>(4)?.map(|id| PersonId(id.0)),
        day: row.get::<_, Option<Day>>(5)?.map(|day| day.0),
        body: row.get::<_, Option<Document>>(6)?.map(|document| document.0),
    })
}

/// From the column `first` on: scope, granted, revoked, until.
fn subscription(row: &Row<'_>, first: usize) -> rusqlite::Result<Subscription> {
    Ok(Subscription {
        scope: row.get::<_, Scoped>(first)?.0,
        granted: row.get::<_, Number>(first + 1)?.0,
        revoked: row.get::<_, Option<Number>>(first + 2)?.map(|seq| seq.0),
        until: row.get::<_, Option<Micros>>(first + 3)?.map(|time| time.0),
    })
}

/// Granted, until, lapsed.
fn assurance(row: &Row<'_>) -> rusqlite::Result<Assurance> {
    Ok(Assurance {
        granted: row.get::<_, Number>(0)?.0,
        until: row.get::<_, Micros>(1)?.0,
        lapsed: row.get::<_, Option<Number>>(2)?.map(|seq| seq.0),
    })
}

fn device(row: &Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        id: DeviceId(row.get::<_, Id>(0)?.0),
        person: PersonId(row.get::<_, Id>(1)?.0),
        name: row.get(2)?,
        token_hash: row.get(3)?,
        enrolled_at: row.get::<_, Micros>(4)?.0,
        last_seen: row.get::<_, Option<Micros>>(5)?.map(|time| time.0),
        revoked_at: row.get::<_, Option<Micros>>(6)?.map(|time| time.0),
    })
}

fn activation_code(row: &Row<'_>) -> rusqlite::Result<ActivationCode> {
    Ok(ActivationCode {
        selector: row.get(0)?,
        secret_hash: row.get(1)?,
        person: PersonId(row.get::<_, Id>(2)?.0),
        made_at: row.get::<_, Micros>(3)?.0,
        expires_at: row.get::<_, Micros>(4)?.0,
        tries: row.get(5)?,
        used_at: row.get::<_, Option<Micros>>(6)?.map(|time| time.0),
    })
}

/// One that cannot be read costs itself alone: its key says what it was about.
fn stored_entry(row: &Row<'_>) -> rusqlite::Result<StoredEntry> {
    // Whoever it was that said so: no import takes it for its own.
    let origin = row.get::<_, Said>(3).map_or(Origin::Staff, |said| said.0);
    let content: Box<str> = row.get(2)?;
    let entry = match RosterEntry::from_json(&content) {
        Ok(entry) => entry,
        Err(error) => {
            let (kind, key): (String, String) = (row.get(0)?, row.get(1)?);
            let left = UnreadEntry::of(&kind, &key);
            unread::passed_over(left.key().kind, &error);
            left
        }
    };
    Ok(StoredEntry { entry, origin })
}

impl Reading for Transaction<'_> {
    fn epoch(&self) -> Result<Uuid> {
        let epoch = self.one("SELECT epoch FROM identity WHERE one = 1", [], |row| row.get::<_, Id>(0))?;
        epoch.map(|id| id.0).ok_or_else(|| StoreError::Unreadable("a store without an epoch".to_owned()))
    }

    fn schools(&self) -> Result<Vec<SchoolId>> {
        self.write_heads()?;
        self.all("SELECT school FROM head ORDER BY school", [], |row| Ok(SchoolId(row.get::<_, Id>(0)?.0)))
    }

    fn head(&self, school: SchoolId) -> Result<Head> {
        self.held_head(school)
    }

    fn row(&self, school: SchoolId, scope: &Scope, id: RecordId) -> Result<Option<StoredRow>> {
        let sql = select_rows!("WHERE place = (SELECT number FROM place WHERE school = ?1 AND scope = ?2) AND id = ?3");
        self.one(sql, params![Id(school.0), ScopeKey::of(scope), Id(id.0)], stored_row)
    }

    fn rows_by_sequence(
        &self,
        school: SchoolId,
        after: u64,
        upto: u64,
        each: &mut dyn FnMut(StoredRow) -> bool,
    ) -> Result<()> {
        let sql =
            select_rows!("INDEXED BY record_by_sequence WHERE school = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq");
        self.each_readable(sql, params![Id(school.0), Number::at_most(after), Number::at_most(upto)], stored_row, each)
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
        let sql = if with_gone {
            select_rows!(
                "INDEXED BY record_by_place WHERE place = (SELECT number FROM place WHERE school = ?1 AND scope = ?2)
                 AND seq > ?3 AND seq <= ?4 ORDER BY seq"
            )
        } else {
            select_rows!(
                "INDEXED BY record_by_place WHERE place = (SELECT number FROM place WHERE school = ?1 AND scope = ?2)
                 AND seq > ?3 AND seq <= ?4 AND gone = 0 ORDER BY seq"
            )
        };
        let (after, upto) = (Number::at_most(after), Number::at_most(upto));
        self.first_readable(limit, sql, params![Id(school.0), ScopeKey::of(scope), after, upto], stored_row)
    }

    fn rows_of_pupil(
        &self,
        school: SchoolId,
        kind: RecordKind,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<StoredRow>> {
        if from == to {
            let sql = select_rows!(
                "INDEXED BY record_by_day WHERE school = ?1 AND kind = ?3 AND day = ?4 AND pupil = ?2 AND gone = 0
                 ORDER BY id, scope"
            );
            return self.all(sql, params![Id(school.0), Id(pupil.0), Kind(kind), Day(from)], stored_row);
        }
        // From one day that has rows to the next, and on each to the pupil's: an index in order of pupils would cost
        // every write a page.
        let sql = "WITH RECURSIVE days (day) AS (
                SELECT min(day) FROM record INDEXED BY record_by_day
                WHERE school = ?1 AND kind = ?3 AND day >= ?4 AND day <= ?5 AND gone = 0
                UNION ALL
                SELECT (SELECT min(later.day) FROM record AS later INDEXED BY record_by_day
                    WHERE later.school = ?1 AND later.kind = ?3 AND later.day > days.day AND later.day <= ?5
                    AND later.gone = 0)
                FROM days WHERE days.day IS NOT NULL
            )
            SELECT scope, id, seq, kind, pupil, record.day, body
            FROM days CROSS JOIN record INDEXED BY record_by_day
            WHERE school = ?1 AND kind = ?3 AND record.day = days.day AND pupil = ?2 AND gone = 0
            ORDER BY record.day, id, scope";
        self.all(sql, params![Id(school.0), Id(pupil.0), Kind(kind), Day(from), Day(to)], stored_row)
    }

    fn rows_of_day(&self, school: SchoolId, kind: RecordKind, day: NaiveDate) -> Result<Vec<StoredRow>> {
        let sql = select_rows!(
            "INDEXED BY record_by_day WHERE school = ?1 AND kind = ?2 AND day = ?3 AND gone = 0
             ORDER BY id, scope"
        );
        self.all(sql, params![Id(school.0), Kind(kind), Day(day)], stored_row)
    }

    fn rows_before(
        &self,
        school: SchoolId,
        kind: RecordKind,
        before: NaiveDate,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<StoredRow>> {
        if let Some((day, id, scope)) = after {
            // The days before it are skipped by the index; what of its own day has been seen, by comparing.
            let sql = select_rows!(
                "INDEXED BY record_by_day WHERE school = ?1 AND kind = ?2 AND day < ?3 AND gone = 0
                 AND day >= ?4 AND (day, id, scope) > (?4, ?5, ?6) ORDER BY day, id, scope"
            );
            let (day, id, scope) = (Day(day), Id(id.0), ScopeKey::of(&scope));
            let after = params![Id(school.0), Kind(kind), Day(before), day, id, scope];
            return self.first_readable(limit, sql, after, stored_row);
        }
        let sql = select_rows!(
            "INDEXED BY record_by_day WHERE school = ?1 AND kind = ?2 AND day < ?3 AND gone = 0
             ORDER BY day, id, scope"
        );
        self.first_readable(limit, sql, params![Id(school.0), Kind(kind), Day(before)], stored_row)
    }

    fn subscriptions(&self, school: SchoolId, person: PersonId) -> Result<Vec<Subscription>> {
        let sql = "SELECT scope, granted, revoked, until FROM subscription WHERE school = ?1 AND person = ?2
                   ORDER BY scope";
        self.first_readable(usize::MAX, sql, params![Id(school.0), Id(person.0)], |row| subscription(row, 0))
    }

    fn lapsed_subscriptions(&self, school: SchoolId, now: DateTime<Utc>) -> Result<Vec<(PersonId, Subscription)>> {
        let sql = "SELECT person, scope, granted, revoked, until FROM subscription INDEXED BY subscription_by_until
                   WHERE school = ?1 AND until <= ?2 AND revoked IS NULL ORDER BY person, scope";
        self.first_readable(usize::MAX, sql, params![Id(school.0), Micros(now)], |row| {
            Ok((PersonId(row.get::<_, Id>(0)?.0), subscription(row, 1)?))
        })
    }

    fn subscribers(&self, school: SchoolId) -> Result<Vec<PersonId>> {
        let sql = "SELECT DISTINCT person FROM subscription WHERE school = ?1 ORDER BY person";
        self.all(sql, params![Id(school.0)], |row| Ok(PersonId(row.get::<_, Id>(0)?.0)))
    }

    fn assurance(&self, school: SchoolId, device: DeviceId) -> Result<Option<Assurance>> {
        let sql = "SELECT granted, until, lapsed FROM assurance WHERE school = ?1 AND device = ?2";
        self.one(sql, params![Id(school.0), Id(device.0)], assurance)
    }

    fn lapsed_assurances(&self, school: SchoolId, now: DateTime<Utc>) -> Result<Vec<(DeviceId, Assurance)>> {
        let sql = "SELECT granted, until, lapsed, device FROM assurance INDEXED BY assurance_by_until
                   WHERE school = ?1 AND until <= ?2 AND lapsed IS NULL ORDER BY device";
        self.all(sql, params![Id(school.0), Micros(now)], |row| Ok((DeviceId(row.get::<_, Id>(3)?.0), assurance(row)?)))
    }

    fn command(&self, school: SchoolId, id: CommandId) -> Result<Option<LoggedCommand>> {
        let sql = "SELECT author, device, payload_hash, outcome, seq, at, payload FROM command_log
                   WHERE school = ?1 AND id = ?2";
        self.one(sql, params![Id(school.0), Id(id.0)], |row| {
            Ok(LoggedCommand {
                id,
                author: row.get::<_, Option<Id>>(0)?.map(|id| PersonId(id.0)),
                device: row.get::<_, Option<Id>>(1)?.map(|id| DeviceId(id.0)),
                payload_hash: row.get(2)?,
                outcome: row.get(3)?,
                seq: row.get::<_, Number>(4)?.0,
                at: row.get::<_, Micros>(5)?.0,
                payload: row.get(6)?,
            })
        })
    }

    fn payloads_before(
        &self,
        school: SchoolId,
        before: DateTime<Utc>,
        which: &Payloads,
        after: Option<CommandId>,
        limit: usize,
    ) -> Result<Vec<CommandId>> {
        // A quotation mark within a text is escaped, so that nothing that is written looks like a field.
        let saying = |command: &str, field: &str| {
            format!("(instr(payload, '\"do\":\"{command}\"') > 0 AND instr(payload, '\"{field}\":') > 0)")
        };
        let which = match which {
            Payloads::All => "TRUE".to_owned(),
            Payloads::Rejected => format!("instr(outcome, '{REJECTED}') = 1"),
            Payloads::Saying(fields) if fields.is_empty() => return Ok(Vec::new()),
            Payloads::Saying(fields) => {
                fields.iter().map(|(command, field)| saying(command, field)).collect::<Vec<_>>().join(" OR ")
            }
        };
        let sql = format!(
            "SELECT id FROM command_log WHERE school = ?1 AND id > ?2 AND at < ?3 AND payload IS NOT NULL
             AND ({which}) ORDER BY id"
        );
        let after = Id(after.map_or(Uuid::nil(), |after| after.0));
        self.first(limit, &sql, params![Id(school.0), after, Micros(before)], |row| {
            Ok(CommandId(row.get::<_, Id>(0)?.0))
        })
    }

    fn roster(&self, school: SchoolId, each: &mut dyn FnMut(StoredEntry)) -> Result<()> {
        let sql = "SELECT kind, key, entry, origin FROM roster WHERE school = ?1 ORDER BY kind, key";
        self.each(sql, params![Id(school.0)], stored_entry, |entry| {
            each(entry);
            true
        })
    }

    fn roster_entry(&self, school: SchoolId, key: &RosterKey) -> Result<Option<StoredEntry>> {
        let sql = "SELECT kind, key, entry, origin FROM roster WHERE school = ?1 AND kind = ?2 AND key = ?3";
        self.one(sql, params![Id(school.0), key.kind, key.key], stored_entry)
    }

    fn source_rows(&self, organiser: &str, each: &mut dyn FnMut(SourceRow)) -> Result<()> {
        let sql = "SELECT file, id, said FROM source_row WHERE organiser = ?1 ORDER BY file, id";
        let read = |row: &Row<'_>| {
            Ok(SourceRow {
                organiser: organiser.to_owned(),
                file: row.get(0)?,
                id: row.get(1)?,
                said: row.get::<_, String>(2)?.into(),
            })
        };
        self.each(sql, params![organiser], read, |row| {
            each(row);
            true
        })
    }

    // PostgreSQL spread over machines: a look-up table kept by person, or the question put to every machine.
    fn schools_of(&self, person: PersonId) -> Result<Vec<SchoolId>> {
        let sql = "SELECT DISTINCT school FROM roster INDEXED BY roster_by_person WHERE person = ?1 ORDER BY school";
        self.all(sql, params![Id(person.0)], |row| Ok(SchoolId(row.get::<_, Id>(0)?.0)))
    }

    fn device(&self, id: DeviceId) -> Result<Option<Device>> {
        self.one(select_devices!("WHERE id = ?1"), params![Id(id.0)], device)
    }

    fn device_by_token(&self, token_hash: &[u8; 32]) -> Result<Option<Device>> {
        self.one(select_devices!("WHERE token_hash = ?1"), params![token_hash], device)
    }

    fn devices_of(&self, person: PersonId) -> Result<Vec<Device>> {
        self.all(select_devices!("WHERE person = ?1 ORDER BY id"), params![Id(person.0)], device)
    }

    fn code(&self, selector: &str) -> Result<Option<ActivationCode>> {
        self.one(select_codes!("WHERE selector = ?1"), params![selector], activation_code)
    }

    fn codes_of(&self, person: PersonId) -> Result<Vec<ActivationCode>> {
        self.all(select_codes!("WHERE person = ?1 ORDER BY selector"), params![Id(person.0)], activation_code)
    }

    fn living_codes(&self, now: DateTime<Utc>) -> Result<Vec<ActivationCode>> {
        let living = select_codes!("WHERE used_at IS NULL AND expires_at > ?1 ORDER BY selector");
        self.all(living, params![Micros(now)], activation_code)
    }

    fn meta(&self, key: &str) -> Result<Option<String>> {
        self.one("SELECT value FROM meta WHERE key = ?1", params![key], |row| row.get(0))
    }
}
