//! Waking the sync loop: a flag with a condition. A wake while nobody waits is kept.

use parking_lot::{Condvar, Mutex};
use std::time::Instant;

#[derive(Debug, Default)]
pub(super) struct Signal {
    woken: Mutex<bool>,
    condition: Condvar,
}

impl Signal {
    pub fn wake(&self) {
        *self.woken.lock() = true;
        self.condition.notify_all();
    }

    /// Waits for a wake, at most until `until`. True: woken.
    pub fn wait_until(&self, until: Instant) -> bool {
        let mut woken = self.woken.lock();
        while !*woken {
            if self.condition.wait_until(&mut woken, until).timed_out() {
                break;
            }
        }
        std::mem::take(&mut *woken)
    }
}
