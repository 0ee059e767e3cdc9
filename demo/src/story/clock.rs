//! The story's clock: it stands still until the morning moves it, and runs by real time once the morning is over, so that
//! whoever tries the commands afterwards lives in the same day.

use chrono::{DateTime, TimeDelta, Utc};
use skolebro_core::clock::Clock;
use std::{
    sync::{
        OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

#[derive(Debug)]
pub struct StoryClock {
    start: DateTime<Utc>,
    /// Microseconds since the start.
    moved: AtomicI64,
    running: OnceLock<Instant>,
}

impl StoryClock {
    pub fn at(start: DateTime<Utc>) -> Self {
        Self { start, moved: AtomicI64::new(0), running: OnceLock::new() }
    }

    /// Forwards only: an earlier instant is ignored.
    pub fn advance_to(&self, to: DateTime<Utc>) {
        let moved = (to - self.start).num_microseconds().unwrap_or(0);
        self.moved.fetch_max(moved, Ordering::SeqCst);
    }

    /// From here on it goes by itself.
    pub fn run(&self) {
        self.running.get_or_init(Instant::now);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> DateTime<Utc> {
        self.start + self.elapsed()
    }

    fn elapsed(&self) -> TimeDelta {
        let ran = self.running.get().and_then(|since| TimeDelta::from_std(since.elapsed()).ok());
        TimeDelta::microseconds(self.moved.load(Ordering::SeqCst)) + ran.unwrap_or_default()
    }

    fn is_moved_on_purpose(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_still_moves_forwards_only_and_then_runs() {
        let start = DateTime::UNIX_EPOCH;
        let clock = StoryClock::at(start);
        assert_eq!(clock.now(), start);
        clock.advance_to(start + TimeDelta::minutes(10));
        clock.advance_to(start + TimeDelta::minutes(5));
        assert_eq!((clock.now(), clock.elapsed()), (start + TimeDelta::minutes(10), TimeDelta::minutes(10)));
        clock.run();
        let before = clock.now();
        while clock.now() == before {
            std::thread::yield_now();
        }
        assert!(clock.now() > start + TimeDelta::minutes(10));
    }
}
