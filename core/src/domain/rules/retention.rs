//! How long each kind of record is kept.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Calendar days by record kind name, counted from the end of the school year that the record's day is in. A kind that
/// is not named is kept until the organiser names it: nothing is erased by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Retention(pub BTreeMap<String, u32>);

impl Retention {
    pub fn days(&self, kind: &str) -> Option<u32> {
        self.0.get(kind).copied()
    }
}
