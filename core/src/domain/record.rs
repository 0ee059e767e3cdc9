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
use chrono::{DateTime, NaiveDate, Utc};

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

macro_rules! asks {
    (nobody $document:ident) => {
        false
    };
    (staff $document:ident) => {
        $document.asks_staff()
    };
}

macro_rules! may_ask {
    (nobody $json:ident) => {
        false
    };
    // Any of these texts; without any: always.
    (staff $json:ident, $($hint:literal),*) => {
        [$($hint),*].iter().any(|hint| $json.contains(hint))
    };
    (staff $json:ident) => {
        true
    };
}

macro_rules! said_at {
    (day $document:ident) => {
        None
    };
    (time $document:ident) => {
        Some($document.at)
    };
}

macro_rules! bodies {
    ($($(#[$doc:meta])* $variant:ident($type:ty) = $name:literal, kept $kept:ident $(($as:ident))?, asks $asks:ident $(($($hint:literal),*))?, by $by:ident;)+) => {
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
            /// Whether a stored document of this kind is worth parsing for [`Body::asks_staff`]: by a look at its text.
            fn may_ask_staff(self, json: &str) -> bool {
                match self { $(RecordKind::$variant => may_ask!($asks json $(, $($hint),*)?)),+ }
            }
            fn is_listed_by_time(self) -> bool {
                match self { $(RecordKind::$variant => stringify!($by) == "time"),+ }
            }
            /// Those that are erased when they are old enough.
            pub fn ageing() -> impl Iterator<Item = Self> { Self::ALL.iter().copied().filter(|kind| kind.ages()) }
            pub fn ages(self) -> bool { self.kept() != Kept::WithTheRoster }
            /// How long records of this kind are kept.
            pub fn kept(self) -> Kept { match self { $(RecordKind::$variant => Kept::$kept $((RecordKind::$as))?),+ } }
        }

        impl Body {
            pub fn kind(&self) -> RecordKind { match self { $(Body::$variant(_) => RecordKind::$variant),+ } }

            /// Whether it asks something of staff that does not pass with the day: an explanation to judge, a pupil who is
            /// sought, a signal that nobody has dealt with. Where screens look for it, however old it is.
            pub fn asks_staff(&self) -> bool {
                match self { $(Body::$variant(_document) => asks!($asks _document)),+ }
            }

            /// When it was said, of a kind that is listed by that and not by the day that it is about.
            pub fn said_at(&self) -> Option<DateTime<Utc>> {
                match self { $(Body::$variant(_document) => said_at!($by _document)),+ }
            }

            /// The document alone; the kind travels beside it.
            pub fn to_json(&self) -> Result<String, serde_json::Error> {
                match self { $(Body::$variant(document) => serde_json::to_string(document)),+ }
            }

            /// Fields of a newer server are skipped; missing ones are an error where they have no default.
            pub fn from_json(kind: RecordKind, json: &str) -> Result<Self, Unread> {
                match kind { $(RecordKind::$variant => from_json(json).map(Body::$variant)),+ }
                    .or_else(|unread| Self::of_an_earlier_form(kind, json).ok_or(unread))
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

// A row for each kind: its document, its name, how long it is kept, whether it asks something of staff (with texts that one
// which does must have), and whether it is listed by the day that it is about or by the time at which it was said.
bodies! {
    School(School) = "school", kept WithTheRoster, asks nobody, by day;
    RuleSet(RuleSet) = "rule_set", kept WithTheRoster, asks nobody, by day;
    Calendar(SchoolCalendar) = "calendar", kept WithTheRoster, asks nobody, by day;
    Group(Group) = "group", kept WithTheRoster, asks nobody, by day;
    PupilCard(PupilCard) = "pupil_card", kept WithTheRoster, asks nobody, by day;
    GuardianContact(GuardianContact) = "guardian_contact", kept WithTheRoster, asks nobody, by day;
    StaffCard(StaffCard) = "staff_card", kept WithTheRoster, asks nobody, by day;
    Colleague(ColleagueCard) = "colleague", kept WithTheRoster, asks nobody, by day;
    Relation(RelationCard) = "relation", kept WithTheRoster, asks nobody, by day;
    Role(RoleCard) = "role", kept WithTheRoster, asks nobody, by day;
    Attendance(Attendance) = "attendance", kept ByRuleSet, asks staff("\"explanations\"", "\"answered\""), by day;
    AttendanceNote(AttendanceNote) = "attendance_note", kept ByRuleSet, asks nobody, by day;
    RollTaken(RollTaken) = "roll_taken", kept ByRuleSet, asks nobody, by day;
    RollClosed(RollClosed) = "roll_closed", kept As(RollTaken), asks nobody, by day;
    Notice(Notice) = "notice", kept ByRuleSet, asks nobody, by time;
    CallListEntry(CallListEntry) = "call_list_entry", kept ByRuleSet, asks nobody, by day;
    FollowUpSignal(FollowUpSignal) = "follow_up_signal", kept ByRuleSet, asks staff, by day;
}

impl Body {
    fn of_an_earlier_form(kind: RecordKind, json: &str) -> Option<Self> {
        let value = (kind == RecordKind::RuleSet).then(|| from_json(json).ok()).flatten()?;
        RuleSet::of_an_earlier_form(value).map(Body::RuleSet)
    }
}

/// What a stored document is found by, besides its pupil and day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FoundBy {
    pub asks_staff: bool,
    pub said_at: Option<DateTime<Utc>>,
}

impl FoundBy {
    /// One that cannot be read is found by nothing; almost all are told by a look at the text.
    pub fn of(kind: &str, json: &str) -> Self {
        let kind = RecordKind::parse(kind).filter(|kind| kind.is_listed_by_time() || kind.may_ask_staff(json));
        let body = kind.and_then(|kind| Body::from_json(kind, json).ok());
        body.map_or(Self::default(), |body| Self { asks_staff: body.asks_staff(), said_at: body.said_at() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_sets_that_are_older_than_a_kind_of_record_say_how_long_it_is_kept() {
        // What the rule sets of the first release name. A school that has one of those stored names no later kind.
        let first = ["attendance", "attendance_note", "roll_taken", "notice", "call_list_entry", "follow_up_signal"];
        for kind in RecordKind::ageing() {
            let decided = match kind.kept() {
                Kept::As(other) => first.contains(&other.as_str()),
                Kept::ByRuleSet => first.contains(&kind.as_str()),
                Kept::WithTheRoster => false,
            };
            assert!(decided, "{}: say in its row as which kind it is kept (`kept As(…)`)", kind.as_str());
        }
    }
}
