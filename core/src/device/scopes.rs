//! Which scopes of a school are held, and until when. One that has ended is hidden at once, with no network.

use super::store::reader::RawScope;
use crate::domain::scope::Scope;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

#[derive(Clone, Copy, Debug)]
pub(super) struct HeldScope {
    /// None: a scope of a newer server, kept and skipped.
    pub scope: Option<Scope>,
    pub visible: bool,
    /// Its rows are still on their way: what is not there may yet come.
    pub filling: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Scopes {
    by_number: HashMap<i64, HeldScope>,
    by_scope: HashMap<Scope, i64>,
    /// When the next of the visible ones ends.
    pub next_end: Option<DateTime<Utc>>,
    /// When the last of those ended that are hidden.
    last_end: Option<DateTime<Utc>>,
}

impl Scopes {
    pub fn new(held: &[RawScope], now: DateTime<Utc>) -> Self {
        let mut scopes = Self::default();
        for raw in held {
            let scope: Option<Scope> = raw.name.parse().ok();
            let visible = raw.until.is_none_or(|until| now < until);
            match raw.until {
                Some(until) if visible => scopes.next_end = Some(scopes.next_end.map_or(until, |next| next.min(until))),
                Some(until) => scopes.last_end = scopes.last_end.max(Some(until)),
                None => {}
            }
            if let Some(scope) = scope {
                scopes.by_scope.insert(scope, raw.number);
            }
            scopes.by_number.insert(raw.number, HeldScope { scope, visible, filling: raw.filling });
        }
        scopes
    }

    /// The scope of a row that may be shown; none: unknown to this version, or ended.
    pub fn visible(&self, number: i64) -> Option<Scope> {
        self.by_number.get(&number).filter(|held| held.visible)?.scope
    }

    /// None: not held, or ended.
    pub fn find(&self, scope: &Scope) -> Option<(i64, HeldScope)> {
        let number = *self.by_scope.get(scope)?;
        let held = *self.by_number.get(&number)?;
        held.visible.then_some((number, held))
    }

    pub fn all_visible(&self) -> impl Iterator<Item = Scope> + '_ {
        self.by_scope.iter().filter(|(_, number)| self.visible(**number).is_some()).map(|(scope, _)| *scope)
    }

    /// Whether others are visible than when these were read: one has ended since, or has not ended after all, where the
    /// server's time went back.
    pub fn are_others(&self, now: DateTime<Utc>) -> bool {
        self.next_end.is_some_and(|end| end <= now) || self.last_end.is_some_and(|end| now < end)
    }
}
