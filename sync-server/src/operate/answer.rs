//! What an operator gets back, as values: the same for the terminal, for `--json` and on the local socket.

use crate::{
    engine::{ClockState, Trust},
    roster::report::ImportReport,
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use skolebro_core::domain::{
    ids::{DeviceId, PersonId, SchoolId},
    people::{GuardianshipKind, Language, Role},
    scope::Scope,
};
use std::path::PathBuf;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    Imported(ImportReport),
    Confirmed(Confirmed),
    People(People),
    Codes(Letters),
    /// A block, an assignment or a revocation; false: it was so already.
    Changed {
        changed: bool,
    },
    Devices {
        devices: Vec<DeviceLine>,
        zone: Tz,
    },
    Found(FoundList),
    Readers(ReaderList),
    BackedUp {
        dir: PathBuf,
    },
    Ticked(Ticked),
    Clock(Clock),
    Rebuilt {
        schools: Vec<RebuiltSchool>,
    },
    Status(Status),
}

/// What the clock had to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ticked {
    /// Commands of the clock that were carried out.
    pub commands: usize,
    /// Rights whose end was given its number.
    pub lapsed: usize,
    /// Records past their retention.
    pub erased: usize,
    /// The earliest instant at which more is due.
    pub next: Option<DateTime<Utc>>,
    /// A school's, for the eyes of whoever reads the instants.
    pub zone: Tz,
    /// Waiting: nothing was done. Doubted: nothing that could not be taken back.
    #[serde(default)]
    pub clock: Trust,
}

/// What time it is, and how far the machine's clock is believed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Clock {
    /// What the server goes by.
    pub now: DateTime<Utc>,
    /// What the machine shows.
    pub machine: DateTime<Utc>,
    pub trust: Trust,
    /// Whether what is past its retention is erased now; not within a day of a long pause or a correction.
    pub erases: bool,
    /// A school's, for the eyes of whoever reads the instants.
    pub zone: Tz,
}

impl Clock {
    pub fn of(state: ClockState, zone: Tz) -> Self {
        let ClockState { now, machine, trust, may_destroy } = state;
        Self { now, machine, trust, erases: may_destroy, zone }
    }
}

/// What of a school was not as the roster says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RebuiltSchool {
    pub school: String,
    /// Cards written or closed.
    pub rows: usize,
    pub granted: usize,
    pub revoked: usize,
    /// Parts that could not be done; the log tells why.
    pub left: usize,
}

/// One adult and one pupil, by name: for the operator's eyes only.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AdultLine {
    pub person: PersonId,
    pub name: String,
    pub pupil: PersonId,
    pub pupil_name: String,
    /// Of the pupil, today.
    pub groups: Vec<String>,
    pub kind: GuardianshipKind,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Confirmed {
    pub dry_run: bool,
    /// Pending before; `kind` is what they are confirmed as.
    pub confirmed: Vec<AdultLine>,
    /// Left pending: nothing says what they are, and no kind was given.
    pub unclear: Vec<AdultLine>,
    /// Left pending: a block stands.
    pub blocked: Vec<AdultLine>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct People {
    pub school: String,
    pub pending: Vec<AdultLine>,
    pub unknown_birth_dates: Vec<PupilLine>,
    /// Within [`super::people::SOON`].
    pub ending: Vec<Ending>,
    pub blocked: Vec<AdultLine>,
    pub zone: Tz,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PupilLine {
    pub pupil: PersonId,
    pub name: String,
    pub groups: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ending {
    #[serde(flatten)]
    pub adult: AdultLine,
    /// The instant at which access ends by itself.
    pub at: DateTime<Utc>,
    /// The pupil's 18th birthday, rather than a date that somebody set.
    pub comes_of_age: bool,
}

/// Codes to hand out. The only answer that carries secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letters {
    pub school: String,
    /// Empty: not known.
    pub school_phone: String,
    pub school_language: Language,
    /// The group's name; empty where staff or one person were asked for.
    pub group: String,
    pub server: Option<String>,
    pub made: NaiveDate,
    /// The last day on which the codes are good all day, in the school's time zone.
    pub until: NaiveDate,
    pub letters: Vec<Letter>,
    pub left: Vec<(Recipient, WhyNot)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letter {
    pub to: Recipient,
    pub code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    pub person: PersonId,
    pub name: String,
    pub language: Option<Language>,
    /// The person's identity, or that of a child that the person is asked for.
    pub protected: bool,
    pub is_staff: bool,
    /// Names of the pupils of the group that the person has a relation to.
    pub pupils: Vec<String>,
}

/// Why somebody gets no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    Pending,
    Blocked,
    /// No relation that holds today, or no topic delegated.
    Nothing,
    /// The roster has an id and no name: nobody could hand the letter out.
    NoName,
    /// A letter is out whose code nobody has used yet.
    HasCode {
        made: NaiveDate,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeviceLine {
    pub device: DeviceId,
    pub name: String,
    pub enrolled_at: DateTime<Utc>,
    pub last_seen: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What a search fits: a page of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FoundList {
    pub found: Vec<Found>,
    /// On all pages.
    pub total: usize,
    /// From 1.
    pub page: u32,
    /// Lines of a page.
    pub limit: u32,
}

/// One that a name fits, at one school, and what tells it apart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Found {
    pub kind: FoundKind,
    pub id: Uuid,
    pub name: String,
    /// In words: *pupil in 4B*, *guardian of Liv Berg (4B)*, *teacher in 4B*.
    pub is: Vec<String>,
    pub school_id: SchoolId,
    pub school: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    School,
    Group,
    Person,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReaderList {
    pub scope: Scope,
    pub readers: Vec<Reader>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reader {
    pub person: PersonId,
    pub name: String,
    #[serde(rename = "as")]
    pub relation: ReaderIs,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderIs {
    Home(GuardianshipKind),
    Staff(Role),
    Itself,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Status {
    pub version: String,
    /// None: the command ran by itself, with no server.
    pub since: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
    pub clock: Clock,
    pub epoch: Uuid,
    pub schools: Vec<SchoolStatus>,
    pub zone: Tz,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SchoolStatus {
    pub school: SchoolId,
    pub name: String,
    pub head: u64,
    pub pupils: usize,
    pub groups: usize,
    pub adults: usize,
    pub pending: usize,
    /// Entries of its roster that this version cannot read.
    #[serde(default)]
    pub unread: usize,
}

/// How far a long order has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Progress {
    pub what: String,
    pub done: u64,
    /// 0: not known.
    pub total: u64,
}

/// Why an order was not carried out.
#[derive(Clone, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{what}")]
pub struct Trouble {
    pub exit: Exit,
    pub what: String,
    /// Whom or what a name could mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Found>,
}

/// The process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    Ok,
    /// Nothing was done.
    Refused,
    /// The words were wrong, or named nothing that is there.
    Usage,
    /// Done, and somebody must look.
    NeedsAttention,
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Refused => 1,
            Exit::Usage => 2,
            Exit::NeedsAttention => 3,
        }
    }
}

impl Trouble {
    pub fn refused(what: impl Into<String>) -> Self {
        Self { exit: Exit::Refused, what: what.into(), candidates: Vec::new() }
    }
    pub fn usage(what: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, what: what.into(), candidates: Vec::new() }
    }
}

impl From<crate::store::StoreError> for Trouble {
    fn from(error: crate::store::StoreError) -> Self {
        Trouble::refused(error.to_string())
    }
}
