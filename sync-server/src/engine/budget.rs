//! How much one person has had written in a day, so that no token fills the disk. What is over stays queued on the phone
//! and goes up the next day: nothing honest is lost, and an honest day is far below.
//!
//! In memory: a restart begins the day anew.

use super::bounded::Bounded;
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use skolebro_core::domain::ids::PersonId;

/// What a line of the log and its place in the index take besides its payload, in bytes, about.
pub(super) const LINE: u64 = 512;
/// What a new row and its places in four indices take besides its body.
pub(super) const ROW: u64 = 256;

const DAY: TimeDelta = TimeDelta::hours(24);

#[derive(Clone, Copy, Debug)]
struct Spent {
    since: DateTime<Utc>,
    bytes: u64,
}

#[derive(Debug)]
pub(super) struct Budgets(Mutex<Bounded<PersonId, Spent>>);

impl Budgets {
    pub fn new(persons: usize) -> Self {
        Self(Mutex::new(Bounded::new(persons)))
    }

    /// Bytes since the person's day began.
    pub fn spent(&self, person: PersonId, now: DateTime<Utc>) -> u64 {
        self.0.lock().get(&person).filter(|spent| spent.is_of(now)).map_or(0, |spent| spent.bytes)
    }

    pub fn spend(&self, person: PersonId, bytes: u64, now: DateTime<Utc>) {
        let mut persons = self.0.lock();
        let before = persons.get(&person).filter(|spent| spent.is_of(now));
        let spent = before.unwrap_or(Spent { since: now, bytes: 0 });
        persons.insert(person, Spent { bytes: spent.bytes.saturating_add(bytes), ..spent }, 1);
    }
}

impl Spent {
    /// A day that began later than now was begun by a clock that was wrong.
    fn is_of(self, now: DateTime<Utc>) -> bool {
        self.since <= now && now - self.since < DAY
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_day_is_counted_and_then_forgotten_whatever_the_clock_does() {
        let budgets = Budgets::new(10);
        let (amal, erik) = (PersonId::derive(&[&"Amal"]), PersonId::derive(&[&"Erik"]));
        let morning: DateTime<Utc> = "2026-11-23T05:50:00Z".parse().unwrap();
        budgets.spend(amal, 10, morning);
        budgets.spend(amal, 5, morning + TimeDelta::hours(23));
        assert_eq!(budgets.spent(amal, morning + TimeDelta::hours(23)), 15);
        assert_eq!(budgets.spent(erik, morning), 0);
        assert_eq!(budgets.spent(amal, morning + TimeDelta::hours(24)), 0);
        // A clock that was years ahead for a moment locks nobody out for years.
        budgets.spend(erik, 10, morning + TimeDelta::days(3_650));
        assert_eq!(budgets.spent(erik, morning), 0);
    }
}
