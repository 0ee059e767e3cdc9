//! Waking the sync loop: a due time with a condition. A wake while nobody waits is kept.

use parking_lot::{Condvar, Mutex};
use std::time::Instant;

#[derive(Debug, Default)]
pub(super) struct Signal {
    due: Mutex<Option<Instant>>,
    condition: Condvar,
}

impl Signal {
    pub fn wake(&self) {
        self.wake_at(Instant::now());
    }

    /// A poke says how long to wait, so that not all phones come at once. The earliest wake counts.
    pub fn wake_at(&self, when: Instant) {
        let mut due = self.due.lock();
        *due = Some(due.map_or(when, |held| held.min(when)));
        self.condition.notify_all();
    }

    /// Waits for a wake, which counts from `earliest` on, at most until `latest`. `stop` is asked at every wake, due or not.
    pub fn wait(&self, earliest: Instant, latest: Instant, stop: impl Fn() -> bool) {
        let mut due = self.due.lock();
        loop {
            let until = due.map_or(latest, |due| due.max(earliest)).min(latest);
            // What is due stays so for whoever waits after it.
            if stop() {
                return;
            }
            if until <= Instant::now() {
                break;
            }
            let _ = self.condition.wait_until(&mut due, until);
        }
        *due = None;
    }

    /// Forgets wakes from before whoever waits began.
    pub fn clear(&self) {
        *self.due.lock() = None;
    }

    /// Lets whoever waits ask `stop` again.
    pub fn nudge(&self) {
        let _held = self.due.lock();
        self.condition.notify_all();
    }
}
