//! `mirror.db`: what the school has said, as far as this person may read it. Disposable.
//!
//! A page is applied in one transaction with the continuation, and only if epoch, cursor and continuation are still those
//! that it was asked with. Rows of unknown kinds and scopes are kept as text.

use super::{
    super::{error::PhoneError, time::HeardTime},
    BUSY,
    columns::{day_number, instant, micros, seq, unseq},
    connect, connect_to_read, damaged, empty_the_log, schema,
};
use crate::{
    domain::{
        ids::{DeviceId, PersonId, SchoolId},
        record::{FoundBy, RecordKind},
    },
    protocol::{Continuation, Page, Pull, Row},
};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::{collections::BTreeSet, path::Path, time::Duration};
use uuid::Uuid;

/// How far the mirror of a school has come: what a request is asked with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub epoch: Option<Uuid>,
    /// 0 before the first complete pull.
    pub cursor: u64,
    pub continuation: Option<Continuation>,
}

/// Whose a mirror is: the person and the device that they enrolled. Rights are a device's own, as strong assurance is, so a
/// new enrolment of the same person takes nothing over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::device) struct MirrorOwner {
    pub person: PersonId,
    pub device: DeviceId,
}

/// What a page did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::device) enum Applied {
    /// It was asked from another place than the mirror is at now, and changed nothing.
    Stale,
    Page(Touched),
    /// The mirror of the school has started over.
    StartedOver,
}

/// What moved. Names of scopes and kinds, also unknown ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::device) struct Touched {
    pub scopes: BTreeSet<String>,
    pub kinds: BTreeSet<String>,
    pub rows: usize,
    /// The file's count of changes, this one with it.
    pub generation: i64,
}

impl Touched {
    pub fn is_empty(&self) -> bool {
        self.scopes.is_empty()
    }
}

#[derive(Debug)]
pub(in crate::device) struct Mirror {
    connection: Connection,
}

impl Mirror {
    /// Opens or makes the file. A file of another form is emptied.
    pub fn open(path: &Path) -> Result<Self, PhoneError> {
        let mut connection = connect(path, "NORMAL")?;
        if !schema::make_mirror(&mut connection)? {
            drop(connection);
            for ending in ["", "-wal", "-shm"] {
                let mut name = path.as_os_str().to_owned();
                name.push(ending);
                match std::fs::remove_file(&name) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                    Ok(()) | Err(_) => {}
                }
            }
            connection = connect(path, "NORMAL")?;
            schema::make_mirror(&mut connection)?;
        }
        Ok(Self { connection })
    }

    /// To be read only: on a disk that takes nothing.
    pub fn open_to_read(path: &Path) -> Result<Self, PhoneError> {
        let connection = connect_to_read(path)?;
        if schema::is_mirror(&connection)? { Ok(Self { connection }) } else { Err(damaged()) }
    }

    /// Nothing, in memory: where there is a file that cannot be read and none can be made.
    pub fn empty() -> Result<Self, PhoneError> {
        Ok(Self { connection: nothing()? })
    }

    /// Whose it is; none while nobody's.
    pub fn owner(&self) -> Result<Option<MirrorOwner>, PhoneError> {
        owner(&self.connection)
    }

    /// Forgets everything and belongs to `owner` from now on.
    pub fn wipe(&mut self, owner: Option<MirrorOwner>) -> Result<(), PhoneError> {
        let (person, device) = owner.map(|owner| (owner.person.to_string(), owner.device.to_string())).unzip();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch("DELETE FROM record; DELETE FROM scope; DELETE FROM school;")?;
        transaction.execute(
            "UPDATE about SET generation = generation + 1, person = ?1, device = ?2",
            [person.unwrap_or_default(), device.unwrap_or_default()],
        )?;
        transaction.commit()?;
        self.tidy();
        Ok(())
    }

    /// What was read here must not stay in free pages or in the journal. As far as it goes: a disk without room or a screen
    /// that is being drawn may be in the way. It waits for neither; what is left is overwritten already, as far as this file
    /// goes, and tidied at the next opening.
    pub fn tidy(&self) {
        let _ = self.connection.busy_timeout(Duration::ZERO);
        let _ = self.connection.execute_batch("VACUUM");
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        let _ = self.connection.busy_timeout(BUSY);
    }

    pub fn place(&self, school: SchoolId) -> Result<Place, PhoneError> {
        Ok(place(&self.connection, school)?.map(|(_, place)| place).unwrap_or_default())
    }

    /// The server time that was heard last.
    pub fn heard(&self) -> Result<Option<HeardTime>, PhoneError> {
        let sql = "SELECT server_time, phone_time FROM school WHERE server_time > 0 ORDER BY server_time DESC LIMIT 1";
        let heard = self
            .connection
            .query_row(sql, [], |row| Ok(HeardTime { server: instant(row.get(0)?), phone: instant(row.get(1)?) }));
        Ok(heard.optional()?)
    }

    /// Applies the pull of an answer that was asked from `asked`, whole or not at all.
    pub fn apply(
        &mut self,
        asking: MirrorOwner,
        school: SchoolId,
        asked: &Place,
        epoch: Uuid,
        pull: &Pull,
        heard: HeardTime,
    ) -> Result<Applied, PhoneError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another person may have signed in while the answer was on its way, or the same one anew.
        let whose = owner(&transaction)?;
        let held = place(&transaction, school)?;
        if whose != Some(asking) || held.as_ref().map(|(_, place)| place.clone()).unwrap_or_default() != *asked {
            return Ok(Applied::Stale);
        }
        let number = match held {
            Some((number, _)) => number,
            None => {
                transaction.execute("INSERT INTO school (id) VALUES (?1)", [school.0.as_bytes()])?;
                transaction.last_insert_rowid()
            }
        };
        let mut applied = match pull {
            // A page of another epoch than was asked with cannot follow on what is held.
            Pull::Page(page)
                if asked.epoch.is_none_or(|held| held == epoch) && !ended_too_early(&transaction, number, heard)? =>
            {
                let touched = apply_page(&transaction, number, page, heard)?;
                set_place(&transaction, number, epoch, page)?;
                Applied::Page(touched)
            }
            Pull::Page(_) | Pull::ResetRequired => {
                transaction.execute("DELETE FROM record WHERE school = ?1", [number])?;
                transaction.execute("DELETE FROM scope WHERE school = ?1", [number])?;
                transaction.execute(
                    "UPDATE school SET epoch = ?2, cursor = 0, continuation = NULL WHERE number = ?1",
                    params![number, epoch.to_string()],
                )?;
                Applied::StartedOver
            }
        };
        // One server, whichever school it spoke of: what it said before of the time counts no more.
        transaction
            .prepare_cached("UPDATE school SET server_time = ?1, phone_time = ?2")?
            .execute(params![micros(heard.server), micros(heard.phone)])?;
        let moved = match &applied {
            Applied::Page(touched) => {
                !touched.is_empty() || place(&transaction, school)?.is_none_or(|(_, p)| p != *asked)
            }
            Applied::StartedOver | Applied::Stale => true,
        };
        if moved {
            transaction.prepare_cached("UPDATE about SET generation = generation + 1")?.execute([])?;
        }
        if let Applied::Page(touched) = &mut applied {
            touched.generation =
                transaction.prepare_cached("SELECT generation FROM about")?.query_row([], |row| row.get(0))?;
        }
        transaction.commit()?;
        if takes_away(pull) {
            empty_the_log(&self.connection);
        }
        Ok(applied)
    }

    /// Forgets the schools that the person has nothing to do with any more. Gives whether there were any.
    pub fn keep_only(&mut self, schools: &[SchoolId]) -> Result<bool, PhoneError> {
        let held: Vec<(i64, SchoolId)> = {
            let mut statement = self.connection.prepare_cached("SELECT number, id FROM school")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, SchoolId(Uuid::from_bytes(row.get(1)?)))))?;
            rows.collect::<Result<_, _>>()?
        };
        let gone: Vec<i64> =
            held.into_iter().filter(|(_, id)| !schools.contains(id)).map(|(number, _)| number).collect();
        if gone.is_empty() {
            return Ok(false);
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for number in gone {
            transaction.execute("DELETE FROM record WHERE school = ?1", [number])?;
            transaction.execute("DELETE FROM scope WHERE school = ?1", [number])?;
            transaction.execute("DELETE FROM school WHERE number = ?1", [number])?;
        }
        transaction.execute("UPDATE about SET generation = generation + 1", [])?;
        transaction.commit()?;
        Ok(true)
    }
}

/// A mirror without anything in it, in this process' memory.
pub(super) fn nothing() -> Result<Connection, PhoneError> {
    let mut connection = Connection::open_in_memory()?;
    schema::make_mirror(&mut connection)?;
    Ok(connection)
}

fn owner(connection: &Connection) -> Result<Option<MirrorOwner>, PhoneError> {
    let sql = "SELECT person, device FROM about";
    let (person, device): (String, String) =
        connection.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(person.parse().ok().zip(device.parse().ok()).map(|(person, device)| MirrorOwner { person, device }))
}

fn place(connection: &Connection, school: SchoolId) -> Result<Option<(i64, Place)>, PhoneError> {
    let sql = "SELECT number, epoch, cursor, continuation FROM school WHERE id = ?1";
    let found = connection.prepare_cached(sql)?.query_row([school.0.as_bytes()], |row| {
        let epoch: Option<String> = row.get(1)?;
        let continuation: Option<String> = row.get(3)?;
        let place = Place {
            epoch: epoch.and_then(|text| text.parse().ok()),
            cursor: unseq(row.get(2)?),
            continuation: continuation.and_then(|json| serde_json::from_str(&json).ok()),
        };
        Ok((row.get(0)?, place))
    });
    Ok(found.optional()?)
}

fn set_place(transaction: &Transaction<'_>, school: i64, epoch: Uuid, page: &Page) -> Result<(), PhoneError> {
    let continuation = page.more.as_ref().map(serde_json::to_string).transpose()?;
    if continuation.is_none() {
        transaction
            .prepare_cached("UPDATE scope SET filling = 0 WHERE school = ?1 AND filling = 1")?
            .execute([school])?;
    }
    // While there is more, the cursor stays the one that was asked with.
    transaction
        .prepare_cached(
            "UPDATE school SET epoch = ?2, continuation = ?3, cursor = CASE WHEN ?3 IS NULL THEN ?4 ELSE cursor END
             WHERE number = ?1",
        )?
        .execute(params![school, epoch.to_string(), continuation, seq(page.cursor)])?;
    Ok(())
}

fn apply_page(
    transaction: &Transaction<'_>,
    school: i64,
    page: &Page,
    heard: HeardTime,
) -> Result<Touched, PhoneError> {
    let mut touched = Touched { rows: page.rows.len(), ..Touched::default() };
    for name in &page.revoked {
        if drop_scope(transaction, school, name)? {
            touched.scopes.insert(name.clone());
        }
    }
    for granted in &page.reset {
        drop_scope(transaction, school, &granted.scope)?;
        transaction
            .prepare_cached("INSERT INTO scope (school, name, until, filling) VALUES (?1, ?2, ?3, 1)")?
            .execute(params![school, granted.scope, granted.until.map(micros)])?;
        touched.scopes.insert(granted.scope.clone());
    }
    if !touched.scopes.is_empty() {
        // Any kind may have gone with a dropped scope.
        touched.kinds.extend(RecordKind::ALL.iter().map(|kind| kind.as_str().to_owned()));
    }
    for row in &page.rows {
        put_row(transaction, school, row)?;
        touched.scopes.insert(row.scope.clone());
        touched.kinds.insert(row.kind.clone());
    }
    // What has ended by the server's own time is dropped; by the phone's it is only hidden, since that may be wrong. The
    // server's may be, too: that it was emptied so is noted.
    let ended: Vec<(i64, String)> = {
        let mut statement = transaction
            .prepare_cached("SELECT number, name FROM scope WHERE school = ?1 AND until <= ?2 AND filling <> ?3")?;
        let rows = statement
            .query_map(params![school, micros(heard.server), EMPTIED], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (number, name) in ended {
        transaction.prepare_cached("DELETE FROM record WHERE scope = ?1")?.execute([number])?;
        transaction.prepare_cached("UPDATE scope SET filling = ?2 WHERE number = ?1")?.execute([number, EMPTIED])?;
        touched.kinds.extend(RecordKind::ALL.iter().map(|kind| kind.as_str().to_owned()));
        touched.scopes.insert(name);
    }
    Ok(touched)
}

/// `scope.filling` of a scope whose rows were dropped at its end.
const EMPTIED: i64 = 2;

/// Whether a scope was emptied at its end, and the server says now that its end is still to come: its time had been wrong.
/// It knows nothing of the rows that went here, so all of the school is fetched anew.
fn ended_too_early(transaction: &Transaction<'_>, school: i64, heard: HeardTime) -> Result<bool, PhoneError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM scope WHERE school = ?1 AND filling = ?2 AND until > ?3)";
    let mut statement = transaction.prepare_cached(sql)?;
    Ok(statement.query_row(params![school, EMPTIED, micros(heard.server)], |row| row.get(0))?)
}

/// Whether anything goes from the phone with it.
fn takes_away(pull: &Pull) -> bool {
    match pull {
        Pull::Page(page) => !page.revoked.is_empty() || page.rows.iter().any(|row| row.body.is_none()),
        Pull::ResetRequired => true,
    }
}

fn scope_number(transaction: &Transaction<'_>, school: i64, name: &str) -> Result<Option<i64>, PhoneError> {
    let mut statement = transaction.prepare_cached("SELECT number FROM scope WHERE school = ?1 AND name = ?2")?;
    Ok(statement.query_row(params![school, name], |row| row.get(0)).optional()?)
}

fn drop_scope(transaction: &Transaction<'_>, school: i64, name: &str) -> Result<bool, PhoneError> {
    let Some(number) = scope_number(transaction, school, name)? else { return Ok(false) };
    transaction.prepare_cached("DELETE FROM record WHERE scope = ?1")?.execute([number])?;
    transaction.prepare_cached("DELETE FROM scope WHERE number = ?1")?.execute([number])?;
    Ok(true)
}

fn put_row(transaction: &Transaction<'_>, school: i64, row: &Row) -> Result<(), PhoneError> {
    let number = match scope_number(transaction, school, &row.scope)? {
        Some(number) => number,
        None => {
            // Never announced: the server sends it, so this session reads it.
            transaction
                .prepare_cached("INSERT INTO scope (school, name) VALUES (?1, ?2)")?
                .execute(params![school, row.scope])?;
            transaction.last_insert_rowid()
        }
    };
    match &row.body {
        Some(body) => {
            let found = FoundBy::of(&row.kind, body.get());
            transaction
                .prepare_cached(
                    "INSERT INTO record (scope, id, school, seq, kind, pupil, day, body, asks, said)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                     ON CONFLICT (scope, id) DO UPDATE SET seq = excluded.seq, kind = excluded.kind,
                         pupil = excluded.pupil, day = excluded.day, body = excluded.body, asks = excluded.asks,
                         said = excluded.said",
                )?
                .execute(params![
                    number,
                    row.id.0.as_bytes(),
                    school,
                    seq(row.seq),
                    row.kind,
                    row.pupil.as_ref().map(|pupil| pupil.0.as_bytes()),
                    row.day.map(day_number),
                    body.get(),
                    found.asks_staff,
                    found.said_at.map(micros)
                ])?;
        }
        None => {
            transaction
                .prepare_cached("DELETE FROM record WHERE scope = ?1 AND id = ?2")?
                .execute(params![number, row.id.0.as_bytes()])?;
        }
    }
    Ok(())
}
