//! This phone's clock: the machine's, moved to where the server's stands.
//!
//! A terminal often talks to a demonstration whose clock says 06:50; a phone in that school would show the same. So every
//! answer sets this clock, and the difference is kept in the folder. Only differences that no honest clock has are
//! followed: a machine that is a minute wrong says its own time, as any phone does. A machine whose clock has been set since
//! the server was last heard is known by what it counts besides, where it does, and its new setting is not believed.

use crate::folder::{Folder, Heard, Uptime};
use chrono::{DateTime, TimeDelta, Utc};
use skolebro_core::clock::{Clock, SystemClock};
use std::sync::atomic::{AtomicI64, Ordering};

const HONEST: i64 = 5 * 60 * 1000;

#[derive(Debug)]
pub struct PhoneClock {
    system: SystemClock,
    offset_millis: AtomicI64,
    folder: Folder,
    /// `SKOLEBRO_TEST_NOW` or an offset was given: then nothing is followed.
    fixed: bool,
}

impl PhoneClock {
    /// `test_now`: what it is now; `test_offset`: seconds. Both are for tests.
    pub fn new(folder: Folder, test_now: Option<DateTime<Utc>>, test_offset: Option<i64>) -> Self {
        let given = test_now
            .map(|now| (now - Utc::now()).num_milliseconds())
            .or(test_offset.map(|seconds| seconds.saturating_mul(1000)));
        let offset_millis = AtomicI64::new(given.unwrap_or_else(|| offset(&folder.heard())));
        Self { system: SystemClock::default(), offset_millis, folder, fixed: given.is_some() }
    }

    /// The server has said what time it is.
    pub fn follow(&self, server: DateTime<Utc>) {
        if self.fixed {
            return;
        }
        let system = self.system.now();
        let offset = (server - system).num_milliseconds();
        // Back on honest time: no offset at all.
        let offset_millis = if offset.abs() < HONEST { 0 } else { offset };
        if (server - self.now()).num_milliseconds().abs() >= HONEST {
            self.offset_millis.store(offset_millis, Ordering::SeqCst);
        }
        let heard = Heard { offset_millis, at: Uptime::now(system.timestamp_millis()) };
        // Not kept, it is found again at the next answer.
        let _ = self.folder.keep_heard(heard);
    }
}

/// From what was heard to now: what the machine's clock has been set by since is taken back.
fn offset(heard: &Heard) -> i64 {
    let now = Uptime::now(Utc::now().timestamp_millis());
    let set = now.zip(heard.at.as_ref()).and_then(|(now, then)| now.set_since(then));
    let set = set.filter(|millis| millis.abs() >= HONEST).unwrap_or(0);
    heard.offset_millis - set
}

impl Clock for PhoneClock {
    fn now(&self) -> DateTime<Utc> {
        let offset = TimeDelta::milliseconds(self.offset_millis.load(Ordering::SeqCst));
        self.system.now().checked_add_signed(offset).unwrap_or_else(|| self.system.now())
    }
    fn elapsed(&self) -> TimeDelta {
        self.system.elapsed()
    }
}
