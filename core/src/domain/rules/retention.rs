//! How long each kind of record is kept.

use crate::domain::record::{Kept, RecordKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Calendar days by record kind name, counted from the end of the school year that the record's day is in. A kind that
/// is not named is kept until the organiser names it: nothing is erased by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Retention(pub BTreeMap<String, u32>);

impl Retention {
    pub fn days(&self, kind: RecordKind) -> Option<u32> {
        let named = |kind: RecordKind| self.0.get(kind.as_str()).copied();
        named(kind).or_else(|| match kind.kept() {
            Kept::As(other) => named(other),
            Kept::ByRuleSet | Kept::WithTheRoster => None,
        })
    }
}
