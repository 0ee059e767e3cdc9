//! Rows that share an id. The same words are said once; the later modified of two counts; of two that differ and do not
//! tell which is newer, neither does.

use crate::roster::{codes::Code, error::RosterError, intake::Intake, report::Place, staging::state, table::Row};
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

/// A fingerprint of what a row says.
pub fn fingerprint(parts: &[&str]) -> [u8; 16] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0x1f]);
    }
    let mut short = [0_u8; 16];
    for (to, from) in short.iter_mut().zip(hasher.finalize()) {
        *to = from;
    }
    short
}

/// What to do with a row whose id may have come before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twice {
    /// The id is new.
    First,
    /// The rest is the same, but the lists may differ: take this row's as well.
    Merge,
    /// This row is the newer one.
    Replace,
    /// Leave the row; the issue has been noted.
    Leave,
}

/// A table whose rows have ids, as [`compare`] names it.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub file: &'static str,
    pub table: &'static str,
    /// What a held id is called.
    pub held: &'static str,
    /// Whether rows hold lists beside their fingerprint.
    pub lists: bool,
}

/// Compares with the row that has the id already.
pub fn compare(intake: &mut Intake, kind: Kind, row: &Row, sid: &str, hash: &[u8]) -> Result<Twice, RosterError> {
    let query = format!("SELECT line, hash, modified, state, id FROM {} WHERE sid = ?1", kind.table);
    let found = intake
        .staging
        .db
        .prepare_cached(&query)?
        .query_row([sid], |row| {
            let hash: Vec<u8> = row.get(1)?;
            let modified: Option<String> = row.get(2)?;
            Ok((row.get::<_, i64>(0)?, hash, modified, row.get::<_, i64>(3)?, row.get::<_, String>(4)?))
        })
        .optional()?;
    let Some((line, other, modified, was, id)) = found else { return Ok(Twice::First) };
    let place = Place::line(kind.file, row.line).column("sourcedId");
    let told = format!("the id stands on line {line} too");
    if other == hash && was != state::HELD {
        if !kind.lists {
            intake.reporter.issue(place, Code::DuplicateSame, Some(sid), told);
            return Ok(Twice::Leave);
        }
        return Ok(Twice::Merge);
    }
    match (intake.modified(row), modified) {
        (Some(this), Some(that)) if this != that && was != state::HELD => {
            let what = format!("{told}; the row modified last was used");
            intake.reporter.issue(place, Code::DuplicateNewer, Some(sid), what);
            Ok(if this > that { Twice::Replace } else { Twice::Leave })
        }
        _ => {
            let what = format!("{told} and says something else; neither was used");
            intake.reporter.issue(place, Code::DuplicateDiffers, Some(sid), what);
            if was != state::HELD {
                // The first of them is skipped as well.
                intake.reporter.report.file(kind.file).skipped += 1;
                let update = format!("UPDATE {} SET state = ?2 WHERE sid = ?1", kind.table);
                intake.staging.db.prepare_cached(&update)?.execute(params![sid, state::HELD])?;
                intake.staging.hold(kind.held, &id)?;
            }
            Ok(Twice::Leave)
        }
    }
}
