//! The overlay: what the commands in the outbox would change, in memory only. A read sees it over the mirror.
//!
//! A command that `decide` refuses here changes nothing and stays what it was: the phone's refusal is advice, and only the
//! server's outcome is a rejection.

use super::scopes::Scopes;
use crate::domain::{
    ids::RecordId,
    record::{Record, RecordKind},
    scope::Scope,
    world::Changes,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

#[derive(Clone, Debug, Default)]
pub(super) struct Overlay {
    /// None: removed.
    changed: BTreeMap<(Scope, RecordId), Option<Arc<Record>>>,
}

impl Overlay {
    /// Takes over what a command changes, as far as this phone holds the scopes: what others will see of it is not ours
    /// to show.
    pub fn apply(&mut self, changes: &Changes, scopes: &Scopes) {
        for (scope, id) in &changes.remove {
            if scopes.find(scope).is_some() {
                self.changed.insert((*scope, *id), None);
            }
        }
        for record in &changes.put {
            if scopes.find(&record.scope).is_some() {
                self.changed.insert((record.scope, record.id), Some(Arc::new(record.clone())));
            }
        }
    }

    /// Outer none: the mirror's word stands. Inner none: removed.
    pub fn get(&self, scope: &Scope, id: RecordId) -> Option<Option<&Arc<Record>>> {
        self.changed.get(&(*scope, id)).map(Option::as_ref)
    }

    pub fn covers(&self, scope: &Scope, id: RecordId) -> bool {
        !self.changed.is_empty() && self.changed.contains_key(&(*scope, id))
    }

    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.changed.values().flatten().map(Arc::as_ref)
    }

    pub fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }

    /// Where two overlays say different things.
    pub fn difference(&self, other: &Self) -> (BTreeSet<Scope>, BTreeSet<RecordKind>) {
        let (mut scopes, mut kinds) = (BTreeSet::new(), BTreeSet::new());
        for (one, two) in [(self, other), (other, self)] {
            for (key, record) in &one.changed {
                if two.changed.get(key) != Some(record) {
                    scopes.insert(key.0);
                    kinds.extend(record.iter().map(|record| record.body.kind()));
                }
            }
        }
        (scopes, kinds)
    }
}
