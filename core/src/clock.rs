//! Time as it is told to everything that is not `domain`: the real one, or a test's.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

pub trait Clock: Send + Sync + std::fmt::Debug {
    fn now(&self) -> DateTime<Utc>;
    /// Since some fixed moment, never backwards: what a wrong wall clock cannot disturb.
    fn elapsed(&self) -> TimeDelta;
    /// Whether somebody moves it on purpose: then whatever it shows is meant, and nobody doubts it.
    fn is_moved_on_purpose(&self) -> bool {
        false
    }
}

#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
    fn elapsed(&self) -> TimeDelta {
        TimeDelta::from_std(self.0.elapsed()).unwrap_or(TimeDelta::MAX)
    }
}

/// Stands still until it is moved. For tests and the demonstration's morning.
#[derive(Debug)]
pub struct TestClock {
    start_micros: i64,
    now_micros: AtomicI64,
}

impl TestClock {
    pub fn at(now: DateTime<Utc>) -> Self {
        let micros = now.timestamp_micros();
        Self { start_micros: micros, now_micros: AtomicI64::new(micros) }
    }
    pub fn advance(&self, by: TimeDelta) {
        self.now_micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
    }
    /// Forwards only: an earlier instant is ignored.
    pub fn advance_to(&self, to: DateTime<Utc>) {
        self.now_micros.fetch_max(to.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.now_micros.load(Ordering::SeqCst)).unwrap_or_default()
    }
    fn elapsed(&self) -> TimeDelta {
        TimeDelta::microseconds(self.now_micros.load(Ordering::SeqCst) - self.start_micros)
    }
    fn is_moved_on_purpose(&self) -> bool {
        true
    }
}

/// The real one, moved: begins at another instant and goes on from there. For a server that is tried out on another day.
#[derive(Debug)]
pub struct MovedClock {
    start: DateTime<Utc>,
    since: Instant,
}

impl MovedClock {
    pub fn from(start: DateTime<Utc>) -> Self {
        Self { start, since: Instant::now() }
    }
}

impl Clock for MovedClock {
    fn now(&self) -> DateTime<Utc> {
        self.start + self.elapsed()
    }
    fn elapsed(&self) -> TimeDelta {
        TimeDelta::from_std(self.since.elapsed()).unwrap_or(TimeDelta::zero())
    }
    fn is_moved_on_purpose(&self) -> bool {
        true
    }
}
