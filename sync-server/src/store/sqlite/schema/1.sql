-- The first schema. A file here is never changed once it has been released: the next version is the next file.
--
-- Ids are 16 bytes, scopes the bytes of codec.rs, times microseconds and days days since 1970-01-01. NULL is used only
-- where absence means something. Keys begin with the school.

CREATE TABLE identity (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch BLOB NOT NULL,
    -- Raised when the writer opens; see connection.rs.
    openings INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE head (
    school BLOB NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL DEFAULT 0,
    floor INTEGER NOT NULL DEFAULT 0,
    access_version INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- A scope that has or had rows, under a short number that two indices begin with. Never deleted or renumbered.
CREATE TABLE place (
    number INTEGER NOT NULL PRIMARY KEY,
    school BLOB NOT NULL,
    scope BLOB NOT NULL,
    UNIQUE (school, scope)
) STRICT;

-- With a rowid: bodies are too long for the tree that WITHOUT ROWID would keep them in, and today's rows lie together.
-- What a write costs is pages: each index here that is not in order of time is one more page per row.
CREATE TABLE record (
    place INTEGER NOT NULL,
    id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    school BLOB NOT NULL,
    scope BLOB NOT NULL,
    kind TEXT NOT NULL,
    pupil BLOB,
    day INTEGER,
    -- 1: the body is NULL. A column of its own, so that a new body leaves the partial indices alone.
    gone INTEGER NOT NULL DEFAULT 0,
    body TEXT,
    UNIQUE (place, id)
) STRICT;
-- Unique: each row has a number of its own.
CREATE UNIQUE INDEX record_by_sequence ON record (school, seq);
CREATE INDEX record_by_place ON record (place, seq);
CREATE INDEX record_by_day ON record (school, kind, day, pupil) WHERE gone = 0 AND day IS NOT NULL;
CREATE INDEX record_gone ON record (school, seq) WHERE gone = 1;

CREATE TABLE subscription (
    school BLOB NOT NULL,
    person BLOB NOT NULL,
    scope BLOB NOT NULL,
    granted INTEGER NOT NULL,
    revoked INTEGER,
    until INTEGER,
    PRIMARY KEY (school, person, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_by_until ON subscription (school, until) WHERE revoked IS NULL AND until IS NOT NULL;

CREATE TABLE assurance (
    school BLOB NOT NULL,
    device BLOB NOT NULL,
    granted INTEGER NOT NULL,
    until INTEGER NOT NULL,
    lapsed INTEGER,
    PRIMARY KEY (school, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX assurance_by_until ON assurance (school, until) WHERE lapsed IS NULL;

CREATE TABLE command_log (
    school BLOB NOT NULL,
    id BLOB NOT NULL,
    author BLOB,
    device BLOB,
    payload_hash BLOB NOT NULL,
    outcome TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    payload TEXT,
    PRIMARY KEY (school, id)
) STRICT;

-- Without a rowid: a school's roster is read whole when the server starts, and lies together.
CREATE TABLE roster (
    school BLOB NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    person BLOB,
    origin TEXT NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (school, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX roster_by_person ON roster (person, school) WHERE person IS NOT NULL;

CREATE TABLE device (
    id BLOB NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    token_hash BLOB NOT NULL,
    enrolled_at INTEGER NOT NULL,
    last_seen INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX device_by_token ON device (token_hash);
CREATE INDEX device_by_person ON device (person);

CREATE TABLE activation_code (
    selector TEXT NOT NULL PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    person BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX activation_code_by_person ON activation_code (person);
