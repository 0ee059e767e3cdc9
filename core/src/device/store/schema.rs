//! The forms of the two files. The outbox's steps only add; a column is never given a second meaning. The mirror has one
//! form, brought along from the one before; from any other it starts over.

use super::{super::error::PhoneError, columns::micros};
use crate::domain::record::{FoundBy, RecordKind};
use rusqlite::{Connection, Transaction, params};

/// Each step brings the outbox from its index to the next `user_version`. Never edit one that has been released.
const OUTBOX_STEPS: &[&str] = &["
CREATE TABLE login (
    only      INTEGER PRIMARY KEY CHECK (only = 1),
    person    TEXT NOT NULL,
    device    TEXT NOT NULL,
    standing  TEXT NOT NULL,
    language  TEXT NOT NULL DEFAULT 'null',
    schools   TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE TABLE command (
    position   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    owner      TEXT NOT NULL,
    school     TEXT NOT NULL,
    payload    TEXT NOT NULL,
    depends_on TEXT,
    said_at    INTEGER NOT NULL,
    advice     TEXT,
    state      TEXT NOT NULL DEFAULT 'queued'
               CHECK (state IN ('queued', 'accepted', 'rejected', 'dismissed', 'replaced', 'taken_back')),
    sent       INTEGER NOT NULL DEFAULT 0,
    not_now    TEXT,
    settled_at INTEGER,
    seq        INTEGER,
    epoch      TEXT,
    reached    INTEGER NOT NULL DEFAULT 0,
    rejection  TEXT,
    replaces   TEXT
) STRICT;

CREATE INDEX command_open ON command (state, reached, position);
"];

const MIRROR_FORM: i64 = 4;

const MIRROR: &str = "
CREATE TABLE about (
    only       INTEGER PRIMARY KEY CHECK (only = 1),
    person     TEXT NOT NULL DEFAULT '',
    device     TEXT NOT NULL DEFAULT '',
    generation INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO about (only) VALUES (1);

CREATE TABLE school (
    number       INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    epoch        TEXT,
    cursor       INTEGER NOT NULL DEFAULT 0,
    continuation TEXT,
    server_time  INTEGER NOT NULL DEFAULT 0,
    phone_time   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE scope (
    number  INTEGER PRIMARY KEY,
    school  INTEGER NOT NULL,
    name    TEXT NOT NULL,
    until   INTEGER,
    -- 0: its rows are here; 1: they are on their way; 2: they were dropped at its end.
    filling INTEGER NOT NULL DEFAULT 0,
    UNIQUE (school, name)
) STRICT;

CREATE TABLE record (
    number INTEGER PRIMARY KEY,
    scope  INTEGER NOT NULL,
    id     BLOB NOT NULL,
    school INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    pupil  BLOB,
    day    INTEGER,
    body   TEXT NOT NULL,
    asks   INTEGER NOT NULL DEFAULT 0,
    -- When it was said, of a kind that is listed by that.
    said   INTEGER,
    UNIQUE (scope, id)
) STRICT;

CREATE INDEX record_by_pupil ON record (school, pupil, kind, day) WHERE pupil IS NOT NULL;
CREATE INDEX record_by_day ON record (school, kind, day);
CREATE INDEX record_that_asks ON record (school, kind, day) WHERE asks = 1;
CREATE INDEX record_by_time ON record (school, kind, said, id) WHERE said IS NOT NULL;
";

/// The second form did not know which records ask something of staff. Brought along rather than started over: a phone
/// without a network keeps its screens.
const MIRROR_FROM_2: &str = "
ALTER TABLE record ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;
CREATE INDEX record_that_asks ON record (school, kind, day) WHERE asks = 1;
";
/// The third did not know when something was said.
const MIRROR_FROM_3: &str = "
ALTER TABLE record ADD COLUMN said INTEGER;
CREATE INDEX record_by_time ON record (school, kind, said, id) WHERE said IS NOT NULL;
";

/// Brings the outbox to this version's form, or refuses one of a newer.
pub(super) fn migrate_outbox(connection: &mut Connection) -> Result<(), PhoneError> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let form: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = match usize::try_from(form) {
        Ok(done) if done <= OUTBOX_STEPS.len() => done,
        Ok(_) | Err(_) => return Err(PhoneError::OutboxTooNew { form }),
    };
    for step in &OUTBOX_STEPS[done..] {
        transaction.execute_batch(step)?;
    }
    if done < OUTBOX_STEPS.len() {
        transaction.pragma_update(None, "user_version", OUTBOX_STEPS.len() as i64)?;
    }
    transaction.commit()?;
    Ok(())
}

/// Whether an outbox that is only read has a form that can be.
pub(super) fn known_outbox(connection: &Connection) -> Result<(), PhoneError> {
    let form: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if usize::try_from(form).is_ok_and(|form| form <= OUTBOX_STEPS.len()) {
        Ok(())
    } else {
        Err(PhoneError::OutboxTooNew { form })
    }
}

/// Whether the file has this version's form; makes it in an empty file.
pub(super) fn make_mirror(connection: &mut Connection) -> Result<bool, PhoneError> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let form: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match form {
        0 => transaction.execute_batch(MIRROR)?,
        2 => {
            transaction.execute_batch(MIRROR_FROM_2)?;
            transaction.execute_batch(MIRROR_FROM_3)?;
            find_anew(&transaction)?;
        }
        3 => {
            transaction.execute_batch(MIRROR_FROM_3)?;
            find_anew(&transaction)?;
        }
        MIRROR_FORM => {}
        _ => return Ok(false),
    }
    transaction.pragma_update(None, "user_version", MIRROR_FORM)?;
    transaction.commit()?;
    Ok(true)
}

/// What every record is found by, anew.
fn find_anew(transaction: &Transaction<'_>) -> Result<(), PhoneError> {
    let mut found: Vec<(i64, FoundBy)> = Vec::new();
    for kind in RecordKind::ALL.iter().map(|kind| kind.as_str()) {
        let mut statement = transaction.prepare("SELECT number, body FROM record WHERE kind = ?1")?;
        let mut rows = statement.query([kind])?;
        while let Some(row) = rows.next()? {
            let by = FoundBy::of(kind, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
            if by != FoundBy::default() {
                found.push((row.get(0)?, by));
            }
        }
    }
    let mut update = transaction.prepare("UPDATE record SET asks = ?2, said = ?3 WHERE number = ?1")?;
    for (number, by) in found {
        update.execute(params![number, by.asks_staff, by.said_at.map(micros)])?;
    }
    Ok(())
}

/// Whether a mirror that is only read has this version's form.
pub(super) fn is_mirror(connection: &Connection) -> Result<bool, PhoneError> {
    let form: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(form == MIRROR_FORM)
}
