//! Reading the mirror: `query_only` connections, each lent in a transaction of its own, so that one screen is of one
//! moment and never waits for a commit.

use super::{
    super::error::PhoneError,
    columns::{day_number, day_of, instant, micros, unseq, uuid},
    connect_reader, connect_to_read,
    mirror::nothing,
};
use crate::domain::{
    ids::{PersonId, RecordId, SchoolId},
    record::RecordKind,
};
use chrono::{DateTime, NaiveDate, Utc};
use parking_lot::Mutex;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::{path::PathBuf, sync::Arc};
use uuid::Uuid;

/// Connections kept open while nobody reads: one for the screen, one for what replays the outbox.
const KEPT: usize = 2;

/// What the connections of a pool read.
#[derive(Debug)]
pub(in crate::device) enum ReadFrom {
    /// A file that is written beside.
    Written(PathBuf),
    /// A file on a disk that takes nothing.
    Unwritten(PathBuf),
    /// No file: there is nothing.
    Nothing,
}

#[derive(Debug)]
pub(in crate::device) struct ReaderPool {
    from: ReadFrom,
    idle: Mutex<Vec<Connection>>,
}

impl ReaderPool {
    pub fn new(from: ReadFrom) -> Self {
        Self { from, idle: Mutex::new(Vec::new()) }
    }

    fn connect(&self) -> Result<Connection, PhoneError> {
        match &self.from {
            ReadFrom::Written(path) => connect_reader(path),
            ReadFrom::Unwritten(path) => connect_to_read(path),
            ReadFrom::Nothing => nothing(),
        }
    }

    pub fn lend(pool: &Arc<Self>) -> Result<Reader, PhoneError> {
        let idle = pool.idle.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => pool.connect()?,
        };
        connection.prepare_cached("BEGIN")?.execute([])?;
        Ok(Reader { connection: Some(connection), pool: pool.clone() })
    }
}

/// A lent connection. It goes back when dropped, with its transaction ended.
#[derive(Debug)]
pub(in crate::device) struct Reader {
    /// None only while it is being dropped.
    connection: Option<Connection>,
    pool: Arc<ReaderPool>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let ended = connection.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        // One that is still in a transaction would hold the next reader at an old moment.
        if ended.is_ok() && connection.is_autocommit() {
            let mut idle = self.pool.idle.lock();
            if idle.len() < KEPT {
                idle.push(connection);
            }
        }
    }
}

/// A row as it stands, not decoded.
#[derive(Clone, Debug)]
pub(in crate::device) struct RawRecord {
    pub scope: i64,
    pub id: RecordId,
    pub kind: String,
    pub pupil: Option<PersonId>,
    pub day: Option<NaiveDate>,
    pub body: String,
}

#[derive(Clone, Debug)]
pub(in crate::device) struct RawScope {
    pub number: i64,
    pub name: String,
    pub until: Option<DateTime<Utc>>,
    pub filling: bool,
}

#[derive(Clone, Debug, Default)]
pub(in crate::device) struct RawSchool {
    pub number: i64,
    pub epoch: Option<Uuid>,
    pub cursor: u64,
}

const RECORD: &str = "SELECT scope, id, kind, pupil, day, body FROM record";

impl Reader {
    fn connection(&self) -> Result<&Connection, PhoneError> {
        self.connection.as_ref().ok_or(PhoneError::Suspended)
    }

    /// Counts the mirror's changes, also those of other processes.
    pub fn generation(&self) -> Result<i64, PhoneError> {
        let mut statement = self.connection()?.prepare_cached("SELECT generation FROM about")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    pub fn school(&self, school: SchoolId) -> Result<Option<RawSchool>, PhoneError> {
        let sql = "SELECT number, epoch, cursor FROM school WHERE id = ?1";
        let found = self.connection()?.prepare_cached(sql)?.query_row([school.0.as_bytes()], |row| {
            let epoch: Option<String> = row.get(1)?;
            Ok(RawSchool {
                number: row.get(0)?,
                epoch: epoch.and_then(|text| text.parse().ok()),
                cursor: unseq(row.get(2)?),
            })
        });
        Ok(found.optional()?)
    }

    pub fn scopes(&self, school: i64) -> Result<Vec<RawScope>, PhoneError> {
        let sql = "SELECT number, name, until, filling FROM scope WHERE school = ?1";
        let mut statement = self.connection()?.prepare_cached(sql)?;
        let rows = statement.query_map([school], |row| {
            let until: Option<i64> = row.get(2)?;
            Ok(RawScope { number: row.get(0)?, name: row.get(1)?, until: until.map(instant), filling: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn record(&self, scope: i64, id: RecordId) -> Result<Option<RawRecord>, PhoneError> {
        let mut statement = self.connection()?.prepare_cached(&format!("{RECORD} WHERE scope = ?1 AND id = ?2"))?;
        Ok(statement.query_row(params![scope, id.0.as_bytes()], read).optional()?)
    }

    pub fn in_scope(&self, scope: i64) -> Result<Vec<RawRecord>, PhoneError> {
        let sql = format!("{RECORD} WHERE scope = ?1 ORDER BY kind, day");
        self.all(&sql, params![scope])
    }

    pub fn of_kind(&self, school: i64, kind: RecordKind) -> Result<Vec<RawRecord>, PhoneError> {
        let sql = format!("{RECORD} WHERE school = ?1 AND kind = ?2 ORDER BY day");
        self.all(&sql, params![school, kind.as_str()])
    }

    /// The bodies of a kind, each lent for a moment: for reading thousands of cards without keeping any.
    pub fn each_of_kind(
        &self,
        school: i64,
        kind: RecordKind,
        mut take: impl FnMut(i64, Option<PersonId>, &str),
    ) -> Result<(), PhoneError> {
        let sql = "SELECT scope, pupil, body FROM record WHERE school = ?1 AND kind = ?2";
        let mut statement = self.connection()?.prepare_cached(sql)?;
        let mut rows = statement.query(params![school, kind.as_str()])?;
        while let Some(row) = rows.next()? {
            let pupil: Option<[u8; 16]> = row.get(1)?;
            let body = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            take(row.get(0)?, pupil.map(|bytes| PersonId(uuid(bytes))), body);
        }
        Ok(())
    }

    /// Both days inclusive.
    pub fn between(
        &self,
        school: i64,
        kind: RecordKind,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<RawRecord>, PhoneError> {
        let sql = format!("{RECORD} WHERE school = ?1 AND kind = ?2 AND day BETWEEN ?3 AND ?4 ORDER BY day");
        self.all(&sql, params![school, kind.as_str(), day_number(from), day_number(to)])
    }

    /// The newest day of the span that has a row of the kind, both days inclusive: one step into the index.
    pub fn newest_day(
        &self,
        school: i64,
        kind: RecordKind,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<NaiveDate>, PhoneError> {
        let sql = "SELECT day FROM record WHERE school = ?1 AND kind = ?2 AND day BETWEEN ?3 AND ?4
                   ORDER BY day DESC LIMIT 1";
        let mut statement = self.connection()?.prepare_cached(sql)?;
        let found = statement
            .query_row(params![school, kind.as_str(), day_number(from), day_number(to)], |row| row.get::<_, i64>(0));
        Ok(found.optional()?.and_then(day_of))
    }

    /// Those that ask something of staff, newest day first: by an index of their own, however long the history is.
    pub fn asking(&self, school: i64, kind: RecordKind, most: u32) -> Result<Vec<RawRecord>, PhoneError> {
        let sql = format!("{RECORD} WHERE school = ?1 AND kind = ?2 AND asks = 1 ORDER BY day DESC, number LIMIT ?3");
        self.all(&sql, params![school, kind.as_str(), most])
    }

    /// Of a kind that is listed by when it was said, newest first: the next ones after this place, each with when it was.
    pub fn said_before(
        &self,
        school: i64,
        kind: RecordKind,
        (at, id): (DateTime<Utc>, RecordId),
        most: u32,
    ) -> Result<Vec<(DateTime<Utc>, RawRecord)>, PhoneError> {
        let sql = "SELECT scope, id, kind, pupil, day, body, said FROM record
                   WHERE school = ?1 AND kind = ?2 AND said IS NOT NULL AND (said, id) < (?3, ?4)
                   ORDER BY said DESC, id DESC LIMIT ?5";
        let mut statement = self.connection()?.prepare_cached(sql)?;
        let parameters = params![school, kind.as_str(), micros(at), id.0.as_bytes(), most];
        let rows = statement.query_map(parameters, |row| Ok((instant(row.get(6)?), read(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Both days inclusive.
    pub fn of_pupil_between(
        &self,
        school: i64,
        kind: RecordKind,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<RawRecord>, PhoneError> {
        let sql =
            format!("{RECORD} WHERE school = ?1 AND pupil = ?2 AND kind = ?3 AND day BETWEEN ?4 AND ?5 ORDER BY day");
        self.all(&sql, params![school, pupil.0.as_bytes(), kind.as_str(), day_number(from), day_number(to)])
    }

    pub fn of_pupil(&self, school: i64, kind: RecordKind, pupil: PersonId) -> Result<Vec<RawRecord>, PhoneError> {
        let sql = format!("{RECORD} WHERE school = ?1 AND pupil = ?2 AND kind = ?3 ORDER BY day");
        self.all(&sql, params![school, pupil.0.as_bytes(), kind.as_str()])
    }

    /// Everything that is held, of every school, as text: for comparing phones in tests and simulations.
    pub fn everything(&self) -> Result<Vec<HeldRow>, PhoneError> {
        let sql = "SELECT school.id, scope.name, record.id, record.kind, record.body FROM record
                   JOIN scope ON scope.number = record.scope JOIN school ON school.number = record.school
                   ORDER BY school.id, scope.name, record.id";
        let mut statement = self.connection()?.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(HeldRow {
                school: SchoolId(uuid(row.get(0)?)),
                scope: row.get(1)?,
                id: RecordId(uuid(row.get(2)?)),
                kind: row.get(3)?,
                body: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn all(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<RawRecord>, PhoneError> {
        let mut statement = self.connection()?.prepare_cached(sql)?;
        let rows = statement.query_map(parameters, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// One confirmed row of the mirror.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldRow {
    pub school: SchoolId,
    pub scope: String,
    pub id: RecordId,
    pub kind: String,
    pub body: String,
}

fn read(row: &Row<'_>) -> Result<RawRecord, rusqlite::Error> {
    let pupil: Option<[u8; 16]> = row.get(3)?;
    let day: Option<i64> = row.get(4)?;
    Ok(RawRecord {
        scope: row.get(0)?,
        id: RecordId(uuid(row.get(1)?)),
        kind: row.get(2)?,
        pupil: pupil.map(|bytes| PersonId(uuid(bytes))),
        day: day.and_then(day_of),
        body: row.get(5)?,
    })
}
