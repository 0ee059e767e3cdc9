//! Wrong tries of a code's selector from an address, whether there is such a code or not: whoever guesses learns nothing
//! from the count.
//!
//! Some in a row, then one comes back at a time, to that address: somebody else's guesses neither hold a letter up at home
//! nor kill it. In memory only; how often a code may be tried in its whole life is kept with the code.

use super::{bounded::Bounded, limits::Limits};
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use std::net::IpAddr;

/// An address and a selector. None: where addresses are not told apart.
type Tried = (Option<IpAddr>, String);

#[derive(Debug)]
pub(super) struct Tries {
    /// When each address has all its tries of a selector again.
    full_at: Mutex<Bounded<Tried, DateTime<Utc>>>,
}

impl Tries {
    pub fn new(limits: &Limits) -> Self {
        Self { full_at: Mutex::new(Bounded::new(limits.tried_selectors)) }
    }

    /// Whether it may be tried now.
    pub fn has_one(&self, address: Option<IpAddr>, selector: &str, limits: &Limits, now: DateTime<Utc>) -> bool {
        let full_at = self.full_at.lock().get(&(address, selector.to_owned()));
        let in_a_row = i32::try_from(limits.code_tries).unwrap_or(i32::MAX);
        full_at.is_none_or(|full_at| full_at + limits.code_try_back - now <= limits.code_try_back * in_a_row)
    }

    pub fn was_wrong(&self, address: Option<IpAddr>, selector: &str, limits: &Limits, now: DateTime<Utc>) {
        let mut selectors = self.full_at.lock();
        let selector = (address, selector.to_owned());
        let full_at = selectors.get(&selector).map_or(now, |full_at| full_at.max(now));
        selectors.insert(selector, full_at + limits.code_try_back, 1);
    }
}
