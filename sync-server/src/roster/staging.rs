//! Where a bundle's rows wait while they are put together: a temporary SQLite file in the data folder, so that memory
//! stays small however large the roster is.
//!
//! It holds personal data in the clear, so the file has no name from the moment it is open (on Unix), and never outlives
//! the import.

use super::error::RosterError;
use rusqlite::{Connection, params};
use skolebro_core::domain::{
    ids::SchoolId,
    roster::{Origin, RosterEntry, RosterKey},
};
use std::path::Path;
use tempfile::TempPath;

use super::{
    remembered::{self, SaidClass, SaidEnrollment, SaidRole, SaidUser},
    told::Told,
};
use crate::store::{SourceRow, StoredEntry};

/// The staged rows, and the statements made of them.
#[derive(Debug)]
pub struct Staging {
    pub db: Connection,
    _file: Option<TempPath>,
}

const SCHEMA: &str = "
CREATE TABLE session (sid TEXT PRIMARY KEY, first TEXT, until TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE course (sid TEXT PRIMARY KEY, after_school INTEGER NOT NULL, form TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE class (
    sid TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, line INTEGER NOT NULL, hash BLOB NOT NULL, modified TEXT,
    state INTEGER NOT NULL, school TEXT NOT NULL DEFAULT '', entry TEXT NOT NULL DEFAULT '', first TEXT, until TEXT,
    assumed INTEGER NOT NULL DEFAULT 0, bounds INTEGER NOT NULL DEFAULT 0,
    course_unclear INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE user (
    sid TEXT PRIMARY KEY, id TEXT NOT NULL, line INTEGER NOT NULL, hash BLOB NOT NULL, modified TEXT,
    state INTEGER NOT NULL, given TEXT NOT NULL DEFAULT '', family TEXT NOT NULL DEFAULT '', phone TEXT, email TEXT,
    language TEXT, form TEXT, grade_unclear INTEGER NOT NULL DEFAULT 0, enabled INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX user_by_id ON user (id);
CREATE TABLE mark (mark TEXT NOT NULL, sid TEXT NOT NULL, PRIMARY KEY (mark, sid)) STRICT, WITHOUT ROWID;
CREATE INDEX mark_by_sid ON mark (sid);
CREATE TABLE same (one TEXT NOT NULL, two TEXT NOT NULL, PRIMARY KEY (one, two)) STRICT, WITHOUT ROWID;
CREATE TABLE user_is (user TEXT PRIMARY KEY, roles INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE born (user TEXT PRIMARY KEY, born TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE user_role (
    user TEXT NOT NULL, school TEXT NOT NULL, role TEXT NOT NULL, first TEXT, until TEXT, file TEXT NOT NULL,
    line INTEGER NOT NULL, sid TEXT
) STRICT;
CREATE INDEX user_role_by_user ON user_role (user, school);
CREATE INDEX user_role_by_sid ON user_role (sid) WHERE sid IS NOT NULL;
CREATE TABLE not_taken (
    user TEXT NOT NULL, school TEXT NOT NULL, word TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL
) STRICT;
CREATE TABLE agent (user TEXT NOT NULL, other TEXT NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (user, other))
    STRICT, WITHOUT ROWID;
CREATE TABLE enrollment (
    sid TEXT, hash BLOB NOT NULL, class TEXT NOT NULL, school TEXT NOT NULL, user TEXT NOT NULL, role TEXT NOT NULL,
    lead INTEGER NOT NULL, first TEXT, until TEXT, line INTEGER NOT NULL, state INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX enrollment_by_sid ON enrollment (sid) WHERE sid IS NOT NULL;
CREATE INDEX enrollment_by_class ON enrollment (class, user, role, lead);
CREATE INDEX enrollment_by_user ON enrollment (user);
CREATE TABLE legal (
    line INTEGER PRIMARY KEY, pupil TEXT NOT NULL, person TEXT NOT NULL, relation TEXT, none INTEGER NOT NULL,
    block INTEGER NOT NULL, lift INTEGER NOT NULL, unbarred INTEGER NOT NULL, consent_until TEXT,
    refused INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX legal_by_pair ON legal (pupil, person);
CREATE TABLE legal_person (
    sid TEXT PRIMARY KEY, id TEXT NOT NULL, line INTEGER NOT NULL, given TEXT, family TEXT, protected INTEGER, language TEXT, born TEXT,
    protected_line INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX legal_person_by_id ON legal_person (id);
CREATE TABLE post (
    line INTEGER PRIMARY KEY, person TEXT NOT NULL, given TEXT, family TEXT, role TEXT NOT NULL, school TEXT NOT NULL,
    class TEXT, first TEXT, until TEXT
) STRICT;

CREATE TABLE restated (file TEXT NOT NULL, sid TEXT NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (file, sid))
    STRICT, WITHOUT ROWID;

CREATE TABLE place (pupil TEXT NOT NULL, school TEXT NOT NULL, PRIMARY KEY (pupil, school)) STRICT, WITHOUT ROWID;
CREATE TABLE present (person TEXT NOT NULL, school TEXT NOT NULL, PRIMARY KEY (person, school)) STRICT, WITHOUT ROWID;
CREATE TABLE gone (kind TEXT NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,
    PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;
CREATE TABLE held (kind TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;
CREATE TABLE broken (file TEXT NOT NULL, line INTEGER NOT NULL, person TEXT NOT NULL, school TEXT NOT NULL) STRICT;
CREATE TABLE told (
    id INTEGER PRIMARY KEY, phase INTEGER NOT NULL, school TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    body TEXT NOT NULL, origin TEXT NOT NULL, file TEXT NOT NULL, line INTEGER, outcome INTEGER NOT NULL DEFAULT 0,
    loses INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX told_by_key ON told (school, kind, key);
CREATE INDEX told_by_phase ON told (phase, school, id);
CREATE INDEX agent_by_other ON agent (other);
CREATE TABLE stored (
    school TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, origin TEXT NOT NULL, body TEXT NOT NULL,
    one TEXT, two TEXT, weighs TEXT NOT NULL DEFAULT '', PRIMARY KEY (school, kind, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE known (
    person TEXT PRIMARY KEY, given TEXT NOT NULL, family TEXT NOT NULL, full TEXT NOT NULL, born TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX known_by_name ON known (full);
CREATE TABLE said (
    file TEXT NOT NULL, sid TEXT NOT NULL, body TEXT NOT NULL, one TEXT NOT NULL DEFAULT '', two TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (file, sid)
) STRICT, WITHOUT ROWID;
CREATE INDEX said_by_parts ON said (file, one, two);
CREATE INDEX said_by_class ON said (two) WHERE file = 'enrollments.csv';
CREATE TABLE said_mark (mark TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (mark, person)) STRICT, WITHOUT ROWID;
CREATE INDEX said_mark_by_person ON said_mark (person);
CREATE TABLE says (file TEXT NOT NULL, sid TEXT NOT NULL, body TEXT, PRIMARY KEY (file, sid)) STRICT, WITHOUT ROWID;
CREATE INDEX stored_by_key ON stored (kind, key);
CREATE INDEX stored_by_one ON stored (one, kind);
CREATE INDEX stored_by_two ON stored (two, kind) WHERE two IS NOT NULL;
";

/// Of a staged row.
pub mod state {
    pub const ACTIVE: i64 = 0;
    pub const GONE: i64 = 1;
    /// It cannot be used; what is stored about it stays as it is.
    pub const HELD: i64 = 2;
}

/// What is known of the days on which a class's terms begin and end.
pub mod bounds {
    pub const KNOWN: i64 = 0;
    /// The bundle does not hold the terms.
    pub const NOT_HERE: i64 = 1;
    /// A term of the class could not be read, or is not there.
    pub const UNREADABLE: i64 = 2;
}

/// What is known of a class's course.
pub mod course {
    pub const KNOWN: i64 = 0;
    /// The bundle does not hold it.
    pub const NOT_HERE: i64 = 1;
    pub const UNREADABLE: i64 = 2;
}

/// Whether a class's form is still to be found: nothing told it, or what could have told it could not be read.
pub mod assumed {
    pub const NO: i64 = 0;
    pub const YES: i64 = 1;
    pub const UNREADABLE: i64 = 2;
}

/// Whether a user's account is enabled.
pub mod enabled {
    pub const NO: i64 = 0;
    pub const YES: i64 = 1;
    pub const UNREADABLE: i64 = 2;
}

impl Staging {
    /// Opens an empty staging file in a folder that exists.
    pub fn open(folder: &Path) -> Result<Self, RosterError> {
        let file = tempfile::Builder::new().prefix("import-").suffix(".staging").tempfile_in(folder);
        let path = file.map_err(RosterError::StagingFile)?.into_temp_path();
        let db = Connection::open(&path)?;
        // Nothing here needs to survive anything: a broken import begins anew.
        db.execute_batch(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE; PRAGMA cache_size=-8192;",
        )?;
        db.execute_batch(SCHEMA)?;
        db.set_prepared_statement_cache_capacity(64);
        db.execute_batch("BEGIN")?;
        // On Unix an open file needs no name; without one nobody finds it, not after a crash either.
        let keep = if cfg!(unix) { None } else { Some(path) };
        Ok(Self { db, _file: keep })
    }

    pub fn hold(&self, kind: &str, key: &str) -> Result<(), RosterError> {
        self.db.prepare_cached("INSERT OR IGNORE INTO held (kind, key) VALUES (?1, ?2)")?.execute([kind, key])?;
        Ok(())
    }

    pub fn is_held(&self, kind: &str, key: &str) -> Result<bool, RosterError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM held WHERE kind = ?1 AND key = ?2")?.exists([kind, key])?)
    }

    /// Notes that a row says that something is gone.
    pub fn gone(&self, kind: &str, key: &str, file: &str, line: i64) -> Result<(), RosterError> {
        self.db
            .prepare_cached("INSERT OR IGNORE INTO gone (kind, key, file, line) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![kind, key, file, line])?;
        Ok(())
    }

    /// Notes that a row with an id of its own was read, or that it is to be deleted.
    pub fn restate(&self, file: &str, sid: Option<&str>, line: i64) -> Result<(), RosterError> {
        let Some(sid) = sid else { return Ok(()) };
        let query = "INSERT OR IGNORE INTO restated (file, sid, line) VALUES (?1, ?2, ?3)";
        self.db.prepare_cached(query)?.execute(params![file, sid, line])?;
        Ok(())
    }

    /// Copies in what a row said before. What cannot be read any more was not said.
    pub fn said(&self, row: &SourceRow) -> Result<(), RosterError> {
        let (mut one, mut two) = (String::new(), String::new());
        match row.file.as_str() {
            remembered::USERS => {
                let Some(user) = remembered::read::<SaidUser>(&row.said) else { return Ok(()) };
                one = user.person.to_string();
                for mark in &user.marks {
                    let query = "INSERT OR IGNORE INTO said_mark (mark, person) VALUES (?1, ?2)";
                    self.db.prepare_cached(query)?.execute([mark, &one])?;
                }
            }
            remembered::ROLES => {
                let Some(role) = remembered::read::<SaidRole>(&row.said) else { return Ok(()) };
                (one, two) = (role.user, role.school.to_string());
            }
            remembered::ENROLLMENTS => {
                let Some(place) = remembered::read::<SaidEnrollment>(&row.said) else { return Ok(()) };
                (one, two) = (place.user, place.class);
            }
            _ => {}
        }
        let query = "INSERT OR REPLACE INTO said (file, sid, body, one, two) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.db.prepare_cached(query)?.execute(params![row.file, row.id, row.said, one, two])?;
        Ok(())
    }

    /// The days that a class's terms spanned when it last came.
    pub fn said_class(&self, sid: &str) -> Result<Option<SaidClass>, RosterError> {
        let mut statement = self.db.prepare_cached("SELECT body FROM said WHERE file = 'classes.csv' AND sid = ?1")?;
        let mut rows = statement.query([sid])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(remembered::read(row.get_ref(0)?.as_str().unwrap_or_default()))
    }

    /// Notes that a person belongs to a school.
    pub fn present(&self, person: &str, school: SchoolId) -> Result<(), RosterError> {
        self.db
            .prepare_cached("INSERT OR IGNORE INTO present (person, school) VALUES (?1, ?2)")?
            .execute(params![person, school.to_string()])?;
        Ok(())
    }

    /// Notes that a person is a pupil of a school.
    pub fn place(&self, pupil: &str, school: SchoolId) -> Result<(), RosterError> {
        self.db
            .prepare_cached("INSERT OR IGNORE INTO place (pupil, school) VALUES (?1, ?2)")?
            .execute(params![pupil, school.to_string()])?;
        self.present(pupil, school)
    }

    /// Adds a statement.
    pub fn tell(
        &self,
        phase: Phase,
        school: SchoolId,
        told: &Told,
        origin: Origin,
        from: (&str, Option<i64>),
    ) -> Result<(), RosterError> {
        let RosterKey { kind, key } = told.key();
        self.db
            .prepare_cached(
                "INSERT INTO told (phase, school, kind, key, body, origin, file, line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                phase as i64,
                school.to_string(),
                kind,
                key,
                serde_json::to_string(told)?,
                serde_json::to_string(&origin)?,
                from.0,
                from.1
            ])?;
        Ok(())
    }

    /// Whether a statement about the key was made.
    pub fn is_told(&self, school: &str, kind: &str, key: &str) -> Result<bool, RosterError> {
        Ok(self
            .db
            .prepare_cached("SELECT 1 FROM told WHERE school = ?1 AND kind = ?2 AND key = ?3")?
            .exists([school, kind, key])?)
    }

    /// Copies one stored entry in, so that the bundle is compared with one state. `weighs`: what it counts as when it is lost.
    pub fn store(&self, school: SchoolId, stored: &StoredEntry, weighs: &str) -> Result<(), RosterError> {
        let RosterKey { kind, key } = stored.entry.key();
        let [one, two] = parts(&stored.entry);
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO stored (school, kind, key, origin, body, one, two, weighs)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                school.to_string(),
                kind,
                key,
                serde_json::to_string(&stored.origin)?,
                serde_json::to_string(&stored.entry)?,
                one,
                two,
                weighs
            ])?;
        Ok(())
    }

    pub fn stored(&self, school: &str, kind: &str, key: &str) -> Result<Option<StoredEntry>, RosterError> {
        let mut statement =
            self.db.prepare_cached("SELECT body, origin FROM stored WHERE school = ?1 AND kind = ?2 AND key = ?3")?;
        let mut rows = statement.query([school, kind, key])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(read_stored(
            row.get_ref(0)?.as_str().unwrap_or_default(),
            row.get_ref(1)?.as_str().unwrap_or_default(),
        )?))
    }

    /// A stored group, at whatever school it is.
    pub fn stored_group(&self, group: &str) -> Result<Option<(SchoolId, RosterEntry)>, RosterError> {
        let mut statement =
            self.db.prepare_cached("SELECT school, body FROM stored WHERE kind = 'group' AND key = ?1 LIMIT 1")?;
        let mut rows = statement.query([group])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let school: String = row.get(0)?;
        let body: String = row.get(1)?;
        school.parse().ok().map(|school| Ok::<_, RosterError>((school, serde_json::from_str(&body)?))).transpose()
    }

    /// The schools where entries of one kind and key are stored.
    pub fn schools_storing(&self, kind: &str, key: &str) -> Result<Vec<SchoolId>, RosterError> {
        self.schools("SELECT school FROM stored WHERE kind = ?1 AND key = ?2", [kind, key])
    }

    /// The schools that a query names in its first column.
    pub fn schools<const N: usize>(&self, query: &str, values: [&str; N]) -> Result<Vec<SchoolId>, RosterError> {
        let mut statement = self.db.prepare_cached(query)?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(0))?;
        let mut schools = Vec::new();
        for school in rows {
            schools.extend(school?.parse::<SchoolId>().ok());
        }
        Ok(schools)
    }
}

pub fn read_stored(body: &str, origin: &str) -> Result<StoredEntry, RosterError> {
    Ok(StoredEntry { entry: serde_json::from_str(body)?, origin: serde_json::from_str(origin)? })
}

/// The people and groups that an entry hangs on: when one of them is held, the entry is.
pub fn parts(entry: &RosterEntry) -> [Option<String>; 2] {
    use skolebro_core::domain::people::{Reach, Spell};
    match entry {
        RosterEntry::School(_) | RosterEntry::RuleSet(_) | RosterEntry::Calendar(_) | RosterEntry::Unread(_) => {
            [None, None]
        }
        RosterEntry::Person(person) => [Some(person.id.to_string()), None],
        RosterEntry::Group(group) => [Some(group.id.to_string()), None],
        RosterEntry::Enrolment(place) => [Some(place.pupil.to_string()), None],
        RosterEntry::Membership(place) => [Some(place.pupil.to_string()), Some(place.group.to_string())],
        RosterEntry::Guardianship(relation) => [Some(relation.pupil.to_string()), Some(relation.person.to_string())],
        RosterEntry::Delegation(given) => [Some(given.pupil.to_string()), Some(given.to.to_string())],
        RosterEntry::Block(block) => [Some(block.pupil.to_string()), Some(block.person.to_string())],
        RosterEntry::AdultConsent(consent) => [Some(consent.pupil.to_string()), Some(consent.person.to_string())],
        RosterEntry::StaffMember(member) => [Some(member.person.to_string()), None],
        RosterEntry::Assignment(assignment) | RosterEntry::Spell(Spell(assignment)) => [
            Some(assignment.person.to_string()),
            match assignment.reach {
                Reach::Group(group) => Some(group.to_string()),
                Reach::School => None,
            },
        ],
    }
}

/// The safe order, over all schools: what bars and ends comes before anything that gives, so that an import that stops
/// half-way has widened nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i64)]
pub enum Phase {
    Schools = 0,
    Blocks = 1,
    /// Persons whose identity is protected.
    Protection = 2,
    Ends = 3,
    /// What the legal layer takes away or leaves pending.
    Narrowing = 4,
    Groups = 5,
    People = 6,
    Places = 7,
    Assignments = 8,
    /// What the legal layer gives, and adults named by OneRoster, pending.
    Relations = 9,
    Lifts = 10,
}
