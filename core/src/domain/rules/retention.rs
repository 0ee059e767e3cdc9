//! How long each kind of record is kept.

use crate::domain::record::RecordKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Calendar days by record kind name, counted from the end of the school year that the record's day is in. A kind that
/// is not named is kept until the organiser names it: nothing is erased by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Retention(pub BTreeMap<String, u32>);

impl Retention {
    /// Whether records of `kind` grow old. What a school is made of, and the directory, last as long as what they say.
    pub fn applies_to(kind: RecordKind) -> bool {
        match kind {
            RecordKind::School
            | RecordKind::RuleSet
            | RecordKind::Calendar
            | RecordKind::Group
            | RecordKind::PupilCard
            | RecordKind::GuardianContact
            | RecordKind::StaffCard
            | RecordKind::Colleague
            | RecordKind::Relation
            | RecordKind::Role => false,
            RecordKind::Attendance
            | RecordKind::AttendanceNote
            | RecordKind::RollTaken
            | RecordKind::RollClosed
            | RecordKind::Notice
            | RecordKind::CallListEntry
            | RecordKind::FollowUpSignal => true,
        }
    }

    pub fn days(&self, kind: &str) -> Option<u32> {
        // What homes are told of a roll is kept as long as the roll, also by rule sets that are older than it.
        let as_the_roll =
            || self.0.get(RecordKind::RollTaken.as_str()).filter(|_| kind == RecordKind::RollClosed.as_str());
        self.0.get(kind).or_else(as_the_roll).copied()
    }
}
