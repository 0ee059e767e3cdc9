//! Records: what is so. Typed documents that carry person ids; names come only through the directory.

use super::{
    attendance::{Attendance, AttendanceNote, CallListEntry, FollowUpSignal, RollClosed, RollTaken},
    calendar::SchoolCalendar,
    directory::{ColleagueCard, GuardianContact, PupilCard, RelationCard, RoleCard, StaffCard},
    ids::{PersonId, RecordId},
    notice::Notice,
    people::{Group, School},
    rules::RuleSet,
    scope::Scope,
};
use crate::reading::{Unread, from_json};
use chrono::NaiveDate;

/// One document in one scope. `pupil` and `day` are for look-up.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub id: RecordId,
    pub scope: Scope,
    pub pupil: Option<PersonId>,
    pub day: Option<NaiveDate>,
    pub body: Body,
}

/// How long a kind of record is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Made from the roster, it lasts as long as what it says.
    WithTheRoster,
    /// As many days after the school year as the rule set says of it.
    ByRuleSet,
    /// The same; a rule set that does not name it keeps it as long as that kind.
    As(RecordKind),
}

macro_rules! bodies {
    ($($(#[$doc:meta])* $variant:ident($type:ty) = $name:literal, kept $kept:ident $(($as:ident))?;)+) => {
        /// Every kind of record, and its document.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Body { $($(#[$doc])* $variant($type)),+ }

        /// The name of each kind, in the order of [`Body`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
        pub enum RecordKind { $($variant),+ }

        impl RecordKind {
            pub const ALL: &[RecordKind] = &[$(RecordKind::$variant),+];
            /// As it is on the wire and in the store.
            pub fn as_str(self) -> &'static str { match self { $(RecordKind::$variant => $name),+ } }
            pub fn parse(text: &str) -> Option<Self> { match text { $($name => Some(RecordKind::$variant),)+ _ => None } }
            /// Those that are erased when they are old enough.
            pub fn ageing() -> impl Iterator<Item = Self> { Self::ALL.iter().copied().filter(|kind| kind.ages()) }
            pub fn ages(self) -> bool { self.kept() != Kept::WithTheRoster }
            /// How long records of this kind are kept.
            pub fn kept(self) -> Kept { match self { $(RecordKind::$variant => Kept::$kept $((RecordKind::$as))?),+ } }
        }

        impl Body {
            pub fn kind(&self) -> RecordKind { match self { $(Body::$variant(_) => RecordKind::$variant),+ } }

            /// The document alone; the kind travels beside it.
            pub fn to_json(&self) -> Result<String, serde_json::Error> {
                match self { $(Body::$variant(document) => serde_json::to_string(document)),+ }
            }

            /// Fields of a newer server are skipped; missing ones are an error where they have no default.
            pub fn from_json(kind: RecordKind, json: &str) -> Result<Self, Unread> {
                match kind { $(RecordKind::$variant => from_json(json).map(Body::$variant)),+ }
            }
        }

        $(impl From<$type> for Body { fn from(document: $type) -> Self { Body::$variant(document) } })+

        $(impl TryFrom<Body> for $type {
            /// A body of another kind is given back as it was.
            type Error = Body;
            fn try_from(body: Body) -> Result<Self, Body> {
                match body { Body::$variant(document) => Ok(document), other => Err(other) }
            }
        })+
    };
}

// A row for each kind: its document, its name, and how long it is kept.
bodies! {
    School(School) = "school", kept WithTheRoster;
    RuleSet(RuleSet) = "rule_set", kept WithTheRoster;
    Calendar(SchoolCalendar) = "calendar", kept WithTheRoster;
    Group(Group) = "group", kept WithTheRoster;
    PupilCard(PupilCard) = "pupil_card", kept WithTheRoster;
    GuardianContact(GuardianContact) = "guardian_contact", kept WithTheRoster;
    StaffCard(StaffCard) = "staff_card", kept WithTheRoster;
    Colleague(ColleagueCard) = "colleague", kept WithTheRoster;
    Relation(RelationCard) = "relation", kept WithTheRoster;
    Role(RoleCard) = "role", kept WithTheRoster;
    Attendance(Attendance) = "attendance", kept ByRuleSet;
    AttendanceNote(AttendanceNote) = "attendance_note", kept ByRuleSet;
    RollTaken(RollTaken) = "roll_taken", kept ByRuleSet;
    RollClosed(RollClosed) = "roll_closed", kept As(RollTaken);
    Notice(Notice) = "notice", kept ByRuleSet;
    CallListEntry(CallListEntry) = "call_list_entry", kept ByRuleSet;
    FollowUpSignal(FollowUpSignal) = "follow_up_signal", kept ByRuleSet;
}

impl Body {
    /// Whether it asks something of staff that does not pass with the day: an explanation to judge, a pupil who is sought,
    /// a signal that nobody has dealt with. Where screens look for it, however old it is.
    pub fn asks_staff(&self) -> bool {
        match self {
            Body::Attendance(attendance) => attendance.asks_staff(),
            Body::FollowUpSignal(signal) => !signal.is_handled(),
            Body::School(_)
            | Body::RuleSet(_)
            | Body::Calendar(_)
            | Body::Group(_)
            | Body::PupilCard(_)
            | Body::GuardianContact(_)
            | Body::StaffCard(_)
            | Body::Colleague(_)
            | Body::Relation(_)
            | Body::Role(_)
            | Body::AttendanceNote(_)
            | Body::RollTaken(_)
            | Body::RollClosed(_)
            | Body::Notice(_)
            | Body::CallListEntry(_) => false,
        }
    }
}

/// The same of a document as it is stored. One that cannot be read asks nothing; almost all are told by a look at the text.
pub fn asks_staff(kind: &str, json: &str) -> bool {
    let may = match RecordKind::parse(kind) {
        Some(RecordKind::Attendance) => json.contains("\"explanations\"") || json.contains("\"answered\""),
        Some(RecordKind::FollowUpSignal) => true,
        Some(
            RecordKind::School
            | RecordKind::RuleSet
            | RecordKind::Calendar
            | RecordKind::Group
            | RecordKind::PupilCard
            | RecordKind::GuardianContact
            | RecordKind::StaffCard
            | RecordKind::Colleague
            | RecordKind::Relation
            | RecordKind::Role
            | RecordKind::AttendanceNote
            | RecordKind::RollTaken
            | RecordKind::RollClosed
            | RecordKind::Notice
            | RecordKind::CallListEntry,
        )
        | None => false,
    };
    let body = || RecordKind::parse(kind).and_then(|kind| Body::from_json(kind, json).ok());
    may && body().is_some_and(|body| body.asks_staff())
}
