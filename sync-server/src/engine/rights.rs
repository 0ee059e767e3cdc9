//! What one session reads of one school: its person's subscriptions, folded with its device's assurance.
//!
//! A sensitive scope's grant is the later of the two, its end the earlier, and losing either is a revocation. Must never
//! call a scope readable past its `until`, whether or not a tick has come.

use crate::store::{Assurance, Reading, Result, Subscription};
use chrono::{DateTime, Utc};
use skolebro_core::domain::{
    ids::{DeviceId, PersonId, SchoolId},
    scope::Scope,
};

#[derive(Clone, Debug)]
pub(super) struct Right {
    pub scope: Scope,
    pub granted: u64,
    /// The number of its revocation, or of the assurance's lapse; 0: none.
    pub ended: u64,
    pub until: Option<DateTime<Utc>>,
    given: bool,
}

impl Right {
    pub fn is_readable(&self, now: DateTime<Utc>) -> bool {
        self.given && self.until.is_none_or(|until| now < until)
    }
}

#[derive(Debug, Default)]
pub(super) struct Rights {
    /// In order of scope.
    list: Vec<Right>,
    /// The newest number of any grant or revocation.
    newest: u64,
}

impl Rights {
    pub fn load(reading: &dyn Reading, school: SchoolId, person: PersonId, device: DeviceId) -> Result<Self> {
        let subscriptions = reading.subscriptions(school, person)?;
        let sensitive = subscriptions.iter().any(|held| held.scope.topic.is_sensitive());
        let assurance = if sensitive { reading.assurance(school, device)? } else { None };
        Ok(Self::fold(subscriptions, assurance))
    }

    pub fn fold(subscriptions: Vec<Subscription>, assurance: Option<Assurance>) -> Self {
        let mut list: Vec<Right> = subscriptions.into_iter().map(|held| fold_one(held, assurance)).collect();
        list.sort_unstable_by_key(|right| right.scope);
        let newest = list.iter().map(|right| right.granted.max(right.ended)).max().unwrap_or(0);
        Self { list, newest }
    }

    pub fn list(&self) -> &[Right] {
        &self.list
    }

    pub fn newest(&self) -> u64 {
        self.newest
    }

    pub fn get(&self, scope: &Scope) -> Option<&Right> {
        self.list.binary_search_by_key(scope, |right| right.scope).ok().map(|at| &self.list[at])
    }

    /// Readable now, and granted at or before `cursor`.
    pub fn is_held(&self, scope: &Scope, cursor: u64, now: DateTime<Utc>) -> bool {
        self.get(scope).is_some_and(|right| right.granted <= cursor && right.is_readable(now))
    }
}

fn fold_one(held: Subscription, assurance: Option<Assurance>) -> Right {
    let Subscription { scope, granted, revoked, until } = held;
    let mut right = Right { scope, granted, ended: revoked.unwrap_or(0), until, given: revoked.is_none() };
    if scope.topic.is_sensitive() {
        match assurance {
            None => right.given = false,
            Some(assurance) => {
                right.granted = granted.max(assurance.granted);
                right.ended = right.ended.max(assurance.lapsed.unwrap_or(0));
                right.until = Some(until.map_or(assurance.until, |until| until.min(assurance.until)));
                right.given &= assurance.lapsed.is_none();
            }
        }
    }
    right
}
