//! Where a school's truth is kept. One trait; SQLite and, later, PostgreSQL pass one conformance suite.
//!
//! A store knows nothing of rules or rights: it keeps rows, numbers and roster facts, and gives them back in order.
//! Every key begins with the school, so that schools can be spread over machines.

pub mod sqlite;
pub mod unread;

use chrono::{DateTime, NaiveDate, Utc};
use skolebro_core::domain::{
    ids::{CommandId, DeviceId, PersonId, RecordId, SchoolId},
    people::Spell,
    record::RecordKind,
    roster::{Origin, RosterEntry, RosterKey},
    scope::Scope,
};
use std::path::Path;
use uuid::Uuid;

/// Whom an entry makes known at its school, as adult or pupil; what [`Reading::schools_of`] goes by. It follows from the
/// entry's key, so that a second entry with the same key is about the same person.
pub(crate) fn known_person(entry: &RosterEntry) -> Option<PersonId> {
    match entry {
        RosterEntry::Enrolment(enrolment) => Some(enrolment.pupil),
        RosterEntry::Membership(membership) => Some(membership.pupil),
        RosterEntry::Guardianship(guardianship) => Some(guardianship.person),
        RosterEntry::Delegation(delegation) => Some(delegation.to),
        RosterEntry::AdultConsent(consent) => Some(consent.person),
        RosterEntry::StaffMember(member) => Some(member.person),
        RosterEntry::Assignment(assignment) | RosterEntry::Spell(Spell(assignment)) => Some(assignment.person),
        // A name alone is no relation, and a block is the opposite of one.
        RosterEntry::Person(_)
        | RosterEntry::Block(_)
        | RosterEntry::School(_)
        | RosterEntry::RuleSet(_)
        | RosterEntry::Calendar(_)
        | RosterEntry::Group(_)
        | RosterEntry::Unread(_) => None,
    }
}

/// A school's head row. Its number is locked by the transaction that takes from it, until commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The newest number given.
    pub seq: u64,
    /// *Gone* rows at or below are no longer kept.
    pub floor: u64,
    /// Counts changes of subscriptions, assurance, devices and roster: what caches are keyed by.
    pub access_version: u64,
}

/// A record as it stands in one scope; no body: gone.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRow {
    pub scope: Scope,
    pub id: RecordId,
    pub seq: u64,
    pub kind: RecordKind,
    pub pupil: Option<PersonId>,
    pub day: Option<NaiveDate>,
    /// The document as JSON; goes to the wire as it is.
    pub body: Option<Box<str>>,
}

/// Where a row stands among those of its kind that have a day.
pub type Place = (NaiveDate, RecordId, Scope);

/// One person's subscription to one scope. Active while `revoked` is none and `until` has not passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub scope: Scope,
    /// The number of its latest grant.
    pub granted: u64,
    /// The number of its revocation; none while it is given.
    pub revoked: Option<u64>,
    pub until: Option<DateTime<Utc>>,
}

impl Subscription {
    pub fn is_active(&self, now: DateTime<Utc>) -> bool {
        self.revoked.is_none() && self.until.is_none_or(|until| now < until)
    }
}

/// Strong assurance of one device at one school.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assurance {
    pub granted: u64,
    pub until: DateTime<Utc>,
    pub lapsed: Option<u64>,
}

impl Assurance {
    pub fn is_strong(&self, now: DateTime<Utc>) -> bool {
        self.lapsed.is_none() && now < self.until
    }
}

/// An enrolled phone. Not a school's: its person may have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub id: DeviceId,
    pub person: PersonId,
    pub name: String,
    /// SHA-256 of the token; the token itself is nowhere.
    pub token_hash: [u8; 32],
    pub enrolled_at: DateTime<Utc>,
    pub last_seen: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A one-time activation code: a public selector, and the keyed hash of its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationCode {
    pub selector: String,
    pub secret_hash: [u8; 32],
    pub person: PersonId,
    pub made_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub tries: u32,
    pub used_at: Option<DateTime<Utc>>,
}

/// A line of the append-only log: the audit trail and the idempotency table in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCommand {
    pub id: CommandId,
    /// None: the clock or the operator.
    pub author: Option<PersonId>,
    pub device: Option<DeviceId>,
    /// SHA-256 of the payload as it was sent.
    pub payload_hash: [u8; 32],
    /// [`skolebro_core::protocol::Outcome`] as JSON.
    pub outcome: Box<str>,
    /// The school's head when it was settled.
    pub seq: u64,
    pub at: DateTime<Utc>,
    /// Erased when what it wrote is erased, or would be; the rest of the line stays. None from the first for what could
    /// not be read.
    pub payload: Option<Box<str>>,
}

/// The small fact under which the engine keeps what time it last was, as JSON. A restore from backup notes in it that it is
/// a copy of some time ago (`restored`), so that the pause since then needs no explanation.
pub(crate) const BELIEVED_TIME: &str = "clock";

/// Whose payloads are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payloads {
    All,
    /// Of commands that were rejected.
    Rejected,
    /// Of these commands, each where it has that field.
    Saying(Vec<(&'static str, &'static str)>),
}

/// How the outcome of a rejected command begins.
const REJECTED: &str = "{\"rejected\"";

#[derive(Clone, Debug, PartialEq)]
pub struct StoredEntry {
    pub entry: RosterEntry,
    pub origin: Origin,
}

/// What one row of an organiser's source system said when it was last imported. The import's own memory: the store does
/// not read it, and no rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    pub organiser: String,
    /// As the bundle names it, for example `enrollments.csv`.
    pub file: String,
    /// The row's `sourcedId`.
    pub id: String,
    /// JSON.
    pub said: Box<str>,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store's file or server failed: {0}")]
    Backend(String),
    #[error("the store holds something that this version cannot read: {0}")]
    Unreadable(String),
    #[error("the data folder is in use by another server process")]
    InUse,
    /// The commit may or may not have happened: answer nobody, drop the caches, reopen.
    #[error("the commit's result is unknown: {0}")]
    Doubtful(String),
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// One consistent snapshot.
pub trait Reading {
    /// Changes with a restore from backup, for ever after.
    fn epoch(&self) -> Result<Uuid>;
    /// Those with a head row, in order of id.
    fn schools(&self) -> Result<Vec<SchoolId>>;
    /// Zeros for a school that is not there.
    fn head(&self, school: SchoolId) -> Result<Head>;

    fn row(&self, school: SchoolId, scope: &Scope, id: RecordId) -> Result<Option<StoredRow>>;
    /// Rows of all scopes with `after < seq <= upto` in order of sequence, until `each` says false. For wide sessions.
    fn rows_by_sequence(
        &self,
        school: SchoolId,
        after: u64,
        upto: u64,
        each: &mut dyn FnMut(StoredRow) -> bool,
    ) -> Result<()>;
    /// At most `limit` rows of one scope with `after < seq <= upto`, in order; gone rows only if asked for.
    fn rows_by_scope(
        &self,
        school: SchoolId,
        scope: &Scope,
        after: u64,
        upto: u64,
        with_gone: bool,
        limit: usize,
    ) -> Result<Vec<StoredRow>>;
    /// A pupil's rows of a kind from a day to a day, both inclusive, in order of day and id; gone ones left out.
    fn rows_of_pupil(
        &self,
        school: SchoolId,
        kind: RecordKind,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<StoredRow>>;
    /// A day's rows of a kind, in order of id; gone ones left out.
    fn rows_of_day(&self, school: SchoolId, kind: RecordKind, day: NaiveDate) -> Result<Vec<StoredRow>>;
    /// At most `limit` rows of a kind on days before `before` and behind `after`, in order of day, id and scope; gone ones
    /// left out. For retention.
    fn rows_before(
        &self,
        school: SchoolId,
        kind: RecordKind,
        before: NaiveDate,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<StoredRow>>;

    /// Every subscription the person has or had, in order of scope.
    fn subscriptions(&self, school: SchoolId, person: PersonId) -> Result<Vec<Subscription>>;
    /// Given subscriptions whose `until` has passed.
    fn lapsed_subscriptions(&self, school: SchoolId, now: DateTime<Utc>) -> Result<Vec<(PersonId, Subscription)>>;
    /// Everybody who has or had any subscription at the school, in order of id.
    fn subscribers(&self, school: SchoolId) -> Result<Vec<PersonId>>;
    fn assurance(&self, school: SchoolId, device: DeviceId) -> Result<Option<Assurance>>;
    /// Not yet lapsed by number, but past their `until`.
    fn lapsed_assurances(&self, school: SchoolId, now: DateTime<Utc>) -> Result<Vec<(DeviceId, Assurance)>>;

    fn command(&self, school: SchoolId, id: CommandId) -> Result<Option<LoggedCommand>>;
    /// At most `limit` commands settled before `before` that still have such a payload, behind `after`, in order of id.
    /// Passes over the school's whole log: an index would cost each command a page.
    fn payloads_before(
        &self,
        school: SchoolId,
        before: DateTime<Utc>,
        which: &Payloads,
        after: Option<CommandId>,
        limit: usize,
    ) -> Result<Vec<CommandId>>;

    fn roster(&self, school: SchoolId, each: &mut dyn FnMut(StoredEntry)) -> Result<()>;
    fn roster_entry(&self, school: SchoolId, key: &RosterKey) -> Result<Option<StoredEntry>>;
    /// Everything that an organiser's source system said, in order of file and id.
    fn source_rows(&self, organiser: &str, each: &mut dyn FnMut(SourceRow)) -> Result<()>;
    /// The schools whose roster knows the person, as adult or pupil.
    fn schools_of(&self, person: PersonId) -> Result<Vec<SchoolId>>;

    fn device(&self, device: DeviceId) -> Result<Option<Device>>;
    fn device_by_token(&self, token_hash: &[u8; 32]) -> Result<Option<Device>>;
    fn devices_of(&self, person: PersonId) -> Result<Vec<Device>>;
    fn code(&self, selector: &str) -> Result<Option<ActivationCode>>;
    fn codes_of(&self, person: PersonId) -> Result<Vec<ActivationCode>>;
    /// Those that nobody has used and whose time is not over.
    fn living_codes(&self, now: DateTime<Utc>) -> Result<Vec<ActivationCode>>;
    /// Small facts of the whole server by name (the last tick, import progress).
    fn meta(&self, key: &str) -> Result<Option<String>>;
}

/// One transaction; what was written is read back by the same transaction.
pub trait Writing: Reading {
    /// The next number of the school's sequence; makes the school's head row where there is none.
    fn take_number(&mut self, school: SchoolId) -> Result<u64>;
    /// Makes the head row as well where there is none.
    fn bump_access_version(&mut self, school: SchoolId) -> Result<u64>;
    /// Forgets *gone* rows at or below `floor`, oldest first and at most `limit` of them. The head's floor rises to
    /// `floor` when none is left there, and otherwise to the last that was forgotten: at no moment is a phone kept that
    /// has not heard of one. Call again while the head's floor is below. Never above the head, and never down.
    fn raise_floor(&mut self, school: SchoolId, floor: u64, limit: usize) -> Result<()>;

    /// Replaces what the scope has of the id. Two rows of a school with one number are an error: each takes its own.
    fn put_row(&mut self, school: SchoolId, row: &StoredRow) -> Result<()>;
    fn put_subscription(&mut self, school: SchoolId, person: PersonId, subscription: &Subscription) -> Result<()>;
    fn put_assurance(&mut self, school: SchoolId, device: DeviceId, assurance: &Assurance) -> Result<()>;

    /// An error if the id is there: the log is only added to, and who writes has looked first.
    fn log_command(&mut self, school: SchoolId, command: &LoggedCommand) -> Result<()>;
    /// Nothing happens where there is no such command.
    fn erase_payload(&mut self, school: SchoolId, command: CommandId) -> Result<()>;

    fn put_roster(&mut self, school: SchoolId, entry: &StoredEntry) -> Result<()>;
    fn remove_roster(&mut self, school: SchoolId, key: &RosterKey) -> Result<()>;

    /// Replaces what the row said before.
    fn put_source_row(&mut self, row: &SourceRow) -> Result<()>;
    /// Nothing happens where there is no such row.
    fn remove_source_row(&mut self, organiser: &str, file: &str, id: &str) -> Result<()>;

    fn put_device(&mut self, device: &Device) -> Result<()>;
    fn put_code(&mut self, code: &ActivationCode) -> Result<()>;
    fn put_meta(&mut self, key: &str, value: &str) -> Result<()>;
    fn put_epoch(&mut self, epoch: Uuid) -> Result<()>;

    /// One command's writes within the transaction: undone alone if `rollback_to_savepoint` follows. Both ways of ending
    /// a savepoint close it; one within another is ended first. What is still open at the end is committed with the rest.
    /// (PostgreSQL: after a failed statement, only `rollback_to_savepoint` or an error from the closure goes on.)
    fn savepoint(&mut self) -> Result<()>;
    fn release_savepoint(&mut self) -> Result<()>;
    fn rollback_to_savepoint(&mut self) -> Result<()>;
}

/// Closures may be run again where a backend asks for a retry (PostgreSQL, after a serialization failure or a deadlock),
/// so they must not have effects of their own. Nor may they call the store again: with one connection that waits for
/// ever. Times are kept to the microsecond.
pub trait Store: Send + Sync + 'static {
    fn read(&self, work: &mut dyn FnMut(&dyn Reading) -> Result<()>) -> Result<()>;
    /// Durable when it returns Ok; nothing happened when it returns an error, but for [`StoreError::Doubtful`].
    fn write(&self, work: &mut dyn FnMut(&mut dyn Writing) -> Result<()>) -> Result<()>;
    /// A quick look whether what the store lies in is there and whole; it reads hardly anything of it.
    ///
    /// # Errors
    /// What is wrong with it.
    fn look(&self) -> Result<()> {
        Ok(())
    }
    /// A consistent copy while running, into a folder that is empty or not there. What has been erased is not in it.
    fn backup(&self, to: &Path) -> Result<()>;
    /// Takes off the disk what has been erased: afterwards no file of the store holds any of it. Writes wait meanwhile,
    /// about as long as it takes to write the store anew; it needs as much room again.
    fn scrub(&self) -> Result<()>;
}

/// Reads a value.
///
/// # Errors
/// The store's, or the closure's.
pub fn read<T>(store: &dyn Store, mut work: impl FnMut(&dyn Reading) -> Result<T>) -> Result<T> {
    let mut value = None;
    store.read(&mut |reading| {
        value = Some(work(reading)?);
        Ok(())
    })?;
    value.ok_or_else(|| StoreError::Backend("a read ended without running".to_owned()))
}

/// Writes and gives a value back.
///
/// # Errors
/// The store's, or the closure's; then nothing was written.
pub fn write<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn Writing) -> Result<T>) -> Result<T> {
    let mut value = None;
    store.write(&mut |writing| {
        value = Some(work(writing)?);
        Ok(())
    })?;
    value.ok_or_else(|| StoreError::Backend("a write ended without running".to_owned()))
}
