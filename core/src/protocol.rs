//! What travels between phone and server. JSON over HTTP; docs/protocol.md tells the whole exchange.
//!
//! Unknown fields are skipped, and rows of unknown kinds or scopes are kept as text, so that an older phone lives with a
//! newer server.

use crate::domain::{
    access::NoCode,
    ids::{CommandId, DeviceId, PersonId, RecordId, SchoolId},
    people::Language,
    rejection::Rejection,
};
use crate::reading::{known, known_or_none};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// The version that this code speaks. It rises with every new kind of command, and with every new value in one: an older
/// server then leaves what it cannot read in the phone's queue instead of rejecting it for ever.
pub const PROTOCOL: u16 = 2;
/// The oldest that the server still answers.
pub const OLDEST_PROTOCOL: u16 = 1;

/// `POST /v1/sync`: the queue's next commands up, one page of what is new down.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SyncRequest {
    pub protocol: u16,
    pub school: SchoolId,
    /// As the last answer said; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Uuid>,
    /// 0 before the first complete pull.
    #[serde(default)]
    pub cursor: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuation: Option<Continuation>,
    /// [`crate::domain::command::Command`]s, decoded one by one, so that one that cannot be read spoils no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<Box<RawValue>>,
    /// Most rows wanted; the server's own limit holds besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl Default for SchoolId {
    fn default() -> Self {
        SchoolId(Uuid::nil())
    }
}

/// Where the next page goes on: `(c, S, scope, after)` of design.md; `c` is the request's cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continuation {
    /// The head at the first page: rows after it wait for the next pull.
    pub head: u64,
    /// None: among the scopes held before `c`, by sequence. Some: back-filling this newly granted one.
    /// Text, not [`Scope`](crate::domain::scope::Scope): the phone hands back what a newer server may have written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The sequence of the last row sent in that phase.
    pub after: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct SyncResponse {
    pub protocol: u16,
    pub server_time: DateTime<Utc>,
    pub epoch: Uuid,
    /// The schools that this person has anything to do with: one pull each.
    pub schools: Vec<SchoolId>,
    /// For each command that was sent and could be told apart by its id.
    pub outcomes: Vec<CommandOutcome>,
    pub pull: Pull,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandOutcome {
    pub id: CommandId,
    /// One that this version does not know settles nothing: the command stays queued.
    #[serde(deserialize_with = "outcome")]
    pub outcome: Outcome,
}

fn outcome<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Outcome, D::Error> {
    Ok(known(deserializer)?.unwrap_or(Outcome::NotNow(NotNow::Other)))
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is so. What it changed has numbers up to `seq`.
    Accepted { seq: u64 },
    /// Final; a resend has a new id.
    Rejected(Rejection),
    /// Stays queued on the phone, and is not stored.
    NotNow(NotNow),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotNow {
    /// The app is too old for this server, and keeps its queue.
    TooOld,
    Fault,
    /// The command that it depends on is not settled.
    WaitingForAnother,
    /// More commands than one request may carry.
    TooManyAtOnce,
    /// The person has had written today what one may in a day.
    TooMuchToday,
    /// It would be refused by the server's clock, which shows a time that may be wrong.
    ClockDoubted,
    /// A reason of a newer server; also a command of a newer app, which this server cannot read yet.
    #[serde(other)]
    Other,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pull {
    Page(Page),
    /// The mirror starts over; the outbox stays, and commands accepted in the last 30 days are sent again.
    ResetRequired,
}

/// Resets and revocations stand on the first page only, and apply before the rows.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Page {
    /// The new cursor where `more` is none; else the one asked with.
    pub cursor: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<Continuation>,
    /// On a last page: the school's head has moved on since the first one. Pull again at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub behind: bool,
    /// Granted after the cursor: the phone drops what it had of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reset: Vec<Granted>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
}

/// A scope that this session reads from now on, and the instant it ends by itself, also with no network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// Text, as in [`Row`]: one scope of a newer server must not make a whole page unreadable to an older phone.
    pub scope: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

/// A record at its newest state, or, without a body, gone from this scope.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Text, not [`Scope`](crate::domain::scope::Scope): a newer server's scopes are kept and skipped.
    pub scope: String,
    pub id: RecordId,
    pub seq: u64,
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pupil: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Box<RawValue>>,
}

/// The `data` of an event of `GET /v1/events`: something changed; pull. It says nothing of what. Comment lines come
/// between, so that a phone that listens can tell a quiet server from a dead connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poke {
    /// Milliseconds to wait before the pull, chosen by the server so that not all phones come at once.
    #[serde(default)]
    pub wait_ms: u64,
}

/// `POST /v1/enrol`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrolRequest {
    pub protocol: u16,
    /// Selector and secret, as the letter prints them; case, spaces and hyphens do not matter.
    pub code: String,
    /// How the person will know this phone in the list of devices.
    pub device_name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrolResponse {
    /// Shown once; the server keeps its hash.
    pub token: String,
    pub device: DeviceId,
    pub person: PersonId,
    #[serde(default, deserialize_with = "known_or_none")]
    pub language: Option<Language>,
    pub schools: Vec<SchoolId>,
    pub epoch: Uuid,
    pub server_time: DateTime<Utc>,
}

/// `GET /v1/devices`: the person's own phones. `DELETE /v1/devices/{device}` revokes one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeviceList {
    pub devices: Vec<DeviceEntry>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DeviceEntry {
    pub device: DeviceId,
    pub name: String,
    pub enrolled_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
    /// The phone that asks.
    pub this: bool,
}

/// `POST /v1/codes`: a code for somebody's next phone, made by staff of that school. Asked online only, and never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRequest {
    pub school: SchoolId,
    pub person: PersonId,
}

/// What becomes of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum CodeAnswer {
    /// Told once; the person's earlier unused codes are void.
    Made {
        code: String,
        until: DateTime<Utc>,
    },
    Refused {
        why: NoCode,
    },
}

impl std::fmt::Debug for CodeAnswer {
    /// Without the code: it opens a door.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CodeAnswer::Made { code: _, until } => f.debug_struct("Made").field("until", until).finish_non_exhaustive(),
            CodeAnswer::Refused { why } => f.debug_struct("Refused").field("why", why).finish(),
        }
    }
}

/// Every refusal of a whole request. The status says the class, `code` what happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Problem {
    pub code: ProblemCode,
    /// In English, for the one who reads logs; a person reads the catalogue's text for `code`.
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ProblemCode {
    /// 401: no token, or one that the server does not know.
    TokenUnknown,
    /// 401: the phone wipes its mirror and seals its outbox.
    DeviceRevoked,
    /// 403: no such code, or its secret is wrong.
    CodeWrong,
    /// 403: right, but too old. The office makes a new one.
    CodeExpired,
    /// 403: right, but used already.
    CodeUsed,
    /// 429, with Retry-After: a few tries in a row of each code, a pace of enrolling for each address, and of requests for
    /// each device.
    TooManyTries,
    /// 400.
    Malformed,
    /// 404: no such thing, or not this person's.
    NotFound,
    /// 413.
    TooLarge,
    /// 426: the app is too old; it keeps its queue.
    TooOld,
    /// 503, with Retry-After.
    Unavailable,
    /// A code of a newer server.
    #[serde(other)]
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::CommandKind;

    #[test]
    fn the_protocol_rises_with_every_new_kind_of_command() {
        // Both numbers change together, or a newer app loses words at an older server.
        assert_eq!((PROTOCOL, CommandKind::ALL.len()), (2, 27));
    }
}
